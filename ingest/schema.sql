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
    times     TEXT NOT NULL DEFAULT '[]', -- JSON array: offset in text, seconds into a recording
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
    header       TEXT NOT NULL,       -- what stands above it: title and section
    table_header TEXT NOT NULL,       -- the header of the table its rows were cut from, or empty
    text         TEXT NOT NULL,       -- [start, end) of the document's text
    context_terms TEXT NOT NULL,      -- of what belongs to its spans, blanks between
    terms        TEXT NOT NULL        -- of its own words and its table's header, in order
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

-- The terms of each passage, for BM25, and in how many passages each of them stands.
CREATE VIRTUAL TABLE words USING fts5 (
    context_terms, terms, content = 'passages', content_rowid = 'id',
    tokenize = "unicode61 remove_diacritics 0 tokenchars '.-:/'"
);
CREATE VIRTUAL TABLE term_frequencies USING fts5vocab (words, row);

-- How the words of the passages are spelt.
CREATE VIRTUAL TABLE spellings USING fts5 (
    header, table_header, text, content = 'passages', content_rowid = 'id',
    detail = none, columnsize = 0, tokenize = 'unicode61 remove_diacritics 0'
);
CREATE VIRTUAL TABLE vocabulary USING fts5vocab (spellings, row);

-- Abbreviations that the documents open themselves.
CREATE TABLE abbreviations (
    document_id INTEGER NOT NULL REFERENCES documents (id) ON DELETE CASCADE,
    short       TEXT NOT NULL,        -- as written
    long        TEXT NOT NULL,
    term        TEXT NOT NULL,        -- the short form as a term
    first_term  TEXT NOT NULL         -- the first term of the long form
);
CREATE INDEX abbreviations_by_term ON abbreviations (term);
CREATE INDEX abbreviations_by_first_term ON abbreviations (first_term);
CREATE INDEX abbreviations_of_document ON abbreviations (document_id);

-- What the vector index has still to take in or to forget, written with the change itself.
CREATE TABLE unindexed (
    span_id INTEGER PRIMARY KEY,
    change  TEXT NOT NULL CHECK (change IN ('add', 'delete'))
);

-- What the vector index has taken in, and under which name: equal vectors have the same.
CREATE TABLE indexed (
    span_id INTEGER PRIMARY KEY,
    vector  TEXT NOT NULL
);
CREATE INDEX spans_of_vector ON indexed (vector);

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
