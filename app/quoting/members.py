"""Several things that say the same, each of its own: the number that is asked of each of them.

They are the rows of a table, the items of a list, or a sentence of several sections or documents.
Their numbers stand under a column, or after words, that the question names; or they measure what it
asks for.
"""

import re
from collections.abc import Sequence

from app.language import comparing
from app.language.quantities import Quantity, quantities
from app.quoting.affirming import saying_so
from app.quoting.asked import Asked
from app.quoting.groups import columns_of
from app.quoting.units import Unit
from ingest.blocks import table_cells
from ingest.terms import terms

_DIGITS = re.compile(r"\d[\d,]*(?:\.\d+)?")
_UNIT = re.compile(r"\(([^\s\d()]{1,8})\)\s*$")
_CLAUSE = re.compile(r"[.;,:!?](?=\s)")


def numbers(
    units: Sequence[Unit], asked: Asked, dimensions: frozenset[str] = frozenset()
) -> list[Quantity | None]:
    """Return the number that is asked of each unit; None where it has none.

    It is measured in one of the `dimensions`, if there are any.
    """
    read = [_labelled(unit) for unit in units]
    named = [_best(each, asked, dimensions) for each in read]
    if any(named) or not dimensions:
        return named
    measured = [[number for _, number in each if number.dimension in dimensions] for each in read]
    return [each[0] if each else None for each in measured]


def kept(units: Sequence[Unit], asked: Asked) -> list[Unit]:
    """Return the units whose number keeps to the bound that is asked for; all, where none is.

    Of rows those that say yes in the columns that the question names, or no where it denies them.
    """
    bound = comparing.bound(asked.question)
    if bound is None:
        return saying_so(units, asked)
    dimension = bound.quantity.dimension
    found = numbers(units, asked, frozenset((dimension,)) if dimension else frozenset())
    if sum(number is not None for number in found) < 2:
        return saying_so(units, asked)
    within = [
        unit for unit, number in zip(units, found, strict=True) if number and bound.holds(number)
    ]
    return saying_so(within, asked) or within


def extreme_first(units: Sequence[Unit], asked: Asked) -> list[Unit]:
    """Return the units, the one that has the most or the least first, if that is asked for."""
    found = extremes(units, asked)
    return [*found, *(each for each in units if each not in found)]


def extremes(units: Sequence[Unit], asked: Asked) -> list[Unit]:
    """Return those that have the most, or the least, of what is asked; none where none is asked."""
    extreme = comparing.extreme(asked.question)
    if extreme is None:
        return []
    found = numbers(units, asked, extreme.dimensions)
    valued = [(unit, number) for unit, number in zip(units, found, strict=True) if number]
    if len(valued) < 2 or len({number.dimension for _, number in valued}) > 1:
        return []
    best = (max if extreme.direction == "most" else min)(number.base for _, number in valued)
    return [unit for unit, number in valued if number.base == best]


def unit_of(number: Quantity) -> tuple[str, str] | None:
    """Return what a number is counted in, as it is written; only such can be worked with.

    None where its digits do not say how much it is: "3 million", "three", "up to 3".
    """
    digits = _DIGITS.search(number.text)
    if digits is None or number.bound in ("<", ">", "~"):
        return None
    if float(digits[0].replace(",", "")) != number.value:
        return None
    return number.dimension, _DIGITS.sub("", number.text, count=1)


def written_like(numbers: Sequence[Quantity], value: float) -> str:
    """Return a value as the first of these numbers is written, with the decimals of the finest."""
    written = [digits[0] for each in numbers if (digits := _DIGITS.search(each.text))]
    decimals = max(len(digits.partition(".")[2]) for digits in written)
    return _DIGITS.sub(f"{value:,.{decimals}f}", numbers[0].text, count=1)


def _best(
    read: Sequence[tuple[frozenset[str], Quantity]], asked: Asked, dimensions: frozenset[str]
) -> Quantity | None:
    fitting = [
        (asked.share(label), -place, number)
        for place, (label, number) in enumerate(read)
        if not dimensions or number.dimension in dimensions
    ]
    share, _, number = max(fitting, key=lambda each: each[:2], default=(0.0, 0, None))
    return number if share > 0 else None


def _in_column(cell: str, column: str) -> Sequence[Quantity]:
    """Return the first number of a cell, in the unit that its column gives it: "Weight (kg)"."""
    unit = _UNIT.search(column)
    return quantities(f"{cell} {unit[1]}" if unit and _DIGITS.search(cell) else cell)[:1]


def _labelled(unit: Unit) -> list[tuple[frozenset[str], Quantity]]:
    """Return the numbers of a unit, each with the terms of its column or of the words before it."""
    if unit.kind == "row":
        columns = columns_of(unit)
        cells = table_cells(unit.text)
        columns = [*columns, *("" for _ in cells[len(columns) :])]
        return [
            (terms(column), number)
            for column, cell in list(zip(columns, cells, strict=False))[1:]
            for number in _in_column(cell, column)
        ]
    ends = [0, *(each.end() for each in _CLAUSE.finditer(unit.text))]
    return [
        (terms(unit.text[max(end for end in ends if end <= number.start) : number.start]), number)
        for number in quantities(unit.text)
    ]
