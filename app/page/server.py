"""The page's server: the chat under `/`, the reader under `/source`, and their few files."""

import os
import socket
from collections.abc import Callable
from contextlib import suppress
from importlib.resources import files

from fastapi import FastAPI, Request, Response
from fastapi.responses import HTMLResponse
from starlette.datastructures import MutableHeaders
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.page import pdf, reader
from app.page.answer_page import answer_page
from app.page.links import SourceLink
from app.page.ports import Engine, Library
from app.page.saving import KINDS, present
from ingest.errors import FootnoteError

_ASSETS = {
    "base.css": "text/css",
    "page.css": "text/css",
    "chat.css": "text/css",
    "beside.css": "text/css",
    "reader.css": "text/css",
    "page.js": "text/javascript",
    "icon.svg": "image/svg+xml",
}
# Gradio evaluates templates in the browser, so the page cannot do without unsafe-eval; what it
# can do is promise the browser that nothing is ever fetched from, or sent, elsewhere.
_PAGE_POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; "
    "style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self' data:; "
    "connect-src 'self'; frame-src 'self'; frame-ancestors 'self'; object-src 'none'; "
    "base-uri 'self'; form-action 'self'"
)
_HEAD = (
    '<link rel="stylesheet" href="/page/base.css"><link rel="stylesheet" href="/page/page.css">'
    '<link rel="stylesheet" href="/page/chat.css"><link rel="stylesheet" href="/page/beside.css">'
    '<link rel="icon" href="/page/icon.svg">'
)
LARGEST_UPLOAD = "200mb"
_LOOPBACK = ("127.0.0.1", "localhost")


def build_app(engine: Engine, library: Library) -> FastAPI:
    """The whole page as an ASGI application; nothing is started and no model is loaded."""
    os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
    import gradio as gr

    from app.page.layout import build_page
    from app.page.theme import theme

    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    app.add_middleware(_Guard)

    @app.exception_handler(FootnoteError)
    def failed(_: Request, problem: Exception) -> HTMLResponse:
        page = reader.unavailable(str(problem))
        return HTMLResponse(page.markup, page.status, {"Content-Security-Policy": reader.POLICY})

    @app.get("/source")
    def source(request: Request) -> HTMLResponse:
        try:
            link = SourceLink.parse(request.query_params.multi_items())
            server = str(request.base_url).rstrip("/")
            page = reader.source_page(library, link, engine.journal, server)
        except ValueError as problem:
            page = reader.unreadable_link(str(problem))
        return HTMLResponse(page.markup, page.status, {"Content-Security-Policy": reader.POLICY})

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
        page = answer_page(engine.journal, library, id)
        return HTMLResponse(page.markup, page.status, {"Content-Security-Policy": reader.POLICY})

    @app.get("/export")
    def exported(request: Request) -> Response:
        ids = request.query_params.getlist("answer")
        found = [engine.journal.recall(id) for id in ids] if engine.journal is not None else []
        kept = [each for each in found if each is not None]
        kind = KINDS.get(request.query_params.get("as", ""))
        if kind is None or not kept or len(kept) < len(ids):
            return Response(status_code=404)
        saved = {"Content-Disposition": f'attachment; filename="{kind.file_name}"'}
        written = kind.write(kept, present(library))
        return Response(written, media_type=kind.media_type, headers=saved)

    @app.get("/page/{name}")
    def asset(name: str) -> Response:
        if name not in _ASSETS:
            return Response(status_code=404)
        content = files("app.page").joinpath(name).read_bytes()
        return Response(content, media_type=_ASSETS[name], headers={"Cache-Control": "no-cache"})

    gr.mount_gradio_app(
        app,
        build_page(engine, library),
        path="/",
        theme=theme(),
        head=_HEAD,
        footer_links=[],
        run_history=False,
        pwa=False,
        ssr_mode=False,
        max_file_size=LARGEST_UPLOAD,
        show_error=False,
    )
    return app


def serve(
    engine: Engine, library: Library, host: str, port: int, ready: Callable[[], None]
) -> None:
    """Serve the page until interrupted; `ready` is called when nobody who connects is turned away.

    Raises OSError when the port is taken.
    """
    import uvicorn

    app = build_app(engine, library)
    if host in _LOOPBACK:
        # Else a website could give its own name this machine's address, and read the documents.
        app.add_middleware(TrustedHostMiddleware, allowed_hosts=list(_LOOPBACK))
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.create_server((host, port), family=family) as listening:
        ready()  # the socket listens, and keeps requests until the server takes them
        # Open pages hold a connection each, which would hold up the end of the process.
        config = uvicorn.Config(app, log_level="warning", timeout_graceful_shutdown=1)
        with suppress(KeyboardInterrupt):
            uvicorn.Server(config).run(sockets=[listening])


class _Guard:
    """Headers that keep the page's promises even if something in it should be fooled."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers.setdefault("Content-Security-Policy", _PAGE_POLICY)
                headers.setdefault("X-Content-Type-Options", "nosniff")
                headers.setdefault("Referrer-Policy", "no-referrer")
            await send(message)

        await self._app(scope, receive, guarded)
