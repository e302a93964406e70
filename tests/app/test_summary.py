"""Passages spread over a document. A word is a token here."""

from pathlib import Path

import pytest

from app.checking.support import SupportChecker
from app.citing import Footnotes
from app.summary import opening_passages, opening_quotes
from ingest.index import Index
from tests.app.small_world import indexed

# Three words a sentence.
BOOK = """# Birds

Birds have feathers. They lay eggs.

## Food

Birds eat seeds. Owls eat mice. Gulls eat fish.

### Water

All birds drink.

## Nests

Nests hold eggs. Twigs make nests.
"""


@pytest.fixture
def index(tmp_path: Path) -> Index:
    return indexed(tmp_path, {"birds.md": BOOK})


def texts(index: Index, budget: int) -> list[str]:
    return [hit.passage.text for hit in opening_passages("birds.md", index, budget)]


def test_a_short_document_is_given_whole(index: Index) -> None:
    assert texts(index, 100) == [
        "Birds have feathers. They lay eggs.",
        "Birds eat seeds. Owls eat mice. Gulls eat fish.",
        "All birds drink.",
        "Nests hold eggs. Twigs make nests.",
    ]


def test_each_section_has_its_first_sentence_before_one_has_its_second(index: Index) -> None:
    assert texts(index, 12) == [
        "Birds have feathers.", "Birds eat seeds.", "All birds drink.", "Nests hold eggs.",
    ]  # fmt: skip
    assert texts(index, 17)[0] == "Birds have feathers. They lay eggs."
    assert texts(index, 17)[1] == "Birds eat seeds."


def test_where_there_is_little_room_chapters_stand_for_their_sections(index: Index) -> None:
    assert texts(index, 9) == ["Birds have feathers.", "Birds eat seeds.", "Nests hold eggs."]


def test_where_there_is_less_the_first_and_the_last_are_kept(index: Index) -> None:
    assert texts(index, 6) == ["Birds have feathers.", "Nests hold eggs."]
    assert texts(index, 1) == ["Birds have feathers."]


def test_what_is_cut_is_still_exact(index: Index) -> None:
    for budget in (1, 12, 17, 100):
        for hit in opening_passages("birds.md", index, budget):
            passage = hit.passage
            assert BOOK[passage.start : passage.end] == passage.text
            assert passage.spans[-1][1] <= passage.end
            assert len(passage.spans) == len(passage.vectors)


def test_without_a_model_the_first_sentences_are_the_summary(index: Index) -> None:
    given = opening_passages("birds.md", index, 100)
    footnotes = Footnotes("", given, SupportChecker(index.embedder.embed), {})
    sentences = opening_quotes(footnotes)
    assert [sentence.text for sentence in sentences] == [
        "Birds have feathers.", "Birds eat seeds.", "All birds drink.", "Nests hold eggs.",
    ]  # fmt: skip
    assert [sentence.markers for sentence in sentences] == [(1,), (2,), (3,), (4,)]
    assert [BOOK[each.start : each.end] for each in footnotes.citations] == [
        sentence.text for sentence in sentences
    ]


def test_an_unknown_document_has_nothing(index: Index) -> None:
    assert opening_passages("no.md", index, 100) == []
