"""Collections: documents that are asked together. A folder is one by itself; others are made.

Those that are made stand in `collections.json` of the home, by the names of their documents, so
that a document which is read again, or by another Footnote, is still in them. Any collection may
have a context: a line that says what it is and how to read it.
"""

import json
import os
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from functools import cache
from pathlib import Path, PurePath, PurePosixPath

from app.scope import Scope
from ingest.catalogue import Catalogue, Document
from ingest.errors import CatalogueError, DocumentError, SettingsError
from ingest.home import keep_private, make_private, write_whole

LONGEST_NAME = 100
"""Characters of a collection's name."""
LONGEST_CONTEXT = 500
"""Characters of the line about a collection."""


@dataclass(frozen=True)
class Made:
    """What somebody said of a collection: names of documents in it, and a line about it.

    A folder is a collection without being here; its line is here, if it has one.
    """

    documents: tuple[str, ...] = ()
    context: str = ""


def tidy(name: str) -> str:
    """Return a collection's name as it is kept: without blanks around it or doubled in it."""
    return " ".join(name.split())[:LONGEST_NAME]


class Collections:
    """The collections of a home."""

    def __init__(self, home: Path) -> None:
        self._home = home
        self._path = home / "collections.json"

    def all(self, documents: Sequence[Document], roots: Iterable[Path]) -> dict[str, set[str]]:
        """Return the names of the documents of each collection, by its name.

        `roots` are the folders that were ingested whole; each folder in them is a collection too.
        """
        found: dict[str, set[str]] = {}
        above = tuple(roots)
        within = cache(lambda folder: _folders(PurePath(folder), above))
        for document in documents:
            for name in within(os.path.dirname(document.path)):
                found.setdefault(name, set()).add(document.name)
        known = {document.name for document in documents}
        for name, members in self.made().items():
            found.setdefault(name, set()).update(known & set(members.documents))
        return dict(sorted(found.items(), key=lambda each: each[0].casefold()))

    def stamp(self) -> str:
        """Return what is another as soon as something is said of a collection."""
        try:
            return str(self._path.stat().st_mtime_ns)
        except OSError:
            return ""

    def made(self) -> dict[str, Made]:
        """Return what was said of collections, by their names."""
        try:
            written = json.loads(self._path.read_text("utf-8"))
            return {str(name): _read(members) for name, members in written.items()}
        except FileNotFoundError:
            return {}
        except (OSError, ValueError, AttributeError, KeyError, TypeError) as error:
            raise CatalogueError(
                f"The collections in {self._path} cannot be read ({error}). Mend the file, or move "
                "it away to begin anew."
            ) from error

    def contexts(self) -> dict[str, str]:
        """Return the line about each collection that has one."""
        return {name: made.context for name, made in self.made().items() if made.context}

    def put(self, name: str, documents: Iterable[str]) -> None:
        """Put documents into a collection, which is made if it is not there."""
        more = set(documents)
        self._change(
            name, lambda made: replace(made, documents=tuple(sorted({*made.documents, *more})))
        )

    def describe(self, name: str, context: str) -> None:
        """Say in a line what a collection is; an empty one takes back what was said."""
        line = " ".join(context.split())[:LONGEST_CONTEXT]
        self._change(name, lambda made: replace(made, context=line))

    def take(self, name: str, documents: Iterable[str] | None = None) -> None:
        """Take documents out of a collection; the last one, or None, takes the collection away."""
        if documents is None:
            self._change(name, lambda made: Made())
            return
        out = set(documents)
        self._change(
            name, lambda made: replace(made, documents=tuple(sorted({*made.documents} - out)))
        )

    def _change(self, name: str, change: Callable[[Made], Made]) -> None:
        """Change a collection, one process and one thread at a time."""
        from filelock import FileLock

        name = tidy(name)
        if not name:
            return
        make_private(self._home)
        with FileLock(self._path.with_suffix(".lock"), mode=0o600):
            made = self.made()
            changed = change(made.pop(name, Made()))
            if changed != Made():
                made[name] = changed
            written = {name: asdict(each) for name, each in made.items()}
            write_whole(self._path, json.dumps(written, ensure_ascii=False, indent=2))
        keep_private(self._home)


def _read(written: object) -> Made:
    """Read what was written of a collection: a list of names, before there were contexts."""
    if isinstance(written, list):
        return Made(tuple(map(str, written)))
    made = dict(written)  # type: ignore[call-overload]
    return Made(tuple(map(str, made["documents"])), str(made["context"]))


def _folders(folder: PurePath, roots: Sequence[Path]) -> list[str]:
    """Return the collections that what lies in a folder is in: the ingested one, those within."""
    root = next((each for each in roots if folder.is_relative_to(each)), None)
    if root is None:
        return []
    below = PurePosixPath(folder.relative_to(root).as_posix())
    within = [each for each in (below, *below.parents) if each.name]
    return [root.name, *(f"{root.name}/{each}" for each in within)]


def asked_in(
    catalogue: Catalogue, home: Path, collections: Sequence[str], documents: Sequence[str]
) -> frozenset[str] | None:
    """Return the names of the documents to ask; None for all. Raises where one is not there."""
    known = catalogue.documents()
    there = Collections(home).all(known, catalogue.roots())
    names = {document.name for document in known}
    for name in documents:
        if name not in names:
            raise DocumentError(name, "is not in the catalogue.", "`footnote documents` lists all.")
    for name in collections:
        if name not in there:
            listed = ", ".join(there) or "none yet"
            raise SettingsError(f"There is no collection {name}. There are: {listed}.")
    return Scope(tuple(collections), tuple(documents)).names(known, there)
