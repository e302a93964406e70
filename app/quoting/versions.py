"""Several versions of one document: the newer one first, and the older one told to be older.

They are called the same but for a date ("Site rules 2025", "Site rules 2022"), and say something
alike; agreements that differ in their number are no versions of one another. A question that says
a date of the older one means that.
"""

import calendar
import re
from collections.abc import Sequence
from dataclasses import replace

from app.answer import Sentence
from app.quoting.asked import Asked
from app.quoting.choosing import Choice, alike
from app.quoting.citing import Footnotes
from app.quoting.units import Unit
from ingest.context import About
from ingest.terms import terms

_COMPARED = 12  # units of a list or table
_YEAR = re.compile(r"(?<![\w-])(?:19|20)\d\d(?![\w-])")
_MONTH = "|".join(filter(None, calendar.month_name))
_DATE = re.compile(rf"(?:\b\d{{1,2}} )?\b(?:{_MONTH})\b(?: \d{{1,2}}\b)?|{_YEAR.pattern}")


def in_force_first(chosen: Sequence[Choice], units: Sequence[Unit], asked: Asked) -> list[Choice]:
    """Return what was chosen, with what a newer version says before what an older one does.

    That is chosen too, of the `units` that were found, where it was not.
    """
    ordered: list[Choice] = []
    for choice in (replace(each, units=tuple(_newer_first(each.units, asked))) for each in chosen):
        newer = _newer_first([each.best for each in (*ordered, choice)], asked)
        ordered.insert(newer.index(choice.best), choice)
    quoted = {unit.document for choice in ordered for unit in choice.units}
    newest = (_newest(choice.best, units, asked) for choice in ordered)
    brought = {each.document: Choice(each, (each,)) for each in newest if each}
    return [*(each for name, each in brought.items() if name not in quoted), *ordered]


def superseded(chosen: Sequence[Choice], asked: Asked, footnotes: Footnotes) -> list[Sentence]:
    """Return what is said of the older version, where two of one document are quoted."""
    quoted = [unit for choice in chosen for unit in choice.units[:_COMPARED]]
    for newer in quoted:
        for older in quoted:
            if _supersedes(newer, older, asked):
                words = f"“{_named(newer)}” is newer than “{_named(older)}”."
                markers = (footnotes.cite(newer), footnotes.cite(older))
                return [Sentence(words, markers, 1.0, "supported")]
    return []


def _newest(older: Unit, units: Sequence[Unit], asked: Asked) -> Unit | None:
    """Return what newer versions say in the place of a unit; the likeliest of the newest."""
    newer = [each for each in units if _supersedes(each, older, asked)]
    newer.sort(key=lambda each: (_date(each.hit.passage.about), each.worth))
    return newer[-1] if newer else None


def _newer_first(units: Sequence[Unit], asked: Asked) -> list[Unit]:
    ordered: list[Unit] = []
    for unit in units:
        older = (n for n, each in enumerate(ordered) if _supersedes(unit, each, asked))
        ordered.insert(next(older, len(ordered)), unit)
    return ordered


def _supersedes(newer: Unit, older: Unit, asked: Asked) -> bool:
    one, other = newer.hit.passage.about, older.hit.passage.about
    # A document is no version of itself; this first, for a table has many rows to compare.
    if newer.document == older.document or not _date(other) or _date(one) <= _date(other):
        return False
    if _name(one) != _name(other):
        return False
    if _date(other)[:4] in asked.question and _date(one)[:4] not in asked.question:
        return False
    same_place = newer.context.words == older.context.words != ""
    return newer.kind != "heading" and (same_place or alike(newer, older))


def _named(unit: Unit) -> str:
    about = unit.hit.passage.about
    return about.title or about.name


def _name(about: About) -> frozenset[str]:
    """Return the terms of a document's title without its dates."""
    return terms(_DATE.sub("", about.title))


def _date(about: About) -> str:
    """Return the year in a document's title and the date that it states, as far as they are."""
    year = _YEAR.search(about.title)
    return f"{year.group() if year else about.date[:4]}{about.date[4:]}"
