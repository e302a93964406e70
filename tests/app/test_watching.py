"""A folder that is followed: what changes in it comes in by itself, and is said."""

import queue
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.library import Library
from app.watching import Watch
from ingest.receipts import Receipt
from tests.app.small_world import DOCUMENTS, indexed

LONGEST = 60  # seconds; it takes two


@pytest.fixture
def library(tmp_path: Path) -> Library:
    return Library(tmp_path / "home", indexed(tmp_path, DOCUMENTS))


@pytest.fixture
def said(library: Library, tmp_path: Path) -> Iterator["queue.Queue[Receipt]"]:
    """What is told of a folder that is followed."""
    (tmp_path / "new").mkdir()
    told: queue.Queue[Receipt] = queue.Queue()
    watch = Watch(tmp_path / "new", library, told.put, pytest.fail)
    yield told
    watch.close()


def test_what_comes_changes_and_goes_is_brought_in_and_said(
    library: Library, said: "queue.Queue[Receipt]", tmp_path: Path
) -> None:
    moss = tmp_path / "new" / "moss.md"
    seen = []
    for act in (
        lambda: moss.write_text("# Moss\n\nMoss grows slowly.\n"),
        lambda: moss.write_text("# Moss\n\nMoss grows fast.\n"),
        lambda: moss.rename(moss.with_name("green.md")),
        lambda: moss.with_name("green.md").unlink(),
    ):
        act()
        [line] = [one for one in said.get(timeout=LONGEST).lines if one.action != "unchanged"]
        seen.append((line.document, line.action))
    assert seen == [
        ("moss.md", "added"),
        ("moss.md", "changed"),
        ("green.md", "renamed"),
        ("green.md", "deleted"),
    ]
    assert [each.line.action for each in library.noticed()] == [
        "deleted",
        "renamed",
        "changed",
        "added",
    ]
