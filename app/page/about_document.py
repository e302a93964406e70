"""What one document is: what it is about, how it was read, which answers quote it."""

from dataclasses import replace

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from app.conversations import Conversations
from app.journal import Journal
from app.library import Library
from app.page.links import Note, SourceLink
from app.page.visitors import Visitors
from app.receipts import remarks, what_was_read
from app.scope import Scope
from app.templating import template

MOST_PASSAGES = 200
"""Passages that are shown of a document; a book has thousands."""


def about_routes(library: Library, journal: Journal | None, visitors: Visitors) -> APIRouter:
    """What the list of documents asks for when one of them is opened there, as safe HTML."""
    routes = APIRouter()

    @routes.get("/documents/about")
    def about(request: Request, document: str) -> HTMLResponse:
        receipt = library.receipt(document)
        if receipt is None:
            return HTMLResponse("<p>This document is not there any more.</p>", 404)
        owner = visitors.owner(request.cookies, "")
        source = library.text(document)
        sha256 = source.document.sha256 if source else ""
        passages = library.passages(document)
        cut = [
            (SourceLink(Note(document, sha256, each.start, each.end)).href, each.text)
            for each in passages[:MOST_PASSAGES]
        ]
        markup = template("app.page", "about_document.html").render(
            ask=f"/?{Scope(documents=(document,)).query}",
            read=what_was_read(replace(receipt, passages=0)),
            remarks=list(remarks(receipt)),
            cited=Conversations(journal).citing(owner, {document, sha256}) if journal else [],
            cut=cut,
            more=len(passages) - len(cut),
        )
        return HTMLResponse(markup, headers={"Cache-Control": "no-store"})

    return routes
