"""The page's server: the chat under `/`, the reader under `/source`, and their few files."""

import html
import os
import secrets
import signal
import socket
from collections.abc import Callable
from contextlib import suppress
from importlib.resources import files
from typing import TYPE_CHECKING, Annotated

from fastapi import FastAPI, Query, Request, Response
from fastapi.middleware.cors import CORSMiddleware
from fastapi.responses import HTMLResponse, PlainTextResponse
from starlette.requests import ClientDisconnect
from starlette.routing import Mount

from app.page import pdf, reader
from app.page.answer_page import answer_page
from app.page.card import card
from app.page.checking import check_routes
from app.page.guard import Doors, Guard, is_beyond_this_machine
from app.page.links import SourceLink
from app.page.ports import Engine, Library
from app.page.saving import KINDS, present
from app.page.uploads import TooLarge, Uploads
from app.page.visitors import Visitors
from ingest.errors import DocumentError, FootnoteError

if TYPE_CHECKING:
    from app.api.services import Services

_ASSETS = {
    "base.css": "text/css",
    "page.css": "text/css",
    "chat.css": "text/css",
    "beside.css": "text/css",
    "aside.css": "text/css",
    "reader.css": "text/css",
    "checking.css": "text/css",
    "page.js": "text/javascript",
    "icon.svg": "image/svg+xml",
}
_HEAD = (
    '<link rel="stylesheet" href="/page/base.css"><link rel="stylesheet" href="/page/page.css">'
    '<link rel="stylesheet" href="/page/chat.css"><link rel="stylesheet" href="/page/beside.css">'
    '<link rel="stylesheet" href="/page/aside.css">'
    '<link rel="icon" href="/page/icon.svg">'
)


def build_app(
    engine: Engine,
    library: Library,
    uploads: Uploads,
    doors: Doors | None = None,
    services: "Services | None" = None,
    visitors: Visitors | None = None,
    keep_days: int | None = None,
) -> FastAPI:
    """The whole page as an ASGI application; nothing is started and no model is loaded.

    With `services` programs are answered beside it. `visitors` says whose a conversation is,
    `keep_days` for how long one is kept; None is until it is deleted.
    """
    app = guarded(doors or Doors())
    if services is not None:
        from app.api.server import add_api

        add_api(app, services)
    add_reader(app, engine, library)
    _add_documents(app, library, uploads)
    app.include_router(check_routes(engine))
    _mount_page(app, engine, library, uploads, visitors or Visitors(), keep_days)
    return app


def guarded(doors: Doors) -> FastAPI:
    """An application that answers nothing yet, and nobody who is not let in."""
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    # Gradio's own headers would let any page of this machine call with a visitor's credentials;
    # where these are given, it gives none.
    app.add_middleware(
        CORSMiddleware,
        allow_origins=doors.origins,
        allow_methods=["GET", "POST", "PUT", "PATCH", "DELETE"],
        allow_headers=["Authorization", "Content-Type", "X-API-Key"],
    )
    app.add_middleware(Guard, doors=doors)
    return app


def add_reader(app: FastAPI, engine: Engine, library: Library) -> None:
    """Have it show what footnotes open: documents, kept answers, and files of them."""

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

    @app.get("/source/card")
    def source_card(request: Request) -> HTMLResponse:
        policy = {"Content-Security-Policy": reader.POLICY}
        try:
            link = SourceLink.parse(request.query_params.multi_items())
        except ValueError as problem:
            return HTMLResponse(html.escape(str(problem)), 400, policy)
        return HTMLResponse(card(library, link), headers=policy)

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
        ids = list(dict.fromkeys(request.query_params.getlist("answer")))
        found = [engine.journal.recall(id) for id in ids] if engine.journal is not None else []
        kept = [each for each in found if each is not None]
        kind = KINDS.get(request.query_params.get("as", ""))
        if kind is None or not kept or len(kept) < len(ids):
            return Response(status_code=404)
        saved = {"Content-Disposition": f'attachment; filename="{kind.file_name}"'}
        written = kind.write(kept, present(library))
        return Response(written, media_type=kind.media_type, headers=saved)

    started = secrets.token_hex(8)

    @app.get("/alive")
    def alive() -> PlainTextResponse:
        """Which run of the server this is: a page that was open over its end is shown anew."""
        return PlainTextResponse(started, headers={"Cache-Control": "no-store"})

    @app.get("/page/{name}")
    def asset(name: str) -> Response:
        if name not in _ASSETS:
            return Response(status_code=404)
        content = files("app.page").joinpath(name).read_bytes()
        return Response(content, media_type=_ASSETS[name], headers={"Cache-Control": "no-cache"})


def _add_documents(app: FastAPI, library: Library, uploads: Uploads) -> None:
    @app.get("/documents/holding")
    def holding(words: Annotated[str, Query(max_length=300)] = "") -> list[str]:
        return list(library.holding(words))

    @app.post("/documents")
    async def upload(request: Request, name: str = "") -> PlainTextResponse:
        size = request.headers.get("content-length", "")
        try:
            token = await uploads.take(
                name, int(size) if size.isdecimal() else None, request.stream()
            )
        except TooLarge as problem:
            # Closed, for else the rest of it would be waited for.
            return PlainTextResponse(str(problem), 413, {"Connection": "close"})
        except DocumentError as problem:
            return PlainTextResponse(str(problem), 400)
        except ClientDisconnect:
            return PlainTextResponse("", 400)
        except OSError as problem:
            reason = f"it cannot be kept ({problem.strerror})."
            words = f"{name}: {reason} Look after the disk that Footnote is on, and try again."
            return PlainTextResponse(words, 507)
        return PlainTextResponse(token)


def _mount_page(
    app: FastAPI,
    engine: Engine,
    library: Library,
    uploads: Uploads,
    visitors: Visitors,
    keep_days: int | None,
) -> None:
    """Put the Gradio page under `/`, with nothing of Gradio but what the page uses."""
    os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
    import gradio as gr

    from app.page.calls import Calls
    from app.page.layout import EVENTS, build_page
    from app.page.telling import telling
    from app.page.theme import theme

    page = build_page(engine, library, uploads, visitors, keep_days)
    for handler in page.fns.values():
        handler.fn = telling(handler.fn) if handler.fn else None
    gr.mount_gradio_app(
        app,
        page,
        path="/",
        theme=theme(),
        head=_HEAD,
        footer_links=[],
        run_history=False,
        pwa=False,
        ssr_mode=False,
        show_error=False,
    )
    for component in page.config["components"]:
        component["props"].pop("delete_callback", None)  # a function's address in our memory
    mounted = app.routes[-1]
    assert isinstance(mounted, Mount)
    mounted.app = Calls(mounted.app, page, EVENTS, visitors)


def serve(
    engine: Engine,
    library: Library,
    uploads: Uploads,
    doors: Doors,
    host: str,
    port: int,
    ready: Callable[[], None],
    services: "Services | None" = None,
    keep_days: int | None = None,
) -> None:
    """Serve the page until interrupted; `ready` is called when nobody who connects is turned away.

    Raises OSError when the port is taken.
    """
    is_shared = any(map(is_beyond_this_machine, (host, *doors.hosts))) or bool(doors.proxies)
    visitors = Visitors(is_shared)
    app = build_app(engine, library, uploads, doors, services, visitors, keep_days)
    listen(app, host, port, ready)


def listen(app: FastAPI, host: str, port: int, ready: Callable[[], None]) -> None:
    """Serve an application until interrupted or terminated. Raises OSError."""
    import uvicorn

    # uvicorn raises the signal again when all is done; the caller still has to tidy up then.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.create_server((host, port), family=family) as listening:
        ready()  # the socket listens, and keeps requests until the server takes them
        config = uvicorn.Config(
            app,
            log_level="warning",
            proxy_headers=False,  # the guard believes whom the settings name
            # Open pages hold a connection each, which would hold up the end of the process.
            timeout_graceful_shutdown=1,
        )
        with suppress(KeyboardInterrupt):
            uvicorn.Server(config).run(sockets=[listening])
