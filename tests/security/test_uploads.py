"""Files: only what a visitor uploaded is read, up to the limit, and refusing leaves none."""

import os
import socket
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from ingest.loaders import MAX_BYTES
from tests.security.attacking import Attacker, Running, running

SECRET = "The canary sings at midnight."


@pytest.fixture
def secret(tmp_path: Path) -> Path:
    """A document of the machine that nobody gave to Footnote."""
    file = tmp_path / "elsewhere" / "secret.md"
    file.parent.mkdir()
    file.write_text(f"# Secret\n\n{SECRET}\n", "utf-8")
    return file


def record(path: object) -> dict[str, Any]:
    """What a file component sends for a file that it uploaded."""
    return {
        "path": str(path),
        "url": f"/gradio_api/file={path}",
        "orig_name": Path(str(path)).name,
        "size": 10,
        "mime_type": "text/markdown",
        "meta": {"_type": "gradio.FileData"},
    }


def try_everywhere(attacker: Attacker, path: object) -> None:
    """Give a record of this path to each handler in each place that takes anything."""
    for handler in attacker.handlers.values():
        places = max(1, len(handler["inputs"]))
        for value in ([record(path)], record(path), str(path)):
            attacker.call(handler["id"], [value] * places, {"uploads": [value], "name": value})


# -- 1: Nothing of the machine is reached by naming it ---------------------------------------------


def test_a_document_of_the_machine_is_not_added_by_naming_its_path(
    server: Running, attacker: Attacker, secret: Path
) -> None:
    try_everywhere(attacker, secret)
    assert "secret.md" not in attacker.listed()
    assert SECRET not in attacker.http.get("/source", params={"document": "secret.md"}).text
    assert server.holds(SECRET.encode()) == []


def test_a_file_of_another_type_is_not_even_copied_before_it_is_refused(
    server: Running, attacker: Attacker, secret: Path
) -> None:
    key = secret.rename(secret.with_name("id_rsa"))
    try_everywhere(attacker, key)
    assert server.holds(SECRET.encode()) == []


def test_a_record_cannot_make_the_server_fetch_an_address(
    attacker: Attacker, tmp_path: Path
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.settimeout(0.5)
        address = f"http://127.0.0.1:{listening.getsockname()[1]}/secret.md"
        try_everywhere(attacker, address)
        attacker.http.get(f"/gradio_api/file={address}")
        attacker.http.get(f"/gradio_api/proxy={address}")
        with pytest.raises(TimeoutError):
            listening.accept()


def test_no_file_is_served_by_its_path_not_even_one_that_was_uploaded(
    server: Running, attacker: Attacker, secret: Path
) -> None:
    attacker.http.post("/gradio_api/upload", files={"files": ("mine.md", SECRET.encode())})
    attacker.upload("mine.md", SECRET.encode())
    served = [secret, *server.holds(SECRET.encode()), *server.home.rglob("*.md"), "/etc/passwd"]
    for path in served:
        for door in (f"/gradio_api/file={path}", f"/gradio_api/file/{path}", f"/file={path}"):
            assert attacker.http.get(door).status_code == 404


def test_an_upload_is_added_by_nobody_who_was_not_told_its_name_and_only_once(
    server: Running, attacker: Attacker
) -> None:
    given = attacker.upload("mine.md", b"# Mine\n\nMine alone.\n").text
    with Attacker(server, session="stranger1") as stranger:
        for guess in ("", "0" * len(given), given[:-1], f"../{given}", given.upper()):
            stranger.call("add", [], {"uploads": [guess]})
        assert "mine.md" not in stranger.listed()
    assert "Added" in attacker.call("add", [], {"uploads": [given]}).shown
    assert "Added" not in attacker.call("add", [], {"uploads": [given]}).shown


@pytest.mark.parametrize(
    "name",
    [
        "../escaped.md", "/tmp/escaped.md", "..\\escaped.md", "a/../../escaped.md", "..", ".", "",
        "escaped\0.md", "escaped.md/", "C:escaped.md", "es\ncaped.md", "e" * 300 + ".md",
        "escaped.exe", "escaped", "id_rsa", ".md",
    ],
)  # fmt: skip
def test_a_name_is_a_plain_name_of_a_format_that_is_read_or_the_upload_is_refused(
    server: Running, attacker: Attacker, name: str
) -> None:
    before = server.files()
    answer = attacker.upload(name, SECRET.encode())
    assert answer.status_code in (400, 415)
    assert "Traceback" not in answer.text
    assert server.files() == before
    assert not Path("/tmp/escaped.md").exists()


# -- 2: Devices, pipes and sockets -----------------------------------------------------------------


@pytest.fixture
def devices(tmp_path: Path) -> Iterator[list[Path]]:
    pipe, heard = tmp_path / "pipe.md", tmp_path / "heard.md"
    os.mkfifo(pipe)
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(heard))
        link = tmp_path / "link.md"
        link.symlink_to("/dev/zero")
        yield [Path("/dev/zero"), Path("/dev/stdin"), pipe, heard, link, tmp_path, Path("/proc")]


def test_no_device_pipe_or_socket_hangs_the_server(
    own_server: Running, devices: list[Path]
) -> None:
    with Attacker(own_server) as attacker:
        attacker.http.timeout = httpx.Timeout(20)
        for device in devices:
            try_everywhere(attacker, device)
        assert attacker.is_answered()
        assert "Added" in attacker.add(("after.md", b"# After\n\nIt goes on.\n")).shown


# -- 6: What is refused leaves nothing -------------------------------------------------------------


def too_much(chunk: int = 1 << 20) -> Iterator[bytes]:
    """A file four times the limit, made as it is sent; nothing says beforehand how large it is."""
    for _ in range(4 * MAX_BYTES // chunk):
        yield b"a" * (chunk - 1) + b"\n"


def multipart(content: Iterator[bytes]) -> Iterator[bytes]:
    yield b'--edge\r\nContent-Disposition: form-data; name="files"; filename="big.md"\r\n\r\n'
    yield from content
    yield b"\r\n--edge--\r\n"


@pytest.mark.parametrize("door", ["/documents?name=big.md", "/gradio_api/upload"])
def test_a_file_over_the_limit_is_refused_while_it_comes_in_and_leaves_nothing(
    server: Running, attacker: Attacker, door: str
) -> None:
    before, taken = server.stored(), 0

    def counted() -> Iterator[bytes]:
        nonlocal taken
        for piece in too_much():
            taken += len(piece)
            yield piece

    kind = {"Content-Type": "multipart/form-data; boundary=edge"}
    try:
        answer = attacker.http.post(door, content=multipart(counted()), headers=kind)
        assert answer.status_code in (404, 413)
    except httpx.TransportError:
        pass  # it hung up in the middle, which is refusing too
    assert taken < 2 * MAX_BYTES
    assert server.stored() < before + 1_000_000
    assert "big.md" not in attacker.listed()


def test_a_file_that_says_it_is_over_the_limit_is_refused_before_it_comes_in(
    server: Running, attacker: Attacker
) -> None:
    before = server.files()
    with socket.create_connection((server.host, server.port), timeout=20) as line:
        head = f"POST /documents?name=big.md HTTP/1.1\r\nHost: {server.host}:{server.port}\r\n"
        line.sendall(f"{head}Content-Length: {MAX_BYTES + 1}\r\n\r\n".encode())
        answer = line.makefile("rb").read().decode()
    assert answer.startswith("HTTP/1.1 413")
    assert "limit of 50 MB" in answer
    assert server.files() == before


def test_a_visitor_who_hangs_up_in_the_middle_leaves_nothing(
    server: Running, attacker: Attacker
) -> None:
    before = server.files()
    with socket.create_connection((server.host, server.port), timeout=20) as line:
        head = f"POST /documents?name=half.md HTTP/1.1\r\nHost: {server.host}:{server.port}\r\n"
        line.sendall(f"{head}Content-Length: 1000000\r\n\r\n{SECRET * 1000}".encode())
        until(lambda: server.holds(SECRET.encode()) != [])
    until(lambda: server.files() == before)


def test_a_document_that_cannot_be_read_leaves_nothing_and_the_one_of_its_name_stays(
    server: Running, attacker: Attacker
) -> None:
    good = b"# Rates\n\nThe rate is nine euros.\n"
    assert "Added" in attacker.add(("rates.md", good)).shown
    before = attacker.listed()
    mark = b"The wren is silent at noon."
    marked = b"\0\1\2\3" + mark + bytes(range(256)) * 100
    shown = attacker.add(("broken.pdf", b"%PDF-1.7\n" + marked), ("rates.md", marked)).shown
    assert shown.count("Not added") == 2
    assert server.holds(mark) == []
    assert attacker.listed() == before
    assert "nine euros" in attacker.http.get("/source?document=rates.md").text
    assert server.holds(good)


def test_two_files_of_one_name_dropped_together_are_both_kept_and_it_is_said(
    attacker: Attacker,
) -> None:
    first, second = b"# Fees\n\nOf the first office.\n", b"# Fees\n\nOf the second office.\n"
    shown = attacker.add(("fees.md", first), ("FEES.md", second)).shown
    assert shown.count("Added") == 2
    assert "FEES (2).md" in shown
    assert "Another file of this name came with it" in shown
    assert "second office" in attacker.http.get("/source?document=FEES (2).md").text
    shown = attacker.add(("fees.md", b"# Fees\n\nOf the first office, revised.\n")).shown
    assert "Replaced" in shown
    assert "revised" in attacker.http.get("/source?document=fees.md").text
    assert "second office" in attacker.http.get("/source?document=FEES (2).md").text


def test_after_a_kill_the_next_start_finishes_or_removes_what_came_in_and_says_so(
    tmp_path: Path,
) -> None:
    with running(tmp_path) as server:
        head = f"POST /documents?name=half.md HTTP/1.1\r\nHost: {server.host}:{server.port}\r\n"
        with socket.create_connection((server.host, server.port), timeout=20) as line:
            line.sendall(f"{head}Content-Length: 1000000\r\n\r\n{SECRET * 1000}".encode())
            until(lambda: server.holds(SECRET.encode()) != [])
            server.kill()
    # Killed between the move and the commit; and what earlier versions kept of what they refused.
    added = tmp_path / "home" / "added"
    added.mkdir()
    (added / "whole.md").write_text("# Whole\n\nIt was received whole.\n", "utf-8")
    (added / "huge.md").write_bytes(SECRET.encode() + b"a" * MAX_BYTES)
    with running(tmp_path) as server:
        assert server.holds(SECRET.encode()) == []
        assert "what was left of uploads that were cut off: 1." in server.said
        assert "added  whole.md" in server.said
        assert "Removed huge.md" in server.said
        with Attacker(server) as attacker:
            listed = attacker.listed()
            assert "whole.md" in listed
            assert "half.md" not in listed
            assert "huge.md" not in listed


def until(come_true: Any) -> None:
    """Wait for something that happens in another process. Fails where it does not."""
    for _ in range(300):
        if come_true():
            return
        time.sleep(0.1)
    raise AssertionError("It did not come true.")
