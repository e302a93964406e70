"""Conversations are kept as they were, found again, and forgotten without a trace."""

import sqlite3
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from app.answer import Answer, Citation, Sentence
from app.conversations import Conversations
from app.journal import Journal

ME, YOU = "me", "you"


@pytest.fixture
def conversations(tmp_path: Path) -> Conversations:
    return Conversations(Journal(tmp_path / "journal.sqlite"))


@pytest.fixture
def put(conversations: Conversations) -> Callable[..., str]:
    """Ask something and have it answered; the id of the turn."""

    def ask(conversation: str, question: str, said: str = "", **how: str) -> str:
        turn = conversations.ask(ME, conversation, question, **how)
        prose = (Sentence(said or f"About {question}", (), 1.0, "supported"),)
        conversations.keep(
            turn.id,
            Answer(f"a{turn.id}", question, question, prose=prose, state="done"),
            "answered",
        )
        return turn.id

    return ask


def questions(conversations: Conversations, conversation: str) -> list[str]:
    return [turn.question for turn in conversations.turns(ME, conversation)]


def test_a_conversation_is_read_as_it_was(
    conversations: Conversations, put: Callable[..., str]
) -> None:
    id = conversations.begin(ME, "in=papers")
    put(id, "What is moss?")
    put(id, "And lichen?")
    again = Conversations(Journal(conversations.journal.path))
    turns = again.turns(ME, id)
    assert [turn.question for turn in turns] == ["What is moss?", "And lichen?"]
    assert [turn.answer.text for turn in turns if turn.answer] == [
        "About What is moss?", "About And lichen?",
    ]  # fmt: skip
    assert [turn.state for turn in turns] == ["answered", "answered"]
    assert again.asked_in(id) == "in=papers"


def test_a_question_whose_answer_never_came_is_still_there(conversations: Conversations) -> None:
    id = conversations.begin(ME)
    conversations.ask(ME, id, "What is moss?")
    (turn,) = conversations.turns(ME, id)
    assert (turn.question, turn.state, turn.answer) == ("What is moss?", "asked", None)


def test_what_is_asked_instead_is_a_branch_and_the_later_turns_can_be_returned_to(
    conversations: Conversations, put: Callable[..., str]
) -> None:
    id = conversations.begin(ME)
    first = put(id, "What is moss?")
    put(id, "And lichen?")
    put(id, "And fern?")
    edited = put(id, "What is peat?", instead_of=first)
    assert questions(conversations, id) == ["What is peat?"]
    assert conversations.turns(ME, id)[0].branches == (first, edited)
    assert conversations.question(ME, id, first) == "What is moss?"
    with pytest.raises(KeyError):
        conversations.question(YOU, id, first)
    conversations.choose(ME, id, first)
    assert questions(conversations, id) == ["What is moss?", "And lichen?", "And fern?"]


def test_the_list_has_pinned_ones_first_then_the_latest_by_its_first_question(
    conversations: Conversations, put: Callable[..., str]
) -> None:
    old, new = conversations.begin(ME), conversations.begin(ME)
    put(old, "What is moss?")
    put(old, "And lichen?")
    put(new, "What is peat?")
    with conversations.journal.open() as sql:
        sql.execute("UPDATE conversations SET asked_at = '2020-01-01' WHERE id = ?", (old,))
    assert [each.title for each in conversations.all(ME)] == ["What is peat?", "What is moss?"]
    conversations.pin(ME, old, True)
    conversations.rename(ME, old, "  Mosses\nand more ")
    assert [each.title for each in conversations.all(ME)] == ["Mosses and more", "What is peat?"]
    conversations.rename(ME, old, "")
    assert conversations.all(ME)[0].title == "What is moss?"


def test_a_greeting_names_a_conversation_only_until_something_is_asked(
    conversations: Conversations, put: Callable[..., str]
) -> None:
    id = conversations.begin(ME)
    hi = Answer("greeted", "hi", "", state="done")
    conversations.keep(conversations.ask(ME, id, "hi").id, hi, "answered")
    assert conversations.title(id) == "hi"
    put(id, "What is moss?")
    assert conversations.title(id) == "What is moss?"


def test_words_are_found_in_questions_and_in_answers(
    conversations: Conversations, put: Callable[..., str]
) -> None:
    moss, peat = conversations.begin(ME), conversations.begin(ME)
    put(moss, "What is moss?", "A plant without roots.")
    put(peat, "What is peat?", "Mostly dead sphagnum.")
    assert [each.id for each in conversations.search(ME, "moss")] == [moss]
    assert [each.id for each in conversations.search(ME, "sphagn")] == [peat]
    assert {each.id for each in conversations.search(ME, "what IS")} == {moss, peat}
    assert conversations.search(ME, 'roots" OR "peat') == []
    assert "sphagnum" in conversations.search(ME, "sphagnum")[0].found


def test_another_s_conversation_is_not_there(
    conversations: Conversations, put: Callable[..., str]
) -> None:
    id = conversations.begin(ME)
    turn = put(id, "What is moss?")
    assert conversations.turns(YOU, id) == []
    assert conversations.all(YOU) == conversations.search(YOU, "moss") == []
    for act in (
        lambda: conversations.ask(YOU, id, "And mine?"),
        lambda: conversations.rename(YOU, id, "Mine"),
        lambda: conversations.pin(YOU, id, True),
        lambda: conversations.choose(YOU, id, turn),
        lambda: conversations.ask_in(YOU, id, "in=mine"),
        lambda: conversations.forget(YOU, [id]),
    ):
        with pytest.raises(KeyError):
            act()
    assert questions(conversations, id) == ["What is moss?"]


def test_no_byte_of_what_is_forgotten_is_left(
    conversations: Conversations, put: Callable[..., str]
) -> None:
    kept, gone = conversations.begin(ME), conversations.begin(ME)
    for number in range(30):
        put(kept, f"Keep{number}?", "kestrel " * number)
        put(gone, f"Zephyrine{number}?", "quoll " * number)
    conversations.rename(ME, gone, "Zephyrine matters")
    answer = conversations.turns(ME, gone)[3].answer
    assert answer is not None
    conversations.journal.judge(answer.id, good=False, note="zephyrine note")
    conversations.forget(ME, [gone])
    assert conversations.turns(ME, gone) == []
    assert len(conversations.turns(ME, kept)) == 30
    for file in conversations.journal.path.parent.iterdir():
        held = file.read_bytes().lower()
        assert b"zephyrin" not in held, file.name
        assert b"quoll" not in held, file.name


def test_forgetting_one_answer_leaves_the_turns_around_it(
    conversations: Conversations, put: Callable[..., str]
) -> None:
    id = conversations.begin(ME)
    for question in ("What is moss?", "And lichen?", "And fern?"):
        put(id, question)
    middle, last = (turn.answer for turn in conversations.turns(ME, id)[1:])
    assert middle is not None
    assert last is not None
    conversations.journal.forget([middle.id])
    assert questions(conversations, id) == ["What is moss?", "And fern?"]
    conversations.journal.forget([last.id])
    assert questions(conversations, id) == ["What is moss?"]
    conversations.journal.forget([entry.id for entry in conversations.journal.entries()])
    assert conversations.all(ME) == []


def test_an_answer_that_comes_after_its_conversation_was_forgotten_is_not_kept(
    conversations: Conversations,
) -> None:
    id = conversations.begin(ME)
    turn = conversations.ask(ME, id, "What is moss?")
    conversations.forget(ME, [id])
    conversations.keep(turn.id, Answer("a1", "What is moss?", "", state="done"), "answered")
    assert conversations.journal.entries() == []


def test_what_is_older_than_it_is_to_be_kept_goes_unless_it_is_pinned(
    conversations: Conversations, put: Callable[..., str]
) -> None:
    old, pinned, new = (conversations.begin(ME) for _ in range(3))
    for id in (old, pinned, new):
        put(id, "What is moss?")
    conversations.journal.keep(Answer("alone", "Asked on the terminal?", "", state="done"))
    conversations.pin(ME, pinned, True)
    with conversations.journal.open() as sql:
        sql.execute("UPDATE conversations SET asked_at = '2020-01-01' WHERE id != ?", (new,))
        sql.execute("UPDATE answers SET answered_at = '2020-01-01'")
    assert conversations.forget_before(30) == 2
    assert {each.id for each in conversations.all(ME)} == {pinned, new}
    assert conversations.journal.recall("alone") is None


def test_a_journal_from_before_there_were_conversations_gets_them(tmp_path: Path) -> None:
    path = tmp_path / "journal.sqlite"
    with sqlite3.connect(path) as sql:
        sql.execute("CREATE TABLE answers (id TEXT PRIMARY KEY, answered_at TEXT, record TEXT)")
    conversations = Conversations(Journal(path))
    id = conversations.begin(ME)
    conversations.ask(ME, id, "What is moss?")
    assert questions(conversations, id) == ["What is moss?"]
    assert replace(conversations.all(ME)[0], asked_at="", id="").turns == 1


def test_what_an_owner_asked_is_found_by_the_document_that_the_answer_quotes(
    conversations: Conversations,
) -> None:
    quote = Citation("moss.md", "Moss", "", None, 0, 4, "f00d", 1, "Moss")
    for owner, question in ((ME, "What is moss?"), (ME, "And now?"), (YOU, "Is it moss?")):
        id = conversations.begin(owner)
        turn = conversations.ask(owner, id, question)
        cited = (quote,) if "moss" in question else ()
        answer = Answer(f"a{turn.id}", question, question, citations=cited, state="done")
        conversations.keep(turn.id, answer, "answered")
    for known_as in ("moss.md", "f00d"):
        found = conversations.citing(ME, [known_as])
        assert [question for _, question in found] == ["What is moss?"]
        assert conversations.has(ME, found[0][0])
    assert conversations.citing(ME, ["lichen.md"]) == []
