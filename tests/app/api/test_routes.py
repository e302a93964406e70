"""The HTTP API against a real server."""

import contextlib
import json
import threading
from pathlib import Path
from typing import Any

import httpx
import pytest

from app.api.keys import Keys
from app.api.records import AnswerRecord, CheckRecord, SearchRecord
from app.checking.checked_text import CheckedText
from ingest.errors import ModelError
from ingest.pipeline import sync
from tests.app.api.conftest import Served, served
from tests.app.small_world import ScriptedModel, WordEmbedder

SALT = "Seawater holds 35 grams of salt per litre."
HOW_SALTY = "How many grams of salt does seawater hold per litre?"


def problem(answer: httpx.Response, status: int) -> dict[str, Any]:
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    found: dict[str, Any] = answer.json()
    assert found["status"] == status
    assert found["detail"]
    return found


def events(text: str) -> list[tuple[str, dict[str, Any]]]:
    return [
        (name.removeprefix("event: "), json.loads(data.removeprefix("data: ")))
        for name, data in (block.split("\n", 1) for block in text.strip().split("\n\n"))
    ]


# -- Asking ----------------------------------------------------------------------------------------


def test_an_answer_is_the_record_of_the_terminal_with_links(api: Served) -> None:
    record = api.http.post("/api/v1/ask", json={"question": HOW_SALTY}).json()
    assert AnswerRecord.model_validate(record)
    links = record.pop("links")
    kept = api.services.journal.answer(record["id"])
    assert record == kept
    [citation, *_] = record["citations"]
    assert citation["quote"] == SALT
    text = api.http.get(f"/api/v1/documents/{citation['document']}/text").text
    assert text[citation["start"] : citation["end"]] == SALT
    page = api.http.get(links[str(citation["marker"])])
    assert page.status_code == 200
    assert '<mark class="quote' in page.text


def test_the_schema_names_everything_that_a_record_has(api: Served) -> None:
    record = api.http.post("/api/v1/ask", json={"question": "Who invented umbrellas?"}).json()
    assert record["refused"]
    assert record.keys() == AnswerRecord.model_fields.keys() - {"content"}


def test_anthropic_s_citations_are_places_of_the_text(api: Served) -> None:
    asked = {"question": HOW_SALTY, "citations": "char_location"}
    content = api.http.post("/api/v1/ask", json=asked).json()["content"]
    [cited, *_] = [each for block in content for each in block["citations"]]
    text = api.http.get("/api/v1/documents/sea.md/text").text
    assert cited["type"] == "char_location"
    assert text[cited["start_char_index"] : cited["end_char_index"]] == cited["cited_text"] == SALT


def test_a_stream_has_quotes_then_prose_and_what_is_withheld_and_the_record(
    tmp_path: Path,
) -> None:
    prose = "Seawater holds 35 grams of salt per litre. Seawater holds 90 grams of salt per litre."
    with served(tmp_path, model=ScriptedModel(prose)) as api:
        asked = {"question": HOW_SALTY, "stream": True}
        answer = api.http.post("/api/v1/ask", json=asked)
        assert answer.headers["content-type"].startswith("text/event-stream")
        told = events(answer.text)
    assert [name for name, _ in told] == ["quotes", "prose", "withheld", "done"]
    quotes, said, withheld, done = [data for _, data in told]
    assert quotes["citations"][0]["quote"] == SALT
    assert set(quotes["links"]) == {str(each["marker"]) for each in quotes["citations"]}
    assert said["sentence"]["text"].strip() == SALT
    assert said["citations"][0]["marker"] in said["sentence"]["markers"]
    assert "90" in withheld["sentence"]["text"]
    assert AnswerRecord.model_validate(done)
    assert done["prose"] == [said["sentence"]]


def test_a_model_is_stopped_when_the_program_goes_away(tmp_path: Path) -> None:
    endless = ["Seawater holds 35 grams of salt per litre. "] + ["and so on "] * 100_000
    model = ScriptedModel(endless)
    with served(tmp_path, model=model) as api:
        asked = {"question": HOW_SALTY, "stream": True}
        with api.http.stream("POST", "/api/v1/ask", json=asked) as answer:
            assert "event: prose" in answer.iter_lines()
        for _ in range(200):
            if model.generations and model.generations[0].closed:
                break
            api.http.get("/api/v1/health")
        assert model.generations[0].closed


def test_earlier_turns_are_understood(api: Served) -> None:
    asked = {"question": "And how long do bakers knead dough?", "turns": [HOW_SALTY]}
    assert "ten minutes" in api.http.post("/api/v1/ask", json=asked).json()["answer"]


def test_a_search_is_the_record_of_the_terminal(api: Served) -> None:
    record = api.http.post("/api/v1/search", json={"query": "salt", "top": 1}).json()
    assert SearchRecord.model_validate(record)
    assert record["passages"][0]["document"] == "sea.md"


def test_a_text_is_held_against_the_documents(api: Served) -> None:
    text = f"{SALT} Whales play chess on Sundays."
    record = api.http.post("/api/v1/check", json={"text": text}).json()
    assert CheckRecord.model_validate(record)
    assert [each["finding"] for each in record["sentences"]] == ["supported", "not said"]
    assert record["citations"][0]["quote"] == SALT
    assert api.http.get(record["links"]["1"]).status_code == 200


def test_a_check_stops_when_the_program_goes_away(tmp_path: Path) -> None:
    begun, left = threading.Event(), threading.Event()

    def endless(text: str, **_: Any) -> Any:
        try:
            while True:
                begun.set()
                yield CheckedText(text, (), ())
        finally:
            left.set()

    with served(tmp_path) as api:
        api.services.engine.checking = endless  # type: ignore[method-assign]
        with contextlib.suppress(httpx.ReadTimeout):
            api.http.post("/api/v1/check", json={"text": SALT}, timeout=0.5)
        assert begun.is_set()
        assert left.wait(60)


# -- Answers and conversations ---------------------------------------------------------------------


def test_an_answer_can_be_read_again_and_judged(api: Served) -> None:
    record = api.http.post("/api/v1/ask", json={"question": HOW_SALTY}).json()
    again = api.http.get(f"/api/v1/answers/{record['id']}")
    assert again.json() == record
    opinion = {"good": False, "complaint": "incomplete", "note": "Which sea?"}
    judged = api.http.put(f"/api/v1/answers/{record['id']}/feedback", json=opinion)
    assert judged.status_code == 204
    notes = [each["note"] for each in api.services.journal.complaints()]
    assert "Which sea?" in notes
    problem(api.http.get("/api/v1/answers/none"), 404)
    problem(api.http.put("/api/v1/answers/none/feedback", json=opinion), 404)


def test_a_conversation_is_kept_listed_renamed_and_forgotten(api: Served) -> None:
    http = api.http
    id = http.post("/api/v1/conversations").json()["id"]
    asked = {"question": HOW_SALTY, "conversation": id}
    record = http.post("/api/v1/ask", json=asked).json()
    [turn] = http.get(f"/api/v1/conversations/{id}").json()
    assert turn["answer"] == record
    assert turn["state"] == "answered"
    change = {"title": "Salt", "pinned": True}
    assert http.patch(f"/api/v1/conversations/{id}", json=change).status_code == 204
    [found] = http.get("/api/v1/conversations", params={"search": "grams salt"}).json()
    assert (found["id"], found["title"], found["pinned"]) == (id, "Salt", True)
    assert http.delete(f"/api/v1/conversations/{id}").status_code == 204
    problem(http.get(f"/api/v1/conversations/{id}"), 404)
    problem(http.post("/api/v1/ask", json=asked), 404)


def test_a_turn_that_breaks_off_is_kept_as_failed_with_the_reason(tmp_path: Path) -> None:
    with served(tmp_path) as api:
        whole = api.services.engine.stream

        def breaks_off(*asked: Any, **options: Any) -> Any:
            yield next(whole(*asked, **options))
            raise ModelError("The model is gone.")

        api.services.engine.stream = breaks_off  # type: ignore[method-assign]
        id = api.http.post("/api/v1/conversations").json()["id"]
        asked = {"question": HOW_SALTY, "conversation": id}
        assert api.http.post("/api/v1/ask", json=asked).is_error
        [turn] = api.http.get(f"/api/v1/conversations/{id}").json()
        assert (turn["state"], turn["problem"]) == ("failed", "The model is gone.")


# -- Documents -------------------------------------------------------------------------------------


def test_documents_are_added_read_replaced_and_removed(tmp_path: Path) -> None:
    with served(tmp_path) as api:
        http, at = api.http, {"name": "tea.md"}
        added = http.post("/api/v1/documents", params=at, content=b"# Tea\n\nIt steeps.\n")
        assert added.status_code == 201
        assert added.json()["action"] == "added"
        assert {"pages", "tables", "words", "language", "preview", "nearly"} < added.json().keys()
        problem(http.post("/api/v1/documents", params=at, content=b"# Tea\n\nAnew.\n"), 409)
        names = [each["document"] for each in http.get("/api/v1/documents").json()]
        assert names == ["bread.md", "sea.md", "sky.md", "tea.md"]
        known = http.get("/api/v1/documents/tea.md").json()
        assert "path" not in known
        assert (known["words"], known["preview"]) == (3, "# Tea It steeps.")
        replaced = http.put("/api/v1/documents/tea.md", content=b"# Tea\n\nIt cools.\n")
        assert replaced.json()["action"] == "changed"
        assert replaced.json()["changes"] == {"new": ["It cools."], "gone": ["It steeps."]}
        text = "/api/v1/documents/tea.md/text"
        assert http.get(text).text == "# Tea\n\nIt cools.\n"
        assert http.get(text, params={"start": 7, "end": 9}).text == "It"
        assert http.delete("/api/v1/documents/tea.md").status_code == 204
        problem(http.get(text), 404)
        problem(http.delete("/api/v1/documents/tea.md"), 404)
        problem(http.put("/api/v1/documents/sea.md", content=b"# The sea\n\nGone.\n"), 409)


def test_what_cannot_be_read_is_a_problem_and_leaves_nothing(tmp_path: Path) -> None:
    with served(tmp_path) as api:
        post = api.http.post
        found = problem(post("/api/v1/documents", params={"name": "a.exe"}, content=b"x"), 422)
        assert ".md" in found["remedy"]
        for name in ("../up.md", "/etc/passwd.md", "a\x00b.md", "C:\\x.md"):
            problem(post("/api/v1/documents", params={"name": name}, content=b"# A"), 422)
        form = post("/api/v1/documents", params={"name": "a.md"}, files={"file": ("a.md", b"# A")})
        assert "--data-binary" in problem(form, 415)["remedy"]
        broken = {"name": "broken.pdf"}
        problem(post("/api/v1/documents", params=broken, content=b"%PDF-1.7 no"), 422)
        assert not [p for p in (tmp_path / "home" / "uploads").glob("*/*") if p.is_file()]


# -- Errors, limits, description -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/api/v1/ask", {}),
        ("/api/v1/ask", {"question": "  "}),
        ("/api/v1/ask", {"question": "x" * 4001}),
        ("/api/v1/ask", {"question": "a", "questoin": "b"}),
        ("/api/v1/ask", {"question": "a", "turns": ["a"] * 51}),
        ("/api/v1/search", {"query": "a", "top": 0}),
        ("/api/v1/check", {"text": ""}),
    ],
)
def test_a_wrong_request_is_told_which_field_is_wrong(
    api: Served, path: str, body: dict[str, Any]
) -> None:
    found = problem(api.http.post(path, json=body), 422)
    assert found["errors"]
    assert "xxxx" not in json.dumps(found)


def test_half_a_surrogate_is_no_fault(api: Served) -> None:
    body = b'{"question": "\\ud800 salt"}'
    answer = api.http.post(
        "/api/v1/ask", content=body, headers={"Content-Type": "application/json"}
    )
    assert answer.status_code in (200, 422)


def test_too_large_a_request_is_turned_away(api: Served) -> None:
    found = problem(api.http.post("/api/v1/check", json={"text": "x" * 2_500_000}), 413)
    assert "200,000 characters" in found["detail"]
    told = api.http.post("/v1/chat/completions", json={"messages": "x" * 2_500_000})
    assert (told.status_code, told.json()["error"]["type"]) == (413, "invalid_request_error")
    assert "2.4 MB" in told.json()["error"]["message"]


def test_a_text_of_the_longest_kind_fits_however_json_writes_it(api: Served) -> None:
    text = "\n\n" + "\N{GRINNING FACE}" * 199_000
    body = json.dumps({"text": text}).encode()
    assert len(body) > 2_300_000
    whole = api.http.post(
        "/api/v1/check", content=body, headers={"Content-Type": "application/json"}
    )
    assert whole.status_code == 200
    assert "200000" in problem(api.http.post("/api/v1/check", json={"text": "x" * 200_001}), 422)[
        "errors"
    ][0]  # fmt: skip


def test_files_that_were_not_read_are_listed_with_the_reason(tmp_path: Path) -> None:
    with served(tmp_path) as api:
        assert api.http.get("/api/v1/skipped").json() == []
        (tmp_path / "more").mkdir()
        (tmp_path / "more" / "song.flac").write_bytes(b"fLaC")
        sync([tmp_path / "more"], tmp_path / "home", WordEmbedder())
        [file] = api.http.get("/api/v1/skipped").json()
        assert file == {"document": "song.flac", "why": "This format is not read."}


def test_what_is_not_there_is_a_problem(api: Served) -> None:
    assert "docs" in problem(api.http.get("/api/v1/nothing"), 404)["remedy"]
    problem(api.http.delete("/api/v1/ask"), 405)


def test_too_many_at_once_are_asked_to_come_again(
    api: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.api.asking.MOST", 0)
    answer = api.http.post("/api/v1/ask", json={"question": HOW_SALTY})
    problem(answer, 503)
    assert answer.headers["retry-after"]


def test_health_and_readiness_are_told(api: Served) -> None:
    assert api.http.get("/api/v1/health").json() == {"status": "ok"}
    assert api.http.get("/api/v1/ready").json() == {"documents": 3, "model": "none"}


def test_the_description_has_a_page_that_runs_no_scripts(api: Served) -> None:
    description = api.http.get("/api/v1/openapi.json").json()
    page = api.http.get("/api/v1/docs")
    assert page.status_code == 200
    assert "script" not in page.text
    for path in description["paths"]:
        assert f"/api/v1{path}" in page.text
    assert f"curl -X POST '{api.url}/api/v1/documents?name=fees.md' --data-binary" in page.text
    assert api.http.get("/openapi.json").status_code == 404


def test_a_foreign_page_or_name_is_answered_nothing(api: Served) -> None:
    for path in ("/api/v1/documents", "/api/v1/openapi.json", "/api/v1/health"):
        for header in ({"Host": "evil.example"}, {"Origin": "http://evil.example"}):
            problem(api.http.get(path, headers=header), 403)


# -- Keys ------------------------------------------------------------------------------------------


def test_where_others_reach_it_everything_needs_a_key(tmp_path: Path) -> None:
    with served(tmp_path, needs_key=True) as api:
        key = api.services.keys.add("laptop")
        http = api.http
        refused = http.get("/api/v1/documents")
        problem(refused, 401)
        told = http.post("/v1/chat/completions", json={}).json()
        assert told["error"]["message"].startswith("A key is asked for.")
        assert refused.headers["www-authenticate"].startswith("Basic")
        assert http.get("/source?document=sea.md").status_code == 401
        assert http.get("/api/v1/health").status_code == 200
        for header in ({"Authorization": f"Bearer {key}"}, {"x-api-key": key}):
            assert http.get("/api/v1/documents", headers=header).status_code == 200
            problem(
                http.get("/api/v1/documents", headers={n: f"{v}x" for n, v in header.items()}),
                401,
            )
        assert http.get("/source?document=sea.md", auth=("any", key)).status_code == 200
        id = http.post("/api/v1/conversations", headers={"x-api-key": key}).json()["id"]
        other = {"x-api-key": api.services.keys.add("phone")}
        problem(http.get(f"/api/v1/conversations/{id}", headers=other), 404)
        api.services.keys.remove("laptop")
        problem(http.get("/api/v1/documents", headers={"x-api-key": key}), 401)


def test_a_key_is_kept_as_a_hash_by_its_owner_alone(tmp_path: Path) -> None:
    keys = Keys(tmp_path / "home")
    key = keys.add("laptop")
    file = tmp_path / "home" / "keys.json"
    assert key not in file.read_text("utf-8")
    assert file.stat().st_mode & 0o077 == 0
    assert keys.owner(key) == "laptop"
    assert [each.name for each in keys.all()] == ["laptop"]
