"""What a visitor uploads, until it is added: in a folder of ours, under a name of ours.

FOOTNOTE_HOME/uploads/
    <run>/          what the visitors of one running Footnote have uploaded
    <run>.lock      held as long as it runs: what has no holder is left of one that was killed
"""

import os
import secrets
import threading
import time
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath, PureWindowsPath
from unicodedata import category

import anyio

from ingest.errors import DocumentError, FootnoteError
from ingest.loaders import MAX_BYTES, SUFFIXES
from ingest.run_folders import RunFolder

LONGEST_NAME = 200
"""Bytes of a file's name. File systems take 255, and a number may be put behind it."""
MOST_WAITING = 40 * MAX_BYTES
"""Bytes of all that was uploaded and is not added yet."""
MOST_FILES = 10_000
"""Files that are uploaded and not added yet: empty ones take no bytes, but a name on the disk."""
KEPT_S = 3600.0
"""Seconds after which what nobody added is removed."""


TOO_LARGE = f"it is larger than the limit of {MAX_BYTES / 1e6:.0f} MB."
SPLIT = "Split it into smaller files."


class Unread(DocumentError):
    """A file is none that is read, whenever it is sent."""


class TooLarge(Unread):
    """A file is larger than what is read."""


@dataclass(frozen=True)
class Upload:
    """A file as it was given: what it is called, where its bytes are, how many, and since when."""

    name: str
    path: Path
    size: int
    at: float


class Uploads:
    """Takes files in, and hands each out once, to whoever has the token that was given for it."""

    def __init__(self, home: Path) -> None:
        """Make a folder for this run. `removed` counts what was left of those that were killed."""
        self._folder = RunFolder(home.resolve() / "uploads")
        self.removed = self._folder.removed
        self._changing = threading.Lock()
        self._waiting: dict[str, Upload] = {}
        self._bytes = 0  # of what waits and of what is coming in

    async def take(self, name: str, size: int | None, pieces: AsyncIterator[bytes]) -> str:
        """Write a file as it comes in, and return the token for which `given` hands it out.

        `size` is what the sender says; no more than MAX_BYTES is taken whatever they say. Raises
        DocumentError for what is not taken, and OSError; nothing is left then.
        """
        _check_name(name)
        if size is not None and size > MAX_BYTES:
            raise TooLarge(name, TOO_LARGE, SPLIT)
        self._forget_old()
        path = self._folder.path / secrets.token_hex(16)
        written = 0
        self._hold(name, 0)
        try:
            # "x" makes a new file, and follows no link.
            async with await anyio.open_file(path, "xb", opener=_for_us_alone) as file:
                async for piece in pieces:
                    written += len(piece)
                    self._hold(name, len(piece))
                    if written > MAX_BYTES:
                        raise TooLarge(name, TOO_LARGE, SPLIT)
                    await file.write(piece)
        except BaseException:  # also where the sender hangs up
            self._discard([Upload(name, path, written, 0.0)])
            raise
        token = secrets.token_urlsafe(16)
        with self._changing:
            self._waiting[token] = Upload(name, path, written, time.monotonic())
        return token

    @contextmanager
    def given(self, tokens: Sequence[str]) -> Iterator[list[Upload]]:
        """Hand out uploads, once; what is left of them after the block is removed.

        Raises FootnoteError where one of them is not there, or not any more.
        """
        with self._changing:
            if len(set(tokens)) < len(tokens) or not all(each in self._waiting for each in tokens):
                raise FootnoteError("These files are not here any more. Please add them again.")
            uploads = [self._waiting.pop(token) for token in tokens]
        try:
            yield uploads
        finally:
            self._discard(uploads)

    def close(self) -> None:
        """Remove what nobody added."""
        self._folder.close()

    def _hold(self, name: str, size: int) -> None:
        with self._changing:
            self._bytes += size
            if self._bytes > MOST_WAITING or len(self._waiting) >= MOST_FILES:
                problem = "too many files wait to be added."
                raise DocumentError(name, problem, "Add fewer at once, or wait a little.")

    def _forget_old(self) -> None:
        now = time.monotonic()
        with self._changing:
            old = [token for token, each in self._waiting.items() if now - each.at > KEPT_S]
            forgotten = [self._waiting.pop(token) for token in old]
        self._discard(forgotten)

    def _discard(self, uploads: Sequence[Upload]) -> None:
        for upload in uploads:
            upload.path.unlink(missing_ok=True)
            with self._changing:
                self._bytes -= upload.size


def _check_name(name: str) -> None:
    """Raises DocumentError for what is no plain name, here or on Windows, of a format we read."""
    plain = PurePosixPath(name).name == name == PureWindowsPath(name).name != ".."
    has_controls = any(category(character) == "Cc" for character in name)
    if not plain or has_controls or len(name.encode()) > LONGEST_NAME:
        problem = "no file can be kept under this name."
        raise DocumentError(name[:LONGEST_NAME], problem, "Rename it.")
    if PurePosixPath(name).suffix.lower() not in SUFFIXES:
        raise Unread(
            name, "this format is not read.", "Save it as .pdf, .docx, .html, .md or .txt."
        )


def _for_us_alone(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)
