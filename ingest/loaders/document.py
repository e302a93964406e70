"""The record every loader returns, and the few decisions all formats share: limits, title, date."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import PurePath

from ingest.places import PagePlaces

MAX_BYTES = 50 * 1000 * 1000
MAX_CHARACTERS = 20 * 1000 * 1000

_FENCE = re.compile(r"^ {0,3}(`{3,}|~{3,})")
_HEADING = re.compile(r"^ {0,3}(#{1,6})[ \t]+(.+?)(?:[ \t]+#+)?[ \t]*$")
_ISO_DATE = re.compile(r"^\s*(\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01]))(?!\d)")
_MARKUP = re.compile(r"[*`]|\[\^[^\]]*\]|(?<!\w)_|_(?!\w)")
_LINK = re.compile(r"!?\[([^\]]*)\]\([^)]*\)")


@dataclass(frozen=True)
class LoadedDocument:
    """One document as text.

    `text` is what every offset of the project points into; its only line break is "\\n".
    `type` is one of markdown, text, html, pdf, docx. `date` is an ISO date the document states.
    `pages` holds the offset in `text` at which each page starts (PDF only). `warnings` are
    sentences for the receipt about what could not be read. `metadata` has what else the document
    states about itself: author, licence, sources. `places` says for each page (PDF only) where
    its characters stand. `hidden` is what the file holds and no reader sees; it is not in `text`.
    """

    text: str
    title: str
    type: str
    date: str | None = None
    pages: tuple[int, ...] = ()
    warnings: tuple[str, ...] = ()
    metadata: Mapping[str, str] = field(default_factory=dict)
    places: tuple[PagePlaces, ...] = ()
    hidden: tuple[str, ...] = ()


def choose_title(
    text: str,
    name: str,
    *,
    stated: str | None = None,
    fallback: str | None = None,
    explicit: str | None = None,
) -> str:
    """The first there is of: `explicit` (front matter), the first `# ` heading of the Markdown
    `text`, `stated` (file metadata), the first heading of any level, `fallback`, the file name.
    """
    candidates = (explicit, first_heading(text, 1), stated, first_heading(text, 6), fallback)
    for candidate in candidates:
        title = " ".join((candidate or "").split())
        if title:
            return title
    return " ".join(re.sub(r"[_\-]+", " ", PurePath(name).stem).split()) or name


def first_heading(text: str, deepest: int) -> str | None:
    """The words of the first ATX heading of level 1 to `deepest` outside code fences."""
    fence = ""
    for line in text.split("\n"):
        opening = _FENCE.match(line)
        if opening:
            mark = opening.group(1)
            if not fence:
                fence = mark
            elif mark[0] == fence[0] and len(mark) >= len(fence):
                fence = ""
        elif not fence and (heading := _HEADING.match(line)) and len(heading.group(1)) <= deepest:
            return _MARKUP.sub("", _LINK.sub(r"\1", heading.group(2))).strip()
    return None


def iso_date(value: object) -> str | None:
    """`YYYY-MM-DD` when `value` (a date, or text in ISO form) begins with one, else None."""
    found = _ISO_DATE.match(str(value or ""))
    return found.group(1) if found else None
