"""Opposites in the place of one of the claim's words."""

import pytest

from app.checking.opposites import opposed
from tests.app.checking.held import kinds, reasons


def test_the_opposite_of_what_is_said_is_told_with_both_words() -> None:
    found = reasons(
        opposed, "The line was closed before the fire.", "It was closed after the fire."
    )
    assert found == "the passage says “after”, the sentence “before”"


@pytest.mark.parametrize(
    ("passage", "sentence"),
    [
        ("Fares increased in Alba.", "Fares decreased in Alba."),
        ("Export trams are not heated.", "Import trams are not heated."),
        ("The largest depot is in Alba.", "The smallest depot is in Alba."),
    ],
)
def test_an_opposite_in_nearly_the_same_words_is_one(passage: str, sentence: str) -> None:
    assert kinds(opposed, sentence, passage) == ["contrast"]


@pytest.mark.parametrize(
    ("passage", "sentence"),
    [
        ("The line was closed after the fire.", "Before the line was closed, there was a fire."),
        ("The loom started with 9 threads and made 80.", "The loom ended up with 80 threads."),
        ("If the beam is too short, roofs sag.", "Roofs sag on an insufficiently long beam."),
        ("Trams are slower than trains.", "Trains are faster than trams."),
        ("The new depot is larger, not smaller.", "The new depot is larger."),
    ],
)
def test_what_only_looks_like_an_opposite_is_none(passage: str, sentence: str) -> None:
    assert kinds(opposed, sentence, passage) == []
