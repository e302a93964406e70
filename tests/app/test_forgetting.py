"""The tally of what is left of forgotten things, some of each; `python -m` runs it at length."""

from pathlib import Path
from types import SimpleNamespace

import pytest

from app.conversations import Conversations
from app.journal import Journal
from app.removing import remove
from ingest import pipeline
from ingest.catalogue import Document
from ingest.index import Index
from tests.app import forgetting
from tests.app.small_world import DOCUMENTS, engine_on, indexed

SALT = "Seawater holds 35 grams of salt per litre. Whales sing songs to each other."


def test_of_forgotten_documents_conversations_and_answers_nothing_is_left(tmp_path: Path) -> None:
    counts = forgetting.tally(12, tmp_path)
    assert {what: count for what, count in counts.items() if count} == {
        "documents removed": 4,
        "conversations deleted": 4,
        "answers forgotten": 4,
    }


def test_what_repeats_a_removed_document_goes_and_what_does_not_stays(tmp_path: Path) -> None:
    index, kept = indexed(tmp_path, DOCUMENTS), Conversations(Journal.of(tmp_path / "home"))
    engine = engine_on(index, journal=kept.journal)
    id = kept.begin("a visitor")
    for question in ("Why is the sky blue?", f"Is it true? {SALT}", "How do bakers knead dough?"):
        turn = kept.ask("a visitor", id, question)
        kept.keep(turn.id, list(engine.stream(question))[-1], "answered")
    pasted = kept.ask("a visitor", id, f"{SALT} Explain that!")  # and nobody has answered yet
    kept.rename("a visitor", id, f"About: {SALT}")
    remove("sea.md", tmp_path / "home", index)
    left = kept.turns("a visitor", id)
    assert [turn.question for turn in left] == [
        "Why is the sky blue?",
        "How do bakers knead dough?",
    ]
    assert pasted.id not in {turn.id for turn in left}
    assert kept.title(id) == "Why is the sky blue?"
    index.catalogue.close()


def test_an_answer_under_way_when_its_document_is_removed_is_not_kept(tmp_path: Path) -> None:
    index = indexed(tmp_path, DOCUMENTS)
    journal = Journal.of(tmp_path / "home", index)
    answers = engine_on(index, journal=journal).stream(
        "How many grams of salt does seawater hold per litre?"
    )
    assert "grams of salt" in next(answers).text
    remove("sea.md", tmp_path / "home", index)
    *_, last = answers
    assert "removed meanwhile" in last.notices[-1]
    assert journal.entries() == []
    index.catalogue.close()


def test_who_asks_one_document_keeps_no_other_s_answer_from_being_kept(tmp_path: Path) -> None:
    index = indexed(tmp_path, DOCUMENTS)
    engine = engine_on(index, journal=Journal.of(tmp_path / "home", index))
    *_, first = engine.stream("How many grams of salt does seawater hold per litre?")
    other = engine.stream("Why is the sky blue?", within=frozenset({"sky.md"}))
    next(other)  # somebody else's, under way
    assert engine.journal is not None
    assert engine.journal.keep(first)
    index.catalogue.close()


def test_nor_does_its_conversation_keep_it_or_what_it_was_found_in(tmp_path: Path) -> None:
    index = indexed(tmp_path, DOCUMENTS)
    kept = Conversations(Journal.of(tmp_path / "home", index))
    engine, id = engine_on(index, journal=kept.journal), kept.begin("a visitor")
    turn = kept.ask("a visitor", id, "Who invented salted whales?")
    answers = engine.stream("Who invented salted whales?")
    first = next(answers)
    assert any(each.document == "sea.md" for each in first.passages)
    remove("sea.md", tmp_path / "home", index)
    kept.keep(turn.id, first, "stopped")
    kept.keep(turn.id, list(answers)[-1], "answered")
    assert kept.journal.entries() == []
    assert [turn.answer for turn in kept.turns("a visitor", id)] == [None]
    index.catalogue.close()


def test_a_question_put_while_its_document_goes_is_known_by_what_it_repeats(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    index, kept = indexed(tmp_path, DOCUMENTS), Conversations(Journal.of(tmp_path / "home"))
    id = kept.begin("a visitor")

    def asked_meanwhile(name: str, home: Path, index: Index) -> Document:
        kept.ask("a visitor", id, f"Is it true? {SALT}")
        return pipeline.remove(name, home, index)

    monkeypatch.setattr("app.removing.pipeline", SimpleNamespace(remove=asked_meanwhile))
    assert remove("sea.md", tmp_path / "home", index).forgotten == 1
    assert kept.turns("a visitor", id) == []
    index.catalogue.close()


def test_what_another_document_says_too_is_no_reason_to_forget(tmp_path: Path) -> None:
    documents = {**DOCUMENTS, "copied.md": f"# Copied\n\n{SALT}\n"}
    index, kept = indexed(tmp_path, documents), Conversations(Journal.of(tmp_path / "home"))
    id = kept.begin("")
    kept.ask("", id, f"Is it true? {SALT}")
    assert remove("copied.md", tmp_path / "home", index).forgotten == 0
    assert len(kept.turns("", id)) == 1
    index.catalogue.close()
