"""The page where a text is checked: a form, and what comes back."""

import io
import re

import pytest
from docx import Document
from fastapi import FastAPI
from fastapi.testclient import TestClient

from app.page.checking import LONGEST, POLICY, check_routes
from tests.app.small_world import DOCUMENTS, engine_on, indexed

ESSAY = "Whales sing songs to each other.\r\nA cumulus cloud weighs 700 <b>tonnes</b>."


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> TestClient:
    app = FastAPI()
    app.include_router(check_routes(engine_on(indexed(tmp_path_factory.mktemp("p"), DOCUMENTS))))
    return TestClient(app)


def test_the_form_runs_no_scripts_and_sends_to_this_server_alone(page: TestClient) -> None:
    shown = page.get("/check")
    assert shown.headers["content-security-policy"] == POLICY
    assert "script" not in shown.text
    assert 'action="/check"' in shown.text


def test_a_pasted_text_comes_back_with_footnotes_that_open_the_reader(page: TestClient) -> None:
    shown = page.post("/check", data={"text": ESSAY}, files={"file": ("", b"")})
    assert "1 of 2 sentences borne out, 1 contradicted" in shown.text
    [first, second] = re.findall(r'href="(/source\?[^"]*)" target="reader"', shown.text)
    assert "document=sea.md" in first
    assert "document=sky.md" in second
    assert "the passage says 500 tonnes, the sentence 700 tonnes" in shown.text
    assert "<b>" not in shown.text


def test_a_word_document_is_read_and_checked(page: TestClient) -> None:
    essay, content = Document(), io.BytesIO()
    essay.add_paragraph("Whales sing songs to each other.")
    essay.save(content)
    files = {"file": ("essay.docx", content.getvalue())}
    assert "1 of 1 sentences borne out" in page.post("/check", files=files).text


def test_a_checked_text_is_saved_as_markdown_and_as_html(page: TestClient) -> None:
    for kind, begins in (("md", "> 1 of 2"), ("html", "<!doctype html>")):
        saved = page.post("/check", data={"text": ESSAY, "as": kind}, files={"file": ("", b"")})
        assert saved.headers["content-disposition"] == f'attachment; filename="checked.{kind}"'
        assert saved.text.startswith(begins)


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
