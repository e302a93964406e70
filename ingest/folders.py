"""Folders → files: which there are, what each is called, and its bytes, read once and whole."""

import os
import stat
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import NamedTuple
from unicodedata import normalize

from ingest.catalogue import Catalogue
from ingest.errors import DocumentError
from ingest.loaders import MAX_BYTES
from ingest.origins import Origin

GONE = ("is not there (any more).", "Check the path and ingest it again.")
CHANGED = ("changed while it was being read.", "Ingest it again when it has been written.")

_COARSEST_CLOCK = 2_000_000_000  # ns; that of FAT

# O_NONBLOCK is not on Windows, where O_BINARY must be asked for.
_READ_AT_ONCE = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
_NO_LINK = getattr(os, "O_NOFOLLOW", 0)  # nor is this


class State(NamedTuple):
    """A file's inode, its size in bytes, and when it and what is known of it changed, in ns."""

    inode: int
    size: int
    modified: int
    changed: int

    def __str__(self) -> str:
        return " ".join(str(number) for number in self)

    def tells_content_since(self, looked: int) -> bool:
        """Whether any change after `looked`, in ns, has made or will make it another.

        A change in the same tick of the file system's clock may leave the times as they are.
        """
        return max(self.modified, self.changed) < looked - _COARSEST_CLOCK


@dataclass(frozen=True)
class File:
    """A file to look at: where it is, what it is called, and whether the user named it.

    `source` is where its bytes are until it has been read and takes its place, `origin` where on
    the web they are from. `again` asks to read it even if nothing about it has changed.
    """

    path: Path
    name: str
    named: bool
    source: Path | None = None
    origin: Origin | None = None
    again: bool = False

    @property
    def suffix(self) -> str:
        """What its format is told by, in lower case."""
        return self.path.suffix.lower()

    @property
    def size(self) -> int:
        """Its size in bytes; 0 when it is gone."""
        state = self.state
        return state.size if state else 0

    @property
    def state(self) -> "State | None":
        """What is different when another content may be in its place; None when it is gone."""
        try:
            found = self._bytes_at.stat()
        except OSError:
            return None
        return State(found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns)

    @property
    def is_gone(self) -> bool:
        """Whether there is nothing at its path; what is only out of reach is not gone."""
        return isinstance(self._obstacle(), FileNotFoundError | NotADirectoryError)

    @property
    def is_in_reach(self) -> bool:
        """Whether there is something at its path that can be looked at."""
        return self._obstacle() is None

    @property
    def _bytes_at(self) -> Path:
        return self.source or self.path

    def _obstacle(self) -> OSError | None:
        try:
            self._bytes_at.stat()
        except OSError as error:
            return error
        return None

    @property
    def is_nameable(self) -> bool:
        """Whether its path is text; some file systems allow any bytes."""
        return _text(str(self.path)) == str(self.path)

    def read(self) -> bytes:
        """Read it whole, and once.

        Raises DocumentError when it is gone, shut, too large, no regular file or being written.
        """
        try:
            # Looked at before it is opened: opening alone can set a device going.
            _require_regular(self._bytes_at.stat(), self.name)
            # Without waiting for a writer, should it have become a pipe since.
            how = _READ_AT_ONCE | (_NO_LINK if self.source else 0)
            with open(os.open(self._bytes_at, how), "rb") as file:
                before = os.fstat(file.fileno())
                _require_regular(before, self.name)
                _require_small(before.st_size, self.name)
                # What the size says may be wrong: /proc says 0, and a log grows.
                content = file.read(MAX_BYTES + 1)
                _require_small(len(content), self.name)
                after = os.fstat(file.fileno())
        except FileNotFoundError as error:
            raise DocumentError(self.name, *GONE) from error
        except OSError as error:
            raise DocumentError(
                self.name, f"cannot be read ({error.strerror}).", "Check its permissions."
            ) from error
        if (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns):
            raise DocumentError(self.name, *CHANGED)
        return content

    def take_place(self) -> None:
        """Move its bytes to its path; what was there is replaced at one stroke."""
        if self.source is not None:
            os.replace(self.source, self.path)


def _require_regular(found: os.stat_result, name: str) -> None:
    if not stat.S_ISREG(found.st_mode):
        raise DocumentError(name, "is not a regular file.", "Name a file or a folder.")


def _require_small(size: int, name: str) -> None:
    if size > MAX_BYTES:
        raise DocumentError(
            name,
            f"the file has {size / 1e6:.0f} MB or more, the limit is {MAX_BYTES / 1e6:.0f} MB.",
            "Split it into smaller files.",
        )


def find_files(
    paths: Sequence[Path], catalogue: Catalogue, known: Mapping[Path, str] | None = None
) -> Iterator[File]:
    """Yield every file under absolute `paths` once, in order, and note the folders among them.

    `known` are names that files had in another catalogue, and keep.
    """
    seen: set[Path] = set()
    names = {**(known or {}), **catalogue.names_by_path()}
    taken = set(names.values())
    for path in paths:
        # os.path, for a folder that is out of reach is an error to pathlib.
        is_folder = os.path.isdir(path)
        if is_folder:
            catalogue.add_root(path)
        roots = catalogue.roots()
        for file in _files_under(path) if is_folder else [path]:
            if file in seen:
                continue
            seen.add(file)
            if file not in names:
                names[file] = unique_name(file, path, roots, taken.__contains__)
                taken.add(names[file])
            yield File(file, _text(names[file]), named=file == path)


def _text(name: str) -> str:
    """Replace what stands for bytes that are no text."""
    return name.encode("utf-8", "replace").decode()


def _files_under(folder: Path) -> Iterator[Path]:
    """Yield the files below `folder` in order; hidden ones and links to elsewhere are not ours."""
    inside = folder.resolve()
    for parent, folders, files in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(files):
            path = os.path.join(parent, name)
            if name.startswith((".", "~$")) or not os.path.isfile(path):
                continue
            # Folders that are links are not walked into, so that only a file can lead elsewhere.
            if not os.path.islink(path) or Path(path).resolve().is_relative_to(inside):
                yield Path(path)


def unique_name(
    file: Path, given: Path, roots: Sequence[Path], is_taken: Callable[[str], bool]
) -> str:
    """Name a file by its path below the folder that was ingested; if taken, with that folder.

    In Unicode's composed form: file systems keep names as they were typed, or decompose them.
    """
    above = [given] if file != given else [root for root in roots if root in file.parents]
    root = max(above, key=lambda folder: len(folder.parts), default=file.parent)
    name = _name_below(root, file)
    while is_taken(name) and root != root.parent:
        root = root.parent
        name = _name_below(root, file)
    if not is_taken(name):
        return name
    # Another file whose name only differs in its Unicode form.
    numbered = (f"{name} ({number})" for number in count(2))
    return next(name for name in numbered if not is_taken(name))


def _name_below(root: Path, file: Path) -> str:
    return normalize("NFC", file.relative_to(root).as_posix())
