"""The conversation as HTML. Everything a person, a model or a document wrote is escaped here."""

import html
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Self

from app.answer import Answer
from app.conversations import KeptTurn
from app.export import written as export
from app.models.choosing import ModelChoice
from app.page.answered import answered
from app.page.judging import LONGEST_NOTE, Opinion, complaints
from app.page.links import answer_link, rich_link, save_links
from app.quoting.lines import counted
from app.templating import template

INTERRUPTED = "Footnote was ended before this was answered. What there was of it is kept."


@dataclass
class Exchange:
    """A turn as it is shown: a question, and what has come of it so far.

    `problem` is a sentence for the user when there is no answer; `stopped` that they stopped it;
    `in_journal` that the finished answer is kept, so that it can be judged. `branches` are the ids
    of the turns that were asked in this place.
    """

    id: str
    question: str
    answer: Answer | None = None
    running: bool = False
    stopped: bool = False
    problem: str = ""
    in_journal: bool = False
    opinion: Opinion | None = None
    branches: Sequence[str] = ()

    @classmethod
    def of(cls, turn: KeptTurn) -> Self:
        """A turn as it was kept; one whose end nobody kept was cut off."""
        return cls(
            turn.id,
            turn.question,
            turn.answer,
            stopped=turn.state == "stopped",
            problem=INTERRUPTED if turn.state == "asked" else turn.problem,
            in_journal=turn.state == "answered" and turn.answer is not None,
            opinion=None if turn.good is None else Opinion(turn.good, is_new=False),
            branches=turn.branches,
        )


@dataclass(frozen=True)
class Shown:
    """A conversation as it is shown; without an `id` it has not begun.

    `asked_in` says which documents are asked, as a scope's query.
    """

    id: str
    title: str
    exchanges: Sequence[Exchange]
    asked_in: str = ""


def conversation(shown: Shown) -> str:
    """All turns of a conversation, and the ways to save it as far as the journal has it."""
    kept = [each.answer.id for each in shown.exchanges if each.in_journal and each.answer]
    return template("app.page", "turns.html").render(
        shown=shown,
        turns=[_turn(each) for each in shown.exchanges],
        longest_note=LONGEST_NOTE,
        save=save_links(kept) if kept else (),
    )


def missing() -> str:
    """Instead of a conversation that is not there, or is another visitor's."""
    return (
        '<div class="welcome"><h2>There is no such conversation</h2>'
        '<p>It was forgotten, or it is another visitor’s. <a href="/" data-go>Begin a new one</a>.'
        "</p></div>"
    )


def status(exchange: Exchange | None) -> str:
    """What a screen reader is told: once when each stage begins, not at every word."""
    if exchange is None:
        return ""
    answer = exchange.answer
    if exchange.problem:
        return "The question could not be answered."
    if exchange.stopped:
        return "Stopped."
    if answer is None:
        return "Searching the documents."
    if answer.before:
        return _in_line(answer)
    if answer.state != "done":
        return f"Found in {_documents(answer)}. Answering."
    if answer.refused:
        return "The documents do not answer this."
    return f"The answer is ready, with {counted(len(answer.citations), 'footnote')}."


def model_line(choice: ModelChoice) -> str:
    """Which model answers, and the way to choose another."""
    words = f"{choice.label}, {choice.where}"
    name = "Quotes alone, without a model" if choice.kind == "none" else html.escape(words)
    return (
        '<button type="button" class="model" data-models aria-controls="models" '
        f'aria-expanded="false"><span class="dot" aria-hidden="true"></span>{name}</button>'
    )


def welcome(examples: Sequence[str], documents: int) -> str:
    """Before the first question: what one could ask."""
    return template("app.page", "welcome.html").render(
        documents=counted(documents, "document") if documents else "", examples=examples
    )


def _turn(exchange: Exchange) -> dict[str, Any]:
    """A turn as the template shows it."""
    from markupsafe import Markup

    answer = exchange.answer
    if answer is None:
        waiting = "Searching your documents" if exchange.running else ""
        return {"exchange": exchange, "waiting": waiting, "facts": ""}
    return {
        "exchange": exchange,
        "said": Markup(answered(answer, exchange.running)),
        "waiting": _waiting(answer) if exchange.running else "",
        "text": export.to_text(answer),
        "rich": rich_link(answer.id),
        "link": answer_link(answer.id),
        "facts": " · ".join(_facts(answer)),
        "complaints": complaints(answer),
    }


def _waiting(answer: Answer) -> str:
    """Who is at work; nobody is, where the quotes are the whole answer."""
    if answer.prose or answer.pending or (answer.quotes and answer.model == "none"):
        return ""
    if answer.before:
        return _in_line(answer)
    return f"{answer.model} is reading" if answer.quotes else f"Reading in {_documents(answer)}"


def _in_line(answer: Answer) -> str:
    return f"The model is at work on other questions: {answer.before} before you"


def _documents(answer: Answer) -> str:
    return counted(len({passage.document for passage in answer.passages}), "document")


def _facts(answer: Answer) -> Iterator[str]:
    """What the answer cost."""
    if answer.model not in ("", "none"):
        yield answer.model
    if total := answer.timings.get("total_ms"):
        yield f"{total / 1000:.1f} s"
    if answer.searched_for and answer.searched_for != answer.question:
        yield f"searched for “{answer.searched_for}”"
