"""What a reader thinks of an answer: thumbs up or down, and what was wrong with it."""

import html
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
_UP = (
    '<svg viewBox="0 0 24 24" aria-hidden="true"><path d="M7 10v10H4V10zm3 10V10l4-7c1.4 0 2.3 1 '
    '2 2.4L15.3 9H19c1.2 0 2 1 1.8 2.1l-1.3 7.2c-.2 1-1 1.7-2 1.7z"/></svg>'
)


@dataclass(frozen=True)
class Opinion:
    """What somebody thinks of an answer; `problem` is why it could not be kept, or is empty."""

    good: bool
    problem: str = ""
    is_new: bool = True


def as_complaint(words: str) -> Complaint:
    """The complaint of that name; anything else is one without a name."""
    return next((each for each in get_args(Complaint) if each == words), "")


def thumbs(turn: str, opinion: Opinion | None) -> str:
    """The two thumbs of an answer, and what became of the last word on it."""
    kept = opinion if opinion and not opinion.problem else None
    up = _thumb(turn, "praise", "A good answer", kept is not None and kept.good)
    down = _thumb(turn, "complain", "A bad answer", kept is not None and not kept.good)
    said = ""
    if opinion and opinion.is_new:
        words = opinion.problem or ("Thank you." if opinion.good else "Thank you, it is noted.")
        said = f'<span class="said" role="status">{html.escape(words)}</span>'
    return (
        f'<div class="tools thumbs" role="group" aria-label="Your opinion">{up}{down}{said}</div>'
    )


def complaint_form(turn: str, answer: Answer) -> str:
    """What was wrong? Hidden until it is asked for, and again when it was said."""
    possible: tuple[Complaint, ...] = ("should have answered", "")
    if not answer.refused:
        possible = ("not supported", "wrong source", "incomplete", "should have refused", "")
    choices = "".join(
        f'<label><input type="radio" name="complaint-{turn}" value="{complaint}" required> '
        f"{_WORDS[complaint]}</label>"
        for complaint in possible
    )
    return (
        f'<form class="complaint" data-turn="{turn}" hidden><fieldset>'
        f"<legend>What was wrong?</legend>{choices}</fieldset>"
        f'<label class="more">A note, if you like<textarea rows="2" maxlength="{LONGEST_NOTE}">'
        '</textarea></label><div class="tools"><button type="submit">Send</button>'
        '<button type="button">Cancel</button></div></form>'
    )


def _thumb(turn: str, act: str, label: str, is_pressed: bool) -> str:
    turned = ' class="down"' if act == "complain" else ""
    return (
        f'<button type="button" data-act="{act}" data-turn="{turn}" aria-label="{label}" '
        f'title="{label}" aria-pressed="{str(is_pressed).lower()}"{turned}>{_UP}</button>'
    )
