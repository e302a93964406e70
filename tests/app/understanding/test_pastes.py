"""Long pastes: what in them asks, what of the rest is searched for, and how much is read."""

import pytest

from app.understanding.pastes import LONGEST, asks, question_and_story, within_limit
from ingest.index import Index
from tests.app.small_world import DOCUMENTS, indexed

LETTER = (
    "Dear all,\nour trip to the coast was long and we had three flat tyres on the way there.\n"
    "My aunt lost her hat at the station and a porter brought it back to her the next day.\n"
    "On the way my cousin said that whales sing songs to each other at night.\n"
    "Is that so?\nKind regards to everybody at home, and to the neighbours too"
)


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Index:
    return indexed(tmp_path_factory.mktemp("small"), DOCUMENTS)


def test_of_a_letter_what_asks_is_the_question_and_what_the_documents_speak_of_is_beside_it(
    index: Index,
) -> None:
    asked, story = question_and_story(LETTER, index)
    assert asked == "Is that so?"
    assert story.startswith("On the way my cousin said that whales sing songs")


@pytest.mark.parametrize("turn", ["Why is the sky blue? I wonder.", "word " * 60, "Why? " * 60, ""])
def test_a_short_turn_or_one_that_asks_nowhere_or_everywhere_is_asked_whole(
    index: Index, turn: str
) -> None:
    assert question_and_story(turn, index)[0] == turn


@pytest.mark.parametrize(
    ("sentence", "whether"),
    [
        ("what kind of model is that", True),
        ("Is there anything better for that", True),
        ("Please tell me more.", True),
        ("Und das kostet wie viel?", True),
        ("My nephew says that it is so.", False),
        ("", False),
    ],
)
def test_a_sentence_asks_by_its_mark_or_by_its_first_word(sentence: str, whether: bool) -> None:
    assert asks(sentence) == whether


def test_more_than_is_read_is_counted_and_said_and_the_question_at_its_end_is_kept() -> None:
    paste = "The gate is old and green. " * 400 + "Who locks the gate?"
    read, notice = within_limit(paste)
    assert len(read) <= LONGEST
    assert read.endswith("Who locks the gate?")
    assert read.startswith("The gate is old")
    assert f"{len(paste):,} characters" in notice
    assert "4,000" in notice


def test_of_a_long_log_each_kind_of_line_is_read_once_and_its_error_too() -> None:
    lines = [f"12:{number:02} INFO worker-{number} took {number} messages" for number in range(300)]
    lines.insert(150, "12:31 ERROR worker-7 the gate LB-2203 did not open in time")
    paste = "\n".join(["Good morning.", *lines, "What does it mean?", "Thanks, Kim"])
    read, _ = within_limit(paste)
    assert "LB-2203" in read
    assert "What does it mean?" in read
    assert "Thanks, Kim" in read


@pytest.mark.parametrize("sign", [".", " ", "?", "a", "\n", ". "])
def test_a_million_of_the_same_sign_is_read_like_anything_else(sign: str) -> None:
    read, notice = within_limit(sign * 1_000_000)
    assert len(read) <= LONGEST
    assert notice


def test_up_to_the_limit_nothing_is_said() -> None:
    assert within_limit("a" * LONGEST) == ("a" * LONGEST, "")
    assert len(within_limit("a" * (LONGEST + 1))[0]) == LONGEST
