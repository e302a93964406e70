"""Errors as application/problem+json (RFC 9457): what happened, and what to do."""

from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from pydantic import BaseModel, Field
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ingest.errors import CatalogueError, DocumentError, FootnoteError, ModelError, WeightsError
from ingest.loaders import MAX_BYTES

LONGEST_TEXT = 200_000
"""Characters of a text to check."""
LARGEST_BODY = 12 * LONGEST_TEXT
"""Bytes of a request, but of a document that is added: JSON may write a character in twelve."""
TOO_LARGE = (
    f"The request is too large: it may have {LARGEST_BODY / 1e6:.1f} MB, a text to check "
    f"{LONGEST_TEXT:,} characters, a document {MAX_BYTES / 1e6:.0f} MB."
)


class Problem(BaseModel):
    """Why there is no answer. `remedy` says what to do, `errors` which fields are wrong."""

    type: str = "about:blank"
    title: str = Field(examples=["Not Found"])
    status: int = Field(examples=[404])
    detail: str = Field(examples=["There is no document “fees.md”."])
    remedy: str = Field("", examples=["GET /api/v1/documents lists all."])
    errors: list[str] = []


class Refused(Exception):
    """A request that is answered with a problem."""

    def __init__(self, status: int, detail: str, remedy: str = "", **headers: str) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail
        self.remedy = remedy
        self.headers = {name.replace("_", "-"): value for name, value in headers.items()}


class ProblemResponse(JSONResponse):
    """A problem, as HTTP sends it."""

    media_type = "application/problem+json"

    def __init__(self, status: int, detail: str, remedy: str = "", **more: Any) -> None:
        headers = more.pop("headers", None)
        title = HTTPStatus(status).phrase
        problem = Problem(title=title, status=status, detail=detail, remedy=remedy, **more)
        super().__init__(problem.model_dump(), status, headers)


def status_of(error: FootnoteError) -> int:
    """Return the HTTP status for an error that a user can meet."""
    if isinstance(error, DocumentError):
        return 422
    return 503 if isinstance(error, CatalogueError | ModelError | WeightsError) else 500


def wrong_fields(error: RequestValidationError) -> list[str]:
    """Say of each field what is wrong with it; what was sent is not repeated."""
    return [
        f"{'.'.join(str(part) for part in each['loc'])}: {each['msg']}" for each in error.errors()
    ]


def answer_with_problems(app: FastAPI) -> None:
    """Have an application answer every error with a problem."""

    @app.exception_handler(Refused)
    def refused(_: Request, error: Refused) -> ProblemResponse:
        return ProblemResponse(error.status, error.detail, error.remedy, headers=error.headers)

    @app.exception_handler(FootnoteError)
    def failed(_: Request, error: FootnoteError) -> ProblemResponse:
        return ProblemResponse(status_of(error), str(error))

    @app.exception_handler(RequestValidationError)
    def invalid(_: Request, error: RequestValidationError) -> ProblemResponse:
        detail = "The request is not one that this address takes."
        remedy = "/api/v1/docs describes what is taken."
        return ProblemResponse(422, detail, remedy, errors=wrong_fields(error))

    @app.exception_handler(HTTPException)
    def unknown(_: Request, error: HTTPException) -> ProblemResponse:
        remedy = "/api/v1/docs lists all there is." if error.status_code in (404, 405) else ""
        return ProblemResponse(
            error.status_code, str(error.detail), remedy, headers=dict(error.headers or {})
        )

    @app.exception_handler(Exception)
    def fault(_: Request, error: Exception) -> ProblemResponse:
        detail = f"A fault in Footnote ({type(error).__name__}). Nothing that was finished is lost."
        return ProblemResponse(500, detail, "Please report what its log says.")


class Worded:
    """Puts into the shape of an address what is refused in plain words before it is looked at.

    So are too large a request, a foreign name or page, and who has no key. `shapes` make a
    response of a status and words, for all addresses below a path.
    """

    def __init__(self, app: ASGIApp, shapes: Mapping[str, Callable[[int, str], Response]]) -> None:
        self._app = app
        self._shapes = shapes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        of_path = (shape for path, shape in self._shapes.items() if scope["path"].startswith(path))
        shape = next(of_path, None) if scope["type"] == "http" else None
        if shape is None:
            await self._app(scope, receive, send)
            return
        status, words, kept = 0, b"", dict[str, str]()

        async def worded(message: Message) -> None:
            nonlocal status, words, kept
            if message["type"] == "http.response.start" and message["status"] >= 400:
                kept = dict(Headers(raw=message["headers"]))
                is_plain = kept.pop("content-type", "").startswith("text/plain")
                status = message["status"] if is_plain else 0
                kept.pop("content-length", None)
            if not status:
                await send(message)
                return
            words += message.get("body", b"")
            if message["type"] == "http.response.body" and not message.get("more_body"):
                response = shape(status, TOO_LARGE if status == 413 else words.decode())
                response.headers.update(kept)
                await response(scope, receive, send)

        await self._app(scope, receive, worded)
