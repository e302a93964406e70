"""The record of an answer, in words and as JSON."""

import json
from dataclasses import replace

from app.answer import REFUSAL, UNCERTAIN, Answer, Citation, LeftOut, Sentence, shown_words

ANSWER = Answer(
    id="a1",
    question="Why?",
    searched_for="Why blue?",
    quotes=(1,),
    prose=(Sentence("It is blue.", (1,), 1.0, "supported"),),
    withheld=(Sentence("It may rain.", (), 0.1, "not supported", "“rain” is not there"),),
    citations=(Citation("a.md", "A", "B", None, 4, 9, "f00", marker=1, quote="- **blue**."),),
)


def test_the_quotes_come_first_each_with_its_place_and_what_is_withheld_is_not_said() -> None:
    assert ANSWER.text == "blue. [1] (A › B)\nIt is blue. [1]"
    assert replace(ANSWER, prose_first=True).text == "It is blue. [1]\nblue. [1] (A › B)"
    assert Answer(id="a2", question="", searched_for="").text == ""


def test_an_uncertain_answer_says_so_before_its_quotes_and_a_refusal_has_none() -> None:
    assert replace(ANSWER, outcome="uncertain").text.startswith(f"{UNCERTAIN}\nblue.")
    assert replace(ANSWER, outcome="refused").text == REFUSAL


def test_a_row_is_shown_with_its_columns() -> None:
    row = replace(ANSWER.citations[0], quote="| Tea | 3 |", columns=("Drink", "Euros"), kind="row")
    assert shown_words(row) == "Tea · Euros: 3"


def test_a_record_from_before_there_were_quotes_is_read() -> None:
    said = {"text": "It is blue.", "markers": [], "support": 1.0, "verdict": "supported"}
    old = {"id": "a", "question": "?", "searched_for": "?", "sentences": [said], "refused": False}
    assert Answer.from_json(old).text == "It is blue."


def test_the_json_has_the_names_of_the_contract_and_no_others() -> None:
    record = ANSWER.to_json()
    assert list(record) == [
        "version",
        "id",
        "question",
        "answer",
        "outcome",
        "refused",
        "sentences",
        "searched_for",
        "quotes",
        "told",
        "prose",
        "withheld",
        "citations",
        "passages",
        "left_out",
        "missing",
        "suggestions",
        "score",
        "signals",
        "model",
        "prose_first",
        "thought",
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
        "doubted",
    ]
    assert list(record["citations"][0]) == [
        "document",
        "title",
        "section",
        "page",
        "start",
        "end",
        "document_sha256",
        "time",
        "marker",
        "quote",
        "columns",
        "kind",
        "context",
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
