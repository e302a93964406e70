"""Long forms that the documents give for their short ones, and nothing that only looks so."""

import pytest

from ingest.abbreviations import Abbreviation, abbreviations


@pytest.mark.parametrize(
    ("text", "short", "long"),
    [
        ("The recovery time objective (RTO) is short.", "RTO", "recovery time objective"),
        ("It uses large language models (LLMs).", "LLM", "large language models"),
        ("In the EU (European Union) it holds.", "EU", "European Union"),
        ("HR: human resources", "HR", "human resources"),
        ("- **SLA** – service level agreement, yearly", "SLA", "service level agreement"),
        ("| A | B |\n|---|---|\n| MTTR | mean time to repair |", "MTTR", "mean time to repair"),
        ("We use retrieval-augmented generation (RAG).", "RAG", "retrieval-augmented generation"),
        ("In 2023 the New York Times sued.", "nyt", "New York Times"),
        ("He left the Bank of New Zealand.", "bnz", "Bank of New Zealand"),
    ],
)  # fmt: skip
def test_a_definition_is_found_however_it_is_written(text: str, short: str, long: str) -> None:
    assert abbreviations(text) == {Abbreviation(short, long)}


@pytest.mark.parametrize(
    "text",
    [
        "See the annex (IV) and the figure (B).",
        "NOTE: keep the original.",
        "It was sold (UK only).",
        "| RTO | 24 hours |",
        "The 3D 3D-printing shop",
        "(" * 200 + "RTO" + ")" * 200,
    ],
)
def test_what_opens_no_abbreviation_is_none(text: str) -> None:
    assert abbreviations(text) == frozenset()


def test_the_first_word_of_a_name_may_only_begin_the_sentence() -> None:
    assert Abbreviation("bea", "Bank of East Asia") in abbreviations("At the Bank of East Asia.")


def test_two_long_forms_of_one_abbreviation_are_both_known() -> None:
    text = "The recovery time objective (RTO).\n\nThe return to office (RTO) rules."
    assert len(abbreviations(text)) == 2
