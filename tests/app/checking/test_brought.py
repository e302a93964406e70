"""The citations that a text brings along: do they exist, and do they say that?"""

from collections.abc import Sequence

import pytest

from app.checking.checked_text import BroughtCitation
from app.checking.support import SupportChecker
from app.checking.text import check_text
from ingest.index import Index
from tests.app.small_world import DOCUMENTS, indexed


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Index:
    return indexed(tmp_path_factory.mktemp("brought"), DOCUMENTS)


def brought(text: str, index: Index) -> Sequence[BroughtCitation]:
    return check_text(text, index, SupportChecker(index.embedder.embed)).brought


LISTED = "\n\n## References\n\n1. The sea, a leaflet\n2. Anne Ort: The sky\n3. Moss and stones\n"


def test_a_marker_holds_where_the_source_that_it_names_says_so(index: Index) -> None:
    [one] = brought(f"Whales sing songs to each other [1].{LISTED}", index)
    assert (one.kind, one.text, one.holds, one.reason) == ("marker", "[1]", True, "")
    assert one.markers == (1,)


def test_a_marker_of_another_document_does_not_hold(index: Index) -> None:
    text = f"Whales sing songs to each other.[2] The sky is blue.{LISTED}"
    [one] = brought(text, index)
    assert (one.holds, one.reason) == (False, "“The sky” does not say this")


def test_a_marker_without_an_entry_or_a_document_refers_to_nothing(index: Index) -> None:
    text = f"Whales sing songs to each other [3]. Seawater holds 35 grams of salt [9].{LISTED}"
    assert [(each.text, each.holds, each.reason) for each in brought(text, index)] == [
        ("[3]", False, "no document here is “Moss and stones”"),
        ("[9]", False, "the text does not list what it refers to"),
    ]


def test_footnotes_of_markdown_are_a_list_of_sources_too(index: Index) -> None:
    text = "Whales sing songs to each other.[^1]\n\n[^1]: bread.md, page 4\n"
    [one] = brought(text, index)
    assert (one.text, one.reason) == ("[^1]", "“Bread” does not say this")


def test_what_lists_the_sources_claims_nothing(index: Index) -> None:
    checker = SupportChecker(index.embedder.embed)
    checked = check_text(f"The sky is blue [2].{LISTED}", index, checker)
    assert checked.counts["no claim"] == len(checked.sentences) - 1


def test_quoted_words_hold_where_a_document_has_them(index: Index) -> None:
    text = (
        "It says that “at sunset the sky\nturns red.” Bakers, it says, “knead … for ten minutes”. "
        'Elsewhere: "whales never sing in winter".'
    )
    assert [(each.kind, each.holds, each.reason) for each in brought(text, index)] == [
        ("quotation", True, ""),
        ("quotation", True, ""),
        ("quotation", False, "no document here has these words"),
    ]


def test_a_word_in_quotation_marks_and_a_title_are_no_quotation(index: Index) -> None:
    assert not brought("The “wild” yeast of “Bread” rises sourdough.", index)


def test_according_to_a_document_means_that_it_says_so(index: Index) -> None:
    text = "According to the bread leaflet of bread.md, whales sing songs to each other."
    right = "According to the sea, whales sing songs to each other."
    [one] = brought(right, index)
    assert (one.kind, one.text, one.holds) == ("source", "sea", True)
    [other] = brought(text, index)
    assert (other.holds, other.reason) == (False, "“Bread” does not say this")


def test_according_to_a_source_that_is_not_here_is_told(index: Index) -> None:
    text = "According to the Moss report, whales sing songs to each other."
    [one] = brought(text, index)
    assert (one.kind, one.holds, one.reason) == (
        "source",
        False,
        "no document here is “Moss report”",
    )


@pytest.mark.parametrize(
    "source",
    ["plan", "the table", "the manufacturer", "the author", "a recent survey", "the stones"],
)
def test_according_to_what_has_no_name_is_no_source(source: str, index: Index) -> None:
    assert not brought(f"According to {source}, whales sing songs to each other.", index)
