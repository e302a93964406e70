"""Collections over HTTP: documents that are asked together."""

from fastapi import APIRouter

from app.api.problems import Refused
from app.api.records import CollectionRecord, Members
from app.api.services import Services
from app.collections import LONGEST_NAME, Collections


def collection_routes(services: Services) -> APIRouter:
    """The routes under /collections."""
    router = APIRouter(prefix="/collections", tags=["collections"])
    kept = Collections(services.home)

    @router.get("")
    def all() -> list[CollectionRecord]:
        """List the collections with their documents."""
        return [
            CollectionRecord(name=name, documents=sorted(members))
            for name, members in services.library.collections().items()
        ]

    @router.put("/{name:path}", status_code=204)
    def put(name: str, members: Members) -> None:
        """Put documents into a collection, which is made if it is not there."""
        services.within(documents=members.documents)
        if not name.strip() or len(name) > LONGEST_NAME:
            raise Refused(422, f"A collection's name has 1 to {LONGEST_NAME} characters.")
        kept.put(name, members.documents)

    @router.delete("/{name:path}", status_code=204)
    def take(name: str) -> None:
        """Take a collection away that was made; its documents stay, and so do folders."""
        if name not in kept.made():
            raise Refused(404, "Nobody made a collection of this name.")
        kept.take(name)

    return router
