"""Faults for which no sentence was written: one all the same, and the details in a file."""

import os
import traceback
from datetime import UTC, datetime
from pathlib import Path

import platformdirs

_LARGEST = 1_000_000  # bytes


def faults_file() -> Path:
    """Where the details of such faults are kept, for their reporter to read."""
    return platformdirs.user_log_path("footnote", appauthor=False) / "faults.log"


def in_one_sentence(error: BaseException) -> str:
    """Note the details, and return what is said to the user: what happened, and where they are."""
    path = faults_file()
    details = "".join(traceback.format_exception(error))
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        is_large = path.exists() and path.stat().st_size > _LARGEST
        way = os.O_WRONLY | os.O_CREAT | (os.O_TRUNC if is_large else os.O_APPEND)
        with os.fdopen(os.open(path, way, 0o600), "w", encoding="utf-8") as log:
            log.write(f"{datetime.now(UTC).isoformat(timespec='seconds')}\n{details}\n")
        where = f"The details are in {path}; please report them."
    except OSError as unwritable:
        where = f"The details could not be written to {path} ({unwritable.strerror})."
    return f"A fault in Footnote ({_named(error)}). Nothing that was finished is lost. {where}"


def forget_faults() -> None:
    """Take the details of all faults off the disk."""
    faults_file().unlink(missing_ok=True)


def _named(error: BaseException) -> str:
    words = " ".join(str(error).split())
    return f"{type(error).__name__}: {words[:200]}" if words else type(error).__name__
