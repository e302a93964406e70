"""Numbers that may be worked with, and how what comes of them is written."""

import pytest

from app.language import comparing
from app.language.quantities import quantities
from app.quoting.members import unit_of, written_like


@pytest.mark.parametrize(
    ("less", "more", "left"),
    [
        ("249 euros", "319 euros", "70 euros"),
        ("€ 1,000", "€ 1,250", "€ 250"),
        ("0.121 mm", "0.125 mm", "0.004 mm"),
        ("5 t", "5.5 t", "0.5 t"),
    ],
)
def test_what_comes_of_numbers_is_written_like_them(less: str, more: str, left: str) -> None:
    two = [*quantities(more), *quantities(less)]
    assert unit_of(two[0]) == unit_of(two[1]) is not None
    assert written_like(two, two[0].value - two[1].value) == left


@pytest.mark.parametrize("words", ["€ 3 million", "three days", "up to 30 days", "about 5 km"])
def test_where_the_digits_are_not_the_number_nothing_is_worked_out(words: str) -> None:
    [number] = quantities(words)
    assert unit_of(number) is None


def test_between_two_places_is_no_difference() -> None:
    assert comparing.difference("How many days are there between May and June?")
    assert not comparing.difference("How many people live between Oxford and London?")
    assert not comparing.difference("How much does the flight between Oslo and Rome cost?")
