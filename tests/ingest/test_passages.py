import re
from itertools import count
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.embedding import Embedder
from ingest.loaders import SUFFIXES, LoadedDocument, load
from ingest.passages import (
    JOIN_UP_TO,
    Passage,
    passage_header,
    passage_text,
    span_text,
    split_passages,
)
from ingest.places import page_at, time_at
from tests import fakes
from tests.fakes import FakeEmbedder
from tests.ingest.splitting import assert_fits, assert_offsets_hold, words_left_out

SEEDS = Path(__file__).parents[2].parent / "shared" / "seeds"
LIMIT = 40


def split(text: str, kind: str = "markdown", title: str = "T", limit: int = LIMIT) -> list[Passage]:
    return split_passages(text, title, kind, (), FakeEmbedder().count_tokens, limit)


def quotes(text: str, passages: list[Passage]) -> list[str]:
    return [text[start:end] for passage in passages for start, end in passage.spans]


# Generated Markdown, in which every word is written once, as w0, w1, …


def phrase(least: int, most: int) -> st.SearchStrategy[str]:
    return st.integers(least, most).map(lambda words: " ".join(["W"] * words))


ENDS = st.sampled_from([".", "?", "!", "", ":", ".”", "…"])
SENTENCE = st.tuples(phrase(1, 30), ENDS).map("".join)
PROSE = st.lists(SENTENCE, min_size=1, max_size=4).map(" ".join)
LEAD_IN = st.tuples(phrase(1, 3), PROSE).map(lambda parts: f"**{parts[0]}.** {parts[1]}")
LINE = (
    PROSE | LEAD_IN | phrase(1, 3).map(lambda words: f"*{words}* `{words}` [{words}](http://x.y)")
)
ROW = st.lists(phrase(1, 6), min_size=3, max_size=3).map(lambda cells: f"| {' | '.join(cells)} |")

WIDE_ROW = st.lists(phrase(10, 40), min_size=3, max_size=3).map(
    lambda cells: f"| {' | '.join(cells)} |"
)


def table(rows: list[str]) -> str:
    return "\n".join(["| H | H | H |", "|---|:-:|--:|", *rows])


def indented(block: str, first: str, rest: str) -> str:
    return "\n".join((first if n == 0 else rest) + line for n, line in enumerate(block.split("\n")))


LEAF = st.one_of(
    LINE,
    PROSE.map(lambda words: words.replace(" ", "\n", 2)),
    st.lists(ROW, min_size=0, max_size=12).map(table),
    st.lists(WIDE_ROW, min_size=1, max_size=3).map(table),
    PROSE.map(lambda code: f"```\n{code}\n\n{code}\n```"),
    PROSE.map(lambda words: f"<!-- H -->\n<div>{words}</div>"),
)
BLOCK = st.recursive(
    LEAF,
    lambda inner: st.one_of(
        st.lists(inner, min_size=1, max_size=4).map(
            lambda items: "\n".join(indented(item, "- ", "  ") for item in items)
        ),
        inner.map(lambda item: indented(item, "12. ", "    ")),
        inner.map(lambda item: indented(item, "> ", "> ")),
    ),
    max_leaves=6,
)
HEADING = st.tuples(st.integers(1, 4), phrase(0, 4)).map(lambda h: f"{'#' * h[0]} {h[1]}")
SETEXT = phrase(1, 4).map(lambda words: f"{words}\n=====")
REFERENCES = st.integers(1, 60).map(lambda n: "\n".join(f"[r{i}]: http://x.y/H" for i in range(n)))
DOCUMENT = st.lists(BLOCK | HEADING | SETEXT | REFERENCES | st.just("---"), max_size=8)


def numbered(blocks: list[str]) -> str:
    numbers = count()
    return re.sub(r"\bW\b", lambda _: f"w{next(numbers)}", "\n\n".join(blocks))


@settings(max_examples=150, deadline=None, derandomize=True)
@given(DOCUMENT.map(numbered))
def test_whatever_the_markdown_offsets_hold_and_no_word_is_lost(text: str) -> None:
    passages = split(text)
    assert_offsets_hold(text, passages)
    found = " ".join(
        [
            *quotes(text, passages),
            *(passage.section for passage in passages),
            *(passage_text(text, passage) for passage in passages),
        ]
    )
    lost = set(re.findall(r"w\d+", text)) - set(re.findall(r"w\d+", found))
    assert not lost - set(re.findall(r"w\d+", "\n".join(_above_others(text)))), lost


def _above_others(text: str) -> list[str]:
    """Headings with nothing but another heading below them, whose words may go unsaid."""
    lines = [line for line in text.split("\n") if line.strip()]
    return [
        line
        for line, below in zip(lines, [*lines[1:], ""], strict=False)
        if line.startswith("#") or set(below) == {"="}
    ]


@settings(max_examples=150, deadline=None, derandomize=True)
@given(DOCUMENT.map(numbered))
def test_whatever_the_markdown_a_passage_with_its_header_fits(text: str) -> None:
    assert_fits(text, "T", split(text), FakeEmbedder().count_tokens, LIMIT)


# Real documents


def loaded_from(folder: Path) -> list[tuple[str, LoadedDocument]]:
    files = sorted(path for path in folder.rglob("*") if path.suffix in SUFFIXES)
    return [(path.name, load(path.read_bytes(), path.name)) for path in files]


def assert_split_well(document: LoadedDocument, embedder: Embedder) -> list[Passage]:
    limit = embedder.max_tokens - 2
    text, title = document.text, document.title
    passages = split_passages(
        text, title, document.type, document.pages, embedder.count_tokens, limit
    )
    assert_offsets_hold(text, passages)
    assert_fits(text, title, passages, embedder.count_tokens, limit)
    return passages


def test_every_document_of_the_corpus_is_split_whole_within_the_models_limit(
    corpus: Path, embedder: Embedder
) -> None:
    documents = loaded_from(corpus)
    assert len(documents) >= 22
    for name, document in documents:
        passages = assert_split_well(document, embedder)
        left_out = words_left_out(document.text, passages) if document.type != "pdf" else []
        assert (name, left_out) == (name, [])
        paged = {passage.page for passage in passages}
        assert paged == ({None} if not document.pages else set(range(1, len(document.pages) + 1)))


def test_the_texts_the_corpus_was_written_from_are_split_whole(embedder: Embedder) -> None:
    if not SEEDS.is_dir():
        pytest.skip(f"{SEEDS} is not there")
    for name, document in loaded_from(SEEDS):
        passages = assert_split_well(document, embedder)
        left_out = words_left_out(document.text, passages) if document.type != "pdf" else []
        assert (name, left_out) == (name, [])


def test_squads_articles_are_split_whole_into_passages_no_longer_than_its_paragraphs(
    squad: Path, embedder: Embedder
) -> None:
    for path in sorted((squad / "documents").iterdir())[::12]:
        document = load(path.read_bytes(), path.name)
        passages = assert_split_well(document, embedder)
        assert words_left_out(document.text, passages) == []
        sizes = embedder.count_tokens([passage_text(document.text, one) for one in passages])
        assert sum(sizes) / len(sizes) <= JOIN_UP_TO


# Examples


def test_a_passages_section_is_the_path_of_headings_without_the_documents_title() -> None:
    text = "# T\n\nOne.\n\n## A\n\nTwo.\n\n### B *b*\n\nThree.\n\n## C\n\nFour.\n"
    assert [one.section for one in split(text)] == ["", "A", "A › B b", "C"]
    assert quotes(text, split(text)) == ["One.", "Two.", "Three.", "Four."]
    assert passage_header("T", "A › B") == "T › A › B"
    assert passage_header("T", "") == "T"


def test_a_heading_with_nothing_below_it_can_be_quoted() -> None:
    text = "# T\n\n## Alone\n\n## Another\n\nWords.\n\nLast\n----\n"
    assert quotes(text, split(text)) == ["Alone", "Words.", "Last"]


def test_a_section_of_marks_alone_has_nothing_to_quote_and_stops_no_document() -> None:
    text = "# T\n\n## Marks\n\n" + "> " * 200 + "\n\n## Words\n\nThe cat purrs.\n"
    assert "The cat purrs." in quotes(text, split(text))


def test_a_heading_over_two_lines_is_read_whole() -> None:
    text = "One\ntwo\n===\n\nWords.\n"
    assert [one.section for one in split(text)] == ["One two"]


def test_neighbours_are_joined_while_they_fit_and_never_across_a_heading() -> None:
    fifteen = " ".join(["cat"] * 15)
    text = f"{fifteen}\n\n{fifteen}\n\n{fifteen}\n\n# H\n\n{fifteen}\n"
    assert [len(one.spans) for one in split(text)] == [2, 1, 1]


def test_each_group_of_rows_keeps_its_tables_header() -> None:
    rows = [f"| n{n} | {n} {n} {n} |" for n in range(12)]
    text = "\n".join(["| name | value |", "|---|---|", *rows]) + "\n\nAfter."
    first, *others, last = split(text)
    assert quotes(text, [last]) == ["After."]
    assert first.table_header is None
    assert text[first.start :].startswith("| name | value |")
    assert others
    for one in [first, *others]:
        assert passage_text(text, one).startswith("| name | value |\n|---|---|\n| n")
        assert text[one.start : one.end] in passage_text(text, one)
    assert quotes(text, [first, *others]) == rows


def test_a_table_is_joined_with_its_caption_and_its_rows_still_know_their_columns() -> None:
    text = "Prices in euros.\n\n| name | price |\n|---|---|\n| pen | 2 |\n\nAfter."
    table, after = split(text)
    assert quotes(text, [table, after]) == ["Prices in euros.", "| pen | 2 |", "After."]
    assert span_text(text, table, table.spans[1]) == "name: pen; price: 2"


def test_a_row_is_embedded_with_the_names_of_its_columns() -> None:
    text = "| name | | price |\n|---|---|---|\n| *pen* | blue | 2 \\| 3 |\n"
    [passage] = split(text)
    assert span_text(text, passage, passage.spans[0]) == "name: pen; blue; price: 2 | 3"
    assert span_text("Words.", fakes.passage(0, 6, "", ((0, 6),)), (0, 6)) == "Words."


def test_a_page_is_the_last_that_begins_at_or_before_the_offset() -> None:
    assert [page_at((0, 10, 20), at) for at in (0, 9, 10, 25)] == [1, 1, 2, 3]
    assert page_at((), 5) is None


def test_a_time_is_the_last_that_begins_at_or_before_the_offset() -> None:
    times = ((0, 0), (10, 751), (20, 3751))
    assert [time_at(times, at) for at in (0, 9, 10, 25)] == ["0:00", "0:00", "12:31", "1:02:31"]
    assert time_at((), 5) == ""


def test_plain_text_headings_name_the_section_and_stay_in_the_passage() -> None:
    text = "Care of Cats\n\nCats sleep a lot. They purr.\n\nFood\n\nCats eat fish.\n"
    passages = split(text, "text")
    assert [one.section for one in passages] == ["Care of Cats", "Food"]
    assert quotes(text, passages) == [
        "Care of Cats",
        "Cats sleep a lot.",
        "They purr.",
        "Food",
        "Cats eat fish.",
    ]


# What nobody wrote by hand


@pytest.mark.parametrize("kind", ["markdown", "text"])
@pytest.mark.parametrize(
    "text",
    [
        "x" * 1_000_000,
        "The cat sat on the mat. " * 8_000,
        "cat " * 20_000,
        "word\n" * 10_000,
        "| a | b |\n|---|---|\n" + "| cat | dog |\n" * 1_000,
        "| a | b |\n|---|---|\n| " + "cat " * 20_000 + "| dog |",
        "```\n" + "code line\n" * 5_000 + "```",
        "\U0001f600" * 20_000 + "é" * 20_000 + "\u202e" * 50,
    ],
    ids=["word", "line", "no stops", "lines", "rows", "wide row", "code", "not letters"],
)
def test_endless_words_lines_and_tables_are_split_whole(
    text: str, kind: str, embedder: Embedder
) -> None:
    limit = embedder.max_tokens - 2
    passages = split_passages(text, "T", kind, (), embedder.count_tokens, limit)
    assert_offsets_hold(text, passages)
    assert_fits(text, "T", passages, embedder.count_tokens, limit)
    kept = sum(len("".join(quote.split())) for quote in quotes(text, passages))
    assert kept >= 0.99 * len(re.sub(r"```|\s", "", text)) - 40


@pytest.mark.parametrize("depth", [5, 25, 70, 500])
@pytest.mark.parametrize("marker", ["> ", "- ", "1. "])
def test_deep_nesting_loses_nothing(marker: str, depth: int) -> None:
    lines = [marker * level + f"w{level}" for level in (1, depth // 2, depth)]
    text = "\n\n".join([*lines, "after"])
    passages = split(text, limit=2_000)
    assert_offsets_hold(text, passages)
    found = re.findall(r"w\d+|after", " ".join(quotes(text, passages)))
    assert found == re.findall(r"w\d+|after", text)
