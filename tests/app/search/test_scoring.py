"""How well passages answer: by their own words, by what stands above them, by their document."""

import pytest

from app.search.asked import read_question
from app.search.scoring import Scored, scored
from tests.app.small_world import indexed

PRICES = (
    "# Prices\n\nAll of them are in euros.\n\n"
    "## Veltro 3\n\nIt is fast. A new belt costs 20.\n\n"
    "## Veltro 5\n\nIt is slow. A new belt costs 30.\n"
)


@pytest.fixture(scope="module")
def by_section(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Scored]:
    index = indexed(tmp_path_factory.mktemp("prices"), {"prices.md": PRICES})
    asked = read_question(
        "What does a belt cost for the Veltro 5?", index.catalogue, index.embedder
    )
    passages = index.catalogue.passages_of_document("prices.md")
    found = zip(passages, scored(passages, asked), strict=True)
    return {passage.heading: one for passage, one in found}


def test_what_the_heading_says_counts_as_said(by_section: dict[str, Scored]) -> None:
    assert by_section["Veltro 5"].coverage == pytest.approx(1)
    assert by_section["Veltro 3"].coverage < 1


def test_of_siblings_the_one_that_was_asked_is_far_ahead(by_section: dict[str, Scored]) -> None:
    """Their sentences are alike but for a number; what lacks the model's number loses for it."""
    assert by_section["Veltro 5"].score > by_section["Veltro 3"].score + 0.3


def test_the_nearest_sentence_is_the_one_that_says_most_of_the_question(
    by_section: dict[str, Scored],
) -> None:
    for one in (by_section["Veltro 3"], by_section["Veltro 5"]):
        assert one.nearest == 1


def test_nothing_is_scored_without_passages() -> None:
    assert scored([], None) == []  # type: ignore[arg-type]
