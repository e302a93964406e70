"""The vector index: Chroma, holding the catalogue's span vectors for nearest-neighbour search.

It is derived. It holds vectors and names for them, equal ones once, and no text; what it lacks is
brought in from the catalogue, and a folder that cannot be read is filled anew without embedding
anything.
"""

import errno
import re
import shutil
import sqlite3
import threading
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from ingest.catalogue import Catalogue
from ingest.embedded import Vectors
from ingest.errors import CatalogueError
from ingest.faults import in_words
from ingest.stored_vectors import key_of

if TYPE_CHECKING:
    from chromadb.api import ClientAPI
    from chromadb.api.models.Collection import Collection as ChromaCollection

_COLLECTION = "spans"
# Of 19,656 vectors the nearest 200 were found whole in 43 of 200 searches with Chroma's own 100, in
# 164 with 400, in 199 with 1,000, which takes 1.5 ms more. Who finds the true ones gives the same
# quotes from every graph, this machine's or a server's.
_EF_SEARCH = 1_000
_BATCH = 2_000
_HARDLY_ROOM = 1_000_000  # bytes

# Two threads that open Chroma at once clear away each other's half-made state.
_OPENING = threading.Lock()


class DamagedVectors(CatalogueError):
    """Chroma's files cannot be read; all that is in them is in the catalogue."""


class VectorIndex:
    """The index in `folder`, made when it is not there."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._collection = self._open()

    def _open(self) -> "ChromaCollection":
        import chromadb
        from chromadb.api.shared_system_client import SharedSystemClient
        from chromadb.config import Settings

        # Chroma gives all clients of a process one state, which does not see what other processes
        # wrote, and writing from it loses their vectors (1,500 of 4,000, measured with 1.5.9).
        with _OPENING, self._readable():
            SharedSystemClient.clear_system_cache()
            client = chromadb.PersistentClient(
                path=str(self.folder), settings=Settings(anonymized_telemetry=False)
            )
            return spans_in(client, _COLLECTION)

    @contextmanager
    def _readable(self) -> Iterator[None]:
        """Raise DamagedVectors where Chroma finds its files damaged: at opening, or only in use.

        Raises CatalogueError where the disk is full, which Chroma does not always say.
        """
        try:
            yield
        except (CatalogueError, KeyboardInterrupt, SystemExit):
            raise
        except BaseException as error:  # many kinds, and the panic of Rust is no Exception
            raise self._fault(error) from error

    def _fault(self, error: BaseException) -> CatalogueError:
        code = re.search(r"\(code: (\d+)\)", str(error))
        is_full = code is not None and int(code[1]) & 0xFF == sqlite3.SQLITE_FULL
        if is_full or (self.folder.is_dir() and _has_hardly_room(self.folder)):
            full = OSError(errno.ENOSPC, str(error))
            return CatalogueError(in_words(full, "The vector index", self.folder))
        return DamagedVectors(
            f"The vector index in {self.folder} cannot be read ({error}). "
            "Run `footnote ingest --rebuild-index`: it is made anew from the catalogue."
        )

    def catch_up(self, catalogue: Catalogue) -> None:
        """Take in what the catalogue says is not indexed yet. Safe to repeat at any time.

        The caller holds the lock for writing: two processes that write destroy a Chroma folder.
        """
        if not self.count():
            catalogue.unindex_all()
        while True:
            add, delete = catalogue.unindexed(_BATCH)
            if not add and not delete:
                return
            new = {key_of(vector): vector for vector in add.values()}
            forgotten = catalogue.vectors_of_no_others(delete) - new.keys()
            with self._readable():
                if forgotten:
                    self._collection.delete(ids=list(forgotten))
                if new:
                    self._collection.upsert(ids=list(new), embeddings=np.array(list(new.values())))
            catalogue.mark_indexed({id: key_of(add[id]) for id in add}, delete)

    def nearest(
        self, vector: Vectors, top: int, among: Collection[str] | None = None
    ) -> dict[str, float]:
        """Return up to `top` vectors, by `key_of`, with their cosine similarity to a unit `vector`.

        Only those of `among`, where it is given.
        """
        if among is not None and not among:
            return {}
        with self._readable():
            found = self._collection.query(
                query_embeddings=np.array([vector]),
                ids=None if among is None else list(among),
                n_results=top,
                include=["distances"],
            )
        distances = found["distances"] or [[]]
        return {
            key: 1.0 - distance for key, distance in zip(found["ids"][0], distances[0], strict=True)
        }

    def count(self) -> int:
        """Return the number of vectors the index holds."""
        with self._readable():
            return int(self._collection.count())


def spans_in(client: "ClientAPI", name: str) -> "ChromaCollection":
    """Return a collection of vectors, made where it is not there, that is searched widely."""
    spans = client.get_or_create_collection(
        name, embedding_function=None, configuration={"hnsw": {"space": "cosine"}}
    )
    graph = spans.configuration_json.get(
        "hnsw"
    )  # Chroma Cloud has another kind, which does not say
    if graph is not None and graph.get("ef_search") != _EF_SEARCH:
        spans.modify(configuration={"hnsw": {"ef_search": _EF_SEARCH}})
    return spans


def _has_hardly_room(folder: Path) -> bool:
    return shutil.disk_usage(folder).free < _HARDLY_ROOM
