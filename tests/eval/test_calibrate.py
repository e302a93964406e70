"""Fitting when to refuse, on runs whose every case is written down here."""

import json
from dataclasses import asdict
from datetime import date
from pathlib import Path

import pytest
from typer.testing import CliRunner

from app.quoting.judging import Signals, load_calibration
from eval.calibrate import calibrate, operating_point
from eval.cases import Case, append
from eval.cli import app
from eval.questions import Question, QuestionsError
from ingest.errors import SettingsError

TODAY = date(2026, 11, 22)


def written_run(folder: Path, similarities: dict[bool, list[float]]) -> Path:
    """A run of questions that differ in their similarity alone, by whether they have an answer."""
    folder.mkdir(parents=True)
    (folder / "run.json").write_text(json.dumps({"set": "small", "key": "1"}), "utf-8")
    for answerable, values in similarities.items():
        for number, similarity in enumerate(values):
            id = f"{answerable}-{number}"
            question = Question(id=id, kind="plain", question="?", answerable=answerable)
            signals = asdict(Signals(similarity, 0.5, 1.0, 0.0, 0.5, 0.5, 0.0))
            answer = {"signals": signals, "model": "tiny"}
            case = Case(
                system="footnote", question=question, searched_for="?", found=(), parts={},
                answer=answer,
            )  # fmt: skip
            append(folder / "cases.jsonl", case)
    return folder


def test_the_threshold_refuses_no_more_answerable_questions_than_may_be(tmp_path: Path) -> None:
    near = [0.5, *[0.9] * 9]  # one of ten answerable ones lies among the others
    run = written_run(tmp_path / "run", {True: near, False: [0.1, 0.2, 0.3, 0.4, 0.6]})
    strict = calibrate([run], 0.0, 0.0, TODAY)
    loose = calibrate([run], 0.0, 0.1, TODAY)
    assert operating_point(strict.scale, strict.scale.refuse_below) == (0.0, 0.8)
    assert operating_point(loose.scale, loose.scale.doubt_below) == (0.1, 1.0)
    nearly = Signals(0.5, 0.5, 1.0, 0.0, 0.5, 0.5, 0.0)
    assert strict.scale.outcome(strict.scale.score(nearly)) == "answered"
    assert loose.scale.outcome(loose.scale.score(nearly)) == "uncertain"
    assert strict.fitted_on == "2026-11-22"
    assert strict.data == ("small: 10 answerable questions, 5 others",)


def test_a_small_run_weighs_as_much_as_a_large_one(tmp_path: Path) -> None:
    """Where the runs contradict each other, neither similarity nor size decides."""
    large = written_run(tmp_path / "large", {True: [0.9] * 40, False: [0.1] * 40})
    small = written_run(tmp_path / "small", {True: [0.1] * 4, False: [0.9] * 4})
    fitted = calibrate([large, small], 0.5, 0.5, TODAY)
    assert abs(fitted.scale.weights["similarity"]) < 0.01


def test_questions_of_one_kind_alone_cannot_be_fitted_on(tmp_path: Path) -> None:
    run = written_run(tmp_path / "run", {True: [0.9], False: []})
    with pytest.raises(QuestionsError, match="1 of the first and 0 of the second"):
        calibrate([run], 0.1, 0.1, TODAY)


def test_the_command_writes_what_the_engine_reads(tmp_path: Path) -> None:
    run = written_run(tmp_path / "run", {True: [0.8, 0.9], False: [0.1, 0.2]})
    file = tmp_path / "home" / "calibration.json"
    done = CliRunner().invoke(app, ["--calibrate", str(run), "--output", str(file)])
    assert done.exit_code == 0, done.output
    own = load_calibration(file)
    for similarity, outcome in ((0.1, "refused"), (0.9, "answered")):
        judged = Signals(similarity, 0.5, 1.0, 0.0, 0.5, 0.5, 0.0)
        assert own.scale.outcome(own.scale.score(judged)) == outcome


def test_the_shipped_calibration_says_what_it_was_fitted_on() -> None:
    shipped = load_calibration()
    assert shipped.fitted_on
    assert shipped.data
    assert shipped.scale.refuse_below <= shipped.scale.doubt_below
    assert len(shipped.scale.curve) > 10


def test_a_file_that_is_no_calibration_is_named(tmp_path: Path) -> None:
    file = tmp_path / "calibration.json"
    file.write_text("{}", "utf-8")
    with pytest.raises(SettingsError, match=r"calibration\.json does not hold a calibration"):
        load_calibration(file)
