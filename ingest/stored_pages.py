"""The pages of a catalogue's documents: where the characters of their texts stand on them."""

import sqlite3
from collections.abc import Iterable

from ingest.database import Database
from ingest.places import PagePlaces


class StoredPages(Database):
    """The part of a catalogue that knows pages. Opens the file as `Database` does."""

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
