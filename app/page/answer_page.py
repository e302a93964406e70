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
from app.page.reader import Page, framed
from app.page.sources import left_out, likelihood
from ingest.errors import FootnoteError


def answer_page(journal: Journal | None, library: Library, id: str) -> Page:
    """The answer of that id, with what has become of each of its sources."""
    try:
        kept = journal.recall(id) if journal is not None else None
    except FootnoteError as problem:
        words = f"<h1>The journal cannot be read</h1><p>{html.escape(str(problem))}</p>"
        return Page(framed("Footnote", f"<main>{words}</main>"), 503)
    if kept is None:
        words = "<h1>No such answer</h1><p>The journal has no answer under this address.</p>"
        return Page(framed("Footnote", f"<main>{words}</main>"), 404)
    main = _main(kept.answer, present(library.documents()))
    return Page(framed(kept.answer.question, _bar(kept) + main))


def _bar(kept: Kept) -> str:
    links = "".join(save_links([kept.answer.id], ' class="view"'))
    return (
        '<header class="bar"><div class="where"><p class="title">An answer</p>'
        f'<p class="place">{html.escape(export.made(kept))}</p></div>'
        f'<nav class="save" aria-label="Save this answer">{links}</nav></header>'
    )


def _main(answer: Answer, today: Mapping[str, str]) -> str:
    numbers = {citation.marker: citation.marker for citation in answer.citations}
    notices = "".join(
        f'<div class="banner" role="note"><p>{html.escape(words)}</p></div>'
        for words in answer.notices
    )
    notes = export.footnotes(answer, numbers, lambda citation: _note(answer, citation, today))
    return (
        f'<main class="answer"><h1 dir="auto">{html.escape(answer.question)}</h1>{notices}'
        f"{export.prose(answer, numbers)}{'<h2>Footnotes</h2>' if notes else ''}{notes}"
        f"{_given(answer)}</main>"
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


def _given(answer: Answer) -> str:
    """What the model was given, or, for a refusal, what was nearest."""
    if not answer.passages:
        return ""
    items = "".join(
        f'<li><a href="{html.escape(passage_link(answer, passage).href)}" dir="auto">'
        f"{html.escape(source_name(passage))}</a></li>"
        for passage in answer.passages
    )
    name = "What comes nearest" if answer.refused else "What was read for this answer"
    rest = likelihood(answer) + left_out(answer, frame="")
    return f"<details><summary>{name}</summary><ol>{items}</ol>{rest}</details>"
