"""A file that is as it was need not be read again; whatever was changed is."""

import os
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from ingest.folders import File, State
from ingest.pipeline import sync
from tests.fakes import FakeEmbedder
from tests.ingest.building import actions, write


@pytest.fixture
def docs(tmp_path: Path) -> Path:
    return write(tmp_path / "docs", a="# A\n\nThe cat purrs.\n", b="# B\n\nThe dog barks.\n")


@pytest.fixture
def run(
    docs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Callable[[], tuple[dict[str, str], list[str]]]:
    """Ingests; gives what was done with each file, and which were read."""
    read: list[str] = []
    really = File.read

    def noted(file: File) -> bytes:
        read.append(file.name)
        return really(file)

    monkeypatch.setattr(File, "read", noted)

    def ingest() -> tuple[dict[str, str], list[str]]:
        read.clear()
        done = actions(sync([docs], tmp_path / "home", FakeEmbedder()))
        return done, list(read)

    return ingest


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> None:
    """All that was written so far was written ten seconds ago."""
    now = time.time_ns
    monkeypatch.setattr("ingest.known_files.time.time_ns", lambda: now() + 10_000_000_000)


Run = Callable[[], tuple[dict[str, str], list[str]]]
SAME = {"a.md": "unchanged", "b.md": "unchanged"}


@pytest.mark.usefixtures("later")
def test_what_is_as_it_was_is_not_read_again(run: Run) -> None:
    assert run()[1] == ["a.md", "b.md"]
    assert run() == (SAME, [])


def test_what_had_changed_just_before_it_was_read_is_read_again(run: Run) -> None:
    """Changed once more in the same tick, it would look the same."""
    run()
    assert run() == (SAME, ["a.md", "b.md"])


@pytest.mark.usefixtures("later")
def test_another_content_of_the_same_size_and_time_is_noticed(run: Run, docs: Path) -> None:
    run()
    before = (docs / "a.md").stat()
    time.sleep(0.02)
    write(docs, a="# A\n\nThe cow purrs.\n")
    os.utime(docs / "a.md", ns=(before.st_atime_ns, before.st_mtime_ns))
    assert (docs / "a.md").stat().st_size == before.st_size
    assert run() == ({**SAME, "a.md": "changed"}, ["a.md"])


@pytest.mark.usefixtures("later")
def test_another_file_moved_to_its_place_is_noticed(run: Run, docs: Path) -> None:
    write(docs.parent / "elsewhere", a="# A\n\nThe cow purrs.\n")
    run()
    before = (docs / "a.md").stat()
    moved = docs.parent / "elsewhere" / "a.md"
    os.utime(moved, ns=(before.st_atime_ns, before.st_mtime_ns))
    moved.replace(docs / "a.md")
    assert run() == ({**SAME, "a.md": "changed"}, ["a.md"])


@pytest.mark.usefixtures("later")
def test_a_file_that_was_only_touched_is_read_once_more_and_no_change(run: Run, docs: Path) -> None:
    run()
    os.utime(docs / "a.md", ns=(0, 0))
    assert run() == (SAME, ["a.md"])
    assert run() == (SAME, [])


@pytest.mark.usefixtures("later")
def test_what_failed_fails_again_without_being_read(run: Run, docs: Path) -> None:
    write(docs, a="")
    first = run()
    assert first[0]["a.md"] == "failed"
    assert run() == (first[0] | {"b.md": "unchanged"}, [])


@pytest.mark.usefixtures("later")
def test_a_file_that_comes_back_is_read(run: Run, docs: Path) -> None:
    run()
    (docs / "a.md").rename(docs.parent / "a.md")
    assert run()[0] == {"a.md": "deleted", "b.md": "unchanged"}
    (docs.parent / "a.md").rename(docs / "a.md")
    assert run() == ({**SAME, "a.md": "added"}, ["a.md"])


def test_a_state_tells_the_content_once_the_coarsest_clock_has_ticked() -> None:
    second = 1_000_000_000
    assert State(1, 5, 10 * second, 10 * second).tells_content_since(13 * second)
    assert not State(1, 5, 10 * second, 10 * second).tells_content_since(12 * second)
    assert not State(1, 5, 10 * second, 12 * second).tells_content_since(13 * second)
    assert not State(1, 5, 99 * second, 10 * second).tells_content_since(13 * second)
