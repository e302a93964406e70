"""What a browser may ask of Gradio: the files of the page, and the handlers that the page uses.

Gradio offers some sixty addresses, among them files by their path, and takes any JSON for the
arguments of a handler: a record that names a file is opened, whichever component it is meant for.
Here everything else is turned away, with a status of 4xx, before Gradio sees it.
"""

import re
from collections.abc import Mapping
from typing import Annotated, Any, Literal

import gradio as gr
from pydantic import BaseModel, ConfigDict, Field
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.collections import LONGEST_CONTEXT, LONGEST_NAME
from app.page.places import PATH
from app.page.visitors import Visitors

LARGEST_CALL = 1_000_000
"""Bytes of a call. Of a question 4,000 characters are read, and it is said where it has more."""
LONGEST_ADDRESS = 2000
"""Characters of an address of the web."""
MOST_UPLOADS = 1000
"""Files that are added together."""

_READ = re.compile(
    r"/theme\.css|/favicon\.ico|/(?:assets|static)/(?!.*\.\.)[\w./-]+"
    r"|/gradio_api/(?:app_id|heartbeat/[a-z0-9]{1,40})"
)
_QUEUED, _AT_ONCE = "/gradio_api/queue/join", "/gradio_api/run/predict"
_NEWS = "/gradio_api/queue/data"


class _Strict(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid")


At = Annotated[str, Field(max_length=4000)]
Id = Annotated[str, Field(pattern=r"^[0-9a-f]{1,40}$")]


class Visit(_Strict):
    """Where in the page something is done: the path and query of the address."""

    at: At


class Turn(Visit):
    """What is done to a turn of the conversation."""

    turn: Id


class Edit(Turn):
    question: str


class Judgement(Turn):
    good: bool
    complaint: str
    note: str


class Example(Visit):
    question: str


class Search(_Strict):
    words: Annotated[str, Field(max_length=1000)]


class Renaming(_Strict):
    conversation: Id
    title: str


class Pinning(_Strict):
    conversation: Id
    pinned: bool


class Forgetting(_Strict):
    """Without a conversation, all of them."""

    conversation: Annotated[str, Field(pattern=r"^[0-9a-f]{0,40}$")]


Collection = Annotated[str, Field(min_length=1, max_length=LONGEST_NAME)]
Names = Annotated[list[str], Field(min_length=1, max_length=100_000)]


class Chosen(_Strict):
    """Documents to be removed, or read again."""

    names: Names


class Removed(_Strict):
    """Where a file is that was removed. What is called a path Gradio would open."""

    removed: Annotated[str, Field(max_length=4096)]


class Gathering(_Strict):
    """Documents to put into a collection, or to take `out` of it."""

    collection: Collection
    names: Names
    out: bool


class Description(_Strict):
    """A line about a collection, or none."""

    collection: Collection
    context: Annotated[str, Field(max_length=LONGEST_CONTEXT)]


class Address(_Strict):
    """Where on the web a page or file is."""

    address: Annotated[str, Field(max_length=LONGEST_ADDRESS)]


class Wish(_Strict):
    """A model, as the setting `model` names it."""

    wish: Annotated[str, Field(min_length=1, max_length=500)]


class Pull(_Strict):
    """A model that is to be fetched, as Ollama names it."""

    name: Annotated[str, Field(min_length=1, max_length=200)]


class Server(_Strict):
    """Where a model server is; empty for none."""

    address: Annotated[str, Field(max_length=300)]


class Profile(_Strict):
    profile: Literal["auto", "small", "capable"]


class Cancellation(_Strict):
    """The name of the run that is to be stopped."""

    run: str


class Addition(_Strict):
    """The names that the server gave to what was uploaded."""

    uploads: Annotated[list[str], Field(min_length=1, max_length=MOST_UPLOADS)]


class _Call(BaseModel):
    """A call as the page makes it; whatever else the sender put into it goes no further."""

    model_config = ConfigDict(strict=True)

    fn_index: int
    session_hash: Annotated[str, Field(pattern=r"^[a-z0-9]{1,40}$")]
    data: list[Any]
    event_data: Any = None
    trigger_id: int | None = None


class Calls:
    """Stands before a mounted Gradio app.

    `events` has, by a handler's name, what its event brings; the handlers without bring nothing.
    """

    def __init__(
        self,
        app: ASGIApp,
        page: gr.Blocks,
        events: Mapping[str, type[BaseModel]],
        visitors: Visitors,
    ) -> None:
        self._app = app
        self._visitors = visitors
        self._page = page
        self._events = events
        self._handlers = {
            number: handler
            for number, handler in page.fns.items()
            if not any(event == "unload" for _, event in handler.targets)
        }

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        method, path = scope["method"], scope["path"]
        # What the page of a conversation names beside itself is what is beside the first page.
        beside = path.removeprefix("/c")
        is_read = _READ.fullmatch(beside) or (path == _NEWS and self._has_called(scope))
        if method in ("GET", "HEAD") and (path == "/" or PATH.fullmatch(path)):
            # A query could name a page that another user of the machine left in its temp folder.
            # Which conversation is meant the page says itself.
            page = {**scope, "path": "/", "raw_path": b"/", "query_string": b""}
            await self._app(page, receive, self._visitors.welcoming(scope, send))
        elif method in ("GET", "HEAD") and is_read:
            await self._app({**scope, "path": beside, "raw_path": beside.encode()}, receive, send)
        elif method == "POST" and path in (_QUEUED, _AT_ONCE):
            await self._call(scope, receive, send)
        else:
            closed = {} if method in ("GET", "HEAD") else {"Connection": "close"}
            answer = PlainTextResponse("There is nothing here.", 404, closed)
            await answer(scope, receive, send)

    def _has_called(self, scope: Scope) -> bool:
        """Whether there is news for a session; Gradio breaks down where there can be none."""
        session = Request(scope).query_params.get("session_hash")
        return session in self._page._queue.pending_messages_per_session

    async def _call(self, scope: Scope, receive: Receive, send: Send) -> None:
        body = await _read(Request(scope, receive))
        if body is None:
            words, closed = "This is more than the page ever sends.", {"Connection": "close"}
            answer = PlainTextResponse(words, 413, closed)
            await answer(scope, receive, send)
            return
        try:
            call = _Call.model_validate_json(body)
            self._check(call, is_queued=scope["path"] == _QUEUED)
        except ValueError:  # a pydantic.ValidationError is one
            answer = PlainTextResponse("The page has no such call.", 422)
            await answer(scope, receive, send)
            return
        checked: list[Message] = [
            {"type": "http.request", "body": call.model_dump_json().encode(), "more_body": False}
        ]

        async def replayed() -> Message:
            return checked.pop() if checked else await receive()

        await self._app(scope, replayed, send)

    def _check(self, call: _Call, is_queued: bool) -> None:
        """Raises ValueError for a call that the page would not make."""
        handler = self._handlers.get(call.fn_index)
        if handler is None or bool(handler.queue) != is_queued:
            raise ValueError("No handler is called like this.")
        if len(call.data) != len(handler.inputs):
            raise ValueError("The handler takes another number of arguments.")
        for value, component in zip(call.data, handler.inputs, strict=True):
            # What is sent is what a visitor typed, and where they are.
            wanted = str if isinstance(component, gr.Textbox) else type(None)
            if not isinstance(value, wanted):
                raise ValueError("The handler takes arguments of other types.")
        event = self._events.get(str(handler.api_name))
        if event is None:
            call.event_data = None
        else:
            event.model_validate(call.event_data)


async def _read(request: Request) -> bytes | None:
    """Read a body whole, or return None where it is larger than any call."""
    body = bytearray()
    async for piece in request.stream():
        body += piece
        if len(body) > LARGEST_CALL:
            return None
    return bytes(body)
