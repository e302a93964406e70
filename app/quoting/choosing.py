"""Which units are shown: the likeliest, until it is likely enough that the answer is among them.

A row or an item stands for its table or list, of which everything that is asked for is shown. Where
several documents say the same thing of different subjects and the question names none of them, each
of them is shown.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import chain, groupby

import numpy as np

from app.language import answer_types, comparing
from app.quoting.asked import Asked
from app.quoting.groups import Group, label_of
from app.quoting.members import extreme_first, kept
from app.quoting.references import asks_for_sources, names_a_source
from app.quoting.sides import side_by_side
from app.quoting.units import Unit, names_only, speaks_of, units_in_order
from ingest.blocks import Span
from ingest.index import Index

MOST = 4
"""Quotes at most; a list, a table, or the same of several documents counts as one."""

# The quotes then hold the answer to 0.92 of 300 questions of squad, with 63 words (eval/LOG.md).
_LIKELY_ENOUGH = 0.84
_TEMPERATURE = 1.5
_WORDS = 90
_ALIKE = 0.6  # cosine of two units that say the same of different subjects
_THE_SAME = 0.8  # … the same of the same
_TOLD_APART = re.compile(r"\d[\d.,]*|(?<=\w )[A-Z]\w*")
# Of these as many as make so many words, and at least so many.
_LONGEST = 120
_FEWEST = 7
_LISTED = 40
# Among so many of the likeliest units several things are looked for, if several are asked of.
_LOOKED_AT = 12
_NEARLY = 0.9
_FEW_SECTIONS = 3
_FAR = 3.0  # in log-odds; of what is shown as perhaps not answering, the rest lost 2 facts of 167


@dataclass(frozen=True)
class Choice:
    """Units that are shown together, in the document's order.

    `best` is the one that was chosen, and brought the others; `whole` says that they are all of a
    list or table, `sections` that each opens a section.
    """

    best: Unit
    units: tuple[Unit, ...]
    whole: bool = False
    sections: bool = False

    @property
    def members(self) -> tuple[Unit, ...]:
        """Those that are of one kind with the others: without the sentence that leads into them."""
        return tuple(unit for unit in self.units if unit.group) or self.units

    @property
    def listed(self) -> tuple[Unit, ...]:
        """As many of them as a page can bear; of more it is said how many there are."""
        return self.units[:_LISTED]


def choose(units: Sequence[Unit], asked: Asked, index: Index) -> list[Choice]:
    """Return what is shown of the units, the likeliest first; nothing twice."""
    likely = dict(zip(units, _likelihoods(units), strict=True))
    found = {unit.where: unit for unit in units}

    @cache
    def of_document(name: str) -> list[Unit]:
        return [found.get(each.where, each) for each in units_in_order(asked, name, index)]

    @cache
    def asked_for(group: tuple[object, ...]) -> tuple[list[Unit], list[Unit]]:
        members = [each for each in of_document(str(group[0])) if each.group == group]
        return members, Group(tuple(members)).asked_for(asked)

    choosing = _Choosing(asked, units, of_document, asked_for)
    sources_too = asks_for_sources(asked)
    standing = (
        each
        for each in units
        if _can_stand(each, asked) and (sources_too or not names_a_source(each))
    )
    best_first = sorted(standing, key=lambda each: -likely[each])
    several = choosing.several(best_first)
    best_first = [*([several.best] if several else []), *best_first]
    chosen: list[Choice] = []
    shown: set[tuple[str, int]] = set()
    words, sure = 0, 0.0
    for unit in best_first:
        if sure >= _LIKELY_ENOUGH or len(chosen) == MOST:
            break
        if unit.where in shown:
            continue
        length = len(unit.text.split())
        if chosen and words + length > _WORDS:
            continue
        if any(_is_of_a_sibling(unit, each.best, asked) for each in chosen):
            continue
        if any(_says_it_again(unit, other) for each in chosen for other in each.units):
            continue
        if chosen and _is_of_something_else(unit, chosen[0].best, asked):
            continue
        if any(_is_left_out(unit, each.best, asked) for each in chosen):
            sure += likely[unit]  # it was weighed against the row that is shown
            continue
        choice = several if several and not chosen else choosing.choice(unit, not chosen)
        new = {each.where for each in choice.units} - shown
        sure += sum(chance for each, chance in likely.items() if each.where in new)
        shown |= new
        words += length
        chosen.append(choice)
    return chosen


def apart(chosen: Sequence[Choice]) -> list[Choice]:
    """Return what is chosen without what an earlier choice shows too."""
    shown: set[tuple[str, int]] = set()
    kept: list[Choice] = []
    for choice in chosen:
        places = {unit.where for unit in choice.units}
        if choice.best.where not in shown:
            kept.append(choice)
        shown |= places
    return kept


def nearest(chosen: Sequence[Choice]) -> list[Choice]:
    """Return what is shown where it may not answer: nothing far less likely than the first."""
    least = chosen[0].best.worth - _FAR if chosen else 0.0
    return [each for each in chosen if each.best.worth > least]


@dataclass(frozen=True)
class _Choosing:
    """What a unit brings with it; `of_document` gives all units of a document in its order.

    `asked_for` gives of a group, by its name, all its units and those that the question asks for.
    """

    asked: Asked
    units: Sequence[Unit]
    of_document: Callable[[str], Sequence[Unit]]
    asked_for: Callable[[tuple[object, ...]], tuple[list[Unit], list[Unit]]]

    def choice(self, unit: Unit, first: bool = True, cut: bool = True) -> Choice:
        """Return a unit with its list, table, item or what says the same of others.

        All of a list or table only where it shares something with the question, and, if it is not
        the `first` that is shown, more than its document does. `cut` says that of what says the
        same only as many are taken as are read at a glance.
        """
        if unit.group is not None:
            members, asked_for = self.asked_for(unit.group)
            is_one = any(unit.where == each.where for each in asked_for)
            whole = len(asked_for) == len(members)
            shared = unit.said if first else unit.own | self.asked.heard(unit.context.terms)
            if len(asked_for) > 1 and is_one and (shared or not whole):
                return self._settled(unit, asked_for, whole)
        led = self._led_by(unit)
        if led:
            return self._settled(unit, [unit, *led], False)
        item = [each for each in self.of_document(unit.document) if _in_one_item(each, unit)]
        return self._settled(unit, [*(item or [unit]), *self._parallels(unit, cut)], False)

    def _led_by(self, unit: Unit) -> list[Unit]:
        """Return what a sentence leads into: the items of a list, the rows under a caption."""
        led = (
            each
            for each in self.of_document(unit.document)
            if unit.span in (each.context.lead_in, each.context.caption)
        )
        group = Group(tuple(each for each in led if each.group is not None))
        return group.asked_for(self.asked) if group.members else []

    def several(self, best_first: Sequence[Unit]) -> Choice | None:
        """Return the several things that the question asks of; None where it asks of one alone."""
        beside = side_by_side(self.asked, best_first, lambda table: self.asked_for(table)[0])
        set_ = self._set(best_first[:_LOOKED_AT])
        if not beside:
            return set_
        sides = Choice(beside[0], tuple(beside))
        return set_ if set_ and self._says(sides) < _NEARLY * self._says(set_) else sides

    def _set(self, units: Sequence[Unit]) -> Choice | None:
        """Return the likeliest of several things that say nearly as much as anything does.

        None where the question asks of one thing alone.
        """
        if not (_asks_of_several(self.asked) or self._names_several()):
            return None
        question = self.asked.question
        choices = [self.choice(unit, cut=False) for unit in units]
        if answer_types.counts(question) or answer_types.enumerates(question):
            documents = dict.fromkeys(unit.document for unit in units)
            choices += chain.from_iterable(map(self._sections, documents))
        said = [self._says(choice) for choice in choices]
        most = max(said, default=0.0)
        sets = (
            choice
            for choice, share in zip(choices, said, strict=True)
            if len(choice.units) > 1 and share >= _NEARLY * most
        )
        return next(sets, None)

    def _settled(self, unit: Unit, units: Sequence[Unit], whole: bool) -> Choice:
        """Return a choice of those units that keep to what is asked of all of them."""
        left = kept(units, self.asked) or list(units)
        best = unit if unit in left else left[0]
        return Choice(
            best, tuple(extreme_first(left, self.asked)), whole and len(left) == len(units)
        )

    def _says(self, choice: Choice) -> float:
        """Return how much of the question a choice says, each of the names counting double.

        Sections say together what each of them does: what they are all about.
        """
        units = [unit.said for unit in choice.units]
        said = frozenset.intersection(*units) if choice.sections else frozenset().union(*units)
        return self.asked.share(said) + self.asked.share(said & self.asked.demanded)

    def _names_several(self) -> bool:
        """Say whether the question has names of which no unit says all, but several together do."""
        said = {frozenset(unit.said & self.asked.demanded) for unit in self.units}
        return frozenset[str]().union(*said) not in said if said else False

    def _sections(self, document: str) -> Iterator[Choice]:
        """Yield what opens each of the sections under one heading, or under none, if several do."""
        first: dict[tuple[Span, ...], Unit] = {}
        for unit in self.of_document(document):
            headings = unit.context.headings if unit.kind != "heading" else ()
            for depth in range(len(headings)):
                first.setdefault(headings[: depth + 1], unit)
        for _, sections in groupby(sorted(first, key=_in_section), key=lambda each: each[:-1]):
            units = tuple(first[headings] for headings in sections)
            if len(units) >= _FEW_SECTIONS:
                yield Choice(units[0], units, whole=True, sections=True)

    def _parallels(self, unit: Unit, cut: bool) -> list[Unit]:
        """Return the units that say of another subject what this one says of its own.

        A subject is a document, or a section of this one. None whose place says less of the
        question, unless it has another of the names that are asked for: this one was meant then.
        """
        if not unit.own:
            return []
        subjects = {_subject(unit)}
        found = []
        names = self.asked.demanded
        for other in (*self.units, *self.of_document(unit.document)):
            same = other.kind == unit.kind and unit.own - names <= other.own
            as_much = unit.said <= other.said
            of_another = unit.said - names <= other.said and names & other.said - unit.said
            if not same or not (as_much or of_another) or _subject(other) in subjects:
                continue
            if alike(unit, other):
                subjects.add(_subject(other))
                found.append(other)
        most = max(_FEWEST, _LONGEST // len(unit.text.split())) if cut else len(found)
        return found[:most]


def _in_section(headings: tuple[Span, ...]) -> tuple[tuple[Span, ...], tuple[Span, ...]]:
    return headings[:-1], headings


def _asks_of_several(asked: Asked) -> bool:
    question = asked.question
    return bool(
        answer_types.counts(question)
        or answer_types.enumerates(question)
        or comparing.extreme(question)
        or comparing.bound(question)
        or comparing.totals(question)
        or comparing.difference(question)
    )


def _in_one_item(one: Unit, other: Unit) -> bool:
    """Say whether two units are sentences of one item of a list."""
    if one.kind != "item" or other.kind != "item" or one.hit.passage.id != other.hit.passage.id:
        return False
    passage = one.hit.passage
    first, last = sorted((one.span, other.span))
    return "\n" not in passage.text[first[0] - passage.start : last[1] - passage.start]


def _likelihoods(units: Sequence[Unit]) -> Sequence[float]:
    """Return how likely each unit is the one that answers, if one does; together 1."""
    worth = np.array([unit.worth for unit in units]) / _TEMPERATURE
    odds = np.exp(worth - worth.max(initial=-np.inf))
    likely: list[float] = (odds / odds.sum()).tolist()
    return likely


def _can_stand(unit: Unit, asked: Asked) -> bool:
    """Say whether a unit says anything by itself; a heading only names what stands below it.

    So does a line of nothing but names and numbers, where no name and no date is asked for.
    """
    if unit.kind == "heading" or not unit.text.strip():
        return False
    names = unit.kind == "sentence" and names_only(unit.text)
    return not names or answer_types.wanted(asked.question) in ("name", "date")


def _is_of_a_sibling(unit: Unit, chosen: Unit, asked: Asked) -> bool:
    """Say whether a unit says what one that is shown says, but of what the question does not name.

    The price on the Veltro 5 is no answer beside that on the Veltro 3, if the Veltro 3 was asked.
    """
    named, shown = asked.demanded & unit.said, asked.demanded & chosen.said
    says_the_same = chosen.own - asked.demanded <= unit.own
    return named < shown and says_the_same and alike(unit, chosen)


def _is_of_something_else(unit: Unit, chosen: Unit, asked: Asked) -> bool:
    """Say whether a unit's passage and document have none of the names that another is about."""
    names = asked.demanded & chosen.said & chosen.hit.passage.about.terms
    return bool(names) and not names & speaks_of(unit.hit)


def _is_left_out(unit: Unit, chosen: Unit, asked: Asked) -> bool:
    """Say whether a row stands in the table of one that is shown, which the question names."""
    if unit.group is None or unit.group != chosen.group or answer_types.enumerates(asked.question):
        return False
    label = label_of(chosen)
    named = asked.heard(label)
    is_named = named & asked.demanded or 2 * len(named) >= sum(map(str.isalpha, label))
    return bool(is_named) and asked.heard(label_of(unit)) < named


def _says_it_again(unit: Unit, shown: Unit) -> bool:
    """Say whether a unit says what another does in hardly other words, numbers and names alike."""
    return float(unit.vector @ shown.vector) >= _THE_SAME and _TOLD_APART.findall(
        unit.text
    ) == _TOLD_APART.findall(shown.text)


def alike(one: Unit, other: Unit) -> bool:
    """Say whether two units say much the same, be it of different subjects."""
    return float(one.vector @ other.vector) >= _ALIKE


def _subject(unit: Unit) -> tuple[object, ...]:
    return unit.document, unit.context.headings
