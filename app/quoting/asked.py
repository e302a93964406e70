"""A question as units are held against it: its vector, its tokens, and its terms by rarity."""

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from app.language import comparing, lexicon
from app.language.languages import capitalises_nouns, is_small, language_of
from app.search.asked import rarities, said_otherwise
from app.search.matching import token_matches
from ingest.embedded import EmbeddedQuery, Signs, Vectors
from ingest.embedding import Embedder
from ingest.index import Index
from ingest.terms import Term, read_terms, stem


@dataclass(frozen=True, eq=False)
class Asked:
    """A question, embedded and read.

    `weights` has its terms that carry meaning, by rarity in the documents, and `others` what says
    each of them by the documents' own abbreviations, all of a set together; `parts` are those of
    them that are numbers within another ("3" in "Veltro 3"), `demanded` those that are numbers or
    names, which no other can stand for, `unknown` those that no passage has, nor what else says
    them. `written` has each as it stands in the question. `token_weights` are those of its tokens,
    all together 1, and `token_terms` the terms that each is a part of. What was told beside it
    weighs `_BESIDE` of that and demands nothing; it is not in `asking`, a mask of the tokens. The
    question that it stands behind weighs as little, but its numbers and names are demanded, and
    its names weigh whole where it has none of its own.
    """

    question: str
    embedded: EmbeddedQuery
    vector: Vectors
    weights: dict[str, float]
    others: dict[str, tuple[frozenset[str], ...]]
    parts: frozenset[str]
    demanded: frozenset[str]
    unknown: frozenset[str]
    written: dict[str, str]
    token_weights: Vectors
    token_terms: tuple[frozenset[str], ...]
    asking: NDArray[np.bool_]

    @classmethod
    def of(cls, question: str, index: Index, beside: str = "", before: str = "") -> "Asked":
        """Return the question, and what was told beside it, as they are held against passages.

        `before` is a question that it cannot be understood without.
        """
        named = f"{question} {before}".strip()
        beside = f"{before} {beside}".strip()
        whole = f"{question} {beside}".strip()
        embedded = index.embedder.embed_query(whole)
        read = list(read_terms(whole))
        meaning = [
            term
            for term in read
            if _means_something(term, whole, question if term.start < len(question) else beside)
        ] or read
        total = index.catalogue.passage_count()
        known = index.catalogue.abbreviations(term.text for term in read)
        others = {term.text: tuple(said_otherwise(term, read, known)) for term in meaning}
        otherwise = {word for sets in others.values() for each in sets for word in each}
        having = index.catalogue.frequencies({*others, *otherwise})
        rarity = rarities(having, total)
        asked = [term for term in meaning if term.start < len(named)]
        nouns_too = capitalises_nouns(language_of(question))
        names = [term for term in asked if _is_name(term, whole, question) and not nouns_too]
        whose = [] if any(term.start < len(question) for term in names) else names
        weights = {
            term.text: rarity[term.text]
            * (1.0 if term.start < len(question) or term in whose else _BESIDE)
            for term in reversed(meaning)
        }
        token_terms = tuple(
            frozenset(term.text for term in meaning if term.start < end and start < term.end)
            for start, end in embedded.places
        )
        token_weights = _token_weights(token_terms, weights)
        asking = np.array([start < len(question) for start, _ in embedded.places], bool)
        return cls(
            question,
            embedded,
            _vector(question, beside, index.embedder),
            weights,
            others,
            frozenset(term.text for term in asked if _is_part(term, meaning)),
            frozenset(
                term.text
                for term in asked
                if (term.number and not _in_bound(term, whole)) or term in names
            ),
            frozenset(
                term.text
                for term in asked
                if term.start < len(question)
                and not _is_known(term.text, others[term.text], having)
            ),
            {term.text: whole[term.start : term.end] for term in reversed(asked)},
            token_weights,
            token_terms,
            asking & (token_weights > 0),
        )

    def with_names_in(self, texts: Iterable[str]) -> "Asked":
        """Return the same, with those of its words demanded too that these texts write as names.

        Who types in a hurry asks of "the birch contract"; no document writes it so.
        """
        small: set[str] = set()
        large: set[str] = set()
        for word in (each for text in texts for each in _INSIDE.finditer(text)):
            term = stem(word.group())
            if term in self.written:
                (large if word.group()[0].isupper() else small).add(term)
        return replace(self, demanded=self.demanded | (large - small))

    def without(self, terms: frozenset[str]) -> "Asked":
        """Return the same, as if these terms were not in it; only what it weighs is changed."""
        weights = {term: weight for term, weight in self.weights.items() if term not in terms}
        return replace(self, weights=weights, demanded=self.demanded - terms)

    def heard(self, terms: frozenset[str]) -> frozenset[str]:
        """Return its terms that these terms say, be it by an abbreviation."""
        ways = self.others.items()
        otherwise = (term for term, sets in ways if any(each <= terms for each in sets))
        return frozenset(terms & self.weights.keys()).union(otherwise)

    def share(self, terms: frozenset[str]) -> float:
        """Return what some of its terms weigh of all, in [0, 1]."""
        whole = math.fsum(self.weights.values()) or 1.0
        return math.fsum(self.weights[term] for term in terms if term in self.weights) / whole

    def matched(
        self, signs: Sequence[Signs], said: Sequence[frozenset[str]]
    ) -> tuple[Vectors, Vectors]:
        """Return how well its tokens are matched in each span, and how well the worst of them.

        Both of shape (spans,), in [0, 1]; only the worst counts what a span says in its place.
        """
        if not self.asking.any():
            return np.zeros(len(signs), np.float32), np.zeros(len(signs), np.float32)
        matches = token_matches(self.embedded, signs)
        worst = self._in_place(matches, said)[self.asking].min(axis=0)
        return self.token_weights @ matches, worst

    def matches(self, signs: Sequence[Signs], said: Sequence[frozenset[str]]) -> Vectors:
        """Return how well each of its tokens is matched in each span, shape (tokens, spans).

        `said` are the terms that each span says in its place, which match without its own words.
        """
        return self._in_place(token_matches(self.embedded, signs), said)

    def _in_place(self, matches: Vectors, said: Sequence[frozenset[str]]) -> Vectors:
        says = [[not terms.isdisjoint(each) for each in said] for terms in self.token_terms]
        in_place: Vectors = np.maximum(
            matches, np.float32(_SAID) * np.array(says).reshape(matches.shape)
        )
        return in_place


# Words that no sentence, cell, item or heading begins with.
_INSIDE = re.compile(r"(?<=[^\W\d_][ -])[^\W\d_]{2,}")

_BESIDE = 0.3
_SAID = 0.7  # how well a token is matched, at least, by what a span says in its place


def _vector(question: str, beside: str, embedder: Embedder) -> Vectors:
    """Return the unit vector of a question with a part of what was told beside it."""
    vector = embedder.embed_query(question).vector
    if beside:
        vector = vector + np.float32(_BESIDE) * embedder.embed_query(beside).vector
    unit: Vectors = vector / np.float32(np.linalg.norm(vector) or 1)
    return unit


def _means_something(term: Term, whole: str, said: str) -> bool:
    """Say whether a term is none of the small words, nor a number after one ("in 2024").

    Nor a word by which things are only set side by side. `said` is what of the `whole` it is said
    in: what is told beside a question may be in another language.
    """
    word = whole[term.start : term.end]
    if word.lower() in lexicon.words("compared") and comparing.sides(said):
        return False
    return not is_small(word.split()[0] if term.whole else word, said)


def _is_known(term: str, others: Iterable[frozenset[str]], having: Mapping[str, int]) -> bool:
    """Say whether passages have a term, or all of what else says it."""
    return any(all(having[word] for word in words) for words in ({term}, *others))


def _in_bound(term: Term, question: str) -> bool:
    """Say whether a term is in a bound ("less than 10 hours"): what keeps to it need not say it."""
    bound = comparing.bound(question)
    return bound is not None and bound.quantity.start <= term.start < bound.quantity.end


def _is_part(term: Term, of: Sequence[Term]) -> bool:
    """Say whether a term is a number that stands within a longer one, and nowhere else."""
    wholes = [each for each in of if each.whole]
    alike = [each for each in of if each.text == term.text]
    return term.number and all(
        any(whole.start <= each.start and each.end <= whole.end for whole in wholes)
        and not each.whole
        for each in alike
    )


def _token_weights(token_terms: Sequence[frozenset[str]], weights: Mapping[str, float]) -> Vectors:
    """Return what each token weighs, all together 1: as much as the term that it is a part of."""
    found = [max((weights[term] for term in terms), default=0.0) for terms in token_terms]
    return np.array(found, np.float32) / (sum(found) or 1.0)


def _is_name(term: Term, whole: str, question: str) -> bool:
    """Say whether a term is written as a name: with a capital, and not because it comes first.

    The `whole` is the question and what it stands behind, each with a word that comes first.
    """
    begin = 0 if term.start < len(question) else len(question)
    return whole[term.start].isupper() and whole[begin : term.start].strip() not in ("", "“", '"')
