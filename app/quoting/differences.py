"""The difference between two quoted numbers, or the days between two, where it is asked for.

Both are footnoted. Where the quotes do not tell two of one kind, it is said that nothing was worked
out: which number is meant is then for the reader to see.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import combinations

from app.answer import Sentence
from app.language import answer_types, comparing
from app.language.quantities import Quantity
from app.quoting.asked import Asked
from app.quoting.choosing import Choice
from app.quoting.citing import Footnotes
from app.quoting.members import numbers, unit_of, written_like
from app.quoting.units import Unit
from ingest.terms import read_terms

NOT_WORKED_OUT = "Not worked out: the quotes do not tell two numbers of one kind."


@dataclass(frozen=True)
class _Operand:
    unit: Unit
    value: Quantity | date


def difference(asked: Asked, chosen: Sequence[Choice], footnotes: Footnotes) -> list[Sentence]:
    """Return the difference that a question asks for, or that it was not worked out.

    Nothing where none is asked for, or the best quote tells it.
    """
    wanted = comparing.difference(asked.question)
    if wanted is None or not chosen:
        return []
    units = [unit for choice in chosen for unit in choice.listed]
    for operands in (_numbers(units, asked, wanted.dimensions), _days(units, wanted.between)):
        pair = _pair(list(operands), asked)
        if pair is not None:
            markers = tuple(footnotes.cite(each.unit) for each in pair)
            return [Sentence(_told(*pair), markers, 1.0, "supported")]
    first = chosen[0].best
    if first.said >= asked.demanded and answer_types.brings("number", first.text, asked.question):
        return []  # it says by how much itself
    return [Sentence(NOT_WORKED_OUT, (), 1.0, "supported")]


def _numbers(units: Sequence[Unit], asked: Asked, dimensions: frozenset[str]) -> Iterator[_Operand]:
    found = numbers(units, asked, dimensions)
    yield from (_Operand(u, n) for u, n in zip(units, found, strict=True) if n is not None)


def _days(units: Sequence[Unit], between: bool) -> Iterator[_Operand]:
    """Yield the units that name one whole day, if those between two are asked for."""
    for unit in units if between else ():
        days = {term.text for term in read_terms(unit.text) if _is_day(term.text)}
        if len(days) == 1:
            yield _Operand(unit, date.fromisoformat(days.pop()))


def _is_day(term: str) -> bool:
    try:
        return len(term) == len("2025-01-31") and bool(date.fromisoformat(term))
    except ValueError:
        return False


def _pair(operands: Sequence[_Operand], asked: Asked) -> tuple[_Operand, _Operand] | None:
    """Return the two that say most of the question together, each something the other does not.

    Or two of different documents that say the same of it, as last year's and this one's. Of several
    such pairs it is the one of which each says most by itself.
    """
    best: tuple[tuple[float, float], tuple[_Operand, _Operand] | None] = (0.0, 0.0), None
    for one, other in combinations(operands, 2):
        if one.unit.kind != other.unit.kind or not _of_one_kind(one.value, other.value):
            continue
        both = asked.share(one.unit.said | other.unit.said)
        shares = asked.share(one.unit.said), asked.share(other.unit.said)
        of_two = one.unit.document != other.unit.document and one.unit.own == other.unit.own
        worth = both, sum(shares)
        if (both > max(shares) or (of_two and one.unit.own)) and worth > best[0]:
            best = worth, (one, other)
    return best[1]


def _of_one_kind(one: Quantity | date, other: Quantity | date) -> bool:
    if isinstance(one, date) or isinstance(other, date):
        return isinstance(one, date) and isinstance(other, date)
    return unit_of(one) is not None and unit_of(one) == unit_of(other)


def _told(one: _Operand, other: _Operand) -> str:
    first, second = one.value, other.value
    if isinstance(first, date) and isinstance(second, date):
        start, end = sorted((first, second))
        days = (end - start).days
        return f"Worked out: from {_day(start)} to {_day(end)} are {days} days."
    assert isinstance(first, Quantity)
    assert isinstance(second, Quantity)
    more, less = sorted((first, second), key=lambda each: -each.value)
    left = written_like((more, less), more.value - less.value)
    return f"Worked out: {more.text} − {less.text} = {left}."


def _day(day: date) -> str:
    return f"{day.day} {day:%B %Y}"
