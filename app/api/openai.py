"""Footnote as a model of OpenAI's chat completions, for programs that know nothing else.

Each collection is a model too. The answer has `[n]` where footnote n stands; its annotations say
where, and open it in the reader.
"""

import json
import time
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing
from typing import Annotated, Any, Literal

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response, StreamingResponse
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException

from app.answer import Answer, source_name
from app.api.asking import last_of, while_there
from app.api.problems import LARGEST_BODY, LONGEST_TEXT, Refused, status_of, wrong_fields
from app.api.records import (
    LONGEST_QUESTION,
    answer_links,
    answer_record,
    char_location,
)
from app.api.services import Services, base_of
from app.export.growing import Growing, Piece
from app.understanding.follow_up import Turn
from ingest.errors import FootnoteError

_ALL = "footnote"
_MOST_MESSAGES = 200


class _Part(BaseModel):
    type: str
    text: str = ""


class _Message(BaseModel):
    role: str
    content: Annotated[str, Field(max_length=LONGEST_TEXT)] | list[_Part] | None = None

    @property
    def words(self) -> str:
        if isinstance(self.content, list):
            return "\n".join(part.text for part in self.content if part.type == "text")
        return self.content or ""


class _StreamOptions(BaseModel):
    include_usage: bool = False


class ChatRequest(BaseModel):
    """What is read of a request; the rest, such as a temperature, means nothing here."""

    messages: list[_Message] = Field(min_length=1, max_length=_MOST_MESSAGES)
    model: str = _ALL
    stream: bool = False
    stream_options: _StreamOptions | None = None
    citations: Literal["url_citation", "char_location"] = "url_citation"


def openai_app(services: Services) -> FastAPI:
    """The application to be mounted at /v1."""
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None, max_body_size=LARGEST_BODY)
    _answer_with_errors(app)

    @app.get("/models")
    def models() -> dict[str, Any]:
        names = [_ALL, *(f"{_ALL}:{name}" for name in services.library.collections())]
        return {"object": "list", "data": [_model(name) for name in names]}

    @app.get("/models/{name:path}")
    def model(name: str) -> dict[str, Any]:
        _within(services, name)
        return _model(name)

    @app.post("/chat/completions")
    async def complete(request: Request, chat: ChatRequest) -> Response:
        question, turns = _asked(chat)
        answers = services.asking.answers(question, turns, _within(services, chat.model))
        told = Completion(chat, base_of(request))
        if chat.stream:
            return StreamingResponse(told.chunks(answers), media_type="text/event-stream")
        return JSONResponse(told.whole(await while_there(request, last_of(answers))))

    return app


class Completion:
    """An answer as a chat completion, whole or in chunks."""

    def __init__(self, chat: ChatRequest, base: str) -> None:
        self._chat = chat
        self._base = base
        self._created = int(time.time())

    def whole(self, answer: Answer) -> dict[str, Any]:
        """Return the completion, with the whole record as `footnote`."""
        piece = Growing().take(answer)
        message = {
            "role": "assistant",
            "content": piece.text,
            "refusal": None,
            "annotations": self._annotations(answer, piece),
        }
        choice = {"index": 0, "message": message, "finish_reason": "stop", "logprobs": None}
        head = self._head(answer.id, "chat.completion")
        record = answer_record(answer, self._base)
        return {**head, "choices": [choice], "usage": _usage(answer), "footnote": record}

    async def chunks(self, answers: AsyncGenerator[Answer, None]) -> AsyncIterator[str]:
        """Yield the completion as server-sent events."""
        text = Growing()
        begun = False
        try:
            async with aclosing(answers):
                async for answer in answers:
                    if not begun:
                        yield self._chunk(answer, {"role": "assistant", "content": ""})
                        begun = True
                    piece = text.take(answer)
                    if piece.text:
                        notes = self._annotations(answer, piece)
                        delta = {"content": piece.text, **({"annotations": notes} if notes else {})}
                        yield self._chunk(answer, delta)
        except (FootnoteError, Refused) as error:
            yield f"data: {json.dumps(_error(str(error)))}\n\n"
            return
        yield self._chunk(answer, {}, "stop")
        if self._chat.stream_options and self._chat.stream_options.include_usage:
            head = self._head(answer.id, "chat.completion.chunk")
            yield f"data: {json.dumps({**head, 'choices': [], 'usage': _usage(answer)})}\n\n"
        yield "data: [DONE]\n\n"

    def _chunk(self, answer: Answer, delta: dict[str, Any], finish: str | None = None) -> str:
        choice = {"index": 0, "delta": delta, "finish_reason": finish}
        chunk = {**self._head(answer.id, "chat.completion.chunk"), "choices": [choice]}
        return f"data: {json.dumps(chunk, ensure_ascii=False)}\n\n"

    def _head(self, id: str, kind: str) -> dict[str, Any]:
        return {
            "id": f"chatcmpl-{id}",
            "object": kind,
            "created": self._created,
            "model": self._chat.model,
        }

    def _annotations(self, answer: Answer, piece: Piece) -> list[dict[str, Any]]:
        """Return the footnotes of a piece; the indices count in the whole text."""
        if self._chat.citations == "char_location":
            names = list(dict.fromkeys(each.document for each in answer.citations))
            return [char_location(note.citation, names).model_dump() for note in piece.notes]
        links = answer_links(answer, self._base)
        return [
            {
                "type": "url_citation",
                "url_citation": {
                    "start_index": note.start,
                    "end_index": note.end,
                    "title": source_name(note.citation),
                    "url": links[str(note.citation.marker)],
                },
            }
            for note in piece.notes
        ]


def _asked(chat: ChatRequest) -> tuple[str, list[Turn]]:
    """Return the question, which is the last message, and the turns before it."""
    *earlier, last = chat.messages
    question = last.words.strip()
    if last.role != "user" or not question:
        raise Refused(400, "The last message must be a user's, with text in it.")
    if len(question) > LONGEST_QUESTION:
        raise Refused(400, f"A question has at most {LONGEST_QUESTION} characters.")
    return question, [Turn(each.words) for each in earlier if each.role == "user"]


def _within(services: Services, model: str) -> frozenset[str] | None:
    """Return the documents that a model answers from. Raises Refused for an unknown one."""
    if model == _ALL:
        return None
    name = model.removeprefix(f"{_ALL}:")
    if name == model:
        raise Refused(404, f"There is no model {model}. GET /v1/models lists all.")
    return services.within([name])


def _model(name: str) -> dict[str, Any]:
    return {"id": name, "object": "model", "created": 0, "owned_by": "footnote"}


def _usage(answer: Answer) -> dict[str, int]:
    read, written = answer.tokens["prompt"], answer.tokens["answer"]
    return {"prompt_tokens": read, "completion_tokens": written, "total_tokens": read + written}


def _error(message: str, kind: str = "server_error") -> dict[str, Any]:
    return {"error": {"message": message, "type": kind, "param": None, "code": None}}


def error_response(status: int, message: str) -> JSONResponse:
    """An error as OpenAI's clients read it."""
    kind = "invalid_request_error" if status < 500 else "server_error"
    return JSONResponse(_error(message, kind), status)


def _answer_with_errors(app: FastAPI) -> None:
    @app.exception_handler(Refused)
    def refused(_: Request, error: Refused) -> JSONResponse:
        return error_response(error.status, error.detail)

    @app.exception_handler(FootnoteError)
    def failed(_: Request, error: FootnoteError) -> JSONResponse:
        return error_response(status_of(error), str(error))

    @app.exception_handler(RequestValidationError)
    def invalid(_: Request, error: RequestValidationError) -> JSONResponse:
        return error_response(400, "; ".join(wrong_fields(error)))

    @app.exception_handler(HTTPException)
    def unknown(request: Request, error: HTTPException) -> JSONResponse:
        asked = f"{error.detail}: {request.method} {request.url.path}."
        return error_response(error.status_code, f"{asked} Chat completions and models are here.")
