"""Numbers that no piece has, or has otherwise."""

from dataclasses import replace

import pytest

from app.checking.evidence import split_evidence
from app.checking.numbers import misnumbered
from tests.app.checking.held import kinds, reasons

FEE = "Late payments incur a fee of £25. The deposit is at most five weeks' rent."


@pytest.mark.parametrize(
    ("sentence", "kind", "named"),
    [
        ("Late payments incur a fee of £250.", "number", "the passage says £25"),
        ("Late payments incur a fee of $25.", "number", "the sentence $25"),
        ("The deposit is at least five weeks' rent.", "bound", "five weeks on the other side"),
        ("The deposit is at most five months' rent.", "number", "five months"),
    ],
)
def test_another_number_unit_or_bound_is_told(sentence: str, kind: str, named: str) -> None:
    assert kinds(misnumbered, sentence, FEE) == [kind]
    assert named in reasons(misnumbered, sentence, FEE)


@pytest.mark.parametrize(
    ("passage", "sentence"),
    [
        ("The speech lasts up to four minutes.", "The speech lasts no longer than four minutes."),
        ("34% of the trams are red.", "About a third of the trams are red."),
        ("20% of the trams are red.", "One in five of the trams are red."),
        ("It sold 4 million to 7 million trams.", "It sold between 4 and 7 million trams."),
        ("It reached 48 °C in the tram.", "It reached 48 degrees Celsius in the tram."),
        ("The gap is less than a meter.", "The gap is less than one metre."),
        ("A 16 by 16 picture has 256 dots.", "A 16x16 picture has 256 dots."),
        ("For a tear, try glue and not thread.", "For a tear, try glue first."),
    ],
)
def test_the_same_number_written_another_way_is_none(passage: str, sentence: str) -> None:
    assert kinds(misnumbered, sentence, passage) == []


@pytest.mark.parametrize(
    ("passage", "sentence"),
    [
        ("The speech lasts up to four minutes.", "The speech lasts at least four minutes."),
        ("34% of the trams are red.", "About a quarter of the trams are red."),
        ("It reached 48 °C in the tram.", "It reached 48 degrees Fahrenheit in the tram."),
    ],
)
def test_another_number_in_nearly_the_same_words_is_one(passage: str, sentence: str) -> None:
    assert kinds(misnumbered, sentence, passage) != []


def test_a_number_counts_what_the_passage_counts_with_it() -> None:
    found = reasons(misnumbered, "The tram has 12 drivers.", "The tram has 12 doors.")
    assert found == "the passage gives 12 doors, not drivers"


def test_a_day_belongs_to_its_month() -> None:
    passage = "It opened on 17 September 1912."
    assert "September 17" in reasons(misnumbered, "It opened on 17 May 1912.", passage)
    assert kinds(misnumbered, "It opened on September 17, 1912.", passage) == []


def test_how_many_the_question_asks_for_is_no_number_of_the_answer() -> None:
    claim, passage = "Three kinds of trams run in Alba.", "Alba runs red, blue and mail trams."
    asked = "Which three kinds of trams run in Alba?"
    assert kinds(misnumbered, claim, passage, question=asked) == []
    assert kinds(misnumbered, claim, passage, question="Which trams run in Alba?") == ["number"]
    five = "Alba runs five kinds of trams, among them red and blue ones."
    assert kinds(misnumbered, claim, five, question=asked) == ["number"]


def test_a_year_that_stands_in_the_heading_is_said_of_each_figure_under_it() -> None:
    revenue = split_evidence("Revenue was 4.1 million euros.")
    claim = "Revenue in 2023 was 4.1 million euros."
    placed = replace(revenue, context=("Results of 2023",))
    assert kinds(misnumbered, claim, placed) == []
    assert kinds(misnumbered, claim, revenue) == ["number"]
    assert kinds(misnumbered, claim, replace(revenue, context=("Results of 2022",))) == ["number"]


def test_a_number_that_belongs_to_a_name_counts_nothing() -> None:
    price = replace(split_evidence("A new windscreen costs € 610."), header="Velo 3 prices")
    assert kinds(misnumbered, "A new windscreen of the Velo 3 costs € 610.", price) == []
