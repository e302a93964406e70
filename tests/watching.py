"""Watches a process and its children for connections beyond this machine."""

import ipaddress
import os
import subprocess
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

import psutil

_HOOK = Path(__file__).with_name("watched")


class Watched:
    """A running process that is watched from within and from without; a context manager.

    From within: every Python of it refuses and notes what is not loopback (watched/sitecustomize).
    From without: the sockets of all its processes are looked at again and again, which also sees
    code that is not Python. `strangers()` are both.
    """

    def __init__(
        self, arguments: Sequence[str | Path], place: Path, environment: Mapping[str, str]
    ) -> None:
        self._log = place / "network.log"
        self._over = threading.Event()
        self._seen: set[str] = set()
        self._looks = 0
        path = os.pathsep.join(filter(None, [str(_HOOK), environment.get("PYTHONPATH", "")]))
        self.process = subprocess.Popen(
            [str(argument) for argument in arguments],
            cwd=place,
            env={**environment, "PYTHONPATH": path, "NETWORK_LOG": str(self._log)},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        self._thread = threading.Thread(target=self._look, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._over.set()
        self._thread.join()
        self.process.terminate()
        self.process.communicate(timeout=30)

    def strangers(self) -> list[str]:
        """Who was spoken to, or looked for, that is not this machine."""
        noted = self._log.read_text("utf-8") if self._log.exists() else ""
        return [*filter(None, [noted]), *sorted(self._seen)]

    def looks(self) -> int:
        """How often the sockets were looked at."""
        return self._looks

    def _look(self) -> None:
        while not self._over.wait(0.05):
            try:
                root = psutil.Process(self.process.pid)
                for process in (root, *root.children(recursive=True)):
                    for connection in process.net_connections("inet"):
                        if connection.raddr and not _is_loopback(connection.raddr.ip):
                            self._seen.add(f"{process.name()} → {connection.raddr}")
            except psutil.Error:
                continue
            self._looks += 1


def _is_loopback(ip: str) -> bool:
    address = ipaddress.ip_address(ip.split("%")[0])
    mapped = getattr(address, "ipv4_mapped", None)
    return (mapped or address).is_loopback
