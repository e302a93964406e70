"""One Footnote for all attacks that it should survive."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.security.attacking import Attacker, Running, running


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    settings = {"SHORT_DRAWING": "1"}
    with running(tmp_path_factory.mktemp("attacked"), settings=settings) as server:
        yield server


@pytest.fixture
def attacker(server: Running) -> Iterator[Attacker]:
    with Attacker(server) as attacker:
        yield attacker


@pytest.fixture
def own_server(tmp_path: Path) -> Iterator[Running]:
    """A Footnote that only this test has, for what leaves traces."""
    with running(tmp_path) as server:
        yield server
