"""The words of the passages: which passages hold a term, how often, and how words are spelt.

Both indexes read their text from the table `passages`, so that it is kept once, and forget it when
they are told so in the same transaction.
"""

import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from ingest.database import Database
from ingest.terms import Term, read_terms

# In the order of their columns in `passages`.
_INDEXED = {"words": "context_terms, terms", "spellings": "header, table_header, text"}

# What a passage's context says counts half of what it says itself; from a quarter to one the
# search finds as much.
_WEIGHTS = "0.5, 1.0"


class Words(Database):
    """The part of a catalogue that knows words. Opens the file as `Database` does."""

    def __init__(self, path: Path, create: bool = False) -> None:
        super().__init__(path, create)
        self._bring_up(_IS_UP, *_UPGRADE)

    def search_terms(self, terms: Iterable[str], top: int) -> dict[int, float]:
        """Return passage ids and their BM25 scores (higher is better) for any of `terms`.

        Method: Okapi BM25 as SQLite's FTS5 computes it.
        """
        query = " OR ".join(f'"{term}"' for term in terms)
        if not query:
            return {}
        rows = self._rows(
            f"SELECT rowid, -bm25(words, {_WEIGHTS}) AS score FROM words WHERE words MATCH ?"
            " ORDER BY score DESC LIMIT ?",
            (query, top),
        )
        return {row["rowid"]: row["score"] for row in rows}

    def search_words(self, words: Iterable[str], top: int) -> dict[int, float]:
        """Return passage ids and their BM25 scores for any of `words`, in whatever form."""
        return self.search_terms((term for word in words for term in _all_of(word)), top)

    def passages_with(self, word: str) -> int:
        """Return the number of passages in which `word`, or another form of it, occurs."""
        query = " AND ".join(f'"{term}"' for term in _all_of(word))
        return self._matching(query) if query else 0

    def _matching(self, query: str) -> int:
        return int(self._rows("SELECT count(*) FROM words WHERE words MATCH ?", (query,))[0][0])

    def frequencies(self, terms: Iterable[str]) -> Mapping[str, int]:
        """Return, for each of `terms`, the number of passages that hold it, themselves or above."""
        query = "SELECT doc FROM term_frequencies WHERE term = ?"
        with self._connected() as sql:
            return {
                term: row["doc"] if (row := sql.execute(query, (term,)).fetchone()) else 0
                for term in dict.fromkeys(terms)
            }

    def numbered(self, name: str) -> bool:
        """Say whether anything is called by this term and a number: "zone" where zone 4 is."""
        query = "SELECT 1 FROM term_frequencies WHERE term >= ? AND term < ? LIMIT 1"
        return bool(self._rows(query, (f"{name}0", f"{name}:")))

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
    def _index_words(sql: sqlite3.Connection, document_id: int) -> None:
        """Take in the words of a document's passages, which stand in `passages` already."""
        for table, columns in _INDEXED.items():
            sql.execute(
                f"INSERT INTO {table} (rowid, {columns})"
                f" SELECT id, {columns} FROM passages WHERE document_id = ?",
                (document_id,),
            )

    @staticmethod
    def _delete_words(sql: sqlite3.Connection, passages: str, *values: str | int) -> None:
        """Forget the words of the passages, still there, whose ids the query `passages` selects."""
        for table, columns in _INDEXED.items():
            sql.execute(
                f"INSERT INTO {table} ({table}, rowid, {columns})"
                f" SELECT 'delete', id, {columns} FROM passages WHERE id IN ({passages})",
                values,
            )

    @staticmethod
    def _note_unscrubbed(sql: sqlite3.Connection) -> None:
        """Note, in the transaction that deletes text, that `scrub` has something to do."""
        sql.execute("INSERT OR IGNORE INTO meta VALUES ('unscrubbed', '1')")

    def is_scrubbed(self) -> bool:
        """Whether nothing of deleted text has been left readable."""
        return not self._rows("SELECT 1 FROM meta WHERE name = 'unscrubbed'")

    def scrub(self, whole: bool = False) -> None:
        """Leave nothing readable of deleted text in the word index or the write-ahead log.

        FTS5 keeps deleted words until their segments are merged, and the log keeps old pages until
        it is cut off. Where a reader holds on to the log, there is still something to do after it.
        `whole` writes the file anew as well: of 200 removed documents one was still readable in
        what SQLite had left free while it moved rows between pages.
        """
        for table in ("words", "spellings"):
            self._rows(f"INSERT INTO {table} ({table}) VALUES ('optimize')")
        if whole:
            self._rows("PRAGMA temp_store = MEMORY")  # and not in a file elsewhere
            self._rows("VACUUM")
        is_held = self._rows("PRAGMA wal_checkpoint(TRUNCATE)")[0][0]
        if not is_held:
            with self._transaction() as sql:
                sql.execute("DELETE FROM meta WHERE name = 'unscrubbed'")


# An index from before passages kept their own words goes on serving until it is built anew.
_IS_UP = "SELECT 1 FROM pragma_table_info('passages') WHERE name = 'context_terms'"
_UPGRADE = (
    *(
        f"ALTER TABLE passages ADD COLUMN {column} TEXT NOT NULL DEFAULT ''"
        for column in ("header", "table_header", "text", "context_terms", "terms")
    ),
    "UPDATE passages SET (text, table_header, header) = (SELECT"
    ' substr(text, start + 1, "end" - start),'
    " coalesce(substr(text, header_start + 1, header_end - header_start), ''),"
    " iif(section = '', title, title || ' › ' || section)"
    " FROM documents WHERE documents.id = document_id)",
    "UPDATE passages SET context_terms = header, terms = table_header || char(10) || text",
    "DROP TABLE words",
    "DROP TABLE IF EXISTS vocabulary",
    "DROP TABLE IF EXISTS spellings",
    "CREATE VIRTUAL TABLE words USING fts5 (context_terms, terms, content = 'passages',"
    " content_rowid = 'id', tokenize = 'porter unicode61')",
    "CREATE VIRTUAL TABLE term_frequencies USING fts5vocab (words, row)",
    "CREATE VIRTUAL TABLE spellings USING fts5 (header, table_header, text, content = 'passages',"
    " content_rowid = 'id', detail = none, columnsize = 0,"
    " tokenize = 'unicode61 remove_diacritics 0')",
    "CREATE VIRTUAL TABLE vocabulary USING fts5vocab (spellings, row)",
    *(f"INSERT INTO {table} ({table}) VALUES ('rebuild')" for table in _INDEXED),
)


def _all_of(word: str) -> list[str]:
    """Return the terms that say all of a word: of a code its whole alone."""
    found: list[Term] = list(read_terms(word))
    return [term.text for term in found if term.whole] or [term.text for term in found]
