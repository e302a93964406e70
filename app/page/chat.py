"""Asking, stopping, asking again: what happens between the question box and the engine."""

import logging
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from typing import Any

import gradio as gr

from app.answer import Answer
from app.journal import Complaint
from app.models.generation import StopSignal
from app.page import render
from app.page.background import Background
from app.page.judging import LONGEST_NOTE, Opinion, as_complaint
from app.page.ports import Engine, Library
from app.page.render import Exchange
from app.page.sources import sources
from app.understanding.follow_up import Turn
from ingest.errors import FootnoteError

log = logging.getLogger(__name__)

LONGEST_QUESTION = 4000
"""Characters of a question; a longer one is a pasted document, and belongs under Documents."""

View = tuple[Any, ...]
"""New values for: the chat, the sources, the spoken status, the question box, the model line."""


@dataclass
class Visitor:
    """What one browser tab has asked so far. Never shared with another."""

    exchanges: list[Exchange] = field(default_factory=list)


class Chat:
    """The handlers of the chat. What is kept here by session is only how to stop its answer."""

    def __init__(self, engine: Engine, library: Library) -> None:
        self._engine = engine
        self._library = library
        self._running: dict[str, Background[Answer]] = {}

    def open(self, visitor: Visitor) -> View:
        """The page as it is first seen."""
        return self._view(visitor)

    def ask(self, question: str, visitor: Visitor, request: gr.Request) -> Iterator[View]:
        """Answer what is in the question box."""
        yield from self._answer(question, visitor, request, clear_box=True)

    def ask_example(
        self, visitor: Visitor, event: gr.EventData, request: gr.Request
    ) -> Iterator[View]:
        """Answer the example that was chosen."""
        yield from self._answer(str(event.question), visitor, request)

    def retry(self, visitor: Visitor, event: gr.EventData, request: gr.Request) -> Iterator[View]:
        """Answer an earlier question again; what was asked after it is forgotten."""
        turn = int(event.turn)
        if 0 <= turn < len(visitor.exchanges):
            question = visitor.exchanges[turn].question
            yield from self._answer(question, visitor, request, keep=turn)

    def edit(self, visitor: Visitor, event: gr.EventData, request: gr.Request) -> Iterator[View]:
        """Answer an earlier question as it is worded now; what came after it is forgotten."""
        turn = int(event.turn)
        if 0 <= turn < len(visitor.exchanges):
            yield from self._answer(str(event.question), visitor, request, keep=turn)

    def show_sources(self, visitor: Visitor, event: gr.EventData) -> str:
        """The sources of an earlier answer."""
        turn = int(event.turn)
        known = 0 <= turn < len(visitor.exchanges)
        return self._sources(visitor.exchanges[turn] if known else None)

    def judge(self, visitor: Visitor, event: gr.EventData) -> str:
        """Keep what the visitor thinks of an answer, and show the chat with it."""
        turn = int(event.turn)
        if 0 <= turn < len(visitor.exchanges):
            exchange = visitor.exchanges[turn]
            complaint = as_complaint(str(event.complaint))
            exchange.opinion = self._keep(exchange, bool(event.good), complaint, str(event.note))
        return render.conversation(visitor.exchanges, [], 0)

    def _keep(self, exchange: Exchange, good: bool, complaint: Complaint, note: str) -> Opinion:
        journal, answer = self._engine.journal, exchange.answer
        if journal is None or answer is None or not exchange.in_journal:
            return Opinion(good, "Only finished answers can be judged.")
        try:
            journal.judge(answer.id, good, complaint, note.strip()[:LONGEST_NOTE])
        except (KeyError, FootnoteError):
            log.exception("An opinion could not be kept")
            return Opinion(good, "It could not be kept: the journal does not take it.")
        return Opinion(good)

    def clear(self, visitor: Visitor, request: gr.Request) -> View:
        """Begin a new conversation."""
        self.stop(request)
        visitor.exchanges.clear()
        return self._view(visitor)

    def stop(self, request: gr.Request) -> None:
        """Stop this visitor's answer, also while the model still reads."""
        running = self._running.get(str(request.session_hash))
        if running is not None:
            running.stop()

    def _answer(
        self,
        question: str,
        visitor: Visitor,
        request: gr.Request,
        keep: int | None = None,
        clear_box: bool = False,
    ) -> Iterator[View]:
        question = question.strip()[:LONGEST_QUESTION]
        if not question:
            return
        self.stop(request)
        if keep is not None:
            del visitor.exchanges[keep:]
        conversation = [
            Turn(earlier.question, earlier.answer.text)
            for earlier in visitor.exchanges
            if earlier.answer is not None and earlier.answer.sentences
        ]
        exchange = Exchange(question)
        visitor.exchanges.append(exchange)
        signal = StopSignal()
        work = self._work(question, conversation, signal)
        answering = Background(work, interrupt=signal.stop)
        session = str(request.session_hash)
        self._running[session] = answering
        try:
            yield self._view(visitor, clear_box=clear_box)
            for answer in answering:
                before, exchange.answer = exchange.answer, answer
                yield self._progress(visitor, exchange, before)
        except FootnoteError as problem:
            exchange.problem = str(problem)
        except Exception:
            log.exception("The engine failed on a question")
            exchange.problem = (
                "Something went wrong while answering. The log says what; please try again."
            )
        finally:
            exchange.stopped = answering.stopped
            exchange.in_journal = self._is_kept(exchange.answer)
            answering.stop()
            is_latest = self._running.get(session) is answering
            if is_latest:
                del self._running[session]
        if exchange.running:
            exchange.problem = "The answer ended before it was finished. Please try again."
        if is_latest and exchange in visitor.exchanges:
            yield self._view(visitor)

    def _is_kept(self, answer: Answer | None) -> bool:
        journal = self._engine.journal
        if journal is None or answer is None or answer.state != "done":
            return False
        try:
            return journal.recall(answer.id) is not None
        except FootnoteError:
            return False  # the engine has told it in a notice

    def _work(
        self, question: str, conversation: list[Turn], signal: StopSignal
    ) -> Callable[[Callable[[Answer], bool]], None]:
        def work(report: Callable[[Answer], bool]) -> None:
            snapshots: Any = self._engine.stream(question, conversation, signal)
            with closing(snapshots):
                for answer in snapshots:
                    if not report(answer):
                        return

        return work

    def _progress(self, visitor: Visitor, exchange: Exchange, before: Answer | None) -> View:
        """Only what a further snapshot changes: rendering all of it for each word is felt."""
        answer = exchange.answer
        is_new_stage = before is None or answer is None or before.state != answer.state
        is_cited = before is not None and answer and before.citations != answer.citations
        return (
            render.conversation(visitor.exchanges, [], 0),
            self._sources(exchange) if is_new_stage or is_cited else gr.skip(),
            render.status(exchange) if is_new_stage else gr.skip(),
            gr.skip(),
            gr.skip(),
        )

    def _sources(self, exchange: Exchange | None) -> str:
        return sources(exchange, self._engine.model_choice.context_window)

    def _view(self, visitor: Visitor, clear_box: bool = False) -> View:
        latest = visitor.exchanges[-1] if visitor.exchanges else None
        running = latest is not None and latest.running
        buttons: dict[str, Any] = {
            "submit_btn": False if running else "Ask",
            "stop_btn": "Stop" if running else False,
        }
        if clear_box:
            buttons["value"] = ""
        examples: list[str] = []
        documents = 0
        if not visitor.exchanges:
            examples = list(self._library.example_questions())
            documents = sum(each.status != "failed" for each in self._library.documents())
        return (
            render.conversation(visitor.exchanges, examples, documents),
            self._sources(latest),
            render.status(latest),
            gr.Textbox(**buttons),
            render.model_line(self._engine.model_choice),
        )
