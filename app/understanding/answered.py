"""What is said about the last answer: shorter, more, as a table, the second one, are you sure?"""

from collections.abc import Sequence
from dataclasses import dataclass

from app.answer import Answer
from app.understanding.follow_up import Turn, set_side_by_side
from app.understanding.likeness import Kind
from app.understanding.mentions import topic_terms
from app.understanding.ordinals import LAST, counted_in, number_in, of_a_series
from app.understanding.shape import Shape
from ingest.terms import terms


@dataclass(frozen=True)
class OfAnswer:
    """What is wanted of the last answer: a `kind` of the group "answer" in `turns.toml`.

    `shown` are the answers to the same question so far, the last one last. `number` is the place of
    the quote that is meant, from 0, or `LAST`; `topic` has the terms of what else is asked of it.
    `language` is the one that it is wanted in.
    """

    kind: str
    shown: tuple[Answer, ...]
    number: int = 0
    language: str = ""
    topic: frozenset[str] = frozenset()

    @property
    def answer(self) -> Answer:
        return self.shown[-1]


def of_answer(kind: Kind, shape: Shape, turn: str, conversation: Sequence[Turn]) -> OfAnswer | None:
    """Return what a turn of such a kind wants of the last answer, or None where it has nothing.

    What the turn names must be what that answer speaks of; who wants more of something else asks a
    new question.
    """
    answers = _quoting(conversation)
    if not answers:
        return None
    last = answers[-1]
    if kind.name == "one" and counted_in(turn) and set_side_by_side(conversation):
        return None
    # "And the fifth?", after what the third costs, is of a series that the question names.
    if kind.name == "one" and of_a_series(last.searched_for):
        return None
    topic = topic_terms(shape.topic) if shape.topic else frozenset()
    if topic and (kind.name == "more" or not topic <= terms(f"{last.searched_for}\n{last.text}")):
        return None
    number = number_in(turn) if kind.name == "one" else 0
    if number is None or (kind.name == "language" and not shape.language):
        return None
    return OfAnswer(kind.name, _shown(answers), number, shape.language)


def counted_off(shape: Shape, turn: str, conversation: Sequence[Turn]) -> OfAnswer | None:
    """Return which of several quotes is meant by an ordinal that stands for it, or None.

    Whatever else is asked of it ("how far does the second one reach?"), it is the answer. Where a
    question set several things side by side, these are counted, and it is none. "The last one" may
    be anything's.
    """
    answers, counted = _quoting(conversation), counted_in(turn)
    if counted is None or counted.number == LAST or not answers or len(answers[-1].quoted) < 2:
        return None
    if set_side_by_side(conversation):
        return None
    topic = topic_terms(shape.topic) if shape.topic else frozenset()
    return OfAnswer("one", _shown(answers), counted.number, topic=topic)


def _quoting(conversation: Sequence[Turn]) -> list[Answer]:
    records = (each.record for each in conversation)
    return [each for each in records if each is not None and each.citations]


def _shown(answers: Sequence[Answer]) -> tuple[Answer, ...]:
    """Return the answers to the last of these questions, the last one last."""
    return tuple(each for each in answers if each.searched_for == answers[-1].searched_for)
