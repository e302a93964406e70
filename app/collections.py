"""Collections: documents that are asked together. A folder is one by itself; others are made.

Those that are made stand in `collections.json` of the home, by the names of their documents, so
that a document which is read again, or by another Footnote, is still in them.
"""

import json
import threading
from collections.abc import Iterable, Sequence
from pathlib import Path, PurePath, PurePosixPath

from app.scope import Scope
from ingest.catalogue import Catalogue, Document
from ingest.errors import CatalogueError, DocumentError, SettingsError
from ingest.home import keep_private, make_private, write_whole

LONGEST_NAME = 100
"""Characters of a collection's name."""


class Collections:
    """The collections of a home."""

    _changing = threading.Lock()  # one for all: the page and the API have each their own

    def __init__(self, home: Path) -> None:
        self._home = home
        self._path = home / "collections.json"

    def all(self, documents: Sequence[Document], roots: Iterable[Path]) -> dict[str, set[str]]:
        """Return the names of the documents of each collection, by its name.

        `roots` are the folders that were ingested whole; each folder in them is a collection too.
        """
        found: dict[str, set[str]] = {}
        folders = list(roots)
        for document in documents:
            for name in _folders(document, folders):
                found.setdefault(name, set()).add(document.name)
        known = {document.name for document in documents}
        for name, members in self.made().items():
            found.setdefault(name, set()).update(known & set(members))
        return dict(sorted(found.items(), key=lambda each: each[0].casefold()))

    def made(self) -> dict[str, list[str]]:
        """Return the collections that somebody made, with the names of what is in them."""
        try:
            written = json.loads(self._path.read_text("utf-8"))
            return {str(name): [str(each) for each in members] for name, members in written.items()}
        except FileNotFoundError:
            return {}
        except (OSError, ValueError, AttributeError, TypeError) as error:
            raise CatalogueError(
                f"The collections in {self._path} cannot be read ({error}). Mend the file, or move "
                "it away to begin anew."
            ) from error

    def put(self, name: str, documents: Iterable[str]) -> None:
        """Put documents into a collection, which is made if it is not there."""
        name = " ".join(name.split())[:LONGEST_NAME]
        if name:
            with self._changing:
                made = self.made()
                made[name] = sorted({*made.get(name, ()), *documents})
                self._write(made)

    def take(self, name: str, documents: Iterable[str] | None = None) -> None:
        """Take documents out of a collection; the last one, or None, takes the collection away."""
        with self._changing:
            made = self.made()
            left = sorted(set(made.pop(name, ())) - set(documents or ()))
            if left and documents is not None:
                made[name] = left
            self._write(made)

    def _write(self, made: dict[str, list[str]]) -> None:
        make_private(self._home)
        write_whole(self._path, json.dumps(made, ensure_ascii=False, indent=2))
        keep_private(self._home)


def _folders(document: Document, roots: Sequence[Path]) -> list[str]:
    """Return the folders a document is in: the one that was ingested, and those within it."""
    root = next((each for each in roots if PurePath(document.path).is_relative_to(each)), None)
    if root is None:
        return []
    below = PurePosixPath(PurePath(document.path).relative_to(root).as_posix()).parents
    return [root.name, *(f"{root.name}/{each}" for each in below if str(each) != ".")]


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
