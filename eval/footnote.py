"""Footnote itself as a system: the very functions that the page and the terminal call."""

from collections.abc import Callable, Sequence
from dataclasses import asdict
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

from app.retrieval import Found, PassageRetriever
from eval.systems import Hit
from ingest.embedding import Embedder
from ingest.errors import CatalogueError
from ingest.index import Index, open_current, read_fingerprint


def index_of(
    documents: Path,
    home: Path,
    embedder: Embedder,
    progress: Callable[[str, float], None] = lambda document, share: None,
) -> Index:
    """The index of a folder in a home of its own, brought in line first.

    Costs nothing when neither the documents nor what builds the index have changed. Raises
    CatalogueError when a document cannot be read: figures over a part of them would mislead.
    """
    from ingest.pipeline import sync

    receipt = sync([documents], home, embedder, progress)
    if receipt.failed:
        raise CatalogueError(
            "Not every document could be read, so nothing is measured: "
            + "; ".join(f"{line.document}: {line.problem}" for line in receipt.failed)
        )
    return open_current(home, embedder)


class FootnoteSearch:
    """Footnote's retrieval over an index."""

    name = "footnote"

    def __init__(self, index: Index) -> None:
        self._index = index
        self._search = PassageRetriever(index)
        self.text_of = lru_cache(maxsize=None)(index.catalogue.text)

    @cached_property
    def settings(self) -> dict[str, Any]:
        """What built the index."""
        return {"index": asdict(read_fingerprint(self._index.folder))}

    def count_tokens(self, texts: Sequence[str]) -> int:
        """Tokens of all the texts together, in the embedding model's own tokens."""
        return sum(self._index.embedder.count_tokens(texts))

    def search(self, query: str, top: int) -> list[Hit]:
        """The `top` best passages; confidence is the mean of similarity and coverage."""
        return [_hit(found) for found in self._search.search(query, top)]


def _hit(found: Found) -> Hit:
    passage = found.passage
    return Hit(
        document=passage.document,
        section=passage.section,
        start=passage.start,
        end=passage.end,
        text=passage.text,
        score=found.score,
        confidence=(found.similarity + found.coverage) / 2,
    )
