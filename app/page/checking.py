"""Check a text: a page of its own, rendered on the server and without scripts.

A text is pasted or given as a file; it comes back with a footnote under each sentence that the
documents bear out, and the footnotes open the reader beside it. Nothing of it is kept.
"""

import asyncio

from fastapi import APIRouter, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import HTMLResponse
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException

from app.answer import Citation, source_name
from app.checking.checked_text import CheckedText
from app.export.checked import pieces, remarks, to_html, to_markdown
from app.page.links import SourceLink, note_of
from app.page.ports import Engine
from app.templating import template
from ingest.errors import FootnoteError
from ingest.loaders import SUFFIXES

POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; font-src 'self'; frame-src 'self'; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
# Without a referrer browsers send a form as of no origin, and the guard lets none of these in.
_HEADERS = {"Content-Security-Policy": POLICY, "Referrer-Policy": "same-origin"}
LONGEST = 100_000
"""Characters of a text that are checked while somebody waits: half a minute of two cores."""
LARGEST = 10_000_000
"""Bytes of a file that is given."""
_TOO_LONG = (
    f"The text has more than {LONGEST:,} characters. "
    "Give it in parts, or use `footnote check FILE`."
)
_TOO_LARGE = f"The file has more than {LARGEST / 1e6:.0f} MB. `footnote check FILE` takes it."
_AT_ONCE = 2
_SAVED = {"md": (to_markdown, "text/markdown"), "html": (to_html, "text/html")}


def check_routes(engine: Engine) -> APIRouter:
    """The page at `/check`; as many texts are checked at once as there is patience for."""
    routes = APIRouter()
    turns = asyncio.Semaphore(_AT_ONCE)

    @routes.get("/check")
    def empty() -> HTMLResponse:
        return _page()

    @routes.post("/check")
    async def checked(request: Request) -> Response:
        length = request.headers.get("content-length", "")
        if not length.isdecimal() or int(length) > LARGEST:
            return _page(problem=_TOO_LARGE, status=413)
        try:
            form = await request.form(max_files=1, max_fields=3, max_part_size=LARGEST)
        except HTTPException:
            return _page(problem="The form could not be read. Send it again.", status=400)
        file, text = form.get("file"), str(form.get("text") or "").replace("\r\n", "\n")
        given: str | bytes = text
        name = ""
        if isinstance(file, UploadFile) and file.filename:
            given, name = await file.read(), file.filename
        await form.close()
        if len(text) > LONGEST:
            return _page(text, problem=_TOO_LONG, status=413)
        if not given.strip():
            return _page(problem="Paste a text, or choose a file.", status=400)
        try:
            async with turns:
                found = await run_in_threadpool(engine.check, given, name, LONGEST)
        except FootnoteError as problem:
            return _page(text, problem=str(problem), status=422)
        kind = _SAVED.get(str(form.get("as") or ""))
        if kind is not None:
            write, media = kind
            file_name = f"checked.{form.get('as')}"
            saved = {"Content-Disposition": f'attachment; filename="{file_name}"'}
            return Response(write(found), media_type=media, headers=saved)
        return _page(found.text, found)

    return routes


def _page(
    text: str = "", checked: CheckedText | None = None, problem: str = "", status: int = 200
) -> HTMLResponse:
    markup = template("app.page", "checking.html").render(
        text=text,
        checked=checked,
        problem=problem,
        pieces=pieces(checked) if checked else [],
        remarks=remarks,
        quotes={each.marker: each for each in checked.citations} if checked else {},
        link=lambda each: _link(each, checked),
        source_name=source_name,
        suffixes=",".join(sorted(SUFFIXES)),
    )
    return HTMLResponse(markup, status, _HEADERS)


def _link(citation: Citation, checked: CheckedText | None) -> str:
    """The address that opens a footnote in the reader, the others of its document beside it."""
    others = checked.citations if checked else ()
    also = [note_of(each) for each in others if each.document == citation.document]
    own = note_of(citation)
    return SourceLink(own, citation.quote, tuple(each for each in also if each != own)).href
