"""Which units are shown: the likeliest, until it is likely enough that the answer is among them.

A row or an item stands for its table or list, of which everything that is asked for is shown. Where
several documents say the same thing of different subjects and the question names none of them, each
of them is shown.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np

from app.quoting.asked import Asked
from app.quoting.groups import Group
from app.quoting.units import Unit, units_in_order
from ingest.index import Index

MOST = 4
"""Quotes at most; a list, a table, or the same of several documents counts as one."""

# The quotes then hold the answer to 0.92 of 300 questions of squad, with 63 words (eval/LOG.md).
_LIKELY_ENOUGH = 0.84
_TEMPERATURE = 1.5
_WORDS = 90
_ALIKE = 0.6  # cosine of two units that say the same of different subjects
# Of these as many as make so many words, and at least so many.
_LONGEST = 120
_FEWEST = 7


_LISTED = 40


@dataclass(frozen=True)
class Choice:
    """Units that are shown together, in the document's order.

    `best` is the one that was chosen, and brought the others; `whole` says that they are all of a
    list or table.
    """

    best: Unit
    units: tuple[Unit, ...]
    whole: bool = False

    @property
    def listed(self) -> tuple[Unit, ...]:
        """As many of them as a page can bear; of more it is said how many there are."""
        return self.units[:_LISTED]


def choose(units: Sequence[Unit], asked: Asked, index: Index) -> list[Choice]:
    """Return what is shown of the units, the likeliest first; nothing twice."""
    likely = dict(zip(units, _likelihoods(units), strict=True))
    of_document = cache(lambda document: units_in_order(asked, document, index))
    chosen: list[Choice] = []
    shown: set[tuple[str, int]] = set()
    words, sure = 0, 0.0
    for unit in sorted(units, key=lambda each: -likely[each]):
        if sure >= _LIKELY_ENOUGH or len(chosen) == MOST:
            break
        if not _can_stand(unit) or _place(unit) in shown:
            continue
        length = len(unit.text.split())
        if chosen and words + length > _WORDS:
            continue
        if any(_is_of_a_sibling(unit, each.best, asked) for each in chosen):
            continue
        choice = _choice(unit, units, of_document(unit.document), asked)
        new = {_place(each) for each in choice.units} - shown
        sure += sum(chance for each, chance in likely.items() if _place(each) in new)
        shown |= new
        words += length
        chosen.append(choice)
    return chosen


def _likelihoods(units: Sequence[Unit]) -> Sequence[float]:
    """Return how likely each unit is the one that answers, if one does; together 1."""
    worth = np.array([unit.worth for unit in units]) / _TEMPERATURE
    odds = np.exp(worth - worth.max(initial=-np.inf))
    likely: list[float] = (odds / odds.sum()).tolist()
    return likely


def _can_stand(unit: Unit) -> bool:
    """Say whether a unit says anything by itself; a heading only names what stands below it."""
    return unit.kind != "heading" and bool(unit.text.strip())


def _place(unit: Unit) -> tuple[str, int]:
    return unit.document, unit.span[0]


def _choice(unit: Unit, units: Sequence[Unit], of_document: Sequence[Unit], asked: Asked) -> Choice:
    if unit.group is not None:
        group = Group.around(unit, of_document)
        asked_for = group.asked_for(asked)
        if len(group.members) > 1 and any(_place(unit) == _place(each) for each in asked_for):
            return Choice(unit, tuple(asked_for), len(asked_for) == len(group.members))
    return Choice(unit, (unit, *_parallels(unit, [*units, *of_document])))


def _parallels(unit: Unit, others: Sequence[Unit]) -> list[Unit]:
    """Return the units that say of another subject what this one says of its own, word for word.

    A subject is a document, or a section of this one. None whose place says less of the question:
    then this one is what was meant.
    """
    if not unit.own:
        return []
    subjects = {_subject(unit)}
    found = []
    for other in others:
        same = other.kind == unit.kind and unit.own <= other.own and unit.said <= other.said
        if same and _subject(other) not in subjects and _alike(unit, other):
            subjects.add(_subject(other))
            found.append(other)
    return found[: max(_FEWEST, _LONGEST // len(unit.text.split()))]


def _is_of_a_sibling(unit: Unit, chosen: Unit, asked: Asked) -> bool:
    """Say whether a unit says what one that is shown says, but of what the question does not name.

    The price on the Veltro 5 is no answer beside that on the Veltro 3, if the Veltro 3 was asked.
    """
    named, shown = asked.demanded & unit.said, asked.demanded & chosen.said
    says_the_same = chosen.own - asked.demanded <= unit.own
    return named < shown and says_the_same and _alike(unit, chosen)


def _alike(one: Unit, other: Unit) -> bool:
    return float(one.vector @ other.vector) >= _ALIKE


def _subject(unit: Unit) -> tuple[object, ...]:
    return unit.document, unit.context.headings
