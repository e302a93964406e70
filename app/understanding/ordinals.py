"""Which of several things said is meant: "the second one", "number 3", "the last"."""

import re
from dataclasses import dataclass

from app.language.lexicon import in_order
from app.language.turns import named

LAST = -1

_PAIR = re.compile(r"(?:\bthe\s+)?\b(\w+)\s+(\w+)\b", re.IGNORECASE)


@dataclass(frozen=True)
class Counted:
    """`[start, end)` of a turn stands for one of several: its place, from 0, or `LAST`."""

    number: int
    start: int
    end: int


def number_in(turn: str) -> int | None:
    """Return which of several is meant, from 0, or `LAST`; None where no word says."""
    found = [word.strip(".,;:!?#()").lower() for word in turn.replace("#", " # ").split()]
    ordinals = in_order("ordinals")
    for before, word in zip(["", *found], found, strict=False):
        if word in ordinals[1:]:
            return ordinals.index(word) - 1
        digits = word.rstrip("stndrh")
        counted = before in named("number") or word != digits
        if digits.isdigit() and int(digits) > 0 and counted:
            return int(digits) - 1
        if word in in_order("ones") and before in named("number"):
            return in_order("ones").index(word) - 1
        if word in named("last"):
            return LAST
    return None


def counted_in(turn: str) -> Counted | None:
    """Return the ordinal of a turn that stands for a thing itself ("the second one"), or None."""
    for start in (found.start() for found in re.finditer(r"\b\w", turn)):
        found = _PAIR.match(turn, start)
        if found and found[2].lower() in named("counted"):
            number = number_in(found[1])
            if number is not None:
                return Counted(number, *found.span())
    return None
