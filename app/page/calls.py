"""What a browser may ask of Gradio: the files of the page, and the handlers that the page uses.

Gradio offers some sixty addresses, among them files by their path, and takes any JSON for the
arguments of a handler: a record that names a file is opened, whichever component it is meant for.
Here everything else is turned away, with a status of 4xx, before Gradio sees it.
"""

import re
from collections.abc import Mapping
from typing import Annotated, Any, Literal

import gradio as gr
from pydantic import BaseModel, ConfigDict, Field, create_model
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.collections import LONGEST_CONTEXT, LONGEST_NAME
from app.page.tabs import PATH
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


def _event(**fields: Any) -> type[BaseModel]:
    """What an event brings: these fields, each of its type, and no others."""
    wanted: dict[str, Any] = {name: (kind, ...) for name, kind in fields.items()}
    strict = ConfigDict(strict=True, extra="forbid")
    event: type[BaseModel] = create_model("Event", __config__=strict, **wanted)
    return event


def _words(most: int, least: int = 1) -> Any:
    return Annotated[str, Field(min_length=least, max_length=most)]


_At = _words(4000, 0)  # where in the page something is done: the path and query of the address
_Id = Annotated[str, Field(pattern=r"^[0-9a-f]{1,40}$")]
_Collection = _words(LONGEST_NAME)
_Documents = Annotated[list[str], Field(min_length=1, max_length=100_000)]
_Uploads = Annotated[list[str], Field(min_length=1, max_length=MOST_UPLOADS)]

EVENTS: Mapping[str, type[BaseModel]] = {
    "visit": _event(at=_At),
    "narrow": _event(at=_At),
    "ask_example": _event(at=_At, question=str),
    "retry": _event(at=_At, turn=_Id),
    "edit": _event(at=_At, turn=_Id, question=str),
    "branch": _event(at=_At, turn=_Id),
    "judge": _event(at=_At, turn=_Id, good=bool, complaint=str, note=str),
    "show_sources": _event(at=_At, turn=_Id),
    "add": _event(uploads=_Uploads),
    "fetch": _event(address=_words(LONGEST_ADDRESS, 0)),
    "cancel": _event(run=str),
    "remove": _event(names=_Documents),
    "read_again": _event(names=_Documents),
    # The path of a file that was removed. What is called a path Gradio would open.
    "bring_back": _event(removed=_words(4096, 0)),
    "gather": _event(collection=_Collection, names=_Documents, out=bool),
    "describe": _event(collection=_Collection, context=_words(LONGEST_CONTEXT, 0)),
    "find": _event(words=_words(1000, 0)),
    "rename": _event(conversation=_Id, title=str),
    "pin": _event(conversation=_Id, pinned=bool),
    # Without a conversation, all of them.
    "forget": _event(conversation=_Id | Literal[""]),
    "speak": _event(wish=_words(500)),
    "pull": _event(name=_words(200)),
    "connect": _event(address=_words(300, 0)),
    "set_profile": _event(profile=Literal["auto", "small", "capable"]),
}
"""What the event of each handler brings; those of the others bring nothing."""


class _Call(BaseModel):
    """A call as the page makes it; whatever else the sender put into it goes no further."""

    model_config = ConfigDict(strict=True)

    fn_index: int
    session_hash: Annotated[str, Field(pattern=r"^[a-z0-9]{1,40}$")]
    data: list[Any]
    event_data: Any = None
    trigger_id: int | None = None


class Calls:
    """Stands before a mounted Gradio app."""

    def __init__(self, app: ASGIApp, page: gr.Blocks, visitors: Visitors) -> None:
        self._app = app
        self._visitors = visitors
        self._page = page
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
        event = EVENTS.get(str(handler.api_name))
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
