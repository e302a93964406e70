"""Retrieval by passage vectors alone, over Footnote's own passages: what most starters do.

It has what Footnote's search has (passages, headers, embedding model, follow-ups), and neither
words, nor sentence vectors, nor anything after them. So the difference is the search alone.
"""

from collections.abc import Callable, Sequence
from functools import cached_property
from typing import Any

from eval.questions import Question
from eval.systems import Hit
from ingest.catalogue import Catalogue
from ingest.embedded import Vectors
from ingest.embedding import Embedder
from ingest.stored_passages import StoredPassage


class VectorsAlone:
    """Ranks every passage of a catalogue by cosine; embeds them all when it is first asked."""

    name = "vectors alone"

    def __init__(
        self,
        catalogue: Catalogue,
        embedder: Embedder,
        text_of: Callable[[str], str | None],
        searched_for: Callable[[Question], str],
    ) -> None:
        self._catalogue = catalogue
        self._embedder = embedder
        self.text_of = text_of
        self.searched_for = searched_for

    @property
    def settings(self) -> dict[str, Any]:
        """The embedding model is all there is to set."""
        return {"embedding model": self._embedder.name}

    @cached_property
    def _passages(self) -> list[StoredPassage]:
        return [
            passage
            for document in self._catalogue.documents()
            for passage in self._catalogue.passages_of_document(document.name)
        ]

    @cached_property
    def _vectors(self) -> Vectors:
        return self._embedder.embed(
            [f"{passage.header}\n{passage.text}" for passage in self._passages]
        )

    def count_tokens(self, texts: Sequence[str]) -> int:
        """Tokens of all the texts together, in the embedding model's own tokens."""
        return sum(self._embedder.count_tokens(texts))

    def search(self, query: str, top: int) -> list[Hit]:
        """The `top` passages nearest to the query; score and confidence are the cosine."""
        scores = self._vectors @ self._embedder.embed_query(query).vector
        best = [(self._passages[at], float(scores[at])) for at in (-scores).argsort()[:top]]
        return [Hit.of(passage, cosine, cosine) for passage, cosine in best]
