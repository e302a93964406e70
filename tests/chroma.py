"""A real Chroma server on this machine, which can be ended and started again."""

import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from ingest.vector_places import ChromaServer

_RUN = "import sys; from chromadb.cli.cli import app; sys.argv[0] = 'chroma'; app()"


@dataclass
class Chroma:
    """A `chroma run` with a folder of its own."""

    folder: Path
    port: int = 0
    process: subprocess.Popen[bytes] | None = field(default=None)

    @property
    def server(self) -> ChromaServer:
        return ChromaServer(f"http://127.0.0.1:{self.port}")

    @property
    def is_running(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def start(self) -> None:
        if not self.port:
            with socket.socket() as free:
                free.bind(("127.0.0.1", 0))
                self.port = free.getsockname()[1]
        options = ["run", "--path", str(self.folder), "--host", "127.0.0.1"]
        self.process = subprocess.Popen(
            [sys.executable, "-c", _RUN, *options, "--port", str(self.port)],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        for _ in range(600):
            try:
                if httpx.get(f"{self.server.url}/api/v2/heartbeat", trust_env=False).is_success:
                    return
            except httpx.TransportError:
                assert self.process.poll() is None, "chroma did not start"
            time.sleep(0.1)
        raise AssertionError("chroma did not start")

    def kill(self) -> None:
        assert self.process is not None
        self.process.kill()
        self.process.wait()


@contextmanager
def running(folder: Path) -> Iterator[Chroma]:
    """A server that keeps what it has in a folder."""
    chroma = Chroma(folder)
    chroma.start()
    try:
        yield chroma
    finally:
        chroma.kill()
