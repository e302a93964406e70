"""Where the API is: mounted beside the page, or served alone."""

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from typing import Any

from fastapi import FastAPI
from mcp.server.transport_security import TransportSecuritySettings
from starlette.middleware import Middleware
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp

from app.api.keys import Locked
from app.api.mcp import Agents
from app.api.openai import error_response, openai_app
from app.api.problems import ProblemResponse, Worded
from app.api.routes import api_app
from app.api.services import Services
from app.page.guard import Doors, is_beyond_this_machine
from app.page.listening import guarded, listen
from app.page.reader_routes import add_reader

_SHAPES: Mapping[str, Callable[[int, str], Response]] = {
    "/api/v1/": ProblemResponse,
    "/v1/": error_response,
}
_ALWAYS_TOLD = ("/api/v1/health", "/api/v1/ready")


def needs_key(host: str, doors: Doors) -> bool:
    """Whether others reach what listens there, themselves or through a proxy."""
    return any(map(is_beyond_this_machine, (host, *doors.hosts))) or bool(doors.proxies)


def add_api(app: FastAPI, services: Services) -> None:
    """Have an application answer programs, besides what it answers already."""
    for path, surface in _surfaces(services).items():
        app.mount(
            path, Locked(surface, services.keys, _ALWAYS_TOLD) if services.needs_key else surface
        )
    app.add_middleware(Worded, shapes=_SHAPES)
    agents = _agents(app, services)
    door = Locked(agents, services.keys) if services.needs_key else agents
    app.router.routes.append(Route("/mcp", door))


def alone(services: Services, doors: Doors) -> FastAPI:
    """The API and the reader that its links open, without the page."""
    app = guarded(doors)
    for path, surface in _surfaces(services).items():
        app.mount(path, surface)
    app.router.routes.append(Route("/mcp", _agents(app, services)))
    app.add_middleware(Worded, shapes=_SHAPES)
    add_reader(app, services.engine, services.library)
    if services.needs_key:
        # Innermost: who comes by a foreign name is not asked for a key.
        app.user_middleware.append(Middleware(Locked, services.keys, _ALWAYS_TOLD))
    return app


def serve_api(
    services: Services, doors: Doors, host: str, port: int, ready: Callable[[], None]
) -> None:
    """Serve the API and the reader until interrupted or terminated. Raises OSError."""
    listen(alone(services, doors), host, port, ready)


def _surfaces(services: Services) -> dict[str, ASGIApp]:
    return {"/api/v1": api_app(services), "/v1": openai_app(services)}


def _agents(app: FastAPI, services: Services) -> ASGIApp:
    """Return what answers agents; it runs as long as the application does."""
    server = Agents(services)
    agents = server.streamable_http_app(
        stateless_http=True,
        # The guard has looked at Host and Origin already, and knows the settings.
        transport_security=TransportSecuritySettings(enable_dns_rebinding_protection=False),
    )
    before = app.router.lifespan_context

    @asynccontextmanager
    async def lifespan(within: FastAPI) -> AsyncIterator[Any]:
        async with before(within) as state, server.session_manager.run():
            yield state

    app.router.lifespan_context = lifespan
    return agents
