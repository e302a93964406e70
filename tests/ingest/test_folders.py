import os
from pathlib import Path

import pytest

from ingest import folders
from ingest.catalogue import Catalogue
from ingest.errors import DocumentError
from ingest.folders import File, find_files
from ingest.loaders import MAX_BYTES
from tests.ingest.building import write


@pytest.fixture
def catalogue(tmp_path: Path) -> Catalogue:
    return Catalogue(tmp_path / "catalogue.sqlite", create=True)


def names(catalogue: Catalogue, *paths: Path) -> list[str]:
    return [file.name for file in find_files(paths, catalogue)]


def test_files_come_in_order_named_by_their_path_below_the_folder(
    tmp_path: Path, catalogue: Catalogue
) -> None:
    docs = write(tmp_path / "docs", b="b", a="a")
    write(docs / "sub" / "deep", c="c")
    assert names(catalogue, docs) == ["a.md", "b.md", "sub/deep/c.md"]
    assert catalogue.roots() == [docs]


def test_hidden_files_office_locks_pipes_and_links_to_elsewhere_are_left_alone(
    tmp_path: Path, catalogue: Catalogue
) -> None:
    docs = write(tmp_path / "docs", a="a")
    write(docs / ".git", hidden="h")
    write(tmp_path / "private", secret="s")
    (docs / ".hidden.md").write_text("h")
    (docs / "~$a.docx").write_text("lock")
    (docs / "link.md").symlink_to(tmp_path / "private" / "secret.md")
    (docs / "folder").symlink_to(tmp_path / "private")
    (docs / "broken.md").symlink_to(docs / "nowhere.md")
    (docs / "loop.md").symlink_to(docs / "loop.md")
    (docs / "inside.md").symlink_to(docs / "a.md")
    os.mkfifo(docs / "pipe.md")
    assert names(catalogue, docs) == ["a.md", "inside.md"]


def test_a_file_is_named_by_its_folder_or_by_the_root_it_lies_in(
    tmp_path: Path, catalogue: Catalogue
) -> None:
    sub = write(tmp_path / "docs" / "sub", a="a")
    assert names(catalogue, sub / "a.md") == ["a.md"]
    catalogue.add_root(tmp_path / "docs")
    [file] = find_files([sub / "a.md"], catalogue)
    assert (file.name, file.named) == ("sub/a.md", True)


def test_one_relative_name_under_two_roots_is_told_apart(
    tmp_path: Path, catalogue: Catalogue
) -> None:
    one, two = write(tmp_path / "one", a="a"), write(tmp_path / "two", a="b")
    assert names(catalogue, one, two) == ["a.md", "two/a.md"]


def test_a_file_in_two_of_the_paths_comes_once(tmp_path: Path, catalogue: Catalogue) -> None:
    docs = write(tmp_path / "docs", a="a")
    assert names(catalogue, docs / "a.md", docs) == ["a.md"]


def test_a_name_from_an_older_catalogue_is_kept(tmp_path: Path, catalogue: Catalogue) -> None:
    one, two = write(tmp_path / "one", a="a"), write(tmp_path / "two", a="b")
    known = {two / "a.md": "a.md", one / "a.md": "one/a.md"}
    assert [file.name for file in find_files([one, two], catalogue, known)] == ["one/a.md", "a.md"]


def test_a_name_that_is_no_text_is_shown_with_marks_in_its_place(
    tmp_path: Path, catalogue: Catalogue
) -> None:
    docs = write(tmp_path / "docs")
    Path(os.fsdecode(os.fsencode(docs) + b"/bad\xff.md")).write_text("a")
    [file] = find_files([docs], catalogue)
    assert (file.name, file.is_nameable) == ("bad?.md", False)


def file_at(path: Path) -> File:
    return File(path, path.name, named=False)


def test_a_file_is_gone_in_reach_or_neither(tmp_path: Path) -> None:
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    (tmp_path / "a.md").write_text("abc")
    seen = {name: file_at(tmp_path / name) for name in ("a.md", "no.md", "a.md/b.md", "loop")}
    assert {name: (file.is_gone, file.is_in_reach) for name, file in seen.items()} == {
        "a.md": (False, True),
        "no.md": (True, False),
        "a.md/b.md": (True, False),
        "loop": (False, False),
    }
    assert [seen["a.md"].size, seen["no.md"].size] == [3, 0]


def test_a_missing_file_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(DocumentError, match=r"no\.md: is not there"):
        file_at(tmp_path / "no.md").read()


def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.md")
    with pytest.raises(DocumentError, match="not a regular file"):
        file_at(tmp_path / "pipe.md").read()


def test_a_file_that_is_too_large_is_not_even_read(tmp_path: Path) -> None:
    with (tmp_path / "large.txt").open("wb") as file:
        file.truncate(MAX_BYTES + 1)
    with pytest.raises(DocumentError, match="the limit is"):
        file_at(tmp_path / "large.txt").read()


def test_a_device_is_not_opened_and_a_pipe_not_waited_for_that_took_a_files_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "zero.md").symlink_to("/dev/zero")
    os.mkfifo(tmp_path / "pipe.md")
    with pytest.raises(DocumentError, match="not a regular file"):
        file_at(tmp_path / "zero.md").read()
    # Between the look and the opening, the file became a device or a pipe.
    (tmp_path / "a.md").write_text("a")
    regular = (tmp_path / "a.md").stat()
    monkeypatch.setattr(Path, "stat", lambda self, **options: regular)
    for name in ("zero.md", "pipe.md"):
        with pytest.raises(DocumentError, match="not a regular file"):
            file_at(tmp_path / name).read()


@pytest.mark.skipif(not Path("/proc/self/smaps").exists(), reason="no /proc on this system")
def test_reading_stops_at_the_limit_whatever_the_size_says(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    endless = Path("/proc/self/smaps")
    assert endless.stat().st_size == 0
    monkeypatch.setattr(folders, "MAX_BYTES", 100)
    with pytest.raises(DocumentError, match="the limit is"):
        file_at(endless).read()


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_without_permission_says_so(tmp_path: Path) -> None:
    (tmp_path / "shut.md").write_text("a")
    (tmp_path / "shut.md").chmod(0)
    with pytest.raises(DocumentError, match="cannot be read"):
        file_at(tmp_path / "shut.md").read()


def test_a_file_that_changes_while_it_is_read_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "log.md"
    path.write_text("first line\n")
    fstat, looks = os.fstat, []

    def look_when_another_has_written(descriptor: int) -> os.stat_result:
        looks.append(descriptor)
        if len(looks) == 2:
            with path.open("a") as file:
                file.write("second line\n")
        return fstat(descriptor)

    monkeypatch.setattr(folders.os, "fstat", look_when_another_has_written)
    with pytest.raises(DocumentError, match="changed while it was being read"):
        file_at(path).read()
