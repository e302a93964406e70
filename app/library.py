"""The documents as the page, the terminal and the reader see them; shared by all visitors."""

import hashlib
import re
from collections import deque
from collections.abc import Callable, Collection, Container, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path, PurePath
from typing import Protocol

from app.collections import Collections
from app.quoting.suggesting import example_questions
from app.quoting.summary import summary_line
from app.receipts import Skipped, left_out, questions_to_try, skipped
from app.removing import remove
from ingest.addresses import ingest_addresses
from ingest.advance import Progress
from ingest.catalogue import Document
from ingest.errors import DocumentError
from ingest.facts import facts_of
from ingest.faults import told
from ingest.home import added_folder, current_folder
from ingest.index import Index, open_catalogue
from ingest.origins import read_origins
from ingest.pipeline import refuse, sync
from ingest.places import PagePlaces
from ingest.receipts import Receipt, ReceiptLine, receipt_for
from ingest.stored_passages import StoredPassage

_EXAMPLES = 4
_NOTICED = 20
_NOTEWORTHY = ("added", "changed", "renamed", "deleted", "failed")
_NO_FILE = "Its file is not there (any more), so it stays as it was read. Add it again."
_NO_FILE_NOR_TEXT = "Its file is not there (any more). Nothing of it was kept. Add it again."
_LOOKED_AT = 1_000  # passages
_ABOUT = 3  # passages in which a document says what it is about


@dataclass(frozen=True)
class DocumentText:
    """A document with its canonical text; `page_starts` are offsets, empty without pages.

    `hidden` is what its readers do not see, and its text does not have; `times` are offsets, and
    the seconds into a recording at which it was said what begins there.
    """

    document: Document
    text: str
    hidden: tuple[str, ...] = ()
    times: tuple[tuple[int, int], ...] = ()

    @property
    def page_starts(self) -> Sequence[int]:
        return self.document.page_starts


@dataclass(frozen=True)
class Noticed:
    """What was done with a document whose folder is followed, and when, in local time."""

    at: datetime
    line: ReceiptLine


class Given(Protocol):
    """A file that somebody gave: what it is called, and where its bytes are."""

    @property
    def name(self) -> str: ...
    @property
    def path(self) -> Path: ...


class Library:
    """What is in the index of `home`, and how to add to it and take away from it."""

    def __init__(self, home: Path, index: Index) -> None:
        self._home = home
        self._index = index
        self._noticed: deque[Noticed] = deque(maxlen=_NOTICED)
        self._abouts: dict[tuple[str, str], str] = {}  # by hash, and when it was read
        self._collections = Collections(home)

    def stamp(self) -> str:
        """Return what is another as soon as a document or a collection changes."""
        return f"{self._index.catalogue.stamp()} {self._collections.stamp()}"

    def documents(self) -> list[Document]:
        """Return every document, those that could not be read too, by name."""
        return self._index.catalogue.documents()

    def document(self, name: str, sha256: str = "") -> Document | None:
        """Return what is known of a document, or None where there is none of that name.

        `sha256` is what a reader remembers of it: a document with this content is meant, whatever
        it is called now. Only present ones are kept, so one that has changed comes back changed:
        compare the hashes.
        """
        document = self._index.catalogue.document(name)
        if sha256 and (document is None or document.sha256 != sha256):
            document = self._index.catalogue.document_with(sha256) or document
        return document

    def text(self, name: str, sha256: str = "") -> DocumentText | None:
        """Return a document with its text as it is now; which is meant says `document`."""
        catalogue, document = self._index.catalogue, self.document(name, sha256)
        text = catalogue.text(document.name) if document else None
        if document is None or text is None:
            return None
        name = document.name
        return DocumentText(document, text, catalogue.hidden(name), catalogue.times(name))

    def text_of(self, name: str, sha256: str) -> str | None:
        """Return the canonical text of the file with this hash; None where no document has it."""
        return self._index.catalogue.text_of(name, sha256)

    def content(self, name: str, sha256: str) -> bytes | None:
        """Return the bytes of a document's file, or None when they no longer have this hash."""
        document = self._index.catalogue.document(name)
        if document is None or document.sha256 != sha256:
            return None
        try:
            content = Path(document.path).read_bytes()
        except OSError:
            return None
        return content if hashlib.sha256(content).hexdigest() == sha256 else None

    def page(self, name: str, number: int) -> PagePlaces | None:
        """Return where a document's text stands on its page `number` (from 1); None without."""
        return self._index.catalogue.page(name, number)

    def add(
        self,
        files: Sequence[Given],
        progress: Progress,
        stopped: Callable[[], bool] = lambda: False,
    ) -> Receipt:
        """Move files into the home and ingest them; a file of the same name replaces.

        Two of one name that come together are both kept. What cannot be read replaces nothing, and
        stays where it was. Raises CatalogueError where the catalogue is gone: a new one, with these
        files alone, would be taken for it.
        """
        self._index.catalogue.passage_count()
        folder = added_folder(self._home)
        with told("The folder", folder, ""):
            folder.mkdir(parents=True, exist_ok=True)
        names = _apart([file.name for file in files], folder)
        given = {folder / name: file.path for name, file in zip(names, files, strict=True)}
        receipt = sync(list(given), self._home, self._index.embedder, progress, given, stopped)
        renamed = {name for name, file in zip(names, files, strict=True) if name != file.name}
        return replace(receipt, lines=[_told(line, renamed) for line in receipt.lines])

    def refuse(self, name: str, why: DocumentError) -> None:
        """List a file that was given and is not read, by its plain name, until it is removed."""
        refuse(name, self._home, self._index, why)

    def read_again(
        self,
        names: Sequence[str],
        progress: Progress,
        stopped: Callable[[], bool] = lambda: False,
    ) -> Receipt:
        """Read documents anew from their files, or from their addresses on the web.

        One whose file is gone stays as it is, and is a line of the receipt that says so.
        """
        origins = read_origins(self._home)
        found = list(filter(None, map(self._index.catalogue.document, dict.fromkeys(names))))
        places = {Path(document.path): document.name for document in found}
        addresses = [origins[path].address for path in places if path in origins]
        files = [path for path in places if path not in origins and path.is_file()]
        gone = [path for path in places if path not in origins and not path.is_file()]
        embedder = self._index.embedder
        receipt = sync(files, self._home, embedder, progress, stopped=stopped, again=True)
        if addresses and not receipt.stopped:
            fetched = ingest_addresses(addresses, self._home, embedder, progress, stopped)
            receipt.lines += fetched.lines
            receipt.stopped = fetched.stopped
        unread = {document.name for document in found if document.status == "failed"}
        for name in map(places.__getitem__, gone):
            why = _NO_FILE_NOR_TEXT if name in unread else _NO_FILE
            receipt.lines.append(ReceiptLine(name, "failed", problem=why))
        return receipt

    def removed(self) -> set[str]:
        """Return the paths of the files that were taken out and are left where they are."""
        return set(map(str, self._index.catalogue.removed()))

    def bring_back(
        self,
        paths: Sequence[str],
        progress: Progress,
        stopped: Callable[[], bool] = lambda: False,
    ) -> Receipt:
        """Read files again that were taken out; what else is named is none of ours."""
        removed = self.removed()
        files = [Path(path) for path in paths if path in removed]
        return sync(files, self._home, self._index.embedder, progress, stopped=stopped)

    def fetch(
        self,
        address: str,
        progress: Progress,
        stopped: Callable[[], bool] = lambda: False,
    ) -> Receipt:
        """Fetch a page or file of the web and ingest it; if it is known, ask whether it changed."""
        return ingest_addresses([address], self._home, self._index.embedder, progress, stopped)

    def follow(self, folder: Path, stopped: Callable[[], bool] = lambda: False) -> Receipt:
        """Bring a folder in line that has changed, and note what was done."""
        receipt = sync([folder], self._home, self._index.embedder, stopped=stopped)
        now = datetime.now()
        new = [line for line in receipt.lines if line.action in _NOTEWORTHY]
        self._noticed.extend(Noticed(now, line) for line in new)
        return receipt

    def noticed(self) -> list[Noticed]:
        """Return what was done in a folder that is followed, last first."""
        return list(reversed(self._noticed))

    def questions_to_try(self, name: str) -> list[str]:
        """Return two questions that a document answers."""
        return questions_to_try(name, self._index.catalogue)

    def abouts(self, documents: Sequence[Document] | None = None) -> dict[str, str]:
        """Return the sentence that tells what a document is about, by name, where there is one.

        `documents` are all of them, where they have been read already.
        """
        catalogue = self._index.catalogue
        listed = catalogue.documents() if documents is None else documents
        versions = {each.name: (each.sha256, each.read_at) for each in listed}
        new = [name for name, version in versions.items() if version not in self._abouts]
        first = catalogue.first_passages(new, _ABOUT)
        read = {versions[name]: summary_line(first[name]) for name in new if name in first}
        known = {**self._abouts, **read}
        self._abouts = {each: known[each] for each in versions.values() if each in known}
        return {name: known[each] for name, each in versions.items() if known.get(each)}

    def receipt(self, name: str) -> ReceiptLine | None:
        """Return what is known of a document since it was read; None where there is none."""
        catalogue = self._index.catalogue
        document = catalogue.document(name)
        text = catalogue.text(name)
        if document is None or text is None:
            return None
        return receipt_for(document, catalogue, "unchanged", text, facts_of(text))

    def passages(self, name: str) -> list[StoredPassage]:
        """Return a document's passages as they were cut, in reading order."""
        return self._index.catalogue.passages_of_document(name)

    def skipped(self) -> list[Skipped]:
        """Return the files that were not read, and why, those that failed first."""
        return skipped(self._index.catalogue)

    def left_out(self) -> list[Skipped]:
        """Return the files that are no documents, and why: those of `skipped` that did not fail."""
        return left_out(self._index.catalogue)

    def remove(self, name: str) -> None:
        """Take a document out, with the kept answers that hold words of it.

        Raises DocumentError where there is none of that name.
        """
        remove(name, self._home, self._index)

    def holding(self, words: str) -> list[str]:
        """Return the names of documents with a passage that holds all these words, in any form."""
        catalogue = self._index.catalogue
        total = catalogue.passage_count()
        having = [set(catalogue.search_words([word], total)) for word in re.findall(r"\w+", words)]
        ids = sorted(set.intersection(*having))[:_LOOKED_AT] if having else []
        return sorted({passage.document for passage in catalogue.passages(ids).values()})

    def collections(self, documents: Sequence[Document] | None = None) -> dict[str, set[str]]:
        """Return the names of the documents of each collection.

        `documents` are all of them, where they have been read already.
        """
        catalogue = self._index.catalogue
        known = catalogue.documents() if documents is None else documents
        return self._collections.all(known, catalogue.roots())

    def contexts(self, documents: Collection[str] | None = None) -> dict[str, str]:
        """Return the line about each collection that has one, and any of `documents` if given."""
        contexts = self._collections.contexts()
        if documents is None or not contexts:
            return contexts
        having = self.collections()
        return {
            name: line
            for name, line in contexts.items()
            if not having.get(name, set()).isdisjoint(documents)
        }

    def describe(self, collection: str, context: str) -> None:
        """Say in a line what a collection is; an empty one takes back what was said."""
        self._collections.describe(collection, context)

    def gather(self, collection: str, names: Sequence[str], *, out: bool = False) -> None:
        """Put documents into a collection, or take them out of it."""
        change = self._collections.take if out else self._collections.put
        change(collection, names)

    def example_questions(self, within: frozenset[str] | None = None) -> list[str]:
        """Return a few questions the documents answer; those of the names `within`, if given."""
        return example_questions(self._index.catalogue, _EXAMPLES, within)


def received(home: Path) -> dict[Path, Path]:
    """Return what was dropped on the page, as `sync` takes it; also what a kill left in no list.

    What the catalogue knows from before the home was moved is left alone.
    """
    folder = added_folder(home)
    known = open_catalogue(home).documents() if current_folder(home) else []
    places = [PurePath(path) for document in known for path in document.names]
    moved = {
        place.name
        for place in places
        if place.parent.name == folder.name and place.parent != folder
    }
    inside = sorted(folder.iterdir()) if folder.is_dir() else []
    whole = [path for path in inside if path.is_file() and not path.is_symlink()]
    return {path: path for path in whole if path.name not in moved}


def remove_unlisted(home: Path) -> list[str]:
    """Remove what was dropped on the page and no document has; return its names."""
    listed = {path for document in open_catalogue(home).documents() for path in document.names}
    unlisted = [path for path in received(home) if str(path) not in listed]
    for path in unlisted:
        path.unlink()
    return [path.name for path in unlisted]


def _apart(names: Sequence[str], folder: Path) -> list[str]:
    """Number the names that come again, so that each has its own place in `folder`."""
    apart: list[str] = []
    taken: set[str] = set()  # without regard to case, as on macOS and on Windows
    for name in names:
        plain, number = PurePath(name), 1
        while name.casefold() in taken or (number > 1 and (folder / name).exists()):
            number += 1
            name = f"{plain.stem} ({number}){plain.suffix}"
        taken.add(name.casefold())
        apart.append(name)
    return apart


def _told(line: ReceiptLine, renamed: Container[str]) -> ReceiptLine:
    """Say of a document that it was renamed."""
    if PurePath(line.document).name not in renamed:
        return line
    why = "Another file of this name came with it, so it is kept under a number."
    return replace(line, warnings=(why, *line.warnings))
