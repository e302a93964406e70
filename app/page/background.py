"""Work on a thread of its own, watched through the latest thing it reported.

A browser cannot draw every token, and stopping must not wait for a model that is reading its
prompt: a watcher sees the newest report, misses the ones in between, and may leave at any time.
"""

import threading
from collections.abc import Callable, Iterator
from typing import Generic, TypeVar

Report = TypeVar("Report")


class Background(Generic[Report]):
    """Runs `work(report)`. `report(value)` says False when nobody wants to know more.

    A watcher is given one report every `pause` seconds at most, and the last one at once. Each of
    several sees the newest first.
    """

    def __init__(
        self,
        work: Callable[[Callable[[Report], bool]], None],
        pause: float = 0.08,
        interrupt: Callable[[], None] = lambda: None,
    ) -> None:
        """`interrupt` is called when the work is to stop, for work that may report nothing yet."""
        self._work = work
        self._pause = pause
        self._interrupt = interrupt
        self._changed = threading.Condition()
        self._news: list[Report] = []  # the newest alone
        self._reports = 0
        self._finished = False
        self._problem: Exception | None = None
        self.stopped = False
        threading.Thread(target=self._run, daemon=True).start()

    def stop(self) -> None:
        """End the watching at once, and the work when it is interrupted or reports next."""
        with self._changed:
            self.stopped = True
            self._changed.notify_all()
        self._interrupt()

    def __iter__(self) -> Iterator[Report]:
        """Yield the newest report whenever there is one. Raises what the work raised."""
        seen = 0
        while (newest := self._newest(seen)) is not None:
            seen, report = newest
            yield report
            with self._changed:
                self._changed.wait_for(lambda: self._finished or self.stopped, self._pause)
        if self.stopped:
            return
        if self._problem is not None:
            raise self._problem

    def _newest(self, seen: int) -> tuple[int, Report] | None:
        """Wait for a report after the first `seen`; None when there is none to come."""
        with self._changed:
            self._changed.wait_for(lambda: self._reports > seen or self._finished or self.stopped)
            if self.stopped or self._reports == seen:
                return None
            return self._reports, self._news[0]

    def _run(self) -> None:
        try:
            self._work(self._report)
        except Exception as problem:
            self._problem = problem
        finally:
            with self._changed:
                self._finished = True
                self._changed.notify_all()

    def _report(self, value: Report) -> bool:
        with self._changed:
            self._news, self._reports = [value], self._reports + 1
            self._changed.notify_all()
            return not self.stopped
