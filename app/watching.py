"""A folder that is followed: what changes in it is brought in by itself, and said."""

import threading
from collections.abc import Callable
from pathlib import Path

from app.library import Library
from ingest.errors import FootnoteError
from ingest.receipts import Receipt

_TOGETHER_MS = 1600  # changes that follow each other so closely are one


class Watch:
    """Follows `folder` until it is closed; `tell` gets the receipt of each change.

    `fail` is told in words what went wrong; the folder is followed on.
    """

    def __init__(
        self,
        folder: Path,
        library: Library,
        tell: Callable[[Receipt], None],
        fail: Callable[[str], None],
    ) -> None:
        self._folder, self._library, self._tell, self._fail = folder, library, tell, fail
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._follow, daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Follow it no more; what is being brought in is stopped."""
        self._stop.set()
        self._thread.join(5)

    def _follow(self) -> None:
        from watchfiles import watch

        changes = watch(
            self._folder,
            watch_filter=None,
            debounce=_TOGETHER_MS,
            rust_timeout=200,
            yield_on_timeout=True,
            stop_event=self._stop,
            raise_interrupt=False,
        )
        is_first = True
        for found in changes:
            # What changed before it was followed is brought in once it is.
            if not found and not is_first:
                continue
            is_first = False
            try:
                receipt = self._library.follow(self._folder, self._stop.is_set)
            except FootnoteError as problem:
                self._fail(str(problem))
                continue
            if any(line.action != "unchanged" for line in receipt.lines):
                self._tell(receipt)
