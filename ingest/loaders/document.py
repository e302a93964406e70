"""The record every loader returns, and the few decisions all formats share: limits, title, date."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from itertools import pairwise
from pathlib import PurePath

from ingest.loaders.writing import with_fences
from ingest.places import PagePlaces

MAX_BYTES = 50 * 1000 * 1000
MAX_CHARACTERS = 20 * 1000 * 1000

_HEADING = re.compile(r"^ {0,3}(#{1,6})[ \t]+(.+?)(?:[ \t]+#+)?[ \t]*$")
_ISO_DATE = re.compile(r"^\s*(\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01]))(?!\d)")
_MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?"
_WRITTEN_DATE = re.compile(
    rf"\b(?:\d{{4}}-\d\d-\d\d|\d{{1,2}}(?:st|nd|rd|th)? {_MONTH},? \d{{4}}"
    rf"|{_MONTH} \d{{1,2}},? \d{{4}}|\d{{1,2}}[./]\d{{1,2}}[./]\d{{4}})\b",
    re.IGNORECASE,
)
_TITLE_LINES = 5
_OPENING_LINES, _OPENING_CHARACTERS, _DATE_WORDS = 15, 120, 8
_DATES = ("date", "published", "last updated", "updated", "dated", "datum", "sent")
_AUTHORS = ("author", "authors", "by", "written by", "prepared by", "from", "owner")
_MARKUP = re.compile(r"[*`]|\[\^[^\]]*\]|(?<!\w)_|_(?!\w)")
_LINK = re.compile(r"!?\[([^\]]*)\]\([^)]*\)")
_ENDED = re.compile(r"[.!?…。！？][\"”’»)\]]*\s*$")
_END = re.compile(r"[.!?…][\"”’»)\]]*(?=\s|$)|[。！？]|$", re.DOTALL)


@dataclass(frozen=True)
class LoadedDocument:
    """One document as text.

    `text` is what every offset of the project points into; its only line break is "\\n".
    `type` is one of FORMATS in `ingest.loaders`. `date` is an ISO date the document states.
    `pages` holds the offset in `text` at which each page or slide starts, if there are any.
    `warnings` are sentences for the receipt about what could not be read. `metadata` has what else
    the document states about itself: author, licence, sources. `hidden` are the stretches of text
    that a reader of the document does not see, which are not in `text`. `places` says for each
    page (PDF only) where its characters stand. `times` (transcripts only) holds offsets in `text`
    and the whole seconds into the recording at which it was said what begins there.
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
    times: tuple[tuple[int, int], ...] = ()


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
    for line, is_code in with_fences(text):
        heading = None if is_code else _HEADING.match(line)
        if heading and len(heading.group(1)) <= deepest:
            return _MARKUP.sub("", _LINK.sub(r"\1", heading.group(2))).strip()
    return None


def title_line(text: str) -> str | None:
    """The first of the opening lines that reads like a title: three words or more, no sentence.

    Text saved from the web often opens with the site's name and section, one or two words each.
    """
    short = []
    for line in (line.strip() for line in text[: 20 * _OPENING_CHARACTERS].split("\n")):
        if len(line) > _OPENING_CHARACTERS or line.endswith((".", ",", ";")):
            break
        if line:
            short.append(line)
        if len(short) == _TITLE_LINES:
            break
    return next((line for line in short if len(line.split()) >= 3), short[0] if short else None)


def stated(text: str, metadata: Mapping[str, str]) -> dict[str, str]:
    """What a document says about itself: in its opening lines, then in its file's `metadata`.

    Keys are title, author, date (ISO) and what else `metadata` has.
    """
    told = {key: " ".join(value.split()) for key, value in metadata.items() if value.strip()}
    created = [told.pop(key, "") for key in ("date", "created", "modified")]
    opening = _opening(text)
    labelled = {key.casefold(): value for line in opening for key, value in _labelled(line)}
    # A date in a table's row or under another label is that of something else.
    dates = [labelled.get(name) for name in _DATES]
    dates += [line for line in opening if "|" not in line and not any(_labelled(line))]
    date = next(filter(None, map(written_date, dates)), None)
    author = next((labelled[name] for name in _AUTHORS if name in labelled), None)
    found = {"author": author, "date": date or next(filter(None, map(iso_date, created)), None)}
    return {**told, **{key: value for key, value in found.items() if value}}


def _opening(text: str) -> list[str]:
    """The short lines before the first paragraph of prose, without markup."""
    lines = []
    for line in text[:2000].split("\n")[:_OPENING_LINES]:
        words = _MARKUP.sub("", line).strip("#>| -\t")
        if len(words) > _OPENING_CHARACTERS:
            break
        lines += [words] if words else []
    return lines


def _labelled(line: str) -> Iterator[tuple[str, str]]:
    """What a line says under which label: after a colon, or a date in a table's next cell."""
    cells = [cell.strip() for cell in line.split("|")]
    yield from ((cell, after) for cell, after in pairwise(cells) if written_date(after))
    label, colon, value = line.partition(":")
    if colon and len(label.split()) <= 3 and len(cells) == 1:
        yield label.strip(), value.strip()


def written_date(words: str | None) -> str | None:
    """The one day that `words` name and hardly say more than, as `YYYY-MM-DD`, else None."""
    found = list(_WRITTEN_DATE.finditer(words or ""))
    if len(found) != 1 or len((words or "").split()) > _DATE_WORDS:
        return None
    from dateutil import parser

    date = found[0].group()
    try:
        year_first = date[:4].isdecimal()
        day: datetime = parser.parse(date, dayfirst=not year_first, yearfirst=year_first)
        return day.date().isoformat()
    except (ValueError, OverflowError):
        return None


def ends_sentence(text: str) -> bool:
    """Whether a sentence has ended where `text` does, but for white space."""
    return _ENDED.search(text) is not None


def sentence_end(text: str, start: int) -> int:
    """Where the sentence ends that `start` stands in, or has just stood behind."""
    if ends_sentence(text[:start]):
        return start
    end = _END.search(text, start)
    return end.end() if end else len(text)


def iso_date(value: object) -> str | None:
    """`YYYY-MM-DD` when `value` (a date, or text in ISO form) begins with one, else None."""
    found = _ISO_DATE.match(str(value or ""))
    return found.group(1) if found else None
