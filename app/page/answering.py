"""Answers on their way: each on a thread of its own, kept as it grows, watched by any tab."""

import logging
import threading
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from typing import Any

from app.answer import Answer
from app.conversations import Conversations, TurnState
from app.engine import Engine
from app.models.generation import StopSignal
from app.page.background import Background
from app.page.render import Exchange
from app.understanding.follow_up import Turn
from ingest.errors import FootnoteError

log = logging.getLogger(__name__)

CUT_OFF = "The answer ended before it was finished. Please ask again."
FAILED = "Something went wrong while answering. The log says what; please try again."


@dataclass
class _Running:
    conversation: str
    exchange: Exchange
    work: Background[Answer]
    has_ended: bool = False


class Answering:
    """The answers that are being given now, by the id of their turn. Shared by all visitors."""

    def __init__(self, conversations: Conversations) -> None:
        self._conversations = conversations
        self._running: dict[str, _Running] = {}
        self._changing = threading.Lock()

    def begin(
        self,
        engine: Engine,
        conversation: str,
        exchange: Exchange,
        before: Sequence[Turn],
        within: frozenset[str] | None = None,
        asker: str = "",
    ) -> None:
        """Answer a turn; `before` are those that it follows, `within` what documents are asked.

        `asker` has a place in the model's line, where there is one.
        """
        signal = StopSignal()
        exchange.running = True
        with self._changing:  # the work must find itself here
            stream = partial(engine.stream, exchange.question, before, signal, within, asker)
            work = Background(self._work(exchange, stream, signal), interrupt=signal.stop)
            self._running[exchange.id] = _Running(conversation, exchange, work)

    def exchanges(self, conversation: str) -> dict[str, Exchange]:
        """The turns of a conversation that are being answered, as they are now."""
        with self._changing:
            return {
                turn: running.exchange
                for turn, running in self._running.items()
                if running.conversation == conversation
            }

    def watch(self, turn: str) -> Background[Answer] | tuple[()]:
        """What is reported of a turn while it is being answered."""
        running = self._running.get(turn)
        return running.work if running else ()

    def conversations(self) -> set[str]:
        """The conversations in which something is being answered."""
        with self._changing:
            return {running.conversation for running in self._running.values()}

    def stop(self, conversation: str) -> None:
        """End what is being answered in a conversation; what there is of it is kept."""
        with self._changing:
            works = [
                (turn, running.work)
                for turn, running in self._running.items()
                if running.conversation == conversation
            ]
        for turn, work in works:
            self._end(turn, "stopped")
            work.stop()

    def _work(
        self, exchange: Exchange, stream: Callable[[], Any], signal: StopSignal
    ) -> Callable[[Callable[[Answer], bool]], None]:
        def work(report: Callable[[Answer], bool]) -> None:
            with self._changing:
                pass  # until it is known that this runs
            try:
                self._follow(exchange, stream(), signal, report)
            except FootnoteError as problem:
                self._end(exchange.id, "failed", str(problem))
            except Exception:
                log.exception("The engine failed on a question")
                self._end(exchange.id, "failed", FAILED)
            else:
                if exchange.answer is not None and exchange.answer.state == "done":
                    self._end(exchange.id, "answered")
                else:
                    self._end(exchange.id, "failed", CUT_OFF)

        return work

    def _follow(
        self,
        exchange: Exchange,
        snapshots: Any,
        signal: StopSignal,
        report: Callable[[Answer], bool],
    ) -> None:
        with closing(snapshots):
            for answer in snapshots:
                is_new_stage = exchange.answer is None or exchange.answer.state != answer.state
                if signal.stopped:
                    return
                exchange.answer = answer
                if is_new_stage and answer.state != "done":
                    self._keep(exchange, "asked")  # so that it is there if this process is killed
                if not report(answer):
                    return

    def _end(self, turn: str, state: TurnState, problem: str = "") -> None:
        """Keep how a turn ended; only the first to say so is heard."""
        with self._changing:
            running = self._running.get(turn)
            if running is None or running.has_ended:
                return
            running.has_ended, exchange = True, running.exchange
        exchange.stopped, exchange.problem = state == "stopped", problem
        exchange.in_journal = self._keep(exchange, state) and state == "answered"
        exchange.running = False
        with self._changing:
            del self._running[turn]

    def _keep(self, exchange: Exchange, state: TurnState) -> bool:
        try:
            self._conversations.keep(exchange.id, exchange.answer, state, exchange.problem)
        except FootnoteError as problem:
            log.warning("A turn could not be kept: %s", problem)  # the engine tells the visitor
            return False
        return True
