"""Documents that hang, swell or crash whoever reads them, added as visitors add them."""

import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import psutil
import pytest

from app.library import Library
from ingest import reading
from ingest.embedding import Embedder
from ingest.errors import DocumentError
from ingest.index import open_current
from ingest.loaders import load
from ingest.pipeline import sync
from ingest.receipts import ReceiptLine
from tests.fakes import FakeEmbedder, Given, RealTokens
from tests.ingest import hostile
from tests.ingest.building import actions, found, write
from tests.ingest.faulty_reader import FAULTY
from tests.ingest.making import replace_part
from tests.security.attacking import Attacker, running
from tests.security.damage import valid

SOON = 120
"""Seconds after which what should happen at once counts as not happening, on a busy machine."""


@pytest.fixture
def library(tmp_path: Path) -> Library:
    """A library with one document, about a cat."""
    docs = write(tmp_path / "docs", cat="# Cats\n\nThe cat purrs.\n")
    sync([docs], tmp_path / "home", FakeEmbedder())
    return Library(tmp_path / "home", open_current(tmp_path / "home", FakeEmbedder()))


@pytest.fixture
def adding(library: Library) -> Iterator[Callable[[Path], threading.Thread]]:
    """Has a file added on a thread of its own; what reads it is ended with the test."""
    threads: list[threading.Thread] = []

    def add(file: Path) -> threading.Thread:
        thread = threading.Thread(
            target=library.add, args=([Given(file.name, file)], lambda *_: None)
        )
        thread.start()
        threads.append(thread)
        return thread

    yield add
    for child in readers():
        child.kill()
    for thread in threads:
        thread.join()


def until(happened: Callable[[], object]) -> None:
    """Wait for something that happens at once; fail where it does not."""
    end = time.monotonic() + SOON
    while not happened():
        assert time.monotonic() < end
        time.sleep(0.05)


def readers() -> list[psutil.Process]:
    """The processes that read documents for this one; a page's server is none."""

    def reads(child: psutil.Process) -> bool:
        with suppress(psutil.NoSuchProcess):  # ended meanwhile
            return any("reader" in word for word in child.cmdline())
        return False

    return [child for child in psutil.Process().children() if reads(child)]


def add(library: Library, *files: Path) -> dict[str, ReceiptLine]:
    given = [Given(file.name, file) for file in files]
    return {line.document: line for line in library.add(given, lambda *_: None).lines}


@pytest.mark.parametrize(
    ("name", "make"),
    [
        ("objects.pdf", hostile.empty_text_objects),
        ("lines.pdf", hostile.lines),
        ("line.md", hostile.one_line),
        ("line.txt", hostile.one_line),
        ("rows.md", hostile.rows),
        ("entities.docx", hostile.entities),
        ("bomb.docx", hostile.bomb),
    ],
)
def test_it_is_one_failed_line_with_a_remedy_and_the_next_document_comes_in(
    name: str,
    make: Callable[[], bytes],
    tmp_path: Path,
    embedder: Embedder,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(reading, "SECONDS", 2)
    monkeypatch.setattr(reading, "MEMORY", 500_000_000)
    docs = write(tmp_path / "docs", zz="# Next\n\nThe cat purrs.\n")
    (docs / name).write_bytes(make())
    home, tokens = tmp_path / "home", RealTokens(embedder.folder)
    receipt = sync([docs], home, tokens)
    assert actions(receipt) == {name: "failed", "zz.md": "added"}
    assert receipt.failed[0].problem.endswith(".")
    (docs / "next.md").write_text("# Next\n\nThe dog barks.\n", "utf-8")
    assert actions(sync([docs / "next.md"], home, tokens)) == {"next.md": "added"}
    assert len(readers()) == 1  # that which read the next, and rests


ZIPPED = {
    ".docx": "word/document.xml",
    ".pptx": "ppt/slides/slide1.xml",
    ".xlsx": "xl/worksheets/sheet1.xml",
    ".odt": "content.xml",
    ".epub": "a.xhtml",
}


def declaring(suffix: str, encoding: str) -> bytes:
    """A file whose main part declares an entity."""

    def declare(xml: bytes) -> bytes:
        body = re.sub(r"^<[?!].*?>\s*(<!DOCTYPE.*?>)?", "", xml.decode())
        head = f'<?xml version="1.0" encoding="{encoding}"?><!DOCTYPE x [<!ENTITY a "ha">]>'
        return (head + body).encode(encoding)

    content = valid()[suffix]
    assert load(content, f"a{suffix}").text
    return replace_part(content, {ZIPPED[suffix]: declare}, {})


@pytest.mark.parametrize("suffix", ZIPPED)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_entities_are_refused_in_every_format_that_is_zipped_xml(
    suffix: str, encoding: str
) -> None:
    with pytest.raises(DocumentError, match=f"{ZIPPED[suffix]} declares XML entities"):
        load(declaring(suffix, encoding), f"a{suffix}")


def test_entities_are_refused_at_the_page(attacker: Attacker) -> None:
    files = {
        f"{encoding}{suffix}": declaring(suffix, encoding)
        for suffix in ZIPPED
        for encoding in ("utf-8", "utf-16")
    }
    shown = attacker.add(*files.items()).shown
    assert shown.count("Not added") == len(files) <= shown.count("declares XML entities")


def test_devices_pipes_and_sockets_are_never_opened(
    library: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    docs = write(tmp_path / "more", good="# Good\n\nThe dog barks.\n")
    (docs / "zero.md").symlink_to("/dev/zero")
    os.mkfifo(docs / "pipe.md")
    monkeypatch.chdir(docs)  # a socket's path must be short
    with socket.socket(socket.AF_UNIX) as ear:
        ear.bind("socket.md")
    receipt = sync([docs], tmp_path / "home", FakeEmbedder())
    assert actions(receipt) == {"good.md": "added"}
    named = [*(docs / f"{kind}.md" for kind in ("zero", "pipe", "socket")), Path("/dev/zero")]
    receipt = sync(named, tmp_path / "home", FakeEmbedder())
    assert set(actions(receipt).values()) == {"failed"}
    lines = add(library, *named)
    assert {line.action for line in lines.values()} == {"failed"}
    assert "is not a regular file" in lines["zero.md"].problem
    assert list((tmp_path / "home" / "added").iterdir()) == []


@pytest.mark.parametrize("fault", ["sleep", "compute"])
def test_nobody_waits_for_a_document_that_hangs(
    library: Library,
    adding: Callable[[Path], threading.Thread],
    fault: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(reading, "COMMAND", FAULTY)
    thread = adding(write(tmp_path / "given", hangs=fault) / "hangs.md")
    until(readers)
    other = write(tmp_path / "given", dog="# Dogs\n\nThe dog barks.\n") / "dog.md"
    assert add(library, other)["dog.md"].action == "added"
    index = open_current(tmp_path / "home", FakeEmbedder())
    assert found(index, "dog", 1) == [("dog.md", "The dog barks.")]
    library.remove("dog.md")
    assert thread.is_alive()


def test_a_real_one_is_read_while_others_add_and_ask(
    library: Library, adding: Callable[[Path], threading.Thread], tmp_path: Path
) -> None:
    hangs = tmp_path / "objects.pdf"
    hangs.write_bytes(hostile.empty_text_objects())
    adding(hangs)
    until(readers)
    for number in range(3):
        file = write(tmp_path / "given", **{f"dog{number}": "# Dogs\n\nThe dog barks.\n"})
        assert add(library, file / f"dog{number}.md")[f"dog{number}.md"].action == "added"
        index = open_current(tmp_path / "home", FakeEmbedder())
        assert found(index, "dog", 1)[0][1] == "The dog barks."


def computing(page: psutil.Process) -> list[psutil.Process]:
    """The children of a page that have computed longer than a small document takes."""
    return [child for child in page.children() if sum(child.cpu_times()[:2]) > 4]


def test_nobody_waits_at_the_page_for_a_document_that_hangs(tmp_path: Path) -> None:
    shown: list[str] = []
    with (
        running(tmp_path, settings={"COMMIT_FAULTS": "1"}) as server,
        Attacker(server, "hostile") as hostile,
        Attacker(server, "other") as other,
    ):
        assert server.process is not None
        page = psutil.Process(server.process.pid)
        thread = threading.Thread(
            target=lambda: shown.append(hostile.add(("hangs.md", b"compute")).shown)
        )
        thread.start()
        until(page.children)
        assert "Added" in other.add(("dog.md", b"# Dogs\n\nDogs bark at dusk.\n")).shown
        assert other.is_answered()
        assert thread.is_alive()
        until(lambda: computing(page))
        [reader] = computing(page)  # another may have read the dogs, and rest
        reader.kill()
        thread.join()
        assert "broke down" in shown[0]
        assert "hangs.md" not in other.listed()
        until(lambda: reader not in page.children())


# Whoever ends Footnote ends what reads


def footnote(home: Path, file: Path) -> "subprocess.Popen[bytes]":
    command = [sys.executable, "-m", "tests.security.reading_with_faults"]
    return subprocess.Popen(
        [*command, "ingest", str(file), "--home", str(home)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        cwd=Path(__file__).parents[2],
    )


@pytest.mark.parametrize("signal_", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_a_document_that_is_being_read_ends_with_footnote(
    embedder: Embedder, tmp_path: Path, signal_: signal.Signals
) -> None:
    file = write(tmp_path / "given", hangs="compute") / "hangs.md"
    process = footnote(tmp_path / "home", file)
    until(psutil.Process(process.pid).children)
    [reader] = psutil.Process(process.pid).children()
    until(lambda: sum(reader.cpu_times()[:2]) > 2)  # it has started, and computes
    process.send_signal(signal_)
    ended = process.wait(SOON)
    until(lambda: not reader.is_running() or reader.status() == psutil.STATUS_ZOMBIE)
    if signal_ is signal.SIGINT:
        assert ended == 130
