"""The page's server: the chat under `/`, and beside it the reader, uploads and programs."""

import os
from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated

from anyio import to_thread
from fastapi import FastAPI, Query, Request
from fastapi.responses import PlainTextResponse
from starlette.requests import ClientDisconnect
from starlette.routing import Mount

from app.engine import Engine
from app.library import Library
from app.page.about_document import about_routes
from app.page.checking import check_routes
from app.page.guard import Doors
from app.page.listening import guarded, listen
from app.page.reader_routes import add_reader
from app.page.uploads import TooLarge, Unread, Uploads
from app.page.visitors import Visitors
from ingest.errors import DocumentError

if TYPE_CHECKING:
    from app.api.services import Services
    from app.speakers import Speakers

_HEAD = (
    '<link rel="stylesheet" href="/page/base.css"><link rel="stylesheet" href="/page/page.css">'
    '<link rel="stylesheet" href="/page/chat.css"><link rel="stylesheet" href="/page/beside.css">'
    '<link rel="stylesheet" href="/page/aside.css"><link rel="stylesheet" href="/page/models.css">'
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
    speakers: "Speakers | None" = None,
) -> FastAPI:
    """The whole page as an ASGI application; nothing is started and no model is loaded.

    With `services` programs are answered beside it. `visitors` says whose a conversation is,
    `keep_days` for how long one is kept; None is until it is deleted. With `speakers` another model
    can be chosen.
    """
    app = guarded(doors or Doors())
    if services is not None:
        from app.api.server import add_api

        add_api(app, services)
    add_reader(app, engine, library)
    _add_documents(app, library, uploads)
    app.include_router(about_routes(library, engine.journal, visitors or Visitors()))
    app.include_router(check_routes(engine, library))
    if speakers is not None:
        from app.page.card_pages import card_routes

        app.include_router(card_routes(speakers, visitors or Visitors()))
    of_page = (engine, library, uploads, visitors or Visitors(), keep_days, speakers)
    _mount_page(app, *of_page)
    return app


def _add_documents(app: FastAPI, library: Library, uploads: Uploads) -> None:
    @app.get("/documents/holding")
    def holding(words: Annotated[str, Query(max_length=300)] = "") -> list[str]:
        return list(library.holding(words))

    @app.post("/documents")
    async def upload(request: Request, name: str = "", size: int = 0) -> PlainTextResponse:
        # Of a file that is too large the page sends the size alone.
        length = request.headers.get("content-length", "")
        size = max(size, int(length) if length.isdecimal() else 0)
        try:
            token = await uploads.take(name, size, request.stream())
        except Unread as problem:
            await to_thread.run_sync(library.refuse, name, problem)
            # Closed, for else the rest of it would be waited for. By these two statuses the page
            # knows that the list says why.
            status = 413 if isinstance(problem, TooLarge) else 415
            return PlainTextResponse(str(problem), status, {"Connection": "close"})
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
    speakers: "Speakers | None",
) -> None:
    """Put the Gradio page under `/`, with nothing of Gradio but what the page uses."""
    os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
    import gradio as gr

    from app.page.calls import Calls
    from app.page.layout import build_page
    from app.page.telling import telling
    from app.page.theme import theme

    page = build_page(engine, library, uploads, visitors, keep_days, speakers)
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
    mounted.app = Calls(mounted.app, page, visitors)


def serve(
    speakers: "Speakers",
    library: Library,
    uploads: Uploads,
    doors: Doors,
    ready: Callable[[], None],
    services: "Services | None" = None,
) -> None:
    """Serve the page until interrupted; `ready` is called when nobody who connects is turned away.

    Raises OSError when the port is taken.
    """
    settings = speakers.settings
    app = build_app(
        speakers.engine,
        library,
        uploads,
        doors,
        services,
        Visitors(speakers.is_shared),
        settings.keep_days,
        speakers,
    )
    listen(app, settings.host, settings.port, ready)
