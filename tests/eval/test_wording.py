import pytest

from eval.measures.wording import (
    exact_match,
    facts_held,
    holds_fact,
    holds_gold,
    length,
    rouge_l,
    squad_normal,
    token_f1,
)


def test_squad_normalisation_drops_case_punctuation_and_articles() -> None:
    assert squad_normal("The  Normans, an U.S. people!") == "normans us people"


def test_exact_match_needs_the_whole_answer() -> None:
    assert exact_match("The France.", ["france"]) == 1
    assert exact_match("In France", ["france"]) == 0


def test_token_f1_is_the_best_over_the_accepted_answers() -> None:
    # {in, 10th, century} against {10th, century}: 2 shared, precision 2/3, recall 2/2.
    assert token_f1("in the 10th century", ["10th century", "1066"]) == pytest.approx(4 / 5)
    assert token_f1("", ["1066"]) == 0


def test_the_gold_string_counts_only_as_whole_words() -> None:
    assert holds_gold("They settled in Normandy, France.", ["France"]) == 1
    assert holds_gold("They spoke Frankish; 1066 came.", ["Frank", "66"]) == 0


def test_how_the_gold_string_is_set_does_not_matter() -> None:
    assert holds_gold("It is held on Midsummer's Night.", ["Midsummer’s Night"]) == 1
    assert holds_gold("It covers 10,000 m² from 1754–1763.", ["10,000 m2"]) == 1
    assert holds_gold("It lasted 1754-1763.", ["1754–1763"]) == 1


def test_measures_that_need_gold_are_none_without_it() -> None:
    assert exact_match("a", []) is None
    assert token_f1("a", []) is None
    assert holds_gold("a", []) is None
    assert facts_held("a", []) is None
    assert rouge_l("a", []) is None


def test_a_fact_is_held_in_any_of_its_variants() -> None:
    facts = [["GPT-4", "GPT 4"], ["4.6 million"], ["8,192", "8k"]]
    assert facts_held("gpt‑4 reads 8192 tokens", facts) == pytest.approx(2 / 3)


@pytest.mark.parametrize(
    ("answer", "variant", "held"),
    [
        ("It costs 4.6 million.", "46", False),
        ("It costs 4.6 million.", "4", False),
        ("It costs 4.6 million.", "6 million", False),
        ("It is 4.", "4", True),
        ("It is a *subset* of AI", "subset of AI", True),
        ("subsets", "subset", False),
        ("12,345 words", "12345", True),
        ("in 2019, 345 of them", "2019345", False),
    ],
)
def test_a_fact_is_whole_words_and_whole_numbers(answer: str, variant: str, held: bool) -> None:
    assert holds_fact(answer, [variant]) is held


def test_rouge_l_is_the_longest_common_subsequence() -> None:
    # Lin 2004: "police killed the gunman" / "police kill the gunman", stems alike: 4 of 4.
    assert rouge_l("police kill the gunman", ["police killed the gunman"]) == pytest.approx(1)
    # "the gunman" of 4 words in "the gunman police killed" (4): LCS 2, F1 = 2·2/(4+4).
    assert rouge_l("the gunman kill police", ["police kill the gunman"]) == pytest.approx(1 / 2)


def test_length_counts_words() -> None:
    assert length("Two words") == 2
