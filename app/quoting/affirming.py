"""Rows of a table that says yes or no in some columns: those that say so in what is asked for."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.language import answer_types, comparing, lexicon
from app.language.claims import Reading, read
from app.language.languages import is_small
from app.quoting.asked import Asked
from app.quoting.groups import columns_of, label_of
from app.quoting.units import Unit
from ingest.blocks import table_cells
from ingest.terms import read_terms, terms


@dataclass(frozen=True)
class _Column:
    """A column that the question names: by which of its terms, if by all, and its cells in order.

    `affirms` says that each of its cells is a yes or a no.
    """

    named: frozenset[str]
    whole: bool
    cells: tuple[str, ...]
    affirms: bool


def saying_so(units: Sequence[Unit], asked: Asked) -> list[Unit]:
    """Return the rows that say yes in the columns that are asked for, or no where it denies them.

    All, where some are named, or where it is not asked which: whether all of them do is told by
    all. Where a column of anything else is named too, "the monthly price", a word is likely to be
    of that one, and a column of yes and no counts only if all of it is said.
    """
    if not _asks_which(asked.question) or any(unit.kind != "row" for unit in units):
        return list(units)
    if len({(asked.heard(label_of(unit)), *columns_of(unit)) for unit in units}) != 1:
        return list(units)
    named = _named(units, asked)
    others = any(not column.affirms for column in named)
    decisive = [each for each in named if each.affirms and (each.whole or not others)]
    reading = read(asked.question)
    if len(decisive) > 1 and "or" in reading.words:
        return list(units)
    left = list(units)
    for column in decisive:
        rest = frozenset[str]().union(*(each.named for each in decisive if each is not column))
        wanted = lexicon.words("no" if _denied(column.named, rest, reading) else "yes")
        said = dict(zip(units, column.cells, strict=True))
        left = [unit for unit in left if said[unit] in wanted]
    return left


def _asks_which(question: str) -> bool:
    if answer_types.chooses(question) or answer_types.counts(question):
        return True
    return comparing.extreme(question) is not None and not answer_types.asks_whether(question)


def _named(units: Sequence[Unit], asked: Asked) -> list[_Column]:
    """Return the columns that the question names, but for the one that heads the rows."""
    either = lexicon.words("yes") | lexicon.words("no")
    cells_of = zip(*(table_cells(unit.text)[1:] for unit in units), strict=False)
    named = []
    for column, cells in zip(columns_of(units[0])[1:], cells_of, strict=False):
        heard = asked.heard(terms(column))
        if not heard:
            continue
        meant = {
            term.text
            for term in read_terms(column)
            if not is_small(column[term.start : term.end], asked.question)
        }
        said = tuple(cell.strip("*_ ").lower() for cell in cells)
        named.append(_Column(heard, meant <= heard, said, either.issuperset(said)))
    return named


def _denied(named: frozenset[str], others: frozenset[str], reading: Reading) -> bool:
    """Say whether a column's words are denied in their clause: by what stands before them, or last.

    In "5G without roaming" it is roaming, in "roaming is not included" too. A negation of a bound
    ("not over 10 kg") denies nothing else.
    """
    words = list(read_terms(reading.text))
    bounds = [each.start for each in reading.quantities if each.bound]
    for token in (each for each in reading.tokens if each.denies):
        clause = [each for each in reading.tokens if each.clause == token.clause]
        said = [each for each in words if clause[0].start <= each.start <= clause[-1].start]
        until = min((*(each for each in bounds if each > token.end), clause[-1].end))
        after = {each.text for each in said if token.end <= each.start < until}
        is_last = until == clause[-1].end and not others & after
        if named & after or (is_last and any(each.text in named for each in said)):
            return True
    return False
