"""The conversation as HTML. Everything a person, a model or a document wrote is escaped here."""

import html
from collections.abc import Sequence
from dataclasses import dataclass

from app.answer import Answer
from app.export import written as export
from app.page.answered import answered
from app.page.judging import Opinion, complaint_form, thumbs
from app.page.links import answer_link
from app.page.ports import ModelChoice
from app.page.saving import save_links


@dataclass
class Exchange:
    """A question of this visitor and what has come of it so far.

    `problem` is a sentence for the user when the engine failed; `stopped` that they stopped it;
    `in_journal` that the finished answer is kept, so that it can be judged.
    """

    question: str
    answer: Answer | None = None
    stopped: bool = False
    problem: str = ""
    in_journal: bool = False
    opinion: Opinion | None = None

    @property
    def running(self) -> bool:
        """Whether more is still to come."""
        done = self.answer is not None and self.answer.state == "done"
        return not (done or self.stopped or self.problem)


def conversation(exchanges: Sequence[Exchange], examples: Sequence[str], documents: int) -> str:
    """The whole chat; before the first question, what one could ask."""
    if not exchanges:
        return _welcome(examples, documents)
    turns = "".join(_turn(number, exchange) for number, exchange in enumerate(exchanges))
    return f'<div class="turns">{turns}{_save(exchanges)}</div>'


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
    if answer.state != "done":
        return f"{counted(len(answer.passages), 'passage')} found. Answering."
    if answer.refused:
        return "The documents do not answer this."
    return f"The answer is ready, with {counted(len(answer.citations), 'footnote')}."


def model_line(choice: ModelChoice) -> str:
    """Which model answers, and why that one."""
    name = "No model" if choice.kind == "none" else html.escape(choice.name)
    why = html.escape(choice.why)
    return (
        f'<p class="model"><span class="dot" aria-hidden="true"></span><span>{name}</span> '
        f'<span class="why">{why}</span></p>'
    )


def _welcome(examples: Sequence[str], documents: int) -> str:
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
        f'<article class="turn" data-turn="{number}" aria-label="Question {number + 1}">'
        f'<div class="question" dir="auto"><h2 class="asked">{question}</h2>'
        f"{_button('edit', number, 'Edit this question', 'Edit')}</div>"
        f'<div class="answer" aria-busy="{str(exchange.running).lower()}">'
        f"{_answer(number, exchange)}</div></article>"
    )


def _answer(number: int, exchange: Exchange) -> str:
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
        parts.append(_foot(number, exchange))
    return "".join(parts)


def _reading(answer: Answer) -> str:
    """Who is at work; nobody is, where the quotes are the whole answer."""
    if answer.quotes and answer.model == "none":
        return ""
    who = f"{html.escape(answer.model)} is reading" if answer.quotes else ""
    words = who or f"Reading {counted(len(answer.passages), 'passage')}"
    return f'<p class="waiting">{words}</p>'


def _shortfall(answer: Answer) -> str:
    """What the documents lack for an answer, and what they can be asked instead."""
    missing = f'<p class="missing" dir="auto">{html.escape(answer.missing)}</p>'
    questions = _questions(answer.suggestions, "Questions the documents answer")
    instead = f'<p class="instead">The documents do answer:</p>{questions}'
    return (missing if answer.missing else "") + (instead if questions else "")


def _foot(number: int, exchange: Exchange) -> str:
    """What the answer cost, and what one can do with it."""
    answer = exchange.answer
    tools = [_button("retry", number, "Answer this question again", "Retry")]
    facts: list[str] = []
    if answer is not None:
        text = html.escape(export.to_text(answer))
        if answer.sentences:
            tools.insert(
                0, f'<button type="button" data-act="copy" data-text="{text}">Copy</button>'
            )
        if answer.passages:
            tools.append(_button("sources", number, "Show the sources of this answer", "Sources"))
        if exchange.in_journal:
            tools.append(
                f'<a href="{html.escape(answer_link(answer.id))}" target="_blank" '
                'title="A lasting link to this answer">Link</a>'
            )
        facts = _facts(answer)
    judged = form = ""
    if exchange.in_journal and answer is not None:
        judged = thumbs(number, exchange.opinion)
        form = complaint_form(number, answer)
    return (
        f'<div class="foot"><div class="tools">{"".join(tools)}</div>{judged}'
        f'<p class="fineprint">{" · ".join(facts)}</p></div>{form}'
    )


def _facts(answer: Answer) -> list[str]:
    facts = [html.escape(answer.model)] if answer.model not in ("", "none") else []
    total, read = answer.timings.get("total_ms"), answer.tokens.get("prompt")
    if total:
        facts.append(f"{total / 1000:.1f} s")
    if read:
        facts.append(f"{read:,} tokens read")
    if answer.searched_for and answer.searched_for != answer.question:
        facts.append(f"searched for “{html.escape(answer.searched_for)}”")
    return facts


def _notice(words: str) -> str:
    return f'<p class="notice" dir="auto">{html.escape(words)}</p>'


def _button(act: str, turn: int, label: str, words: str) -> str:
    named = f'data-act="{act}" data-turn="{turn}" title="{label}"'
    return f'<button type="button" {named}>{words}</button>'


def counted(number: int, noun: str) -> str:
    """The number with its noun, in the plural where it is not one."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
