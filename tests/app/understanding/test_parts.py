"""Several questions asked at once."""

import pytest

from app.understanding.parts import Part, parts_of


@pytest.mark.parametrize(
    ("question", "asked"),
    [
        ("Who built the mill?", ["Who built the mill?"]),
        (
            "Who built the mill and when did the river flood?",
            ["Who built the mill?", "When did the river flood?"],
        ),
        (
            "who built the first mill and for what price was the mill sold",
            ["Who built the first mill?", "For what price was the mill sold?"],
        ),
        (
            "Is the mill for sale, and what does the dam cost?",
            ["Is the mill for sale?", "What does the dam cost?"],
        ),
        ("Describe the mill and how it works.", ["Describe the mill and how it works."]),
        ("Which mill, and why?", ["Which mill, and why?"]),
    ],
)
def test_what_is_asked_at_once_is_answered_one_after_another(
    question: str, asked: list[str]
) -> None:
    assert [part.question for part in parts_of(question)] == asked


def test_a_part_that_leans_on_the_one_before_is_searched_with_it() -> None:
    assert parts_of("Who built the old mill, and in which year did he sell it?") == [
        Part("Who built the old mill?", "Who built the old mill?"),
        Part(
            "In which year did he sell it?",
            "Who built the old mill? In which year did he sell it?",
        ),
    ]
