import os
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from ingest.errors import CatalogueError
from ingest.home import current_folder, is_current_damaged, make_private, writing
from ingest.index import open_catalogue
from ingest.pipeline import sync
from tests.fakes import FakeEmbedder
from tests.ingest.building import write


@pytest.fixture(params=[0o000, 0o022, 0o077], ids=lambda mask: f"umask {mask:03o}")
def umask(request: pytest.FixtureRequest) -> Iterator[int]:
    before = os.umask(request.param)
    yield request.param
    os.umask(before)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A home with two documents in it."""
    docs = write(tmp_path / "docs", a="The cat purrs.", b="The fish swims.")
    sync([docs], tmp_path / "home", FakeEmbedder())
    return tmp_path / "home"


def modes(home: Path) -> dict[str, int]:
    """What others may do with the home and what is in it, where they may do anything."""
    return {
        str(path): stat.S_IMODE(path.stat().st_mode)
        for path in (home, *home.rglob("*"))
        if path.stat().st_mode & 0o077
    }


# Privacy


def test_a_home_and_all_in_it_is_its_owners_alone_whatever_the_umask(
    umask: int, home: Path
) -> None:
    assert modes(home) == {}
    assert stat.S_IMODE(home.stat().st_mode) == 0o700
    assert {path.name for path in home.rglob("chroma.sqlite3")} == {"chroma.sqlite3"}


def test_the_write_ahead_log_is_as_private_as_the_catalogue(umask: int, home: Path) -> None:
    catalogue = open_catalogue(home)
    catalogue.add_root(Path("/more"))
    assert list(home.glob("index-*/catalogue.sqlite-wal"))
    assert modes(home) == {}


def test_a_home_from_an_earlier_day_is_made_private_when_it_is_opened(home: Path) -> None:
    for path in (home, *home.rglob("*")):
        path.chmod(0o777 if path.is_dir() else 0o666)
    open_catalogue(home)
    assert modes(home) == {}


def test_what_is_not_footnotes_is_left_as_it_is(tmp_path: Path, home: Path) -> None:
    notes = home / "notes.txt"
    notes.touch()
    notes.chmod(0o644)
    outside = tmp_path / "outside.txt"
    outside.touch()
    outside.chmod(0o644)
    (home / "added").mkdir(exist_ok=True)
    (home / "added" / "link.md").symlink_to(outside)
    make_private(home)
    assert stat.S_IMODE(notes.stat().st_mode) == stat.S_IMODE(outside.stat().st_mode) == 0o644


# Which index answers


@pytest.mark.parametrize(
    "content", [b"", b"\xff\xfe\x00garbage", b"../../etc", b"index-gone", b"a\x00b", None]
)
def test_a_damaged_current_is_done_without_where_there_is_one_index(
    home: Path, content: bytes | None
) -> None:
    current = home / "current"
    index = current_folder(home)
    current.unlink()
    if content is None:
        current.mkdir()
    else:
        current.write_bytes(content)
    assert is_current_damaged(home)
    assert current_folder(home) == index
    sync([], home, FakeEmbedder())
    assert index is not None
    assert current.read_text() == index.name


def test_with_several_indexes_a_damaged_current_says_what_to_write_and_nothing_is_lost(
    home: Path,
) -> None:
    index = current_folder(home)
    assert index is not None
    (home / "index-other").mkdir()
    (home / "index-other" / "catalogue.sqlite").write_bytes(b"not empty")
    (home / "current").write_bytes(os.urandom(40))
    with pytest.raises(CatalogueError, match=r"current is damaged.*index-.*index-other"):
        open_catalogue(home)
    with pytest.raises(CatalogueError, match="is damaged"):
        sync([], home, FakeEmbedder())
    assert (home / "index-other").is_dir()
    (home / "current").write_text(index.name)
    assert len(open_catalogue(home).documents()) == 2


def test_only_who_holds_the_lock_lets_it_go(tmp_path: Path) -> None:
    with writing(tmp_path / "home") as held, writing(tmp_path / "home") as again:
        assert held
        assert again
