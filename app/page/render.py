"""The conversation as HTML. Everything a person, a model or a document wrote is escaped here."""

import html
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

from app.answer import Answer
from app.conversations import KeptTurn
from app.export import written as export
from app.models.choosing import ModelChoice
from app.page.answered import answered
from app.page.judging import Opinion, complaint_form, thumbs
from app.page.links import answer_link, rich_link, save_links
from app.quoting.lines import counted

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
    """All turns of a conversation."""
    turns = "".join(_turn(number, turn) for number, turn in enumerate(shown.exchanges, 1))
    title = html.escape(" ".join(shown.title.split()))
    return (
        f'<div class="turns" data-conversation="{shown.id}" data-title="{title}">'
        f"{turns}{_save(shown.exchanges)}</div>"
    )


def missing() -> str:
    """Instead of a conversation that is not there, or is another visitor's."""
    return (
        '<div class="welcome"><h2>There is no such conversation</h2>'
        '<p>It was forgotten, or it is another visitor’s. <a href="/" data-go>Begin a new one</a>.'
        "</p></div>"
    )


def _save(exchanges: Sequence[Exchange]) -> str:
    """The conversation as a file, as far as the journal has it."""
    ids = [each.answer.id for each in exchanges if each.in_journal and each.answer]
    if not ids:
        return ""
    return f'<p class="save">Save this conversation: {", ".join(save_links(ids))}</p>'


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
        return _waiting(answer)
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
    if documents:
        words = (
            f"Answers come from {counted(documents, 'document')} of yours. Each sentence carries a "
            "footnote, and each footnote opens its exact words."
        )
    else:
        words = "There are no documents yet. Add some under Documents, then ask about them."
    asks = _questions(examples, "Example questions")
    return f'<div class="welcome"><h2>Ask your documents</h2><p>{words}</p>{asks}</div>'


def _questions(questions: Sequence[str], label: str) -> str:
    """Questions to be asked by clicking one; nothing where there are none."""
    buttons = "".join(
        f'<li><button type="button" data-act="ask" data-question="{html.escape(question)}">'
        f"{html.escape(question)}</button></li>"
        for question in questions
    )
    return f'<ul class="examples" aria-label="{label}">{buttons}</ul>' if buttons else ""


def _turn(number: int, exchange: Exchange) -> str:
    question = html.escape(exchange.question)
    return (
        f'<article class="turn" data-turn="{exchange.id}" aria-label="Question {number}">'
        f'<div class="question" dir="auto"><h2 class="asked">{question}</h2>'
        f"{_branches(exchange)}{_button('edit', exchange.id, 'Edit this question', 'Edit')}</div>"
        f'<div class="answer" aria-busy="{str(exchange.running).lower()}">'
        f"{_answer(exchange)}</div></article>"
    )


def _branches(exchange: Exchange) -> str:
    """The way to what else was asked in this place, and to what came after that."""
    many = len(exchange.branches)
    if many < 2:
        return ""
    at = exchange.branches.index(exchange.id)
    steps = [
        f'<button type="button" data-act="branch" data-turn="{exchange.branches[to]}" '
        f'aria-label="{label}" title="{label}">{sign}</button>'
        if 0 <= to < many
        else f'<span aria-hidden="true">{sign}</span>'
        for to, sign, label in (
            (at - 1, "‹", "What was asked here before"),
            (at + 1, "›", "What was asked here after"),
        )
    ]
    return f'<span class="branches">{steps[0]}{at + 1} of {many}{steps[1]}</span>'


def _answer(exchange: Exchange) -> str:
    answer = exchange.answer
    parts = []
    if answer is None and exchange.running:
        parts.append('<p class="waiting">Searching your documents</p>')
    if answer is not None:
        parts += [_notice(words) for words in answer.notices]
        parts.append(answered(answer, exchange.running))
        parts.append(_shortfall(answer))
        if exchange.running and not answer.prose and not answer.pending:
            parts.append(_reading(answer))
    if exchange.problem:
        parts.append(f'<p class="problem" role="alert">{html.escape(exchange.problem)}</p>')
    if exchange.stopped:
        parts.append('<p class="stopped">Stopped.</p>')
    if not exchange.running:
        parts.append(_foot(exchange))
    return "".join(parts)


def _reading(answer: Answer) -> str:
    """Who is at work; nobody is, where the quotes are the whole answer."""
    if answer.quotes and answer.model == "none":
        return ""
    if answer.before:
        return f'<p class="waiting">{_waiting(answer)}</p>'
    who = f"{html.escape(answer.model)} is reading" if answer.quotes else ""
    words = who or f"Reading in {_documents(answer)}"
    return f'<p class="waiting">{words}</p>'


def _waiting(answer: Answer) -> str:
    return f"The model is at work on other questions: {answer.before} before you"


def _documents(answer: Answer) -> str:
    return counted(len({passage.document for passage in answer.passages}), "document")


def _shortfall(answer: Answer) -> str:
    """What the documents lack for an answer, and what they can be asked instead."""
    missing = f'<p class="missing" dir="auto">{html.escape(answer.missing)}</p>'
    questions = _questions(answer.suggestions, "Questions the documents answer")
    instead = f'<p class="instead">The documents do answer:</p>{questions}'
    return (missing if answer.missing else "") + (instead if questions else "")


def _foot(exchange: Exchange) -> str:
    """What the answer cost, and what one can do with it."""
    answer, turn = exchange.answer, exchange.id
    tools = [_button("retry", turn, "Answer this question again", "Ask again")]
    facts: list[str] = []
    if answer is not None:
        text = html.escape(export.to_text(answer))
        if answer.sentences:
            rich = (
                f' data-rich="{html.escape(rich_link(answer.id))}"' if exchange.in_journal else ""
            )
            tools.insert(
                0, f'<button type="button" data-act="copy" data-text="{text}"{rich}>Copy</button>'
            )
        if answer.passages:
            tools.append(_button("sources", turn, "Show the sources of this answer", "Sources"))
        if exchange.in_journal:
            tools.append(
                f'<a href="{html.escape(answer_link(answer.id))}" target="_blank" '
                'title="A lasting link to this answer">Link</a>'
            )
        facts = _facts(answer)
    judged = form = ""
    if exchange.in_journal and answer is not None:
        judged = thumbs(turn, exchange.opinion)
        form = complaint_form(turn, answer)
    return (
        f'<div class="foot"><div class="tools">{"".join(tools)}</div>{judged}'
        f'<p class="fineprint">{" · ".join(facts)}</p></div>{form}'
    )


def _facts(answer: Answer) -> list[str]:
    facts = [html.escape(answer.model)] if answer.model not in ("", "none") else []
    total = answer.timings.get("total_ms")
    if total:
        facts.append(f"{total / 1000:.1f} s")
    if answer.searched_for and answer.searched_for != answer.question:
        facts.append(f"searched for “{html.escape(answer.searched_for)}”")
    return facts


def _notice(words: str) -> str:
    return f'<p class="notice" dir="auto">{html.escape(words)}</p>'


def _button(act: str, turn: str, label: str, words: str) -> str:
    named = f'data-act="{act}" data-turn="{turn}" title="{label}"'
    return f'<button type="button" {named}>{words}</button>'
