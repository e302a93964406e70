import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.sentences import sentence_spans, trimmed


def sentences(text: str) -> list[str]:
    return [text[start:end] for start, end in sentence_spans(text)]


@pytest.mark.parametrize(
    "expected",
    [
        ["Cats purr.", "Do dogs?", "They bark!", "Yes."],
        ["It fell by 3.5 percent.", "It rose again."],
        ["Models (e.g. GPT-4, i.e. large ones) cost more.", "See Fig. 3 and Sec. 2.1."],
        ["Vaswani et al. wrote it.", "It was new."],
        ["Dr. Smith and the U.S. agreed.", "So did others."],
        ["Version 2.0 came.", "Llama 3.1 followed."],
        ["It is at most 5 m wide, max. 6 m, see vol. 3.", "Ms. Lee measured it."],
        ["It ends at rest.", "It is more in the west.", "The answer is no.", "So is this."],
        ["He said “No. I will not.” and left (at once. Or so).", "He came back."],
        ["“Is it safe?” she asked.", '"Yes!" he said.'],
    ],
    ids=lambda expected: expected[0],
)
def test_sentences_end_where_a_reader_ends_them(expected: list[str]) -> None:
    assert sentences("  " + " \n".join(expected) + "\n") == expected


def test_blank_lines_items_rows_and_headings_always_divide() -> None:
    text = "one\n\ntwo\n- three\n2. four\n| five |\nsix\n# seven\n> eight\n* nine"
    assert sentences(text) == [
        "one",
        "two",
        "- three",
        "2. four",
        "| five |",
        "six",
        "# seven",
        "> eight",
        "* nine",
    ]


def test_a_line_break_alone_does_not_divide() -> None:
    assert sentences("The cat\nsat there.") == ["The cat\nsat there."]


def test_nothing_has_no_sentences() -> None:
    assert sentence_spans("") == sentence_spans(" \n\n\t") == []


def test_a_paragraph_longer_than_one_piece_is_cut_between_sentences_only() -> None:
    expected = [f"This is sentence {number} of many." for number in range(1_000)]
    assert sentences(" ".join(expected)) == expected


@pytest.mark.parametrize(
    "text", ["x" * 1_000_000, "cat " * 50_000, "." * 20_000, "a. " * 20_000, "« a. " * 20_000]
)
def test_a_line_without_end_is_taken_in_pieces_and_kept_whole(text: str) -> None:
    assert "".join("".join(sentences(text)).split()) == "".join(text.split())


@settings(max_examples=200, deadline=None, derandomize=True)
@given(st.text(st.sampled_from("aB .?!\n\t|#-*1)>e.g”\u00a0\u2028é"), max_size=60))
def test_sentences_are_in_order_trimmed_and_leave_only_white_space_out(text: str) -> None:
    spans = sentence_spans(text)
    at = 0
    for start, end in spans:
        assert at <= start < end
        assert not text[at:start].strip()
        assert text[start:end] == text[start:end].strip()
        at = end
    assert not text[at:].strip()


def test_trimmed_leaves_white_space_out_at_both_ends() -> None:
    assert trimmed(" a b \n", 0, 6) == (1, 4)
    start, end = trimmed("   ", 0, 3)
    assert start == end


def test_a_table_row_is_not_divided_by_the_question_in_a_cell() -> None:
    text = "| Retrieval | Is it among the first k? | Recall, MRR |"
    text += "\n| Speed | How fast is it? Is it enough? | Seconds |\n"
    assert [text[a:b] for a, b in sentence_spans(text)] == text.splitlines()
    assert len(sentence_spans("|x| is small here. So is |y| there.")) == 2
