"""Sketches of a catalogue's documents, by which it is known which of them are nearly the same."""

import sqlite3
from collections.abc import Sequence
from pathlib import Path

from ingest.database import Database
from ingest.facts import resemblance

NEARLY = 0.6
"""The share of runs of words that nearly equal documents have in common."""

_COMPARED = 10  # with those that share most hashes

_STATEMENTS = (
    """
CREATE TABLE sketches (
    hash        INTEGER NOT NULL,     -- of a run of words, one of the least that its text has
    document_id INTEGER NOT NULL REFERENCES documents (id) ON DELETE CASCADE,
    PRIMARY KEY (hash, document_id)
) WITHOUT ROWID""",
    "CREATE INDEX sketches_of_document ON sketches (document_id)",
)


class StoredSketches(Database):
    """The part of a catalogue that keeps sketches. Opens the file as `Database` does."""

    def __init__(self, path: Path, create: bool = False) -> None:
        super().__init__(path, create)
        is_there = "SELECT 1 FROM sqlite_master WHERE name = 'sketches'"
        self._bring_up(is_there, *_STATEMENTS)

    def nearly_same(self, name: str) -> list[tuple[str, float]]:
        """Return documents that share most runs of words with one, and what share, most first."""
        rows = self._rows("SELECT id FROM documents WHERE name = ?", (name,))
        if not rows:
            return []
        id = rows[0]["id"]
        candidates = self._rows(
            "SELECT documents.id, name FROM sketches JOIN documents ON documents.id = document_id"
            " WHERE hash IN (SELECT hash FROM sketches WHERE document_id = ?1)"
            " AND document_id != ?1 GROUP BY document_id ORDER BY count(*) DESC LIMIT ?2",
            (id, _COMPARED),
        )
        mine = self._sketch(id)
        alike = [(row["name"], resemblance(mine, self._sketch(row["id"]))) for row in candidates]
        return sorted(
            ((other, share) for other, share in alike if share >= NEARLY),
            key=lambda each: (-each[1], each[0]),
        )

    def _sketch(self, document_id: int) -> tuple[int, ...]:
        query = "SELECT hash FROM sketches WHERE document_id = ? ORDER BY hash"
        return tuple(row["hash"] for row in self._rows(query, (document_id,)))

    @staticmethod
    def _add_sketch(sql: sqlite3.Connection, document_id: int, sketch: Sequence[int]) -> None:
        sql.executemany(
            "INSERT INTO sketches VALUES (?, ?)", ((hash, document_id) for hash in sketch)
        )
