"""Planted errors: the halves, the corruptions and the measure, on sentences made up here."""

import random
from pathlib import Path

import pytest

from eval.corruptions import KINDS, Pool
from eval.planted import Lie, Outcome, Planted, half, measure, plant, summary
from eval.truths import Written, kept, paragraphs

POOL = Pool(near="In 1901 Anna Berg sold 70 kg.", names=["Anna Berg"], fragments=["Rain fell."])


def written(sentence: str, source: str) -> Written:
    return Written(
        id="1", task="paraphrase", document="a.md", passage=(0, 9), source=source, sentence=sentence
    )


@pytest.mark.parametrize(
    ("kind", "sentence"),
    [
        ("number", "The town has 300 houses."),
        ("unit", "The road is 5 km long."),
        ("name", "It was built by Carl Dahl."),
        ("date", "It was built in 1850."),
        ("negation", "The road is safe."),
        ("negation", "The road is not safe."),
        ("quantifier", "It holds at least 30 people."),
        ("direction", "Prices are higher here."),
        ("exchange", "Rain causes floods."),
        ("addition", "The road is safe."),
    ],
)
def test_each_kind_changes_the_sentence_it_applies_to(kind: str, sentence: str) -> None:
    made = KINDS[kind](sentence, POOL, random.Random(1))
    assert made is not None
    assert made != sentence


def test_cause_and_effect_change_places() -> None:
    assert KINDS["exchange"]("Rain causes floods.", POOL, random.Random(1)) == "Floods causes rain."


def test_a_kind_that_does_not_apply_makes_nothing() -> None:
    assert KINDS["date"]("The road is safe.", POOL, random.Random(1)) is None


@pytest.mark.parametrize(
    ("sentence", "good"),
    [
        ("In Oslo a total of 30 trams are running.", True),
        ("In Oslo a total of 40 trams are running.", False),
        ("In Bergen a total of 30 trams are running.", False),
        ("In Oslo no total of 30 trams is running.", False),
    ],
)
def test_a_paraphrase_keeps_names_numbers_and_negations(sentence: str, good: bool) -> None:
    item = written(sentence, "There are 30 trams that run in Oslo.")
    assert bool(kept([item], [0.9])) is good


def test_a_paraphrase_far_from_its_source_is_dropped() -> None:
    item = written("In Oslo 30 trams run.", "There are 30 trams that run in Oslo.")
    assert kept([item], [0.5]) == []


def test_a_document_is_always_in_the_same_half() -> None:
    names = [f"{number}.md" for number in range(40)]
    assert {half(name) for name in names} == {"tuning", "reported"}
    assert [half(name) for name in names] == [half(name) for name in names]


def test_a_true_sentence_gets_its_passage_its_neighbours_and_its_lies(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("# A\n\nIt rains.\n\nTrams run in 1950.\n\nIt snows.\n")
    text = (tmp_path / "a.md").read_text()
    start, end = paragraphs(text)[1]
    item = written("In 1950 trams were running.", "Trams run in 1950.").model_copy(
        update={"passage": (start, end)}
    )
    [record] = plant([item], tmp_path, random.Random(1))
    assert record.passages == ("Trams run in 1950.", "It rains.", "It snows.")
    assert all(lie.sentence != record.sentence for lie in record.lies)


def test_the_measure_tells_caught_from_missed_and_true_from_alarm() -> None:
    record = Planted(
        id="1",
        document="a.md",
        task="paraphrase",
        sentence="The town has 300 houses.",
        lies=(Lie(kind="number", sentence="The town has 400 houses."),),
        passages=("The town has 300 houses.",),
    )
    outcomes = list(measure([record], None))
    assert [(outcome.kind, outcome.right) for outcome in outcomes] == [
        ("true", True),
        ("number", True),
    ]
    lines = [line.split() for line in summary(outcomes).splitlines()]
    assert ["number", "1", "1.000"] in lines
    assert ["true,", "all", "1", "0.000", "alarms"] in lines


def test_a_supported_lie_counts_as_missed() -> None:
    record = Planted(id="1", document="a", task="row", sentence="x", lies=(), passages=())
    assert not Outcome(record, "name", "x", "supported", 0.9, "", "", 1.0).right
