"""Several questions that are put as one."""

import pytest

from app.quoting.twofold import questions_in


@pytest.mark.parametrize(
    ("turn", "questions"),
    [
        ("chunk size for rag and where do i cut", ["chunk size for rag", "where do i cut"]),
        ("can he bring a phone n is there a shop", ["can he bring a phone", "is there a shop"]),
        ("Who built it? And whats the price?", ["Who built it", "whats the price?"]),
        ("I sleep badly. What helps, and how long?", ["What helps", "how long?"]),
        ("It is late. Who do I call?", ["It is late. Who do I call?"]),
        ("Which prices and fees are due?", ["Which prices and fees are due?"]),
        ("Who lived in Leeds and was born in York?", ["Who lived in Leeds and was born in York?"]),
        ("What does it cost and why?", ["What does it cost and why?"]),
    ],
)
def test_each_question_of_a_turn_is_read(turn: str, questions: list[str]) -> None:
    assert questions_in(turn) == questions
