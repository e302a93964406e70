"""What a question asks of several things at once: the most of them, a bound, how much together."""

import re
from dataclasses import dataclass
from typing import Literal

from app.language.quantities import Quantity, quantities

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
