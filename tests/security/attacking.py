"""What an attacker has: a running Footnote, HTTP, and what the page tells of its handlers."""

import json
import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, Self

import httpx

from tests.handlers import handlers

ROOT = Path(__file__).parents[2]
PATIENCE = 120
"""Seconds after which a server that says nothing counts as hung, on a machine with much to do."""
DOCUMENTS = {
    "moss.md": "# Moss\n\nMoss grows slowly in the shade.\n",
    "tide.md": "# Tides\n\nThe tide turns every six hours.\n",
}


@dataclass
class Running:
    """A `footnote chat` of its own: its home, its temp folder, and everything that it says."""

    place: Path
    host: str = "127.0.0.1"
    options: Sequence[str] = ()
    settings: dict[str, str] = field(default_factory=dict)
    documents: Mapping[str, str] = field(default_factory=lambda: DOCUMENTS)
    port: int = 0
    process: subprocess.Popen[bytes] | None = None

    @property
    def home(self) -> Path:
        return self.place / "home"

    @property
    def temp(self) -> Path:
        return self.place / "temp"

    @property
    def said(self) -> str:
        """Its standard output and its log."""
        return (self.place / "said").read_text("utf-8")

    @property
    def reached_at(self) -> str:
        """An address of this machine at which it listens."""
        return {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(self.host, self.host)

    @property
    def address(self) -> str:
        """Its own address, as a browser on this machine would have it."""
        return f"http://{in_url(self.reached_at)}:{self.port}"

    def start(self, arguments: Sequence[str] = ("--model", "none", "--no-browser")) -> None:
        """Start it, without waiting for anything."""
        for folder in (self.temp, self.place / "corpus"):
            folder.mkdir(parents=True, exist_ok=True)
        for name, text in self.documents.items():
            (self.place / "corpus" / name).write_text(text, "utf-8")
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        kept = {name: os.environ[name] for name in os.environ if not name.startswith("FOOTNOTE_")}
        own = {
            "FOOTNOTE_HOME": str(self.home),
            "FOOTNOTE_CORPUS": str(self.place / "corpus"),
            "TMPDIR": str(self.temp),
            "PYTHONUNBUFFERED": "1",
        }
        command = [sys.executable, "-m", "tests.security.page_process", "chat", *arguments]
        command += ["--host", self.host, "--port", str(self.port), *self.options]
        with (self.place / "said").open("wb") as said:
            self.process = subprocess.Popen(
                command, cwd=ROOT, env={**kept, **own, **self.settings}, stdout=said, stderr=said
            )

    def wait(self) -> None:
        """Wait until it can be reached. Fails where it ends instead."""
        assert self.process is not None
        for _ in range(PATIENCE * 10):
            if "Footnote is at" in self.said:
                return
            assert self.process.poll() is None, self.said
            time.sleep(0.1)
        raise AssertionError(f"It did not start: {self.said}")

    def kill(self) -> None:
        """End it as a power cut would."""
        assert self.process is not None
        self.process.kill()
        self.process.wait()

    def holds(self, words: bytes) -> list[Path]:
        """The files of the home and the temp folder that hold these bytes."""
        return [file for file in self.files() if words in file.read_bytes()]

    def files(self) -> list[Path]:
        """Every regular file of the home and the temp folder."""
        below = [path for folder in (self.home, self.temp) for path in folder.rglob("*")]
        return sorted(path for path in below if path.is_file() and not path.is_symlink())

    def stored(self) -> int:
        """Bytes of all of them."""
        return sum(path.stat().st_size for path in self.files())


@contextmanager
def running(place: Path, **options: Any) -> Iterator[Running]:
    """A Footnote that can be reached; it ends with the block."""
    server = Running(place, **options)
    server.start()
    try:
        server.wait()
        yield server
    finally:
        server.kill()


def in_url(host: str) -> str:
    return f"[{host}]" if ":" in host else host


@dataclass
class Outcome:
    """What became of a call: its HTTP status, and the last message about it."""

    status: int
    body: str
    success: bool = False
    shown: str = ""


class Attacker:
    """Speaks HTTP to the server, as any program of any visitor can."""

    def __init__(self, server: Running, session: str = "attacker1", **headers: str) -> None:
        self.server = server
        self.session = session
        self.http = httpx.Client(
            base_url=server.address, headers=headers, timeout=PATIENCE, trust_env=False
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.http.close()

    @cached_property
    def handlers(self) -> dict[str, dict[str, Any]]:
        """What the page tells the browser of its handlers, by name."""
        return handlers(self.http.get("/").text)

    def call(self, handler: int | str, data: Any = None, event: Any = None, **more: Any) -> Outcome:
        """Call a handler through the queue, and wait for what becomes of it."""
        number = self.handlers[handler]["id"] if isinstance(handler, str) else handler
        body = {
            "data": [] if data is None else data,
            "event_data": event,
            "fn_index": number,
            "session_hash": self.session,
            **more,
        }
        return self.send(body)

    def send(self, body: Any) -> Outcome:
        """Send a body to the queue as it is, and wait for what becomes of it."""
        answer = self.http.post("/gradio_api/queue/join", json=body)
        if answer.status_code != 200:
            return Outcome(answer.status_code, answer.text)
        query = {"session_hash": self.session}
        with self.http.stream("GET", "/gradio_api/queue/data", params=query) as stream:
            for line in stream.iter_lines():
                message = json.loads(line.removeprefix("data: ")) if line else {}
                if message.get("msg") == "process_completed":
                    shown = json.dumps(message["output"], ensure_ascii=False)
                    return Outcome(200, answer.text, message["success"], shown)
        raise AssertionError("The call was never completed.")

    def upload(self, name: str, content: Any, **headers: str) -> httpx.Response:
        """Upload a file as the page does."""
        return self.http.post("/documents", params={"name": name}, content=content, headers=headers)

    def add(self, *uploads: tuple[str, bytes]) -> Outcome:
        """Upload files and add them together, as the page does with what is dropped on it."""
        answers = [self.upload(name, content) for name, content in uploads]
        assert [each.status_code for each in answers] == [200] * len(answers), answers
        return self.call("add", [], {"uploads": [each.text for each in answers]})

    def listed(self) -> str:
        """The list of documents as the page shows it, without those that could not be read."""
        shown = str(json.loads(self.call("open").shown)["data"][0])
        shown = re.sub(r"<span data-stamp=.*></span>\n", "", shown)  # counts what failed, too
        rows = re.split(r'(?=<li class="document")|(?<=</li>)\n', shown)
        return "\n".join(row for row in rows if row.strip() and 'class="unread"' not in row)

    def ask(self, question: str) -> Outcome:
        """Put a question as a tab does that has asked none yet."""
        return self.call("ask", [question, "/"])

    def is_answered(self) -> bool:
        """Whether a question is still answered."""
        outcome = self.ask("Does moss grow slowly in the shade?")
        return outcome.success and "Moss grows slowly" in outcome.shown
