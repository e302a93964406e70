"""The journal: what was asked and answered, and what people thought of it. It never leaves home."""

import json
import os
import sqlite3
from collections.abc import Collection, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, Self

from app.answer import Answer
from ingest.errors import CatalogueError, FootnoteError
from ingest.faults import told

if TYPE_CHECKING:
    from ingest.catalogue import Catalogue
    from ingest.index import Index

Complaint = Literal[
    "not supported", "wrong source", "incomplete", "should have refused", "should have answered", ""
]

REMOVED_MEANWHILE = "A document that this is from was removed meanwhile, so it is not kept."

_VERSION = 2
_BEGIN_ANEW = "To begin a new one, move it away."
# Also of a record that is damaged something can be said, so that it can be forgotten.
_ENTRIES = """
SELECT id, answered_at, coalesce(json_extract(readable, '$.question'), ''),
    coalesce(json_extract(readable, '$.refused'), 0), good
FROM (SELECT *, iif(json_valid(record), record, '{}') AS readable FROM answers)
LEFT JOIN feedback ON id = answer_id WHERE answered_at < :before
"""
OF_DOCUMENTS = (
    "(document IN (SELECT value FROM json_each(:documents))"
    " OR sha256 IN (SELECT value FROM json_each(:documents)))"
)
"""Of the view `held`: what is of documents, whose names or SHA-256 are a list in JSON."""
_QUOTING = f"AND id IN (SELECT answer FROM held WHERE {OF_DOCUMENTS})"


@dataclass(frozen=True)
class Kept:
    """An answer as it was given, and when (ISO 8601, UTC)."""

    answer: Answer
    answered_at: str


@dataclass(frozen=True)
class Entry:
    """What there is to say of a kept answer in one line; `good` is None where nobody judged it."""

    id: str
    answered_at: str
    question: str
    refused: bool
    good: bool | None


class Journal:
    """The journal at `path`, made when something is first kept. Usable from several threads.

    Every method raises CatalogueError when the file cannot be read or written.
    """

    WAIT_S = 30.0
    """Seconds to wait for another process that writes."""

    def __init__(self, path: Path, index: "Index | None" = None) -> None:
        """`index` has the documents of which words may be kept; without one, any are."""
        self.path = path
        self._index = index

    @classmethod
    def of(cls, home: Path, index: "Index | None" = None) -> Self:
        """Return the journal of a home."""
        return cls(home / "journal.sqlite", index)

    @contextmanager
    def open(self) -> Iterator[sqlite3.Connection]:
        """Lend a connection; what is written is kept when the block ends, and not if it raises."""
        with told("The journal", self.path, _BEGIN_ANEW):
            self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            os.close(os.open(self.path, os.O_RDWR | os.O_CREAT, 0o600))
            with closing(sqlite3.connect(self.path, timeout=self.WAIT_S)) as connection:
                # Written in memory and not to a file elsewhere; what is deleted is overwritten.
                connection.execute("PRAGMA temp_store = MEMORY")
                connection.execute("PRAGMA secure_delete = ON")
                if connection.execute("PRAGMA user_version").fetchone()[0] < _VERSION:
                    schema = files("app").joinpath("journal.sql").read_text("utf-8")
                    connection.executescript(f"{schema} PRAGMA user_version = {_VERSION};")
                with connection:
                    yield connection

    def rows(self, query: str, values: Any = ()) -> list[Any]:
        """Return what a query selects; nothing where there is no journal yet."""
        if not self.path.exists():
            return []
        with self.open() as sql:
            return sql.execute(query, values).fetchall()

    def keep(self, answer: Answer) -> bool:
        """Write an answer down, or over what there was of it.

        Say no to one that holds words of a document that was removed while it was given.
        """
        if self._index is not None and _holds_what_is_gone(answer, self._index.catalogue):
            return False
        with self.open() as sql:
            sql.execute(
                "INSERT OR REPLACE INTO answers VALUES (?, ?, ?)",
                (answer.id, iso(), json.dumps(answer.to_json(), ensure_ascii=False)),
            )
        return True

    def answer(self, id: str) -> dict[str, Any] | None:
        """Return the record of an answer, or None."""
        rows = self.rows("SELECT record FROM answers WHERE id = ?", (id,))
        return self._record(rows[0][0]) if rows else None

    def recall(self, id: str) -> Kept | None:
        """Return an answer as it was given, or None."""
        rows = self.rows("SELECT record, answered_at FROM answers WHERE id = ?", (id,))
        if not rows:
            return None
        record = self._record(rows[0][0])
        try:
            return Kept(Answer.from_json(record), rows[0][1])
        except (TypeError, AttributeError) as error:
            raise self._damaged(error) from error

    def judge(self, answer_id: str, good: bool, complaint: Complaint = "", note: str = "") -> None:
        """Keep what somebody thinks of an answer; a later word replaces the earlier one.

        Raises KeyError for an answer the journal does not have.
        """
        if self.answer(answer_id) is None:
            raise KeyError(answer_id)
        with self.open() as sql:
            sql.execute(
                "INSERT OR REPLACE INTO feedback VALUES (?, ?, ?, ?, ?)",
                (answer_id, iso(), int(good), complaint, note),
            )

    def complaints(self) -> list[dict[str, Any]]:
        """Return every answer somebody was unhappy with: `complaint`, `note` and the `answer`."""
        rows = self.rows(
            "SELECT complaint, note, record FROM feedback JOIN answers ON id = answer_id"
            " WHERE NOT good ORDER BY given_at"
        )
        return [
            {"complaint": complaint, "note": note, "answer": self._record(record)}
            for complaint, note, record in rows
        ]

    def entries(
        self, before: datetime | None = None, quoting: Collection[str] | None = None
    ) -> list[Entry]:
        """Return the kept answers, oldest first.

        Those given `before` a moment, which knows its time zone, and those that hold words of a
        document of the names or SHA-256 `quoting`, where these are given.
        """
        rows = self.rows(
            f"{_ENTRIES} {_QUOTING if quoting is not None else ''} ORDER BY answered_at",
            {
                "before": iso(before) if before else "9999",
                "documents": json.dumps(list(quoting or ())),
            },
        )
        return [
            Entry(id, at, question, bool(refused), None if good is None else bool(good))
            for id, at, question, refused, good in rows
        ]

    def quoted_of(self, documents: Collection[str]) -> list[str]:
        """Return what answers hold of documents, of the names or SHA-256 given: their words."""
        rows = self.rows(
            f"SELECT DISTINCT words FROM held WHERE {OF_DOCUMENTS}",
            {"documents": json.dumps(list(documents))},
        )
        return [str(words) for (words,) in rows]

    def records(self) -> Iterator[dict[str, Any]]:
        """Yield all that is kept, oldest first: each answer's record, when, and what was thought.

        `good`, `complaint` and `note` are None where nobody judged it; `conversation` is the id of
        the one that it belongs to, or empty.
        """
        for row in self.rows(
            "SELECT record, answered_at, good, complaint, note, coalesce(conversation, '')"
            " FROM answers LEFT JOIN feedback ON answers.id = answer_id"
            " LEFT JOIN turns ON answer = answers.id ORDER BY answered_at, number"
        ):
            record, answered_at, good, complaint, note, conversation = row
            yield {
                **self._record(record),
                "conversation": conversation,
                "answered_at": answered_at,
                "good": None if good is None else bool(good),
                "complaint": complaint,
                "note": note,
            }

    def forget(self, ids: Sequence[str]) -> None:
        """Take these answers, their questions and what was thought of them off the disk.

        Raises KeyError for one the journal does not have; nothing is forgotten then.
        """
        known = {id for (id,) in self.rows("SELECT id FROM answers")}
        for id in ids:
            if id not in known:
                raise KeyError(id)
        if not known:
            return
        with self.open() as sql:
            for id in ids:
                forget_answer(sql, id)
        off_the_disk(self)

    def _record(self, written: str) -> dict[str, Any]:
        try:
            return dict(json.loads(written))
        except (TypeError, ValueError) as error:
            raise self._damaged(error) from error

    def _damaged(self, error: Exception) -> CatalogueError:
        return CatalogueError(
            f"The journal {self.path} cannot be read: an answer in it is damaged ({error}). "
            + _BEGIN_ANEW
        )


def _holds_what_is_gone(answer: Answer, catalogue: "Catalogue") -> bool:
    held = {(each.document, each.document_sha256) for each in (*answer.citations, *answer.passages)}
    return any(
        catalogue.document(name) is None and catalogue.document_with(sha256) is None
        for name, sha256 in held
    )


def unknown(id: str) -> FootnoteError:
    """The error about an id that nothing has."""
    return FootnoteError(
        f"The journal has no answer {id}, and no conversation. `footnote journal list` lists "
        "the answers, `footnote journal conversations` the conversations."
    )


def forget_answer(sql: sqlite3.Connection, answer: str) -> None:
    """Delete an answer with its turns."""
    for (turn,) in sql.execute("SELECT id FROM turns WHERE answer = ?", (answer,)).fetchall():
        forget_turn(sql, turn)
    _delete_answer(sql, answer)


def forget_turn(sql: sqlite3.Connection, turn: str) -> bool:
    """Delete a turn with its answer; what came after it comes after the one before it.

    A conversation goes with its last turn. Says whether there was such a turn.
    """
    known = "SELECT after, conversation, answer FROM turns WHERE id = ?"
    if (found := sql.execute(known, (turn,)).fetchone()) is None:
        return False
    after, conversation, answer = found
    sql.execute("UPDATE turns SET after = ? WHERE after = ?", (after, turn))
    sql.execute("UPDATE conversations SET tip = ? WHERE tip = ?", (after, turn))
    sql.execute("DELETE FROM said WHERE turn = ?", (turn,))
    sql.execute("DELETE FROM turns WHERE id = ?", (turn,))
    left = "SELECT id FROM turns WHERE conversation = ? ORDER BY number DESC LIMIT 1"
    if (latest := sql.execute(left, (conversation,)).fetchone()) is None:
        sql.execute("DELETE FROM conversations WHERE id = ?", (conversation,))
    else:
        sql.execute(
            "UPDATE conversations SET tip = ? WHERE id = ? AND tip = ''",
            (latest[0], conversation),
        )
    _delete_answer(sql, answer)
    return True


def _delete_answer(sql: sqlite3.Connection, answer: str) -> None:
    sql.execute("DELETE FROM feedback WHERE answer_id = ?", (answer,))
    sql.execute("DELETE FROM answers WHERE id = ?", (answer,))


def off_the_disk(journal: Journal) -> None:
    """Leave no byte of what was deleted from the journal in its file."""
    with journal.open() as sql:
        # What was searched for is kept in parts, which still name what was deleted until merged;
        # pages that were freed before deletions were overwritten are in the file until now.
        sql.execute("INSERT INTO said (said) VALUES ('optimize')")
        sql.commit()
        sql.execute("VACUUM")
        sql.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()


def iso(moment: datetime | None = None) -> str:
    """A moment, or now, as the journal writes it: ISO 8601, UTC."""
    return (moment or datetime.now(UTC)).astimezone(UTC).isoformat(timespec="seconds")
