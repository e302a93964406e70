"""Who is answered: by what name Footnote is called, from which page, through which proxy."""

import json
import re
import socket
from collections.abc import Iterator

import pytest
from typer.testing import CliRunner

from app import cli
from ingest.errors import SettingsError
from tests.security.attacking import Attacker, Running, in_url, running

EVERYWHERE = ["127.0.0.1", "127.0.0.2", "::1", "0.0.0.0", "::"]
PATHS = ["/", "/source?document=moss.md", "/answer/x", "/gradio_api/queue/data?session_hash=x"]
PATHS += ["/api/v1/documents", "/api/v1/health", "/v1/models", "/mcp"]
PATHS += ["/gradio_api/heartbeat/x", "/export?answer=x&as=markdown", "/page/page.js", "/config"]


@pytest.fixture(scope="module", params=EVERYWHERE)
def anywhere(
    request: pytest.FixtureRequest, server: Running, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Running]:
    """A Footnote that listens at each kind of address."""
    if request.param == server.host:
        yield server
        return
    family = socket.AF_INET6 if ":" in request.param else socket.AF_INET
    try:
        socket.create_server((request.param, 0), family=family).close()
    except OSError:
        pytest.skip(f"this machine has no {request.param}")
    place = tmp_path_factory.mktemp("anywhere")
    with running(place, host=request.param, options=open_to(request.param)) as server:
        yield server


def open_to(host: str) -> list[str]:
    return ["--open"] if host in ("0.0.0.0", "::") else []


@pytest.fixture(scope="module")
def configured(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """A Footnote with names, friends and proxies of its own."""
    settings = {
        "FOOTNOTE_ALLOWED_HOSTS": "docs.example, wiki.example",
        "FOOTNOTE_ALLOWED_ORIGINS": "https://intranet.example",
        "FOOTNOTE_TRUSTED_PROXIES": "127.0.0.0/8",
    }
    with running(tmp_path_factory.mktemp("configured"), settings=settings) as server:
        yield server


# -- 4: The name in the address bar ----------------------------------------------------------------


@pytest.mark.parametrize("name", ["evil.example", "evil.example:{port}", "127.0.0.1.evil.example",
                                  "localhost.evil.example", "evil.example@127.0.0.1", "", "[::1",
                                  "10.11.12.13:{port}"])  # fmt: skip
def test_no_address_answers_to_a_name_that_a_foreign_website_gave_it(
    anywhere: Running, name: str
) -> None:
    with Attacker(anywhere) as attacker:
        known = {"Host": name.format(port=anywhere.port)}
        for path in PATHS:
            with attacker.http.stream("GET", path, headers=known) as answer:
                assert answer.status_code in (400, 403), path
        body = {"data": [], "fn_index": 1, "session_hash": "x"}
        for path in ("/gradio_api/queue/join", "/documents?name=a.md"):
            assert attacker.http.post(path, json=body, headers=known).status_code in (400, 403)


def test_every_address_answers_to_its_own_name(anywhere: Running) -> None:
    with Attacker(anywhere) as attacker:
        assert attacker.http.get("/").status_code == 200
        own = {"Origin": anywhere.address}
        answer = attacker.http.post("/documents?name=a.md", content=b"# A\n\nIt.", headers=own)
        assert answer.status_code == 200


def test_two_names_at_once_are_none(server: Running) -> None:
    with socket.create_connection((server.host, server.port), timeout=20) as line:
        own = f"{server.host}:{server.port}"
        line.sendall(f"GET / HTTP/1.1\r\nHost: {own}\r\nHost: evil.example\r\n\r\n".encode())
        assert line.recv(4096).decode().startswith(("HTTP/1.1 403", "HTTP/1.1 400"))


def test_a_further_name_is_a_setting(configured: Running) -> None:
    with Attacker(configured) as attacker:
        for name in ("docs.example", f"Wiki.example:{configured.port}"):
            assert attacker.http.get("/", headers={"Host": name}).status_code == 200
        assert attacker.http.get("/", headers={"Host": "x.docs.example"}).status_code == 403


# -- 4: The page that asks -------------------------------------------------------------------------


@pytest.mark.parametrize("origin", ["http://evil.example", "http://localhost:3000", "null",
                                    "http://localhost:{port}", "https://{own}", "file://",
                                    "http://{own}.evil.example", "http://evil@{own}"])  # fmt: skip
def test_no_foreign_page_adds_removes_asks_or_reads(anywhere: Running, origin: str) -> None:
    own = anywhere.address.removeprefix("http://")
    foreign = {"Origin": origin.format(port=anywhere.port, own=own)}
    with Attacker(anywhere) as attacker:
        removing = {"fn_index": attacker.handlers["remove"]["id"], "data": []}
        removing |= {"event_data": {"names": ["moss.md"]}, "session_hash": "x"}
        kind = {"Content-Type": "text/plain"}  # what a form can send without asking first
        for path, content in (
            ("/gradio_api/queue/join", json.dumps(removing)),
            ("/gradio_api/run/predict", json.dumps(removing)),
            ("/documents?name=a.md", "# A\n\nIt."),
        ):
            answer = attacker.http.post(path, content=content, headers={**foreign, **kind})
            assert answer.status_code in (403, 404), path
        for path in PATHS:
            with attacker.http.stream("GET", path, headers=foreign) as answer:
                assert answer.status_code in (403, 404), path
                assert "access-control-allow-origin" not in answer.headers
                assert "access-control-allow-credentials" not in answer.headers
        asked = {**foreign, "Access-Control-Request-Method": "POST"}
        for path in ("/", "/gradio_api/queue/join", "/documents"):
            answer = attacker.http.request("OPTIONS", path, headers=asked)
            assert "access-control-allow-origin" not in answer.headers
            assert "access-control-allow-credentials" not in answer.headers
        assert "moss.md" in attacker.listed()


def test_what_a_foreign_page_embeds_is_not_even_made(attacker: Attacker) -> None:
    embedded = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "no-cors"}
    for path in PATHS:
        with attacker.http.stream("GET", path, headers=embedded) as answer:
            assert answer.status_code in (403, 404), path
    followed = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate"}
    assert attacker.http.get("/source?document=moss.md", headers=followed).status_code == 200


def test_another_page_that_was_allowed_may_call_and_brings_nobody_s_credentials(
    configured: Running,
) -> None:
    with Attacker(configured) as attacker:
        friend = {"Origin": "https://intranet.example"}
        answer = attacker.http.get("/source?document=moss.md", headers=friend)
        assert answer.status_code == 200
        assert answer.headers["access-control-allow-origin"] == "https://intranet.example"
        assert "access-control-allow-credentials" not in answer.headers
        asked = {**friend, "Access-Control-Request-Method": "POST"}
        answer = attacker.http.request("OPTIONS", "/gradio_api/queue/join", headers=asked)
        assert answer.headers["access-control-allow-origin"] == "https://intranet.example"
        assert "access-control-allow-credentials" not in answer.headers
        foe = {"Origin": "https://intranet.example.evil.example"}
        assert attacker.http.get("/source?document=moss.md", headers=foe).status_code == 403


def test_a_socket_of_the_web_is_opened_to_nobody(server: Running) -> None:
    for host in (f"{server.host}:{server.port}", "evil.example"):
        with socket.create_connection((server.host, server.port), timeout=20) as line:
            head = f"GET /gradio_api/queue/join HTTP/1.1\r\nHost: {host}\r\nUpgrade: websocket\r\n"
            head += "Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
            line.sendall(f"{head}Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n".encode())
            assert re.match(r"HTTP/1\.1 4\d\d", line.recv(4096).decode())


# -- 4: What a proxy says --------------------------------------------------------------------------


FORWARDED = {
    "X-Forwarded-Host": "evil.example",
    "X-Forwarded-Proto": "https",
    "X-Forwarded-For": "10.9.8.7",
    "Forwarded": "host=evil.example;proto=https",
    "X-Gradio-Server": "http://evil.example",
}


def test_nobody_who_is_no_proxy_is_believed_to_be_one(attacker: Attacker) -> None:
    for name, value in FORWARDED.items():
        for path in ("/", "/source?document=moss.md&start=0&end=6"):
            answer = attacker.http.get(path, headers={name: value})
            assert answer.status_code == 200
            assert "evil.example" not in answer.text
            assert f"https://{attacker.server.host}" not in answer.text


def test_a_proxy_that_is_trusted_says_how_it_was_asked(configured: Running) -> None:
    asked = {"X-Forwarded-Host": "docs.example", "X-Forwarded-Proto": "https"}
    with Attacker(configured) as attacker:
        page = attacker.http.get("/source?document=moss.md&start=0&end=6", headers=asked)
        assert "https://docs.example/source" in page.text
        assert '"root":"https://docs.example"' in attacker.http.get("/", headers=asked).text
        for origin, status in (("https://docs.example", 200), ("http://docs.example", 403)):
            own = {**asked, "Origin": origin}
            answer = attacker.http.post("/documents?name=a.md", content=b"# A", headers=own)
            assert answer.status_code == status
        lied = {**asked, "X-Forwarded-Host": "evil.example"}
        assert attacker.http.get("/", headers=lied).status_code == 403


# -- 4: Listening beyond this machine --------------------------------------------------------------


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.1", "example.org"])
def test_listening_beyond_this_machine_is_refused_without_being_asked_for(host: str) -> None:
    result = CliRunner().invoke(cli.app, ["chat", "--host", host])
    assert isinstance(result.exception, SettingsError)
    assert "--open" in str(result.exception)


def test_listening_beyond_this_machine_says_in_one_line_what_that_means(anywhere: Running) -> None:
    warnings = [line for line in anywhere.said.splitlines() if "Open:" in line]
    assert len(warnings) == (1 if anywhere.options else 0)
    assert all("can read, add and remove" in line for line in warnings)


def test_the_address_of_a_server_is_written_as_a_browser_takes_it(anywhere: Running) -> None:
    assert f"http://{in_url(anywhere.host)}:{anywhere.port}" in anywhere.said
