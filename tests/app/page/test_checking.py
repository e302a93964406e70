"""The page where a text is checked: a form, and what comes back."""

import io
import re
import threading
from collections.abc import Iterator
from itertools import count
from typing import Any

import httpx
import pytest
from docx import Document
from fastapi import FastAPI
from fastapi.testclient import TestClient

from app.checking.checked_text import CheckedSentence, CheckedText
from app.library import Library
from app.page.checking import LONGEST, POLICY, check_routes
from ingest.errors import CatalogueError
from tests.app.api.conftest import running
from tests.app.small_world import DOCUMENTS, engine_on, indexed

ESSAY = "Whales sing songs to each other.\r\nA cumulus cloud weighs 700 <b>tonnes</b>."


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> TestClient:
    index = indexed(tmp_path_factory.mktemp("p"), DOCUMENTS)
    return TestClient(page_over(engine_on(index), Library(index.folder.parent, index)))


def page_over(engine: Any, library: Any = None) -> FastAPI:
    app = FastAPI()
    app.include_router(check_routes(engine, library))
    return app


def test_the_form_runs_no_scripts_and_sends_to_this_server_alone(page: TestClient) -> None:
    shown = page.get("/check")
    assert shown.headers["content-security-policy"] == POLICY
    assert "script" not in shown.text
    assert 'action="/check"' in shown.text


def test_a_pasted_text_comes_back_with_footnotes_that_open_the_reader(page: TestClient) -> None:
    shown = page.post("/check", data={"text": ESSAY}, files={"file": ("", b"")})
    assert "1 of 2 sentences borne out, 0 in other words, 1 contradicted" in shown.text
    [first, second] = re.findall(r'href="(/source\?[^"]*)" target="reader"', shown.text)
    assert "document=sea.md" in first
    assert "document=sky.md" in second
    assert "the passage says 500 tonnes, the sentence 700 tonnes" in shown.text
    assert "<b>" not in shown.text


def test_what_is_checked_is_sent_before_the_rest_is_and_who_leaves_stops_it() -> None:
    left = threading.Event()

    class Endless:
        def checking(self, *_: Any, **__: Any) -> Iterator[CheckedText]:
            words = "Moss grows. " * 100
            said = CheckedSentence("Moss grows.", 0, 11, "paragraph", "not said")
            try:
                for most in count(1):
                    yield CheckedText(words, (said,) * most, ())
            finally:
                left.set()

    with running(page_over(Endless())) as url:
        files = {"file": ("", b"")}
        with httpx.stream(
            "POST", f"{url}/check", data={"text": "Moss."}, files=files, trust_env=False
        ) as shown:
            parts = shown.iter_text()
            assert "Stop</a>" in next(parts)
            assert 'class="not-said"' in next(parts)
            assert not left.is_set()
        assert left.wait(60)


def test_an_index_that_goes_away_meanwhile_is_told_below_what_was_checked() -> None:
    class Broken:
        def checking(self, *_: Any, **__: Any) -> Iterator[CheckedText]:
            yield CheckedText("Moss grows. Moss.", (), ())
            raise CatalogueError("The index is gone.")

    shown = TestClient(page_over(Broken())).post(
        "/check", data={"text": "Moss."}, files={"file": ("", b"")}
    )
    assert "The index is gone. Only so much was checked." in shown.text
    assert shown.text.rstrip().endswith("</html>")


def test_a_word_document_is_read_and_checked(page: TestClient) -> None:
    essay, content = Document(), io.BytesIO()
    essay.add_paragraph("Whales sing songs to each other.")
    essay.save(content)
    files = {"file": ("essay.docx", content.getvalue())}
    assert "1 of 1 sentences borne out" in page.post("/check", files=files).text


@pytest.mark.parametrize(
    ("kind", "suffix", "begins"),
    [
        ("markdown", ".md", b"> 1 of 2"),
        ("html", ".html", b"<!doctype html>"),
        ("pdf", ".pdf", b"%PDF"),
        ("word", ".docx", b"PK"),
    ],
)
def test_a_checked_text_is_saved_in_each_kind_of_file(
    page: TestClient, kind: str, suffix: str, begins: bytes
) -> None:
    assert (
        f'name="as" value="{kind}"'
        in page.post("/check", data={"text": "Moss."}, files={"file": ("", b"")}).text
    )
    given = {"text": ESSAY, "as": kind, "title": "essay.md"}
    saved = page.post("/check", data=given, files={"file": ("", b"")})
    assert saved.headers["content-disposition"] == f'attachment; filename="checked{suffix}"'
    assert saved.content.startswith(begins)


@pytest.mark.parametrize(
    ("text", "file", "status", "words"),
    [
        ("", ("", b""), 400, "Paste a text, or choose a file."),
        ("x" * (LONGEST + 1), ("", b""), 413, "more than 100,000 characters"),
        ("", ("a.exe", b"MZ"), 422, "are not read"),
        ("", ("a.txt", b"Long. " * 20_000), 422, "100,000 are checked here"),
    ],
)
def test_what_cannot_be_checked_is_a_sentence_on_the_page(
    page: TestClient, text: str, file: tuple[str, bytes], status: int, words: str
) -> None:
    shown = page.post("/check", data={"text": text}, files={"file": file})
    assert shown.status_code == status
    assert words in shown.text


def test_a_form_that_is_too_large_or_none_is_not_read(page: TestClient) -> None:
    large = page.post("/check", content=b"", headers={"content-length": "99999999"})
    assert large.status_code == 413
    none = page.post("/check", content=b"x", headers={"content-type": "multipart/form-data"})
    assert none.status_code == 400
