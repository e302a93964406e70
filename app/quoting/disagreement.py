"""Where two documents say the same of the same thing, but for a number.

Everything else must be equal: the words of the sentence, and what stands around it as far as that
has numbers, months or years of its own. What is not sure is not said.
"""

from collections.abc import Iterable, Sequence
from itertools import combinations

from app.answer import Sentence
from app.quoting.citing import Footnotes
from app.quoting.units import Unit
from ingest.catalogue import Catalogue

_LOOKED_AT = 12  # units, the likeliest
_ALIKE = 0.85  # cosine
_SHARED = 0.8  # of the words of both


def disagreements(
    units: Sequence[Unit], footnotes: Footnotes, catalogue: Catalogue
) -> list[Sentence]:
    """Return what is said where the likeliest units disagree, the newer document first."""
    best = sorted(units, key=lambda unit: -unit.worth)[:_LOOKED_AT]
    for one, other in combinations(best, 2):
        if one.document != other.document and _disagree(one, other):
            pair = sorted((one, other), key=lambda unit: _date(unit, catalogue), reverse=True)
            markers = tuple(footnotes.cite(unit) for unit in pair)
            names = " and ".join(f"“{unit.hit.passage.title}”" for unit in pair)
            return [Sentence(f"The documents disagree: {names}.", markers, 1.0, "supported")]
    return []


def _disagree(one: Unit, other: Unit) -> bool:
    mine, theirs = _terms(one), _terms(other)
    if not _numbers(mine - theirs) or not _numbers(theirs - mine):
        return False
    words, others = mine - _numbers(mine), theirs - _numbers(theirs)
    if len(words & others) < _SHARED * len(words | others):
        return False
    around = _around(one) ^ _around(other)
    return not _numbers(around) and float(one.vector @ other.vector) >= _ALIKE


def _terms(unit: Unit) -> frozenset[str]:
    return unit.hit.passage.terms[unit.number]


def _around(unit: Unit) -> frozenset[str]:
    """What its context says and it does not: it may itself open the document."""
    return unit.hit.passage.context_terms[unit.number] - _terms(unit)


def _numbers(terms: Iterable[str]) -> frozenset[str]:
    return frozenset(term for term in terms if any(char.isdigit() for char in term))


def _date(unit: Unit, catalogue: Catalogue) -> str:
    document = catalogue.document(unit.document)
    return (document.date or "") if document else ""
