"""An application that lets in whom it should, and the socket that it is served on."""

import signal
import socket
from collections.abc import Callable
from contextlib import suppress

from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

from app.page.guard import Doors, Guard


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
