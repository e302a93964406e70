"""Bytes → clean text: the encoding that is marked, declared or guessed, and no odd characters."""

import codecs
import re
import unicodedata

from ingest.errors import DocumentError

# A stray control character happens in real text; one byte in a hundred does not. Compressed
# data has about one in nine.
_BINARY_SHARE = 0.01
_BINARY_COUNT = 8

_BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_WESTERN = "Windows-1252"
# What is called by these names is more than they say: browsers read it so too.
_WIDER = {
    "ascii": "cp1252", "iso8859-1": "cp1252", "iso8859-9": "cp1254", "tis-620": "cp874",
    "gb2312": "gb18030", "gbk": "gb18030", "shift_jis": "cp932", "euc_kr": "cp949",
}  # fmt: skip
_ESCAPED = ("iso2022", "hz", "utf-7")  # these write all letters with ASCII
_CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1f\x7f\ud800-\udfff]")
_NEWLINES = re.compile(r"\r\n?|[\x0b\x0c]")
_UNSEEN = re.compile("[\u00ad\u200b\u2060\ufeff]")
_LIGATURES = re.compile("[\ufb00-\ufb06]")
_CONTROL_BYTES = bytes([*range(0x09), *range(0x0E, 0x20), 0x7F])


def decode(content: bytes, name: str, declared: str | None = None) -> tuple[str, tuple[str, ...]]:
    """`content` as clean text with "\\n" line breaks, and what was assumed or replaced.

    Tried in order: a byte order mark, UTF-8, the `declared` encoding, a guess. A byte that does not
    fit is a U+FFFD. Raises DocumentError when the bytes are not text.
    """
    text, guessed = _decoded(content, name, declared)
    text, replaced = clean(text)
    warnings = []
    if guessed:
        told = next((line.strip() for line in text.split("\n") if not line.isascii()), "")
        warnings.append(
            f"The text is not UTF-8; it was read as {guessed}: “{told[:80]}”. "
            "If letters look wrong, save the file as UTF-8."
        )
    if replaced:
        warnings.append(f"{replaced} character(s) could not be read and are U+FFFD.")
    return text, tuple(warnings)


def clean(text: str) -> tuple[str, int]:
    """`text` with "\\n" as its only line break, and how many U+FFFD it has.

    One stands for each control character or lone surrogate. Soft hyphens and zero-width spaces go,
    for no word with one is found; joiners stay, for scripts and emoji need them. Ligatures are
    spelt out.
    """
    text = _CONTROLS.sub("\N{REPLACEMENT CHARACTER}", _NEWLINES.sub("\n", text))
    text = _LIGATURES.sub(lambda sign: unicodedata.normalize("NFKC", sign.group()), text)
    return _UNSEEN.sub("", text), text.count("\N{REPLACEMENT CHARACTER}")


def _decoded(content: bytes, name: str, declared: str | None) -> tuple[str, str]:
    """The text, and its encoding where that was guessed."""
    for mark, encoding in _BYTE_ORDER_MARKS:
        if content.startswith(mark):
            return content.decode(encoding, "replace"), ""
    declared = _codec(declared)
    if declared.startswith(_ESCAPED):
        return content.decode(declared, "replace"), ""
    # Without a mark, each second byte of plain English in UTF-16 is a zero.
    guess = _guess(content) if b"\0" in content or b"\x1b$" in content else ""
    if guess.startswith("utf-") or _codec(guess).startswith(_ESCAPED):
        return content.decode(guess, "replace"), guess.upper()
    _refuse_binary(content, name)
    text = content.decode("utf-8", "replace")
    damaged = text.count("\N{REPLACEMENT CHARACTER}")
    # In text of another encoding hardly a letter would happen to be good UTF-8.
    if damaged <= sum(not sign.isascii() for sign in text) - damaged:
        return text, ""
    try:
        return content.decode(declared or "ascii"), ""
    except (UnicodeDecodeError, LookupError):
        guess = _guess(content) or _WESTERN
        return content.decode(guess, "replace"), guess


def _codec(name: str | None) -> str:
    """What Python calls the encoding that is meant by a name; nothing where it knows none."""
    try:
        codec = codecs.lookup(name or "").name
    except LookupError:
        return ""
    return _WIDER.get(codec, codec)


def _refuse_binary(content: bytes, name: str) -> None:
    controls = len(content) - len(content.translate(None, _CONTROL_BYTES))
    if controls > _BINARY_COUNT and controls > _BINARY_SHARE * len(content):
        raise DocumentError(
            name,
            "this is binary data, not text.",
            "Give the file the suffix of its real format, or save it as UTF-8 text.",
        )


def _guess(content: bytes) -> str:
    import chardet

    for found in chardet.detect_all(content, max_bytes=len(content)):
        encoding = found["encoding"]
        if encoding and _is_likely(content.decode(encoding, "replace"), found["confidence"]):
            return _western_or(encoding, content)
    return ""


def _western_or(encoding: str, content: bytes) -> str:
    """Windows-1252 where that reads the same, or has fewer signs where none would be written."""
    text, western = (content.decode(each, "replace") for each in (encoding, _WESTERN))
    if len(text) != len(western):
        return encoding
    at = [place for place, (a, b) in enumerate(zip(text, western, strict=True)) if a != b]
    misplaced = [sum(_is_misplaced(read, place) for place in at) for read in (text, western)]
    return encoding if at and misplaced[0] <= misplaced[1] else _WESTERN


def _is_misplaced(text: str, at: int) -> bool:
    """Whether a sign is a letter beside a figure or a capital in a word, or a sign in a word."""
    sign, before, after = text[at], text[at - 1 : at], text[at + 1 : at + 2]
    if sign.isalpha():
        return before.isdigit() or after.isdigit() or (sign.isupper() and before.islower())
    if sign == "’":
        return False
    return sign == "\ufffd" or (after.isalpha() and (before.isalpha() or sign in "£¥¢¤¯"))


def _is_likely(text: str, confidence: float) -> bool:
    """A few Hebrew letters in an English text are signs of a Western encoding: "5 א" is "5 €"."""
    foreign = [sign for sign in text if not sign.isascii() and sign.isalpha()]
    others = [sign for sign in foreign if not unicodedata.name(sign, "").startswith("LATIN")]
    latin = sum(sign.isascii() and sign.isalpha() for sign in text)
    return not others or confidence > 0.3 or 3 * len(others) > latin
