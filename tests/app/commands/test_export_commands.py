"""`footnote export` and `footnote verify`, as they are typed."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from app import cli
from app.answer import Answer
from app.conversations import Conversations
from app.journal import Journal
from tests.app.small_world import DOCUMENTS, WordEmbedder, write_documents

ASKED = "How many grams of salt does seawater hold per litre?"


@pytest.fixture
def documents(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Documents that are in the home, and a question that was asked of them."""
    embedder = WordEmbedder()
    monkeypatch.setattr("app.opening.open_embedder", lambda *_: embedder)
    monkeypatch.setenv("FOOTNOTE_HOME", str(tmp_path / "home"))
    folder = write_documents(tmp_path / "docs", DOCUMENTS)
    assert run("ingest", str(folder)).exit_code == 0
    assert run("ask", ASKED, "--model", "none").exit_code == 0
    return folder


def run(*arguments: str) -> Result:
    return CliRunner().invoke(cli.app, list(arguments))


def test_an_answer_is_saved_and_proven_until_a_document_changes(
    documents: Path, tmp_path: Path
) -> None:
    [entry] = json.loads(run("journal", "list", "--json").stdout)
    file = tmp_path / "answer.docx"
    assert run("export", entry["id"], "--to", str(file)).exit_code == 0
    verified = run("verify", str(file), "--documents", str(documents), "--json")
    said = json.loads(verified.stdout)
    assert (verified.exit_code, said["holds"], said["problem"]) == (0, True, "")
    assert "Seawater holds 35 grams" in said["quotes"][0]["quote"]
    (documents / "sea.md").write_text(DOCUMENTS["sea.md"].replace("35", "36"))
    verified = run("verify", str(file), "--documents", str(documents))
    assert verified.exit_code == 1
    assert "not proven" in verified.stdout
    assert "its document has changed" in " ".join(verified.stdout.split())


def test_a_conversation_is_saved_whole(documents: Path, tmp_path: Path) -> None:
    home, file = tmp_path / "home", tmp_path / "all.md"
    kept = Conversations(Journal.of(home))
    [entry] = kept.journal.entries()
    conversation = kept.begin("a visitor")
    for number, question in enumerate((ASKED, "And on Mars?"), 1):
        turn = kept.ask("a visitor", conversation, question)
        refused = Answer(f"r{number}", question, question, outcome="refused", state="done")
        first = kept.journal.recall(entry.id)
        assert first is not None
        kept.keep(turn.id, first.answer if number == 1 else refused, "answered")
    assert run("export", conversation, "--to", str(file)).exit_code == 0
    assert [line for line in file.read_text().splitlines() if line.startswith("## ")] == [
        f"## {ASKED}", "## And on Mars?",
    ]  # fmt: skip


def test_what_cannot_be_saved_or_read_is_told(documents: Path, tmp_path: Path) -> None:
    [entry] = json.loads(run("journal", "list", "--json").stdout)
    assert "no answer nobody" in str(run("export", "nobody", "--to", "a.md").exception)
    assert (
        "--to writes .md, .html, .pdf, .docx" in run("export", entry["id"], "--to", "a.txt").output
    )
    nowhere = run("export", entry["id"], "--to", str(tmp_path / "no" / "a.md"))
    assert "cannot be written" in str(nowhere.exception)
    verified = run("verify", str(tmp_path / "a.md"), "--documents", str(documents))
    assert "cannot be read" in str(verified.exception)


def test_an_answer_whose_documents_are_gone_can_still_be_saved(
    documents: Path, tmp_path: Path
) -> None:
    for name in DOCUMENTS:
        assert run("remove", name, "--keep-answers").exit_code == 0
    [entry] = json.loads(run("journal", "list", "--json").stdout)
    assert run("export", entry["id"], "--to", str(tmp_path / "a.md")).exit_code == 0
    assert "no longer there" in (tmp_path / "a.md").read_text()
