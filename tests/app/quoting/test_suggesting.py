"""Questions that the documents answer, made from their headings."""

import pytest

from app.quoting.suggesting import asks, heading_question, suggested_questions
from app.search.retriever import Found
from tests.fakes import stored_passage


def near(
    section: str, title: str = "Cats", text: str = "They purr.", name: str = "cats.md"
) -> Found:
    passage = stored_passage(text, name, title, section)
    return Found(passage, 1.0, 0.5, 0.5, 0)


@pytest.mark.parametrize(
    ("section", "question"),
    [
        ("Sound › Why do cats purr?", "Why do cats purr?"),
        ("3.1 Do cats dream?", "Do cats dream?"),
        ("Why cats purr", "What does “Cats” say about why cats purr?"),
        ("How to feed a cat", "What does “Cats” say about how to feed a cat?"),
        ("What remains", "What does “Cats” say about “What remains”?"),
        ("Food › Wet food", "What does “Cats” say about “Wet food”?"),
        ("2. Persian cats", "What does “Cats” say about “Persian cats”?"),
        ("A cat's year", "What does “Cats” say about “A cat's year”?"),
        ("A.2 Persian cats", "What does “Cats” say about “Persian cats”?"),
        ("EU law", "What does “Cats” say about “EU law”?"),
    ],
)
def test_a_heading_is_a_question_or_is_asked_for(section: str, question: str) -> None:
    assert heading_question("Cats", section) == question


@pytest.mark.parametrize(
    "section",
    ["", "Introduction", "OVERVIEW", "1. Introduction", "Food › References", "See also", "12",
     "Sources and licence", "Appendix B", "Wet or dry?", "x" * 200],
)  # fmt: skip
def test_a_heading_that_tells_nothing_makes_no_question(section: str) -> None:
    assert heading_question("Cats", section) == ""


def test_what_is_no_question_does_not_ask() -> None:
    assert asks("Sound › Why do cats purr?")
    assert not asks("Why do cats purr? › Food")
    assert not asks("Why cats purr")


def test_questions_of_the_nearest_passages_come_first_and_others_of_their_documents_after() -> None:
    sections = {"cats.md": ["Food", "Do cats dream?", "Why do cats purr?", "Can lions purr?"]}
    found = [near("Food"), near("Why do cats purr?")]
    assert suggested_questions(found, "Do lions sing?", sections.__getitem__) == [
        "Why do cats purr?",
        "Can lions purr?",
        "What does “Cats” say about “Food”?",
    ]


def test_the_refused_question_and_repetitions_are_not_suggested() -> None:
    found = [near("Why do cats purr?"), near("Why do Cats purr?"), near("Food"), near("Food")]
    assert suggested_questions(found, "why do cats purr") == ["What does “Cats” say about “Food”?"]


def test_three_are_enough() -> None:
    found = [near(f"Why do cats have {number} lives?") for number in range(9)]
    assert len(suggested_questions(found)) == 3


def test_a_text_without_headings_is_asked_for_what_it_names_most() -> None:
    text = "In London, Tom met Marie Curie. Then Marie Curie left London for Cats with Marie Curie."
    assert suggested_questions([near("", text=text)]) == ["What does “Cats” say about Marie Curie?"]


def test_where_nothing_can_be_asked_nothing_is_suggested() -> None:
    assert suggested_questions([]) == []
    assert suggested_questions([near("", text="it rains on cats.")]) == []
    assert suggested_questions([near("Introduction")]) == []
