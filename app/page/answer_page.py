"""An answer that was kept, as a page of its own: it outlives the chat and what it quotes.

Like the reader it is rendered on the server and runs no scripts.
"""

import html
from collections.abc import Mapping

from app.answer import Answer, Citation, source_name
from app.export import written as export
from app.export.kinds import present
from app.journal import Journal, Kept
from app.library import Library
from app.page import markdown
from app.page.links import citation_link, passage_link, save_links
from app.page.marks import Span
from app.page.reader import Page, message
from app.page.sources import left_out
from app.templating import template
from ingest.errors import FootnoteError


def answer_page(journal: Journal | None, library: Library, id: str) -> Page:
    """The answer of that id, with what has become of each of its sources."""
    try:
        kept = journal.recall(id) if journal is not None else None
    except FootnoteError as problem:
        return message("The journal cannot be read", str(problem), 503)
    if kept is None:
        return message("No such answer", "The journal has no answer under this address.", 404)
    return Page(_page(kept, present(library.documents())))


def _page(kept: Kept, today: Mapping[str, str]) -> str:
    from markupsafe import Markup

    answer = kept.answer
    numbers = {citation.marker: citation.marker for citation in answer.citations}
    notes = export.footnotes(answer, numbers, lambda citation: _note(answer, citation, today))
    return template("app.page", "answer_page.html").render(
        title=answer.question,
        answer=answer,
        notices=export.notices(answer),
        made=export.made(kept),
        save=save_links([answer.id]),
        prose=Markup(export.prose(answer, numbers)),
        notes=Markup(notes),
        passages=[(passage_link(answer, each).href, source_name(each)) for each in answer.passages],
        left_out=left_out(answer),
    )


def _note(answer: Answer, citation: Citation, today: Mapping[str, str]) -> str:
    """One footnote: the quote it had, where from, and whether that is still there."""
    quote = markdown.render_fragment(citation.quote, [Span(0, len(citation.quote), is_quote=True)])
    href = html.escape(citation_link(answer, citation).href)
    name = html.escape(export.source_of(citation))
    remark = export.remark(citation, today)
    said = f'<p class="changed">{remark}</p>' if remark else ""
    return (
        f'<div class="quoted" dir="auto">{quote}</div><p class="place"><a href="{href}">{name}</a> '
        f'<span dir="auto">{html.escape(citation.document)}</span></p>{said}'
    )
