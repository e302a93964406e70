from pathlib import Path

import pytest
from fake_system import QUESTIONS, FakeSystem, WordJudge
from typer.testing import CliRunner

from app.settings import Settings
from eval.cli import app
from eval.footnote import home_of
from eval.run import Plan, run


@pytest.fixture
def runs(tmp_path: Path) -> tuple[Path, Path]:
    many = tuple(
        question.model_copy(update={"id": f"{question.id} {copy}"})
        for copy in range(12)
        for question in QUESTIONS
    )
    for name, backwards in (("good", False), ("bad", True)):
        system = FakeSystem(backwards=backwards)
        run(Plan(many, [system], {"set": "made up"}, WordJudge()), tmp_path / name)
    return tmp_path / "good", tmp_path / "bad"


def invoke(*arguments: str) -> tuple[int, str]:
    result = CliRunner(env={"COLUMNS": "200"}).invoke(app, list(arguments))
    return result.exit_code, result.output


def test_two_runs_are_compared_measure_by_measure(runs: tuple[Path, Path]) -> None:
    code, shown = invoke("--compare", *map(str, runs))
    assert code == 0
    (line,) = [line for line in shown.splitlines() if "hit@1 " in line]
    assert "0.667" in line
    assert "worse" in line


def test_a_folder_that_holds_no_run_is_said_in_one_sentence(tmp_path: Path) -> None:
    code, shown = invoke("--compare", str(tmp_path), str(tmp_path))
    assert code == 1
    assert "holds no run" in shown
    assert "Traceback" not in shown


def test_a_set_that_is_not_there_is_said_before_anything_is_loaded(tmp_path: Path) -> None:
    code, shown = invoke("--set", str(tmp_path / "nowhere"))
    assert code == 1
    assert "There is no question set" in shown


def test_folders_of_one_name_are_indexed_apart(tmp_path: Path) -> None:
    one, other = tmp_path / "one" / "corpus", tmp_path / "other" / "corpus"
    again, settings = tmp_path / "other" / ".." / "one" / "corpus", Settings(home=tmp_path)
    assert home_of(one, settings) != home_of(other, settings)
    assert home_of(one, settings) == home_of(again, settings)
