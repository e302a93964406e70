"""A document as a page of its own, without scripts, with one quote highlighted.

The page is rendered on the server, so that a footnote's link opens the same place in the chat's
reader, in a tab, and at a colleague's desk.
"""

import html
import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property, partial
from typing import Any

from app.journal import Journal
from app.library import DocumentText, Library
from app.page import markdown, marks
from app.page.links import Note, SourceLink, document_link
from app.page.marks import Span
from app.page.pdf_view import View, view
from app.page.reference import citation_formats
from app.templating import template
from ingest.catalogue import Document
from ingest.errors import FootnoteError
from ingest.loaders import FORMATS
from ingest.places import time_at

POLICY = (
    "default-src 'none'; style-src 'self'; font-src 'self'; img-src 'self' data:; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'self'"
)
LONGEST_MARKDOWN = 1_000_000
"""Characters up to which Markdown is rendered while somebody waits; beyond, it is shown as text."""
LONGEST_LINE = 100_000
"""A longer line is no prose, and the time inline parsing takes grows faster than its length."""


@dataclass(frozen=True)
class Page:
    """A page for the browser, with its HTTP status."""

    markup: str
    status: int = 200


@dataclass(frozen=True)
class Shown:
    """What the reader found for a link: the version to show, and whether it is today's."""

    source: DocumentText
    link: SourceLink
    changed: bool
    as_quoted: bool

    @property
    def note(self) -> Note:
        return self.link.note

    @property
    def has_quote(self) -> bool:
        return self.as_quoted and 0 <= self.note.start < self.note.end <= len(self.source.text)

    @property
    def is_beyond(self) -> bool:
        return self.note.end > len(self.source.text)

    @property
    def quote(self) -> str:
        """The exact words the link points to, or, when they are gone, the words it brought."""
        if self.has_quote:
            return self.source.text[self.note.start : self.note.end]
        return self.link.quote

    @cached_property
    def where(self) -> str:
        """Where the quote stands: its section, for which the whole text is read, or its page."""
        return place(self.source, self.note)


def source_page(
    library: Library, link: SourceLink, journal: Journal | None = None, server: str = ""
) -> Page:
    """The document a link points to, or a plain page that says why it cannot be shown.

    What is not there as it was is quoted from the journal, or, without, from the link itself.
    `server` is the address under which the page was asked for; a citation's link begins with it.
    """
    note = link.note
    current = library.text(note.document)
    if current is not None and note.sha256 in ("", current.document.sha256):
        shown = Shown(current, link, changed=False, as_quoted=True)
    else:
        link = replace(link, quote=_kept_quote(journal, link) or link.quote)
        source = library.text(note.document, note.sha256)
        if source is None:
            return Page(_gone(link), 404)
        is_kept = source.document.sha256 == note.sha256
        is_renamed = is_kept and source.document.name != note.document
        shown = Shown(source, link, changed=not is_renamed, as_quoted=is_kept)
    if shown.has_quote:
        # A link may have come without the words, or with false ones: pass on what is there.
        shown = replace(shown, link=replace(link, quote=shown.quote))
    return Page(_document_page(library, shown, server))


def _kept_quote(journal: Journal | None, link: SourceLink) -> str:
    """What the journal has as the words of a link's footnote, or nothing."""
    if journal is None or not link.answer:
        return ""
    try:
        kept = journal.recall(link.answer)
    except FootnoteError:
        return ""  # the link's own words are the next best
    citations = kept.answer.citations if kept is not None else ()
    place = (link.note.document, link.note.sha256, link.note.start, link.note.end)
    for each in citations:
        if (each.document, each.document_sha256, each.start, each.end) == place:
            return each.quote
    return ""


def since_opened(library: Library, name: str, sha256: str) -> str:
    """What has become of a document that is open, as safe HTML; nothing if it is as it was."""
    document = library.document(name, sha256)
    if document is None:
        words = "<strong>This document has been removed meanwhile.</strong> You see it as it was."
        return f"<p>{words}</p>"
    if document.status == "failed":
        words = "<strong>This document cannot be read any more.</strong> You see it as it was."
        return f"<p>{words}</p>"
    if document.sha256 == sha256:
        return ""
    now = html.escape(document_link(document.name))
    words = "<strong>This document has been changed meanwhile.</strong> You see it as it was."
    return f'<p>{words} <a href="{now}">Read it as it is now</a></p>'


def message(heading: str, words: str, status: int) -> Page:
    """A page that says in a sentence why there is nothing else to show."""
    markup = template("app.page", "framed.html").render(
        title="Footnote", heading=heading, words=words
    )
    return Page(markup, status)


def _document_page(library: Library, shown: Shown, server: str) -> str:
    from markupsafe import Markup

    document, link = shown.source.document, shown.link
    spans: list[Span] = []
    if shown.as_quoted:
        spans = marks.flattened(
            (shown.note.start, shown.note.end) if shown.has_quote else None,
            [
                (other.start, other.end)
                for other in link.also
                if (other.document, other.sha256) == (shown.note.document, shown.note.sha256)
            ],
        )
    image = View("")
    if _has_images(shown) and not link.as_text:
        content = library.content(document.name, document.sha256)
        pages = partial(library.page, document.name)
        image = view(shown.source, content, pages, link, spans)
    body, kind = (image.body, "images") if image.body else _body(shown.source, spans)
    toggle: tuple[str, str] | None = None
    if _has_images(shown) and not image.problem:
        to_text = bool(image.body)
        toggle = replace(link, as_text=to_text, page=0).href, "Text" if to_text else "Page"
    alone, citations = server + replace(link, also=()).href, list[tuple[str, str]]()
    if shown.has_quote:
        citations = citation_formats(document, shown.quote, shown.where, alone)
    return template("app.page", "source.html").render(
        title=document.title or document.name,
        shown=shown,
        document=document,
        where=shown.where if shown.has_quote else "",
        toggle=toggle,
        footnotes=_footnotes(link),
        alone=link.href,
        copies=[("Quote", shown.quote), ("Link", alone), *citations] if citations else (),
        today=document_link(shown.note.document),
        quote=_rendered(shown.quote) if shown.changed else "",
        problem=image.problem,
        kind=kind,
        body=Markup(body),
        facts=[(name, value) for name, value in _facts(document) if value],
        citations=citations,
        hidden=shown.source.hidden,
    )


def _has_images(shown: Shown) -> bool:
    """Whether the document's pages can be shown as they are printed."""
    return shown.source.document.type == "pdf" and not shown.changed


def _body(source: DocumentText, spans: Sequence[Span]) -> tuple[str, str]:
    """The document's HTML, and the class it is styled by."""
    text, is_prose = source.text, _is_prose(source)
    if source.times:
        stretches, kind = _said(source), "said"
    else:
        stretches = [(start, f"Page {at}") for at, start in enumerate(source.page_starts, 1)]
        kind = "page"
    if not stretches:
        return _part(text, 0, spans, is_prose), "markdown" if is_prose else "plain"
    sections = []
    ends = [*(start for start, _ in stretches[1:]), len(text)]
    for number, ((start, label), end) in enumerate(zip(stretches, ends, strict=True), start=1):
        part = _part(text[start:end], start, spans, is_prose)
        sections.append(
            f'<section class="{kind}" id="{kind}-{number}" aria-labelledby="{kind}-{number}-name">'
            f'<p class="folio" id="{kind}-{number}-name">{label}</p>{part}</section>'
        )
    return "".join(sections), "paged"


def _said(source: DocumentText) -> list[tuple[int, str]]:
    """Where the paragraphs of a transcript begin, and the times at which they were said."""
    starts = [0, *(found.end() for found in re.finditer(r"\n\n+", source.text))]
    return [(start, time_at(source.times, start)) for start in starts if start < len(source.text)]


def _part(text: str, offset: int, spans: Sequence[Span], is_prose: bool) -> str:
    """A stretch of the document that begins at `offset`, with the marks that fall into it."""
    inside = [
        Span(max(span.start - offset, 0), min(span.end - offset, len(text)), span.is_quote)
        for span in spans
        if span.start < offset + len(text) and offset < span.end
    ]
    anchor = any(span.is_quote and offset <= span.start for span in spans)
    if is_prose:
        return markdown.render(text, inside, anchor)
    text = marks.without_noncharacters(text)
    return f'<div class="text">{marks.to_html(marks.plain(text, 0, inside), anchor)}</div>'


def _footnotes(link: SourceLink) -> dict[str, Any]:
    """The answer's footnotes in order, and the ways from the current one; nothing for none."""
    marked = (note for note in (link.note, *link.also) if note.marker)
    notes = sorted(marked, key=lambda note: note.marker)
    if not notes:
        return {}
    hrefs = [link.to(note).href for note in notes]
    at = notes.index(link.note) if link.note in notes else -1
    return {
        "current": link.note,
        "all": list(zip(notes, hrefs, strict=True)),
        "before": hrefs[at - 1] if at > 0 else "",
        "after": hrefs[at + 1] if at + 1 < len(notes) else "",
    }


def _rendered(quote: str) -> Any:
    """A quote as safe HTML; nothing for none."""
    from markupsafe import Markup

    return Markup(markdown.render_fragment(quote, [])) if quote else ""


def _gone(link: SourceLink) -> str:
    return template("app.page", "gone.html").render(
        title="Footnote",
        name=link.note.document,
        footnotes=_footnotes(link),
        quote=_rendered(link.quote),
    )


def _facts(document: Document) -> list[tuple[str, str | int | None]]:
    return [
        ("Title", document.title),
        ("Document", document.name),
        ("Format", FORMATS.get(document.type, document.type)),
        ("Pages", document.pages),
        ("Date", document.date),
        ("Read", document.read_at[:16].replace("T", " ")),
        ("SHA-256", document.sha256[:16] + "…"),
    ]


def place(source: DocumentText, note: Note) -> str:
    """Where a note stands: its section, its page, or when it was said."""
    if source.times:
        return f"At {time_at(source.times, note.start)}"
    if source.page_starts:
        return f"Page {bisect_right(source.page_starts, note.start)}"
    if not _is_prose(source):
        return ""
    section = markdown.section_at(source.text, note.start)
    title = source.document.title
    return "" if section == title else section.removeprefix(f"{title} › ")


def _is_prose(source: DocumentText) -> bool:
    """Whether the text is Markdown of a size that can be rendered while somebody waits."""
    if source.document.type == "text" or len(source.text) > LONGEST_MARKDOWN:
        return False
    return max(map(len, source.text.split("\n"))) <= LONGEST_LINE
