from math import log2

import pytest

from eval.measures.ranking import ranking, relevant_items
from eval.spans import Span, Target


def target(start: int, end: int, document: str = "a.md") -> Target:
    return Target((Span(document, start, end),))


def miss() -> Span:
    return Span("elsewhere.md", 0, 10)


def test_one_gold_quote_at_rank_two() -> None:
    figures = ranking([miss(), Span("a.md", 0, 50)], [target(10, 20)])
    assert figures["hit@1"] == 0
    assert figures["hit@3"] == 1
    assert figures["recall@5"] == 1
    assert figures["MRR@10"] == pytest.approx(1 / 2)
    assert figures["nDCG@10"] == pytest.approx((1 / log2(3)) / 1)


def test_two_gold_quotes_of_which_one_is_found_third() -> None:
    figures = ranking([miss(), miss(), Span("a.md", 0, 50)], [target(10, 20), target(90, 99)])
    assert figures["hit@1"] == 0
    assert figures["hit@3"] == 1
    assert figures["recall@10"] == pytest.approx(1 / 2)
    assert figures["MRR@10"] == pytest.approx(1 / 3)
    assert figures["nDCG@10"] == pytest.approx((1 / log2(4)) / (1 + 1 / log2(3)))


def test_a_second_passage_with_the_same_quote_earns_nothing() -> None:
    twice = ranking([Span("a.md", 0, 50), Span("a.md", 5, 60)], [target(10, 20), target(90, 99)])
    assert twice["recall@10"] == pytest.approx(1 / 2)


def test_two_quotes_shown_by_one_passage_make_a_perfect_list() -> None:
    figures = ranking([Span("a.md", 0, 100)], [target(10, 20), target(30, 40)])
    assert set(figures.values()) == {1.0}


def test_nothing_found_is_zero_everywhere() -> None:
    assert set(ranking([], [target(0, 1)]).values()) == {0.0}


def test_a_rank_beyond_ten_is_not_a_hit() -> None:
    figures = ranking([*[miss()] * 10, Span("a.md", 0, 50)], [target(10, 20)])
    assert figures["hit@10"] == figures["MRR@10"] == figures["nDCG@10"] == 0


def test_a_question_without_gold_is_left_out() -> None:
    assert ranking([miss()], []) == {}


def test_any_place_of_a_repeated_quote_will_do() -> None:
    repeated = Target((Span("a.md", 0, 10), Span("b.md", 0, 10)))
    assert relevant_items([Span("b.md", 0, 30)], [repeated]) == (["found 0"], ["found 0"])
