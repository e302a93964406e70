"""What is said about the last answer, and which answer that is."""

from dataclasses import replace

import pytest

from app.answer import Answer, Citation
from app.understanding.answered import OfAnswer, counted_off, of_answer
from app.understanding.follow_up import Turn
from app.understanding.likeness import Kind
from app.understanding.ordinals import LAST, number_in
from app.understanding.shape import shape_of

QUOTE = Citation("a.md", "A", "", None, 0, 9, "1", 1, "Tea is hot")
ANSWER = Answer("1", "how is tea?", "how is tea?", quotes=(1,), citations=(QUOTE,))
THANKS = replace(ANSWER, question="thanks", searched_for="", quotes=(), citations=())


def wanted(kind: str, turn: str, *answers: Answer) -> OfAnswer | None:
    turns = [Turn.of(each) for each in answers]
    return of_answer(Kind("answer", kind, 0.9), shape_of(turn), turn, turns)


def test_the_last_answer_that_quotes_is_meant_with_what_was_shown_for_the_same_question() -> None:
    more = replace(ANSWER, question="more")
    asked = wanted("more", "more", ANSWER, more, THANKS)
    assert asked is not None
    assert asked.answer == more
    assert asked.shown == (ANSWER, more)


@pytest.mark.parametrize(
    ("turn", "number"),
    [
        ("the second one", 1),
        ("explain the 3rd", 2),
        ("number two please", 1),
        ("no. 4 again", 3),
        ("the last one", LAST),
    ],
)
def test_one_of_several_is_counted_off(turn: str, number: int) -> None:
    asked = wanted("one", turn, ANSWER)
    assert asked is not None
    assert asked.number == number


def test_an_ordinal_after_one_in_the_question_is_of_its_series_and_not_of_the_quotes() -> None:
    third = replace(ANSWER, question="how long is a third order lens?")
    third = replace(third, searched_for=third.question)
    assert wanted("one", "and the fifth?", third) is None


TWO = replace(ANSWER, quotes=(1, 2), citations=(QUOTE, replace(QUOTE, marker=2)))


def meant(turn: str, *answers: Answer) -> OfAnswer | None:
    return counted_off(shape_of(turn), turn, [Turn.of(each) for each in answers])


def test_what_stands_for_one_of_several_quotes_is_it_whatever_else_is_asked() -> None:
    asked = meant("how hot is the second one?", TWO)
    assert asked is not None
    assert (asked.number, asked.topic) == (1, {"hot"})
    assert meant("how hot is the second one?", ANSWER) is None
    assert meant("how hot is the second tea?", TWO) is None
    compared = replace(TWO, question="is tea or coffee hotter?")
    assert meant("how hot is the second one?", compared) is None
    assert wanted("one", "the second one", compared) is None


@pytest.mark.parametrize(
    "question",
    [
        "Can I get a second one for free?",
        "When was the last one held?",
        "Where is the nearest first one-day course?",
        "Is the first one-day course free?",
    ],
)
def test_an_ordinal_that_may_be_of_anything_does_not_mean_a_quote(question: str) -> None:
    assert meant(question, TWO) is None


@pytest.mark.parametrize(
    "question", ["What do I do first to make tea?", "Who is asked first?", "What if no one is in?"]
)
def test_what_is_done_first_is_no_series_that_an_ordinal_goes_on_in(question: str) -> None:
    asked = wanted("one", "explain point 2", replace(ANSWER, searched_for=question))
    assert asked is not None
    assert asked.number == 1


def test_no_one_is_nobody_and_no_number() -> None:
    assert number_in("no one") is None
    assert number_in("no. one") == 0


def test_the_language_is_the_one_that_is_named() -> None:
    asked = wanted("language", "auf Deutsch bitte", ANSWER)
    assert asked is not None
    assert asked.language == "German"


@pytest.mark.parametrize(
    ("kind", "turn", "answers"),
    [
        ("shorter", "shorter", ()),
        ("shorter", "shorter", (THANKS,)),
        ("shorter", "a shorter way to Paris", (ANSWER,)),
        ("more", "more about tea", (ANSWER,)),
        ("language", "in words", (ANSWER,)),
        ("one", "the one", (ANSWER,)),
    ],
)
def test_without_an_answer_or_about_something_else_it_is_a_question(
    kind: str, turn: str, answers: tuple[Answer, ...]
) -> None:
    assert wanted(kind, turn, *answers) is None


def test_what_the_answer_speaks_of_may_be_named() -> None:
    assert wanted("sure", "are you sure that tea is hot?", ANSWER) is not None
