"""What a question asks about: what some passage must name before there is an answer."""

import pytest

from app.quoting.deciding import absent, unspoken


@pytest.mark.parametrize(
    ("question", "asked_about"),
    [
        ("How much memory does LoRA save?", ["LoRA"]),
        ("What did Llama 2 cost in 2023?", ["Llama", "2", "2023"]),
        ("Which three kinds of drift are there?", []),
        ("What are the top 3 risks?", []),
        ("How much memory do I need for a 13B model at 4 bits?", []),
        ("Can I run a 30B model on 24 GB?", []),
    ],
)
def test_names_years_and_numbers_of_names_are_asked_about_and_no_other_numbers(
    question: str, asked_about: list[str]
) -> None:
    assert absent(question, []) == asked_about


def test_what_no_passage_speaks_of_are_the_words_that_carry_meaning() -> None:
    asked = "We're three. Do you think they've got pets, or don't they?"
    assert unspoken(asked, []) == ["pets"]
