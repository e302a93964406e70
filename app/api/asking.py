"""Asking on behalf of a program that waits: streamed or whole, and stopped when it goes away."""

from collections.abc import AsyncGenerator, Awaitable, Callable, Coroutine, Iterator, Sequence
from contextlib import aclosing, contextmanager
from typing import Any, TypeVar

import anyio
from anyio import from_thread, to_thread
from starlette.requests import Request

from app.answer import Answer
from app.api.problems import Refused
from app.checking.checked_text import CheckedText
from app.engine import Engine
from app.models.generation import StopSignal
from app.understanding.follow_up import Turn

AT_ONCE = 4
"""Questions and texts that are worked on at once; others wait."""
ASKER = "a program"
"""One and all: where a model has a line, a batch of theirs is not before the next on the page."""
MOST = 32
"""Those that wait or are worked on; further ones are turned away."""

T = TypeVar("T")


class Asking:
    """Asks an engine and has it check texts, for so many at once."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._threads: anyio.CapacityLimiter | None = None
        self._waiting = 0

    async def answers(
        self, question: str, turns: Sequence[Turn], within: frozenset[str] | None = None
    ) -> AsyncGenerator[Answer, None]:
        """Yield the answer, ever more complete; closing the iterator stops the model.

        `within` are the names of the documents that are asked; without, all of them are.

        Raises Refused where too many wait already.
        """
        stop = StopSignal()
        with self._a_place():
            answers = self._engine.stream(question, turns, stop, within, ASKER)
            try:
                while True:
                    answer = await to_thread.run_sync(
                        next, answers, None, abandon_on_cancel=True, limiter=self._limiter()
                    )
                    if answer is None:
                        return
                    yield answer
            finally:
                stop.stop()

    async def checked(
        self,
        text: str,
        document_type: str = "markdown",
        tell: Callable[[CheckedText], Coroutine[Any, Any, None]] | None = None,
    ) -> CheckedText:
        """Hold a text against the documents; `tell` hears what there is of it, ever more.

        Cancelling stops the work. Raises Refused where too many wait already.
        """

        def work() -> CheckedText:
            for checked in self._engine.checking(text, document_type=document_type):
                from_thread.check_cancelled()
                if tell is not None:
                    from_thread.run(tell, checked)
            return checked

        with self._a_place():
            return await to_thread.run_sync(work, limiter=self._limiter())

    def _limiter(self) -> anyio.CapacityLimiter:
        if self._threads is None:  # an event loop's own
            self._threads = anyio.CapacityLimiter(AT_ONCE)
        return self._threads

    @contextmanager
    def _a_place(self) -> Iterator[None]:
        if self._waiting >= MOST:
            raise Refused(503, "Too many ask at once.", "Ask again in a moment.", Retry_After="5")
        self._waiting += 1
        try:
            yield
        finally:
            self._waiting -= 1


async def last_of(answers: AsyncGenerator[Answer, None]) -> Answer:
    """Return the whole answer."""
    async with aclosing(answers):
        return [answer async for answer in answers][-1]


async def while_there(request: Request, work: Awaitable[T]) -> T:
    """Return what comes of `work`; it is cancelled when the program that asked goes away.

    Raises Refused then, for nobody to hear.
    """
    found: list[T] = []
    problem: Exception | None = None
    async with anyio.create_task_group() as tasks:

        async def watch() -> None:
            while (await request.receive())["type"] != "http.disconnect":
                pass
            tasks.cancel_scope.cancel()

        tasks.start_soon(watch)
        try:
            found.append(await work)
        except Exception as error:  # else it would leave the group as one of several
            problem = error
        tasks.cancel_scope.cancel()
    if problem is not None:
        raise problem
    if not found:
        raise Refused(400, "The program that asked has gone away.")
    return found[0]
