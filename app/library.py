"""The documents as the page, the terminal and the reader see them; shared by all visitors."""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import islice, zip_longest
from pathlib import Path

from app.quoting.suggesting import asks, heading_question
from ingest.catalogue import Document
from ingest.errors import DocumentError
from ingest.folders import File
from ingest.index import Index
from ingest.pipeline import ReceiptLine, added_folder, remove, sync
from ingest.places import PagePlaces

_EXAMPLES = 4


@dataclass(frozen=True)
class DocumentText:
    """A document with its canonical text; `page_starts` are offsets, empty without pages.

    `hidden` is what its readers do not see, and its text does not have.
    """

    document: Document
    text: str
    hidden: tuple[str, ...] = ()

    @property
    def page_starts(self) -> Sequence[int]:
        return self.document.page_starts


class Library:
    """What is in the index of `home`, and how to add to it and take away from it."""

    def __init__(self, home: Path, index: Index) -> None:
        self._home = home
        self._index = index

    def documents(self) -> list[Document]:
        """Return every document, those that could not be read too, by name."""
        return self._index.catalogue.documents()

    def text(self, name: str, sha256: str | None = None) -> DocumentText | None:
        """Return a document as it is now, or None where there is none of that name.

        `sha256` is what a reader remembers of it. Only the present text is kept, so one that has
        changed comes back changed: compare the hashes.
        """
        document = self._index.catalogue.document(name)
        text = self._index.catalogue.text(name)
        if document is None or text is None:
            return None
        return DocumentText(document, text, self._index.catalogue.hidden(name))

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
        self, files: Sequence[Path], progress: Callable[[str, float], None]
    ) -> list[ReceiptLine]:
        """Take copies of files into the home and ingest them; a file of the same name replaces.

        What is no regular file, or larger than is read, leaves no copy.
        """
        folder = added_folder(self._home)
        folder.mkdir(parents=True, exist_ok=True)
        copies, refused = [], []
        for file in files:
            try:
                content = File(file, file.name, named=True).read()
            except DocumentError as error:
                problem = f"{error.problem} {error.remedy}"
                refused.append(ReceiptLine(file.name, "failed", problem=problem))
                continue
            copies.append(folder / file.name)
            copies[-1].write_bytes(content)
        added = sync(copies, self._home, self._index.embedder, progress).lines if copies else []
        return [*added, *refused]

    def remove(self, name: str) -> None:
        """Take a document out. Raises DocumentError where there is none of that name."""
        remove(name, self._home, self._index)

    def example_questions(self) -> list[str]:
        """Return a few questions the documents answer: their own headings that ask something.

        Where too few ask, other headings are asked for; each document is asked once, then again.
        """
        catalogue = self._index.catalogue
        asking, telling = [], []
        for document in catalogue.documents():
            questions = {
                section: heading_question(document.title, section)
                for section in catalogue.sections(document.name)
            }
            asking.append([questions[section] for section in questions if asks(section)])
            telling.append([questions[section] for section in questions if not asks(section)])
        in_turn = [
            question
            for kind in (asking, telling)
            for round in zip_longest(*kind)
            for question in round
            if question
        ]
        return list(islice(dict.fromkeys(in_turn), _EXAMPLES))
