"""Documents over HTTP: list, add, replace, remove, and their texts."""

from pathlib import Path
from typing import Annotated, Any

from anyio import to_thread
from fastapi import APIRouter, Query, Request
from fastapi.responses import PlainTextResponse

from app.api.problems import Problem, Refused
from app.api.records import (
    DocumentRecord,
    ReadDocument,
    Receipt,
    SkippedFile,
    document_record,
)
from app.api.services import Services
from app.page.uploads import TooLarge
from ingest.catalogue import Document
from ingest.errors import DocumentError
from ingest.home import added_folder
from ingest.loaders import MAX_BYTES
from ingest.receipts import ReceiptLine

_TAKEN: dict[int | str, dict[str, Any]] = {
    status: {"model": Problem, "content": {"application/problem+json": {}}} for status in (409, 415)
}
_FILE = {
    "requestBody": {
        "required": True,
        "description": "The file, as it is.",
        "content": {"application/octet-stream": {"schema": {"type": "string"}}},
    }
}
Name = Annotated[
    str, Query(min_length=1, max_length=200, description="The file's name.", examples=["fees.md"])
]
Offset = Annotated[int | None, Query(ge=0, description="Counts characters of the text.")]


def document_routes(services: Services) -> APIRouter:
    """The routes under /documents."""
    router = APIRouter(prefix="/documents", tags=["documents"])
    library, large = services.library, MAX_BYTES + 1

    @router.get("")
    def all() -> list[DocumentRecord]:
        """List every document by name, those that could not be read too."""
        return [document_record(each) for each in library.documents()]

    @router.post("", status_code=201, responses=_TAKEN, openapi_extra=_FILE, max_body_size=large)
    async def add(request: Request, name: Name) -> Receipt:
        """Add a document. Its name says of which format it is."""
        if _named(name) is not None:
            raise Refused(409, f"There is a document “{name}”.", "PUT /documents/NAME replaces it.")
        return await _take(request, name)

    @router.get("/{name:path}/text", response_class=PlainTextResponse)
    def text(name: str, start: Offset = None, end: Offset = None) -> str:
        """Return the canonical text, which all offsets point into, or `[start, end)` of it."""
        found = library.text(name)
        if found is None:
            raise _unknown(name)
        return found.text[start:end]

    @router.get("/{name:path}")
    def one(name: str) -> ReadDocument:
        """Return what is known of a document: its receipt, in `warnings` what was not read."""
        document = _known(name)
        line = library.receipt(document.name) or ReceiptLine(document.name, "failed")
        return ReadDocument.model_validate(
            {**line.record(), **document_record(document).model_dump()}
        )

    @router.put("/{name:path}", responses=_TAKEN, openapi_extra=_FILE, max_body_size=large)
    async def replace(request: Request, name: str) -> Receipt:
        """Put another file in the place of a document that was added here."""
        added = added_folder(services.home)
        if not Path(_known(name).path).is_relative_to(added):
            remedy = "Change the file there and ingest it again."
            raise Refused(409, f"“{name}” is a file in a folder of yours.", remedy)
        return await _take(request, name)

    @router.delete("/{name:path}", status_code=204)
    def remove(name: str) -> None:
        """Take a document out; a file in a folder of yours stays on disk."""
        _known(name)
        library.remove(name)

    async def _take(request: Request, name: str) -> Receipt:
        if request.headers.get("content-type", "").startswith("multipart/"):
            remedy = "Send the file alone, as it is: curl --data-binary @FILE."
            raise Refused(415, "A form with a file in it is no document.", remedy)
        size = request.headers.get("content-length", "")
        try:
            token = await services.uploads.take(
                name, int(size) if size.isdecimal() else None, request.stream()
            )
        except DocumentError as error:
            status = 413 if isinstance(error, TooLarge) else 422
            raise Refused(status, f"{error.document}: {error.problem}", error.remedy) from error
        line = await to_thread.run_sync(services.ingest, token)
        return Receipt.model_validate(line.record())

    def _named(name: str) -> Document | None:
        return next((each for each in library.documents() if each.name == name), None)

    def _known(name: str) -> Document:
        document = _named(name)
        if document is None:
            raise _unknown(name)
        return document

    return router


def skipped_routes(services: Services) -> APIRouter:
    """The route of what was found beside the documents."""
    router = APIRouter(tags=["documents"])

    @router.get("/skipped")
    def skipped() -> list[SkippedFile]:
        """List the files that were found and not read, and why; those that failed come first."""
        found = services.library.skipped()
        return [SkippedFile(document=each.document, why=each.why) for each in found]

    return router


def _unknown(name: str) -> Refused:
    return Refused(404, f"There is no document “{name}”.", "GET /api/v1/documents lists all.")
