from eval.questions import Gold
from eval.spans import Span, Target, find_all, locate, overlaps


def test_half_of_the_shorter_is_an_overlap_and_less_is_not() -> None:
    gold = Span("a.md", 100, 120)
    assert overlaps(Span("a.md", 110, 400), gold)
    assert not overlaps(Span("a.md", 111, 400), gold)
    assert overlaps(Span("a.md", 105, 109), gold)
    assert not overlaps(Span("b.md", 100, 120), gold)
    assert not overlaps(Span("a.md", 120, 130), gold)


def test_words_are_found_whatever_stands_between_them() -> None:
    text = "It has **8,192\n  tokens** of | context."
    assert [text[a:b] for a, b in find_all("8,192 tokens of context", text)] == [
        "8,192\n  tokens** of | context"
    ]


def test_a_quote_that_stands_twice_is_found_twice() -> None:
    assert find_all("b c", "b c. b c.") == [(0, 3), (5, 8)]


def test_parts_of_words_are_not_the_words() -> None:
    assert find_all("a set!", "a setting") == []
    assert find_all("…", "no such mark") == []


def test_gold_that_the_text_does_not_hold_is_returned_as_lost() -> None:
    texts = {"a.md": "one two three"}
    gold = [Gold(document="a.md", quote="two"), Gold(document="b.md", quote="two")]
    targets, lost = locate(gold, texts.get)
    assert targets == [Target((Span("a.md", 4, 7),))]
    assert lost == [gold[1]]
