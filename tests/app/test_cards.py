"""The model card and the data sheet: what is known, and what is not."""

import json
from pathlib import Path
from typing import Any

import pytest

from app.cards import Card, data_sheet, model_card, to_markdown
from app.models.choosing import ModelChoice, choose
from app.settings import Settings
from ingest.index import Index
from tests.app.small_world import DOCUMENTS, indexed
from tests.servers import OllamaSpeaker, OllamaTag

DOCUMENT = "# Moss\n\nBy: Ann Fern\n\nLicence: CC BY 4.0\n\nMoss grows slowly.\n"


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Index:
    return indexed(tmp_path_factory.mktemp("cards"), {**DOCUMENTS, "moss <b>|.md": DOCUMENT})


def facts(card: Card, title: str) -> dict[str, str]:
    return dict(next(each for each in card.sections if each.title == title).facts)


def words(card: Card, title: str) -> str:
    return " ".join(next(each for each in card.sections if each.title == title).words)


def test_a_model_s_card_says_what_its_server_says_of_it(tmp_path: Path) -> None:
    with OllamaSpeaker([OllamaTag("qwen2.5:3b")]) as server:
        settings = Settings(home=tmp_path, ollama_url=server.url)
        card = model_card(choose(settings), settings)
    known = facts(card, "The model")
    assert known["Parameters"] == "3.1B"
    assert known["Quantisation"] == "Q4_K_M"
    assert known["Licence"] == "Apache License, Version 2.0"
    assert known["SHA-256"].startswith("357c53fb")
    assert known["Made to read"] == "32,768 tokens"
    assert "3.1 billion parameters" in words(card, "What it is used for")
    assert "Not yet on this machine" in words(card, "Measured")


def test_what_nobody_tells_is_said_to_be_so(tmp_path: Path) -> None:
    card = model_card(ModelChoice("openai", "phi", "", 4096), Settings(home=tmp_path))
    known = facts(card, "The model")
    assert {known[what] for what in ("Licence", "SHA-256", "Parameters")} == {"not told"}


def test_a_model_s_card_has_what_the_bench_measured_of_it(tmp_path: Path) -> None:
    row: dict[str, Any] = {"model": "openai:phi", "questions": 9, "right": 0.754, "withheld": None}
    record = {"set": "corpus", "at": "2026-11-30T05:00:00+00:00", "models": [row]}
    (tmp_path / "bench").mkdir()
    (tmp_path / "bench" / "models.json").write_text(json.dumps(record))
    card = model_card(ModelChoice("openai", "phi", "", 4096), Settings(home=tmp_path))
    measured = facts(card, "Measured")
    assert measured["Right, of the key facts of questions with an answer"] == "0.75"
    assert measured["Withheld, of the sentences that it wrote"] == "not measured"
    assert "corpus, 9 questions, 2026-11-30" in words(card, "Measured")


def test_the_data_sheet_counts_what_the_catalogue_has_and_names_the_gaps(index: Index) -> None:
    card = data_sheet(index.catalogue)
    assert facts(card, "What is in it")["Documents"] == "4"
    assert facts(card, "Languages")["English"] == "4 documents"
    assert "4 documents of 4 without a date." in words(card, "Gaps")
    assert "3 documents of 4 without an author." in words(card, "Gaps")
    table = next(each for each in card.sections if each.title == "The documents").table
    assert [line[0] for line in table[1:]] == ["bread.md", "moss <b>|.md", "sea.md", "sky.md"]


def test_a_card_as_markdown_has_each_row_whole_and_nothing_active(index: Index) -> None:
    written = to_markdown(data_sheet(index.catalogue))
    [line] = [line for line in written.splitlines() if line.startswith("| moss")]
    assert "<b>" not in line.replace("\\<b\\>", "")
    assert line.replace("\\|", "").count("|") == 9
