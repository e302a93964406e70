"""Follow-ups, read without a model, with vectors that count words."""

from typing import Any

import pytest

from app.answer import Answer, Citation
from app.understanding.follow_up import Turn, reading, set_side_by_side
from tests.app.small_world import WordEmbedder

TYRE = "How much is a tyre change on the Veltro 3?"


def alone(question: str, *before: str) -> str:
    embedder: Any = WordEmbedder()
    return reading(question, [Turn(each) for each in before], embedder.embed).alone


@pytest.mark.parametrize(
    ("before", "question", "reads"),
    [
        (TYRE, "and on the Veltro 5?", "How much is a tyre change on the Veltro 5?"),
        (TYRE, "no, I meant the Corvan", "How much is a tyre change on the Corvan?"),
        ("How much do the weights of a 7b take as Q8_0?", "and for 70b?",
         "How much do the weights of a 70b take as Q8_0?"),
        ("What is the limit in the Alder contract?", "And in the Cedar one?",
         "What is the limit in the Cedar contract?"),
        ("who may park?", "what about dogs", "who may dogs?"),
        ("How much is the Team plan?", "and Business?", "How much is the Business plan?"),
    ],
)  # fmt: skip
def test_a_fragment_takes_the_place_of_what_is_most_like_it(
    before: str, question: str, reads: str
) -> None:
    assert alone(question, before) == reads


def test_fragments_of_fragments_are_read_one_after_another() -> None:
    assert alone("and the Corvan?", TYRE, "and on the Veltro 5?") == (
        "How much is a tyre change on the Corvan?"
    )


@pytest.mark.parametrize(
    "question", ["Can I pay in instalments?", "how many tokens are in fineweb?", "gguf"]
)
def test_a_complete_question_or_a_new_topic_is_never_glued_to_the_one_before(question: str) -> None:
    assert alone(question, TYRE) == question


@pytest.mark.parametrize("question", ["How long does it take?", "For how much?", "And why?"])
def test_what_points_back_or_says_nothing_is_read_beside_the_question_before(question: str) -> None:
    assert alone(question, TYRE) == f"{TYRE} {question}"


def test_what_points_back_asks_by_itself_and_stands_behind_the_question_before() -> None:
    embedder: Any = WordEmbedder()
    found = reading("How long does it take?", [Turn(TYRE)], embedder.embed)
    assert (found.asking, found.before) == ("How long does it take?", TYRE)


def test_a_question_word_with_words_of_meaning_behind_it_opens_a_question_of_its_own() -> None:
    assert alone("And who decides on loans?", TYRE) == "And who decides on loans?"


def test_an_ordinal_stands_for_one_of_the_things_that_a_question_set_side_by_side() -> None:
    asked = alone("and how fast is the second one?", "Veltro or Corvan: which is cheaper?", "why?")
    assert asked == "and how fast is Corvan?"


def test_the_other_one_of_two_takes_the_place_of_the_one_that_was_asked_about() -> None:
    asked = alone("and the first one?", "Veltro or Corvan: which is new?", "How fast is Corvan?")
    assert asked == "How fast is Veltro?"


def test_a_list_shown_since_is_counted_and_not_the_sides_of_the_question_before_it() -> None:
    pets = Turn("Which may come, dogs or cats?")
    rows = tuple(Citation("a.md", "A", "", None, 0, 9, "1", n, "| A |", kind="row") for n in (1, 2))
    plans, second = (
        Turn(asked, Answer("1", asked, asked, quotes=(1, 2), citations=rows))
        for asked in ("Which plans are there?", "How much is the second one?")
    )
    assert set_side_by_side([pets, plans]) == ()
    assert set_side_by_side([plans, pets]) == ("dogs", "cats")
    assert set_side_by_side([pets, second]) == ("dogs", "cats")


def test_the_last_one_is_nothing_s_where_nothing_was_set_side_by_side() -> None:
    assert (
        alone("When was the last one held?", "Where is the hall?") == "When was the last one held?"
    )


def test_without_a_conversation_nothing_changes() -> None:
    assert alone("and the Corvan?") == "and the Corvan?"
