"""Long pastes: a letter, a log, a story. What in them asks is the question; the rest is beside it.

Of the rest only what the documents speak of is worth a search: the sentence nearest to one of
theirs, and one with a code that they have. Lines alike but for their numbers, as a log has them,
are looked at once.
"""

import re
from collections.abc import Sequence
from itertools import zip_longest

from app.language.turns import named
from ingest.index import Index
from ingest.terms import read_terms

LONGEST = 4000
"""Characters of what somebody says that are read."""

_LONG = 40  # words; nobody asks so much at once
_LOOKED_AT = 24  # sentences of a story
_NEAREST, _NEAR = 3, 0.35  # sentences; cosine
_BETWEEN_SENTENCES = re.compile(r"(?<=[.!?…])\s+|\n+")
_DIGITS = re.compile(r"\d+")
_FEWEST = 3  # words; "Hi all," and "Thanks!" tell nothing


def within_limit(turn: str) -> tuple[str, str]:
    """Return as much of what somebody says as is read, and a sentence where that is not all.

    What asks is kept from anywhere; of the rest its beginning and its end, each kind of line first.
    """
    if len(turn) <= LONGEST:
        return turn, ""
    sentences = _sentences(turn)
    asking = [number for number, each in enumerate(sentences) if asks(each)]
    kept: set[int] = set()
    room = LONGEST
    for number in (*asking, *_from_both_ends(_kinds_of_line(sentences)), *range(len(sentences))):
        if number not in kept and len(sentences[number]) < room:
            kept.add(number)
            room -= len(sentences[number]) + 1
    read = "\n".join(sentences[number] for number in sorted(kept)) or turn[:LONGEST]
    said = (
        f"This has {len(turn):,} characters, and {LONGEST:,} are read: what asks in it, its "
        "beginning and its end. What is longer belongs among the documents."
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


def _kinds_of_line(lines: Sequence[str]) -> list[int]:
    """Return the numbers of the lines that are like none before but for numbers in it."""
    kinds: dict[str, int] = {}
    for number, line in enumerate(lines):
        kinds.setdefault(_DIGITS.sub("0", line), number)
    return list(kinds.values())


def _from_both_ends(numbers: Sequence[int]) -> list[int]:
    """Return the first, the last, the second, the last but one, and so on."""
    middle = (len(numbers) + 1) // 2
    pairs = zip_longest(numbers[:middle], reversed(numbers[middle:]))
    return [each for pair in pairs for each in pair if each is not None]


def _known(story: Sequence[str], index: Index) -> list[str]:
    """Return the sentences of a story that the documents speak of: a few at most, in order."""
    ends = _from_both_ends(_kinds_of_line(story))[:_LOOKED_AT]
    some = [story[number] for number in sorted(ends)]
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
