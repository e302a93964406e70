from dataclasses import replace
from typing import get_args

import pytest

from app.answer import Answer, Sentence
from app.journal import Complaint
from app.page import render
from app.page.judging import Opinion, as_complaint, complaint_form, thumbs
from app.page.render import Exchange, Shown

ANSWER = Answer("a1", "How?", "How?", prose=(Sentence("So.", (), 1, "supported"),), state="done")


def test_an_answer_that_is_in_no_journal_has_no_thumbs() -> None:
    assert "thumbs" not in render.conversation(
        Shown("c1", "How?", [Exchange("f1", "How?", ANSWER)])
    )
    kept = Exchange("f1", "How?", ANSWER, in_journal=True)
    assert "thumbs" in render.conversation(Shown("c1", "How?", [kept]))


def test_a_thumb_is_pressed_only_when_the_opinion_was_kept() -> None:
    assert thumbs("f1", None).count('aria-pressed="false"') == 2
    assert thumbs("f1", Opinion(good=True)).count('aria-pressed="true"') == 1
    lost = thumbs("f1", Opinion(good=True, problem="It could not be <kept>."))
    assert lost.count('aria-pressed="false"') == 2
    assert "It could not be &lt;kept&gt;." in lost


def test_every_complaint_of_the_journal_can_be_made_of_an_answer_or_of_a_refusal() -> None:
    forms = complaint_form("f1", ANSWER) + complaint_form("f1", replace(ANSWER, outcome="refused"))
    for complaint in get_args(Complaint):
        assert f'value="{complaint}"' in forms


@pytest.mark.parametrize(("sent", "kept"), [("incomplete", "incomplete"), ("<b>", ""), ("", "")])
def test_a_complaint_that_is_none_of_ours_has_no_name(sent: str, kept: str) -> None:
    assert as_complaint(sent) == kept
