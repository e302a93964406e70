"""Which of several things said is meant: "the second one", "number 3", "the last"."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from app.language.lexicon import in_order, words
from app.language.turns import named

LAST = -1
_NOT_ANY = "no"  # "no one", but "no. one" and "no 1"

_PAIR = re.compile(r"\bthe\s+(\w+)\s+(\w+)(?![\w-])", re.IGNORECASE)


@dataclass(frozen=True)
class Counted:
    """`[start, end)` of a turn stands for one of several: its place, from 0, or `LAST`."""

    number: int
    start: int
    end: int


def number_in(turn: str) -> int | None:
    """Return which of several is meant, from 0, or `LAST`; None where no word says."""
    return next((number for _, number in _numbers(_read(turn))), None)


def of_a_series(question: str) -> bool:
    """Say whether a question names one of several by its number: "the third lens", "point 3".

    What is done first, or who is to be asked first, is none.
    """
    found = _read(question)
    for place, number in _numbers(found):
        after = next(iter(found[place + 1 : place + 2]), "")
        names = after and after not in words("function") and after not in named("verbs")
        if number != LAST and (names or _counts(found, place)):
            return True
    return False


def _read(turn: str) -> list[str]:
    found = (word.strip(",;:!?()").lower() for word in turn.replace("#", " number ").split())
    return ["number" if word == "no." else word.strip(".") for word in found]


def _numbers(found: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Yield the place of each word that says which of several, and which, from 0, or `LAST`."""
    ordinals, ones = in_order("ordinals"), in_order("ones")
    for place, word in enumerate(found):
        digits = word.rstrip("stndrh")
        if word in ordinals[1:]:
            yield place, ordinals.index(word) - 1
        elif digits.isdigit() and int(digits) > 0 and (word != digits or _counts(found, place)):
            yield place, int(digits) - 1
        elif word in ones[1:] and _counts(found, place) and found[place - 1] != _NOT_ANY:
            yield place, ones.index(word) - 1
        elif word in named("last"):
            yield place, LAST


def _counts(found: Sequence[str], place: int) -> bool:
    """Say whether the word before says that a number counts: "number 3", "point two"."""
    return place > 0 and found[place - 1] in named("number")


def counted_in(turn: str) -> Counted | None:
    """Return the ordinal of a turn that stands for a thing itself ("the second one"), or None."""
    for start in (found.start() for found in re.finditer(r"\b\w", turn)):
        found = _PAIR.match(turn, start)
        if found and found[2].lower() in named("counted"):
            number = number_in(found[1])
            if number is not None:
                return Counted(number, *found.span())
    return None
