import shutil
from pathlib import Path

import pytest
from fake_system import QUESTIONS, FakeSystem, WordJudge

import eval.run
from eval import cases, results
from eval.cases import faults
from eval.questions import Gold, QuestionsError
from eval.run import Plan, check_gold, code_fingerprint, run
from ingest.errors import ModelError


def plan(system: FakeSystem, answers: bool = True) -> Plan:
    return Plan(QUESTIONS, [system], {"set": "made up"}, WordJudge() if answers else None)


def test_the_figures_of_a_run_are_those_worked_out_by_hand(tmp_path: Path) -> None:
    run(plan(FakeSystem()), tmp_path)
    figures = results.collect(tmp_path).figures["fake"]
    by_hand = {
        # sky and whales are found first; the gold of script is in a sentence that is not found.
        "hit@1": (2 / 3, 3),
        "gold held": (2 / 3, 3),
        "exact match": (0, 3),
        "citation recall": (1, 4),
        "citation precision": (1, 4),
        "quote exactness": (1, 4),
        "gold cited": (2 / 3, 3),
        "gold quoted when right": (1, 2),
        # moon is refused, grass is answered.
        "refusal precision": (1, 1),
        "refusal recall": (1 / 2, 2),
        "refusal F1": (2 / 3, 2),
        "answerable refused": (0, 3),
        "answerable uncertain": (0, 3),
        "others held back": (1 / 2, 2),
        "search time": (5, 4),
        "first token": (100, 4),
        "writing speed": (20, 4),
        "prompt length": (50, 4),
    }
    assert {
        name: (pytest.approx(figures[name].value), figures[name].count) for name in by_hand
    } == by_hand
    assert "key facts held" not in figures


def test_a_run_killed_at_case_three_goes_on_there(tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt):
        run(plan(FakeSystem(dies_at="script")), tmp_path)
    second = FakeSystem()
    finished = run(plan(second), tmp_path)
    assert second.asked == ["script", "moon", "grass"]
    assert [case.question.id for case in finished] == [one.id for one in QUESTIONS]


def test_a_line_that_a_kill_cut_short_is_run_again(tmp_path: Path) -> None:
    run(plan(FakeSystem()), tmp_path)
    file = tmp_path / "cases.jsonl"
    file.write_bytes(file.read_bytes()[:-40])
    again = FakeSystem()
    run(plan(again), tmp_path)
    assert again.asked == ["grass"]
    assert len(cases.read(file)) == 5


def test_a_damaged_line_in_the_middle_is_not_passed_over(tmp_path: Path) -> None:
    run(plan(FakeSystem()), tmp_path)
    file = tmp_path / "cases.jsonl"
    file.write_bytes(b"{}\n" + file.read_bytes())
    with pytest.raises(QuestionsError, match="Remove its folder"):
        run(plan(FakeSystem()), tmp_path)


def test_a_folder_of_another_run_is_refused(tmp_path: Path) -> None:
    run(plan(FakeSystem()), tmp_path)
    with pytest.raises(QuestionsError, match="other questions, settings or code"):
        run(plan(FakeSystem(backwards=True)), tmp_path)


@pytest.mark.parametrize(
    "file",
    [
        "app/calibration.json",
        "app/quoting/weights.json",
        "app/page/templates/answer.html",
        "ingest/loaders/docx.py",
        "eval/questions/office/documents/canteen_plan_week_14.md",
    ],
)
def test_a_change_to_any_file_makes_another_run(
    file: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for copied in (file, "eval/LOG.md"):
        (tmp_path / copied).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(eval.run.REPOSITORY / copied, tmp_path / copied)
    monkeypatch.setattr(eval.run, "REPOSITORY", tmp_path)
    before = code_fingerprint()
    (tmp_path / "eval/LOG.md").write_text("What was tried.")
    assert code_fingerprint() == before
    with (tmp_path / file).open("a") as changed:
        changed.write(" ")
    assert code_fingerprint() != before


def test_a_search_alone_asks_no_model(tmp_path: Path) -> None:
    system = FakeSystem(dies_at="sky")
    (first, *_) = run(plan(system, answers=False), tmp_path)
    assert system.asked == []
    assert first.answer is None
    assert "gold held" not in first.parts
    assert first.value("hit@1") == 1


def test_a_crash_is_an_empty_answer_and_is_listed(tmp_path: Path) -> None:
    finished = run(plan(FakeSystem(breaks_at="sky")), tmp_path)
    assert finished[0].error == "RuntimeError: it broke <b>badly</b>"
    assert finished[0].value("gold held") == 0
    assert finished[0].value("hit@1") == 0
    assert faults(finished[0])[0].startswith("stopped with an error")
    assert len(finished) == 5


def test_a_model_that_is_gone_ends_the_run(tmp_path: Path) -> None:
    class Gone(FakeSystem):
        def answer(self, question: object) -> None:  # type: ignore[override]
            raise ModelError("The model is gone. Start it again.")

    with pytest.raises(ModelError):
        run(plan(Gone()), tmp_path)
    assert cases.read(tmp_path / "cases.jsonl") == []


def test_gold_that_is_not_in_its_document_is_named_before_a_run() -> None:
    wrong = QUESTIONS[0].model_copy(update={"gold": (Gold(document="sky.md", quote="is red"),)})
    check_gold(QUESTIONS, FakeSystem())
    with pytest.raises(QuestionsError, match=r"sky: sky\.md does not hold “is red”"):
        check_gold([wrong], FakeSystem())


def test_what_went_wrong_is_said_in_words(tmp_path: Path) -> None:
    by_id = {case.question.id: faults(case) for case in run(plan(FakeSystem()), tmp_path)}
    assert by_id == {
        "sky": [],
        "whales": [],
        "script": [
            "gold not among the first five",
            "gold string not in the answer",
            "gold place not cited",
        ],
        "moon": [],
        "grass": ["answered, and should have refused"],
    }
