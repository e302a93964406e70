"""A question as passages are held against it: what it is about, and how much each word weighs."""

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np

from app.language.languages import is_small
from app.language.lexicon import in_order
from ingest.abbreviations import Abbreviation
from ingest.catalogue import Catalogue
from ingest.embedded import EmbeddedQuery, Vectors
from ingest.embedding import Embedder
from ingest.terms import MONTHS, Term, read_terms, stem

_YEAR = re.compile(r"(?:1\d|20)\d\d$")


@dataclass(frozen=True)
class Wanted:
    """A term that a question is about, and its `weight`: how rare it is in these documents.

    `others` are terms that say the same by the documents' own abbreviations, each all together.
    An `exact` one (a number, a code, a month) tells what was asked from its siblings.
    """

    term: str
    weight: float
    exact: bool = False
    others: tuple[frozenset[str], ...] = ()


@dataclass(frozen=True)
class Asked:
    """A question read.

    `wanted` is what it is about, and `words` are all of its words as they stand, in lower case,
    small ones too, each with its weight. Of each token of `embedded`, `token_weights` has what its
    word weighs, all together 1, and `token_wanted` the number of what is wanted by it, or -1.
    """

    embedded: EmbeddedQuery
    wanted: tuple[Wanted, ...]
    words: Mapping[str, float]
    token_weights: Vectors
    token_wanted: tuple[int, ...]

    @property
    def searched(self) -> list[str]:
        """The terms that passages are looked up by."""
        others = (term for one in self.wanted for other in one.others for term in sorted(other))
        return list(dict.fromkeys([*(one.term for one in self.wanted), *others]))


def read_question(query: str, catalogue: Catalogue, embedder: Embedder) -> Asked:
    """Read a question with these documents in mind."""
    terms = list(read_terms(query))
    having = catalogue.frequencies(term.text for term in terms)
    rarity = rarities(having, catalogue.passage_count())
    known = catalogue.abbreviations(having)
    about = _about(query, terms, having, catalogue)
    wanted = tuple(
        Wanted(
            term.text,
            rarity[term.text],
            term.number or term.text in MONTHS,
            tuple(said_otherwise(term, terms, known)),
        )
        for term in about
    )
    embedded = embedder.embed_query(query)
    # The terms that a place of the question belongs to, what is wanted first, the shortest first.
    narrow = sorted(terms, key=lambda term: (term not in about, term.end - term.start))
    at = [_at(narrow, start, end) for start, end in embedded.places]
    weights = np.array([rarity[term.text] if term else 0.0 for term in at], np.float32)
    numbers = {one.term: number for number, one in enumerate(wanted)}
    words = {
        word.group().lower(): rarity[term.text]
        for word in re.finditer(r"\w+", query)
        if (term := _at(narrow, *word.span()))
    }
    return Asked(
        embedded,
        wanted,
        words,
        weights / (weights.sum() or np.float32(1)),
        tuple(numbers.get(term.text, -1) if term else -1 for term in at),
    )


def _at(terms: Sequence[Term], start: int, end: int) -> Term | None:
    """Return the first of `terms` that stands at, or around, a place, if that is any."""
    return next(
        (term for term in terms if start < end and term.start < end and start < term.end), None
    )


def _about(
    query: str, terms: Sequence[Term], having: Mapping[str, int], catalogue: Catalogue
) -> list[Term]:
    """Return the terms that a question is about, each once; all of them where none has meaning.

    A code, a date or a number with its name stands for its parts where the documents know it, and
    beside them where they know only its siblings.
    """
    wholes = [term for term in terms if term.whole and not _is_small(query, term, terms)]
    # Of wholes in one another, the widest that is known, in its usual form: 2025-06-10 before
    # 2025-06, and that before "june2025".
    wholes.sort(key=lambda term: (term.start - term.end, -having[term.text], term.text))
    taken: list[Term] = []
    for term in wholes:
        if having[term.text] and not any(_covers(other, term) for other in taken):
            taken.append(term)
    strange = [term for term in wholes if _is_strange(term, terms, taken, catalogue)]
    about = [
        term
        for term in terms
        if not term.whole
        and not _is_function(query, term)
        and not any(_covers(other, term) and _is_told(term) for other in taken)
    ]
    found = {term.text: term for term in (*about, *taken, *strange)}
    return list((found or {term.text: term for term in terms}).values())


def _covers(whole: Term, part: Term) -> bool:
    return whole.start <= part.start and part.end <= whole.end


def _is_told(part: Term) -> bool:
    """Say whether a part of a whole says nothing besides it: a number, or a letter or two."""
    return part.number or part.end - part.start < 3


def _is_small(query: str, whole: Term, terms: Sequence[Term]) -> bool:
    """Say whether a number only follows a small word: "in 2023", "of 5"; "E 07" is a code."""
    first, *others = query[whole.start : whole.end].split()
    if not others or (len(first) == 1 and first.isupper()):
        return False
    parts = (term for term in terms if not term.whole and _covers(whole, term))
    return any(_is_function(query, part) for part in parts)


def _is_strange(
    whole: Term, terms: Sequence[Term], taken: Sequence[Term], catalogue: Catalogue
) -> bool:
    """Say whether it is an unknown one of a series: zone 7 where there are zones 4 and 5."""
    if any(_covers(other, whole) for other in taken):
        return False
    parts = [term for term in terms if not term.whole and _covers(whole, term)]
    named = parts and not parts[0].number and parts[-1].number
    return bool(named and not _YEAR.match(parts[-1].text) and catalogue.numbered(parts[0].text))


def _is_function(query: str, term: Term) -> bool:
    """Say whether it is a small word that carries no meaning."""
    return not term.number and is_small(query[term.start : term.end], query)


def rarities(having: Mapping[str, int], total: int) -> dict[str, float]:
    """Return the inverse document frequency of each term, from how many of `total` have it."""
    return {term: math.log(1 + (total - n + 0.5) / (n + 0.5)) for term, n in having.items()}


def said_otherwise(
    term: Term, terms: Sequence[Term], known: Sequence[Abbreviation]
) -> Iterable[frozenset[str]]:
    """Yield what else says a term of `terms`: a number in words, or in digits.

    And by the documents' own abbreviations the long form of a short one, and the short form of a
    long one's.
    """
    spelt = _spelt()
    if term.text in spelt:
        yield frozenset((spelt[term.text],))
    written = [each.text for each in terms if not each.whole]
    for one in known:
        long = list(one.long_terms)
        if one.short_term == term.text:
            yield frozenset(long)
        elif term.text in long and _runs(long, written):
            yield frozenset((one.short_term,))


@cache
def _spelt() -> Mapping[str, str]:
    """Return each number that has a word, and each such word, with the other."""
    words = {str(value): stem(word) for value, word in enumerate(in_order("ones"))}
    return words | {word: digits for digits, word in words.items()}


def _runs(part: Sequence[str], whole: Sequence[str]) -> bool:
    """Say whether all of `part` stands in `whole` in one piece."""
    return any(list(whole[at : at + len(part)]) == list(part) for at in range(len(whole)))
