"""What is said about the last answer: shorter, more, as a table, the second one, are you sure?"""

from collections.abc import Sequence
from dataclasses import dataclass

from app.answer import Answer
from app.language.lexicon import in_order
from app.language.turns import named
from app.understanding.follow_up import Turn
from app.understanding.likeness import Kind
from app.understanding.mentions import topic_terms
from app.understanding.shape import Shape
from ingest.terms import terms

LAST = -1


@dataclass(frozen=True)
class OfAnswer:
    """What is wanted of the last answer: a `kind` of the group "answer" in `turns.toml`.

    `shown` are the answers to the same question so far, the last one last. `number` is the place of
    the quote that is meant, from 0, or `LAST`; `language` is the one that it is wanted in.
    """

    kind: str
    shown: tuple[Answer, ...]
    number: int = 0
    language: str = ""

    @property
    def answer(self) -> Answer:
        return self.shown[-1]


def of_answer(kind: Kind, shape: Shape, turn: str, conversation: Sequence[Turn]) -> OfAnswer | None:
    """Return what a turn of such a kind wants of the last answer, or None where it has nothing.

    What the turn names must be what that answer speaks of; who wants more of something else asks a
    new question.
    """
    answers = [
        each.record for each in conversation if each.record is not None and each.record.citations
    ]
    if not answers:
        return None
    last = answers[-1]
    topic = topic_terms(shape.topic) if shape.topic else frozenset()
    if topic and (kind.name == "more" or not topic <= terms(f"{last.searched_for}\n{last.text}")):
        return None
    number = _number(turn) if kind.name == "one" else 0
    if number is None or (kind.name == "language" and not shape.language):
        return None
    shown = tuple(each for each in answers if each.searched_for == last.searched_for)
    return OfAnswer(kind.name, shown, number, shape.language)


def _number(turn: str) -> int | None:
    """Return which of several is meant, from 0; None where no word says."""
    found = [word.strip(".,;:!?#()").lower() for word in turn.replace("#", " # ").split()]
    ordinals = in_order("ordinals")
    for before, word in zip(["", *found], found, strict=False):
        if word in ordinals[1:]:
            return ordinals.index(word) - 1
        digits = word.rstrip("stndrh")
        counted = before in named("number") or word != digits
        if digits.isdigit() and int(digits) > 0 and counted:
            return int(digits) - 1
        if word in in_order("ones") and before in named("number"):
            return in_order("ones").index(word) - 1
        if word in named("last"):
            return LAST
    return None
