"""The HTTP API: what is at which address under /api/v1."""

from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import Any

from fastapi import APIRouter, FastAPI, Request
from fastapi.responses import JSONResponse, Response, StreamingResponse

from app.answer import Answer
from app.api.asking import last_of, while_there
from app.api.collections import collection_routes
from app.api.conversations import conversation_routes, no_conversation
from app.api.description import description_routes
from app.api.documents import document_routes, skipped_routes
from app.api.events import as_events
from app.api.problems import LARGEST_BODY, Problem, Refused, answer_with_problems
from app.api.records import (
    AnswerRecord,
    AskRequest,
    CheckRecord,
    CheckRequest,
    FeedbackRequest,
    Ready,
    SearchRecord,
    SearchRequest,
    answer_record,
    quote_links,
)
from app.api.services import Services, base_of, owner_of
from app.understanding.follow_up import Turn

_PROBLEMS: dict[int | str, dict[str, Any]] = {
    status: {"model": Problem, "content": {"application/problem+json": {}}}
    for status in (401, 404, 413, 422, 503)
}
_STREAM = {
    "description": "The answer; with `stream`, server-sent events: quotes, prose, withheld, done.",
    "content": {"text/event-stream": {"schema": {"type": "string"}}},
}


def api_app(services: Services) -> FastAPI:
    """The API as an application of its own, to be mounted at /api/v1."""
    app = FastAPI(
        title="Footnote",
        version="1",
        summary="Answers from your own documents, as exact quotes.",
        docs_url=None,
        redoc_url=None,
        max_body_size=LARGEST_BODY,
        responses=_PROBLEMS,
    )
    answer_with_problems(app)
    for routes in (
        _asking, _journal, document_routes, skipped_routes, collection_routes,
        conversation_routes, _health,
    ):  # fmt: skip
        app.include_router(routes(services))
    app.include_router(description_routes(app))
    return app


def _asking(services: Services) -> APIRouter:
    router = APIRouter(tags=["ask"])

    @router.post("/ask", response_model=AnswerRecord, responses={200: _STREAM})
    async def ask(request: Request, asked: AskRequest) -> Response:
        """Answer a question with quotes, and with a model's prose where there is one."""
        within = services.within(asked.in_, asked.documents)
        if asked.conversation:
            answers = _in_conversation(services, owner_of(request), asked, within)
        else:
            turns = [Turn(question) for question in asked.turns]
            answers = services.asking.answers(asked.question, turns, within)
        base = base_of(request)
        if asked.stream:
            events = as_events(answers, base, asked.citations)
            return StreamingResponse(events, media_type="text/event-stream")
        answer = await while_there(request, last_of(answers))
        return JSONResponse(answer_record(answer, base, asked.citations))

    @router.post("/search", response_model=SearchRecord)
    def search(wanted: SearchRequest) -> Response:
        """Find passages; no language model is asked."""
        within = services.within(wanted.in_, wanted.documents)
        found = services.engine.search(wanted.query, wanted.top, within)
        contexts = services.library.contexts({each.document for each in found.passages})
        return JSONResponse({**found.to_json(), "contexts": contexts})

    @router.post("/check", response_model=CheckRecord)
    async def check(request: Request, given: CheckRequest) -> Response:
        """Hold a text against the documents, sentence by sentence; no language model is asked."""
        work = services.asking.checked(given.text, given.type)
        checked = await while_there(request, work)
        links = quote_links(checked.citations, base_of(request))
        return JSONResponse({**checked.to_json(), "links": links})

    return router


async def _in_conversation(
    services: Services, owner: str, asked: AskRequest, within: frozenset[str] | None
) -> AsyncGenerator[Answer, None]:
    """Yield the answer to the next turn of a kept conversation, and keep it there."""
    kept = services.conversations
    if not kept.has(owner, asked.conversation):
        raise no_conversation()
    earlier = kept.turns(owner, asked.conversation)
    turns = [Turn.of(each.answer) for each in earlier if each.answer]
    turn = kept.ask(owner, asked.conversation, asked.question)
    last: Answer | None = None
    problem = ""
    try:
        async with aclosing(services.asking.answers(asked.question, turns, within)) as answers:
            async for last in answers:
                yield last
    except Exception as error:
        problem = str(error) or type(error).__name__
        raise
    finally:
        if problem:
            kept.keep(turn.id, last, "failed", problem)
        elif last is not None:
            kept.keep(turn.id, last, "answered" if last.state == "done" else "stopped")


def _journal(services: Services) -> APIRouter:
    router = APIRouter(prefix="/answers", tags=["answers"])

    @router.get("/{id}", response_model=AnswerRecord)
    def answer(request: Request, id: str) -> Response:
        """Return an answer as it was given."""
        kept = services.journal.recall(id)
        if kept is None:
            raise Refused(404, "The journal has no answer of this id.")
        return JSONResponse(answer_record(kept.answer, base_of(request)))

    @router.put("/{id}/feedback", status_code=204)
    def judge(id: str, opinion: FeedbackRequest) -> None:
        """Keep what somebody thinks of an answer."""
        try:
            services.journal.judge(id, opinion.good, opinion.complaint, opinion.note)
        except KeyError:
            raise Refused(404, "The journal has no answer of this id.") from None

    return router


def _health(services: Services) -> APIRouter:
    router = APIRouter(tags=["health"])

    @router.get("/health")
    def health() -> dict[str, str]:
        """Say that the server runs."""
        return {"status": "ok"}

    @router.get("/ready")
    def ready() -> Ready:
        """Say that questions are answered, from how many documents, by which model."""
        documents = [each for each in services.library.documents() if each.status != "failed"]
        return Ready(documents=len(documents), model=services.engine.model_choice.name)

    return router
