"""The words of the passages: which hold a word, in any of its forms, and how words are spelt."""

import re
import sqlite3
from collections.abc import Iterable, Iterator
from pathlib import Path

from ingest.database import Database

# The rows of `words` once more, as they are spelt and without the text itself. Changed together.
_TABLES = (
    "CREATE VIRTUAL TABLE spellings USING fts5 (header, body, content = '', detail = none,"
    " columnsize = 0, tokenize = 'unicode61 remove_diacritics 0')",
    "CREATE VIRTUAL TABLE vocabulary USING fts5vocab (spellings, row)",
    "INSERT INTO spellings (rowid, header, body) SELECT rowid, header, body FROM words",
)


class Words(Database):
    """The part of a catalogue that knows words. Opens the file as `Database` does."""

    def __init__(self, path: Path, create: bool = False) -> None:
        super().__init__(path, create)
        self._bring_up("SELECT 1 FROM sqlite_master WHERE name = 'vocabulary'", *_TABLES)

    def search_words(self, words: Iterable[str], top: int) -> dict[int, float]:
        """Return passage ids and their BM25 scores (higher is better) for any of `words`.

        Method: Okapi BM25 as SQLite's FTS5 computes it, over stems (Porter).
        """
        terms = " OR ".join(f'"{word}"' for word in words if re.fullmatch(r"\w+", word))
        if not terms:
            return {}
        rows = self._rows(
            "SELECT rowid, -bm25(words) AS score FROM words WHERE words MATCH ?"
            " ORDER BY rank LIMIT ?",
            (terms, top),
        )
        return {row["rowid"]: row["score"] for row in rows}

    def passages_with(self, word: str) -> int:
        """Return the number of passages in which `word`, or another form of it, occurs."""
        if not re.fullmatch(r"\w+", word):
            return 0
        query = "SELECT count(*) FROM words WHERE words MATCH ?"
        return int(self._rows(query, (f'"{word}"',))[0][0])

    def vocabulary(self, prefix: str, shortest: int, longest: int) -> Iterator[tuple[str, int]]:
        """Yield the words, in lower case, that begin so, and in how many passages each stands.

        Those of `shortest` to `longest` letters alone.
        """
        rows = self._rows(
            "SELECT term, doc FROM vocabulary WHERE term >= ? AND term < ?"
            " AND length(term) BETWEEN ? AND ?",
            (prefix, f"{prefix}{chr(0x10FFFF)}", shortest, longest),
        )
        yield from ((row["term"], row["doc"]) for row in rows)

    @staticmethod
    def _add_words(sql: sqlite3.Connection, passage_id: int, header: str, body: str) -> None:
        for table in ("words", "spellings"):
            sql.execute(
                f"INSERT INTO {table} (rowid, header, body) VALUES (?, ?, ?)",
                (passage_id, header, body),
            )

    @staticmethod
    def _delete_words(sql: sqlite3.Connection, passages: str, *values: str) -> None:
        """Delete the words of the passages whose ids the query `passages` selects."""
        # An index without its text has to be told what to forget.
        sql.execute(
            "INSERT INTO spellings (spellings, rowid, header, body)"
            f" SELECT 'delete', rowid, header, body FROM words WHERE rowid IN ({passages})",
            values,
        )
        sql.execute(f"DELETE FROM words WHERE rowid IN ({passages})", values)

    def scrub(self) -> None:
        """Leave nothing readable of deleted text in the word index or the write-ahead log.

        FTS5 keeps deleted words until their segments are merged, and the log keeps old pages until
        it is cut off.
        """
        for table in ("words", "spellings"):
            self._rows(f"INSERT INTO {table} ({table}) VALUES ('optimize')")
        self._rows("PRAGMA wal_checkpoint(TRUNCATE)")
