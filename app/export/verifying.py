"""Proving a saved file: each of its quotes is looked for in the documents' files themselves."""

from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path, PurePath

from app.answer import Citation
from app.export.carried import Carried, TextSeal, carried, taken_from
from app.export.kinds import BY_SUFFIX
from app.export.written import in_order, numbered
from ingest.errors import DocumentError
from ingest.loaders import LOADER_VERSION, MAX_BYTES
from ingest.reading import Reader

_READ_OTHERWISE = "another version of Footnote read this file: it counts its characters otherwise."


@dataclass(frozen=True)
class Proven:
    """What came of a quote; `problem` says why it is not proven, and is empty where it is."""

    number: int
    document: str
    start: int
    end: int
    quote: str
    problem: str = ""


@dataclass(frozen=True)
class Verified:
    """What came of a saved file.

    `problem` says what is the matter with the file itself, and is empty where it says what the
    data say that it carries.
    """

    quotes: tuple[Proven, ...]
    problem: str = ""

    @property
    def holds(self) -> bool:
        """Whether the file is what it should be, and each of its quotes is proven."""
        return not self.problem and all(not each.problem for each in self.quotes)


def verify(content: bytes, name: str, documents: Path) -> Verified:
    """Prove each quote of a saved file from the files of a folder, whatever they are called.

    All are read anew, in a process of its own. Raises DocumentError for a file that is no saved one
    or carries damaged data.
    """
    said = taken_from(content, name)
    with Reader(None) as reader:
        found = _Files(documents, reader)
        quotes = tuple(_prove(number, each, said, found) for number, each in _quotes(said))
        return Verified(quotes, _otherwise(content, name, said, reader))


def _quotes(said: Carried) -> Iterator[tuple[int, Citation]]:
    """The footnotes in order, counted on over the answers."""
    count = 0
    for kept in said.kept:
        numbers = numbered(kept.answer, count)
        count += len(numbers)
        for each in in_order(kept.answer):
            yield numbers[each.marker], each


class _Files:
    """The files of a folder by what they hold, and their canonical texts."""

    def __init__(self, folder: Path, reader: Reader) -> None:
        self._reader = reader
        self._paths: dict[str, Path] = {}
        self.names: set[str] = set()
        self._texts: dict[str, str | DocumentError] = {}
        for path in sorted(path for path in folder.rglob("*") if path.is_file()):
            self.names.add(path.name)
            if path.stat().st_size <= MAX_BYTES:
                self._paths[sha256(path.read_bytes()).hexdigest()] = path

    def text(self, document: str, file: str) -> str | None:
        """The text of the file with this SHA-256, read as the `document` it was; None without.

        Raises DocumentError where it cannot be read.
        """
        if file not in self._paths:
            return None
        if file not in self._texts:
            content = self._paths[file].read_bytes()
            try:
                self._texts[file] = self._reader.read(content, document)().loaded.text
            except DocumentError as error:
                self._texts[file] = error
        found = self._texts[file]
        if isinstance(found, DocumentError):
            raise found
        return found


def _prove(number: int, cited: Citation, said: Carried, files: _Files) -> Proven:
    return Proven(
        number, cited.document, cited.start, cited.end, cited.quote, _problem(cited, said, files)
    )


def _problem(cited: Citation, said: Carried, files: _Files) -> str:
    """Why a quote is not proven; nothing where it is."""
    try:
        text = files.text(cited.document, cited.document_sha256)
    except DocumentError as error:
        return f"its document cannot be read: {error.problem}"
    if text is None:
        if PurePath(cited.document).name in files.names:
            return "its document has changed: the file of this name has another SHA-256."
        return f"its document is not there: no file has the SHA-256 {cited.document_sha256}."
    is_there = 0 <= cited.start < cited.end and text[cited.start : cited.end] == cited.quote
    known = said.texts.get(cited.document_sha256)
    is_same = known is None or known == TextSeal.of(text)
    if is_there and (is_same or said.loaders != LOADER_VERSION):
        return ""
    if said.loaders != LOADER_VERSION and cited.quote in text:
        return _READ_OTHERWISE
    if is_there:
        return "its document’s text is not the one whose SHA-256 the file has."
    if cited.quote in text:
        return f"it stands elsewhere in its document, at {text.find(cited.quote)}."
    return "its document does not have these words."


def _otherwise(content: bytes, name: str, said: Carried, reader: Reader) -> str:
    """How a file says something else than its data; nothing where it does not.

    It is written once more from them, and both are read: what Word, say, has saved anew says the
    same, in whatever form.
    """
    suffix = PurePath(name).suffix.lower()
    if suffix not in BY_SUFFIX:
        return f"files of type “{suffix}” are not written by Footnote: give it its own ending."
    data = carried(said.kept, said.today, lambda *_: None)
    anew = BY_SUFFIX[suffix].file(said.kept, said.today, data)
    try:
        shown, meant = (_said(reader, each, name) for each in (content, anew))
    except DocumentError as error:
        return f"the file cannot be read: {error.problem}"
    if shown == meant:
        return ""
    at = next((at for at, (a, b) in enumerate(zip(shown, meant, strict=False)) if a != b), None)
    where = f"near “{shown[max(0, at - 30) : at + 30]}”" if at is not None else "at its end"
    return f"it says something else than the data that it carries, {where}."


def _said(reader: Reader, content: bytes, name: str) -> str:
    """What a file says, without its spaces and ends of lines."""
    return "".join(reader.read(content, name)().loaded.text.split())
