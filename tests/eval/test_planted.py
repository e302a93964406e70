"""Planted errors: the halves, the corruptions and the measure, on sentences made up here."""

import random
from pathlib import Path

import pytest

from eval.caught import Outcome, figures, measure, summary
from eval.corruptions import KINDS, Pool
from eval.lies import Lie, Planted, Written, half, paragraphs, plant

POOL = Pool(near="In 1901 Anna Berg sold 70 kg.", names=["Anna Berg"], fragments=["Rain fell."])


def written(sentence: str, id: str = "1") -> Written:
    return Written(id=id, task="paraphrase", document="a.md", passage=(0, 9), sentence=sentence)


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


@pytest.mark.parametrize(
    ("sentence", "turned"),
    [
        ("Trams stop early because nobody rides them.",
         "Nobody rides them because trams stop early."),
        ("Because the line was closed, the shops moved away.",
         "Because the shops moved away, the line was closed."),
        ("The old line is longer than the new one.", "The new one is longer than the old line."),
    ],
)  # fmt: skip
def test_two_sides_change_places(sentence: str, turned: str) -> None:
    assert KINDS["exchange"](sentence, POOL, random.Random(1)) == turned


@pytest.mark.parametrize("sentence", ["Oslo and Bergen meet.", "It is longer than the old one."])
def test_what_is_as_true_in_the_other_order_or_only_points_back_is_left(sentence: str) -> None:
    assert KINDS["exchange"](sentence, POOL, random.Random(1)) is None


def test_a_kind_that_does_not_apply_makes_nothing() -> None:
    assert KINDS["date"]("The road is safe.", POOL, random.Random(1)) is None


def test_a_document_is_always_in_the_same_half() -> None:
    names = [f"{number}.md" for number in range(40)]
    assert {half(name) for name in names} == {"tuning", "reported"}
    assert [half(name) for name in names] == [half(name) for name in names]


def test_a_true_sentence_gets_its_passage_its_neighbours_and_its_lies(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("# A\n\nIt rains.\n\nTrams run in 1950.\n\nIt snows.\n")
    text = (tmp_path / "a.md").read_text()
    start, end = paragraphs(text)[1]
    item = written("In 1950 trams were running.").model_copy(update={"passage": (start, end)})
    [record] = plant([item], [tmp_path], seed=1)
    assert record.passages == ("Trams run in 1950.", "It rains.", "It snows.")
    assert all(lie.sentence != record.sentence for lie in record.lies)


def test_adding_a_sentence_leaves_the_lies_of_the_first_alone(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("# A\n\nTrams run in 1950.\n\nIt snows in May.\n")
    one = written("Trams run in 1950.").model_copy(update={"passage": (5, 23)})
    two = written("In May it snows.").model_copy(update={"passage": (25, 41), "id": "2"})
    assert [*plant([one], [tmp_path], 1)] == [*plant([one, two], [tmp_path], 1)][:1]


def test_an_answer_takes_its_question_from_the_list_when_its_record_has_none(
    tmp_path: Path,
) -> None:
    (tmp_path / "a.md").write_text("# A\n\nTrams run in 1950.\n")
    item = written("Trams run in 1950.").model_copy(update={"passage": (5, 23)})
    [record] = plant([item], [tmp_path], 1, {"1": "When do trams run?"})
    assert record.question == "When do trams run?"


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
    found = figures(outcomes)
    assert (found["number"].value, found["number"].count) == (1, 1)
    assert (found["exact kinds"].value, found["false alarms"].value) == (1, 0)
    lines = [line.split()[:3] for line in summary(outcomes).splitlines()]
    assert ["number", "1", "1.000"] in lines


def test_a_supported_lie_counts_as_missed() -> None:
    record = Planted(id="1", document="a", task="row", sentence="x", lies=(), passages=())
    assert not Outcome(record, "name", "x", "supported", 0.9, "", "", 1.0).right
