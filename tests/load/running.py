"""The real `footnote chat` in a process of its own, and what it holds: descriptors and memory."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil

FOOTNOTE = Path(sys.executable).with_name("footnote")


@dataclass(frozen=True)
class Held:
    """What a process holds at one moment; `memory` in MB, resident."""

    descriptors: int
    memory: int
    threads: int


def held(pid: int) -> Held:
    """Look at a process."""
    process = psutil.Process(pid)
    memory = round(process.memory_info().rss / 1e6)
    return Held(process.num_fds(), memory, process.num_threads())


def settled(pid: int, at_most: float = 60.0) -> Held:
    """Look at a process once its descriptors get no fewer: those who left are seen to have left."""
    until = time.monotonic() + at_most
    now = held(pid)
    while time.monotonic() < until:
        time.sleep(2)
        before, now = now, held(pid)
        if now.descriptors >= before.descriptors:
            return now
    return now


@dataclass(frozen=True)
class Running:
    """A page that is served."""

    address: str
    process: subprocess.Popen[str]
    log: Path


@contextmanager
def running(home: Path, place: Path) -> Iterator[Running]:
    """Serve what is in `home`, without a model, on a free port of the loopback interface.

    The log is written to `place`, which is the working directory.
    """
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = [FOOTNOTE, "chat", "--no-browser", "--model", "none", "--port", str(port)]
    environment = {name: v for name, v in os.environ.items() if not name.startswith("FOOTNOTE_")}
    if "FOOTNOTE_CACHE" in os.environ:
        environment["FOOTNOTE_CACHE"] = os.environ["FOOTNOTE_CACHE"]
    environment |= {"FOOTNOTE_CORPUS": str(place / "none")}
    log = place / "server.log"
    with log.open("w") as errors:
        process = subprocess.Popen(
            [*map(str, command), "--home", str(home)],
            cwd=place,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
        )
        try:
            assert process.stdout is not None
            while "Footnote is at" not in (line := process.stdout.readline()):
                assert line, f"The page was not served: {log.read_text()}"
            yield Running(f"http://127.0.0.1:{port}", process, log)
        finally:
            process.terminate()
            try:
                process.communicate(timeout=30)
            except subprocess.TimeoutExpired:
                process.kill()
                process.communicate()
