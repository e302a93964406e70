"""What the page needs from the rest of Footnote, and nothing more."""

from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from datetime import datetime
from pathlib import Path
from typing import Protocol

from app.answer import Answer
from app.checking.checked_text import CheckedText
from app.journal import Journal
from app.models.generation import StopSignal
from app.receipts import Skipped
from app.understanding.follow_up import Turn
from ingest.advance import Progress
from ingest.places import PagePlaces
from ingest.receipts import Receipt, ReceiptLine


class ModelChoice(Protocol):
    """The language model in use, and why it and no other."""

    @property
    def kind(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def label(self) -> str: ...
    @property
    def where(self) -> str: ...
    @property
    def why(self) -> str: ...
    @property
    def context_window(self) -> int: ...


class Engine(Protocol):
    """Answers questions, and keeps finished answers in its journal where it has one."""

    @property
    def model_choice(self) -> ModelChoice: ...
    @property
    def journal(self) -> Journal | None: ...

    def checking(
        self, text: str | bytes, name: str = "", longest: int = ...
    ) -> Generator[CheckedText, None, None]:
        """Hold a text, Markdown or the bytes of a file, against the documents.

        Yields what there is of it, ever more; the last is whole. Raises DocumentError for a file
        that cannot be read, or one longer than `longest`.
        """
        ...

    def stream(
        self,
        question: str,
        conversation: Sequence[Turn],
        stop: StopSignal,
        within: frozenset[str] | None,
    ) -> Iterator[Answer]:
        """Yield the answer, ever more complete; `stop` or closing the iterator ends it.

        `within` are the names of the documents that are asked; None is all of them.
        """
        ...


class Document(Protocol):
    """A document of the catalogue. `pages` is None for a format without pages.

    `status` is "indexed", or "failed" for one that has no text; `warnings` then say why. `names`
    are those of all files with its content, by their paths.
    """

    @property
    def name(self) -> str: ...
    @property
    def names(self) -> Mapping[str, str]: ...
    @property
    def title(self) -> str: ...
    @property
    def type(self) -> str: ...
    @property
    def date(self) -> str | None: ...
    @property
    def sha256(self) -> str: ...
    @property
    def pages(self) -> int | None: ...
    @property
    def passages(self) -> int: ...
    @property
    def status(self) -> str: ...
    @property
    def warnings(self) -> Sequence[str]: ...
    @property
    def read_at(self) -> str: ...


class DocumentText(Protocol):
    """A document with its canonical text; `page_starts` are offsets, empty without pages.

    `hidden` is what its readers do not see, and its text does not have.
    """

    @property
    def text(self) -> str: ...
    @property
    def hidden(self) -> Sequence[str]: ...
    @property
    def document(self) -> Document: ...
    @property
    def page_starts(self) -> Sequence[int]: ...


class Noticed(Protocol):
    """What was done with a document whose folder is followed, and when, in local time."""

    @property
    def at(self) -> datetime: ...
    @property
    def line(self) -> ReceiptLine: ...


class Upload(Protocol):
    """A file as a visitor gave it: what it is called, and where its bytes are."""

    @property
    def name(self) -> str: ...
    @property
    def path(self) -> Path: ...


class Passage(Protocol):
    """A piece of a document that is found as one: `[start, end)` of its text."""

    @property
    def start(self) -> int: ...
    @property
    def end(self) -> int: ...
    @property
    def text(self) -> str: ...


class Library(Protocol):
    """The catalogue as the page sees it; shared by all visitors."""

    @property
    def is_following(self) -> bool:
        """Whether a folder is followed, and what changes in it brought in by itself."""
        ...

    def documents(self) -> Sequence[Document]: ...

    def text(self, name: str, sha256: str | None = None) -> DocumentText | None:
        """The document as it was when it had this hash, where that is kept; else as it is now.

        None when there is no document of that name.
        """
        ...

    def content(self, name: str, sha256: str) -> bytes | None:
        """The bytes of a document's file, while they are those that have this hash.

        None when the file has changed since it was read, or is gone.
        """
        ...

    def page(self, name: str, number: int) -> PagePlaces | None:
        """Where a document's text stands on its page `number` (from 1), or None without pages."""
        ...

    def add(
        self, files: Sequence[Upload], progress: Progress, stopped: Callable[[], bool]
    ) -> Receipt: ...

    def fetch(self, address: str, progress: Progress, stopped: Callable[[], bool]) -> Receipt: ...

    def noticed(self) -> tuple[int, Sequence[Noticed]]:
        """How often a folder that is followed has changed, and what was done, last first."""
        ...

    def questions_to_try(self, name: str) -> Sequence[str]:
        """Questions that a document answers."""
        ...

    def about(self, name: str) -> str:
        """The sentence that tells what a document is about, or nothing."""
        ...

    def receipt(self, name: str) -> ReceiptLine | None:
        """What is known of a document since it was read; None where there is none."""
        ...

    def passages(self, name: str) -> Sequence[Passage]:
        """How a document was cut, in reading order."""
        ...

    def skipped(self) -> Sequence[Skipped]:
        """The files that were not read, and why."""
        ...

    def remove(self, name: str) -> None: ...

    def holding(self, words: str) -> Sequence[str]:
        """The names of documents with a passage that holds all these words."""
        ...

    def collections(self) -> Mapping[str, AbstractSet[str]]:
        """The names of the documents of each collection."""
        ...

    def gather(self, collection: str, names: Sequence[str], *, out: bool = False) -> None:
        """Put documents into a collection, or take them out of it."""
        ...

    def example_questions(self, within: frozenset[str] | None) -> Sequence[str]: ...
