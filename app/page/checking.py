"""Check a text: a page of its own, rendered on the server and without scripts.

A text is pasted or given as a file; it comes back with a footnote under each sentence that the
documents bear out, and the footnotes open the reader beside it. The page is sent while the text is
checked, and who leaves it stops that. Nothing of the text is kept.
"""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Generator, Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from itertools import chain

from fastapi import APIRouter, Request, Response
from fastapi.concurrency import iterate_in_threadpool, run_in_threadpool
from fastapi.responses import HTMLResponse, StreamingResponse
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException

from app.answer import Citation, source_name
from app.checking.checked_text import CheckedSentence, CheckedText
from app.engine import Engine
from app.export.checked import file_of, pieces, remarks
from app.export.kinds import KINDS, Kind
from app.library import Library
from app.page.links import SourceLink, note_of
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
_GIVEN = {
    "remarks": remarks,
    "source_name": source_name,
    "suffixes": ",".join(sorted(SUFFIXES)),
    "kinds": KINDS,
}


def check_routes(engine: Engine, library: Library) -> APIRouter:
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
            form = await request.form(max_files=1, max_fields=4, max_part_size=LARGEST)
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
        growing = engine.checking(given, name, LONGEST)
        kind = KINDS.get(str(form.get("as") or ""))
        title = name or str(form.get("title") or "A checked text")
        try:
            async with turns:
                if kind is not None:
                    return await run_in_threadpool(save, growing, kind, title)
                begun = await run_in_threadpool(next, growing)
        except FootnoteError as problem:
            return _page(text, problem=str(problem), status=422)
        page = shown(_Growing(begun, growing, title))
        return StreamingResponse(page, media_type="text/html", headers=_HEADERS)

    def save(growing: Iterable[CheckedText], kind: Kind, title: str) -> Response:
        [whole] = deque(growing, 1)
        file = file_of(whole, kind, title, library.documents(), library.text_of)
        named = {"Content-Disposition": f'attachment; filename="checked{kind.suffix}"'}
        return Response(file, media_type=kind.media_type, headers=named)

    async def shown(growing: _Growing) -> AsyncIterator[str]:
        """Yield the page of a text while it is checked; who leaves it stops that."""
        stream = template("app.page", "checking.html").stream(
            text=growing.begun.text, growing=growing, **_GIVEN
        )
        stream.enable_buffering(40)
        with closing(growing.more):
            async with turns:
                async for part in iterate_in_threadpool(stream):
                    yield part

    return routes


@dataclass
class _Growing:
    """A text that is being checked, in pieces as they come; `problem` is why it ends early."""

    begun: CheckedText
    more: Generator[CheckedText, None, None]
    title: str
    checked: CheckedText = field(init=False)
    problem: str = ""

    def __post_init__(self) -> None:
        self.checked = self.begun

    @property
    def pieces(self) -> Iterator[tuple[str, CheckedSentence | None]]:
        """Yield the text, sentence by sentence, and what stands between them."""
        first = 0
        try:
            for checked in chain([self.begun], self.more):
                self.checked = checked
                yield from pieces(checked, first)
                first = len(checked.sentences)
        except FootnoteError as error:
            self.problem = str(error)
        yield self.checked.text[self.checked.end :], None

    def quote(self, marker: int) -> Citation:
        """Return a footnote."""
        return next(each for each in self.checked.citations if each.marker == marker)

    def href(self, citation: Citation) -> str:
        """Return the address that opens a footnote in the reader, its document's others beside."""
        others = [each for each in self.checked.citations if each.document == citation.document]
        own = note_of(citation)
        also = tuple(note for each in others if (note := note_of(each)) != own)
        return SourceLink(own, citation.quote, also).href


def _page(text: str = "", problem: str = "", status: int = 200) -> HTMLResponse:
    markup = template("app.page", "checking.html").render(text=text, problem=problem, **_GIVEN)
    return HTMLResponse(markup, status, _HEADERS)
