"""The catalogue: one SQLite file that is the truth about documents, passages, spans and vectors.

A document is replaced in one transaction, so that a reader sees it whole, old or new, and a killed
process leaves nothing half-written. It knows nothing of files, models or Chroma.
"""

import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from unicodedata import normalize

from ingest.context import About, opening
from ingest.embedded import EmbeddedText
from ingest.loaders import LoadedDocument
from ingest.passages import Passage
from ingest.stored_abbreviations import StoredAbbreviations
from ingest.stored_files import StoredFiles
from ingest.stored_names import StoredNames
from ingest.stored_pages import StoredPages
from ingest.stored_passages import StoredPassages
from ingest.stored_sketches import StoredSketches

_COLUMNS = "name, path, sha256, type, title, date, metadata, warnings, read_at, pages"
# All documents are listed from it alone: what stands behind a text is read through all of the text.
_LISTED = f"CREATE INDEX documents_listed ON documents ({_COLUMNS})"


@dataclass(frozen=True)
class Document:
    """A document as the catalogue knows it. `status` is "indexed" or "failed".

    A failed one has no text; `warnings` then say what is the matter and what to do. `names` are
    those of all files that have its content, by their paths, `name` and `path` first.
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
    names: Mapping[str, str] = field(default_factory=dict)

    @property
    def other_names(self) -> tuple[str, ...]:
        """Under which other names the same content is there."""
        return tuple(name for name in self.names.values() if name != self.name)

    @property
    def author(self) -> str:
        """Who wrote it, as it says itself; else empty."""
        return self.metadata.get("author", "")

    @property
    def pages(self) -> int | None:
        """The number of its pages; None for a format without pages."""
        return len(self.page_starts) or None


class Catalogue(
    StoredNames, StoredAbbreviations, StoredPassages, StoredPages, StoredFiles, StoredSketches
):
    """Opens, or with `create` makes, the catalogue at `path`. Usable from several threads."""

    def __init__(self, path: Path, create: bool = False) -> None:
        super().__init__(path, create)
        for column in ("hidden", "times"):
            self._bring_up(
                f"SELECT 1 FROM pragma_table_info('documents') WHERE name = '{column}'",
                f"ALTER TABLE documents ADD COLUMN {column} TEXT NOT NULL DEFAULT '[]'",
            )
        self._bring_up("SELECT 1 FROM sqlite_master WHERE name = 'documents_listed'", _LISTED)

    # --- documents ---

    def put(
        self,
        name: str,
        path: Path,
        sha256: str,
        loaded: LoadedDocument,
        passages: Sequence[Passage],
        spans: Sequence[EmbeddedText],
        sketch: Sequence[int] = (),
    ) -> None:
        """Add a document or replace the one at `path`, in one transaction.

        `spans` has one text per span, passage after passage; `sketch` is that of its facts.
        """
        first = passages[0] if passages else None
        opens = opening(loaded.text, first.spans, first.placed) if first else None
        about = About.of(name, loaded, opens)
        with self._transaction() as sql:
            others = self._take_other_names(sql, path, sha256)
            self._release(sql, path)
            self._note(sql, name, sha256)
            cursor = sql.execute(
                "INSERT INTO documents (name, path, sha256, type, title, date, metadata, warnings,"
                " pages, hidden, times, text, read_at, opening, opening_start, opening_end, terms)"
                " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
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
                    json.dumps(loaded.hidden),
                    json.dumps(loaded.times),
                    loaded.text,
                    datetime.now(UTC).isoformat(timespec="seconds"),
                    about.opening_words,
                    *(about.opening or (None, None)),
                    " ".join(sorted(about.terms)),
                ),
            )
            document_id = cursor.lastrowid
            assert document_id is not None
            sql.executemany(
                "INSERT INTO other_names VALUES (?, ?, ?)",
                ((*other, document_id) for other in others),
            )
            self._add_sketch(sql, document_id, sketch)
            self._add_pages(sql, document_id, loaded.places)
            self._add_passages(sql, document_id, loaded, about, passages, spans)
            self._index_words(sql, document_id)
            self._add_abbreviations(sql, document_id, loaded.text)

    def delete(self, path: Path) -> None:
        """Forget the document at `path` and its failure, if there is one."""
        with self._transaction() as sql:
            self._note_gone(sql, path)
            self._release(sql, path)

    def _note_gone(self, sql: sqlite3.Connection, path: Path) -> None:
        for document in self._find("path", str(path)):
            self._note_removed(sql, document.names[str(path)])

    def fail(self, name: str, path: Path, sha256: str, problem: str, remedy: str) -> None:
        """Note that a file could not be read; a version of it that was read before is forgotten."""
        with self._transaction() as sql:
            self._release(sql, path)
            self._note(sql, name, sha256, failed=True)
            sql.execute(
                "INSERT INTO failed VALUES (?, ?, ?, ?, ?)",
                (str(path), name, sha256, problem, remedy),
            )

    def stamp(self) -> str:
        """Return what is another as soon as a document comes, goes, or is read again."""
        # From indexes alone, for it is asked every few seconds: what is read gets a higher id, and
        # to look at when it was read would be to pass over its text.
        [row] = self._rows(
            "SELECT (SELECT max(rowid) FROM history), (SELECT count(*) FROM failed),"
            " (SELECT count(*) FROM documents), (SELECT max(id) FROM documents)"
        )
        return " ".join(map(str, row))

    def documents(self) -> list[Document]:
        """Return every document, failed ones too, by name."""
        return sorted(self._find(), key=lambda document: document.name)

    def names_by_path(self) -> dict[Path, str]:
        """Return what the files of all documents are called."""
        tables = ("documents", "other_names", "failed")
        query = " UNION ALL ".join(f"SELECT path, name FROM {table}" for table in tables)
        return {Path(row["path"]): row["name"] for row in self._rows(f"{query} ORDER BY name")}

    def document(self, name: str) -> Document | None:
        """Return the document of that name, in whatever Unicode form it is spelt, or None."""
        return next(self._find("name", normalize("NFC", name)), None)

    def document_at(self, path: Path) -> Document | None:
        """Return the document whose file is at `path`, or None."""
        return next(self._find("path", str(path)), None)

    def document_with(self, sha256: str) -> Document | None:
        """Return the document whose file has these very bytes, or None."""
        return next((one for one in self._find("sha256", sha256) if one.status != "failed"), None)

    def _find(self, column: str = "1", value: str | int = 1) -> Iterator[Document]:
        """Yield the documents that have `value` in a column: all of them where none is named."""
        # Without the text, which may be megabytes for each.
        others = (
            ""
            if column in ("1", "sha256")
            else (f" OR id IN (SELECT document_id FROM other_names WHERE {column} = ?1)")
        )
        for row in self._rows(
            f"SELECT {_COLUMNS},"
            " (SELECT count(*) FROM passages WHERE document_id = documents.id) AS passages,"
            " (SELECT json_group_object(path, name) FROM other_names"
            "  WHERE document_id = documents.id) AS others"
            f" FROM documents WHERE {column} = ?1{others}",
            (value,),
        ):
            yield self._document(row)
        for row in self._rows(f"SELECT * FROM failed WHERE {column} = ?", (value,)):
            yield self._failed(row)

    @staticmethod
    def _failed(row: sqlite3.Row) -> Document:
        file = PurePosixPath(row["name"])
        return Document(
            name=row["name"],
            path=row["path"],
            sha256=row["sha256"],
            type=file.suffix.lstrip(".").lower(),
            title=file.name,
            date=None,
            metadata={},
            warnings=(f"{row['problem']} {row['remedy']}".strip(),),
            page_starts=(),
            passages=0,
            read_at="",
            status="failed",
            names={row["path"]: row["name"]},
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
            names={row["path"]: row["name"], **json.loads(row["others"])},
        )

    def text(self, name: str) -> str | None:
        """Return a document's canonical text, or None where there is no such document."""
        rows = self._rows("SELECT text FROM documents WHERE name = ?", (name,))
        return str(rows[0]["text"]) if rows else None

    def beginnings(self, characters: int) -> dict[str, str]:
        """Return how the text of each document begins, by its name."""
        rows = self._rows("SELECT name, substr(text, 1, ?) AS begins FROM documents", (characters,))
        return {row["name"]: str(row["begins"] or "") for row in rows}

    def text_of(self, name: str, sha256: str) -> str | None:
        """Return the canonical text of the file with this hash; None where no document has it.

        `name` is what it was called; it may have another by now.
        """
        named = self.document(name)
        found = named if named and named.sha256 == sha256 else self.document_with(sha256)
        return self.text(found.name) if found else None

    def hidden(self, name: str) -> tuple[str, ...]:
        """Return the stretches of text in a document that its readers do not see."""
        rows = self._rows("SELECT hidden FROM documents WHERE name = ?", (name,))
        return tuple(json.loads(rows[0]["hidden"])) if rows else ()

    def sections(self, name: str) -> list[str]:
        """Return the sections of a document, in reading order, each once."""
        rows = self._rows(
            "SELECT section FROM passages JOIN documents ON documents.id = document_id"
            " WHERE name = ? GROUP BY section ORDER BY min(start)",
            (name,),
        )
        return [row["section"] for row in rows]

    # --- folders, and files the user took out ---

    def roots(self) -> list[Path]:
        """Return the folders that were ingested whole."""
        rows = self._rows("SELECT root FROM roots ORDER BY root")
        return [Path(row["root"]) for row in rows]

    def add_root(self, root: Path) -> None:
        """Note that `root` was ingested whole, so that names are relative to it."""
        with self._transaction() as sql:
            sql.execute("INSERT OR IGNORE INTO roots VALUES (?)", (str(root),))

    def removed(self) -> set[Path]:
        """Return the files the user took out, which stay out until they are named again."""
        return {Path(row["path"]) for row in self._rows("SELECT * FROM removed")}

    def remove(self, paths: Iterable[Path]) -> None:
        """Forget what is at `paths`, at once, and keep the files out of later runs."""
        with self._transaction() as sql:
            for path in paths:
                self._note_gone(sql, path)
                self._release(sql, path)
                sql.execute("INSERT OR IGNORE INTO removed VALUES (?)", (str(path),))

    def restore(self, path: Path) -> None:
        """Let a removed file be ingested again."""
        with self._transaction() as sql:
            sql.execute("DELETE FROM removed WHERE path = ?", (str(path),))
