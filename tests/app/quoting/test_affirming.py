"""Which rows of a table with columns of yes and no are shown, as the question asks for them."""

from pathlib import Path

import pytest

from app.quoting.quoting import quote
from app.search.retriever import PassageRetriever
from ingest.index import Index
from tests.app.quoting.test_quoting import SHOWING
from tests.app.small_world import indexed

PLANS = """# Phone plans

| Plan | Price per month | Data | 5G | Roaming included | Can be cancelled monthly |
|---|---|---|---|---|---|
| Small | 9 € | 5 GB | No | No | Yes |
| Medium | 19 € | 20 GB | Yes | No | Yes |
| Large | 29 € | 50 GB | Yes | Yes | No |
| Max | 49 € | unlimited | Yes | Yes | Yes |
"""


@pytest.fixture(scope="module")
def plans(tmp_path_factory: pytest.TempPathFactory) -> Index:
    return indexed(tmp_path_factory.mktemp("plans"), {"plans.md": PLANS})


def rows(question: str, index: Index) -> list[str]:
    found = quote(question, PassageRetriever(index).search(question, 8), index, SHOWING)
    by_marker = {each.marker: each for each in found.citations}
    quotes = [by_marker[marker] for marker in found.quotes]
    return [each.quote.split()[1] for each in quotes if each.kind == "row"]


ALL = ["Small", "Medium", "Large", "Max"]


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("Which plans have 5G but no roaming?", ["Medium"]),
        ("Which plans have 5G without roaming?", ["Medium"]),
        ("Which plans have no roaming?", ["Small", "Medium"]),
        ("In which plans is roaming not included?", ["Small", "Medium"]),
        ("Which plans with roaming cannot be cancelled monthly?", ["Large"]),
        ("Which plans have neither 5G nor roaming?", ["Small"]),
    ],
)
def test_what_is_denied_of_one_column_is_not_denied_of_another(
    plans: Index, question: str, expected: list[str]
) -> None:
    assert rows(question, plans) == expected


def test_what_is_denied_before_the_question_is_not_denied_in_it(plans: Index) -> None:
    assert rows("I have no idea which plans include roaming", plans) == ["Large", "Max"]


@pytest.mark.parametrize(
    "question",
    [
        "Does every plan include 5G?",
        "Do all plans include roaming?",
        "What are the monthly prices of all plans?",
        "Which plans have 5G or roaming?",
    ],
)
def test_where_it_is_not_asked_which_say_yes_all_are_shown(plans: Index, question: str) -> None:
    assert rows(question, plans) == ALL


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("Which plans without roaming cost less than 15 €?", ["Small"]),
        ("Which plans cost less than 35 € and include roaming?", ["Large"]),
        ("Which plans that cost no more than 35 € include roaming?", ["Large"]),
        ("Which plans include roaming and cost no more than 35 €?", ["Large"]),
        ("Which plans for less than 15 € include roaming?", ["Small"]),
        ("Which plans not over 35 € include roaming?", ["Large"]),
    ],
)
def test_a_bound_and_a_column_of_yes_and_no_both_count_where_some_keep_to_both(
    plans: Index, question: str, expected: list[str]
) -> None:
    assert rows(question, plans) == expected


def test_the_least_is_looked_for_among_those_that_say_yes(plans: Index) -> None:
    assert rows("What is the cheapest plan with roaming?", plans)[0] == "Large"
    assert rows("Which plan with roaming has the lowest price?", plans)[0] == "Large"
    assert rows("Which plan has the lowest monthly price?", plans)[0] == "Small"
    assert rows("Does the cheapest plan include roaming?", plans)[0] == "Small"


def test_a_year_over_a_column_is_no_number_of_its_cells(tmp_path: Path) -> None:
    table = (
        "# Museum\n\n| Site | Visitors (2023) | Energy (MWh) |\n|---|---|---|\n"
        "| Nord | 1,200 | 31 |\n| Sued | 840 | 12 |\n| West | closed | – |\n"
    )
    index = indexed(tmp_path, {"museum.md": table})
    question = "Which site had the most visitors?"
    found = quote(question, PassageRetriever(index).search(question, 8), index, SHOWING)
    assert [each.text for each in found.told] == ["Compared: 3 rows; the most is 1,200."]
