"""Under which names a document's content is there: its files, of which one is enough.

A document is its content. Its file may be called otherwise, moved, or be there twice; nothing is
read or embedded again for that, and its passages and vectors stay as they are.
"""

import json
import sqlite3
from pathlib import Path

from ingest.context import about_terms
from ingest.history import History
from ingest.loaders.document import choose_title
from ingest.passages import passage_header
from ingest.words import Words

_TABLE = """
CREATE TABLE other_names (
    path        TEXT PRIMARY KEY,     -- of a further file with the bytes of a document
    name        TEXT NOT NULL UNIQUE,
    document_id INTEGER NOT NULL REFERENCES documents (id) ON DELETE CASCADE
)"""
_CONTEXTS = (
    "SELECT DISTINCT contexts.terms FROM spans JOIN contexts ON contexts.id = context_id"
    " WHERE passage_id = ?"
)
_OF_DOCUMENT = "CREATE INDEX other_names_of_document ON other_names (document_id)"


class StoredNames(History, Words):
    """The part of a catalogue that knows names. Opens the file as `Database` does."""

    def __init__(self, path: Path, create: bool = False) -> None:
        super().__init__(path, create)
        is_there = "SELECT 1 FROM sqlite_master WHERE name = 'other_names'"
        self._bring_up(is_there, _TABLE, _OF_DOCUMENT)

    def is_taken(self, name: str) -> bool:
        """Whether a document, or a file that could not be read, has this name."""
        tables = ("documents", "other_names", "failed")
        query = " UNION ALL ".join(f"SELECT 1 FROM {table} WHERE name = :name" for table in tables)
        with self._connected() as sql:
            return sql.execute(query, {"name": name}).fetchone() is not None

    def also_call(self, document_path: str, name: str, path: Path) -> None:
        """Note that the document at `document_path` is at `path` too, under another name.

        What was at `path` before is forgotten.
        """
        with self._transaction() as sql:
            self._release(sql, path)
            row = _row_at(sql, document_path)
            self._note(sql, name, row["sha256"])
            sql.execute("INSERT INTO other_names VALUES (?, ?, ?)", (str(path), name, row["id"]))

    def rename(self, old_path: str, name: str, path: Path) -> None:
        """Note that the document's file at `old_path` is at `path` now, under this name.

        What was at `path` before is forgotten.
        """
        with self._transaction() as sql:
            self._release(sql, path)
            document = sql.execute("SELECT * FROM documents WHERE path = ?", (old_path,)).fetchone()
            if document:
                self._note_renamed(sql, document["name"], name)
                self._call(sql, document, name, path)
                return
            [row] = sql.execute("SELECT name FROM other_names WHERE path = ?", (old_path,))
            self._note_renamed(sql, row["name"], name)
            sql.execute(
                "UPDATE other_names SET path = ?, name = ? WHERE path = ?",
                (str(path), name, old_path),
            )

    def _release(self, sql: sqlite3.Connection, path: Path) -> None:
        """Forget, in this transaction, what the file at `path` was to documents or failures.

        A document whose content has another name still is kept under that.
        """
        sql.execute("DELETE FROM failed WHERE path = ?", (str(path),))
        if self._drop_name(sql, path):
            return
        of_document = (
            "SELECT passages.id FROM passages JOIN documents ON documents.id = document_id"
            " WHERE path = ?"
        )
        sql.execute(
            "INSERT OR REPLACE INTO unindexed SELECT id, 'delete' FROM spans"
            f" WHERE passage_id IN ({of_document})",
            (str(path),),
        )
        self._delete_words(sql, of_document, str(path))
        gone = sql.execute("DELETE FROM documents WHERE path = ?", (str(path),))
        if gone.rowcount:
            self._note_unscrubbed(sql)

    @staticmethod
    def _take_other_names(sql: sqlite3.Connection, path: Path, sha256: str) -> list[sqlite3.Row]:
        """Take from the document at `path`, if its bytes have this hash, its other names."""
        of_document = "document_id = (SELECT id FROM documents WHERE path = ? AND sha256 = ?)"
        found = sql.execute(
            f"SELECT path, name FROM other_names WHERE {of_document}", (str(path), sha256)
        ).fetchall()
        sql.execute(f"DELETE FROM other_names WHERE {of_document}", (str(path), sha256))
        return found

    def _drop_name(self, sql: sqlite3.Connection, path: Path) -> bool:
        """Take `path` from the document that has it; whether its content has another one still."""
        if sql.execute("DELETE FROM other_names WHERE path = ?", (str(path),)).rowcount:
            return True
        other = sql.execute(
            "SELECT other_names.* FROM other_names JOIN documents ON documents.id = document_id"
            " WHERE documents.path = ? ORDER BY other_names.name LIMIT 1",
            (str(path),),
        ).fetchone()
        if other is None:
            return False
        sql.execute("DELETE FROM other_names WHERE path = ?", (other["path"],))
        [document] = sql.execute("SELECT * FROM documents WHERE path = ?", (str(path),))
        self._call(sql, document, other["name"], other["path"])
        return True

    def _call(
        self, sql: sqlite3.Connection, document: sqlite3.Row, name: str, path: Path | str
    ) -> None:
        """Give a document another name, and the title that follows if it has none of its own."""
        title = document["title"]
        if title == choose_title("", document["name"]):
            title = choose_title("", name)
        author = json.loads(document["metadata"]).get("author", "")
        told = about_terms(name, title, author, document["date"] or "", document["opening"])
        sql.execute(
            "UPDATE documents SET name = ?, path = ?, title = ?, terms = ? WHERE id = ?",
            (name, str(path), title, " ".join(sorted(told)), document["id"]),
        )
        of_document = "SELECT id FROM passages WHERE document_id = ?"
        self._delete_words(sql, of_document, document["id"])
        query = "SELECT id, section FROM passages WHERE document_id = ?"
        for passage in sql.execute(query, (document["id"],)).fetchall():
            contexts = sql.execute(_CONTEXTS, (passage["id"],)).fetchall()
            said = told.union(*(row["terms"].split() for row in contexts))
            sql.execute(
                "UPDATE passages SET header = ?, context_terms = ? WHERE id = ?",
                (passage_header(title, passage["section"]), " ".join(sorted(said)), passage["id"]),
            )
        self._index_words(sql, document["id"])


def _row_at(sql: sqlite3.Connection, path: str) -> sqlite3.Row:
    row: sqlite3.Row = sql.execute(
        "SELECT id, sha256 FROM documents WHERE path = ?", (path,)
    ).fetchone()
    return row
