"""Bytes to text, and plain text documents."""

import codecs
import re
from typing import TYPE_CHECKING

from ingest.errors import DocumentError
from ingest.loaders.document import LoadedDocument, choose_title

if TYPE_CHECKING:
    from charset_normalizer import CharsetMatch

# A stray control character happens in real text; one byte in a hundred does not. Compressed
# data has about one in nine.
_BINARY_SHARE = 0.01
_BINARY_COUNT = 8

_BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1f\x7f\ud800-\udfff]")
_NEWLINES = re.compile(r"\r\n?|[\x0b\x0c]")
_CONTROL_BYTES = bytes([*range(0x09), *range(0x0E, 0x20), 0x7F])

# The encodings that documents without a mark are found in; a free choice among all that Python
# knows picks EBCDIC for short Western texts.
_LEGACY_ENCODINGS = (
    "cp1252", "cp1250", "cp1251", "cp1253", "cp1254", "cp1255", "cp1256", "koi8_r",
    "shift_jis", "euc_jp", "gb18030", "big5", "euc_kr",
)  # fmt: skip
_TITLE_LINES = 5
_TITLE_CHARACTERS = 120


def read(content: bytes, name: str) -> LoadedDocument:
    """Load plain text as it is. Raises DocumentError for binary content."""
    text, warnings = decode(content, name)
    return LoadedDocument(
        text=text,
        title=choose_title("", name, fallback=_title_line(text)),
        type="text",
        warnings=warnings,
    )


def decode(content: bytes, name: str, declared: str | None = None) -> tuple[str, tuple[str, ...]]:
    """`content` as clean text with "\\n" line breaks, and what was assumed or replaced.

    Tried in order: a byte order mark, UTF-8, the `declared` encoding, a guess. Raises
    DocumentError when the bytes are not text in any of these.
    """
    warnings = []
    text = _decode_marked(content, name)
    if text is None:
        _refuse_binary(content, name)
        try:
            text = content.decode("utf-8")
        except UnicodeDecodeError:
            text, encoding = _decode_declared_or_guess(content, name, declared)
            if encoding != declared:
                warnings.append(
                    f"The text is not UTF-8; it was read as {encoding}. "
                    "If letters look wrong, save the file as UTF-8."
                )
    text, replaced = clean(text)
    if replaced:
        warnings.append(f"{replaced} control character(s) were replaced by U+FFFD.")
    return text, tuple(warnings)


def clean(text: str) -> tuple[str, int]:
    """`text` with "\\n" as its only line break and U+FFFD for each control character or lone
    surrogate, and how many of those there were."""
    return _CONTROLS.subn("\N{REPLACEMENT CHARACTER}", _NEWLINES.sub("\n", text))


def _decode_marked(content: bytes, name: str) -> str | None:
    for mark, encoding in _BYTE_ORDER_MARKS:
        if not content.startswith(mark):
            continue
        try:
            return content.decode("utf-8-sig" if encoding == "utf-8" else encoding)
        except UnicodeDecodeError as error:
            raise DocumentError(
                name,
                f"its byte order mark says {encoding.upper()}, but the text is damaged at "
                f"byte {error.start}.",
                "Save it again as UTF-8.",
            ) from error
    return None


def _refuse_binary(content: bytes, name: str) -> None:
    controls = len(content) - len(content.translate(None, _CONTROL_BYTES))
    if controls > _BINARY_COUNT and controls > _BINARY_SHARE * len(content):
        raise DocumentError(
            name,
            "this is binary data, not text.",
            "Give the file the suffix of its real format, or save it as UTF-8 text.",
        )


def _decode_declared_or_guess(content: bytes, name: str, declared: str | None) -> tuple[str, str]:
    if declared:
        try:
            return content.decode(declared), declared
        except (UnicodeDecodeError, LookupError):
            pass
    from charset_normalizer import from_bytes

    # Its own order prefers cp1250 to cp1252 where both fit French equally well.
    guesses = from_bytes(content, cp_isolation=list(_LEGACY_ENCODINGS), threshold=0.4)
    guess = min(guesses, key=lambda g: (g.chaos, -g.coherence, _rank(g)), default=None)
    if guess is None:
        raise DocumentError(
            name, "its character encoding cannot be determined.", "Save it as UTF-8 text."
        )
    return str(guess), _LEGACY_ENCODINGS[_rank(guess)]


def _rank(guess: "CharsetMatch") -> int:
    """The place in our list of the first encoding that reads these bytes as this text."""
    return min(map(_LEGACY_ENCODINGS.index, guess.could_be_from_charset))


def _title_line(text: str) -> str | None:
    """The first of the opening lines that reads like a title: three words or more, not a sentence.

    Text saved from the web often opens with the site's name and section, one or two words each.
    """
    short = []
    for line in (line.strip() for line in text[: 20 * _TITLE_CHARACTERS].split("\n")):
        if len(line) > _TITLE_CHARACTERS or line.endswith((".", ",", ";")):
            break
        if line:
            short.append(line)
        if len(short) == _TITLE_LINES:
            break
    return next((line for line in short if len(line.split()) >= 3), short[0] if short else None)
