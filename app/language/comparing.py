"""What a question asks of several things at once: the most of them, a bound, how much together."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import takewhile
from typing import Literal

from app.language.languages import is_small
from app.language.quantities import Quantity, quantities
from app.language.turns import named

Direction = Literal["most", "least"]

_MONEY = frozenset(("dollar", "euro", "sterling", "yen", "yuan", "rupee"))
# Words for an extreme, with what they measure; nothing: whatever the things have a number for.
_EXTREMES: dict[Direction, dict[str, frozenset[str]]] = {
    "most": {
        "most expensive|dearest|priciest|costliest": _MONEY,
        "longest|slowest": frozenset(("time", "length")),
        "furthest|farthest|tallest|deepest|widest": frozenset(("length",)),
        "heaviest": frozenset(("mass",)),
        "hottest|warmest": frozenset(("celsius", "fahrenheit")),
        "most|highest|largest|biggest|greatest|maximum|fullest": frozenset(),
    },
    "least": {
        "least expensive|cheapest": _MONEY,
        "shortest|quickest|fastest": frozenset(("time", "length")),
        "nearest|narrowest|shallowest": frozenset(("length",)),
        "lightest": frozenset(("mass",)),
        "coldest|coolest": frozenset(("celsius", "fahrenheit")),
        "least|fewest|lowest|smallest|minimum": frozenset(),
    },
}
_TOTAL = re.compile(r"\b(?:total|altogether|sum|combined|add up)\b", re.IGNORECASE)
_DIFFERENCE = re.compile(
    r"\b(?:how (?:much|many) (?:\w+ ){0,2}(?:more|less|fewer)\b|difference in\b"
    r"|how (?:much|many) (?:\w+ ){0,2}\w+er\b.*\bthan\b"
    r"|how (?:many|much) (?:days|weeks|time)\b.*\bbetween\b)",
    re.IGNORECASE,
)
_DAYS = re.compile(r"\bhow (?:many|much) (?:days|weeks|time)\b", re.IGNORECASE)
_MEASURED: dict[str, frozenset[str]] = {
    "costs?|prices?|pays?|paid|cheaper|expensive|dearer|rents?|fees?": _MONEY,
    "long|longer|shorter|quicker|faster|slower|hours?|minutes?|days?|weeks?|months?|years?": (
        frozenset(("time",))
    ),
    "taller|higher|deeper|wider|further|farther": frozenset(("length",)),
    "heavier|lighter|weighs?": frozenset(("mass",)),
}
_STRICT = re.compile(
    r"(?:(?<!\bno )(?<!\bnot )\b\w+ than|\b(?:over|above|under|below|exceed\w*))\W*$", re.IGNORECASE
)


@dataclass(frozen=True)
class Extreme:
    """The most or the least of something; `dimensions` are what it may be measured in, or none."""

    direction: Direction
    word: str
    dimensions: frozenset[str]


@dataclass(frozen=True)
class Bound:
    """Less or more than a quantity; `including` says that it may be just that."""

    quantity: Quantity
    including: bool

    def holds(self, quantity: Quantity) -> bool:
        """Say whether a quantity of the same dimension keeps to it."""
        if quantity.base == self.quantity.base:
            return self.including
        return (quantity.base < self.quantity.base) == (self.quantity.bound == "<")


@dataclass(frozen=True)
class Difference:
    """How much two things differ; `dimensions` are what they may be measured in, or none.

    `between` says that it may be the days between two.
    """

    dimensions: frozenset[str]
    between: bool


def difference(question: str) -> Difference | None:
    """Return the difference that a question asks for, if it asks for one in numbers."""
    if not _DIFFERENCE.search(question):
        return None
    measured = (
        dimensions
        for words, dimensions in _MEASURED.items()
        if re.search(rf"\b(?:{words})\b", question, re.IGNORECASE)
    )
    return Difference(next(measured, frozenset()), bool(_DAYS.search(question)))


def extreme(question: str) -> Extreme | None:
    """Return the extreme that a question asks for, if it asks for one."""
    for direction, words in _EXTREMES.items():
        for forms, dimensions in words.items():
            found = re.search(rf"\b(?:{forms})\b", question, re.IGNORECASE)
            if found:
                return Extreme(direction, found.group().lower(), dimensions)
    return None


def bound(question: str) -> Bound | None:
    """Return the bound that a question sets ("less than 10 hours"), the first of several."""
    for quantity in quantities(question):
        if quantity.bound in ("<", ">"):
            return Bound(quantity, not _STRICT.search(question[: quantity.start]))
    return None


def totals(question: str) -> bool:
    """Say whether a question asks how much several things come to."""
    return _TOTAL.search(question) is not None


_NAME = r"(?<![\w.'’*-])[\w.'’*-]{1,40}"
_SIDE = rf"(?:(?:the|an?|my|our)\s+)?({_NAME}(?:\s+{_NAME}){{0,3}}?)"
_END = r"(?=\s*(?:[,;:?!.]|$|\b(?:which|what|who|how|in|on|for|at|when|and)\b))"
_BETWEEN = re.compile(rf"\bbetween\s+{_SIDE}\s+(?:and|or|vs\.?)\s+{_SIDE}{_END}", re.IGNORECASE)
_COMPARED = re.compile(
    rf"\bcompar\w+\s+(?:of\s+)?{_SIDE}\s+(?:and|with|to|against|vs\.?)\s+{_SIDE}{_END}",
    re.IGNORECASE,
)
_BESIDE = re.compile(
    rf"{_SIDE}\s+(?:vs\.?|versus|compared (?:to|with)|or)\s+{_SIDE}{_END}", re.IGNORECASE
)
_MORE = re.compile(rf"({_NAME}(?:\s+{_NAME})?)\s*,\s*$")
_STOP = re.compile(r"[,;:.?!]\s")


def sides(question: str) -> tuple[str, ...]:
    """Return the things that a question sets side by side ("X vs Y", "X, Y or Z"), if it does."""
    if bounded := _BETWEEN.search(question) or _COMPARED.search(question):
        return _even(bounded[1].split(), bounded[2].split(), bounded=True)
    found = _BESIDE.search(question)
    if found is None:
        return ()
    left = _until_small(found[1].split()[::-1])[::-1]
    right = _until_small(found[2].split())
    if not left or not right:
        return ()
    before = _listed(question[: found.start()]) if " ".join(left) == found[1] else ""
    return (*((before,) if before else ()), *_even(left, right, bounded=False))


def _listed(before: str) -> str:
    """Return the thing that a list of sides begins with ("X" of "X, Y or Z"), or "".

    What ends a question ("which is cheaper, X or Y?") is none, unless it is written as a name.
    """
    found = _MORE.search(before)
    words = _until_small(found[1].split()[::-1])[::-1] if found else []
    clause = _STOP.split(before.rstrip(" ,"))[-1].lower().split()
    names = any(not word[0].islower() for word in words)
    return "" if named("questioning").intersection(clause) and not names else " ".join(words)


def _until_small(words: Sequence[str]) -> list[str]:
    """Return the words before the first small one: a side is what stands next to the other."""
    return list(takewhile(lambda word: len(word) == 1 or not is_small(word, word), words))


def _even(one: list[str], other: list[str], bounded: bool) -> tuple[str, str]:
    """Return two sides, what is longer cut to what is next to the other.

    "Windscreen of the Veltro 3 or Veltro 5": the windscreen is no part of a side. Cut is a left
    side that is not bounded by a word before it, and both where they share a word.
    """
    shared = not {word.lower() for word in one}.isdisjoint(word.lower() for word in other)
    if shared or not bounded:
        one = one[-len(other) :]
    if shared:
        other = other[: len(one)]
    return " ".join(one), " ".join(other)
