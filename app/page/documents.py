"""The documents: what is there, adding to it, reading it again, taking away from it."""

import logging
import secrets
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import PurePath
from typing import Any

import gradio as gr

from app.collections import LONGEST_CONTEXT
from app.library import Library
from app.page.background import Background
from app.page.links import document_link
from app.page.uploads import Uploads
from app.quoting.lines import counted
from app.receipts import how_far, remarks, what_was_read
from app.scope import Scope
from app.templating import template
from ingest.advance import Advance, Progress
from ingest.catalogue import Document
from ingest.errors import DocumentError, FootnoteError
from ingest.loaders import FORMATS
from ingest.receipts import Receipt, ReceiptLine

_SENTENCES = 5  # of those that are new or gone
_TOLD_OF = 5  # documents that came in together; of more, nobody reads how each reads

log = logging.getLogger(__name__)

_ACTIONS = {
    "added": "Added",
    "changed": "Replaced",
    "renamed": "Renamed",
    "unchanged": "Already there",
    "read again": "Read again",
    "deleted": "Removed",
    "failed": "Not added",
    "skipped": "Not added",
    "left out": "Left out",
}
_View = tuple[str, str]
"""New values for: the receipt, the list."""
_Work = Callable[[Progress, Callable[[], bool]], Receipt]


class Documents:
    """The handlers of the documents view."""

    def __init__(self, library: Library, uploads: Uploads) -> None:
        self._library = library
        self._uploads = uploads
        self._runs: dict[str, threading.Event] = {}

    def open(self) -> str:
        """The list as it is now."""
        try:
            return listing(self._library)
        except FootnoteError as problem:
            return failure(str(problem))

    def close(self) -> str:
        """No receipt."""
        return ""

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

    def read_again(self, event: gr.EventData) -> Iterator[tuple[Any, ...]]:
        """Read documents anew from their files; new values for: the receipt, the list."""
        names: list[str] = event.names
        again = self._library.read_again
        yield from self._watched(lambda tell, stopped: again(names, tell, stopped))

    def bring_back(self, event: gr.EventData) -> Iterator[tuple[Any, ...]]:
        """Read a file again that was removed; new values for: the receipt, the list."""
        path, back = str(event.removed), self._library.bring_back
        yield from self._watched(lambda tell, stopped: back([path], tell, stopped))

    def _watched(self, work: _Work) -> Iterator[tuple[Any, ...]]:
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

    def remove(self, event: gr.EventData) -> _View:
        """Remove documents, or dismiss what could not be read."""
        try:
            failed = {each.name for each in self._library.documents() if each.status == "failed"}
            for name in event.names:
                with suppress(DocumentError):  # that is gone already, as was wanted
                    self._library.remove(name)
        except FootnoteError as problem:
            return failure(str(problem)), self.open()
        read = [name for name in event.names if name not in failed]
        unread = [name for name in event.names if name in failed]
        what, them = ("is", "it") if len(read) == 1 else ("are", "them")
        words = f"{what} removed. No answer will quote {them} again."
        unlisted = f"{'is' if len(unread) == 1 else 'are'} no longer listed."
        if read and unread:
            words += f" {counted(len(unread), 'file')} that could not be read {unlisted}"
        shown = _done(read, words) if read else _done(unread, unlisted, what="file")
        return shown, self.open()

    def gather(self, event: gr.EventData) -> _View:
        """Put documents into a collection."""
        names: list[str] = event.names
        collection, out = str(event.collection), bool(event.out)
        words = f"{'is' if len(names) == 1 else 'are'} {'taken out of' if out else 'in'}"
        gather = self._library.gather
        return self._do(lambda: gather(collection, names, out=out), names, words, collection)

    def describe(self, event: gr.EventData) -> _View:
        """Say in a line what a collection is."""
        collection, context = str(event.collection), str(event.context)
        words = f"is described: {context}" if context.strip() else "is described no more."
        describe = self._library.describe
        return self._do(lambda: describe(collection, context), [collection], words)

    def _do(
        self, act: Callable[[], None], names: Sequence[str], words: str, into: str = ""
    ) -> _View:
        """Do something at once, and say so."""
        try:
            act()
        except FootnoteError as problem:
            return failure(str(problem)), self.open()
        return _done(names, words, into), self.open()


def listing(library: Library) -> str:
    """All documents, with the collections that each is in; then what was left out."""
    stamp, documents = library.stamp(), library.documents()
    within, abouts = library.collections(documents), library.abouts(documents)
    failed = [document for document in documents if document.status == "failed"]
    read = [document for document in documents if document.status != "failed"]
    contexts, unread = library.contexts(), {document.name for document in failed}
    rows = [
        {
            "name": each.name,
            "title": each.title or each.name,
            "names": " · ".join(name for name in each.names.values() if name != each.title),
            "type": each.type,
            "kind": PurePath(each.name).suffix[1:5],
            "date": each.date,
            "read_at": each.read_at,
            "href": document_link(each.name),
            "about": abouts.get(each.name, ""),
            "facts": _facts(each, [name for name, having in within.items() if each.name in having]),
            "warnings": [_sentence(words) for words in each.warnings],
            "remarks": counted(len(each.warnings), "remark"),
            "is_failed": each.status == "failed",
        }
        for each in (*failed, *read)
    ]
    return template("app.page", "documents.html").render(
        stamp=stamp,
        noticed=library.noticed(),
        actions=_ACTIONS,
        rows=rows,
        total=counted(len(read), "document"),
        collections=[
            (
                name,
                counted(len(members), "document"),
                contexts.get(name, ""),
                f"/?{Scope(collections=(name,)).query}",
            )
            for name, members in within.items()
        ],
        longest_context=LONGEST_CONTEXT,
        removed=library.removed(),
        skipped=[file for file in library.left_out() if file.document not in unread],
    )


def _facts(document: Document, collections: Sequence[str]) -> str:
    facts = [
        FORMATS.get(document.type, document.type),
        counted(document.pages, "page") if document.pages else "",
        document.date or "",
        f"in {', '.join(collections)}" if collections else "",
    ]
    return " · ".join(filter(None, facts))


def _sentence(words: str) -> str:
    return words[:1].upper() + words[1:]


def progress(far: Advance, run: str) -> str:
    """How far adding has come, and the way to stop it."""
    percent = round(100 * min(max(far.share, 0.0), 1.0))
    return _receipt(far=far, percent=percent, how_far=how_far(far), run=run)


def receipt_of(receipt: Receipt, library: Library) -> str:
    """What adding did: first what was not added, and of many only what there is to say about."""
    lines = sorted(receipt.lines, key=lambda line: line.action != "failed")
    is_long = len(lines) > _TOLD_OF
    told: list[dict[str, object]] = []
    quiet: dict[str, list[tuple[str, str]]] = {}
    for line in lines:
        if is_long and not any(remarks(line)):
            place = line.document, document_link(line.document)
            quiet.setdefault(line.action, []).append(place)
        else:
            told.append(_told(line, library, asks=not is_long))
    return _receipt(stopped=receipt.stopped, lines=told, quiet=quiet)


def failure(problem: str) -> str:
    """Why nothing was done."""
    return _receipt(problem=problem)


def _done(names: Sequence[str], words: str, into: str = "", what: str = "document") -> str:
    """What was done at once, with one of that name or with so many."""
    named = names[0] if len(names) == 1 else ""
    words = words if named else f"{counted(len(names), what)} {words}"
    return _receipt(done=words, named=named, into=into)


def _receipt(**told: object) -> str:
    return template("app.page", "receipt.html").render(actions=_ACTIONS, **told)


def _told(line: ReceiptLine, library: Library, asks: bool) -> dict[str, object]:
    """What was done with a document, how it reads, what was changed, and what it can be asked."""
    changes, is_read = line.changes, bool(line.preview)
    new, gone = (changes.new, changes.gone) if changes else ((), ())
    return {
        "action": line.action,
        "document": line.document,
        "href": "" if line.problem else document_link(line.document),
        "read": what_was_read(replace(line, passages=0)),
        "remarks": list(map(_sentence, remarks(line))),
        "new": new[:_SENTENCES],
        "gone": gone[:_SENTENCES],
        "preview": line.preview,
        "questions": library.questions_to_try(line.document) if is_read and asks else (),
        "more": is_read or new or gone,
    }


def _ignore(report: Callable[[Advance], bool], far: Advance) -> None:
    report(far)
