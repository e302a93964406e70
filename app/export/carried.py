"""What a saved file carries as data, so that a stranger can prove its quotes.

The answers as they are shown, and the SHA-256 of the documents' files and of their canonical texts:
JSON, in which nothing ends a comment, a script or an element of what it is put into.
"""

import io
import json
import re
import zipfile
import zlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from hashlib import sha256
from typing import Any, Self

from app.answer import Answer
from app.export.written import in_order, source_of
from app.journal import Kept
from ingest.errors import DocumentError
from ingest.loaders import LOADER_VERSION

VERSION = 1
"""Raised when a name in the data goes or means something else."""

FILE_NAME = "footnote.json"
"""What the data are called where a file has room for others."""
WORD_NAMESPACE = "urn:footnote:carried"

TextOf = Callable[[str, str], str | None]
"""The canonical text of a document, by its name and the SHA-256 of its file, while it has that."""

_SHOWN = (
    "id", "question", "searched_for", "outcome", "quotes", "told", "prose", "withheld", "citations",
    "missing", "model", "prose_first", "notices",
)  # fmt: skip
_IN_TEXT = re.compile(
    rb'(?:<!-- footnote |<script type="application/json" id="footnote">)(\{.*?\})'
    rb"(?: -->|</script>)",
    re.DOTALL,
)
_WORD_PART = re.compile(r"customXml/item\d+\.xml")
_MOST = 20_000_000  # bytes of data: a conversation of a thousand answers has two million
_REMEDY = "Save the answer again, as Markdown, HTML, PDF or Word."


@dataclass(frozen=True)
class TextSeal:
    """Which canonical text is meant: the SHA-256 of its UTF-8, and how many characters it has."""

    sha256: str
    characters: int

    @classmethod
    def of(cls, text: str) -> Self:
        """The seal of a text."""
        return cls(sha256(text.encode("utf-8", "surrogatepass")).hexdigest(), len(text))


@dataclass(frozen=True)
class Carried:
    """What a saved file carries.

    `texts` has the canonical texts by the SHA-256 of their files, as far as they were there when
    the file was saved; `today` what cited documents were then, as SHA-256 by name. `loaders`
    is the version of what read them.
    """

    kept: tuple[Kept, ...]
    texts: Mapping[str, TextSeal]
    today: Mapping[str, str]
    loaders: int


def carried(kept: Sequence[Kept], today: Mapping[str, str], text_of: TextOf) -> str:
    """The data of a file of these answers; `today` has the documents' SHA-256 by name."""
    cited = {each.document_sha256: each.document for one in kept for each in one.answer.citations}
    texts = {file: text_of(name, file) for file, name in cited.items()}
    data = {
        "footnote": VERSION,
        "loaders": LOADER_VERSION,
        "texts": {
            file: asdict(TextSeal.of(text)) for file, text in texts.items() if text is not None
        },
        "today": {
            name: file for name, file in today.items() if file in cited or name in cited.values()
        },
        "sources": [source_of(each) for one in kept for each in in_order(one.answer)],
        "answers": [{"answered_at": one.answered_at, **_shown(one.answer)} for one in kept],
    }
    return embeddable(data)


def embeddable(data: dict[str, Any]) -> str:
    """Return data as JSON that may stand in HTML and in a comment of Markdown."""
    written = json.dumps(data, separators=(",", ":"))
    for sign in "<>&":
        written = written.replace(sign, f"\\u{ord(sign):04x}")
    return written.replace("--", "-\\u002d")


def taken_from(content: bytes, name: str) -> Carried:
    """What a saved file carries; `name` tells its format. Raises DocumentError without."""
    try:
        written = _written_in(content)
    except (
        ValueError, SyntaxError, zipfile.BadZipFile, zlib.error, EOFError, RuntimeError,
    ) as error:  # fmt: skip
        problem = "it carries no data of Footnote, so that its quotes cannot be proven."
        raise DocumentError(name, problem, _REMEDY) from error
    try:
        data = json.loads(written)
        kept = tuple(Kept(Answer.from_json(each), each["answered_at"]) for each in data["answers"])
        texts = {file: TextSeal(**text) for file, text in data["texts"].items()}
        return Carried(kept, texts, dict(data["today"]), int(data["loaders"]))
    except (AttributeError, KeyError, TypeError, ValueError, RecursionError) as error:
        problem = f"the data that it carries are damaged ({type(error).__name__}: {error})."
        raise DocumentError(name, problem, _REMEDY) from error


def _written_in(content: bytes) -> bytes:
    """The JSON in a file, whatever its format. Raises ValueError without."""
    if content.startswith(b"%PDF"):
        return _attached(content)
    if content.startswith(b"PK"):
        return _part(content)
    found = _IN_TEXT.findall(content)
    if len(found) != 1:
        raise ValueError(f"{len(found)} times")
    return bytes(found[0])


def _attached(content: bytes) -> bytes:
    import pypdfium2

    try:
        with pypdfium2.PdfDocument(content) as document:
            files = (
                document.get_attachment(number) for number in range(document.count_attachments())
            )
            return next(bytes(each.get_data()) for each in files if each.get_name() == FILE_NAME)
    except (pypdfium2.PdfiumError, StopIteration) as error:
        raise ValueError(str(error)) from error


def _part(content: bytes) -> bytes:
    from defusedxml import ElementTree

    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        for part in parts.infolist():
            if _WORD_PART.fullmatch(part.filename) and part.file_size < _MOST:
                root = ElementTree.fromstring(parts.read(part))
                if root.tag == f"{{{WORD_NAMESPACE}}}carried":
                    return str(root.text or "").encode()
    raise ValueError("no such part")


def _shown(answer: Answer) -> dict[str, Any]:
    """The record of an answer without what no reader of the file is shown."""
    record = replace(answer, citations=tuple(in_order(answer))).to_json()
    return {name: record[name] for name in _SHOWN}
