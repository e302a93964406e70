"""The part of a catalogue that knows what the vector index holds, and what it has still to learn.

Equal vectors are one to the index: many of them hide their neighbours in Chroma's graph (1,000
copies of 5 among 1,000 others: the nearest of the others was among the best 10 in 0.72 of 200
searches).
"""

import json
from collections.abc import Iterable, Mapping
from hashlib import blake2b
from pathlib import Path

import numpy as np

from ingest.database import Database
from ingest.embedded import Vectors

_INDEXED = (
    "CREATE TABLE indexed (span_id INTEGER PRIMARY KEY, vector TEXT NOT NULL)",
    "CREATE INDEX spans_of_vector ON indexed (vector)",
)


def key_of(vector: Vectors) -> str:
    """Return the name under which the vector index has this vector; equal ones have the same."""
    return blake2b(vector.tobytes(), digest_size=16).hexdigest()


class StoredVectors(Database):
    """Opens the file as `Database` does."""

    def __init__(self, path: Path, create: bool = False) -> None:
        super().__init__(path, create)
        # A vector index from before equal ones were one has other names, and is filled anew.
        self._bring_up("SELECT 1 FROM sqlite_master WHERE name = 'indexed'", *_INDEXED)

    def unindexed(self, limit: int) -> tuple[dict[int, Vectors], list[int]]:
        """Return up to `limit` changes to index: vectors to add by span id, and ids to delete."""
        rows = self._rows(
            "SELECT span_id, change, vector FROM unindexed LEFT JOIN spans ON id = span_id"
            " ORDER BY span_id LIMIT ?",
            (limit,),
        )
        add: dict[int, Vectors] = {}
        delete: list[int] = []
        for row in rows:
            if row["change"] == "add" and row["vector"] is not None:
                add[row["span_id"]] = np.frombuffer(row["vector"], np.float32)
            else:
                delete.append(row["span_id"])
        return add, delete

    def unindexed_count(self) -> int:
        """Return the number of changes the vector index has not taken in."""
        return int(self._rows("SELECT count(*) FROM unindexed")[0][0])

    def mark_indexed(self, added: Mapping[int, str], deleted: Iterable[int]) -> None:
        """Note that the vector index has these spans' vectors, by `key_of`, and has no others."""
        with self._transaction() as sql:
            for id in deleted:
                sql.execute("DELETE FROM unindexed WHERE span_id = ?", (id,))
                sql.execute("DELETE FROM indexed WHERE span_id = ?", (id,))
            for id, vector in added.items():
                sql.execute("DELETE FROM unindexed WHERE span_id = ?", (id,))
                sql.execute("INSERT OR REPLACE INTO indexed VALUES (?, ?)", (id, vector))
            sql.execute(
                "INSERT INTO meta VALUES ('index_version', '1')"
                " ON CONFLICT (name) DO UPDATE SET value = value + 1"
            )

    def index_version(self) -> int:
        """Return a number that rises whenever the vector index has taken in changes."""
        query = "SELECT value FROM meta WHERE name = 'index_version'"
        rows = self._rows(query)
        return int(rows[0]["value"]) if rows else 0

    def unindex_all(self) -> None:
        """Have every vector indexed again, for an index that starts empty."""
        with self._transaction() as sql:
            sql.execute("DELETE FROM indexed")
            sql.execute("DELETE FROM unindexed")
            sql.execute("INSERT INTO unindexed SELECT id, 'add' FROM spans")

    def span_count(self) -> int:
        """Return the number of spans."""
        return int(self._rows("SELECT count(*) FROM spans")[0][0])

    def vector_count(self) -> int:
        """Return the number of vectors that an index with all it has taken in holds."""
        return int(self._rows("SELECT count(DISTINCT vector) FROM indexed")[0][0])

    def vectors_of(self, span_ids: Iterable[int]) -> set[str]:
        """Return the indexed vectors of spans."""
        query = "SELECT vector FROM indexed WHERE span_id IN (SELECT value FROM json_each(?))"
        return {row["vector"] for row in self._rows(query, (json.dumps(list(span_ids)),))}

    def vectors_of_no_others(self, span_ids: Iterable[int]) -> set[str]:
        """Return the indexed vectors that no spans have but some of these."""
        ids = set(span_ids)
        vectors = self.vectors_of(ids)
        kept = {vector for id, vector in self.spans_with(vectors) if id not in ids}
        return vectors - kept

    def spans_with(self, vectors: Iterable[str]) -> list[tuple[int, str]]:
        """Return each span that has one of these indexed vectors, with that vector."""
        rows = self._rows(
            "SELECT span_id, vector FROM indexed WHERE vector IN (SELECT value FROM json_each(?))",
            (json.dumps(list(vectors)),),
        )
        return [(row["span_id"], row["vector"]) for row in rows]
