"""The shape of a turn: what is the same about turns that name different things."""

import pytest

from app.understanding.shape import shape_of


@pytest.mark.parametrize(
    ("turn", "words", "topic"),
    [
        ("Which docs mention Marie Curie?", "which documents mention this", "Marie Curie"),
        ("which minutes mention the roof", "which documents mention the this", "roof"),
        ("whats in this collection?", "what is in this collection", ""),
        ("What's in notes/tea.md?", "what is in this document", "notes/tea.md"),
        ("explain the 4th", "explain the third", ""),
        ("what was added since Monday", "what was added since yesterday", "Monday"),
        ("Summarise the minutes of May 2025", "summarise the documents of this", "May 2025"),
        ("tea or coffee", "this", "tea or coffee"),
        ("say that in Dutch", "say that in German", ""),
        ("auf Deutsch", "auf German", ""),
        ("", "", ""),
    ],
)
def test_names_become_one_word_and_what_documents_are_called_another(
    turn: str, words: str, topic: str
) -> None:
    shape = shape_of(turn)
    assert (shape.words, shape.topic) == (words, topic)


def test_pages_and_parts_keep_their_number() -> None:
    page, part = shape_of("what is on page 12 of the report"), shape_of("section 5a")
    assert (page.number, page.counts) == ("12", "page")
    assert (part.number, part.counts) == ("5a", "part")
    assert shape_of("report 12").number == ""


def test_the_language_that_is_named_is_known_by_its_english_name() -> None:
    assert shape_of("auf deutsch bitte").language == "German"
    assert shape_of("en français").language == "French"
    assert shape_of("shorter please").language == ""
