from pathlib import Path

from app.answer import Answer
from app.journal import Journal
from eval.feedback import cases_from


def test_a_complaint_becomes_a_question_and_praise_does_not(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "journal.sqlite")
    for id in ("a", "b", "c"):
        journal.keep(Answer(id, "and its drawbacks?", f"What are the drawbacks of {id}?"))
    journal.judge("a", good=False, complaint="should have refused", note="it made that up")
    journal.judge("b", good=True)
    journal.judge("c", good=False, complaint="incomplete")
    first, second = cases_from(journal)
    assert first.question == "What are the drawbacks of a?"
    assert (first.kind, first.answerable) == ("feedback: should have refused", False)
    assert first.note == "it made that up"
    assert (second.kind, second.answerable) == ("feedback: incomplete", True)
    assert second.gold == ()
