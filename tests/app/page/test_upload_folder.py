"""What is uploaded: kept until it is added, within bounds, and never after."""

import resource
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from app.page import uploads
from app.page.uploads import TooLarge, Uploads
from ingest.errors import DocumentError, FootnoteError
from tests.loops import awaited


@pytest.fixture
def taken(tmp_path: Path) -> Iterator[Uploads]:
    made = Uploads(tmp_path)
    yield made
    made.close()


def take(into: Uploads, content: bytes, name: str = "a.md", size: int | None = None) -> str:
    async def pieces() -> AsyncIterator[bytes]:
        for start in range(0, len(content), 1000):
            yield content[start : start + 1000]

    return awaited(into.take(name, size, pieces()))


def kept(home: Path) -> list[bytes]:
    """The contents of all that is kept of uploads."""
    below = (home / "uploads").rglob("*")
    return sorted(path.read_bytes() for path in below if path.is_file() and path.suffix != ".lock")


def test_an_upload_is_handed_out_once_whole_and_gone_after_the_block(
    taken: Uploads, tmp_path: Path
) -> None:
    first, second = take(taken, b"a" * 2500), take(taken, b"b", "b.md")
    with taken.given([second, first]) as files:
        assert [(file.name, file.path.read_bytes()) for file in files] == [
            ("b.md", b"b"),
            ("a.md", b"a" * 2500),
        ]
        assert [file.path.stat().st_mode & 0o777 for file in files] == [0o600, 0o600]
    assert kept(tmp_path) == []
    for wrong in ([first], ["", second], [take(taken, b"c")] * 2):
        with pytest.raises(FootnoteError, match="not here any more"), taken.given(wrong):
            raise AssertionError("It was handed out.")


def test_a_file_one_byte_over_the_limit_is_refused_and_one_at_it_is_not(
    taken: Uploads, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(uploads, "MAX_BYTES", 5000)
    for said in (None, 5001, 1):
        with pytest.raises(TooLarge):
            take(taken, b"a" * 5001, size=said)
    assert kept(tmp_path) == []
    take(taken, b"a" * 5000)
    assert kept(tmp_path) == [b"a" * 5000]


def test_what_waits_is_bounded_and_room_comes_back(
    taken: Uploads, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(uploads, "MOST_WAITING", 5000)
    waiting = take(taken, b"a" * 3000)
    for _ in range(3):
        with pytest.raises(DocumentError, match="too many files wait"):
            take(taken, b"b" * 2001)
    take(taken, b"c" * 2000)
    with taken.given([waiting]):
        pass
    take(taken, b"d" * 3000)
    assert kept(tmp_path) == [b"c" * 2000, b"d" * 3000]


def test_how_many_wait_is_bounded_too(
    taken: Uploads, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(uploads, "MOST_FILES", 2)
    waiting = [take(taken, b"") for _ in range(2)]
    with pytest.raises(DocumentError, match="too many files wait"):
        take(taken, b"")
    with taken.given(waiting[:1]):
        pass
    take(taken, b"d")
    assert kept(tmp_path) == [b"", b"d"]


def test_what_nobody_adds_is_forgotten_when_the_next_one_comes(
    taken: Uploads, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    take(taken, b"old")
    take(taken, b"young")
    monkeypatch.setattr(uploads, "KEPT_S", -1.0)
    take(taken, b"new")
    assert kept(tmp_path) == [b"new"]


def test_a_disk_that_takes_no_more_leaves_nothing(taken: Uploads, tmp_path: Path) -> None:
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (2000, before[1]))
    try:
        with pytest.raises(OSError, match="File too large"):
            take(taken, b"a" * 100_000)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert kept(tmp_path) == []
    take(taken, b"later")


def test_another_run_in_the_same_home_is_left_alone_and_one_that_ended_leaves_nothing(
    taken: Uploads, tmp_path: Path
) -> None:
    take(taken, b"mine")
    other = Uploads(tmp_path)
    assert other.removed == 0
    take(other, b"theirs")
    assert kept(tmp_path) == [b"mine", b"theirs"]
    other.close()
    assert kept(tmp_path) == [b"mine"]
    taken.close()
    assert list((tmp_path / "uploads").iterdir()) == []
