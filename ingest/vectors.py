"""The vector index: Chroma, holding the catalogue's span vectors for nearest-neighbour search.

It is derived. It holds ids and numbers, no text; what it lacks is brought in from the catalogue,
and a folder that cannot be read is set aside and filled again without embedding anything.
"""

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from ingest.catalogue import Catalogue
from ingest.embedding import Vectors
from ingest.errors import CatalogueError

if TYPE_CHECKING:
    from chromadb.api.models.Collection import Collection

_COLLECTION = "spans"
_BATCH = 2_000


class VectorIndex:
    """The index in `folder`, made when it is not there."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._collection = self._open()

    def _open(self) -> "Collection":
        import chromadb
        from chromadb.config import Settings

        try:
            client = chromadb.PersistentClient(
                path=str(self.folder), settings=Settings(anonymized_telemetry=False)
            )
            return client.get_or_create_collection(
                _COLLECTION, embedding_function=None, configuration={"hnsw": {"space": "cosine"}}
            )
        except Exception as error:  # Chroma raises many kinds; any means the same to a user.
            raise CatalogueError(
                f"The vector index in {self.folder} cannot be opened ({error}). "
                "Run `footnote ingest --rebuild-index`: it is made anew from the catalogue."
            ) from error

    def catch_up(self, catalogue: Catalogue) -> None:
        """Take in what the catalogue says is not indexed yet. Safe to repeat at any time."""
        if not self._collection.count() and not catalogue.unindexed(1)[0]:
            catalogue.unindex_all()
        while True:
            add, delete = catalogue.unindexed(_BATCH)
            if not add and not delete:
                return
            if delete:
                self._collection.delete(ids=[str(id) for id in delete])
            if add:
                self._collection.upsert(
                    ids=[str(id) for id in add], embeddings=np.array(list(add.values()))
                )
            catalogue.mark_indexed([*add, *delete])

    def nearest(self, vector: Vectors, top: int) -> dict[int, float]:
        """Return up to `top` span ids with their cosine similarity to a unit `vector`."""
        top = min(top, self._collection.count())
        if not top:
            return {}
        found = self._collection.query(
            query_embeddings=np.array([vector]), n_results=top, include=["distances"]
        )
        distances = found["distances"] or [[]]
        return {
            int(id): 1.0 - distance
            for id, distance in zip(found["ids"][0], distances[0], strict=True)
        }

    def count(self) -> int:
        """Return the number of vectors the index holds."""
        return int(self._collection.count())
