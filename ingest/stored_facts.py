"""What receipts say of a catalogue's documents, and which of them are nearly the same."""

import json
import sqlite3
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from ingest.database import Database
from ingest.facts import Facts, resemblance

NEARLY = 0.6
"""The share of runs of words that nearly equal documents have in common."""

_COMPARED = 10  # with those that share most hashes

_STATEMENTS = (
    "ALTER TABLE documents ADD COLUMN facts TEXT NOT NULL DEFAULT '{}'",
    """
CREATE TABLE sketches (
    hash        INTEGER NOT NULL,     -- of a run of words, one of the least that its text has
    document_id INTEGER NOT NULL REFERENCES documents (id) ON DELETE CASCADE,
    PRIMARY KEY (hash, document_id)
) WITHOUT ROWID""",
    "CREATE INDEX sketches_of_document ON sketches (document_id)",
)


@dataclass(frozen=True)
class Told:
    """What is kept of a reading: its facts, and how many sentences its last version did not have.

    `gone` are those that only the version before had. Both None for a first version.
    """

    facts: Facts
    new: int | None = None
    gone: int | None = None


class StoredFacts(Database):
    """The part of a catalogue that keeps what receipts say. Opens the file as `Database` does."""

    def __init__(self, path: Path, create: bool = False) -> None:
        super().__init__(path, create)
        is_there = "SELECT 1 FROM sqlite_master WHERE name = 'sketches'"
        self._bring_up(is_there, *_STATEMENTS)

    def told(self, name: str) -> Told:
        """Return what is known of a document; nothing where it was read before this was kept."""
        rows = self._rows("SELECT id, facts FROM documents WHERE name = ?", (name,))
        if not rows:
            return Told(Facts())
        kept = json.loads(rows[0]["facts"])
        facts = Facts(**kept.get("facts", {}), sketch=self._sketch(rows[0]["id"]))
        return Told(facts, kept.get("new"), kept.get("gone"))

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
    def _add_facts(sql: sqlite3.Connection, document_id: int, told: Told) -> None:
        kept = asdict(replace(told, facts=replace(told.facts, sketch=())))
        del kept["facts"]["sketch"]
        sql.execute("UPDATE documents SET facts = ? WHERE id = ?", (json.dumps(kept), document_id))
        sql.executemany(
            "INSERT INTO sketches VALUES (?, ?)",
            ((hash, document_id) for hash in told.facts.sketch),
        )
