from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from app.answer import Answer, Citation, GivenPassage, Sentence
from app.checking.support import SupportChecker
from app.engine import Engine
from app.understanding.follow_up import Turn
from app.writing.prose import STILL_QUOTED
from eval.calibrate import never_refusing
from eval.footnote import CheckerJudge, Footnote
from eval.questions import Question
from ingest.errors import ModelError
from tests.app.small_world import DOCUMENTS, engine_on, indexed

PASSAGE = GivenPassage("a.md", "A", "", None, 0, 4, "f00", "text", 1.0)
FOLLOW_UP = Question(
    id="1",
    kind="follow-up",
    question="and what are its drawbacks?",
    turns=("What is a GAN?", "Who made it?"),
    answerable=False,
)


class FakeEngine:
    """Says what it was asked and how many turns it had; says so when its model is gone."""

    def __init__(self, gone: bool = False) -> None:
        self.model = object()
        self.gone = gone
        self.heard: list[tuple[str, list[str]]] = []

    converse: Any = Engine.converse

    def answer(
        self, question: str, conversation: Sequence[Turn] = (), within: None = None
    ) -> Answer:
        self.heard.append((question, [turn.record.text for turn in conversation if turn.record]))
        said = Sentence(f"About {question}", (), 1.0, "supported")
        return Answer(
            "1",
            question,
            question,
            prose=(said,),
            notices=(f"The model is gone. {STILL_QUOTED}",) if self.gone else (),
            passages=(PASSAGE,),
        )


def footnote(engine: FakeEngine) -> Footnote:
    index = SimpleNamespace(catalogue=SimpleNamespace(text={"a.md": "text"}.get))
    parts: Any = (SimpleNamespace(index=index), engine)
    return Footnote(*parts)


def test_the_earlier_questions_are_asked_and_their_answers_remembered() -> None:
    engine = FakeEngine()
    footnote(engine).answer(FOLLOW_UP)
    assert engine.heard == [
        ("What is a GAN?", []),
        ("Who made it?", ["About What is a GAN?"]),
        ("and what are its drawbacks?", ["About What is a GAN?", "About Who made it?"]),
    ]


def test_quotes_in_place_of_a_model_that_is_gone_are_not_measured_as_its_answers() -> None:
    with pytest.raises(ModelError, match="The model is gone"):
        footnote(FakeEngine(gone=True)).answer(FOLLOW_UP)


def test_a_follow_up_is_searched_with_what_it_points_back_to(tmp_path: Path) -> None:
    retriever: Any = SimpleNamespace(index=indexed(tmp_path, DOCUMENTS))
    searched_for = Footnote(retriever).searched_for(FOLLOW_UP)
    assert "Who made it?" in searched_for
    assert searched_for.endswith(FOLLOW_UP.question)


def test_the_judge_reads_a_quote_under_its_title() -> None:
    judge = CheckerJudge(SupportChecker(None))
    quote = Citation("sky.md", "The sky", "Colour", None, 0, 11, "", 1, "It is blue.")
    assert judge.supports("The sky is blue.", [quote], "What colour has the sky?")
    assert not judge.supports("The sky is green.", [quote], "What colour has the sky?")
    assert not judge.claims_something("Here are three of them:")


def test_a_changed_document_or_calibration_is_another_system(tmp_path: Path) -> None:
    engine = engine_on(indexed(tmp_path, DOCUMENTS))
    before = Footnote(engine.retriever, engine).settings
    stricter = replace(engine, calibration=never_refusing(engine.calibration))
    assert Footnote(engine.retriever, stricter).settings != before
    documents = {**DOCUMENTS, "sea.md": "# The sea\n\nIt is salty.\n"}
    changed = engine_on(indexed(tmp_path / "other", documents))
    assert Footnote(changed.retriever, changed).settings != before
