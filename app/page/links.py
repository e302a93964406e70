"""A footnote as a link: everything the reader needs to open the same place again, anywhere."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Self
from urllib.parse import quote, urlencode

from app.answer import Answer, Citation, GivenPassage, LeftOut
from app.export.kinds import KINDS

LONGEST_QUOTE = 600
"""Characters of a quote that travel in its link, so that the link still fits in a mail."""
MOST_NOTES = 200
"""Other footnotes in a link. Each of them is a link on the page, and brings all the others."""


@dataclass(frozen=True)
class Note:
    """A place in a document: `[start, end)` of the text it had under this hash.

    `marker` is the footnote's number, or 0 for a place that no footnote points to.
    """

    document: str
    sha256: str
    start: int
    end: int
    marker: int = 0


@dataclass(frozen=True)
class SourceLink:
    """The address of a place in a document.

    `quote` is what the place said when the answer was written; `also` are the other footnotes of
    the same answer, and `answer` is its id in the journal. `note` with `start == end` opens the
    document at its beginning. Of a document with pages, `page` (from 1) asks for another than the
    quote's, `as_text` for the text alone.
    """

    note: Note
    quote: str = ""
    also: tuple[Note, ...] = ()
    page: int = 0
    as_text: bool = False
    answer: str = ""

    @property
    def href(self) -> str:
        """The path and query, relative to the server, with a fragment that scrolls to the quote."""
        note = self.note
        fields: list[tuple[str, str]] = [("document", note.document)]
        if note.sha256:
            fields.append(("sha", note.sha256))
        if self.page:
            fields.append(("page", str(self.page)))
        if self.as_text:
            fields.append(("view", "text"))
        if note.end <= note.start:
            return f"/source?{urlencode(fields)}"
        fields += [("start", str(note.start)), ("end", str(note.end))]
        if note.marker:
            fields.append(("note", str(note.marker)))
        if self.quote:
            whole = len(self.quote) <= LONGEST_QUOTE
            shortened = self.quote[: LONGEST_QUOTE - 1] + "…"
            fields.append(("quote", self.quote if whole else shortened))
        if self.answer:
            fields.append(("answer", self.answer))
        fields += [("also", _packed(other, note)) for other in self.also[:MOST_NOTES]]
        return f"/source?{urlencode(fields)}#quote"

    def to(self, other: Note) -> "SourceLink":
        """The link to another footnote of the same answer."""
        rest = [note for note in (self.note, *self.also) if note != other]
        also = tuple(sorted(rest, key=_by_marker))
        return replace(self, note=other, quote="", also=also, page=0)

    @classmethod
    def parse(cls, fields: Iterable[tuple[str, str]]) -> Self:
        """Read a query back. Raises ValueError when it is not one that `href` wrote."""
        single: dict[str, str] = {}
        packed: list[str] = []
        for key, value in fields:
            if key == "also":
                packed.append(value)
            else:
                single[key] = value
        if not single.get("document"):
            raise ValueError("The link names no document.")
        note = Note(
            single["document"],
            single.get("sha", ""),
            int(single.get("start", "0")),
            int(single.get("end", "0")),
            int(single.get("note", "0")),
        )
        if len(packed) > MOST_NOTES:
            raise ValueError("The link has more footnotes than an answer.")
        also = tuple(_unpacked(value, note) for value in packed)
        page = int(single.get("page", "0"))
        if any(not 0 <= each.start <= each.end for each in (note, *also)):
            raise ValueError("The link's offsets are not a place in a text.")
        as_text, answer = single.get("view") == "text", single.get("answer", "")
        return cls(note, single.get("quote", ""), also, page, as_text, answer)


def citation_link(answer: Answer, citation: Citation) -> SourceLink:
    """The link of one footnote of an answer."""
    others = tuple(note_of(other) for other in answer.citations if other != citation)
    return SourceLink(note_of(citation), citation.quote, others, answer=answer.id)


def passage_link(answer: Answer, passage: GivenPassage | LeftOut) -> SourceLink:
    """The link to a passage that was found; the answer's footnotes are dimmed beside it."""
    place = Note(passage.document, passage.document_sha256, passage.start, passage.end)
    cited = tuple(note_of(citation) for citation in answer.citations)
    return SourceLink(place, also=cited, answer=answer.id)


def document_link(name: str) -> str:
    """The address of a whole document, as it is now."""
    return SourceLink(Note(name, "", 0, 0)).href


def answer_link(id: str) -> str:
    """The address under which an answer of the journal stays."""
    return f"/answer/{quote(id, safe='')}"


def rich_link(id: str) -> str:
    """The address of an answer with its footnotes, as a piece of HTML to be pasted elsewhere."""
    return f"{answer_link(id)}/rich"


def export_link(ids: Iterable[str], kind: str) -> str:
    """The address of answers as one file; `kind` is one of `app.export.kinds`."""
    return f"/export?{urlencode([*(('answer', id) for id in ids), ('as', kind)])}"


def save_links(ids: Sequence[str]) -> list[tuple[str, str]]:
    """The address and the name of each kind of file of these answers."""
    return [(export_link(ids, kind), each.name) for kind, each in KINDS.items()]


def note_of(citation: Citation) -> Note:
    """The place a citation points to."""
    return Note(
        citation.document,
        citation.document_sha256,
        citation.start,
        citation.end,
        citation.marker,
    )


def _by_marker(note: Note) -> int:
    return note.marker


def _packed(note: Note, beside: Note) -> str:
    place = f"{note.marker}:{note.start}-{note.end}"
    if (note.document, note.sha256) == (beside.document, beside.sha256):
        return place
    return f"{place}:{note.sha256}:{note.document}"


def _unpacked(value: str, beside: Note) -> Note:
    found = re.fullmatch(r"(\d+):(\d+)-(\d+)(?::([0-9a-f]*):(.+))?", value, re.DOTALL)
    if found is None:
        raise ValueError("The link's other footnotes cannot be read.")
    marker, start, end = (int(found[part]) for part in (1, 2, 3))
    document = beside.document if found[5] is None else found[5]
    sha256 = beside.sha256 if found[4] is None else found[4]
    return Note(document, sha256, start, end, marker)
