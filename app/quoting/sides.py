"""Things set side by side ("X vs Y"): what the documents say of each of them.

A table that has them as rows, or as columns, sets them side by side itself. Else each has a
sentence or item of its own: one that says it, and none of the others.
"""

from collections.abc import Callable, Sequence

from app.language import comparing
from app.quoting.asked import Asked
from app.quoting.groups import Group, columns_of, label_of
from app.quoting.units import Unit
from ingest.terms import read_terms, terms

Side = frozenset[str]
"""The terms that tell one of the things from the others."""


def sides_of(asked: Asked) -> list[Side]:
    """Return the sides that a question has, at least two of them; else none."""
    said = [asked.heard(terms(words)) for words in comparing.sides(asked.question)]
    shared = frozenset.intersection(*said) if said else frozenset()
    sides = [side - shared for side in said]
    return sides if len(sides) > 1 and all(sides) else []


def side_by_side(
    asked: Asked,
    best_first: Sequence[Unit],
    of_group: Callable[[tuple[object, ...]], Sequence[Unit]],
) -> list[Unit]:
    """Return units that say something of each side: those of one table, if there is one.

    Not where each side has words of its own that say more of what else is asked. `of_group` gives
    all units of a table.
    """
    sides = sides_of(asked)
    if not sides:
        return []
    tables = dict.fromkeys(unit.group for unit in best_first if unit.kind == "row" and unit.group)
    found = [_rows(of_group(table), sides, asked) for table in tables]
    best = max(found, key=lambda rows: asked.share(_said(rows)), default=[])
    apart = _apart(best_first, sides, asked)
    rest = asked.without(frozenset().union(*sides))
    least = min((rest.share(unit.said) for unit in apart), default=0.0)
    return apart if not best or least > rest.share(_said(best)) else best


def _rows(rows: Sequence[Unit], sides: Sequence[Side], asked: Asked) -> list[Unit]:
    """Return the rows that the sides head; those asked for, where they are columns; else none."""
    labels = {row: asked.heard(label_of(row)) for row in rows}
    labelled = [
        [row for row in rows if _is_of(side, labels[row], asked) and not others & labels[row]]
        for side, others in _with_others(sides)
    ]
    if all(labelled):
        return sorted({row for of_side in labelled for row in of_side}, key=lambda row: row.span)
    columns = [asked.heard(terms(cell)) for cell in columns_of(rows[0])]
    headed = {next((n for n, c in enumerate(columns) if side <= c), None) for side in sides}
    if len(headed - {None}) < len(sides):
        return []
    return Group(tuple(rows)).asked_for(asked.without(frozenset().union(*sides)))


def _apart(best_first: Sequence[Unit], sides: Sequence[Side], asked: Asked) -> list[Unit]:
    """Return for each side the likeliest unit about it; none where one side has none."""
    found: list[Unit] = []
    for side, others in _with_others(sides):
        about = (each for each in best_first if _is_about(each, side, others, asked))
        unit = next((each for each in about if each not in found), None)
        if unit is None:
            return []
        found.append(unit)
    return found


def _with_others(sides: Sequence[Side]) -> list[tuple[Side, Side]]:
    """Return each side with the terms of the others that are not its own."""
    every = frozenset[str]().union(*sides)
    return [(side, every - side) for side in sides]


def _said(units: Sequence[Unit]) -> frozenset[str]:
    return frozenset[str]().union(*(unit.said for unit in units))


def _is_of(side: Side, said: frozenset[str], asked: Asked) -> bool:
    """Say whether what is said has most of a side, and the rarest of its words."""
    rarest = max(side, key=lambda term: (asked.weights[term], term))
    return rarest in said and asked.share(side & said) >= asked.share(side) / 2


def _is_about(unit: Unit, side: Side, others: Side, asked: Asked) -> bool:
    """Say whether a side is what a unit names first, or what its headings or document do."""
    first = next((t.text for t in read_terms(unit.text) if t.text in side | others), None)
    above = unit.own | asked.heard(unit.context.terms)
    if _is_of(side, above, asked) and (first in side or not others & unit.own):
        return True
    return _is_of(side, unit.said, asked) and not others & unit.said
