"""Whether a question wants a list."""

import pytest

from app.understanding.asking import asks_for_list


@pytest.mark.parametrize(
    ("question", "for_list"),
    [
        ("Which kinds of tea are there?", True),
        ("What are the owners of the ferry called?", True),
        ("Please name all the harbours.", True),
        ("I want every ferry with its harbour.", True),
        ("common faults of ferries", True),
        ("Help me with a list of rules for the ferry.", True),
        ("What does the fleet consist of?", True),
        ("Walk me through mooring a ferry, step by step.", True),
        ("Every ferry has one. Why?", False),
        ("What are ferries?", False),
        ("How many kinds of tea are there?", False),
        ("Does the ferry run every day?", False),
        ("How does a ferry work?", False),
    ],
)
def test_several_things_of_one_kind_are_asked_for_as_a_list(question: str, for_list: bool) -> None:
    assert asks_for_list(question) == for_list
