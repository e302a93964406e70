import pytest
from fake_system import WordJudge

from app.answer import Answer, Citation, Sentence
from eval.measures.citing import (
    citation_precision,
    citation_recall,
    gold_cited,
    gold_quoted,
    quote_exactness,
)
from eval.spans import Span, Target

JUDGE = WordJudge()


def citation(marker: int, quote: str, start: int = 0, document: str = "a.md") -> Citation:
    return Citation(document, "A", "", None, start, start + len(quote), "", marker, quote)


def answer(sentences: list[tuple[str, tuple[int, ...]]], *citations: Citation) -> Answer:
    return Answer(
        "1",
        "?",
        "?",
        prose=tuple(Sentence(text, markers, 1.0, "supported") for text, markers in sentences),
        citations=citations,
    )


def test_a_sentence_without_a_quote_lowers_recall_and_leaves_precision_alone() -> None:
    given = answer([("sky blue", (1,)), ("sea salty", ())], citation(1, "the sky is blue"))
    assert citation_recall(given, JUDGE) == 0.5
    assert citation_precision(given, JUDGE) == 1.0


def test_a_sentence_that_claims_nothing_needs_no_quote() -> None:
    given = answer([("Here they are:", ()), ("sky blue", (1,))], citation(1, "the sky is blue"))
    assert citation_recall(given, JUDGE) == 1.0


def test_two_quotes_that_support_only_together_both_count() -> None:
    given = answer([("sky blue sea", (1, 2))], citation(1, "sky blue"), citation(2, "sea"))
    assert citation_recall(given, JUDGE) == 1.0
    assert citation_precision(given, JUDGE) == 1.0


def test_an_idle_quote_lowers_precision_only() -> None:
    given = answer([("sky blue", (1, 2))], citation(1, "sky blue"), citation(2, "sea"))
    assert citation_recall(given, JUDGE) == 1.0
    assert citation_precision(given, JUDGE) == 0.5


def test_a_quote_that_does_not_support_counts_against_both() -> None:
    given = answer([("sky blue", (1,))], citation(1, "sky green"))
    assert citation_recall(given, JUDGE) == 0.0
    assert citation_precision(given, JUDGE) == 0.0


def test_without_sentences_or_citations_there_is_nothing_to_measure() -> None:
    assert citation_recall(answer([]), JUDGE) is None
    assert citation_precision(answer([("sky", ())]), JUDGE) is None
    assert quote_exactness((), {}.get) is None


def test_a_quote_is_exact_only_where_it_says_it_is() -> None:
    texts = {"a.md": "sky blue"}
    quotes = [citation(1, "sky"), citation(2, "sky", 4), citation(3, "sky", document="b.md")]
    assert quote_exactness(quotes, texts.get) == pytest.approx(1 / 3)


def test_the_gold_place_is_cited_when_a_quote_overlaps_it() -> None:
    targets = [Target((Span("a.md", 0, 4),)), Target((Span("a.md", 50, 60),))]
    assert gold_cited([citation(1, "sky blue")], targets) == 0.5
    assert gold_cited([], targets) == 0.0
    assert gold_cited([citation(1, "sky")], []) is None


def test_the_gold_string_must_stand_in_a_single_quote() -> None:
    assert gold_quoted([citation(1, "in the 10th"), citation(2, "century")], ["10th century"]) == 0
    assert gold_quoted([citation(1, "in the 10th century")], ["10th century"]) == 1
    assert gold_quoted([], []) is None
