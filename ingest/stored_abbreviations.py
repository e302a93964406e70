"""The abbreviations of a catalogue: written with a document, looked up for a question."""

import json
import sqlite3
from collections.abc import Iterable
from pathlib import Path

from ingest.abbreviations import Abbreviation, abbreviations
from ingest.database import Database


class StoredAbbreviations(Database):
    """The part of a catalogue that knows abbreviations. Opens the file as `Database` does."""

    def __init__(self, path: Path, create: bool = False) -> None:
        super().__init__(path, create)
        self._bring_up(
            "SELECT 1 FROM sqlite_master WHERE name = 'abbreviations'",
            "CREATE TABLE abbreviations (document_id, short, long, term, first_term)",
        )

    def abbreviations(self, terms: Iterable[str]) -> list[Abbreviation]:
        """Return those whose short form, or the first word of whose long form, is among `terms`.

        Initials are, only where no passage has them as a word: "age" is no Art Gallery Edinburgh.
        """
        among = "IN (SELECT value FROM json_each(?1))"
        is_word = "EXISTS (SELECT 1 FROM term_frequencies AS word WHERE word.term = had.term)"
        rows = self._rows(
            "SELECT DISTINCT short, long FROM abbreviations AS had"
            f" WHERE (term {among} OR first_term {among})"
            f" AND (short <> lower(short) OR NOT {is_word}) ORDER BY short, long",
            (json.dumps(list(terms)),),
        )
        return [Abbreviation(row["short"], row["long"]) for row in rows]

    @staticmethod
    def _add_abbreviations(sql: sqlite3.Connection, document_id: int, text: str) -> None:
        sql.executemany(
            "INSERT INTO abbreviations VALUES (?, ?, ?, ?, ?)",
            (
                (document_id, one.short, one.long, one.short_term, one.long_terms[0])
                for one in sorted(abbreviations(text))
                if one.long_terms
            ),
        )
