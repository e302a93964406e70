"""Long pastes: a letter, a log, a story. What in them asks is the question; the rest is beside it.

Of the rest only what the documents speak of is worth a search: the sentence nearest to one of
theirs, and one with a code that they have.
"""

import re
from collections.abc import Sequence

from app.language.turns import named
from ingest.index import Index
from ingest.terms import read_terms

LONGEST = 4000
"""Characters of what somebody says that are read."""

_LONG = 40  # words; nobody asks so much at once
_LOOKED_AT = 24  # sentences of a story
_NEAREST, _NEAR = 3, 0.35  # sentences; cosine
_BETWEEN_SENTENCES = re.compile(r"(?<=[.!?…])\s+|\n+")
_FEWEST = 3  # words; "Hi all," and "Thanks!" tell nothing


def within_limit(turn: str) -> tuple[str, str]:
    """Return as much of what somebody says as is read, and a sentence where that is not all.

    What asks is kept from anywhere; of the rest its beginning.
    """
    if len(turn) <= LONGEST:
        return turn, ""
    sentences = _sentences(turn)
    kept: set[int] = set()
    room = LONGEST
    for wanted in (True, False):
        for number, sentence in enumerate(sentences):
            if number not in kept and asks(sentence) >= wanted and len(sentence) < room:
                kept.add(number)
                room -= len(sentence) + 1
    read = "\n".join(sentences[number] for number in sorted(kept)) or turn[:LONGEST]
    said = (
        f"This has {len(turn):,} characters, and {LONGEST:,} are read: what asks in it, and its "
        "beginning. What is longer belongs among the documents."
    )
    return read, said


def question_and_story(turn: str, index: Index) -> tuple[str, str]:
    """Return what is asked in a turn, and what of the story around it the documents may speak of.

    A short turn is a question and no story; of a long one the sentences that ask are the question.
    """
    if len(turn.split()) <= _LONG:
        return turn, ""
    sentences = _sentences(turn)
    asking = [each for each in sentences if asks(each)]
    if not asking or len(asking) == len(sentences):
        return turn, ""
    story = [each for each in sentences if each not in asking and len(each.split()) >= _FEWEST]
    return " ".join(asking), " ".join(_known(story, index))


def asks(sentence: str) -> bool:
    """Say whether a sentence asks or wants something: by its mark, or by its first word."""
    first = re.search(r"\w+", sentence)
    return sentence.rstrip(" \"'”’)").endswith("?") or bool(
        first and first.group().lower() in named("asking")
    )


def _sentences(turn: str) -> list[str]:
    return [each.strip() for each in _BETWEEN_SENTENCES.split(turn) if each.strip()]


def _known(story: Sequence[str], index: Index) -> list[str]:
    """Return the sentences of a story that the documents speak of: a few at most, in order."""
    some = story[:_LOOKED_AT]
    near = [
        max(index.nearest(vector, 1).values(), default=0.0)
        for vector in (index.embedder.embed(some) if some else ())
    ]
    coded = [number for number, each in enumerate(some) if _has_known_code(each, index)][:1]
    nearest = sorted(range(len(some)), key=lambda number: -near[number])
    kept = {number for number in nearest[: 1 if coded else _NEAREST] if near[number] >= _NEAR}
    kept.update(coded)
    return [some[number] for number in sorted(kept)]


def _has_known_code(sentence: str, index: Index) -> bool:
    """Say whether a code stands in it ("E-31") that the documents have."""
    codes = (term for term in read_terms(sentence) if term.number and term.whole)
    return any(index.catalogue.passages_with(code.text) for code in codes)
