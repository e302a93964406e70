"""What a reader thinks of an answer: thumbs up or down, and what was wrong with it."""

from dataclasses import dataclass
from typing import get_args

from app.answer import Answer
from app.journal import Complaint

LONGEST_NOTE = 2000
"""Characters of a note that are kept."""

_WORDS: dict[Complaint, str] = {
    "not supported": "Its sources do not say that",
    "wrong source": "It quotes the wrong source",
    "incomplete": "Something is missing",
    "should have refused": "The documents do not answer this",
    "should have answered": "The documents do answer this",
    "": "Something else",
}


@dataclass(frozen=True)
class Opinion:
    """What somebody thinks of an answer; `problem` is why it could not be kept, or is empty."""

    good: bool
    problem: str = ""
    is_new: bool = True


def as_complaint(words: str) -> Complaint:
    """The complaint of that name; anything else is one without a name."""
    return next((each for each in get_args(Complaint) if each == words), "")


def complaints(answer: Answer) -> list[tuple[Complaint, str]]:
    """What may be wrong with an answer, or with a refusal, in words."""
    possible: tuple[Complaint, ...] = ("should have answered", "")
    if not answer.refused:
        possible = ("not supported", "wrong source", "incomplete", "should have refused", "")
    return [(each, _WORDS[each]) for each in possible]
