"""Collections over HTTP: documents that are asked together."""

from fastapi import APIRouter

from app.api.problems import Refused
from app.api.records import CollectionChange, CollectionRecord
from app.api.services import Services
from app.collections import LONGEST_NAME, Collections, tidy


def collection_routes(services: Services) -> APIRouter:
    """The routes under /collections."""
    router = APIRouter(prefix="/collections", tags=["collections"])
    kept = Collections(services.home)

    @router.get("")
    def all() -> list[CollectionRecord]:
        """List the collections with their documents."""
        contexts = services.library.contexts()
        return [
            CollectionRecord(name=name, documents=sorted(members), context=contexts.get(name, ""))
            for name, members in services.library.collections().items()
        ]

    @router.put("/{name:path}", status_code=204)
    def put(name: str, wanted: CollectionChange) -> None:
        """Put documents into a collection, which is made if it is not there; or describe it."""
        services.within(documents=wanted.documents)
        if not name.strip() or len(name) > LONGEST_NAME:
            raise Refused(422, f"A collection's name has 1 to {LONGEST_NAME} characters.")
        name = tidy(name)
        if wanted.documents:
            kept.put(name, wanted.documents)
        if wanted.context is not None:
            if name not in services.library.collections():
                raise Refused(404, "There is no collection of this name, and none was made.")
            kept.describe(name, wanted.context)

    @router.delete("/{name:path}", status_code=204)
    def take(name: str) -> None:
        """Take a collection away that was made; its documents stay, and so do folders."""
        name = tidy(name)
        if name not in kept.made():
            raise Refused(404, "Nobody made a collection of this name.")
        kept.take(name)

    return router
