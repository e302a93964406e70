"""The API over a world that is small enough to work out by hand, on a real server."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
import uvicorn

from app.api.server import alone
from app.api.services import Services
from app.journal import Journal
from app.library import Library
from app.page.guard import Doors
from app.page.uploads import Uploads
from tests.app.small_world import DOCUMENTS, engine_on, indexed


@dataclass
class Served:
    """A running API: its address, and what answers behind it."""

    url: str
    services: Services
    http: httpx.Client


def services_in(place: Path, model: Any = None, needs_key: bool = False) -> Services:
    """What answers programs, in a home of its own."""
    index = indexed(place, DOCUMENTS)
    home = place / "home"
    engine = engine_on(index, model, Journal(home / "journal.sqlite"))
    return Services.over(engine, Library(home, index), Uploads(home), home, needs_key)


@contextmanager
def served(place: Path, **options: Any) -> Iterator[Served]:
    """An API of its own, for what changes it."""
    services = services_in(place, **options)
    try:
        with (
            running(alone(services, Doors())) as url,
            httpx.Client(base_url=url, timeout=60, trust_env=False) as http,
        ):
            yield Served(url, services, http)
    finally:
        services.uploads.close()


class running:
    """A real server on a free port, which ends with the block."""

    def __init__(self, app: Any) -> None:
        self._socket = socket.create_server(("127.0.0.1", 0))
        config = uvicorn.Config(app, log_level="warning", timeout_graceful_shutdown=1)
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(
            target=self._server.run, kwargs={"sockets": [self._socket]}, daemon=True
        )

    def __enter__(self) -> str:
        self._thread.start()
        return f"http://127.0.0.1:{self._socket.getsockname()[1]}"

    def __exit__(self, *_: object) -> None:
        self._server.should_exit = True
        self._thread.join(20)
        self._socket.close()


@pytest.fixture(scope="session")
def api(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """One API without a language model, for all tests that leave its documents as they are."""
    with served(tmp_path_factory.mktemp("api")) as api:
        yield api
