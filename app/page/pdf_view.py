"""A page of a PDF in the reader: its own image, with boxes over the quote."""

import html
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from app.page import markdown, pdf
from app.page.links import SourceLink
from app.page.marks import Span
from app.page.ports import DocumentText


@dataclass(frozen=True)
class View:
    """What to show of a PDF. Without `body` only its text can be shown; `problem` says why."""

    body: str
    problem: str = ""


def view(source: DocumentText, content: bytes | None, link: SourceLink, spans: list[Span]) -> View:
    """The page that a link asks for; `content` is the file, or None when it is another by now."""
    if content is None:
        return View("", "The file has changed or gone since it was read: this is its text alone.")
    quote = [span for span in spans if span.is_quote]
    numbers = [link.page] if link.page else pages_of(source.page_starts, quote)
    sheets: list[str] = []
    for number in numbers:
        try:
            markup, is_exact = _sheet(source, content, number, spans, is_first=not sheets)
        except ValueError as problem:
            return View("", f"{problem} This is the document's text.")
        if not is_exact and not link.page:
            here = html.escape(replace(link, page=number).href)
            return View(
                "",
                "The quote cannot be placed exactly on the image of its page, so this is the text. "
                f'<a href="{here}">See page {number}</a>',
            )
        sheets.append(markup)
    return View("".join(sheets) + _turning(link, numbers, len(source.page_starts)))


def pages_of(starts: Sequence[int], quote: Sequence[Span]) -> list[int]:
    """The numbers of the pages that a quote stands on; the first page where there is none."""
    if not quote:
        return [1]
    first = bisect_right(starts, quote[0].start)
    last = bisect_right(starts, quote[-1].end - 1)
    return list(range(max(first, 1), max(last, 1) + 1))


def _sheet(
    source: DocumentText, content: bytes, number: int, spans: Sequence[Span], is_first: bool
) -> tuple[str, bool]:
    """One page as HTML, and whether the quote's part of it is marked exactly."""
    starts = [*source.page_starts, len(source.text)]
    if not 1 <= number < len(starts):
        raise ValueError(f"There is no page {number}.")
    low, high = starts[number - 1], starts[number]
    here = [span for span in spans if span.start < high and low < span.end]
    stretches = [(max(span.start, low) - low, min(span.end, high) - low) for span in here]
    sheet = pdf.sheet(content, number, source.text[low:high], stretches)
    rectangles: list[str] = []
    words: list[str] = []
    is_exact = True
    for span, (start, end), boxes in zip(here, stretches, sheet.places, strict=True):
        if span.is_quote:
            is_exact = is_exact and boxes is not None
            words.append(source.text[low + start : low + end])
        for box in boxes or ():
            name = ' id="quote"' if span.is_quote and is_first else ""
            is_first = is_first and not name
            rectangles.append(_rectangle(box, "quote" if span.is_quote else "other", name))
    return _figure(source, number, sheet, rectangles, words if is_exact else []), is_exact


def _figure(
    source: DocumentText,
    number: int,
    sheet: pdf.Sheet,
    rectangles: Sequence[str],
    words: Sequence[str],
) -> str:
    document = source.document
    fields = {"document": document.name, "sha": document.sha256, "page": number}
    address = html.escape(f"/source/page?{urlencode(fields)}")
    size = f'width="{sheet.width:.0f}" height="{sheet.height:.0f}"'
    name = f"Page {number} of {len(source.page_starts)}"
    said = "".join(
        markdown.render_fragment(each, [Span(0, len(each), is_quote=True)]) for each in words
    )
    caption = f'<div class="said">{said}</div>' if said else ""
    return (
        f'<section class="sheet" aria-label="{name}"><h1 class="folio">{name}</h1>'
        f'<figure><img src="{address}" {size} alt="{name}, as an image">'
        f'<svg viewBox="0 0 {sheet.width:.2f} {sheet.height:.2f}" aria-hidden="true">'
        f"{''.join(rectangles)}</svg></figure>{caption}</section>"
    )


def _rectangle(box: pdf.Box, kind: str, name: str) -> str:
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
