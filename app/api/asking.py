"""Asking on behalf of a program that waits: streamed or whole, and stopped when it goes away."""

from collections.abc import AsyncGenerator, Iterator, Sequence
from contextlib import aclosing, contextmanager

import anyio
from anyio import to_thread
from starlette.requests import Request

from app.answer import Answer
from app.api.problems import Refused
from app.engine import Engine
from app.models.generation import StopSignal
from app.understanding.follow_up import Turn

AT_ONCE = 4
"""Questions that are worked on at once; others wait."""
MOST = 32
"""Questions that wait or are worked on; further ones are turned away."""


class Asking:
    """Asks an engine, for so many at once."""

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
        if self._threads is None:  # an event loop's own
            self._threads = anyio.CapacityLimiter(AT_ONCE)
        with self._a_place():
            answers = self._engine.stream(question, turns, stop, within)
            try:
                while True:
                    answer = await to_thread.run_sync(
                        next, answers, None, abandon_on_cancel=True, limiter=self._threads
                    )
                    if answer is None:
                        return
                    yield answer
            finally:
                stop.stop()

    @staticmethod
    async def whole(request: Request, answers: AsyncGenerator[Answer, None]) -> Answer:
        """Return the last of the answers; raises Refused when the program has gone away."""
        last: Answer | None = None
        problem: Exception | None = None
        async with anyio.create_task_group() as tasks:

            async def watch() -> None:
                while (await request.receive())["type"] != "http.disconnect":
                    pass
                tasks.cancel_scope.cancel()

            tasks.start_soon(watch)
            try:
                async with aclosing(answers):
                    async for answer in answers:
                        last = answer
            except Exception as error:  # else it would leave the group as one of several
                problem = error
            tasks.cancel_scope.cancel()
        if problem is not None:
            raise problem
        if last is None or last.state != "done":
            raise Refused(400, "The program that asked has gone away.")
        return last

    @contextmanager
    def _a_place(self) -> Iterator[None]:
        if self._waiting >= MOST:
            raise Refused(503, "Too many ask at once.", "Ask again in a moment.", Retry_After="5")
        self._waiting += 1
        try:
            yield
        finally:
            self._waiting -= 1
