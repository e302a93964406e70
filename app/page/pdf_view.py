"""A page of a PDF in the reader: its own image, with boxes over the quote."""

from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from app.library import DocumentText
from app.page import markdown, pdf
from app.page.links import SourceLink
from app.page.marks import Span
from app.templating import template
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
    sheets: list[dict[str, Any]] = []
    for number in numbers:
        page = pages(number)
        if page is None:
            return View("", f"There is no page {number}. This is the document's text.")
        marked = [
            (span, pdf.lines(page.between(span.start, span.end), source.text)) for span in spans
        ]
        sheets.append(_sheet(source, number, page, marked, is_first=not sheets))
    turning = list(_turning(link, numbers, len(source.page_starts)))
    return View(template("app.page", "sheets.html").render(sheets=sheets, turning=turning))


def pages_of(starts: Sequence[int], quote: Sequence[Span]) -> list[int]:
    """The numbers of the pages that a quote stands on; the first page where there is none."""
    if not quote:
        return [1]
    first = bisect_right(starts, quote[0].start)
    last = bisect_right(starts, quote[-1].end - 1)
    return list(range(max(first, 1), max(last, 1) + 1))


def _sheet(
    source: DocumentText,
    number: int,
    page: PagePlaces,
    marked: Sequence[tuple[Span, Sequence[Box]]],
    is_first: bool,
) -> dict[str, Any]:
    """One page as the template shows it; `said` are the marked words, for who sees no image."""
    from markupsafe import Markup

    boxes: list[tuple[Box, str, bool]] = []
    said = ""
    for span, places in marked:
        for box in places:
            is_anchor = span.is_quote and is_first
            is_first = is_first and not is_anchor
            boxes.append((box, "quote" if span.is_quote else "other", is_anchor))
        if span.is_quote and places:
            words = source.text[span.start : span.end]
            said += markdown.render_fragment(words, [Span(0, len(words), is_quote=True)])
    document = source.document
    fields = {"document": document.name, "sha": document.sha256, "page": number}
    return {
        "name": f"Page {number} of {len(source.page_starts)}",
        "address": f"/source/page?{urlencode(fields)}",
        "page": page,
        "boxes": boxes,
        "said": Markup(said),
    }


def _turning(link: SourceLink, numbers: Sequence[int], pages: int) -> Iterator[tuple[str, str]]:
    """The way to the pages before and after."""
    for number, words in ((numbers[0] - 1, "‹ Page {}"), (numbers[-1] + 1, "Page {} ›")):
        is_there = 1 <= number <= pages
        yield replace(link, page=number).href if is_there else "", words.format(number)
