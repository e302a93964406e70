"""The documents: what is there, adding to it, taking away from it."""

import html
import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import Any

import gradio as gr

from app.page.background import Background
from app.page.links import document_link
from app.page.ports import Document, Library, ReceiptLine
from app.page.uploads import Uploads
from ingest.errors import FootnoteError
from ingest.loaders import FORMATS

log = logging.getLogger(__name__)

_ACTIONS = {
    "added": "Added",
    "changed": "Replaced",
    "renamed": "Renamed",
    "unchanged": "Already there",
    "deleted": "Removed",
    "failed": "Not added",
    "skipped": "Not added",
    "left out": "Left out",
}


class Documents:
    """The handlers of the documents view."""

    def __init__(self, library: Library, uploads: Uploads) -> None:
        self._library = library
        self._uploads = uploads

    def open(self) -> str:
        """The list as it is now."""
        try:
            return listing(self._library.documents(), self._library.collections())
        except FootnoteError as problem:
            return failure(str(problem))

    def add(self, event: gr.EventData) -> Iterator[tuple[Any, ...]]:
        """Add what was uploaded; new values for: the receipt, the list."""
        tokens: list[str] = event.uploads
        receipt: list[ReceiptLine] = []

        def work(report: Callable[[tuple[str, float]], bool]) -> None:
            with self._uploads.given(tokens) as files:
                receipt.extend(
                    self._library.add(files, lambda what, share: _ignore(report, what, share))
                )

        yield progress("Reading", 0.0), gr.skip()
        shown = ""
        try:
            for what, share in Background(work):
                yield progress(what, share), gr.skip()
            shown = receipt_of(receipt)
        except FootnoteError as problem:
            shown = failure(str(problem))
        except Exception:
            log.exception("Adding documents failed")
            shown = failure("The documents could not be added. The log says why.")
        yield shown, self.open()

    def remove(self, event: gr.EventData) -> tuple[str, str]:
        """Remove documents; new values for: the receipt, the list."""
        names: list[str] = event.names
        try:
            for name in names:
                self._library.remove(name)
        except FootnoteError as problem:
            return failure(str(problem)), self.open()
        are = "is removed" if len(names) == 1 else "are removed"
        words = f"{_named(names)} {are}. No answer will quote {_them(names)} again."
        return f'<div class="receipt" role="status"><p>{words}</p></div>', self.open()

    def gather(self, event: gr.EventData) -> tuple[str, str]:
        """Put documents into a collection; new values for: the receipt, the list."""
        names: list[str] = event.names
        collection = str(event.collection)
        try:
            self._library.gather(collection, names, out=bool(event.out))
        except FootnoteError as problem:
            return failure(str(problem)), self.open()
        done = "taken out of" if event.out else "in"
        are = "is" if len(names) == 1 else "are"
        words = (
            f"{_named(names)} {are} {done} <strong><bdi>{html.escape(collection)}</bdi></strong>."
        )
        return f'<div class="receipt" role="status"><p>{words}</p></div>', self.open()


def _named(names: Sequence[str]) -> str:
    if len(names) > 1:
        return f"{len(names)} documents"
    return f"<strong><bdi>{html.escape(names[0])}</bdi></strong>"


def _them(names: Sequence[str]) -> str:
    return "it" if len(names) == 1 else "them"


def listing(
    documents: Sequence[Document], collections: Mapping[str, AbstractSet[str]] | None = None
) -> str:
    """All documents, one row each, with the collections that each is in."""
    within = collections or {}
    if not documents:
        return '<p class="empty">No documents yet.</p>'
    read = [document for document in documents if document.status != "failed"]
    passages = sum(document.passages for document in read)
    rows = "".join(
        _row(document, [name for name, members in within.items() if document.name in members])
        for document in documents
    )
    names = "".join(f'<option value="{html.escape(name)}">' for name in within)
    many = "document" if len(read) == 1 else "documents"
    return (
        f'<p class="total">{len(read)} {many}, {passages:,} passages</p>'
        f'<datalist id="collections">{names}</datalist><ul class="documents">{rows}</ul>'
        '<p class="empty none" hidden>No document matches.</p>'
    )


def progress(what: str, share: float) -> str:
    """How far adding has come."""
    percent = round(100 * min(max(share, 0.0), 1.0))
    return (
        f'<div class="receipt"><p id="adding">{html.escape(what)}</p>'
        f'<progress max="100" value="{percent}" aria-labelledby="adding">{percent} %</progress>'
        "</div>"
    )


def receipt_of(lines: Sequence[ReceiptLine]) -> str:
    """What adding did, document by document."""
    items = "".join(_receipt_line(line) for line in lines)
    return f'<div class="receipt" role="status"><ul>{items}</ul></div>'


def failure(problem: str) -> str:
    """Why nothing was done."""
    return f'<div class="receipt failed" role="alert"><p>{html.escape(problem)}</p></div>'


def _receipt_line(line: ReceiptLine) -> str:
    name = html.escape(line.document)
    if line.problem:
        words = html.escape(line.problem)
    else:
        name = f'<a href="{html.escape(document_link(line.document))}" target="reader">{name}</a>'
        words = f"{line.passages} {'passage' if line.passages == 1 else 'passages'}"
    warnings = "".join(f'<p class="warning">{html.escape(words)}</p>' for words in line.warnings)
    return (
        f'<li class="{line.action}"><strong>{_ACTIONS.get(line.action, line.action)}</strong> '
        f'<span class="title" dir="auto">{name}</span><p>{words}</p>{warnings}</li>'
    )


def _row(document: Document, collections: Sequence[str]) -> str:
    name, title = html.escape(document.name), html.escape(document.title or document.name)
    names = html.escape(" · ".join(document.names.values()))
    facts = [FORMATS.get(document.type, document.type)]
    if document.pages:
        facts.append(f"{document.pages} {'page' if document.pages == 1 else 'pages'}")
    facts.append(f"{document.passages} {'passage' if document.passages == 1 else 'passages'}")
    facts += [document.date] if document.date else []
    facts += [f"in {', '.join(collections)}"] if collections else []
    described = " · ".join(html.escape(fact) for fact in facts)
    warnings = "".join(
        f'<p class="warning">{html.escape(words)}</p>' for words in document.warnings
    )
    if document.status == "failed":
        opening, closing = '<div class="unread">', "</div>"
        badge, described = '<span class="badge">not read</span>', ""
    else:
        href = html.escape(document_link(document.name))
        opening, closing = f'<a class="open" href="{href}" target="reader">', "</a>"
        badge = ""
    return (
        f'<li class="document" data-name="{name}" data-title="{title}" data-kind="{document.type}" '
        f'data-date="{html.escape(document.date or "")}" data-read="{document.read_at}">'
        f'<label class="choose"><input type="checkbox" aria-label="Choose {title}"></label>'
        f'{opening}<span class="title" dir="auto">{title}</span>{badge}'
        f'<span class="path" dir="auto">{names}</span>'
        f'<span class="facts">{described}</span>{closing}'
        f'<button type="button" data-act="remove" data-name="{name}" '
        f'aria-label="Remove {title}" title="Remove">×</button>{warnings}</li>'
    )


def _ignore(report: Callable[[tuple[str, float]], bool], what: str, share: float) -> None:
    """Adding goes on whether or not somebody watches: half a document is never left behind."""
    report((what, share))
