"""What a question needs each of its words for: how far it is from the same without that word."""

import re
from collections.abc import Sequence

import numpy as np

from app.quoting.asked import Asked
from app.quoting.units import Unit
from ingest.embedding import Embedder

_WORD = re.compile(r"[^\W_](?:[\w'’.+-]*[^\W_])?")
_WORDS_AT_MOST = 16  # the heaviest; of a longer question no more are left out in turn
_UNITS_AT_MOST = 12  # of a long table or list


def worst_needed(asked: Asked, shown: Sequence[Unit], embedder: Embedder) -> float:
    """Return how well the worst word is matched in what is shown, in [0, 1].

    A word that the question would hardly miss counts as matched: as far as its vector without the
    word is near to its own, beside the word that it would miss most.
    """
    words = _words(asked)
    if not words or not shown:
        return 0.0
    question = asked.question
    without = embedder.embed([f"{question[:start]} {question[end:]}" for start, end in words])
    missed = np.maximum(0, 1 - without @ embedder.embed_query(question).vector)
    needed = missed / (missed.max() or 1)
    shown = shown[:_UNITS_AT_MOST]
    matches = asked.matches(
        [unit.hit.passage.signs[unit.number] for unit in shown], [unit.said for unit in shown]
    )
    matched = np.array([matches[tokens].min(axis=0).max() for tokens in words.values()])
    return float((1 - needed * (1 - matched)).min())


def _words(asked: Asked) -> dict[tuple[int, int], list[int]]:
    """Return where the words are that a question asks with, and which tokens each of them has."""
    words: dict[tuple[int, int], list[int]] = {}
    for word in _WORD.finditer(asked.question):
        tokens = [
            number
            for number, (start, end) in enumerate(asked.embedded.places)
            if asked.asking[number] and start < word.end() and word.start() < end
        ]
        if tokens:
            words[word.span()] = tokens
    heaviest = sorted(words, key=lambda word: -max(asked.token_weights[words[word]]))
    return {word: words[word] for word in heaviest[:_WORDS_AT_MOST]}
