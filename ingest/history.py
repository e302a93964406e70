"""What has happened to the documents, and when: kept in the catalogue's file beside them.

A rebuilt catalogue takes over the history of the one before it, and what comes in again with the
bytes it had is no event; so a rebuild is not told as if everything were new.
"""

import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import astuple, dataclass
from datetime import UTC, datetime
from itertools import groupby
from pathlib import Path
from typing import Literal

from ingest.database import Database

What = Literal["added", "changed", "renamed", "removed", "failed", "read"]

_TABLE = """
CREATE TABLE history (
    document TEXT NOT NULL,           -- its name; removed documents are in here too
    what     TEXT NOT NULL,
    sha256   TEXT NOT NULL,           -- of the file's bytes then; empty for a removed one
    at       TEXT NOT NULL,           -- ISO 8601, UTC
    PRIMARY KEY (document, what, sha256, at)
)"""


@dataclass(frozen=True)
class Event:
    """Something that happened to a document; `at` is ISO 8601 in UTC, to the second.

    "failed" is a version that could not be read. "read" stands for what was already there when
    catalogues began to keep a history: it was added or changed then, nobody knows which.
    """

    document: str
    what: What
    sha256: str
    at: str


class History(Database):
    """The part of a catalogue that remembers. Opens the file as `Database` does."""

    def __init__(self, path: Path, create: bool = False) -> None:
        super().__init__(path, create)
        self._bring_up(
            "SELECT 1 FROM sqlite_master WHERE name = 'history'",
            _TABLE,
            "INSERT INTO history SELECT name, 'read', sha256, read_at FROM documents",
        )

    def changes_since(self, when: datetime, until: datetime | None = None) -> list[Event]:
        """Return what became of documents in `[when, until)`, each document once, newest first.

        Both moments know their time zone. A document that came in and was changed counts as added,
        one that was taken out and came back as changed.
        """
        rows = self._rows(
            "SELECT * FROM history WHERE at >= ? AND at < ? ORDER BY document, at, rowid",
            (_iso(when), _iso(until) if until else "9999"),
        )
        by_document = groupby((Event(**row) for row in rows), key=lambda event: event.document)
        changes = [_in_sum(list(events)) for _, events in by_document]
        return sorted(changes, key=lambda event: event.at, reverse=True)

    def history(self) -> list[Event]:
        """Return everything that has happened, oldest first."""
        rows = self._rows("SELECT * FROM history ORDER BY at, rowid")
        return [Event(**row) for row in rows]

    def take_over(self, events: Iterable[Event]) -> None:
        """Remember what happened before this catalogue was made; taking it twice changes nothing.

        To be done before its documents come in.
        """
        with self._transaction() as sql:
            sql.executemany(
                "INSERT OR IGNORE INTO history VALUES (?, ?, ?, ?)",
                (astuple(event) for event in events),
            )

    def note_missing(self) -> None:
        """Note as removed what the history knows as being there, and the catalogue does not."""
        tables = ("documents", "other_names", "failed")
        known = " UNION ".join(f"SELECT name FROM {table}" for table in tables)
        query = f"SELECT DISTINCT document FROM history WHERE document NOT IN ({known})"
        with self._transaction() as sql:
            for row in sql.execute(query).fetchall():
                self._note_removed(sql, row["document"])

    @staticmethod
    def _note(sql: sqlite3.Connection, document: str, sha256: str, failed: bool = False) -> None:
        """Note, in the transaction that does so, that a version of a document comes in."""
        last = _last(sql, document)
        if last and last.sha256 == sha256 and (last.what == "failed") == failed:
            return
        what: What = "changed" if last and last.what not in ("removed", "failed") else "added"
        _insert(sql, Event(document, "failed" if failed else what, sha256, _iso(datetime.now(UTC))))

    @staticmethod
    def _note_renamed(sql: sqlite3.Connection, old: str, new: str) -> None:
        """Note, in the transaction that does so, that a document is called otherwise."""
        last = _last(sql, old)
        if last and old != new:
            sql.execute("UPDATE OR REPLACE history SET document = ? WHERE document = ?", (new, old))
            _insert(sql, Event(new, "renamed", last.sha256, _iso(datetime.now(UTC))))

    @staticmethod
    def _note_removed(sql: sqlite3.Connection, document: str) -> None:
        """Note, in the transaction that does so, that a document goes."""
        last = _last(sql, document)
        if last and last.what != "removed":
            _insert(sql, Event(document, "removed", "", _iso(datetime.now(UTC))))


def _last(sql: sqlite3.Connection, document: str) -> Event | None:
    row = sql.execute(
        "SELECT * FROM history WHERE document = ? ORDER BY at DESC, rowid DESC LIMIT 1",
        (document,),
    ).fetchone()
    return Event(**row) if row else None


def _insert(sql: sqlite3.Connection, event: Event) -> None:
    sql.execute("INSERT OR REPLACE INTO history VALUES (?, ?, ?, ?)", astuple(event))


def _in_sum(events: Sequence[Event]) -> Event:
    """Return the last of one document's events, as it looks from before the first."""
    first, last = events[0], events[-1]
    what = last.what
    if what not in ("removed", "failed", "read"):
        is_same = all(event.what == "renamed" for event in events)
        changed: What = "renamed" if is_same else "changed"
        what = "added" if first.what in ("added", "failed") else changed
    return Event(last.document, what, last.sha256, last.at)


def _iso(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="seconds")
