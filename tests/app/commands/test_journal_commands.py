"""`footnote journal`: what was asked can be listed, exported, and taken off the disk for good."""

import json
import sqlite3
import stat
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from app import cli, last_resort
from app.answer import Answer
from app.conversations import Conversations
from app.journal import Journal
from tests.app.small_world import DOCUMENTS, WordEmbedder, write_documents

TOLD = (
    "The lighthouse keeper of Skerryvore oiled the great lamp each evening at six before the "
    "mail boat came in from the western isles."
)
ASKED = (
    "When did the lighthouse keeper of Skerryvore oil the great lamp, for that is what my aunt "
    "Philippa from number fourteen wants to know?"
)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home with documents, and a private question that was asked of them."""
    embedder = WordEmbedder()
    monkeypatch.setattr("app.opening.open_embedder", lambda *_: embedder)
    monkeypatch.setattr(last_resort, "faults_file", lambda: tmp_path / "log" / "faults.log")
    monkeypatch.setenv("FOOTNOTE_HOME", str(tmp_path / "home"))
    documents = {**DOCUMENTS, "keeper.md": f"# The keeper\n\n{TOLD}\n"}
    run("ingest", str(write_documents(tmp_path / "docs", documents)))
    for question in (ASKED, "Why is the sky blue?"):
        run("ask", question, "--model", "none", "--json")
    return tmp_path / "home"


def run(*arguments: str) -> Result:
    result = CliRunner().invoke(cli.app, list(arguments))
    assert result.exit_code == 0, (result.output, result.exception)
    return result


def refused(*arguments: str) -> str:
    result = CliRunner().invoke(cli.app, list(arguments))
    assert result.exit_code != 0
    return str(result.exception) + result.output


def kept() -> list[dict[str, object]]:
    return list(json.loads(run("journal", "list", "--json").stdout))


def runs_of(text: str) -> Iterator[bytes]:
    """Every twelve words in a row."""
    words = text.split(" ")
    for start in range(len(words) - 11):
        yield " ".join(words[start : start + 12]).encode()


def holding(home: Path, text: str) -> list[str]:
    """The files of the home that have twelve words in a row of a text in any of their bytes."""
    contents = {path: path.read_bytes() for path in home.rglob("*") if path.is_file()}
    assert contents
    return [
        path.name for path, held in contents.items() if any(each in held for each in runs_of(text))
    ]


def test_answers_are_listed_shown_and_exported(home: Path) -> None:
    first, second = kept()
    assert [first["question"], second["question"]] == [ASKED, "Why is the sky blue?"]
    assert str(second["id"]) in run("journal", "list").stdout
    assert "scatters blue light" in run("journal", "show", str(second["id"])).stdout
    shown = json.loads(run("journal", "show", str(second["id"]), "--json").stdout)
    exported = [json.loads(line) for line in run("journal", "export").stdout.splitlines()]
    assert [each["id"] for each in exported] == [first["id"], second["id"]]
    assert exported[1]["answer"] == shown["answer"]
    assert exported[1]["answered_at"] == second["answered_at"]


@pytest.mark.parametrize("chosen", ["the answer", "--all", "--before", "--quoting"])
def test_of_a_forgotten_question_no_twelve_words_are_left_in_any_byte(
    home: Path, chosen: str
) -> None:
    assert "journal.sqlite" in holding(home, ASKED)
    ways = {
        "the answer": [str(kept()[0]["id"])],
        "--all": ["--all"],
        "--before": ["--before", "2999-01-01"],
        "--quoting": ["--quoting", "keeper.md"],
    }
    run("journal", "forget", *ways[chosen])
    assert holding(home, ASKED) == []
    left = [] if chosen in ("--all", "--before") else ["Why is the sky blue?"]
    assert [entry["question"] for entry in kept()] == left


def test_what_was_deleted_before_deletions_were_overwritten_is_gone_too(home: Path) -> None:
    run("journal", "forget", "--all")
    with closing(sqlite3.connect(home / "journal.sqlite")) as sql:
        sql.execute("PRAGMA secure_delete = OFF")
        sql.execute("CREATE TABLE earlier (question TEXT)")
        sql.executemany("INSERT INTO earlier VALUES (?)", [(ASKED,)] * 200)
        sql.execute("DROP TABLE earlier")
        sql.commit()
    run("ask", "Why is the sky blue?", "--model", "none")
    assert holding(home, ASKED) == ["journal.sqlite"]
    run("journal", "forget", "--all")
    assert holding(home, ASKED) == []


def test_the_write_ahead_log_is_cut_off(home: Path) -> None:
    with closing(sqlite3.connect(home / "journal.sqlite")) as holder:
        holder.execute("PRAGMA journal_mode = WAL")
        holder.execute("SELECT count(*) FROM answers").fetchone()  # now it holds the log open
        run("ask", ASKED, "--model", "none", "--json")
        assert "journal.sqlite-wal" in holding(home, ASKED)
        run("journal", "forget", "--all")
        assert holding(home, ASKED) == []


def test_what_was_thought_of_a_forgotten_answer_is_gone_with_it(home: Path) -> None:
    from app.journal import Journal

    journal = Journal(home / "journal.sqlite")
    thought = " ".join(f"thought{n}" for n in range(12))
    journal.judge(str(kept()[0]["id"]), good=False, complaint="incomplete", note=thought)
    assert holding(home, thought)
    run("journal", "forget", str(kept()[0]["id"]))
    assert holding(home, thought) == []
    assert journal.complaints() == []


def test_an_unknown_answer_is_named_and_nothing_is_forgotten(home: Path) -> None:
    first = str(kept()[0]["id"])
    assert "nobody" in refused("journal", "forget", first, "nobody")
    assert "nobody" in refused("journal", "show", "nobody")
    assert len(kept()) == 2


def test_forgetting_needs_to_be_told_what(home: Path) -> None:
    refused("journal", "forget")
    refused("journal", "forget", "--all", "--before", "2999-01-01")
    assert len(kept()) == 2


def test_before_a_day_is_before_it_begins(home: Path) -> None:
    today = str(kept()[0]["answered_at"])[:10]
    run("journal", "forget", "--before", "2001-01-01")
    assert len(kept()) == 2
    run("journal", "forget", "--before", f"{int(today[:4]) + 1}-01-01")
    assert kept() == []


def test_a_journal_that_is_not_there_is_not_made_by_looking(tmp_path: Path) -> None:
    home = tmp_path / "none"
    assert run("journal", "list", "--home", str(home)).stdout == ""
    run("journal", "forget", "--all", "--home", str(home))
    assert not home.exists()


def test_removing_a_document_tells_of_kept_answers_and_how_to_forget_them(home: Path) -> None:
    said = run("remove", "keeper.md", "--keep-answers").stdout
    assert "still hold words of it: 1" in said
    assert "`footnote journal forget --quoting keeper.md`" in said
    assert holding(home, TOLD) == ["journal.sqlite"]
    run("journal", "forget", "--quoting", "keeper.md")
    assert holding(home, TOLD) == []
    assert "still hold" not in run("remove", "sea.md", "--keep-answers").stdout


def test_what_is_left_of_a_removed_document_is_found_and_named(home: Path) -> None:
    (home / "journal.sqlite").rename(home / "copy.bin")
    result = CliRunner().invoke(cli.app, ["remove", "keeper.md", "--verify"])
    assert result.exit_code == 1
    assert "runs of its words are in copy.bin" in result.stdout


def test_a_renamed_document_is_removed_with_the_answers_from_before(
    home: Path, tmp_path: Path
) -> None:
    (tmp_path / "docs" / "keeper.md").rename(tmp_path / "docs" / "lamp.md")
    run("ingest", str(tmp_path / "docs"))
    assert "forgotten: 1" in run("remove", "lamp.md").stdout
    assert holding(home, TOLD) == []


def test_a_document_is_removed_with_the_answers_that_hold_its_words(home: Path) -> None:
    said = run("remove", "keeper.md", "--verify").stdout
    assert "forgotten: 1" in said
    assert "Verified: none of its" in said
    assert holding(home, TOLD) == []
    assert [entry["question"] for entry in kept()] == ["Why is the sky blue?"]


def test_details_of_faults_are_forgotten_too_and_are_private(home: Path, tmp_path: Path) -> None:
    said = last_resort.in_one_sentence(RuntimeError(ASKED))
    log = tmp_path / "log" / "faults.log"
    assert str(log) in said
    assert ASKED in log.read_text()
    assert stat.S_IMODE(log.stat().st_mode) == 0o600
    run("journal", "forget", "--all")
    assert not log.exists()


def test_an_answer_that_is_damaged_in_the_journal_can_be_forgotten(home: Path) -> None:
    damaged = str(kept()[0]["id"])
    with closing(sqlite3.connect(home / "journal.sqlite")) as sql:
        sql.execute("UPDATE answers SET record = substr(record, 9) WHERE id = ?", (damaged,))
        sql.commit()
    assert "is damaged" in refused("journal", "show", damaged)
    assert [entry["question"] for entry in kept()] == ["", "Why is the sky blue?"]
    run("journal", "forget", damaged)
    assert len(kept()) == 1


def test_conversations_are_listed_found_shown_and_forgotten(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FOOTNOTE_HOME", str(tmp_path))
    monkeypatch.setattr(last_resort, "faults_file", lambda: tmp_path / "log" / "faults.log")
    there = Conversations(Journal(tmp_path / "journal.sqlite"))
    id = there.begin("a visitor")
    turn = there.ask("a visitor", id, "Why do zephyrs blow?")
    there.keep(turn.id, Answer("b7", turn.question, turn.question, state="done"), "answered")
    there.ask("a visitor", id, "And zephyrines?")
    listed = run("journal", "conversations", "--find", "zephyr", "--json").stdout
    assert [each["id"] for each in json.loads(listed)] == [id]
    [exported] = map(json.loads, run("journal", "export").stdout.splitlines())
    assert (exported["id"], exported["conversation"]) == ("b7", id)
    shown = run("journal", "show", id).stdout
    assert "Why do zephyrs blow?" in shown
    assert "And zephyrines?" in shown
    assert "Forgotten: 1 conversation." in run("journal", "forget", id).stdout
    assert b"ephyr" not in there.journal.path.read_bytes()
