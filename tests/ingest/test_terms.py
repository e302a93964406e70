"""Words, numbers and codes in one form, whoever wrote them and however."""

import pytest

from ingest.terms import read_terms, stem, terms


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("carriers", "Carrier's"),
        ("résumé", "resume"),
        ("Straße", "strasse"),
        ("e-mail", "email"),
        ("E07", "E-07"),
        ("E07", "e 07"),
        ("GPT-4", "gpt 4"),
        ("1,000", "1000"),
        ("retry_backoff_ms", "RETRY_BACKOFF_MS"),
        ("10 June 2025", "June 10th, 2025"),
        ("minutes-2025-06-10.md", "the minutes of 10 June 2025"),
        ("2025-06-10", "June"),
        ("2025-06-10", "June 2025"),
        ("什么是模型", "模型"),
    ],
)
def test_two_ways_of_writing_share_a_term_that_tells_both(one: str, other: str) -> None:
    shared = terms(one) & terms(other)
    assert max(shared, key=len, default="") in {
        "carrier", "resum", "strass", "email", "e07", "gpt4", "1000", "retribackoffms",
        "2025-06-10", "june", "2025-06", "模型",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("one", "other"), [("Veltro 3", "Veltro 5"), ("E07", "E70"), ("7.13", "71.3"), ("7-9", "79")]
)
def test_siblings_are_told_apart_by_a_term(one: str, other: str) -> None:
    assert terms(one) - terms(other)
    assert terms(other) - terms(one)


@pytest.mark.parametrize(
    "forms",
    [
        "summarise summarize summarisation summarizing",
        "organise organize organisation organization",
        "customisable customizable",
        "colour color colours",
        "metre meter",
        "precise precisely precision",
        "supervise supervised supervision",
        "analyse analyze",
    ],
)
def test_words_are_one_in_either_spelling_and_in_their_forms(forms: str) -> None:
    assert len({stem(form) for form in forms.split()}) == 1


def test_short_words_keep_their_spelling() -> None:
    assert stem("four") != stem("for")
    assert stem("prize") != stem("pris")


def test_a_number_is_known_by_the_word_right_before_it_and_by_no_other() -> None:
    assert {"veltro5", "veltro", "5"} <= terms("the Veltro 5 costs")
    assert "cost5" not in terms("It costs: 5")


def test_terms_know_their_places_and_the_whole_of_a_code_comes_besides_its_parts() -> None:
    text = "Fault E-07, clause 7.13."
    told = [(term.text, text[term.start : term.end], term.whole) for term in read_terms(text)]
    assert told == [
        ("fault", "Fault", False),
        ("e", "E", False),
        ("07", "07", False),
        ("e07", "E-07", True),
        ("claus", "clause", False),
        ("7.13", "7.13", False),
        ("claus7.13", "clause 7.13", True),
    ]


@pytest.mark.parametrize("odd", ["", " ", "---", "\x00", "😀", "'", "a" * 5_000, "1" * 5_000])
def test_no_text_is_too_odd(odd: str) -> None:
    for term in read_terms(odd):
        assert term.text
        assert " " not in term.text
