"""The home: which index in it answers, who writes to it, and that nobody else looks in.

    FOOTNOTE_HOME/
        current                     the name of the folder that answers questions
        index-<fingerprint>/        a built index; see ingest/index.py
        writing.lock                held by the one process that changes anything
        added/                      documents that were dropped on the page
        uploads/                    what is being dropped
        fetching/                   what is being fetched
        origins.json                from where on the web what was fetched is
        journal.sqlite              what was asked and answered
        collections.json            documents that are asked together (and collections.lock)
        chosen.json                 which model was chosen on the page
        calibration.json            when to refuse, where it was fitted here
        keys.json                   hashes of the keys that programs have
        footnote.log                faults that no sentence was written for

All of it is its owner's alone: folders 0700, files 0600, whatever the umask.
"""

import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from ingest.errors import CatalogueError
from ingest.faults import told

_OURS = (
    "current*", "index-*", "writing.lock", "added", "uploads", "fetching",
    "origins.json", "journal.sqlite*", "collections.*", "chosen.json", "calibration.json",
    "keys.json", "footnote.log",
)  # fmt: skip
_OTHERS = 0o077
_LOOK_AT_DISK = "Look after the disk and try again."


def make_private(home: Path) -> None:
    """Make the home if it is not there, and keep it private. Raises CatalogueError."""
    with told("The home", home, _LOOK_AT_DISK):
        home.mkdir(mode=0o700, parents=True, exist_ok=True)
    keep_private(home)


def keep_private(home: Path) -> None:
    """Take from others what they may do in the home.

    What lies in it and is not Footnote's, or is not this user's, is left as it is.
    """
    for path in open_to_others(home):
        with suppress(OSError):  # gone meanwhile, another's, or on a disk that is read-only
            path.chmod(path.stat().st_mode & ~_OTHERS)


def open_to_others(home: Path) -> list[Path]:
    """Return the home and what of Footnote lies in it, as far as others may do anything with it."""
    ours = [path for pattern in _OURS for path in home.glob(pattern)]
    within = [
        Path(folder, name)
        for top in ours
        if not top.is_symlink()
        for folder, folders, files in os.walk(top)
        for name in (*folders, *files)
    ]
    return [path for path in (home, *ours, *within) if _is_open(path)]


def _is_open(path: Path) -> bool:
    try:
        return not path.is_symlink() and bool(path.stat().st_mode & _OTHERS)
    except OSError:
        return False


def added_folder(home: Path) -> Path:
    """Return the folder that keeps the documents dropped on the page."""
    return home.resolve() / "added"


def current_folder(home: Path) -> Path | None:
    """Return the folder of the index that answers questions, or None before the first ingest.

    Where `current` is damaged and there is one index alone, that is the one. Raises CatalogueError
    where there are several, and where the home cannot be read.
    """
    with told("The home", home, _LOOK_AT_DISK):
        named = _named(home)
        if named == "":
            return None
        if named is not None and _is_index(home / named):
            return home / named
        found = index_folders(home)
    if len(found) > 1:
        names = ", ".join(folder.name for folder in found)
        raise CatalogueError(
            f"{home / 'current'} is damaged, and it is not known which index answers: {names}. "
            "Write the name of one of them into that file; `footnote ingest` does the rest."
        )
    return found[0] if found else None


def index_folders(home: Path) -> list[Path]:
    """Return the folders of a home that have a catalogue, the one that answers among them."""
    return [folder for folder in sorted(home.glob("index-*")) if _is_index(folder)]


def is_current_damaged(home: Path) -> bool:
    """Whether `current` is there and names no index."""
    named = _named(home)
    return named is None or (named != "" and not _is_index(home / named))


def _named(home: Path) -> str | None:
    """Return the name in `current`: empty where there is no such file, None where it is damaged."""
    path = home / "current"
    try:
        name = path.read_text("utf-8").strip()
    except FileNotFoundError:
        return ""
    except (IsADirectoryError, UnicodeDecodeError):
        return None
    return name if re.fullmatch(r"index-[\w-]+", name) else None


def _is_index(folder: Path) -> bool:
    """Whether it has a catalogue; a process killed while it makes one leaves an empty file."""
    path = folder / "catalogue.sqlite"
    return path.is_file() and path.stat().st_size > 0


def make_current(home: Path, folder: Path) -> None:
    """Have `folder` answer questions from now on, and clear other indexes away."""
    current = home / "current"
    if current.is_dir():
        shutil.rmtree(current)
    write_whole(current, folder.name)
    for other in home.glob("index-*"):
        if other.name != folder.name:
            shutil.rmtree(other, ignore_errors=True)


def write_whole(path: Path, content: str) -> None:
    """Write a file whole or not at all: another process may read it at any moment.

    Raises CatalogueError where it cannot be written.
    """
    with told("The file", path, _LOOK_AT_DISK):
        pending = path.with_suffix(".new")
        pending.write_text(content, "utf-8")
        os.replace(pending, path)


@contextmanager
def writing(home: Path, wait: bool = True) -> Iterator[bool]:
    """Hold the lock of a home to write in it, and make it if it is not there; as `locked`.

    What was written is its owner's alone when the lock is let go.
    """
    make_private(home)
    with locked(home, wait) as is_held:
        try:
            yield is_held
        finally:
            if is_held:
                keep_private(home)


@contextmanager
def locked(home: Path, wait: bool = True) -> Iterator[bool]:
    """Hold the one lock under which anything in `home` changes; say whether it could be had.

    Another holder is waited for, except with `wait=False`. A thread that holds it has it again.
    Raises CatalogueError where nothing can be written.
    """
    from filelock import FileLock, Timeout

    path = home.resolve() / "writing.lock"
    with told("The lock", path, _LOOK_AT_DISK):
        lock = FileLock(path, mode=0o600, is_singleton=True)
        try:
            lock.acquire(timeout=-1 if wait else 0)
        except Timeout:
            is_held = False
        else:
            is_held = True
    try:
        yield is_held
    finally:
        if is_held:
            lock.release()
