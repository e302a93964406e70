"""Passages spread over a document. A word is a token here."""

from pathlib import Path

import pytest

from app.quoting.citing import Footnotes
from app.quoting.summary import opening_passages, opening_quotes
from ingest.index import Index
from tests.app.small_world import indexed

# Five words a sentence.
BOOK = """# Birds

Most birds have warm feathers. They lay eggs in nests.

## Food

Small birds eat dry seeds. Most owls eat small mice. All gulls eat raw fish.

### Water

All birds must drink water.

## Nests

Nests hold eggs and birds. Birds make nests of twigs.
"""
FIRSTS = [
    "Most birds have warm feathers.", "Small birds eat dry seeds.",
    "All birds must drink water.", "Nests hold eggs and birds.",
]  # fmt: skip


@pytest.fixture
def index(tmp_path: Path) -> Index:
    return indexed(tmp_path, {"birds.md": BOOK})


def texts(index: Index, budget: int) -> list[str]:
    return [hit.passage.text for hit in opening_passages("birds.md", index, budget)]


def test_a_short_document_is_given_whole(index: Index) -> None:
    assert texts(index, 100) == [
        "Most birds have warm feathers. They lay eggs in nests.",
        "Small birds eat dry seeds. Most owls eat small mice. All gulls eat raw fish.",
        "All birds must drink water.",
        "Nests hold eggs and birds. Birds make nests of twigs.",
    ]


def test_each_section_has_its_first_sentence_before_one_has_its_second(index: Index) -> None:
    assert texts(index, 20) == FIRSTS
    assert texts(index, 25)[0] == "Most birds have warm feathers. They lay eggs in nests."
    assert texts(index, 25)[1:] == FIRSTS[1:]


def test_where_there_is_little_room_sections_are_left_out_evenly(index: Index) -> None:
    assert texts(index, 15) == [FIRSTS[0], FIRSTS[2], FIRSTS[3]]
    assert texts(index, 10) == [FIRSTS[0], FIRSTS[3]]
    assert texts(index, 1) == [FIRSTS[0]]


def test_a_document_without_sections_is_spread_over_its_passages(tmp_path: Path) -> None:
    words = " ".join(f"Number {number} sings and flies." for number in range(300))
    index = indexed(tmp_path, {"birds.md": f"# Birds\n\n{words}\n"})
    given = texts(index, 15)
    assert len(given) == 3
    assert given[0] == "Number 0 sings and flies."
    assert all(text.endswith("sings and flies.") for text in given)


def test_a_lone_heading_stands_for_nothing(tmp_path: Path) -> None:
    index = indexed(tmp_path, {"birds.md": BOOK.replace("## Nests", "## Life\n\n### Nests")})
    assert texts(index, 20) == FIRSTS


def test_what_is_cut_is_still_exact(index: Index) -> None:
    for budget in (1, 10, 25, 100):
        for hit in opening_passages("birds.md", index, budget):
            passage = hit.passage
            assert BOOK[passage.start : passage.end] == passage.text
            assert passage.spans[-1][1] <= passage.end
            assert len(passage.spans) == len(passage.vectors)


def test_without_a_model_the_first_sentences_are_the_summary(index: Index) -> None:
    given = opening_passages("birds.md", index, 100)
    footnotes = Footnotes(lambda name, offset: (None, ""))
    assert opening_quotes(given, footnotes) == [1, 2, 3, 4]
    assert [each.quote for each in footnotes.citations] == FIRSTS
    assert [BOOK[each.start : each.end] for each in footnotes.citations] == FIRSTS


def test_an_unknown_document_has_nothing(index: Index) -> None:
    assert opening_passages("no.md", index, 100) == []
