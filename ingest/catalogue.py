"""The catalogue: one SQLite file that is the truth about documents, passages, spans and vectors.

A document is replaced in one transaction, so that a reader sees it whole, old or new, and a killed
process leaves nothing half-written. It knows nothing of files, models or Chroma.
"""

import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from ingest.blocks import header_above
from ingest.embedding import EmbeddedText, Signs, Vectors
from ingest.history import History
from ingest.loaders import LoadedDocument
from ingest.passages import Passage, passage_header, passage_text
from ingest.words import Words


@dataclass(frozen=True)
class Document:
    """A document as the catalogue knows it. `status` is "indexed" or "failed".

    A failed one has no text; `warnings` then say what is the matter and what to do.
    """

    name: str
    path: str
    sha256: str
    type: str
    title: str
    date: str | None
    metadata: dict[str, str]
    warnings: tuple[str, ...]
    page_starts: tuple[int, ...]
    passages: int
    read_at: str
    status: str

    @property
    def pages(self) -> int | None:
        """The number of its pages; None for a format without pages."""
        return len(self.page_starts) or None


@dataclass(frozen=True)
class StoredPassage:
    """A passage with what is needed to search, show and quote it.

    `text` is exactly `[start, end)` of the document's text; `table_header` is the header of the
    table its rows were cut from, or empty. `spans` are offsets into the document's text.
    """

    id: int
    document: str
    document_sha256: str
    title: str
    section: str
    page: int | None
    start: int
    end: int
    text: str
    table_header: str
    spans: tuple[tuple[int, int], ...]
    vectors: Vectors

    @property
    def header(self) -> str:
        """What was put before the text when it was embedded and searched."""
        return passage_header(self.title, self.section)

    def header_of_row(self, start: int) -> str:
        """Return the header of the table whose row begins at `start` of the document.

        It stands above in the passage, or, where the passage goes on with a table, in
        `table_header`. Empty where no row begins there.
        """
        offset = start - self.start
        if not self.text.startswith("|", offset):
            return ""
        above = self.text[:offset].splitlines()
        if self.table_header and all(line.startswith("|") for line in above):
            return self.table_header
        return header_above(self.text, offset)


class Catalogue(History, Words):
    """Opens, or with `create` makes, the catalogue at `path`. Usable from several threads."""

    def __init__(self, path: Path, create: bool = False) -> None:
        super().__init__(path, create)
        # An index from before there were signs serves without until it is built anew.
        self._bring_up(
            "SELECT 1 FROM pragma_table_info('spans') WHERE name = 'signs'",
            "ALTER TABLE spans ADD COLUMN signs BLOB NOT NULL DEFAULT x''",
        )

    # --- documents ---

    def put(
        self,
        name: str,
        path: Path,
        sha256: str,
        loaded: LoadedDocument,
        passages: Sequence[Passage],
        spans: Sequence[EmbeddedText],
    ) -> None:
        """Add a document or replace the one at `path`, in one transaction.

        `spans` has one text per span, passage after passage.
        """
        rows = iter(spans)
        with self._transaction() as sql:
            self._delete(sql, path)
            self._note(sql, name, sha256)
            cursor = sql.execute(
                "INSERT INTO documents (name, path, sha256, type, title, date, metadata, warnings,"
                " pages, text, read_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    name,
                    str(path),
                    sha256,
                    loaded.type,
                    loaded.title,
                    loaded.date,
                    json.dumps(loaded.metadata),
                    json.dumps(loaded.warnings),
                    json.dumps(loaded.pages),
                    loaded.text,
                    datetime.now(UTC).isoformat(timespec="seconds"),
                ),
            )
            document_id = cursor.lastrowid
            for passage in passages:
                header = passage.table_header or (None, None)
                passage_id = sql.execute(
                    'INSERT INTO passages (document_id, start, "end", section, page,'
                    " header_start, header_end) VALUES (?, ?, ?, ?, ?, ?, ?)",
                    (
                        document_id,
                        passage.start,
                        passage.end,
                        passage.section,
                        passage.page,
                        *header,
                    ),
                ).lastrowid
                assert passage_id is not None
                self._add_words(
                    sql,
                    passage_id,
                    passage_header(loaded.title, passage.section),
                    passage_text(loaded.text, passage),
                )
                for start, end in passage.spans:
                    span = next(rows)
                    span_id = sql.execute(
                        'INSERT INTO spans (passage_id, start, "end", vector, signs)'
                        " VALUES (?, ?, ?, ?, ?)",
                        (passage_id, start, end, span.vector.tobytes(), span.signs.tobytes()),
                    ).lastrowid
                    sql.execute("INSERT INTO unindexed VALUES (?, 'add')", (span_id,))

    def delete(self, path: Path) -> None:
        """Forget the document at `path` and its failure, if there is one."""
        with self._transaction() as sql:
            self._note_gone(sql, path)
            self._delete(sql, path)

    def _note_gone(self, sql: sqlite3.Connection, path: Path) -> None:
        for document in self._find("path = ?", str(path)):
            self._note_removed(sql, document.name)

    def _delete(self, sql: sqlite3.Connection, path: Path) -> None:
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
        sql.execute("DELETE FROM documents WHERE path = ?", (str(path),))
        sql.execute("DELETE FROM failed WHERE path = ?", (str(path),))

    def fail(self, name: str, path: Path, sha256: str, problem: str, remedy: str) -> None:
        """Note that a file could not be read; a version of it that was read before is forgotten."""
        with self._transaction() as sql:
            self._delete(sql, path)
            self._note(sql, name, sha256, failed=True)
            sql.execute(
                "INSERT INTO failed VALUES (?, ?, ?, ?, ?)",
                (str(path), name, sha256, problem, remedy),
            )

    def documents(self) -> list[Document]:
        """Return every document, failed ones too, by name."""
        return sorted(self._find("1"), key=lambda document: document.name)

    def document(self, name: str) -> Document | None:
        """Return the document of that name, or None."""
        return next(self._find("name = ?", name), None)

    def document_at(self, path: Path) -> Document | None:
        """Return the document whose file is at `path`, or None."""
        return next(self._find("path = ?", str(path)), None)

    def names_with(self, sha256: str) -> list[str]:
        """Return the names of the documents whose file has these very bytes."""
        rows = self._connection().execute(
            "SELECT name FROM documents WHERE sha256 = ? ORDER BY name", (sha256,)
        )
        return [row["name"] for row in rows]

    def _find(self, condition: str, *values: str) -> Iterator[Document]:
        # Without the text, which may be megabytes for each.
        for row in self._connection().execute(
            "SELECT name, path, sha256, type, title, date, metadata, warnings, pages, read_at,"
            " (SELECT count(*) FROM passages WHERE document_id = documents.id) AS passages"
            f" FROM documents WHERE {condition}",
            values,
        ):
            yield self._document(row)
        for row in self._connection().execute(f"SELECT * FROM failed WHERE {condition}", values):
            yield self._failed(row)

    @staticmethod
    def _failed(row: sqlite3.Row) -> Document:
        path = Path(row["path"])
        return Document(
            name=row["name"],
            path=row["path"],
            sha256=row["sha256"],
            type=path.suffix.lstrip(".").lower(),
            title=path.name,
            date=None,
            metadata={},
            warnings=(f"{row['problem']} {row['remedy']}",),
            page_starts=(),
            passages=0,
            read_at="",
            status="failed",
        )

    @staticmethod
    def _document(row: sqlite3.Row) -> Document:
        return Document(
            name=row["name"],
            path=row["path"],
            sha256=row["sha256"],
            type=row["type"],
            title=row["title"],
            date=row["date"],
            metadata=json.loads(row["metadata"]),
            warnings=tuple(json.loads(row["warnings"])),
            page_starts=tuple(json.loads(row["pages"])),
            passages=row["passages"],
            read_at=row["read_at"],
            status="indexed",
        )

    def text(self, name: str) -> str | None:
        """Return a document's canonical text, or None where there is no such document."""
        row = (
            self._connection()
            .execute("SELECT text FROM documents WHERE name = ?", (name,))
            .fetchone()
        )
        return None if row is None else str(row["text"])

    def sections(self, name: str) -> list[str]:
        """Return the sections of a document, in reading order, each once."""
        rows = self._connection().execute(
            "SELECT section FROM passages JOIN documents ON documents.id = document_id"
            " WHERE name = ? GROUP BY section ORDER BY min(start)",
            (name,),
        )
        return [row["section"] for row in rows]

    # --- what a search needs ---

    def passage_count(self) -> int:
        """Return the number of passages."""
        return int(self._connection().execute("SELECT count(*) FROM passages").fetchone()[0])

    def passages_of_spans(self, span_ids: Iterable[int]) -> dict[int, int]:
        """Return the passage id of each span that the catalogue knows."""
        rows = self._connection().execute(
            "SELECT id, passage_id FROM spans WHERE id IN (SELECT value FROM json_each(?))",
            (json.dumps(list(span_ids)),),
        )
        return {row["id"]: row["passage_id"] for row in rows}

    def passages(self, ids: Iterable[int]) -> dict[int, StoredPassage]:
        """Return the passages of those ids that the catalogue knows, with spans and vectors."""
        wanted = json.dumps(list(ids))
        spans: dict[int, list[sqlite3.Row]] = {}
        for row in self._connection().execute(
            'SELECT passage_id, start, "end", vector FROM spans'
            " WHERE passage_id IN (SELECT value FROM json_each(?)) ORDER BY id",
            (wanted,),
        ):
            spans.setdefault(row["passage_id"], []).append(row)
        rows = self._connection().execute(
            'SELECT passages.id, name, sha256, title, section, page, start, "end",'
            ' substr(text, start + 1, "end" - start) AS body,'
            " coalesce(substr(text, header_start + 1, header_end - header_start), '') AS header"
            " FROM passages JOIN documents ON documents.id = document_id"
            " WHERE passages.id IN (SELECT value FROM json_each(?))",
            (wanted,),
        )
        return {
            row["id"]: StoredPassage(
                id=row["id"],
                document=row["name"],
                document_sha256=row["sha256"],
                title=row["title"],
                section=row["section"],
                page=row["page"],
                start=row["start"],
                end=row["end"],
                text=row["body"],
                table_header=row["header"],
                spans=tuple((span["start"], span["end"]) for span in spans.get(row["id"], [])),
                vectors=np.array(
                    [np.frombuffer(span["vector"], np.float32) for span in spans.get(row["id"], [])]
                ),
            )
            for row in rows
        }

    def signs(self, passage_ids: Iterable[int]) -> dict[int, list[Signs]]:
        """Return, for each passage, the signs of each span's tokens, one after another."""
        signs: dict[int, list[Signs]] = {}
        for row in self._connection().execute(
            "SELECT passage_id, signs FROM spans"
            " WHERE passage_id IN (SELECT value FROM json_each(?)) ORDER BY id",
            (json.dumps(list(passage_ids)),),
        ):
            signs.setdefault(row["passage_id"], []).append(np.frombuffer(row["signs"], np.uint8))
        return signs

    def passages_of_document(self, name: str) -> list[StoredPassage]:
        """Return a document's passages in reading order; none for an unknown document."""
        ids = self._connection().execute(
            "SELECT passages.id FROM passages JOIN documents ON documents.id = document_id"
            " WHERE name = ? ORDER BY start",
            (name,),
        )
        return list(self.passages(row["id"] for row in ids).values())

    # --- what the vector index has still to learn ---

    def unindexed(self, limit: int) -> tuple[dict[int, Vectors], list[int]]:
        """Return up to `limit` changes to index: vectors to add by span id, and ids to delete."""
        rows = self._connection().execute(
            "SELECT span_id, change, vector FROM unindexed LEFT JOIN spans ON id = span_id"
            " ORDER BY span_id LIMIT ?",
            (limit,),
        )
        add: dict[int, Vectors] = {}
        delete: list[int] = []
        for row in rows:
            if row["change"] == "add" and row["vector"] is not None:
                add[row["span_id"]] = np.frombuffer(row["vector"], np.float32)
            else:
                delete.append(row["span_id"])
        return add, delete

    def mark_indexed(self, span_ids: Iterable[int]) -> None:
        """Note that the vector index has taken in these changes."""
        with self._transaction() as sql:
            sql.executemany("DELETE FROM unindexed WHERE span_id = ?", ((id,) for id in span_ids))
            sql.execute(
                "INSERT INTO meta VALUES ('index_version', '1')"
                " ON CONFLICT (name) DO UPDATE SET value = value + 1"
            )

    def index_version(self) -> int:
        """Return a number that rises whenever the vector index has taken in changes."""
        query = "SELECT value FROM meta WHERE name = 'index_version'"
        row = self._connection().execute(query).fetchone()
        return 0 if row is None else int(row["value"])

    def unindex_all(self) -> None:
        """Have every vector indexed again, for an index that starts empty."""
        with self._transaction() as sql:
            sql.execute("DELETE FROM unindexed")
            sql.execute("INSERT INTO unindexed SELECT id, 'add' FROM spans")

    def span_count(self) -> int:
        """Return the number of spans, which is the number of vectors a whole index holds."""
        return int(self._connection().execute("SELECT count(*) FROM spans").fetchone()[0])

    # --- folders, and files the user took out ---

    def roots(self) -> list[Path]:
        """Return the folders that were ingested whole."""
        rows = self._connection().execute("SELECT root FROM roots ORDER BY root")
        return [Path(row["root"]) for row in rows]

    def add_root(self, root: Path) -> None:
        """Note that `root` was ingested whole, so that names are relative to it."""
        with self._transaction() as sql:
            sql.execute("INSERT OR IGNORE INTO roots VALUES (?)", (str(root),))

    def removed(self) -> set[Path]:
        """Return the files the user took out, which stay out until they are named again."""
        return {Path(row["path"]) for row in self._connection().execute("SELECT * FROM removed")}

    def remove(self, path: Path) -> None:
        """Forget a document and keep its file out of later runs over its folder."""
        with self._transaction() as sql:
            self._note_gone(sql, path)
            self._delete(sql, path)
            sql.execute("INSERT OR IGNORE INTO removed VALUES (?)", (str(path),))

    def restore(self, path: Path) -> None:
        """Let a removed file be ingested again."""
        with self._transaction() as sql:
            sql.execute("DELETE FROM removed WHERE path = ?", (str(path),))
