"""When things happened while a question was answered."""

import time


class Clock:
    """Milliseconds since the question came in; a moment is marked once."""

    def __init__(self) -> None:
        self._started = time.perf_counter()
        self._marks: dict[str, float | None] = {
            "retrieve_ms": None,
            "quotes_ms": None,
            "first_token_ms": None,
            "total_ms": None,
        }

    def mark(self, moment: str) -> None:
        if self._marks[moment] is None:
            self._marks[moment] = round((time.perf_counter() - self._started) * 1000, 1)

    def read(self) -> dict[str, float | None]:
        return dict(self._marks)

    def finish(self) -> dict[str, float | None]:
        self.mark("total_ms")
        return self.read()
