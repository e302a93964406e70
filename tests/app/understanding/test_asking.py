"""What a question wants."""

import pytest

from app.understanding.asking import (
    as_question,
    asks_broadly,
    asks_for_list,
    asks_whether,
    names_several,
)


@pytest.mark.parametrize(
    ("question", "several"),
    [
        ("Is a mill older than a dam?", True),
        ("Mill or dam?", True),
        ("How do they differ?", True),
        ("Who owns the Andover mill?", False),
    ],
)
def test_a_comparison_names_several_things(question: str, several: bool) -> None:
    assert names_several(question) == several


@pytest.mark.parametrize(
    ("question", "whether"),
    [
        ("Is the mill older than the dam?", True),
        ("My son is ten. May he row?", True),
        ("May my son row? He is ten.", True),
        ("If it rains, will the mill run?", True),
        ("And doesn't the mill need water?", True),
        ("Can you run the mill at night?", True),
        ("The old mill, was that for sale?", True),
        ("Surely I may row there?", True),
        ("So it's still for sale?", True),
        ("It is what?", False),
        ("What happened, was it sold?", False),
        ("Why is the mill old?", False),
        ("Is the mill or the dam older?", False),
        ("Can you tell me about the mill?", False),
        ("Do you know who built the mill?", False),
        ("Is the mill old? Who built it?", False),
        ("Mills need water.", False),
    ],
)
def test_a_question_that_opens_with_its_verb_wants_a_yes_or_a_no(
    question: str, whether: bool
) -> None:
    assert asks_whether(question) == whether


@pytest.mark.parametrize(
    ("question", "broad"),
    [
        ("How does a ferry work?", True),
        ("What are the main risks of ferries?", True),
        ("Which kinds of tea are there?", True),
        ("List the owners of the ferry.", True),
        ("What is a ferry?", False),
        ("How many risks of ferries are there?", False),
        ("When did the ferry sink?", False),
    ],
)
def test_an_explanation_or_a_list_is_asked_for_broadly(question: str, broad: bool) -> None:
    assert asks_broadly(question) == broad


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


@pytest.mark.parametrize(
    ("message", "question"),
    [
        ("Explain tea in simple words.", "What is tea?"),
        ("please describe ferries to a beginner", "What are ferries?"),
        ("Can you explain the history of ferries?", "What is the history of ferries?"),
        ("Could you define bias for me?", "What is bias?"),
        ("Tell me about the sides of a ship", "What are the sides of a ship?"),
        ("Explain how tea is made.", ""),
        ("Explain that.", ""),
        ("Tell me about it, please.", ""),
        ("Explain", ""),
    ],
)
def test_to_explain_a_thing_is_to_say_what_it_is(message: str, question: str) -> None:
    assert as_question(message) == (question or message)
