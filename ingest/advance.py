"""How far a run has come, told as it goes on; and that it may be stopped."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass


class Stopped(Exception):
    """A run was asked to stop. It is no error: what was finished is kept."""


@dataclass(frozen=True)
class Advance:
    """Which document is worked on, and the share of the whole run that is done, in [0, 1].

    `done` of `documents` are finished, with `pages` in all; `read` bytes of files in `seconds`.
    """

    document: str
    share: float
    done: int = 0
    documents: int = 0
    pages: int = 0
    read: float = 0.0
    seconds: float = 0.0

    @property
    def speed(self) -> float:
        """Bytes of files a second."""
        return self.read / self.seconds if self.seconds else 0.0

    @property
    def left(self) -> float | None:
        """The seconds it will still take, if it goes on like this; None while that is a guess."""
        if self.share < 0.02 or self.seconds < 1:
            return None
        return self.seconds * (1 - self.share) / self.share


Progress = Callable[[Advance], None]


class Course:
    """Follows a run over files, whose names and sizes in bytes are known."""

    def __init__(
        self, tell: Progress, stopped: Callable[[], bool], files: Sequence[tuple[str, int]]
    ) -> None:
        self._tell, self._stopped, self._files = tell, stopped, files
        self._total = sum(size for _, size in files) or 1
        self._began = time.monotonic()
        self._done, self._before, self._pages = 0, 0, 0

    def advance(self, share: float) -> None:
        """Say what share of the present file is done. Raises Stopped."""
        if self._stopped():
            raise Stopped
        name, size = self._files[self._done]
        read = self._before + size * share
        self._tell(
            Advance(
                name,
                read / self._total,
                self._done,
                len(self._files),
                self._pages,
                read,
                time.monotonic() - self._began,
            )
        )

    def finish(self, pages: int) -> None:
        """Say that the present file is done, and how many pages it had."""
        self._before += self._files[self._done][1]
        self._done += 1
        self._pages += pages

    def end(self) -> None:
        """Say that all is done."""
        seconds = time.monotonic() - self._began
        many = len(self._files)
        self._tell(Advance("", 1.0, self._done, many, self._pages, self._before, seconds))
