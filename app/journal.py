"""The journal: what was asked and answered, and what people thought of it. It never leaves home."""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal, get_args

from app.answer import Answer
from ingest.errors import CatalogueError

Complaint = Literal[
    "not supported", "wrong source", "incomplete", "should have refused", "should have answered", ""
]
COMPLAINTS = tuple(complaint for complaint in get_args(Complaint) if complaint)

_SCHEMA = """
CREATE TABLE IF NOT EXISTS answers (
    id TEXT PRIMARY KEY, answered_at TEXT NOT NULL, record TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS feedback (
    answer_id TEXT PRIMARY KEY REFERENCES answers (id),
    given_at TEXT NOT NULL, good INTEGER NOT NULL, complaint TEXT NOT NULL, note TEXT NOT NULL
);
"""


@dataclass(frozen=True)
class Kept:
    """An answer as it was given, and when (ISO 8601, UTC)."""

    answer: Answer
    answered_at: str


class Journal:
    """The journal at `path`, made when it is not there. Usable from several threads.

    Every method raises CatalogueError when the file cannot be read or written.
    """

    def __init__(self, path: Path) -> None:
        self.path = path

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with closing(sqlite3.connect(self.path, timeout=30)) as connection:
                connection.executescript(_SCHEMA)
                with connection:
                    yield connection
        except (OSError, sqlite3.Error) as error:
            raise CatalogueError(
                f"The journal {self.path} cannot be used ({error}). Make room for it, or move it "
                "away: a new one is begun."
            ) from error

    def keep(self, answer: Answer) -> None:
        """Write a finished answer down; writing it again replaces it."""
        with self._open() as sql:
            sql.execute(
                "INSERT OR REPLACE INTO answers VALUES (?, ?, ?)",
                (answer.id, _now(), json.dumps(answer.to_json(), ensure_ascii=False)),
            )

    def answer(self, id: str) -> dict[str, Any] | None:
        """Return the record of an answer, or None."""
        with self._open() as sql:
            row = sql.execute("SELECT record FROM answers WHERE id = ?", (id,)).fetchone()
        return None if row is None else dict(json.loads(row[0]))

    def recall(self, id: str) -> Kept | None:
        """Return an answer as it was given, or None."""
        with self._open() as sql:
            row = sql.execute(
                "SELECT record, answered_at FROM answers WHERE id = ?", (id,)
            ).fetchone()
        return None if row is None else Kept(Answer.from_json(json.loads(row[0])), row[1])

    def judge(self, answer_id: str, good: bool, complaint: Complaint = "", note: str = "") -> None:
        """Keep what somebody thinks of an answer; a later word replaces the earlier one.

        Raises KeyError for an answer the journal does not have.
        """
        if self.answer(answer_id) is None:
            raise KeyError(answer_id)
        with self._open() as sql:
            sql.execute(
                "INSERT OR REPLACE INTO feedback VALUES (?, ?, ?, ?, ?)",
                (answer_id, _now(), int(good), complaint, note),
            )

    def complaints(self) -> list[dict[str, Any]]:
        """Return every answer somebody was unhappy with: `complaint`, `note` and the `answer`."""
        with self._open() as sql:
            rows = sql.execute(
                "SELECT complaint, note, record FROM feedback JOIN answers ON id = answer_id"
                " WHERE NOT good ORDER BY given_at"
            ).fetchall()
        return [
            {"complaint": complaint, "note": note, "answer": json.loads(record)}
            for complaint, note, record in rows
        ]


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
