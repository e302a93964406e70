"""What programs reach beside the page: the same doors, and nothing that ends in a fault."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from ingest.loaders import MAX_BYTES
from tests.security.attacking import Attacker, Running

JSON = {"Content-Type": "application/json", "Accept": "application/json, text/event-stream"}
ASKED = {"question": "Does moss grow slowly in the shade?"}
CALLED = {"jsonrpc": "2.0", "id": 1, "method": "tools/list", "params": {}}
POSTED: dict[str, Any] = {
    "/api/v1/ask": ASKED,
    "/api/v1/search": {"query": "moss"},
    "/api/v1/check": {"text": "Moss grows slowly."},
    "/v1/chat/completions": {"messages": [{"role": "user", "content": ASKED["question"]}]},
    "/v1/responses": {"input": ASKED["question"]},
    "/mcp": CALLED,
}
WRONG: list[bytes] = [
    b"", b"{", b"\xff\xfe", b"[]", b"1", b"null", b'"x"', b"[" * 100_000, b'{"a":' * 5_000,
    b'{"question": 1}', b'{"question": "\\u0000"}', b'{"question": "\\ud800"}',
    json.dumps({"question": "x", "turns": [[]], "query": [], "text": {}, "input": 7}).encode(),
    json.dumps({"question": "x" * 5_000, "query": "x" * 500_000, "messages": "x"}).encode(),
]  # fmt: skip
NAMES = ("../../etc/passwd", "%2e%2e%2fetc%2fpasswd", "/etc/passwd", "%00", "x" * 5_000, "a\\b.md")


@pytest.fixture(autouse=True)
def no_traceback_in_the_log(server: Running) -> Iterator[None]:
    before = server.said.count("Traceback")
    yield
    assert server.said.count("Traceback") == before


@pytest.mark.parametrize("path", POSTED)
def test_no_foreign_page_and_no_foreign_name_is_answered(attacker: Attacker, path: str) -> None:
    for foreign in (
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
        {"Host": f"evil.example:{attacker.server.port}"},
        {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "no-cors"},
    ):
        answer = attacker.http.post(path, json=POSTED[path], headers={**JSON, **foreign})
        assert answer.status_code == 403
        assert "access-control-allow-origin" not in answer.headers


@pytest.mark.parametrize("path", POSTED)
def test_a_body_that_is_none_is_refused_without_a_fault(attacker: Attacker, path: str) -> None:
    for body in WRONG:
        answer = attacker.http.post(path, content=body, headers=JSON)
        assert answer.status_code < 500, (body[:30], answer.text[:300])
        assert "Traceback" not in answer.text
        assert str(attacker.server.home) not in answer.text
    assert attacker.is_answered()


@pytest.mark.parametrize("path", POSTED)
def test_a_body_that_is_larger_than_any_call_is_not_read(attacker: Attacker, path: str) -> None:
    def endless() -> Iterator[bytes]:
        for _ in range(60):
            yield b" " * 1_000_000

    answer = attacker.http.post(path, content=endless(), headers=JSON)
    assert 400 <= answer.status_code < 500


@pytest.mark.parametrize("name", NAMES)
def test_no_document_is_reached_by_a_path(attacker: Attacker, name: str) -> None:
    for path in (f"/api/v1/documents/{name}", f"/api/v1/documents/{name}/text"):
        for method in ("GET", "PUT", "DELETE"):
            answer = attacker.http.request(method, path, content=b"# A" if method == "PUT" else b"")
            assert 400 <= answer.status_code < 500, (method, path, answer.text[:200])
            assert "root:" not in answer.text


def test_a_file_that_is_too_large_or_no_document_is_refused_and_leaves_nothing(
    server: Running, attacker: Attacker
) -> None:
    before = server.stored()
    large = b"x" * (MAX_BYTES + 1)
    assert attacker.http.post("/api/v1/documents?name=big.md", content=large).status_code == 413
    for name in ("../a.md", "a/b.md", "a.exe", ""):
        answer = attacker.http.post("/api/v1/documents", params={"name": name}, content=b"# A")
        assert answer.status_code in (400, 409, 422)
    assert server.stored() < before + 1_000_000


@pytest.mark.parametrize(
    "place",
    ["..%2f..%2fetc%2fpasswd", "moss.md/a/b", "moss.md/-1/9", "moss.md/0/" + "9" * 5_000,
     "moss.md/%00/%ff", "%ed%a0%80"],
)  # fmt: skip
def test_an_agent_that_names_no_place_is_told_so(attacker: Attacker, place: str) -> None:
    named = {"uri": f"footnote:///documents/{place}"}
    asked = {"jsonrpc": "2.0", "id": 1, "method": "resources/read", "params": named}
    answer = attacker.http.post("/mcp", json=asked, headers=JSON)
    assert '"error"' in answer.text
    assert "Internal" not in answer.text
    assert "Error creating" not in answer.text
