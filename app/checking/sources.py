"""What in the documents a sentence of any text is to be held against: the passages nearest to it.

A question is searched with care for each word of it; of a claim it is enough to find the passages
that speak of the same, for its words are compared afterwards. So the search is short: the spans
nearest in meaning and the passages that hold its rarest words.
"""

from collections.abc import Iterable, Sequence

from app.checking.evidence import Evidence, evidence_of
from app.language.claims import Reading
from app.search.retriever import Found, best_of_both, by_meaning
from ingest.embedded import Vectors
from ingest.index import Index
from ingest.stored_passages import StoredPassage

_NEAREST_SPANS = 24
_BEST_BY_WORDS = 8
_HELD_AGAINST = 5
_OF_ONE_DOCUMENT = 200  # spans looked at for those of the documents that a text names


class Sources:
    """The documents, as far as one text was held against them. Belongs to one check of a text."""

    def __init__(self, index: Index) -> None:
        self._index = index
        self._passages: dict[int, StoredPassage] = {}
        self._evidence: dict[int, Evidence] = {}

    def near(
        self, claim: Reading, vector: Vectors, besides: Iterable[int] = ()
    ) -> list[StoredPassage]:
        """Return the passages nearest to a claim, best first; those with ids `besides` too.

        `vector` is the claim's, of length 1.
        """
        near = self._by_meaning(vector, _NEAREST_SPANS)
        words = [token.text.lower() for token in claim.content]
        numbers = [number.text for number in claim.quantities]
        by_words = self._index.catalogue.search_words([*words, *numbers], _BEST_BY_WORDS)
        best = best_of_both(near, by_words, _HELD_AGAINST)
        return self.read(dict.fromkeys([*best, *besides]))

    def near_in(self, documents: Sequence[str], vector: Vectors) -> list[StoredPassage]:
        """Return the passages of some documents that are nearest to a vector, best first."""
        if not documents:
            return []
        scores = self._by_meaning(vector, _OF_ONE_DOCUMENT)
        inside = [p for p in self.read(scores) if p.document in documents]
        for name in documents:
            if all(passage.document != name for passage in inside):
                whole = self._index.catalogue.passages_of_document(name)
                inside += whole
                scores |= {p.id: float((p.vectors @ vector).max()) for p in whole}
        return sorted(inside, key=lambda passage: -scores[passage.id])[:_HELD_AGAINST]

    def with_words(self, words: Sequence[str]) -> list[StoredPassage]:
        """Return the passages that hold most of some words, best first."""
        return self.read(self._index.catalogue.search_words(words, _BEST_BY_WORDS))

    def evidence(self, passage: StoredPassage) -> Evidence:
        """Return a passage as the checker reads it.

        Names and years in a document's opening would bear out too much of another's text: with them
        .058 of planted contradictions passed instead of .050.
        """
        if passage.id not in self._evidence:
            self._evidence[passage.id] = evidence_of(passage, with_opening=False)
        return self._evidence[passage.id]

    def _by_meaning(self, vector: Vectors, top: int) -> dict[int, float]:
        return by_meaning(self._index, self._index.catalogue, vector, top)

    def read(self, ids: Iterable[int]) -> list[StoredPassage]:
        """Return the passages that are still there, in this order."""
        wanted = list(ids)
        new = [id for id in wanted if id not in self._passages]
        if new:
            self._passages |= self._index.catalogue.passages(new)
        return [self._passages[id] for id in wanted if id in self._passages]


def found(passage: StoredPassage) -> Found:
    """Return a passage as something that was found, for a footnote."""
    return Found(passage, score=0.0, similarity=0.0, coverage=0.0, nearest=0)
