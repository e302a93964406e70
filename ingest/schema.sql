CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL);

CREATE TABLE roots (
    root TEXT PRIMARY KEY             -- a folder that was ingested whole, absolute
);

CREATE TABLE documents (
    id        INTEGER PRIMARY KEY AUTOINCREMENT,
    name      TEXT NOT NULL UNIQUE,   -- the path relative to the folder that was ingested
    path      TEXT NOT NULL UNIQUE,   -- where the file is, absolute
    sha256    TEXT NOT NULL,          -- of the file's bytes
    type      TEXT NOT NULL,
    title     TEXT NOT NULL,
    date      TEXT,
    metadata  TEXT NOT NULL,          -- JSON object: author, licence, sources
    hidden    TEXT NOT NULL DEFAULT '[]', -- JSON array: what a reader does not see; not in text
    warnings  TEXT NOT NULL,          -- JSON array: what could not be read
    pages     TEXT NOT NULL,          -- JSON array: start offset of each page in text
    text      TEXT NOT NULL,          -- the canonical text every offset points into
    read_at   TEXT NOT NULL,          -- ISO 8601, UTC
    opening   TEXT NOT NULL,          -- what stands under the title, in words
    opening_start INTEGER,            -- where that stands in text
    opening_end   INTEGER,
    terms     TEXT NOT NULL           -- of name, title, author, date and opening, blanks between
);

CREATE TABLE pages (
    document_id INTEGER NOT NULL REFERENCES documents (id) ON DELETE CASCADE,
    number      INTEGER NOT NULL,     -- from 1
    width       REAL NOT NULL,        -- in points, as it is shown
    height      REAL NOT NULL,
    places      BLOB NOT NULL,        -- where the text's characters stand on it, see ingest.places
    is_ocr      INTEGER NOT NULL,     -- whether its text was read from an image
    PRIMARY KEY (document_id, number)
);

-- What belongs to spans besides their document: headings, lead-in, caption, columns, group row.
CREATE TABLE contexts (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    document_id INTEGER NOT NULL REFERENCES documents (id) ON DELETE CASCADE,
    places      TEXT NOT NULL,        -- JSON object: where each of them stands in text
    words       TEXT NOT NULL,
    terms       TEXT NOT NULL
);
CREATE INDEX contexts_of_document ON contexts (document_id);

CREATE TABLE passages (
    id           INTEGER PRIMARY KEY AUTOINCREMENT,
    document_id  INTEGER NOT NULL REFERENCES documents (id) ON DELETE CASCADE,
    start        INTEGER NOT NULL,
    "end"        INTEGER NOT NULL,
    section      TEXT NOT NULL,
    page         INTEGER,
    header_start INTEGER,             -- the header of the table its rows were cut from
    header_end   INTEGER
);
CREATE INDEX passages_of_document ON passages (document_id);

CREATE TABLE spans (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    passage_id INTEGER NOT NULL REFERENCES passages (id) ON DELETE CASCADE,
    start      INTEGER NOT NULL,
    "end"      INTEGER NOT NULL,
    vector     BLOB NOT NULL,         -- float32 of unit length
    signs      BLOB NOT NULL,         -- of its tokens' vectors, one bit a number, token after token
    kind       TEXT NOT NULL,         -- sentence, item, row, heading or code
    context_id INTEGER,               -- of the same document, with which it goes
    terms      TEXT NOT NULL          -- of its own words, blanks between
);
CREATE INDEX spans_of_passage ON spans (passage_id);

-- The words of each passage (its rowid) under its header, for BM25.
CREATE VIRTUAL TABLE words USING fts5 (header, body, tokenize = "porter unicode61");

-- What the vector index has still to take in or to forget, written with the change itself.
CREATE TABLE unindexed (
    span_id INTEGER PRIMARY KEY,
    change  TEXT NOT NULL CHECK (change IN ('add', 'delete'))
);

CREATE TABLE removed (
    path TEXT PRIMARY KEY             -- files the user took out of the catalogue but not off the disk
);

CREATE TABLE failed (
    path    TEXT PRIMARY KEY,         -- files that could not be read, and why
    name    TEXT NOT NULL,
    sha256  TEXT NOT NULL,
    problem TEXT NOT NULL,
    remedy  TEXT NOT NULL
);
