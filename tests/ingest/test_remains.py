"""Twelve words in a row are found again in whatever file they are, and fewer are not."""

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from ingest.remains import Remains

TEXT = "Zoë’s ferry leaves the island at six, and nobody who is late has ever seen it wait."
WORDS = TEXT.split()


def left(folder: Path, *others: str) -> list[str]:
    return [path.name for path in Remains(TEXT, others).search(folder).left]


@pytest.mark.parametrize(
    "content",
    [
        TEXT,
        TEXT.upper().replace("Ë", "ë"),
        "\n  ".join(WORDS),
        json.dumps({"text": f"{TEXT}\n{TEXT}"}),
        "x" * 40_000_000 + " " + " ".join(WORDS[3:15]),
    ],
    ids=["as it is", "in capitals", "broken", "as JSON", "at the end of much else"],
)
def test_a_run_is_found(tmp_path: Path, content: str) -> None:
    (tmp_path / "file").write_text(content, "utf-8")
    assert left(tmp_path) == ["file"]


def test_a_run_is_found_where_two_pieces_of_a_file_meet(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ingest.remains._PIECE", 100)
    (tmp_path / "file").write_text("x" * 60 + " " + TEXT, "utf-8")
    assert left(tmp_path) == ["file"]


def test_a_run_is_found_in_a_log_that_sqlite_has_not_taken_in(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "a.sqlite")) as sql:
        sql.execute("PRAGMA journal_mode = WAL")
        sql.execute("CREATE TABLE t (words)")
        sql.execute("INSERT INTO t VALUES (?)", (TEXT,))
        sql.commit()
        assert left(tmp_path) == ["a.sqlite-wal"]


def test_eleven_words_are_no_run(tmp_path: Path) -> None:
    (tmp_path / "file").write_text(" ".join(WORDS[:11]) + " or so " + " ".join(WORDS[8:]), "utf-8")
    assert left(tmp_path) == []


def test_what_another_document_says_too_is_not_looked_for(tmp_path: Path) -> None:
    (tmp_path / "file").write_text(TEXT, "utf-8")
    assert left(tmp_path, f"Once more: {TEXT}") == []
    assert Remains(TEXT, [TEXT]).search(tmp_path).runs == 0
