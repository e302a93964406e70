"""A page of a PDF in the reader: its own image, with boxes over the quote."""

import html
from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from app.library import DocumentText
from app.page import markdown, pdf
from app.page.links import SourceLink
from app.page.marks import Span
from ingest.places import Box, PagePlaces


@dataclass(frozen=True)
class View:
    """What to show of a PDF. Without `body` only its text can be shown; `problem` says why."""

    body: str
    problem: str = ""


Pages = Callable[[int], PagePlaces | None]
"""Where a document's text stands on its page of this number, from 1."""


def view(
    source: DocumentText, content: bytes | None, pages: Pages, link: SourceLink, spans: list[Span]
) -> View:
    """The page that a link asks for; `content` is the file, or None when it is another by now."""
    if content is None:
        return View("", "The file has changed or gone since it was read: this is its text alone.")
    quote = [span for span in spans if span.is_quote]
    numbers = [link.page] if link.page else pages_of(source.page_starts, quote)
    sheets: list[str] = []
    for number in numbers:
        page = pages(number)
        if page is None:
            return View("", f"There is no page {number}. This is the document's text.")
        marked = [
            (span, pdf.lines(page.between(span.start, span.end), source.text)) for span in spans
        ]
        sheets.append(_figure(source, number, page, marked, is_first=not sheets))
    return View("".join(sheets) + _turning(link, numbers, len(source.page_starts)))


def pages_of(starts: Sequence[int], quote: Sequence[Span]) -> list[int]:
    """The numbers of the pages that a quote stands on; the first page where there is none."""
    if not quote:
        return [1]
    first = bisect_right(starts, quote[0].start)
    last = bisect_right(starts, quote[-1].end - 1)
    return list(range(max(first, 1), max(last, 1) + 1))


def _figure(
    source: DocumentText,
    number: int,
    page: PagePlaces,
    marked: Sequence[tuple[Span, Sequence[Box]]],
    is_first: bool,
) -> str:
    """One page as HTML: its image, and over it the boxes of what is marked on it."""
    rectangles: list[str] = []
    for span, boxes in marked:
        for box in boxes:
            name = ' id="quote"' if span.is_quote and is_first else ""
            is_first = is_first and not name
            rectangles.append(_rectangle(box, "quote" if span.is_quote else "other", name))
    document = source.document
    fields = {"document": document.name, "sha": document.sha256, "page": number}
    address = html.escape(f"/source/page?{urlencode(fields)}")
    size = f'width="{page.width:.0f}" height="{page.height:.0f}"'
    name = f"Page {number} of {len(source.page_starts)}"
    caption = _caption(source, [span for span, boxes in marked if span.is_quote and boxes], page)
    return (
        f'<section class="sheet" aria-label="{name}"><h1 class="folio">{name}</h1>'
        f'<figure><img src="{address}" {size} alt="{name}, as an image">'
        f'<svg viewBox="0 0 {page.width:.2f} {page.height:.2f}" aria-hidden="true">'
        f"{''.join(rectangles)}</svg></figure>{caption}</section>"
    )


def _caption(source: DocumentText, quote: Sequence[Span], page: PagePlaces) -> str:
    """The words that are marked, for who does not see the image; and that OCR has read them."""
    said = ""
    for span in quote:
        words = source.text[span.start : span.end]
        said += markdown.render_fragment(words, [Span(0, len(words), is_quote=True)])
    if said and page.is_ocr:
        said += "<p>Read from the image by OCR: look whether it says so.</p>"
    return f'<div class="said">{said}</div>' if said else ""


def _rectangle(box: Box, kind: str, name: str) -> str:
    return (
        f'<rect class="{kind}"{name} x="{box.left - 1:.2f}" y="{box.top - 0.5:.2f}" '
        f'width="{box.right - box.left + 2:.2f}" height="{box.bottom - box.top + 1:.2f}"/>'
    )


def _turning(link: SourceLink, numbers: Sequence[int], pages: int) -> str:
    """The way to the pages before and after."""
    items = []
    for number, words in ((numbers[0] - 1, "‹ Page {}"), (numbers[-1] + 1, "Page {} ›")):
        if 1 <= number <= pages:
            href = html.escape(replace(link, page=number).href)
            items.append(f'<a href="{href}">{words.format(number)}</a>')
        else:
            items.append("<span></span>")
    return f'<nav class="turning" aria-label="Pages">{"".join(items)}</nav>'
