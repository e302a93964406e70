"""The record of an answer, in words and as JSON."""

import json
from dataclasses import replace

from app.answer import Answer, Citation, LeftOut, Sentence

ANSWER = Answer(
    id="a1",
    question="Why?",
    searched_for="Why blue?",
    sentences=(
        Sentence("It is blue.", (1, 3), 1.0, "supported"),
        Sentence("It may rain.", (), 0.1, "not supported", "“rain” is not there"),
    ),
    citations=(Citation(1, "a.md", "A", "B", None, 4, 9, "blue.", "f00"),),
)


def test_markers_stand_after_the_sentence_they_support() -> None:
    assert ANSWER.text == "It is blue. [1] [3] It may rain."
    assert Answer(id="a2", question="", searched_for="").text == ""


def test_the_json_has_the_names_of_the_contract_and_no_others() -> None:
    record = ANSWER.to_json()
    assert list(record) == [
        "id",
        "question",
        "answer",
        "searched_for",
        "sentences",
        "citations",
        "passages",
        "left_out",
        "refused",
        "missing",
        "suggestions",
        "score",
        "signals",
        "model",
        "notices",
        "timings",
        "tokens",
    ]
    assert list(record["sentences"][0]) == [
        "text",
        "markers",
        "support",
        "verdict",
        "reason",
        "conflicts",
    ]
    assert list(record["citations"][0]) == [
        "marker",
        "document",
        "title",
        "section",
        "page",
        "start",
        "end",
        "quote",
        "document_sha256",
        "columns",
    ]
    assert record["tokens"] == {"prompt": 0, "answer": 0}


def test_an_answer_comes_back_from_its_json_as_it_was() -> None:
    finished = replace(
        ANSWER,
        state="done",
        notices=("Slow.",),
        suggestions=("How?",),
        left_out=(LeftOut("a.md", "A", "B", 2, 4, 9, "f00", "no room"),),
        tokens={"prompt": 9},
    )
    assert Answer.from_json(json.loads(json.dumps(finished.to_json()))) == finished


def test_names_of_a_later_version_are_left_out() -> None:
    finished = replace(ANSWER, state="done")
    assert Answer.from_json({**finished.to_json(), "mood": "good"}) == finished
