from pathlib import Path

import pytest
from fake_system import QUESTIONS, FakeSystem, WordJudge

from eval.cases import Case
from eval.compare import Change, compare
from eval.questions import Question, QuestionsError
from eval.run import Plan, run

MANY = tuple(
    question.model_copy(update={"id": f"{question.id} {copy}"})
    for copy in range(12)
    for question in QUESTIONS
)


def finished(
    folder: Path, system: FakeSystem, questions: tuple[Question, ...] = MANY
) -> list[Case]:
    return run(Plan(questions, [system], {}, WordJudge()), folder)


def changes(before: list[Case], after: list[Case]) -> dict[str, Change]:
    return {change.measure.name: change for change in compare(before, after)}


def test_identical_runs_are_noise_in_every_measure(tmp_path: Path) -> None:
    moved = changes(finished(tmp_path / "a", FakeSystem()), finished(tmp_path / "b", FakeSystem()))
    assert {change.verdict for change in moved.values()} == {"noise"}


def test_a_planted_worsening_is_caught(tmp_path: Path) -> None:
    good = finished(tmp_path / "a", FakeSystem())
    bad = finished(tmp_path / "b", FakeSystem(backwards=True))
    moved = changes(good, bad)
    assert moved["hit@1"].verdict == "worse"
    assert moved["refusal recall"].verdict == "worse"
    assert moved["hit@1"].shift.before == pytest.approx(2 / 3)
    assert changes(bad, good)["hit@1"].verdict == "better"
    assert moved["quote exactness"].verdict == "noise"


def test_runs_without_a_common_question_cannot_be_compared(tmp_path: Path) -> None:
    one = finished(tmp_path / "a", FakeSystem(), MANY[:5])
    other = finished(tmp_path / "b", FakeSystem(), MANY[5:10])
    with pytest.raises(QuestionsError, match="no question in common"):
        compare(one, other)
