"""The journal keeps answers and what people thought of them."""

from pathlib import Path

import pytest

from app.answer import Answer, Citation, Sentence
from app.journal import Journal
from ingest.errors import CatalogueError

ANSWER = Answer(
    id="a1",
    question="Why is 😀 blue?",
    searched_for="Why is 😀 blue?",
    prose=(Sentence("It is “blue”.", (1,), 0.9, "supported"),),
    citations=(Citation("a.md", "A", "", None, 0, 4, "f00", 1, "blue"),),
    state="done",
)


@pytest.fixture
def journal(tmp_path: Path) -> Journal:
    return Journal(tmp_path / "not" / "there yet" / "journal.sqlite")


def test_what_is_kept_is_what_the_terminal_prints(journal: Journal) -> None:
    journal.keep(ANSWER)
    kept = journal.answer("a1")
    assert kept is not None
    assert kept["answer"] == "It is “blue”. [1]"
    assert kept["question"] == ANSWER.question
    assert set(kept) == set(ANSWER.to_json())
    assert journal.answer("a2") is None


def test_a_complaint_comes_back_with_its_answer_and_praise_does_not(journal: Journal) -> None:
    journal.keep(ANSWER)
    journal.judge("a1", good=True)
    assert journal.complaints() == []
    journal.judge("a1", good=False, complaint="wrong source", note="It was the sea.")
    (complaint,) = journal.complaints()
    assert (complaint["complaint"], complaint["note"]) == ("wrong source", "It was the sea.")
    assert complaint["answer"]["id"] == "a1"


def test_the_later_word_replaces_the_earlier(journal: Journal) -> None:
    journal.keep(ANSWER)
    journal.judge("a1", good=False, complaint="incomplete")
    journal.judge("a1", good=True)
    assert journal.complaints() == []


def test_an_answer_the_journal_does_not_have_cannot_be_judged(journal: Journal) -> None:
    with pytest.raises(KeyError):
        journal.judge("a1", good=False)


def test_a_file_that_is_no_journal_is_named_with_what_to_do(journal: Journal) -> None:
    journal.path.parent.mkdir(parents=True)
    journal.path.write_text("This is a letter, not a database. " * 99)
    with pytest.raises(CatalogueError, match=r"journal\.sqlite .*move it"):
        journal.keep(ANSWER)


def test_an_answer_is_recalled_as_it_was_given_with_its_time(journal: Journal) -> None:
    journal.keep(ANSWER)
    kept = journal.recall("a1")
    assert kept is not None
    assert kept.answer == ANSWER
    assert kept.answered_at.endswith("+00:00")
    assert journal.recall("a2") is None
