"""Quantifiers that the evidence does not license, or counts otherwise."""

import pytest

from app.checking.quantifiers import miscounted
from tests.app.checking.held import kinds, reasons


@pytest.mark.parametrize(
    ("passage", "sentence", "named"),
    [
        ("Late payments incur a fee.", "All late payments incur a fee.", "does not say “all”"),
        ("Some trams are red.", "All trams are red.", "says “some”, not “all”"),
        ("Trams run at night.", "Trams run only at night.", "does not say “only”"),
        ("Trams often stop here.", "Trams rarely stop here.", "does not say “rarely”"),
        ("Only trams stop here.", "Not only trams stop here.", "does not say “not only”"),
        ("All four problems are unsolved.", "None of the four problems is unsolved.", "“none”"),
    ],
)
def test_how_many_is_told_where_the_evidence_says_otherwise(
    passage: str, sentence: str, named: str
) -> None:
    assert named in reasons(miscounted, sentence, passage)


@pytest.mark.parametrize(
    ("passage", "sentence"),
    [
        ("All four problems are still unsolved.", "None of the four problems is solved."),
        ("They may not set it, only propose some.", "They may only propose some."),
        ("Most weavers went to Alba.", "Many weavers went to Alba."),
        ("Trams are likely to be late.", "Trams are most likely late."),
        ("It ran for 50 days.", "It ran for only 50 days."),
        ("Ann, Bob and Cy left.", "Ann, Bob and Cy all left."),
    ],
)
def test_what_counts_nothing_needs_no_licence(passage: str, sentence: str) -> None:
    assert kinds(miscounted, sentence, passage) == []
