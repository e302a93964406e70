"""Documents inside a document: what is attached to a message, what an archive holds."""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from pathlib import PurePath

from ingest.errors import DocumentError, fault
from ingest.loaders.document import MAX_CHARACTERS
from ingest.loaders.writing import below_a_heading, heading
from ingest.loaders.zipped import MAX_UNPACKED

DEEPEST = 3
"""How deep one document may lie in others: a PDF in an archive that a message brings lies at 2."""

_OCR_SECONDS = 40  # of computing: a reader of documents is given a minute for each
_NAMED = 10
_ONE_BY_ONE = "Add its documents one by one."


@dataclass
class Bounds:
    """What one file may take, with all that is in it: bytes in all its parts, time for OCR."""

    depth: int = 0
    octets: int = field(default_factory=lambda: MAX_UNPACKED)
    ocr_until: float = field(default_factory=lambda: time.process_time() + _OCR_SECONDS)


_BOUNDS: ContextVar[Bounds | None] = ContextVar("bounds", default=None)


def bounds() -> Bounds:
    """Those of the file that is being loaded."""
    return _BOUNDS.get() or Bounds()


@contextmanager
def bounded() -> Iterator[None]:
    """Set the bounds of a file; a document inside of it has those that it has, one deeper."""
    outer = _BOUNDS.get()
    if outer is None:
        token = _BOUNDS.set(Bounds())
        try:
            yield
        finally:
            _BOUNDS.reset(token)
    else:
        outer.depth += 1
        try:
            yield
        finally:
            outer.depth -= 1


def is_read(name: str) -> bool:
    """Whether a document of that name is unpacked and read: by its suffix."""
    from ingest.loaders import SUFFIXES

    return PurePath(name).suffix.lower() in SUFFIXES


def named(names: Sequence[str]) -> str:
    """The names as a receipt lists them: the first ones, where they are many."""
    return ", ".join(names[:_NAMED]) + (", …" if len(names) > _NAMED else "")


class Parts:
    """The documents inside the one called `name`, as blocks of its text: each under its name.

    `blocks` and `hidden` are for its text, `warnings()` for its receipt.
    """

    def __init__(self, name: str) -> None:
        self.blocks: list[str] = []
        self.hidden: list[str] = []
        self._name = name
        self._room = MAX_CHARACTERS
        self._warnings: list[str] = []
        self._unread: list[str] = []

    def add(self, name: str, unpack: Callable[[], bytes]) -> None:
        """Read a document that lies in this one. Raises DocumentError where all is too much."""
        from ingest.loaders import load

        within = bounds()
        if not is_read(name):
            self._unread.append(name)
            return
        if within.depth == DEEPEST:
            self._unread.append(f"{name} (it lies too deep in other files)")
            return
        try:
            content = unpack()
            within.octets -= len(content)
            if within.octets < 0:
                self._unread.append(
                    f"{name} (together they have over {MAX_UNPACKED / 1e6:,.0f} MB)"
                )
                return
            document = load(content, name)
        except Exception as error:
            told = fault(name, error)
            self._warnings.append(f"{name}: {told.problem} {told.remedy}")
            return
        blocks = [heading(1, name), below_a_heading(document.text)]
        self.blocks += blocks
        self._room -= sum(map(len, blocks))
        self.hidden += document.hidden
        # What was hidden is counted for all together.
        own = document.warnings[: -1 if document.hidden else None]
        self._warnings += (f"{name}: {warning}" for warning in own)
        if self._room < 0:
            problem = f"its documents have more than {MAX_CHARACTERS:,} characters."
            raise DocumentError(self._name, problem, _ONE_BY_ONE)

    def warnings(self, what: str) -> tuple[str, ...]:
        """What the receipt says of the parts; `what` is what they are called."""
        names = self._unread
        unread = [f"{len(names)} {what} not read: {named(names)}."] if names else []
        return (*self._warnings, *unread)
