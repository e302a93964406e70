import os
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from ingest.catalogue import Catalogue
from ingest.errors import CatalogueError

LINUX = Path("/proc/self/fd").is_dir()


@pytest.fixture
def catalogue(tmp_path: Path) -> Catalogue:
    return Catalogue(tmp_path / "catalogue.sqlite", create=True)


def open_files(folder: Path) -> int:
    """How many descriptors this process has on files below `folder`."""
    found = 0
    for descriptor in Path("/proc/self/fd").iterdir():
        try:
            found += Path(os.readlink(descriptor)).is_relative_to(folder)
        except FileNotFoundError:
            continue
    return found


def in_threads(many: int, work: Callable[[], object], at_once: int = 1) -> None:
    """Do it in `many` threads, `at_once` of them together, each of which then ends."""
    problems: list[BaseException] = []

    def tried() -> None:
        try:
            work()
        except BaseException as problem:
            problems.append(problem)

    for _ in range(many // at_once):
        threads = [threading.Thread(target=tried) for _ in range(at_once)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert problems == []


@pytest.mark.skipif(not LINUX, reason="counts descriptors where Linux lists them")
@pytest.mark.parametrize("at_once", [1, 20])
def test_three_hundred_threads_that_come_and_go_leave_no_descriptor_open(
    catalogue: Catalogue, tmp_path: Path, at_once: int
) -> None:
    in_threads(300, catalogue.documents, at_once)
    # Four connections are kept, and SQLite itself keeps a few of those that were open at once.
    assert open_files(tmp_path) <= 2 * (4 + at_once)


@pytest.mark.skipif(not LINUX, reason="counts descriptors where Linux lists them")
def test_a_closed_catalogue_has_no_descriptor_open(catalogue: Catalogue, tmp_path: Path) -> None:
    in_threads(20, catalogue.documents, at_once=10)
    catalogue.close()
    assert open_files(tmp_path) == 0


def test_a_file_that_was_moved_away_and_made_again_is_the_one_that_is_read(
    catalogue: Catalogue, tmp_path: Path
) -> None:
    catalogue.add_root(Path("/old"))
    for file in tmp_path.glob("catalogue.sqlite*"):
        file.rename(file.with_name(f"away-{file.name}"))
    Catalogue(catalogue.path, create=True).add_root(Path("/new"))
    assert catalogue.roots() == [Path("/new")]


def test_what_is_read_in_a_transaction_sees_what_was_written_in_it(catalogue: Catalogue) -> None:
    with catalogue._transaction() as sql:
        sql.execute("INSERT INTO roots VALUES ('/docs')")
        assert catalogue.roots() == [Path("/docs")]


def test_a_catalogue_that_another_process_holds_says_so(
    catalogue: Catalogue, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Catalogue, "WAIT_S", 0.05)
    other = Catalogue(catalogue.path)
    with catalogue._transaction(), pytest.raises(CatalogueError, match=r"in use .* try again"):
        other.add_root(Path("/elsewhere"))
    other.add_root(Path("/docs"))
    assert other.roots() == [Path("/docs")]
