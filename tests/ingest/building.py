"""Homes, folders and what can be read from an index, for the tests of the whole way."""

import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

from ingest.index import Index, current_folder, open_current
from ingest.receipts import Receipt
from tests.fakes import FakeEmbedder


def write(folder: Path, **texts: str) -> Path:
    """Write `name="text"` as name.md into `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in texts.items():
        (folder / f"{name}.md").write_text(text, "utf-8")
    return folder


def make_old(home: Path) -> None:
    """Leave the index as one that was built before tokens were kept."""
    folder = current_folder(home)
    assert folder is not None
    with closing(sqlite3.connect(folder / "catalogue.sqlite")) as sql:
        sql.execute("ALTER TABLE spans DROP COLUMN signs")
    kept = json.loads((folder / "fingerprint.json").read_text())
    del kept["embedding"]
    (folder / "fingerprint.json").write_text(json.dumps(kept))
    folder.rename(home / "index-old")
    (home / "current").write_text("index-old")


def make_wordless(file: Path) -> None:
    """Leave a catalogue as one was before passages kept their own words."""
    with closing(sqlite3.connect(file)) as sql, sql:
        for table in ("term_frequencies", "words", "vocabulary", "spellings", "abbreviations"):
            sql.execute(f"DROP TABLE {table}")
        for column in ("header_start", "header_end"):
            sql.execute(f"ALTER TABLE passages ADD COLUMN {column} INTEGER")
        sql.execute(
            "UPDATE passages SET header_start = instr(documents.text, table_header) - 1,"
            " header_end = instr(documents.text, table_header) - 1 + length(table_header)"
            " FROM documents WHERE documents.id = document_id AND table_header != ''"
        )
        for column in ("header", "table_header", "text", "context_terms", "terms"):
            sql.execute(f"ALTER TABLE passages DROP COLUMN {column}")
        sql.execute("CREATE VIRTUAL TABLE words USING fts5 (header, body, tokenize = 'porter')")


def actions(receipt: Receipt) -> dict[str, str]:
    """What was done with each document."""
    assert len({line.document for line in receipt.lines}) == len(receipt.lines)
    return {line.document: line.action for line in receipt.lines}


def found(index: Index, query: str, top: int = 50) -> list[tuple[str, str]]:
    """The documents and quotes nearest to `query`, those that the catalogue knows, best first."""
    nearest = index.nearest(FakeEmbedder().embed_query(query).vector, top)
    with closing(sqlite3.connect(index.catalogue.path)) as sql:
        rows = sql.execute(
            "SELECT spans.id, name,"
            " substr(documents.text, spans.start + 1, spans.end - spans.start)"
            " FROM spans JOIN passages ON passages.id = passage_id"
            " JOIN documents ON documents.id = document_id"
        ).fetchall()
    known = {id: (name, quote) for id, name, quote in rows}
    best = sorted(nearest.keys() & known.keys(), key=lambda id: (-nearest[id], known[id]))
    return [known[id] for id in best][:top]  # spans with equal vectors come together


def everything(home: Path, embedder: FakeEmbedder) -> dict[str, Any]:
    """All that an index holds and finds, without what differs from run to run (ids, times)."""
    index = open_current(home, embedder)
    catalogue = index.catalogue
    documents = catalogue.documents()
    words = catalogue.search_words(["cat", "dog", "fish", "bird"], 1_000)
    hits = catalogue.passages(words)
    return {
        "documents": [
            (one.name, one.sha256, one.status, one.passages, one.other_names) for one in documents
        ],
        "texts": [catalogue.text(one.name) for one in documents],
        "passages": [
            (one.document, one.start, one.end, one.section, one.spans, one.vectors.tolist())
            for document in documents
            for one in catalogue.passages_of_document(document.name)
        ],
        "signs": sorted(signs.tolist() for passage in hits.values() for signs in passage.signs),
        "words": sorted((hits[id].document, hits[id].start, score) for id, score in words.items()),
        "nearest": {query: sorted(found(index, query)) for query in ("cat", "dog fish", "bird")},
        "vectors": index.vectors.count() == catalogue.vector_count(),
        "roots": catalogue.roots(),
    }
