"""Negations that only the claim has, or only its evidence."""

import pytest

from app.checking.denials import denied
from tests.app.checking.held import kinds, reasons

LEASE = "Late payments incur a fee. The landlord may not enter the flat without 24 hours' notice."


@pytest.mark.parametrize(
    ("sentence", "named"),
    [
        ("The landlord may enter the flat with 24 hours' notice.", "the passage denies “enter”"),
        ("Late payments never incur a fee.", "the passage does not say “never”"),
    ],
)
def test_what_only_one_of_the_two_denies_is_told(sentence: str, named: str) -> None:
    assert named in reasons(denied, sentence, LEASE)


def test_a_denial_counts_only_in_a_quote_that_speaks_of_what_is_denied() -> None:
    given = (
        "A court held the clerk responsible for wrong statements.",
        "Firms pay. The leaflet is not advice.",
    )
    elsewhere = "A court held the clerk responsible for wrong advice to firms."
    assert kinds(denied, elsewhere, *given) == []
    assert kinds(denied, "The leaflet is advice.", *given) == ["negation"]


@pytest.mark.parametrize(
    ("passage", "sentence"),
    [
        ("Filters may stop harmless text.", "Filters may not stop harmless text."),
        ("Who knows what failed can mend it.", "Who knows what failed can not mend it."),
        ("Rock may undergo change.", "Rock may not undergo change."),
        ("Rock that is melted once again is new.", "Rock that is no longer melted is new."),
        ("It agrees with us instead of the facts.", "It does not agree with us rather than facts."),
        ("The plain has only a few ponds.", "The plain has never just a few ponds."),
        ("The tram was far from fast.", "The tram was fast."),
        ("Each rule needs a test.", "No rule needs a test."),
    ],
)
def test_a_word_that_both_have_lets_nothing_be_denied(passage: str, sentence: str) -> None:
    assert kinds(denied, sentence, passage) == ["negation"]


@pytest.mark.parametrize(
    ("passage", "sentence"),
    [
        ("Rain is predicted, not guessed.", "Rain is predicted rather than estimated."),
        ("Each rule needs a test.", "No rule can do without a test."),
        ("Ann Berg was the first woman to win it.", "No woman before Ann Berg had won it."),
        ("If the beam is too short, roofs sag.", "Roofs sag on an insufficiently long beam."),
    ],
)
def test_the_same_turned_another_way_is_no_contradiction(passage: str, sentence: str) -> None:
    assert kinds(denied, sentence, passage) == []
