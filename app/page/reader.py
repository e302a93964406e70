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

from app.journal import Journal
from app.library import DocumentText, Library
from app.page import markdown, marks
from app.page.links import Note, SourceLink, document_link
from app.page.marks import Span
from app.page.pdf_view import View, view
from app.page.reference import citation_formats
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
    if document.sha256 == sha256:
        return ""
    now = html.escape(document_link(document.name))
    words = "<strong>This document has been changed meanwhile.</strong> You see it as it was."
    return f'<p>{words} <a href="{now}">Read it as it is now</a></p>'


def unreadable_link(problem: str) -> Page:
    """The page for a link that is not one of ours."""
    words = "<h1>This link cannot be opened</h1>"
    return Page(framed("Footnote", f"<main>{words}<p>{html.escape(problem)}</p></main>"), 400)


def unavailable(problem: str) -> Page:
    """The page for documents that cannot be read just now, and what to do about it."""
    words = "<h1>The documents cannot be shown</h1>"
    return Page(framed("Footnote", f"<main>{words}<p>{html.escape(problem)}</p></main>"), 503)


def _document_page(library: Library, shown: Shown, server: str) -> str:
    document = shown.source.document
    spans: list[Span] = []
    if shown.as_quoted:
        spans = marks.flattened(
            (shown.note.start, shown.note.end) if shown.has_quote else None,
            [
                (other.start, other.end)
                for other in shown.link.also
                if (other.document, other.sha256) == (shown.note.document, shown.note.sha256)
            ],
        )
    image = View("")
    if _has_images(shown) and not shown.link.as_text:
        content = library.content(document.name, document.sha256)
        pages = partial(library.page, document.name)
        image = view(shown.source, content, pages, shown.link, spans)
    body, kind = (image.body, "images") if image.body else _body(shown.source, spans)
    toggle = _toggle(shown.link, to_text=bool(image.body)) if _has_images(shown) else ""
    notice = f'<div class="banner" role="status"><p>{image.problem}</p></div>'
    return framed(
        document.title or document.name,
        f"{_bar(shown, '' if image.problem else toggle, _tools(shown, server))}{_banner(shown)}"
        f"{notice if image.problem else ''}"
        f'<main class="document {kind}" lang="" data-document="{html.escape(document.name)}" '
        f'data-sha256="{document.sha256}">{body}</main>{_about(shown, server)}',
    )


def _has_images(shown: Shown) -> bool:
    """Whether the document's pages can be shown as they are printed."""
    return shown.source.document.type == "pdf" and not shown.changed


def _toggle(link: SourceLink, to_text: bool) -> str:
    """The way between a page's image and the document's text."""
    href = html.escape(replace(link, as_text=to_text, page=0).href)
    return f'<a class="view" href="{href}">{"Text" if to_text else "Page"}</a>'


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


def _bar(shown: Shown, toggle: str, tools: str) -> str:
    """What one is looking at, and the way to the answer's other footnotes."""
    document = shown.source.document
    where = html.escape(shown.where if shown.has_quote else "")
    title = html.escape(document.title or document.name)
    alone = html.escape(shown.link.href)
    return (
        f'<header class="bar"><div class="where"><p class="title">{title}</p>'
        f'<p class="place">{where}</p></div>{toggle}{_footnotes(shown.link)}'
        f'<a class="alone" href="{alone}" target="_blank" title="Open in a tab of its own" '
        f'aria-label="Open in a tab of its own">↗</a>'
        '<button type="button" class="more" aria-controls="take" aria-expanded="false" '
        f'aria-label="Find and copy" title="Find and copy" hidden>⋯</button>{tools}</header>'
    )


def _footnotes(link: SourceLink) -> str:
    """The answer's footnotes in order, with the current one among them."""
    notes = sorted((note for note in (link.note, *link.also)), key=lambda note: note.marker)
    notes = [note for note in notes if note.marker]
    if not notes:
        return ""
    at = notes.index(link.note) if link.note in notes else -1
    items = [_step(link, notes[at - 1] if at > 0 else None, "‹", "Previous footnote")]
    for note in notes:
        if note == link.note:
            items.append(f'<li><a aria-current="true" href="#quote">{note.marker}</a></li>')
        else:
            href = html.escape(link.to(note).href)
            label = html.escape(f"Footnote {note.marker}, {note.document}")
            items.append(f'<li><a href="{href}" aria-label="{label}">{note.marker}</a></li>')
    following = notes[at + 1] if at + 1 < len(notes) else None
    items.append(_step(link, following, "›", "Next footnote"))
    return f'<nav aria-label="Footnotes of this answer"><ul>{"".join(items)}</ul></nav>'


def _step(link: SourceLink, note: Note | None, sign: str, label: str) -> str:
    if note is None:
        return f'<li><span class="step" aria-hidden="true">{sign}</span></li>'
    href = html.escape(link.to(note).href)
    return f'<li><a class="step" href="{href}" aria-label="{label}">{sign}</a></li>'


def _banner(shown: Shown) -> str:
    """What a reader must know before believing what they see."""
    if not shown.changed:
        outside = shown.note.end > len(shown.source.text)
        words = "This link points beyond the end of the document." if outside else ""
        return f'<div class="banner" role="status"><p>{words}</p></div>' if words else ""
    today = html.escape(document_link(shown.note.document))
    words = "<p><strong>The source has changed since this answer.</strong> "
    if shown.as_quoted:
        words += f'You see it as it was. <a href="{today}">Read it as it is now</a></p>'
    else:
        words += "You see it as it is now."
        words += " The answer quoted:" if shown.quote else " The link does not hold the quote."
        words += "</p>" + _carried_quote(shown.quote)
    return f'<div class="banner" role="status">{words}</div>'


def _carried_quote(words: str) -> str:
    return (
        f'<blockquote id="quote">{markdown.render_fragment(words, [])}</blockquote>'
        if words
        else ""
    )


def _gone(link: SourceLink) -> str:
    name = html.escape(link.note.document)
    words = "<p>When the answer was written, it quoted:</p>" if link.quote else ""
    bar = (
        '<header class="bar"><div class="where"><p class="title">'
        f"{name}</p></div>{_footnotes(link)}</header>"
    )
    return framed(
        "Footnote",
        f"{bar}<main><h1>No such document</h1><p><strong><bdi>{name}</bdi></strong> is not, or no "
        f"longer, among the documents.</p>{words}{_carried_quote(link.quote)}</main>",
    )


def _about(shown: Shown, server: str) -> str:
    """Where the document is and what proves it, and the quote ready to be cited."""
    document = shown.source.document
    rows = [(name, value) for name, value in _facts(document) if value]
    facts = "".join(f"<dt>{name}</dt><dd>{html.escape(str(value))}</dd>" for name, value in rows)
    cite = ""
    if shown.has_quote:
        cite = "<h2>Cite this quote</h2>" + "".join(
            f'<h3>{name}</h3><pre class="cite" tabindex="0" aria-label="{name}">'
            f"{html.escape(words)}</pre>"
            for name, words in _citations(shown, server)
        )
    return (
        f'<details class="about"><summary>About this document, and how to cite it</summary>'
        f"<dl>{facts}</dl>{cite}</details>{_hidden(shown.source.hidden)}"
    )


def _citations(shown: Shown, server: str) -> list[tuple[str, str]]:
    href = server + replace(shown.link, also=()).href
    return citation_formats(shown.source.document, shown.quote, shown.where, href)


def _tools(shown: Shown, server: str) -> str:
    """What can be taken away of a quote, at a click; the page that has scripts shows these."""
    find = (
        '<input type="search" placeholder="Find in the document" aria-label="Find in the document">'
    )
    if not shown.has_quote:
        return f'<div class="take" id="take" hidden>{find}</div>'
    link = server + replace(shown.link, also=()).href
    copies = [("Quote", shown.quote), ("Link", link), *_citations(shown, server)]
    buttons = "".join(
        f'<button type="button" data-copy="{html.escape(words)}">{name}</button>'
        for name, words in copies
    )
    return (
        '<div class="take" id="take" hidden><div class="copy" role="group" aria-label="Copy">'
        f'<span aria-hidden="true">Copy</span>{buttons}</div>{find}</div>'
    )


def _hidden(stretches: Sequence[str]) -> str:
    """What the document's readers do not see, for those who ask."""
    if not stretches:
        return ""
    words = "".join(f"<li>{html.escape(stretch)}</li>" for stretch in stretches)
    return (
        '<details class="about"><summary>What a reader of this document does not see, and is '
        f"not quoted</summary><ul>{words}</ul></details>"
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


def framed(title: str, body: str) -> str:
    """A whole page without scripts around a body; the title is escaped here."""
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<meta name="color-scheme" content="light dark">'
        f"<title>{html.escape(title)}</title>"
        '<link rel="icon" href="/page/icon.svg"><link rel="stylesheet" href="/page/base.css">'
        f'<link rel="stylesheet" href="/page/reader.css"></head><body>{body}</body></html>'
    )
