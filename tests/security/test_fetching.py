"""An address that is added leads to a page of the web or nowhere, and holds nobody up."""

import json
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.ingest.web_site import PAGE, Site
from tests.security.attacking import Attacker, Running, running

NO_ADDRESSES = [
    "http://[", "http://127.0.0.1:99999/", "http://127.0.0.1:x/", "http://[v1.x]/", "http:///x",
    "http://a\u00e4.invalid:99999/\u00fc", "http://\u2460\u2461\u2466.\u24ea.\u24ea.\u2460/",
    "http://x\r\nHost: y/", "http://127.0.0.1/\0", "http://0177.0.0.1/", "http://" + "a" * 300, "file:///etc/passwd",
    "gopher://127.0.0.1/", "http://user:word@127.0.0.1/", "http://127.0.0.1\\@example.invalid/",
]  # fmt: skip


@pytest.fixture(scope="module")
def open_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """A Footnote for which loopback is the web."""
    place = tmp_path_factory.mktemp("fetching")
    with running(place, settings={"LOOPBACK_IS_PUBLIC": "1"}) as server:
        yield server


@pytest.fixture
def site() -> Iterator[Site]:
    opened = Site()
    yield opened
    opened.close()


def fetched(attacker: Attacker, address: str) -> str:
    """What is shown when somebody adds an address."""
    outcome = attacker.call("fetch", [], {"address": address})
    assert outcome.success
    return str(json.loads(outcome.shown)["data"][0])


def test_what_is_no_address_is_told_so_and_breaks_nothing(
    open_server: Running, attacker: Attacker
) -> None:
    for address in NO_ADDRESSES:
        shown = fetched(attacker, address)
        assert "Not added" in shown, address
        assert "log says why" not in shown, address
    assert "Traceback" not in attacker.server.said


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::1]", "[::ffff:127.0.0.1]",
                                  "2130706433", "0x7f.1", "127.1"])  # fmt: skip
def test_this_machine_is_not_asked_however_it_is_spelt(attacker: Attacker, host: str) -> None:
    port = attacker.server.port
    assert "private network" in fetched(attacker, f"http://{host}:{port}/api/v1/health")


def test_a_redirect_of_any_kind_ends_in_a_sentence(open_server: Running, site: Site) -> None:
    for number, target in enumerate((*NO_ADDRESSES[:4], "//[", "\xe4://", "http://\xff/")):
        site.pages[f"/{number}"] = 302, {"Location": target}, b""
        with Attacker(open_server) as attacker:
            shown = fetched(attacker, f"{site.address}/{number}")
        assert "Not added" in shown, target
        assert "log says why" not in shown, target
    assert "Traceback" not in open_server.said


def test_a_marker_in_any_letters_is_sent_back_as_it_came(open_server: Running, site: Site) -> None:
    site.pages["/moss"] = 200, {"Content-Type": "text/html", "ETag": '"\xe9"'}, PAGE
    with Attacker(open_server) as attacker:
        assert "Added" in fetched(attacker, f"{site.address}/moss")
        assert "Already there" in fetched(attacker, f"{site.address}/moss")


def test_an_encoding_that_is_none_of_the_web_holds_nobody_up(
    open_server: Running, site: Site
) -> None:
    """Python would read punycode for hours, and nobody else would be answered meanwhile."""
    told = {"Content-Type": "text/plain; charset=punycode"}
    site.pages["/slow.txt"] = 200, told, b"Moss grows." + b"x" * 500_000 + b"-" + b"a" * 500_000
    with Attacker(open_server, "slow") as slow, Attacker(open_server, "other") as other:
        adding = threading.Thread(target=fetched, args=(slow, f"{site.address}/slow.txt"))
        adding.start()
        assert other.is_answered()
        adding.join(60)
        assert not adding.is_alive()


def test_who_fetches_takes_nothing_from_another_who_does(open_server: Running, site: Site) -> None:
    there = threading.Event()
    site.waits["/first.txt"] = there
    for name in ("first", "second"):
        site.pages[f"/{name}.txt"] = 200, {"Content-Type": "text/plain"}, name.encode() * 9
    shown: list[str] = []
    with Attacker(open_server, "one") as one, Attacker(open_server, "two") as two:
        first = f"{site.address}/first.txt"
        adding = threading.Thread(target=lambda: shown.append(fetched(one, first)))
        adding.start()
        assert site.reached.wait(60)
        assert "Added" in fetched(two, f"{site.address}/second.txt")
        there.set()
        adding.join(60)
    assert "Added" in shown[0]
    origins = json.loads((open_server.home / "origins.json").read_text("utf-8"))
    assert {"127.0.0.1 first.txt", "127.0.0.1 second.txt"} <= origins.keys()
    assert _left(open_server.home) == []


def _left(home: Path) -> list[Path]:
    return [path for path in (home / "fetching").rglob("*") if path.is_file()]
