"""The documents: what is there, adding to it, taking away from it."""

import html
import logging
import secrets
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from pathlib import PurePath
from typing import Any

import gradio as gr

from app.library import Library, Noticed
from app.page.background import Background
from app.page.links import document_link
from app.page.uploads import Uploads
from app.quoting.lines import counted
from app.receipts import Skipped, how_far, remarks, what_was_read
from ingest.advance import Advance, Progress
from ingest.catalogue import Document
from ingest.errors import FootnoteError
from ingest.loaders import FORMATS
from ingest.receipts import Receipt, ReceiptLine

_SENTENCES = 5  # of those that are new or gone

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
        self._runs: dict[str, threading.Event] = {}

    def open(self) -> str:
        """The list as it is now."""
        try:
            library = self._library
            _, noticed = library.noticed()
            listed = listing(library.documents(), library.collections(), library.skipped())
            return f"{_news(noticed)}{listed}"
        except FootnoteError as problem:
            return failure(str(problem))

    def news(self, seen: int) -> tuple[Any, Any]:
        """Of a folder that is followed: how often it has changed, and the list if it has since."""
        changes, _ = self._library.noticed()
        return (gr.skip(), gr.skip()) if changes == seen else (changes, self.open())

    def add(self, event: gr.EventData) -> Iterator[tuple[Any, ...]]:
        """Add what was uploaded; new values for: the receipt, the list."""
        tokens: list[str] = event.uploads

        def work(tell: Progress, stopped: Callable[[], bool]) -> Receipt:
            with self._uploads.given(tokens) as files:
                return self._library.add(files, tell, stopped)

        yield from self._watched(work)

    def fetch(self, event: gr.EventData) -> Iterator[tuple[Any, ...]]:
        """Add what is at an address; new values for: the receipt, the list."""
        address = str(event.address)
        yield from self._watched(lambda tell, stopped: self._library.fetch(address, tell, stopped))

    def _watched(
        self, work: Callable[[Progress, Callable[[], bool]], Receipt]
    ) -> Iterator[tuple[Any, ...]]:
        """Show how far work has come, and then its receipt. It may be cancelled."""
        run, stop = secrets.token_urlsafe(8), threading.Event()
        done: list[Receipt] = []

        def noted(report: Callable[[Advance], bool]) -> None:
            # It goes on whether or not somebody watches, until somebody stops it.
            done.append(work(lambda far: _ignore(report, far), stop.is_set))

        self._runs[run] = stop
        yield progress(Advance("Reading", 0.0), run), gr.skip()
        try:
            for far in Background(noted):
                yield progress(far, run), gr.skip()
            shown = receipt_of(done[0], self._library)
        except FootnoteError as problem:
            shown = failure(str(problem))
        except Exception:
            log.exception("Adding documents failed")
            shown = failure("The documents could not be added. The log says why.")
        finally:
            del self._runs[run]
        yield shown, self.open()

    def cancel(self, event: gr.EventData) -> None:
        """Stop a run: what it has finished is kept."""
        if run := self._runs.get(str(event.run)):
            run.set()

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
        return self._done(words)

    def _done(self, words: str) -> tuple[str, str]:
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
        return self._done(words)


def _named(names: Sequence[str]) -> str:
    if len(names) > 1:
        return counted(len(names), "document")
    return f"<strong><bdi>{html.escape(names[0])}</bdi></strong>"


def _them(names: Sequence[str]) -> str:
    return "it" if len(names) == 1 else "them"


def listing(
    documents: Sequence[Document],
    collections: Mapping[str, AbstractSet[str]] | None = None,
    skipped: Sequence[Skipped] = (),
) -> str:
    """All documents, one row each, with the collections that each is in; then what was skipped.

    Those that could not be read come first.
    """
    within = collections or {}
    if not documents:
        return '<p class="empty">No documents yet.</p>'
    read = [document for document in documents if document.status != "failed"]
    failed = [document for document in documents if document.status == "failed"]
    rows = "".join(
        _row(document, [name for name, members in within.items() if document.name in members])
        for document in (*failed, *read)
    )
    names = "".join(f'<option value="{html.escape(name)}">' for name in within)
    left = "".join(
        f'<li><strong dir="auto">{html.escape(file.document)}</strong> {html.escape(file.why)}</li>'
        for file in skipped
    )
    unread = f"<details><summary>Not read: {len(skipped)}</summary><ul>{left}</ul></details>"
    return (
        f'<p class="total">{counted(len(read), "document")}</p>'
        f'<datalist id="collections">{names}</datalist><ul class="documents">{rows}</ul>'
        '<p class="empty none" hidden>No document matches.</p>'
        f"{unread if skipped else ''}"
    )


def _news(noticed: Sequence[Noticed]) -> str:
    """What was done by itself in a folder that is followed."""
    if not noticed:
        return ""
    items = "".join(
        f"<li>{each.at:%H:%M} {_ACTIONS[each.line.action]}: "
        f"<bdi>{html.escape(each.line.document)}</bdi> {html.escape(each.line.problem)}</li>"
        for each in noticed
    )
    return f'<details class="noticed" open><summary>Noticed</summary><ul>{items}</ul></details>'


def progress(far: Advance, run: str) -> str:
    """How far adding has come, and the way to stop it."""
    percent = round(100 * min(max(far.share, 0.0), 1.0))
    return (
        f'<div class="receipt"><p id="adding">{html.escape(far.document or "Indexing")}</p>'
        f'<progress max="100" value="{percent}" aria-labelledby="adding">{percent} %</progress>'
        f"<p>{html.escape(how_far(far))}</p>"
        f'<button type="button" data-act="cancel" data-run="{run}">Cancel</button></div>'
    )


def receipt_of(receipt: Receipt, library: Library) -> str:
    """What adding did, document by document, first those that were not added."""
    lines = sorted(receipt.lines, key=lambda line: line.action != "failed")
    items = "".join(_receipt_line(line, library) for line in lines)
    stopped = "<p>Stopped. What was finished is kept.</p>" if receipt.stopped else ""
    return f'<div class="receipt" role="status">{stopped}<ul>{items}</ul></div>'


def failure(problem: str) -> str:
    """Why nothing was done."""
    return f'<div class="receipt failed" role="alert"><p>{html.escape(problem)}</p></div>'


def _receipt_line(line: ReceiptLine, library: Library) -> str:
    name, more = html.escape(line.document), ""
    if not line.problem:
        name = f'<a href="{html.escape(document_link(line.document))}" target="reader">{name}</a>'
        more = _more(line, library)
    notes = "".join(f'<p class="warning">{html.escape(words)}</p>' for words in remarks(line))
    return (
        f'<li class="{line.action}"><strong>{_ACTIONS.get(line.action, line.action)}</strong> '
        f'<span class="title" dir="auto">{name}</span>'
        f"<p>{html.escape(what_was_read(line))}</p>{notes}{more}</li>"
    )


def _more(line: ReceiptLine, library: Library) -> str:
    """What was changed in a document, how it reads, and what it can be asked."""
    parts = []
    for what, tag in (("new", "ins"), ("gone", "del")):
        sentences = getattr(line.changes, what, ())[:_SENTENCES]
        parts += [f'<p dir="auto"><{tag}>{html.escape(each)}</{tag}></p>' for each in sentences]
    if line.preview:
        parts.append(f'<blockquote dir="auto">{html.escape(line.preview)}</blockquote>')
    questions = library.questions_to_try(line.document) if line.preview else ()
    if questions:
        asked = "".join(f'<li dir="auto">{html.escape(question)}</li>' for question in questions)
        parts.append(f"<p>To try:</p><ul>{asked}</ul>")
    return f"<details><summary>As it was read</summary>{''.join(parts)}</details>" if parts else ""


def _row(document: Document, collections: Sequence[str]) -> str:
    name, title = html.escape(document.name), html.escape(document.title or document.name)
    names = html.escape(" · ".join(document.names.values()))
    facts = [FORMATS.get(document.type, document.type)]
    if document.pages:
        facts.append(counted(document.pages, "page"))
    facts += [document.date] if document.date else []
    facts += [f"in {', '.join(collections)}"] if collections else []
    described = " · ".join(html.escape(fact) for fact in facts)
    kind, more = html.escape(PurePath(document.name).suffix[1:5]), ""
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
        more = (
            f'<details class="about"><summary aria-label="About {title}">About it</summary>'
            '<div aria-live="polite"></div></details>'
        )
    return (
        f'<li class="document" data-name="{name}" data-title="{title}" data-kind="{document.type}" '
        f'data-date="{html.escape(document.date or "")}" data-read="{document.read_at}">'
        f'<label class="choose"><input type="checkbox" aria-label="Choose {title}"></label>'
        f'<span class="icon" aria-hidden="true">{kind}</span>{opening}'
        f'<span class="title" dir="auto">{title}</span>{badge}'
        f'<span class="path" dir="auto">{names}</span>'
        f'<span class="facts">{described}</span>{closing}'
        f'<button type="button" data-act="remove" data-name="{name}" '
        f'aria-label="Remove {title}" title="Remove">×</button>{more}{warnings}</li>'
    )


def _ignore(report: Callable[[Advance], bool], far: Advance) -> None:
    report(far)
