"""What can be called: nothing that the page does not use, and nothing with the wrong arguments."""

import json
from collections.abc import Iterator
from contextlib import closing
from http.client import HTTPConnection
from typing import Any

import httpx
import pytest

from tests.security.attacking import PATIENCE, Attacker, Running

USED = {"open", "visit", "ask", "ask_example", "retry", "edit", "branch", "judge", "show_sources",
        "stop", "narrow", "find", "rename", "pin", "forget", "add", "fetch", "cancel", "remove",
        "gather", "describe", "read_again", "bring_back", "close", "open_1",
        "look", "speak", "pull", "stop_pull", "connect", "set_profile"}  # fmt: skip
WRONG: list[Any] = [
    None,
    7,
    -1,
    1.5,
    True,
    "x",
    "x" * 100_000,
    [],
    [[]],
    {},
    {"a": 1},
    ["x"] * 1000,
]
NOT_FOR_THE_PAGE = [
    "/config", "/config/", "/gradio_api/config", "/openapi.json", "/gradio_api/openapi.json",
    "/gradio_api/info", "/gradio_api/info/", "/gradio_api/info?all_endpoints=true", "/docs",
    "/redoc", "/gradio_api/token", "/gradio_api/user", "/monitoring",
    "/monitoring/summary", "/gradio_api/queue/status", "/gradio_api/upload_progress?upload_id=x",
    "/gradio_api/startup-events", "/gradio_api/vibe-code", "/gradio_api/dev/reload",
    "/gradio_api/stream/x/y/1/playlist.m3u8", "/gradio_api/call/open/x", "/gradio_api/runs",
    "/gradio_api/deep_link?session_hash=x", "/gradio_api/custom_component/x/client/y/z",
    "/gradio_api/proxy=http://127.0.0.1:1/", "/gradio_api/mcp/", "/manifest.json", "/login_check",
    "/static/../../../routes.py", "/assets/%2e%2e/%2e%2e/%2e%2e/routes.py", "/svelte/x", "//config",
    "/./config", "/%63onfig/", "/page/../server.py", "/page/server.py", "/robots.txt",
]  # fmt: skip
NOT_FOR_CALLING = [
    "/gradio_api/run/add", "/gradio_api/api/add", "/gradio_api/api/predict",
    "/gradio_api/call/add", "/gradio_api/call/v2/add", "/gradio_api/upload",
    "/gradio_api/component_server", "/gradio_api/process_recording", "/gradio_api/vibe-edit",
    "/gradio_api/vibe-code", "/gradio_api/undo-vibe-edit", "/gradio_api/reset", "/login",
    "/gradio_api/run-history/connect", "/gradio_api/stream/x", "/gradio_api/profiling/clear",
]  # fmt: skip


# What the event of each handler brings, where it brings something.
BRINGS: dict[str, dict[str, Any]] = {
    "visit": {"at": "/"},
    "narrow": {"at": "/"},
    "ask_example": {"at": "/", "question": "x"},
    "retry": {"at": "/", "turn": "a1"},
    "edit": {"at": "/", "turn": "a1", "question": "x"},
    "branch": {"at": "/", "turn": "a1"},
    "judge": {"at": "/", "turn": "a1", "good": True, "complaint": "", "note": ""},
    "show_sources": {"at": "/", "turn": "a1"},
    "find": {"words": "x"},
    "rename": {"conversation": "a1", "title": "x"},
    "pin": {"conversation": "a1", "pinned": True},
    "forget": {"conversation": ""},
    "add": {"uploads": ["x"]},
    "fetch": {"address": "x"},
    "cancel": {"run": "x"},
    "remove": {"names": ["nothing.md"]},
    "read_again": {"names": ["nothing.md"]},
    "bring_back": {"removed": "/etc/hostname"},
    "describe": {"collection": "x", "context": "x"},
    "gather": {"collection": "x", "names": ["nothing.md"], "out": False},
    "speak": {"wish": "x"},
    "pull": {"name": "x"},
    "connect": {"address": ""},
    "set_profile": {"profile": "auto"},
}


@pytest.fixture(autouse=True)
def no_traceback_in_the_log(server: Running) -> Iterator[None]:
    before = server.said.count("Traceback")
    yield
    assert server.said.count("Traceback") == before


def no_traceback(answer: httpx.Response) -> None:
    assert "Traceback" not in answer.text
    assert "site-packages" not in answer.text


def test_there_is_no_handler_but_those_that_the_page_uses(attacker: Attacker) -> None:
    """What Gradio does by itself when a tab is closed can be called by nobody."""
    when_closed = {
        name: handler
        for name, handler in attacker.handlers.items()
        if any(event == "unload" for _, event in handler["targets"])
    }
    assert attacker.handlers.keys() - when_closed.keys() == USED
    for handler in when_closed.values():
        refused(attacker, handler["id"], [], None)


@pytest.mark.parametrize("path", NOT_FOR_THE_PAGE)
def test_nothing_is_served_that_the_page_does_not_need(server: Running, path: str) -> None:
    with closing(HTTPConnection(server.host, server.port, timeout=PATIENCE)) as line:
        line.request("GET", path)  # as it is: httpx would tidy it up
        answer = line.getresponse()
        assert answer.status in (403, 404, 405)
        body = answer.read(1000).decode()
    assert len(body) < 500
    assert "Traceback" not in body


@pytest.mark.parametrize("path", NOT_FOR_CALLING)
def test_nothing_can_be_called_but_by_the_door_of_the_page(attacker: Attacker, path: str) -> None:
    for body in ({"data": [], "session_hash": "x"}, {"prompt": "x"}, []):
        answer = attacker.http.post(path, json=body)
        assert answer.status_code in (404, 405)
        no_traceback(answer)


def test_the_page_itself_shows_no_path_and_nothing_of_the_program_s_memory(
    server: Running, attacker: Attacker
) -> None:
    page = attacker.http.get("/").text
    assert str(server.place) not in page
    assert "<function" not in page
    assert " at 0x" not in page
    assert "site-packages" not in page


def test_no_page_is_shown_that_another_user_of_the_machine_left_for_gradio(
    server: Running, attacker: Attacker
) -> None:
    name = "A" * 22
    left = server.temp / "gradio" / "deep_links" / name / "state.json"
    left.parent.mkdir(parents=True)
    left.write_text('[{"id": 1, "type": "html", "props": {"value": "left for you"}}]')
    assert "left for you" not in attacker.http.get(f"/?deep_link={name}").text


def test_arguments_of_wrong_types_and_counts_are_refused(attacker: Attacker) -> None:
    for name, handler in attacker.handlers.items():
        if name == "stop":  # the one that does not queue
            continue
        right = ["x" if name == "ask" else None for _ in handler["inputs"]]
        for data in wrong_data(name, right):
            refused(attacker, handler["id"], data, BRINGS.get(name))
        for event in wrong_events(name):
            refused(attacker, handler["id"], right, event)
    assert attacker.is_answered()


def wrong_data(name: str, right: list[Any]) -> list[Any]:
    """Arguments that are too many, too few, or of other types."""
    wrong = [[*right, None], right[:-1] if right else ["x"]]
    for at, value in enumerate(right):
        others = [each for each in WRONG if type(each) is not type(value)]
        wrong += [[*right[:at], other, *right[at + 1 :]] for other in others]
    return wrong


def wrong_events(name: str) -> list[Any]:
    """Events without a part, with one of another type, and things that are no events."""
    brought = BRINGS.get(name)
    if brought is None:
        return []  # what comes with them goes no further
    wrong: list[Any] = [each for each in WRONG if not isinstance(each, dict)] + [{}]
    for part, value in brought.items():
        wrong.append({key: brought[key] for key in brought if key != part})
        others = [each for each in WRONG if type(each) is not type(value)]
        wrong += [{**brought, part: other} for other in others]
    return wrong


@pytest.mark.parametrize("door", ["/gradio_api/queue/join", "/gradio_api/run/predict"])
def test_a_call_that_is_none_is_refused(attacker: Attacker, door: str) -> None:
    good = {"data": [], "fn_index": attacker.handlers["open"]["id"], "session_hash": "x"}
    bodies: list[Any] = [[], 1, "x", None, {}, {"data": []}, {**good, "data": {}}]
    bodies += [{**good, "fn_index": wrong} for wrong in (999, -1, "1", True, None, 1.5, [1])]
    bodies += [{**good, "session_hash": wrong} for wrong in (None, "", ["x"], "x" * 10_000, "../x")]
    for body in bodies:
        answer = attacker.http.post(door, json=body)
        assert 400 <= answer.status_code < 500, body
        no_traceback(answer)
    for raw in (b"", b"{", b"\xff\xfe", b"[" * 100_000, b'{"data": ' * 5000, b"1" * 10_000):
        answer = attacker.http.post(door, content=raw)
        assert 400 <= answer.status_code < 500, raw[:20]
        no_traceback(answer)


def refused(attacker: Attacker, handler: int, data: Any, event: Any) -> None:
    answer = post(attacker, handler, data, event)
    assert 400 <= answer.status_code < 500, (handler, data, event)
    no_traceback(answer)


def post(attacker: Attacker, handler: int, data: Any, event: Any) -> httpx.Response:
    body = {"data": data, "event_data": event, "fn_index": handler, "session_hash": "wrong1"}
    return attacker.http.post("/gradio_api/queue/join", json=body)


def test_more_than_a_question_can_be_is_not_even_read(attacker: Attacker) -> None:
    body = {"data": ["x" * 5_000_000, "/"], "fn_index": 2, "session_hash": "x"}
    assert attacker.http.post("/gradio_api/queue/join", json=body).status_code == 413


@pytest.mark.parametrize("path", [
    "/source", "/source?document=", "/source?document=x&start=a", "/source?document=moss.md&page=x",
    "/source?document=moss.md&start=1&end=99999999999999999999999999", "/source?document=%00",
    "/source?document=moss.md&start=-1&end=5", "/source?document=moss.md&also=x",
    "/source/page", "/source/page?document=moss.md&sha=x&page=x", "/answer/%00",
    "/source/page?document=moss.md&sha=&page=99999999999999999999999", "/answer/" + "x" * 5000,
    "/source/page?document=../../etc/passwd&sha=x&page=1", "/export", "/export?answer=x&as=exe",
    "/export?as=pdf", "/export?answer=%00&as=markdown", "/source?document=" + "x" * 20_000,
    "/gradio_api/queue/data", "/gradio_api/queue/data?session_hash=nobody1",
    "/gradio_api/queue/data?session_hash=", "/gradio_api/heartbeat/", "/?deep_link=../../x",
    "/gradio_api/queue/data?session_hash=" + "x" * 5000, "/gradio_api/heartbeat/" + "x" * 5000,
])  # fmt: skip
def test_an_address_with_wrong_parts_is_answered_and_leaves_no_traceback(
    attacker: Attacker, path: str
) -> None:
    with attacker.http.stream("GET", path) as answer:
        assert answer.status_code < 500
        if "event-stream" not in answer.headers.get("content-type", ""):
            answer.read()
            no_traceback(answer)


def test_the_reader_shows_no_path_of_the_machine(server: Running, attacker: Attacker) -> None:
    attacker.add(("dropped.md", b"# Dropped\n\nIt fell.\n"))
    for name in ("moss.md", "dropped.md", "nothing.md"):
        page = attacker.http.get("/source", params={"document": name}).text
        assert str(server.place) not in page
        assert str(server.home) not in page
    assert str(server.place) not in json.dumps(attacker.listed())
