"""What people see on the terminal."""

import pytest
from rich.console import Console

from app.answer import Answer, Citation, GivenPassage, Sentence
from app.commands import terminal
from app.doctor import Finding
from ingest.advance import Advance
from ingest.receipts import Receipt, ReceiptLine

HOSTILE = "[bold red]not a style[/]"


@pytest.fixture(autouse=True)
def wide(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(terminal, "_CONSOLE", Console(width=200))


def shown(capsys: pytest.CaptureFixture[str]) -> str:
    return capsys.readouterr().out


def answer(**changes: object) -> Answer:
    fields: dict[str, object] = {
        "id": "a",
        "question": "Why?",
        "searched_for": "Why?",
        "prose": (Sentence("It is blue.", (1,), 1.0, "supported"),),
        "withheld": (Sentence("It rains.", (), 0.1, "not supported", "“rains” is not there"),),
        "citations": (Citation("a.pdf", "Sky", "Colour", 3, 0, 5, "f0", 1, f"blue {HOSTILE}"),),
        "state": "done",
    }
    return Answer(**{**fields, **changes})  # type: ignore[arg-type]


def test_an_answer_shows_each_quote_with_its_place(capsys: pytest.CaptureFixture[str]) -> None:
    terminal.show_answer(answer(notices=(f"Beware {HOSTILE}",)))
    words = shown(capsys)
    assert "It is blue. [1]" in words
    assert f"“blue {HOSTILE}”" in words
    assert "Sky › Colour, page 3 (a.pdf)" in words
    assert f"Beware {HOSTILE}" in words


def test_a_question_that_was_searched_in_other_words_says_so(
    capsys: pytest.CaptureFixture[str],
) -> None:
    terminal.show_answer(answer(searched_for=f"Why not? {HOSTILE}"))
    assert f"Searched for “Why not? {HOSTILE}”." in shown(capsys)
    terminal.show_answer(answer())
    assert "Searched for" not in shown(capsys)


def test_a_sentence_that_nothing_bears_out_is_counted_and_not_shown(
    capsys: pytest.CaptureFixture[str],
) -> None:
    terminal.show_answer(answer())
    words = shown(capsys)
    assert "1 sentence was not borne out and is not shown." in words
    assert "It rains." not in words


def test_a_refusal_shows_the_nearest_passages(capsys: pytest.CaptureFixture[str]) -> None:
    near = GivenPassage("a.md", "Sky", "", None, 0, 4, "f0", "Blue", 0.5)
    terminal.show_answer(answer(outcome="refused", citations=(), passages=(near,)))
    words = shown(capsys)
    assert "Nearest passages:" in words
    assert "- Sky\n" in words


def test_what_is_missing_and_what_can_be_asked_instead_are_shown(
    capsys: pytest.CaptureFixture[str],
) -> None:
    terminal.show_answer(
        answer(outcome="refused", missing=f"No {HOSTILE}.", suggestions=(f"Why {HOSTILE}?", "How?"))
    )
    words = shown(capsys)
    assert f"No {HOSTILE}.\n" in words
    assert f"The documents do answer:\n- Why {HOSTILE}?\n- How?\n" in words


def test_passages_are_numbered_and_shown_whole(capsys: pytest.CaptureFixture[str]) -> None:
    passage = {"title": "Sky", "section": "", "page": 2, "document": "a.pdf", "text": HOSTILE}
    terminal.show_passages({"query": "sky", "searched_for": "sky", "passages": [passage]})
    assert f"1. Sky, page 2 a.pdf\n{HOSTILE}" in shown(capsys)


def test_a_receipt_says_what_was_done_and_what_is_the_matter(
    capsys: pytest.CaptureFixture[str],
) -> None:
    receipt = Receipt(
        [
            ReceiptLine("a.md", "added", passages=2),
            ReceiptLine("b.md", "unchanged", passages=3),
            ReceiptLine(f"{HOSTILE}.pdf", "failed", problem="It is torn. Mend it."),
        ]
    )
    terminal.show_receipt(receipt)
    words = shown(capsys)
    for part in ("a.md, 2 passages", "b.md", f"{HOSTILE}.pdf", "It is torn. Mend it."):
        assert part in words
    assert "3 documents: 1 added, 1 unchanged, 1 failed." in words
    terminal.show_receipt(receipt, brief=True)
    assert "b.md" not in shown(capsys)


def test_what_is_not_well_comes_with_what_to_do(capsys: pytest.CaptureFixture[str]) -> None:
    terminal.show_findings(
        [Finding("index", True, "Fine."), Finding("model", False, "Gone.", "Go.")]
    )
    words = shown(capsys)
    assert "well  index: Fine." in words
    assert "mend  model: Gone." in words
    assert "Go." in words


def test_no_bar_gets_between_the_lines_of_a_program(capsys: pytest.CaptureFixture[str]) -> None:
    with terminal.progress_bar() as report:
        report(Advance(HOSTILE, 0.5))
    captured = capsys.readouterr()
    assert captured.out == ""
