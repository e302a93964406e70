"""What footnotes open: documents under `/source`, kept answers, and the files of both."""

import html
import secrets
from contextlib import suppress
from importlib.resources import files

from fastapi import FastAPI, Request, Response
from fastapi.responses import HTMLResponse, JSONResponse

from app.engine import Engine
from app.export.kinds import KINDS, saved
from app.export.written import to_rich
from app.library import Library
from app.page import pdf, reader
from app.page.answer_page import answer_page
from app.page.card import card
from app.page.links import SourceLink
from ingest.errors import FootnoteError

_ASSETS = {
    "base.css": "text/css",
    "page.css": "text/css",
    "chat.css": "text/css",
    "beside.css": "text/css",
    "aside.css": "text/css",
    "models.css": "text/css",
    "reader.css": "text/css",
    "checking.css": "text/css",
    "page.js": "text/javascript",
    "icon.svg": "image/svg+xml",
}
_NOT_KEPT = {"Cache-Control": "no-store"}
_HEADERS = {"Content-Security-Policy": reader.POLICY}


def add_reader(app: FastAPI, engine: Engine, library: Library) -> None:
    """Have it show what footnotes open: documents, kept answers, and files of them."""

    @app.exception_handler(FootnoteError)
    def failed(_: Request, problem: Exception) -> HTMLResponse:
        return _sent(reader.message("The documents cannot be shown", str(problem), 503))

    @app.get("/source")
    def source(request: Request) -> HTMLResponse:
        try:
            link = SourceLink.parse(request.query_params.multi_items())
            server = str(request.base_url).rstrip("/")
            page = reader.source_page(library, link, engine.journal, server)
        except ValueError as problem:
            page = reader.message("This link cannot be opened", str(problem), 400)
        return _sent(page)

    @app.get("/source/card")
    def source_card(request: Request) -> HTMLResponse:
        try:
            link = SourceLink.parse(request.query_params.multi_items())
        except ValueError as problem:
            return HTMLResponse(html.escape(str(problem)), 400, _HEADERS)
        return HTMLResponse(card(library, link), headers=_HEADERS)

    @app.get("/source/page")
    def page_image(document: str, sha: str, page: int) -> Response:
        content = library.content(document, sha)
        try:
            image = pdf.draw(content, page) if content is not None else b""
        except ValueError:
            image = b""
        if not image:
            return Response(status_code=404)
        kept = {"Cache-Control": "private, max-age=86400"}
        return Response(image, media_type="image/png", headers=kept)

    @app.get("/answer/{id}")
    def answer(id: str) -> HTMLResponse:
        return _sent(answer_page(engine.journal, library, id))

    @app.get("/export")
    def exported(request: Request) -> Response:
        ids = list(dict.fromkeys(request.query_params.getlist("answer")))
        found = [engine.journal.recall(id) for id in ids] if engine.journal is not None else []
        kept = [each for each in found if each is not None]
        kind = KINDS.get(request.query_params.get("as", ""))
        if kind is None or not kept or len(kept) < len(ids):
            return Response(status_code=404)
        named = {"Content-Disposition": f'attachment; filename="footnote{kind.suffix}"'}
        file = saved(kind, kept, library.documents(), library.text_of)
        return Response(file, media_type=kind.media_type, headers=named)

    @app.get("/answer/{id}/rich")
    def rich(id: str) -> HTMLResponse:
        """An answer with its footnotes, to be pasted elsewhere."""
        kept = engine.journal.recall(id) if engine.journal is not None else None
        if kept is None:
            return HTMLResponse("", 404, _HEADERS)
        return HTMLResponse(to_rich(kept.answer), headers=_HEADERS)

    started = secrets.token_hex(8)

    @app.get("/alive")
    def alive() -> JSONResponse:
        """Which run of the server this is, and which state of the documents and collections.

        A page that was open over the end of a run is shown anew; what it shows of the documents
        follows them, whoever changes them.
        """
        with suppress(FootnoteError):
            stamp = library.stamp()
            return JSONResponse([started, stamp], headers=_NOT_KEPT)
        return JSONResponse([started, ""], headers=_NOT_KEPT)

    @app.get("/source/now")
    def source_now(document: str, sha: str) -> HTMLResponse:
        """What is to be said of a document that is open since it had this hash."""
        return HTMLResponse(reader.since_opened(library, document, sha), headers=_NOT_KEPT)

    @app.get("/page/{name}")
    def asset(name: str) -> Response:
        if name not in _ASSETS:
            return Response(status_code=404)
        content = files("app.page").joinpath(name).read_bytes()
        return Response(content, media_type=_ASSETS[name], headers={"Cache-Control": "no-cache"})


def _sent(page: reader.Page) -> HTMLResponse:
    return HTMLResponse(page.markup, page.status, _HEADERS)
