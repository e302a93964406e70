"""Nothing leaves the machine: not at the terminal, not from the page, not from a library."""

import json
import os
import shutil
import socket
import sys
from pathlib import Path

import httpx
import psutil
import pytest

from ingest.embedding import Embedder
from ingest.errors import WeightsError
from ingest.known_weights import QWEN_0_5B
from ingest.pipeline import sync
from ingest.weights import fetch
from tests.handlers import handlers
from tests.watching import Watched

FOOTNOTE = Path(sys.executable).with_name("footnote")
QUESTION = "What is a context window?"


def environment(home: Path, **settings: str) -> dict[str, str]:
    """The user's own environment, as it is: whatever keeps libraries quiet must be Footnote's."""
    quiet = ("ANONYMIZED_TELEMETRY", "DO_NOT_TRACK", "GRADIO_", "HF_", "TRANSFORMERS_", "FOOTNOTE_")
    inherited = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(quiet) or name == "FOOTNOTE_CACHE"
    }
    named = {f"FOOTNOTE_{name.upper()}": value for name, value in settings.items()}
    return {**inherited, **named, "FOOTNOTE_HOME": str(home)}


@pytest.fixture(scope="module")
def small_model() -> None:
    """The 0.5B model's weights are there before anything is watched."""
    try:
        fetch(QWEN_0_5B)
    except WeightsError as error:
        pytest.skip(str(error))


@pytest.fixture
def documents(corpus: Path, tmp_path: Path) -> Path:
    folder = tmp_path / "documents"
    folder.mkdir()
    shutil.copy(corpus / "tokens-embeddings-and-context-windows.md", folder)
    return folder


@pytest.fixture
def home(documents: Path, embedder: Embedder, tmp_path: Path) -> Path:
    assert not sync([documents], tmp_path / "home", embedder).failed
    return tmp_path / "home"


def test_the_watch_sees_a_library_that_calls_home(tmp_path: Path) -> None:
    code = (
        "import asyncio, socket, subprocess, sys\n"
        "def quietly(call, *args):\n"
        "    try: call(*args)\n"
        "    except OSError: pass\n"
        "quietly(socket.create_connection, ('telemetry.example', 443), 1)\n"
        "quietly(socket.create_connection, ('192.0.2.1', 443), 0.1)\n"
        "quietly(asyncio.run, asyncio.open_connection('192.0.2.2', 443))\n"
        "child = \"import socket; socket.socket().connect_ex(('192.0.2.3', 443))\"\n"
        "subprocess.run([sys.executable, '-P', '-c', child], stderr=subprocess.DEVNULL)\n"
    )
    with Watched([sys.executable, "-c", code], tmp_path, environment(tmp_path)) as watched:
        watched.process.communicate(timeout=60)
    noted = "\n".join(watched.strangers())
    for stranger in ("telemetry.example", "192.0.2.1", "192.0.2.2", "192.0.2.3"):
        assert stranger in noted


def test_the_watch_sees_sockets_that_no_python_hook_does(tmp_path: Path) -> None:
    """A process without the hook that keeps a connection open to another address of ours."""
    address = next(
        (
            found.address
            for addresses in psutil.net_if_addrs().values()
            for found in addresses
            if found.family == socket.AF_INET and not found.address.startswith("127.")
        ),
        None,
    )
    if address is None:
        pytest.skip("this machine has no address but loopback")
    with socket.create_server((address, 0)) as listening:
        port = listening.getsockname()[1]
        code = f"import socket; s = socket.create_connection(('{address}', {port})); s.recv(1)"
        command = [sys.executable, "-S", "-c", code]  # -S: without sitecustomize
        with Watched(command, tmp_path, environment(tmp_path)) as watched:
            accepted, _ = listening.accept()
            with accepted:
                before = watched.looks()
                while watched.looks() < before + 2:
                    assert watched.process.poll() is None
    assert any(address in stranger for stranger in watched.strangers())


def test_asking_on_the_terminal_speaks_to_nobody(
    home: Path, small_model: None, tmp_path: Path
) -> None:
    command = [FOOTNOTE, "ask", QUESTION, "--json", "--model", "embedded:0.5b"]
    with Watched(command, tmp_path, environment(home)) as watched:
        output, errors = watched.process.communicate(timeout=300)
    assert watched.process.returncode == 0, errors
    assert json.loads(output)["passages"]
    assert watched.strangers() == []


def test_the_page_speaks_to_nobody(
    home: Path, documents: Path, small_model: None, tmp_path: Path
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    settings = environment(home, corpus=str(documents), model="embedded:0.5b", port=str(port))
    with Watched([FOOTNOTE, "chat", "--no-browser"], tmp_path, settings) as watched:
        assert watched.process.stdout is not None
        for line in watched.process.stdout:
            if "Footnote is at" in line:
                break
        transport = httpx.HTTPTransport(retries=8)  # it says where it is just before it is there
        with httpx.Client(
            base_url=f"http://127.0.0.1:{port}", transport=transport, timeout=120, trust_env=False
        ) as client:
            assert "<html" in client.get("/").text
            answer = ask_page(client, QUESTION)
    assert "tokens-embeddings-and-context-windows.md" in answer
    assert watched.strangers() == []


def ask_page(client: httpx.Client, question: str) -> str:
    """Do what the page's script does when a question is sent, and return what it would show."""
    asking = handlers(client.get("/").text)["ask"]
    session = {"session_hash": "visitor", "fn_index": asking["id"]}
    asked = {"data": [question, "/"], **session}
    client.post("/gradio_api/queue/join", json=asked).raise_for_status()
    shown = ""
    with client.stream("GET", "/gradio_api/queue/data", params=session) as events:
        for line in events.iter_lines():
            if not line.startswith("data:"):
                continue
            event = json.loads(line.removeprefix("data:"))
            shown += json.dumps(event.get("output"))
            if event["msg"] == "process_completed":
                assert event["success"], event
                break
    return shown
