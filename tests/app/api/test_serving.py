"""`footnote serve` and `footnote key` as a user runs them."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from itertools import cycle
from pathlib import Path

import httpx
from typer.testing import CliRunner

from app import cli
from tests.app.small_world import DOCUMENTS

ROOT = Path(__file__).parents[3]


@contextmanager
def serving(home: Path, *options: str) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    """A `footnote serve` of its own, with vectors that count words."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "tests.security.page_process", "serve", "--port", str(port)]
    environment = {**os.environ, "FOOTNOTE_HOME": str(home), "FOOTNOTE_CORPUS": str(home / "none")}
    process = subprocess.Popen(
        [*command, "--model", "none", *options],
        cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
    )  # fmt: skip
    assert process.stdout is not None
    try:
        said = process.stdout.readline()
        assert "Footnote's API is at" in said, said + process.stdout.read()
        yield f"http://127.0.0.1:{port}", process
    finally:
        process.kill()
        process.communicate()


def listed(url: str) -> list[str]:
    found = httpx.get(f"{url}/api/v1/documents", trust_env=False, timeout=60).json()
    return [each["document"] for each in found]


def found_in(url: str, query: str) -> list[str]:
    asked = {"query": query, "top": 9}
    found = httpx.post(f"{url}/api/v1/search", json=asked, trust_env=False, timeout=60).json()
    return [each["document"] for each in found["passages"]]


def test_two_of_them_share_a_home_and_each_ends_in_good_order(tmp_path: Path) -> None:
    home = tmp_path / "home"
    with serving(home) as (one, first), serving(home) as (other, second):

        def add(url: str, name: str) -> httpx.Response:
            return httpx.post(
                f"{url}/api/v1/documents", params={"name": name}, content=DOCUMENTS[name],
                trust_env=False, timeout=60,
            )  # fmt: skip

        with ThreadPoolExecutor() as pool:
            for added in list(pool.map(add, cycle([one, other]), DOCUMENTS)):
                assert added.status_code == 201, added.text
        assert listed(one) == listed(other) == sorted(DOCUMENTS)
        for url in (one, other):
            for query, document in [("salt per litre", "sea.md"), ("kneading dough", "bread.md")]:
                assert found_in(url, query)[0] == document
        removed = httpx.delete(f"{other}/api/v1/documents/sea.md", trust_env=False, timeout=60)
        assert removed.status_code == 204
        assert listed(one) == listed(other) == ["bread.md", "sky.md"]
        assert "sea.md" not in found_in(one, "salt per litre")
        for process, end in ((first, signal.SIGTERM), (second, signal.SIGINT)):
            process.send_signal(end)
            said, _ = process.communicate(timeout=60)
            assert process.returncode == 0, said
            assert "Traceback" not in said
    assert list((home / "uploads").iterdir()) == []


def test_the_api_alone_does_not_import_the_page_s_framework() -> None:
    code = "import app.api.server, sys; print('gradio' in sys.modules, 'torch' in sys.modules)"
    run = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert run.stdout.split() == ["False", "False"]


def test_beyond_this_machine_nothing_is_served_before_there_is_a_key(tmp_path: Path) -> None:
    options = ["--host", "0.0.0.0", "--home", str(tmp_path), "--model", "none"]
    result = CliRunner().invoke(cli.app, ["serve", *options])
    assert result.exit_code == 1
    assert "footnote key add" in str(result.exception)


def test_keys_are_made_listed_and_removed_on_the_terminal(tmp_path: Path) -> None:
    def run(*arguments: str) -> str:
        result = CliRunner().invoke(cli.app, ["key", *arguments, "--home", str(tmp_path)])
        return result.output if result.exit_code == 0 else str(result.exception)

    key = run("add", "laptop").strip()
    assert key.startswith("footnote-")
    assert "laptop" in run("list")
    assert key not in run("list")
    assert "already" in run("add", "laptop")
    assert "is revoked" in run("remove", "laptop")
    assert "no key" in run("remove", "laptop")
