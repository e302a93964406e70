import json
from io import StringIO
from pathlib import Path

import pytest
from fake_system import QUESTIONS, FakeSystem, WordJudge
from rich.console import Console

from eval import report, results
from eval.results import Results
from eval.run import Plan, run


@pytest.fixture
def finished(tmp_path: Path) -> Results:
    nasty = QUESTIONS[2].model_copy(
        update={"question": "does a <script>evil()</script> do nothing"}
    )
    questions = (*QUESTIONS[:2], nasty, *QUESTIONS[3:])
    other = FakeSystem("other", breaks_at="sky")
    run(Plan(questions, [FakeSystem(), other], {"set": "made up"}, WordJudge()), tmp_path)
    return results.collect(tmp_path)


def test_nothing_that_was_asked_or_answered_is_markup(finished: Results) -> None:
    page = report.render(finished)
    assert "<script>evil()" not in page
    assert "&lt;script&gt;evil()" in page
    assert "<script>alert(1)" not in page
    assert "<b>badly</b>" not in page


def test_the_page_loads_nothing_from_anywhere(finished: Results) -> None:
    page = report.render(finished)
    for loading in ("http:", "https:", " src=", "<link", "@import", "url("):
        assert loading not in page


def test_every_failure_can_be_read_with_what_was_found(finished: Results) -> None:
    page = report.render(finished)
    assert "Failures: 5 of 10 cases" in page
    assert "answered, and should have refused" in page
    assert "Seawater holds salt" in page
    assert "Grass grows green." in page


def test_each_kind_of_question_has_its_own_figures(finished: Results) -> None:
    assert results.by_kind(finished.cases[:5])["near"]["refusal recall"].value == 0
    assert results.by_kind(finished.cases[:5])["far"]["refusal recall"].value == 1
    page = report.render(finished)
    assert "By kind of question: fake" in page
    assert "<td>near</td>" in page


def test_the_trade_off_shows_both_systems(finished: Results) -> None:
    page = report.render(finished)
    assert 'class="curve s1"' in page
    assert '<circle class="dot s0" cx="0.0" cy="150.0" r="5"/>' in page
    assert 'class="dot s1"' in page


def test_the_json_holds_settings_figures_and_errors(finished: Results, tmp_path: Path) -> None:
    results.write(finished, tmp_path / "results.json")
    record = json.loads((tmp_path / "results.json").read_text("utf-8"))
    assert record["set"] == "made up"
    assert record["systems"]["fake"] == {"backwards": False}
    assert record["figures"]["fake"]["hit@1"]["count"] == 3
    assert [one["id"] for one in record["errors"]] == ["sky"]


def test_the_table_has_a_column_for_each_system(finished: Results) -> None:
    console = Console(file=StringIO(), width=200)
    console.print(results.table(finished))
    shown = console.file.getvalue()  # type: ignore[attr-defined]
    assert "fake" in shown
    assert "other" in shown
    assert "0.667" in shown
    assert "key facts held" not in shown
