"""Pages of the web come in, within limits; nothing of this machine or its network does."""

import ipaddress
import socket
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from ingest import web
from ingest.addresses import ingest_addresses
from ingest.errors import DocumentError
from ingest.index import open_catalogue
from ingest.origins import addresses_of, read_origins
from ingest.web import Fetched, fetch, is_public
from tests.fakes import FakeEmbedder
from tests.ingest.building import actions
from tests.ingest.web_site import PAGE, Site


@pytest.fixture
def site() -> Iterator[Site]:
    opened = Site()
    opened.pages["/moss"] = 200, {"Content-Type": "text/html; charset=utf-8", "ETag": '"1"'}, PAGE
    yield opened
    opened.close()


@pytest.fixture
def allowed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Loopback counts as the internet."""
    monkeypatch.setattr(web, "is_public", lambda address: True)


def anywhere(address: web.IPAddress) -> bool:
    return True


def refused(url: str, is_allowed: Callable[[web.IPAddress], bool] | None = anywhere) -> str:
    with pytest.raises(DocumentError) as error:
        fetch(url, is_allowed=is_allowed)
    return str(error.value)


@pytest.mark.parametrize(
    "address",
    ["127.0.0.1", "10.1.2.3", "192.168.0.1", "172.16.0.1", "169.254.169.254", "100.64.0.1",
     "0.0.0.0", "224.0.0.1", "255.255.255.255", "::1", "::", "fe80::1", "fd00::1", "ff02::1",
     "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::7f00:1", "fec0::1",
     "64:ff9b::7f00:1", "2002:7f00:1::"],
)  # fmt: skip
def test_no_address_of_this_machine_or_a_private_network_is_public(address: str) -> None:
    assert not is_public(ipaddress.ip_address(address))


def test_an_address_of_this_very_machine_is_none_of_the_internet_even_where_others_reach_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """As a server's own public address would be: here one of loopback stands for it."""
    monkeypatch.setattr(ipaddress.IPv4Address, "is_global", True)
    assert not is_public(ipaddress.ip_address("127.0.0.1"))
    assert is_public(ipaddress.ip_address("93.184.216.34"))


@pytest.mark.parametrize("address", ["93.184.216.34", "8.8.8.8", "2606:4700::1111"])
def test_addresses_of_the_internet_are_public(address: str) -> None:
    assert is_public(ipaddress.ip_address(address))


def test_a_page_is_fetched_with_what_it_is_asked_again_with(site: Site) -> None:
    fetched = fetch(f"{site.address}/moss", is_allowed=anywhere)
    assert fetched == Fetched("127.0.0.1 moss.html", PAGE, '"1"', "")
    assert fetch(f"{site.address}/moss", etag='"1"', is_allowed=anywhere) is None


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "2130706433", "0x7f.1", "[::1]"])
def test_loopback_is_not_asked_however_it_is_spelt(site: Site, host: str) -> None:
    port = site.address.rpartition(":")[2]
    assert "private network" in refused(f"http://{host}:{port}/moss", None)
    assert site.asked == []


def test_a_redirect_into_a_private_network_is_not_followed(site: Site) -> None:
    site.pages["/away"] = 302, {"Location": "http://10.0.0.1/secret"}, b""
    assert "10.0.0.1, which is in a private network" in refused(
        f"{site.address}/away", lambda address: address.is_loopback
    )


@pytest.mark.parametrize("target", ["file:///etc/passwd", "ftp://example.org/", "gopher://x/"])
def test_a_redirect_away_from_the_web_is_not_followed(site: Site, target: str) -> None:
    site.pages["/away"] = 302, {"Location": target}, b""
    assert "is no address of the web" in refused(f"{site.address}/away")


def test_a_name_that_has_another_address_when_it_is_looked_up_again_is_not_believed(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is looked up once, and what was checked is what is connected to."""
    looked_up = []
    really = socket.getaddrinfo
    port = int(site.address.rpartition(":")[2])

    def rebound(host: str, *rest: Any, **more: Any) -> Any:
        if host != "rebound.example":
            return really(host, *rest, **more)
        looked_up.append(host)
        here = "127.0.0.1" if len(looked_up) == 1 else "10.0.0.1"
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (here, port))]

    monkeypatch.setattr(socket, "getaddrinfo", rebound)
    fetched = fetch(f"http://rebound.example:{port}/moss", is_allowed=lambda one: one.is_loopback)
    assert fetched
    assert fetched.content == PAGE
    assert looked_up == ["rebound.example"]


def test_one_private_address_among_others_is_enough_to_refuse(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    both = [(2, 1, 6, "", ("93.184.216.34", 80)), (2, 1, 6, "", ("10.0.0.1", 80))]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: both)
    assert "private network" in refused("http://both.example/", None)


def test_limits_of_size_of_redirects_and_of_time_hold(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    site.pages["/round"] = 302, {"Location": "/round"}, b""
    assert "without end" in refused(f"{site.address}/round")
    monkeypatch.setattr(web, "MAX_BYTES", 50)
    assert "more than the limit" in refused(f"{site.address}/moss")
    monkeypatch.setattr(web, "SECONDS", 0)
    assert "cannot be fetched" in refused(f"{site.address}/moss")


@pytest.mark.parametrize(
    ("url", "problem"),
    [
        ("http://user:word@example.org/", "name or password"),
        ("http:///nothing", "no address of the web"),
        ("http://no-such-name.invalid/", "cannot be fetched"),
    ],
)
def test_what_is_no_address_of_a_page_is_told(url: str, problem: str) -> None:
    assert problem in refused(url)


def test_what_is_not_read_and_what_is_not_there_are_told(site: Site) -> None:
    site.pages["/photo"] = 200, {"Content-Type": "image/png"}, b"\x89PNG"
    assert "image/png, which is not read" in refused(f"{site.address}/photo")
    assert "answers with 404" in refused(f"{site.address}/nothing")


def test_text_comes_in_the_encoding_that_the_server_states(site: Site) -> None:
    headers = {"Content-Type": "text/plain; charset=iso-8859-1"}
    site.pages["/a.txt"] = 200, headers, "Café".encode("latin-1")
    fetched = fetch(f"{site.address}/a.txt", is_allowed=anywhere)
    assert fetched
    assert fetched.content.decode("utf-8-sig") == "Café"


@pytest.mark.usefixtures("allowed")
def test_an_address_is_a_document_that_says_where_it_is_from_and_is_asked_again(
    site: Site, tmp_path: Path
) -> None:
    home, address = tmp_path / "home", f"{site.address}/moss"
    name = "127.0.0.1 moss.html"
    assert actions(ingest_addresses([address], home, FakeEmbedder())) == {name: "added"}
    document = open_catalogue(home).document(name)
    assert document
    assert document.metadata["address"] == address
    assert document.metadata["fetched"] == next(iter(read_origins(home).values())).day
    assert actions(ingest_addresses(addresses_of(home), home, FakeEmbedder())) == {
        name: "unchanged"
    }
    assert site.asked[-1]["if-none-match"] == '"1"'
    changed = PAGE.replace(b"cat", b"bird")
    site.pages["/moss"] = 200, {"Content-Type": "text/html", "ETag": '"2"'}, changed
    receipt = ingest_addresses(addresses_of(home), home, FakeEmbedder())
    assert actions(receipt) == {name: "changed"}
    assert receipt.lines[0].changes
    assert receipt.lines[0].changes.new == ("The bird sits on moss.",)


@pytest.mark.usefixtures("allowed")
def test_what_cannot_be_fetched_is_a_line_and_what_was_there_stays(
    site: Site, tmp_path: Path
) -> None:
    home, address = tmp_path / "home", f"{site.address}/moss"
    ingest_addresses([address], home, FakeEmbedder())
    del site.pages["/moss"]
    [line] = ingest_addresses([address], home, FakeEmbedder()).lines
    assert (line.document, line.action) == (address, "failed")
    assert "answers with 404" in line.problem
    assert len(open_catalogue(home).documents()) == 1
    assert list((home / "fetching").iterdir()) == []
