"""Damaged files of every format, and bombs: each is a line of the receipt, and that is all.

A few of each; 500, and heavier bombs: `python -m tests.security.damaged_documents`.
"""

from pathlib import Path

from ingest.loaders.kinds import KINDS
from tests.security.damage import bombs, damaged, valid
from tests.security.damaged_documents import Seen, attack, troubles

A_FEW = 2


def test_every_reader_is_given_damaged_files() -> None:
    assert {kind.reader for kind in KINDS.values()} == {KINDS[suffix].reader for suffix in valid()}
    assert {name.rpartition(".")[2] for name, _ in damaged(len(valid()))} == {
        suffix.removeprefix(".") for suffix in valid()
    }


def test_each_is_one_line_of_the_receipt_and_questions_are_answered_meanwhile(
    tmp_path: Path,
) -> None:
    files = {**dict(damaged(A_FEW * len(valid()))), **bombs()}
    seen = attack(tmp_path, files)
    assert troubles(files, seen) == []
    assert {name for what, name, _ in seen.lines if what == "Added"}.isdisjoint(
        ("entities.docx", "swells.docx", "swells.zip", "many.zip")
    )


def test_what_must_not_be_is_told() -> None:
    lines = [("Added", "a.md", "2 passages"), ("Not added", "b.md", "It broke down.")]
    seen = Seen(lines, "", [9.0], 10**10, 1, 2, "Traceback (most recent")
    found = troubles({"a.md": b"", "b.md": b"", "c.md": b""}, seen)
    assert len(found) == 7
