-- Answers as they were given, what people thought of them, and the conversations they belong to.
CREATE TABLE IF NOT EXISTS answers (
    id TEXT PRIMARY KEY, answered_at TEXT NOT NULL, record TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS feedback (
    answer_id TEXT PRIMARY KEY REFERENCES answers (id),
    given_at TEXT NOT NULL, good INTEGER NOT NULL, complaint TEXT NOT NULL, note TEXT NOT NULL
);
-- `title` is empty until it is renamed; `tip` is the last turn of the branch that is shown.
CREATE TABLE IF NOT EXISTS conversations (
    id TEXT PRIMARY KEY, owner TEXT NOT NULL, title TEXT NOT NULL, pinned INTEGER NOT NULL,
    asked_at TEXT NOT NULL, asked_in TEXT NOT NULL, tip TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS conversations_by_owner ON conversations (owner, asked_at);
-- `after` is the turn before, or empty. Turns after one and the same are branches.
CREATE TABLE IF NOT EXISTS turns (
    number INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, conversation TEXT NOT NULL,
    after TEXT NOT NULL, question TEXT NOT NULL, asked_at TEXT NOT NULL, state TEXT NOT NULL,
    problem TEXT NOT NULL, answer TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS turns_by_conversation ON turns (conversation);
CREATE INDEX IF NOT EXISTS turns_by_answer ON turns (answer);
-- What was asked and said, to be searched.
CREATE VIRTUAL TABLE IF NOT EXISTS said USING fts5 (
    words, turn UNINDEXED, tokenize = 'porter unicode61 remove_diacritics 2'
);
-- What an answer holds of documents: in its quotes, and in the passages that it was made from.
CREATE VIEW IF NOT EXISTS held AS
SELECT answers.id AS answer, part.column1 AS part,
    json_extract(value, '$.document') AS document,
    json_extract(value, '$.document_sha256') AS sha256,
    coalesce(json_extract(value, '$.quote'), json_extract(value, '$.text')) AS words
FROM answers, (VALUES ('citations'), ('passages')) AS part,
    json_each(iif(json_valid(record), record, '{}'), '$.' || part.column1);
