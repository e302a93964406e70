"""Question → passages: two searches, one list, ordered by the best sentence in its place.

A passage is as good as its best sentence: in meaning (its vector's cosine to the question's), and
in words (how much of the question, weighed by rarity, it says itself or by its context). Two more
have a say on whole passages: how well its tokens match the question's, and how much of the question
stands there in the very same form. `eval/LOG.md` has what each of them is worth.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from app.search.asked import read_question
from app.search.scoring import scored
from ingest.catalogue import Catalogue
from ingest.embedded import Vectors
from ingest.index import Index
from ingest.stored_passages import StoredPassage
from ingest.within import IndexWithin

_NEAREST_SPANS = 200
_BEST_BY_WORDS = 100
_CANDIDATES = 30


@dataclass(frozen=True)
class Found:
    """A passage that was found, and why.

    `score` orders passages of one search and means nothing across searches. `similarity` is the
    cosine of its best sentence to the question, in [-1, 1]; `coverage` is the share of the
    question's content, weighed by rarity, that its best sentence says itself or by its context, in
    [0, 1]. `nearest` is the number of the span that matches the question best.
    """

    passage: StoredPassage
    score: float
    similarity: float
    coverage: float
    nearest: int


Reranker = Callable[[str, Sequence[Found]], list[Found]]
"""Gives what was found for a question a new order, best first, and new scores."""


class PassageRetriever:
    """Searches an index. A `reranker` has the last word on the order: a cross-encoder, say."""

    def __init__(self, index: Index, reranker: Reranker | None = None) -> None:
        self.index = index
        self._reranker = reranker

    def within(self, documents: frozenset[str] | None) -> "PassageRetriever":
        """Return a retriever that finds, counts and knows the documents of these names alone.

        None are all of them.
        """
        if documents is None:
            return self
        return PassageRetriever(IndexWithin(self.index, documents), self._reranker)

    def search(self, query: str, top: int) -> list[Found]:
        """Return up to `top` passages, best first; none when nothing is like the query at all.

        Candidates are the best of both searches. What orders them is how near and how full their
        best sentence is, how well they match the question token by token, and how much of it they
        hold word for word.
        """
        catalogue = self.index.catalogue
        asked = read_question(query, catalogue, self.index.embedder)
        near = by_meaning(self.index, catalogue, asked.embedded.vector, _NEAREST_SPANS)
        bm25 = catalogue.search_terms(asked.searched, _BEST_BY_WORDS)
        best = best_of_both(near, bm25, _CANDIDATES)
        passages = list(catalogue.passages(best).values())
        found = [
            Found(passage, one.score, one.similarity, one.coverage, one.nearest)
            for passage, one in zip(passages, scored(passages, asked), strict=True)
        ]
        found.sort(key=lambda hit: (-hit.score, hit.passage.id))
        found = _without_repetition(found)
        if self._reranker is not None:
            found = self._reranker(query, found)
        return found[:top]


def by_meaning(index: Index, catalogue: Catalogue, vector: Vectors, top: int) -> dict[int, float]:
    """Return the passages of the `top` nearest sentences, by id, with their best similarity."""
    spans = index.nearest(vector, top)
    # What the catalogue does not know any more is not found, whatever the index still holds.
    known = catalogue.passages_of_spans(spans)
    best: dict[int, float] = {}
    for span, passage in known.items():
        best[passage] = max(best.get(passage, 0.0), spans[span])
    return best


def best_of_both(near: Mapping[int, float], bm25: Mapping[int, float], top: int) -> list[int]:
    """Return the ids that are best by the sum of relative scores (CombSUM; Fox and Shaw 1994)."""
    near, bm25 = _relative(near), _relative(bm25)
    rough = {id: near.get(id, 0.0) + bm25.get(id, 0.0) for id in near.keys() | bm25.keys()}
    return sorted(rough, key=lambda id: (-rough[id], id))[:top]


def _relative(scores: Mapping[int, float]) -> dict[int, float]:
    # Below zero is unlike the query, whatever the others are: never divided by another such score.
    highest = max(scores.values(), default=0.0)
    return {id: max(0.0, score) / highest if highest > 0 else 0.0 for id, score in scores.items()}


def _without_repetition(found: Sequence[Found]) -> list[Found]:
    """Leave out passages whose words stand in a better one: copies of a document, boilerplate."""
    seen: set[str] = set()
    kept = []
    for hit in found:
        words = " ".join(hit.passage.text.split())
        if words not in seen:
            seen.add(words)
            kept.append(hit)
    return kept
