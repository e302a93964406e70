"""Where things stand in a catalogue's documents: on which page, at which time of a recording."""

import json
import sqlite3
from collections.abc import Iterable

from ingest.database import Database
from ingest.places import PagePlaces, page_at, time_at


class StoredPages(Database):
    """The part of a catalogue that knows pages and times. Opens the file as `Database` does."""

    def place(self, name: str, offset: int) -> tuple[int | None, str]:
        """Return the page and the time that `offset` of a document's text stands at, if any."""
        for row in self._rows("SELECT pages, times FROM documents WHERE name = ?", (name,)):
            return page_at(json.loads(row["pages"]), offset), time_at(_times(row), offset)
        return None, ""

    def times(self, name: str) -> tuple[tuple[int, int], ...]:
        """Return the offsets in a document's text at which times begin, and these in seconds."""
        rows = self._rows("SELECT times FROM documents WHERE name = ?", (name,))
        return _times(rows[0]) if rows else ()

    def page(self, name: str, number: int) -> PagePlaces | None:
        """Return page `number` (from 1) of a document, or None where there is none."""
        rows = self._rows(
            "SELECT width, height, places, is_ocr FROM pages JOIN documents"
            " ON documents.id = document_id WHERE name = ? AND number = ?",
            (name, number),
        )
        for row in rows:
            return PagePlaces(row["width"], row["height"], row["places"], bool(row["is_ocr"]))
        return None

    @staticmethod
    def _add_pages(sql: sqlite3.Connection, document: int, pages: Iterable[PagePlaces]) -> None:
        sql.executemany(
            "INSERT INTO pages (document_id, number, width, height, places, is_ocr)"
            " VALUES (?, ?, ?, ?, ?, ?)",
            (
                (document, number, page.width, page.height, page.packed, page.is_ocr)
                for number, page in enumerate(pages, 1)
            ),
        )


def _times(row: sqlite3.Row) -> tuple[tuple[int, int], ...]:
    return tuple((offset, seconds) for offset, seconds in json.loads(row["times"]))
