"""Conversations over HTTP: those that the page keeps, too."""

from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import JSONResponse, Response

from app.api.problems import Refused
from app.api.records import ConversationChange, ConversationTurn, turn_record
from app.api.services import Services, base_of, owner_of
from app.conversations import Summary


def no_conversation() -> Refused:
    """What is said of a conversation that is not there, or is another's."""
    return Refused(404, "There is no such conversation.", "GET /api/v1/conversations lists all.")


def conversation_routes(services: Services) -> APIRouter:
    """The routes under /conversations."""
    router = APIRouter(prefix="/conversations", tags=["conversations"])
    kept = services.conversations
    Words = Annotated[str, Query(max_length=200, description="Only those that have these words.")]

    @router.get("")
    def all(request: Request, search: Words = "") -> list[Summary]:
        """List the conversations, pinned ones first, then the latest; or those with some words."""
        return kept.search(owner_of(request), search)

    @router.post("", status_code=201)
    def begin(request: Request) -> Summary:
        """Begin a conversation; it is asked in with `conversation` of /ask."""
        owner = owner_of(request)
        id = kept.begin(owner)
        return next(each for each in kept.all(owner) if each.id == id)

    @router.get("/{id}", response_model=list[ConversationTurn])
    def turns(request: Request, id: str) -> Response:
        """Return the turns of the branch that is shown, in order."""
        owner = owner_of(request)
        if not kept.has(owner, id):
            raise no_conversation()
        base = base_of(request)
        return JSONResponse([turn_record(each, base) for each in kept.turns(owner, id)])

    @router.patch("/{id}", status_code=204)
    def change(request: Request, id: str, wanted: ConversationChange) -> None:
        """Rename or pin a conversation."""
        owner = owner_of(request)
        try:
            if wanted.title is not None:
                kept.rename(owner, id, wanted.title)
            if wanted.pinned is not None:
                kept.pin(owner, id, wanted.pinned)
        except KeyError:
            raise no_conversation() from None

    @router.delete("/{id}", status_code=204)
    def forget(request: Request, id: str) -> None:
        """Take a conversation off the disk, with its answers."""
        try:
            kept.forget(owner_of(request), [id])
        except KeyError:
            raise no_conversation() from None

    return router
