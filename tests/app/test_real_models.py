"""The real command with the real embedding model, Chroma and the real 1.5B, on the corpus."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from ingest.errors import WeightsError
from ingest.index import open_catalogue
from ingest.known_weights import QWEN_1_5B
from ingest.weights import fetch

FOOTNOTE = Path(sys.executable).with_name("footnote")

# Each with words that a right answer must hold, whatever its wording.
QUESTIONS = {
    "struggle": ("What do diffusion models struggle with?", "text (?:in|inside) |spatial relation"),
    "rlhf": ("What does RLHF stand for?", "reinforcement learning from human feedback"),
    "subset": ("Are large language models a subset of generative AI?", "subset"),
    "far": ("Who won the football World Cup in 1998?", ""),
}


def footnote(home: Path, *arguments: str) -> str:
    inherited = {k: v for k, v in os.environ.items() if not k.startswith("FOOTNOTE_")}
    if cache := os.environ.get("FOOTNOTE_CACHE"):
        inherited["FOOTNOTE_CACHE"] = cache
    ran = subprocess.run(
        [FOOTNOTE, *arguments, "--home", str(home)],
        capture_output=True,
        check=False,
        cwd=home,
        env=inherited,
        timeout=560,
    )
    assert ran.returncode == 0, ran.stderr.decode()
    return ran.stdout.decode()


@pytest.fixture(scope="module")
def answers(corpus_home: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """All questions, asked in one run of the command."""
    try:
        fetch(QWEN_1_5B)
    except WeightsError as error:
        pytest.skip(str(error))
    file = tmp_path_factory.mktemp("batch") / "questions.jsonl"
    records = [{"id": id, "question": question} for id, (question, _) in QUESTIONS.items()]
    file.write_text("\n".join(map(json.dumps, records)), "utf-8")
    printed = footnote(corpus_home, "ask", "--batch", str(file), "--model", "embedded:1.5b")
    found = [json.loads(line) for line in printed.splitlines()]
    assert [answer["id"] for answer in found] == list(QUESTIONS)
    return {answer["id"]: answer for answer in found}


@pytest.mark.parametrize("id", [id for id in QUESTIONS if id != "far"])
def test_a_fact_of_the_corpus_is_in_the_answer_with_a_footnote(
    answers: dict[str, Any], id: str
) -> None:
    answer = answers[id]
    assert not answer["refused"], answer
    assert not answer["notices"]
    assert re.search(QUESTIONS[id][1], answer["answer"], re.IGNORECASE), answer["answer"]
    assert answer["citations"]
    assert answer["tokens"]["answer"] > 0
    assert answer["timings"]["first_token_ms"] <= answer["timings"]["total_ms"]


def test_every_quote_is_exact_and_every_marker_has_one(
    answers: dict[str, Any], corpus_home: Path
) -> None:
    catalogue = open_catalogue(corpus_home)
    for answer in answers.values():
        for citation in answer["citations"]:
            text = catalogue.text(citation["document"])
            assert text is not None
            assert text[citation["start"] : citation["end"]] == citation["quote"]
        known = {citation["marker"] for citation in answer["citations"]}
        written = {int(marker) for marker in re.findall(r"\[(\d+)\]", answer["answer"])}
        assert written == {m for s in answer["sentences"] for m in s["markers"]} == known


def test_the_command_prints_the_text_that_the_quotes_point_into(
    answers: dict[str, Any], corpus_home: Path
) -> None:
    citation = answers["struggle"]["citations"][0]
    text = footnote(corpus_home, "text", citation["document"])
    assert text == open_catalogue(corpus_home).text(citation["document"])
    assert text[citation["start"] : citation["end"]] == citation["quote"]


def test_every_sentence_has_a_verdict_and_none_is_only_a_claim_of_the_model(
    answers: dict[str, Any],
) -> None:
    for answer in answers.values():
        for sentence in answer["sentences"]:
            assert sentence["verdict"] in {"supported", "partly supported", "not supported"}
            assert 0 <= sentence["support"] <= 1
            assert not (sentence["markers"] and sentence["verdict"] == "not supported")


def test_what_the_corpus_is_not_about_is_refused(answers: dict[str, Any]) -> None:
    answer = answers["far"]
    assert answer["refused"]
    assert answer["citations"] == []
    assert answer["passages"]


def test_a_model_too_small_to_doubt_still_writes_below_the_quotes(
    corpus_home: Path, small_weights: Path
) -> None:
    asked = [QUESTIONS["rlhf"][0], "--json", "--model", "embedded:0.5b"]
    answer = json.loads(footnote(corpus_home, "ask", *asked))
    assert not answer["refused"]
    assert answer["citations"]
    assert answer["quotes"]
    assert answer["tokens"]["answer"] > 0
