"""The passages of a catalogue: read back for a search, and for the vector index to take in."""

import json
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np

from ingest.blocks import header_above
from ingest.context import About, Context, Kind
from ingest.embedded import EmbeddedText, Signs, Vectors
from ingest.loaders import LoadedDocument
from ingest.passages import Passage, passage_header, passage_text
from ingest.stored_vectors import StoredVectors
from ingest.terms import read_terms, terms

_CONTEXTS = (
    "CREATE TABLE contexts (id INTEGER PRIMARY KEY, document_id INTEGER, places TEXT, words TEXT,"
    " terms TEXT)",
    "ALTER TABLE documents ADD COLUMN opening TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE documents ADD COLUMN opening_start INTEGER",
    "ALTER TABLE documents ADD COLUMN opening_end INTEGER",
    "ALTER TABLE documents ADD COLUMN terms TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE spans ADD COLUMN kind TEXT NOT NULL DEFAULT 'sentence'",
    "ALTER TABLE spans ADD COLUMN context_id INTEGER",
    "ALTER TABLE spans ADD COLUMN terms TEXT NOT NULL DEFAULT ''",
)


@dataclass(frozen=True)
class StoredPassage:
    """A passage with what is needed to search, show and quote it.

    `text` is exactly `[start, end)` of the document's text; `table_header` is the header of the
    table its rows were cut from, or empty. `spans` are offsets into the document's text, and for
    each of them, in order: `vectors` has its unit vector, `signs` those of its tokens, `kinds` says
    what it is, `contexts` what belongs to it besides the document (`about`), and `terms` are those
    of its own words (see `ingest.terms`).
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
    signs: tuple[Signs, ...]
    about: About
    kinds: tuple[Kind, ...]
    contexts: tuple[Context, ...]
    terms: tuple[frozenset[str], ...]

    @cached_property
    def context_terms(self) -> tuple[frozenset[str], ...]:
        """For each span, the terms of all that its context says, its document included."""
        return tuple(context.terms | self.about.terms for context in self.contexts)

    def context_text(self, number: int) -> str:
        """Return in words what belongs to span `number`, its document's title first.

        For instance "Veltro 5 prices › Brakes; columns: Job, Price; group: Front axle".
        """
        words = self.contexts[number].words
        between = " › " if self.contexts[number].headings else "; "
        return f"{self.title}{between}{words}" if words else self.title

    @property
    def header(self) -> str:
        """What was put before the text when it was embedded and searched."""
        return passage_header(self.title, self.section)

    @property
    def heading(self) -> str:
        """The heading right above it; empty where none is."""
        return self.section.rpartition(" › ")[-1]

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


class StoredPassages(StoredVectors):
    """The part of a catalogue that knows passages. Opens the file as `Database` does."""

    def __init__(self, path: Path, create: bool = False) -> None:
        super().__init__(path, create)
        # An index from before there were signs, or contexts, serves without until it is built anew.
        self._bring_up(
            "SELECT 1 FROM pragma_table_info('spans') WHERE name = 'signs'",
            "ALTER TABLE spans ADD COLUMN signs BLOB NOT NULL DEFAULT x''",
        )
        self._bring_up("SELECT 1 FROM sqlite_master WHERE name = 'contexts'", *_CONTEXTS)

    # --- what a search needs ---

    def passage_count(self) -> int:
        """Return the number of passages."""
        return int(self._rows("SELECT count(*) FROM passages")[0][0])

    def passages_of_spans(self, span_ids: Iterable[int]) -> dict[int, int]:
        """Return the passage id of each span that the catalogue knows."""
        rows = self._rows(
            "SELECT id, passage_id FROM spans WHERE id IN (SELECT value FROM json_each(?))",
            (json.dumps(list(span_ids)),),
        )
        return {row["id"]: row["passage_id"] for row in rows}

    def passages(self, ids: Iterable[int]) -> dict[int, StoredPassage]:
        """Return the passages of those ids that the catalogue knows, with spans and vectors.

        One without spans, of marks alone, is left out: there is nothing in it to be quoted.
        """
        wanted = json.dumps(list(ids))
        spans: dict[int, list[sqlite3.Row]] = {}
        for row in self._rows(
            'SELECT passage_id, start, "end", vector, signs, kind, context_id, terms FROM spans'
            " WHERE passage_id IN (SELECT value FROM json_each(?)) ORDER BY id",
            (wanted,),
        ):
            spans.setdefault(row["passage_id"], []).append(row)
        rows = self._rows(
            'SELECT passages.id, name, sha256, title, section, page, start, "end", table_header,'
            " passages.text, opening, opening_start, opening_end, coalesce(date, '') AS date,"
            " documents.terms, coalesce(json_extract(metadata, '$.author'), '') AS author"
            " FROM passages JOIN documents ON documents.id = document_id"
            " WHERE passages.id IN (SELECT value FROM json_each(?))",
            (wanted,),
        )
        contexts = self._contexts({row["context_id"] for rows in spans.values() for row in rows})
        return {
            row["id"]: _stored(row, spans[row["id"]], contexts)
            for row in rows
            if row["id"] in spans
        }

    def _contexts(self, ids: set[int | None]) -> dict[int | None, Context]:
        rows = self._rows(
            "SELECT * FROM contexts WHERE id IN (SELECT value FROM json_each(?))",
            (json.dumps([id for id in ids if id is not None]),),
        )
        return {None: Context(), **{row["id"]: _context(row) for row in rows}}

    @staticmethod
    def _add_passages(
        sql: sqlite3.Connection,
        document_id: int,
        loaded: LoadedDocument,
        about: About,
        passages: Sequence[Passage],
        embedded: Iterable[EmbeddedText],
    ) -> None:
        """Write a document's passages, and their spans with what was `embedded` of each."""
        context_ids: dict[Context, int] = {}
        rows = iter(embedded)
        for passage in passages:
            contexts = {placed.context for placed in passage.placed}
            for context in contexts - context_ids.keys():
                context_ids[context] = _add_context(sql, document_id, context)
            passage_id = _add_passage(sql, document_id, loaded, about, passage)
            for (start, end), placed in zip(passage.spans, passage.placed, strict=True):
                span = next(rows)
                span_id = sql.execute(
                    'INSERT INTO spans (passage_id, start, "end", vector, signs, kind, context_id,'
                    " terms) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                    (
                        passage_id,
                        start,
                        end,
                        span.vector.tobytes(),
                        span.signs.tobytes(),
                        placed.kind,
                        context_ids[placed.context],
                        _joined(terms(loaded.text[start:end])),
                    ),
                ).lastrowid
                sql.execute("INSERT INTO unindexed VALUES (?, 'add')", (span_id,))

    def sentences(self, name: str) -> list[str]:
        """Return the sentences, items and rows of a document, in reading order."""
        return [row["words"] for row in self._spans_of(name)]

    def embedded(self, name: str) -> dict[str, EmbeddedText]:
        """Return what was embedded of a document's sentences and items, by their words.

        Rows are left out: they are not embedded as they stand.
        """
        found = {}
        for row in self._spans_of(name, ", vector, signs"):
            if not row["words"].startswith("|"):
                vector = np.frombuffer(row["vector"], np.float32)
                signs = np.frombuffer(row["signs"], np.uint8).reshape(-1, -(-len(vector) // 8))
                found[row["words"]] = EmbeddedText(vector, signs)
        return found

    def _spans_of(self, name: str, more: str = "") -> list[sqlite3.Row]:
        """Return the words of a document's spans, in reading order, with `more` columns."""
        return self._rows(
            'SELECT substr(documents.text, spans.start + 1, spans."end" - spans.start) AS words'
            f"{more} FROM documents JOIN passages ON documents.id = document_id"
            " JOIN spans ON passages.id = passage_id WHERE name = ? ORDER BY spans.id",
            (name,),
        )

    def passages_of_document(self, name: str) -> list[StoredPassage]:
        """Return a document's passages in reading order; none for an unknown document."""
        ids = self._rows(
            "SELECT passages.id FROM passages JOIN documents ON documents.id = document_id"
            " WHERE name = ? ORDER BY start",
            (name,),
        )
        return list(self.passages(row["id"] for row in ids).values())

    def first_passages(self, names: Iterable[str], most: int) -> dict[str, list[StoredPassage]]:
        """Return the first so many passages of each of these documents, in reading order.

        One that comes in at this moment may have no spans yet to be read, and is not there.
        """
        ids = self._rows(
            "SELECT id FROM (SELECT passages.id, row_number() OVER"
            " (PARTITION BY document_id ORDER BY start) AS number"
            " FROM passages JOIN documents ON documents.id = document_id"
            " WHERE name IN (SELECT value FROM json_each(?))) WHERE number <= ?",
            (json.dumps(list(names)), most),
        )
        found: dict[str, list[StoredPassage]] = {}
        for passage in self.passages(row["id"] for row in ids).values():
            found.setdefault(passage.document, []).append(passage)
        return {name: sorted(each, key=lambda one: one.start) for name, each in found.items()}


def _add_context(sql: sqlite3.Connection, document_id: int, context: Context) -> int:
    told = vars(context).items()
    places = {name: value for name, value in told if value and name not in ("words", "terms")}
    id = sql.execute(
        "INSERT INTO contexts (document_id, places, words, terms) VALUES (?, ?, ?, ?)",
        (document_id, json.dumps(places), context.words, _joined(context.terms)),
    ).lastrowid
    assert id is not None
    return id


def _add_passage(
    sql: sqlite3.Connection,
    document_id: int,
    loaded: LoadedDocument,
    about: About,
    passage: Passage,
) -> int:
    said = about.terms.union(*(placed.context.terms for placed in passage.placed))
    own = (term.text for term in read_terms(passage_text(loaded.text, passage)))
    id = sql.execute(
        'INSERT INTO passages (document_id, start, "end", section, page, header, table_header,'
        " text, context_terms, terms) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            document_id,
            passage.start,
            passage.end,
            passage.section,
            passage.page,
            passage_header(loaded.title, passage.section),
            loaded.text[slice(*passage.table_header)] if passage.table_header else "",
            loaded.text[passage.start : passage.end],
            _joined(said),
            " ".join(own),
        ),
    ).lastrowid
    assert id is not None
    return id


def _joined(terms: frozenset[str]) -> str:
    return " ".join(sorted(terms))


def _stored(
    row: sqlite3.Row, spans: Sequence[sqlite3.Row], contexts: Mapping[int | None, Context]
) -> StoredPassage:
    has_opening = row["opening_start"] is not None
    return StoredPassage(
        id=row["id"],
        document=row["name"],
        document_sha256=row["sha256"],
        title=row["title"],
        section=row["section"],
        page=row["page"],
        start=row["start"],
        end=row["end"],
        text=row["text"],
        table_header=row["table_header"],
        spans=tuple((span["start"], span["end"]) for span in spans),
        vectors=np.array([np.frombuffer(span["vector"], np.float32) for span in spans]),
        signs=tuple(np.frombuffer(span["signs"], np.uint8) for span in spans),
        about=About(
            name=row["name"],
            title=row["title"],
            author=row["author"],
            date=row["date"],
            opening=(row["opening_start"], row["opening_end"]) if has_opening else None,
            opening_words=row["opening"],
            terms=frozenset(row["terms"].split()),
        ),
        kinds=tuple(span["kind"] for span in spans),
        contexts=tuple(contexts.get(span["context_id"], Context()) for span in spans),
        terms=tuple(frozenset(span["terms"].split()) for span in spans),
    )


def _context(row: sqlite3.Row) -> Context:
    places = json.loads(row["places"])
    headings = tuple((start, end) for start, end in places.pop("headings", ()))
    spans = {name: (start, end) for name, (start, end) in places.items()}
    return Context(headings, **spans, words=row["words"], terms=frozenset(row["terms"].split()))
