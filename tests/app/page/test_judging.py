from dataclasses import replace
from typing import get_args

import pytest

from app.answer import Answer, Sentence
from app.journal import Complaint
from app.page import render
from app.page.judging import Opinion, as_complaint, complaints
from app.page.render import Exchange, Shown

ANSWER = Answer("a1", "How?", "How?", prose=(Sentence("So.", (), 1, "supported"),), state="done")


def test_an_answer_that_is_in_no_journal_has_no_thumbs() -> None:
    assert "thumbs" not in render.conversation(
        Shown("c1", "How?", [Exchange("f1", "How?", ANSWER)])
    )
    kept = Exchange("f1", "How?", ANSWER, in_journal=True)
    assert "thumbs" in render.conversation(Shown("c1", "How?", [kept]))


def thumbs(opinion: Opinion | None) -> str:
    kept = Exchange("f1", "How?", ANSWER, in_journal=True, opinion=opinion)
    return render.conversation(Shown("c1", "How?", [kept]))


def test_a_thumb_is_pressed_only_when_the_opinion_was_kept() -> None:
    assert thumbs(None).count('aria-pressed="false"') == 2
    assert thumbs(Opinion(good=True)).count('aria-pressed="true"') == 1
    lost = thumbs(Opinion(good=True, problem="It could not be <kept>."))
    assert lost.count('aria-pressed="false"') == 2
    assert "It could not be &lt;kept&gt;." in lost


def test_every_complaint_of_the_journal_can_be_made_of_an_answer_or_of_a_refusal() -> None:
    possible = dict(complaints(ANSWER) + complaints(replace(ANSWER, outcome="refused")))
    assert set(possible) == set(get_args(Complaint))
    assert all(f'value="{each}"' in thumbs(None) for each, _ in complaints(ANSWER))


@pytest.mark.parametrize(("sent", "kept"), [("incomplete", "incomplete"), ("<b>", ""), ("", "")])
def test_a_complaint_that_is_none_of_ours_has_no_name(sent: str, kept: str) -> None:
    assert as_complaint(sent) == kept
