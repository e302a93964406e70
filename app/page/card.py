"""A footnote's quote in its surroundings, as a card beside the number that was pointed at."""

import html

from app.library import Library
from app.page.links import SourceLink
from app.page.sources import excerpt
from ingest.places import page_at, time_at

AROUND = 2_000
"""Characters of the document that are looked at on either side of the quote."""


def card(library: Library, link: SourceLink) -> str:
    """The quote a link points to, with what stands around it, as safe HTML.

    What the document does not say any more is shown as the link brought it.
    """
    note = link.note
    source = library.text(note.document, note.sha256)
    is_there = source is not None and source.document.sha256 == note.sha256
    if source is None or not is_there or note.end > len(source.text):
        words = html.escape(link.quote)
        title, gone = html.escape(note.document), "<p>The document has changed since.</p>"
        return f'<p class="title" dir="auto">{title}</p>{gone}<blockquote>{words}</blockquote>'
    low = max(note.start - AROUND, 0)
    around = source.text[low : note.end + AROUND]
    shown = excerpt(around, (note.start - low, note.end - low), note.document)
    title = html.escape(source.document.title or note.document)
    page, time = page_at(source.page_starts, note.start), time_at(source.times, note.start)
    where = f"at {time}" if time else f"page {page}" if page else ""
    place = f' <span class="place">{where}</span>' if where else ""
    return f'<p class="title" dir="auto">{title}{place}</p><div class="excerpt">{shown}</div>'
