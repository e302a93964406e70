"""What a disk can do to a file of ours, each as one sentence that says what to do."""

import errno
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ingest.errors import CatalogueError

_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_FORBIDDEN = {errno.EROFS, errno.EACCES, errno.EPERM}
_EXHAUSTED = {errno.EMFILE, errno.ENFILE}

_MAKE_ROOM = "Make room and try again; what was finished is kept."
_PERMIT = "Footnote writes there even to read: give it permission to, or name another --home."
_LET_GO = "Wait until that one is done, or end it, and try again."
_LOOK_AT_DISK = "Look after the disk and try again; what was finished is kept."


@contextmanager
def told(what: str, path: Path, if_damaged: str) -> Iterator[None]:
    """Raise CatalogueError where `what` at `path` cannot be used; `if_damaged` is its remedy.

    Faults that are not of the disk but of the program go on as they are.
    """
    try:
        yield
    except (OSError, sqlite3.Error) as error:
        sentence = in_words(error, what, path, if_damaged)
        if sentence is None:
            raise
        raise CatalogueError(sentence) from error


def in_words(error: Exception, what: str, path: Path, if_damaged: str = "") -> str | None:
    """Return the sentence for a fault of the disk, or None where it is none."""
    subject = f"{what} {path}"
    if isinstance(error, OSError):
        return _of_system(error, subject)
    if isinstance(error, sqlite3.Error):
        return _of_sqlite(error, subject, if_damaged)
    return None


def _of_system(error: OSError, subject: str) -> str:
    reason = error.strerror or str(error)
    if error.errno in _FULL:
        return f"{subject} cannot be written: the disk is full ({reason}). {_MAKE_ROOM}"
    if error.errno in _FORBIDDEN:
        return f"{subject} cannot be written ({reason}). {_PERMIT}"
    if error.errno in _EXHAUSTED:
        return f"{subject} cannot be opened: too many files are open. Start Footnote again."
    return f"{subject} cannot be used ({reason}). {_LOOK_AT_DISK}"


def _of_sqlite(error: sqlite3.Error, subject: str, if_damaged: str) -> str | None:
    name = getattr(error, "sqlite_errorname", "")
    if name == "SQLITE_FULL":
        return f"{subject} cannot be written: the disk is full. {_MAKE_ROOM}"
    if name.startswith(("SQLITE_READONLY", "SQLITE_CANTOPEN", "SQLITE_PERM")):
        return f"{subject} cannot be opened for writing ({error}). {_PERMIT}"
    if name.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")):
        return f"{subject} is in use by another process ({error}). {_LET_GO}"
    # A file or its log that ends too early is damage; text that is no UTF-8 has no error name.
    is_short = name == "SQLITE_IOERR_SHORT_READ"
    is_garbled = isinstance(error, sqlite3.OperationalError) and not name
    if type(error) is sqlite3.DatabaseError or is_short or is_garbled:
        return f"{subject} cannot be read ({error}). {if_damaged}"
    if name.startswith("SQLITE_IOERR"):
        return f"{subject} cannot be used ({error}). {_LOOK_AT_DISK}"
    return None
