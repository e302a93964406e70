"""Fitting when to refuse, on runs whose every case is written down here."""

import json
from dataclasses import asdict
from datetime import date
from pathlib import Path

import pytest
from typer.testing import CliRunner

from app.quoting.deciding import Signals, load_calibration
from eval.calibrate import calibrate, operating_point
from eval.cases import Case, append
from eval.cli import app
from eval.questions import Question, QuestionsError
from ingest.errors import SettingsError

TODAY = date(2026, 11, 22)


def written_run(folder: Path, similarities: dict[bool, list[float]], asked: str = "?") -> Path:
    """A run of questions that differ in one figure alone, by whether they have an answer.

    It is their similarity, and what the quotes are said to answer where another thing is `asked`.
    """
    folder.mkdir(parents=True)
    (folder / "run.json").write_text(json.dumps({"set": "small", "key": "1"}), "utf-8")
    for answerable, values in similarities.items():
        for number, similarity in enumerate(values):
            id = f"{answerable}-{number}"
            question = Question(id=id, kind="plain", question="?", answerable=answerable)
            confirmed = 1.0 if asked == "?" else similarity
            signals = asdict(Signals(similarity, 0.5, named=1.0, confirmed=confirmed))
            answer = {"signals": signals, "model": "tiny"}
            case = Case(
                system="footnote", question=question, searched_for=asked, found=(), parts={},
                answer=answer,
            )  # fmt: skip
            append(folder / "cases.jsonl", case)
    return folder


def test_the_threshold_refuses_no_more_answerable_questions_than_may_be(tmp_path: Path) -> None:
    near = [0.5, *[0.9] * 9]  # one of ten answerable ones lies among the others
    run = written_run(tmp_path / "run", {True: near, False: [0.1, 0.2, 0.3, 0.4, 0.6]})
    strict = calibrate([run], answerable_refused=0.0, today=TODAY)
    loose = calibrate([run], answerable_refused=0.1, today=TODAY)
    assert operating_point(strict.answer) == (0.0, 0.8)
    assert operating_point(loose.answer) == (0.1, 1.0)
    assert not strict.answer.refuses(Signals(0.5, 0.5, 1.0))
    assert loose.answer.refuses(Signals(0.5, 0.5, 1.0))
    assert (strict.fitted_on, strict.model) == ("2026-11-22", "tiny")
    assert strict.data == ("small: 10 answerable questions, 5 others",)


def test_a_small_run_weighs_as_much_as_a_large_one(tmp_path: Path) -> None:
    """Where the runs contradict each other, neither similarity nor size decides."""
    large = written_run(tmp_path / "large", {True: [0.9] * 40, False: [0.1] * 40})
    small = written_run(tmp_path / "small", {True: [0.1] * 4, False: [0.9] * 4})
    fitted = calibrate([large, small], 0.5, TODAY)
    assert abs(fitted.answer.weights["similarity"]) < 0.01


def test_what_wants_a_yes_or_a_no_has_a_scale_of_its_own(tmp_path: Path) -> None:
    run = written_run(tmp_path / "run", {True: [0.9], False: [0.1]})
    near, far = [0.6] * 10, [0.3] * 10
    asked = written_run(tmp_path / "asked", {True: near, False: far}, "Is it so?")
    fitted = calibrate([run, asked], 0.0, TODAY)
    assert fitted.whether is not None
    assert operating_point(fitted.whether) == (0.0, 1.0)
    assert fitted.answer == calibrate([run], 0.0, TODAY).answer


def test_too_few_that_want_a_yes_or_a_no_have_no_scale(tmp_path: Path) -> None:
    run = written_run(tmp_path / "run", {True: [0.9], False: [0.1]})
    asked = written_run(tmp_path / "asked", {True: [0.6] * 10, False: [0.3] * 9}, "Is it so?")
    assert calibrate([run, asked], 0.0, TODAY).whether is None


def test_questions_of_one_kind_alone_cannot_be_fitted_on(tmp_path: Path) -> None:
    run = written_run(tmp_path / "run", {True: [0.9], False: []})
    with pytest.raises(QuestionsError, match="1 of the first and 0 of the second"):
        calibrate([run], 0.1, TODAY)


def test_the_command_writes_what_the_engine_reads(tmp_path: Path) -> None:
    run = written_run(tmp_path / "run", {True: [0.8, 0.9], False: [0.1, 0.2]})
    file = tmp_path / "home" / "calibration.json"
    done = CliRunner().invoke(app, ["--calibrate", str(run), "--output", str(file)])
    assert done.exit_code == 0, done.output
    own = load_calibration(file)
    assert own.answer.refuses(Signals(0.1, 0.5, 1.0))
    assert not own.answer.refuses(Signals(0.9, 0.5, 1.0))


def test_the_shipped_calibration_says_what_it_was_fitted_on() -> None:
    shipped = load_calibration()
    assert shipped.fitted_on
    assert shipped.data
    assert shipped.whether is not None
    for scale in (shipped.search, shipped.answer, shipped.whether):
        assert scale.refuse_below <= scale.doubt_below
        assert len(scale.curve) > 10


def test_a_file_that_is_no_calibration_is_named(tmp_path: Path) -> None:
    file = tmp_path / "calibration.json"
    file.write_text("{}", "utf-8")
    with pytest.raises(SettingsError, match=r"calibration\.json does not hold a calibration"):
        load_calibration(file)
