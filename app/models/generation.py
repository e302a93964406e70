"""One answer being written: text as it comes, in the reader's thread, stoppable from any other.

A model's stream is read in a background event loop, because only there can it be stopped at any
moment: also while the model still reads the prompt and no byte has come back. Cancelling the task
closes the connection, and every server that we speak to stops generating when that happens.
"""

import asyncio
import queue
import threading
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Any, Literal, Protocol, TypeVar

from app.models.thinking import parted
from ingest.errors import ModelError

T = TypeVar("T")


class Closable(Protocol):
    """What can be closed from any thread."""

    def close(self) -> None: ...


C = TypeVar("C", bound=Closable)


@dataclass(frozen=True)
class Message:
    """A part of a prompt: what the model is told to be, or what it is asked."""

    role: Literal["system", "user"]
    content: str


@dataclass(frozen=True)
class Delta:
    """One piece of a stream: text (may be empty), and what the server says beside it.

    `thought` is what the model thinks aloud, where the server tells it apart.
    `finish` is the reason given with the last piece; a stream that ends without one was broken off.
    `likely` are the likeliest tokens in place of this one with their probabilities.
    """

    text: str = ""
    thought: str = ""
    finish: str | None = None
    likely: dict[str, float] | None = None
    prompt_tokens: int | None = None
    answer_tokens: int | None = None


@dataclass
class Usage:
    """Tokens of one generation, and why it ended: "stop", "length", or None while it is going on.

    `likely` are the likeliest first tokens with their probabilities, where the server tells them.
    Until the server has reported its counts, and when it never does, `prompt_tokens` is our own
    count and `answer_tokens` the number of pieces received.

    `said` is all that was said so far, without the `thought` that came before. Where only the end
    of the thoughts is marked, what was said before it becomes thought.
    """

    prompt_tokens: int
    answer_tokens: int = 0
    finish: str | None = None
    likely: dict[str, float] | None = None
    said: str = ""
    thought: str = ""


class BrokenOff(Exception):
    """The stream ended without saying that it was finished."""


class Loop:
    """An event loop in a daemon thread of its own."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(
            target=self._loop.run_forever, name="footnote-model", daemon=True
        )
        self._thread.start()

    def submit(self, work: Coroutine[Any, Any, T]) -> Future[T]:
        """Start `work`; the future can be cancelled from any thread."""
        return asyncio.run_coroutine_threadsafe(work, self._loop)

    def close(self, farewell: Callable[[], Coroutine[Any, Any, None]]) -> None:
        """Cancel whatever still runs, do the `farewell`, and end; closing twice does nothing."""
        if self._loop.is_closed():
            return
        self.submit(_cancel_the_others()).result()
        self.submit(farewell()).result()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()


async def _cancel_the_others() -> None:
    others = asyncio.all_tasks() - {asyncio.current_task()}
    for task in others:
        task.cancel()
    await asyncio.gather(*others, return_exceptions=True)


class Generation(Iterator[str]):
    """Iterate for the text; raises ModelError where the stream fails. Close it to stop early.

    A piece is empty where the model has only thought, or takes back what it said: `usage.said` is
    whole.

    `close` may be called from any thread, at any time, and more than once; a reader that is
    waiting for the next piece then simply reaches the end.
    """

    def __init__(
        self,
        loop: Loop,
        deltas: AsyncIterator[Delta],
        usage: Usage,
        patience: float,
        explain: Callable[[Exception], ModelError],
    ) -> None:
        """`patience`: seconds without a new piece until giving up."""
        self.usage = usage
        self._pieces: queue.SimpleQueue[str | ModelError | None] = queue.SimpleQueue()
        self._over = False
        # Nothing in the task refers to this object, so one that is dropped unread is stopped too
        self._task = loop.submit(_pump(deltas, usage, patience, explain, self._pieces))
        # A task cancelled before its first step never reports its own end
        self._task.add_done_callback(_reporter(self._pieces))

    def __next__(self) -> str:
        if self._over:
            raise StopIteration
        piece = self._pieces.get()
        if isinstance(piece, str):
            return piece
        self._over = True
        if piece is None:
            raise StopIteration
        raise piece

    def close(self) -> None:
        """Stop the generation, here and on the server."""
        self._task.cancel()

    def __del__(self) -> None:
        self.close()


class StopSignal:
    """Stops the answering of one question, at once, from any thread.

    It closes what was started for the question last (a generation, a place in a line), and
    whatever would be started for it later.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._started: Closable | None = None
        self.stopped = False

    def stop(self) -> None:
        """Stop; stopping again, or when everything is over, does nothing."""
        with self._lock:
            self.stopped = True
            started = self._started
        if started is not None:
            started.close()

    def watch(self, started: C) -> C:
        """Return what was started, which from now on is what is to be closed."""
        with self._lock:
            self._started = started
            too_late = self.stopped
        if too_late:
            started.close()
        return started


def _reporter(pieces: "queue.SimpleQueue[str | ModelError | None]") -> Callable[[Any], None]:
    return lambda _: pieces.put(None)


async def _pump(
    deltas: AsyncIterator[Delta],
    usage: Usage,
    patience: float,
    explain: Callable[[Exception], ModelError],
    pieces: "queue.SimpleQueue[str | ModelError | None]",
) -> None:
    """Move the stream into `pieces`, text by text, and keep `usage` up to date."""
    written = told = ""
    try:
        while True:
            async with asyncio.timeout(patience):
                delta = await anext(deltas, None)
            if delta is None:
                break
            _account(delta, usage)
            if delta.text or delta.thought:
                written, told = written + delta.text, told + delta.thought
                before, (thought, usage.said) = usage.said, parted(written)
                usage.thought = "\n".join(filter(None, (told.strip(), thought)))
                went_on = usage.said.startswith(before)
                pieces.put(usage.said[len(before) :] if went_on else "")
        if usage.finish is None:
            raise BrokenOff
    except Exception as error:  # three foreign libraries raise here, whatever they please
        pieces.put(explain(error))


def _account(delta: Delta, usage: Usage) -> None:
    if delta.text or delta.thought:
        usage.answer_tokens += 1
    usage.finish = delta.finish or usage.finish
    usage.likely = usage.likely or delta.likely
    if delta.prompt_tokens is not None:
        usage.prompt_tokens = delta.prompt_tokens
    if delta.answer_tokens is not None:
        usage.answer_tokens = delta.answer_tokens


def whole(generation: Generation) -> str:
    """All that is said, once it is."""
    for _ in generation:
        pass
    return generation.usage.said
