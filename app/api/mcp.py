"""Footnote for agents, over the Model Context Protocol: tools, documents as resources, prompts."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import aclosing, contextmanager
from typing import Annotated, Any, TypeVar
from urllib.parse import quote

from anyio import to_thread
from mcp.server.mcpserver import Context, MCPServer
from mcp.server.mcpserver.exceptions import ResourceNotFoundError, ToolError
from mcp_types import CallToolResult, Resource, ResourceLink, TextContent, ToolAnnotations
from pydantic import BaseModel, Field

from app.answer import Answer, Citation, Location, Outcome, source_name
from app.api.problems import LONGEST_TEXT, Refused
from app.api.records import LONGEST_QUESTION
from app.api.services import Services
from app.checking.checked_text import CheckedText, Finding
from app.export.checked import remarks
from ingest.errors import FootnoteError

LONGEST_READ = 20_000
"""Characters that are read at once."""
MOST_LISTED = 200

_INSTRUCTIONS = (
    "Answers from the user's own documents, as exact quotes. `ask` answers a question, `search` "
    "finds passages, `read` opens a document, `check` says which sentences of a text the documents "
    "bear out. What the documents do not say, they say that they do not say: repeat that."
)
_READS = ToolAnnotations(read_only_hint=True, open_world_hint=False)
_ADDS = ToolAnnotations(read_only_hint=False, destructive_hint=False, open_world_hint=False)

Words = Annotated[str, Field(min_length=1, max_length=LONGEST_QUESTION)]
Collection = Annotated[
    str, Field(max_length=300, description="Ask this collection only; empty for all documents.")
]


class Stretch(BaseModel):
    """`[start, end)` of a document's text, which `uri` opens."""

    document: str
    title: str
    section: str
    page: int | None
    start: int
    end: int
    time: str
    uri: str


class Quote(Stretch):
    """The documents' own words."""

    marker: int
    quote: str


class About(BaseModel):
    """What a collection is and how to read it, in its owner's words."""

    collection: str
    context: str


class Asked(BaseModel):
    """An answer; `[n]` in it stands for the quote with marker n."""

    outcome: Outcome
    answer: str
    quotes: list[Quote]
    missing: str
    suggestions: list[str]
    contexts: list[About]


class Passage(Stretch):
    """A passage that was found; a higher score is nearer."""

    text: str
    score: float


class Searched(BaseModel):
    """Passages, best first."""

    passages: list[Passage]
    contexts: list[About]


class CheckedSentence(BaseModel):
    """A sentence of the text; `markers` are the quotes that bear it out or contradict it."""

    text: str
    finding: Finding
    reason: str
    markers: list[int]


class Checked(BaseModel):
    """A text held against the documents; `share` of its claims is borne out."""

    summary: str
    share: float
    sentences: list[CheckedSentence]
    quotes: list[Quote]


class Read(BaseModel):
    """`[start, end)` of a document's text, which has `length` characters."""

    document: str
    title: str
    start: int
    end: int
    length: int
    text: str


class Listed(BaseModel):
    """A document that can be asked and read."""

    document: str
    title: str
    type: str
    date: str | None
    uri: str


class Group(About):
    """A collection, which `ask` and `search` can be kept to, with the number of its documents."""

    documents: int


class Documents(BaseModel):
    """Documents by name, and how many there are in all; then all collections."""

    total: int
    documents: list[Listed]
    collections: list[Group]


class Added(BaseModel):
    """What adding did."""

    document: str
    action: str
    passages: int
    warnings: list[str]


class Agents(MCPServer[Any]):
    """The MCP server over what answers programs."""

    def __init__(self, services: Services, read_only: bool = False) -> None:
        super().__init__(
            "footnote", title="Footnote", instructions=_INSTRUCTIONS, log_level="WARNING"
        )
        self._services = services
        for tool in (self.ask, self.search, self.check, self.read, self.list_documents):
            self.add_tool(tool, annotations=_READS)
        if not read_only:
            self.add_tool(self.add, annotations=_ADDS)
        self.resource("footnote:///documents/{name}", mime_type="text/plain")(self.whole)
        self.resource("footnote:///documents/{name}/{start}/{end}", mime_type="text/plain")(
            self.span
        )
        self.prompt()(answer_only_from_these_documents)
        self.prompt()(check_this_draft)

    # --- tools ---

    async def ask(
        self, question: Words, ctx: Context, collection: Collection = ""
    ) -> Annotated[CallToolResult, Asked]:
        """Answer a question with exact quotes from the user's documents, or refuse."""
        with _told():
            within = self._services.within([collection] if collection else [])
            answers = self._services.asking.answers(question, [], within)
            last: Answer | None = None
            async with aclosing(answers):
                async for answer in answers:
                    if last is None or len(answer.prose) > len(last.prose):
                        await ctx.report_progress(len(answer.prose), message=answer.state)
                    last = answer
        assert last is not None
        found = Asked(
            outcome=last.outcome,
            answer=last.text,
            quotes=_quotes(last.citations),
            missing=last.missing,
            suggestions=list(last.suggestions),
            contexts=await to_thread.run_sync(self._about, last.citations),
        )
        return _result(_with_contexts(found.contexts, last.text), found, last.citations)

    async def search(
        self,
        query: Words,
        top: Annotated[int, Field(ge=1, le=50)] = 5,
        collection: Collection = "",
    ) -> Annotated[CallToolResult, Searched]:
        """Find the passages of the user's documents that are nearest to a query, best first."""

        def work() -> CallToolResult:
            within = self._services.within([collection] if collection else [])
            passages = self._services.engine.search(query, top, within).passages
            found = Searched(
                passages=[Passage(**_shown(each)) for each in passages],
                contexts=self._about(passages),
            )
            words = "\n\n".join(f"{source_name(each)}\n{each.text}" for each in passages)
            words = _with_contexts(found.contexts, words or "Nothing was found.")
            return _result(words, found, passages)

        return await _in_thread(work)

    async def check(
        self, text: Annotated[str, Field(min_length=1, max_length=LONGEST_TEXT)], ctx: Context
    ) -> Annotated[CallToolResult, Checked]:
        """Say of each sentence of a text whether the documents bear it out or contradict it."""

        async def tell(so_far: CheckedText) -> None:
            await ctx.report_progress(so_far.end, len(text))

        with _told():
            checked = await self._services.asking.checked(text, tell=tell)
        found = Checked(
            summary=checked.summary,
            share=checked.share,
            sentences=[
                CheckedSentence.model_validate(each, from_attributes=True)
                for each in checked.sentences
            ],
            quotes=_quotes(checked.citations),
        )
        return _result(_in_words(checked), found, checked.citations)

    async def read(
        self,
        document: Words,
        start: Annotated[int, Field(ge=0)] = 0,
        end: Annotated[int | None, Field(ge=0, description="Empty for as much as fits.")] = None,
    ) -> Read:
        """Read a document's text, at most 20,000 characters at once, from `start` on."""

        def work() -> Read:
            found = self._services.library.text(document)
            if found is None:
                raise ToolError(f"There is no document “{document}”. `list_documents` lists all.")
            last = min(len(found.text), start + LONGEST_READ, *([] if end is None else [end]))
            words = found.text[start:last]
            return Read(
                document=document,
                title=found.document.title,
                start=start,
                end=start + len(words),
                length=len(found.text),
                text=words,
            )

        return await _in_thread(work)

    async def list_documents(
        self, containing: Annotated[str, Field(max_length=300)] = ""
    ) -> Documents:
        """List the user's documents, or those with some words in their name; and collections."""

        def work() -> Documents:
            wanted = containing.casefold()
            found = [
                Listed(
                    document=each.name,
                    title=each.title,
                    type=each.type,
                    date=each.date,
                    uri=uri_of(each.name),
                )
                for each in self._services.library.documents()
                if each.status != "failed" and wanted in f"{each.name} {each.title}".casefold()
            ]
            contexts = self._services.library.contexts()
            groups = [
                Group(collection=name, context=contexts.get(name, ""), documents=len(members))
                for name, members in self._services.library.collections().items()
            ]
            return Documents(
                total=len(found), documents=found[:MOST_LISTED], collections=groups[:MOST_LISTED]
            )

        return await _in_thread(work)

    async def add(
        self,
        name: Annotated[str, Field(min_length=1, max_length=200, examples=["notes.md"])],
        text: Annotated[str, Field(min_length=1, max_length=LONGEST_TEXT)],
    ) -> Added:
        """Add a text to the user's documents, under a name that ends in .md or .txt."""
        if not name.endswith((".md", ".txt")):
            raise ToolError("A text that is added has a name that ends in .md or .txt.")

        async def pieces() -> Any:
            yield text.encode()

        with _told():
            token = await self._services.uploads.take(name, None, pieces())

        def work() -> Added:
            line = self._services.ingest(token)
            return Added.model_validate(line, from_attributes=True)

        return await _in_thread(work)

    def _about(self, places: Sequence[Location]) -> list[About]:
        """What is known of the collections that these places are in."""
        contexts = self._services.library.contexts({each.document for each in places})
        return [About(collection=name, context=line) for name, line in contexts.items()]

    # --- resources ---

    async def list_resources(self) -> list[Resource]:
        """Return the documents as resources."""
        documents = await to_thread.run_sync(self._services.library.documents)
        return [
            Resource(
                uri=uri_of(each.name), name=each.name, title=each.title, mime_type="text/plain"
            )
            for each in documents
            if each.status != "failed"
        ]

    async def whole(self, name: str) -> str:
        """The text of a document."""
        return await to_thread.run_sync(self._text, name)

    async def span(self, name: str, start: str, end: str) -> str:
        """`[start, end)` of the text of a document."""
        if not (start.isdecimal() and end.isdecimal() and len(start + end) < 40):
            raise ResourceNotFoundError("Where a stretch begins and ends is said in characters.")
        return (await to_thread.run_sync(self._text, name))[int(start) : int(end)]

    def _text(self, name: str) -> str:
        found = self._services.library.text(name)
        if found is None:
            raise ResourceNotFoundError(f"There is no document “{name}”.")
        return found.text


def answer_only_from_these_documents(question: str) -> str:
    """Answer a question from the user's documents alone, with quotes."""
    return (
        f"Answer this question from my documents alone: {question}\n\n"
        "Call the tool `ask` with it. Use only what its quotes say, put [n] after each sentence "
        "for the quote that bears it out, and list the quotes with their documents at the end. If "
        "the outcome is “refused” or “uncertain”, say so and say what is missing. Add nothing."
    )


def check_this_draft(draft: str) -> str:
    """Hold a draft against the user's documents, sentence by sentence."""
    return (
        "Call the tool `check` with the draft below. For each sentence that is contradicted or of "
        "which nothing is said, tell me which it is, quote what the documents say instead, and "
        f"propose a wording that they bear out.\n\n{draft}"
    )


def uri_of(document: str, start: int | None = None, end: int | None = None) -> str:
    """Return the address under which a document, or `[start, end)` of it, is read."""
    whole = f"footnote:///documents/{quote(document, safe='')}"
    return whole if start is None else f"{whole}/{start}/{end}"


def _shown(place: Location) -> dict[str, Any]:
    return {**vars(place), "uri": uri_of(place.document, place.start, place.end)}


def _with_contexts(contexts: Iterable[About], words: str) -> str:
    """Return words with what is to be known of their documents before them."""
    about = [f"About {each.collection}: {each.context}" for each in contexts]
    return "\n\n".join([*about, words])


def _in_words(checked: CheckedText) -> str:
    """Return what a model must know that reads no structured content: what is not borne out."""
    open_to_doubt = [each for each in checked.sentences if remarks(each)]
    shown = {marker for each in open_to_doubt for marker in each.footnotes}
    return "\n".join(
        [
            checked.summary,
            *(
                f"- {each.text} ({'; '.join(remarks(each))})"
                + "".join(f" [{marker}]" for marker in each.footnotes)
                for each in open_to_doubt
            ),
            *(
                f"[{each.marker}] “{each.quote}” ({source_name(each)})"
                for each in checked.citations
                if each.marker in shown
            ),
        ]
    )


def _quotes(citations: Iterable[Citation]) -> list[Quote]:
    return [Quote(**_shown(each)) for each in citations]


def _result(words: str, found: BaseModel, places: Sequence[Location]) -> CallToolResult:
    """Return what was found in words, as data, and each place as a link that opens it."""
    links = [
        ResourceLink(
            uri=uri_of(each.document, each.start, each.end),
            name=each.document,
            title=source_name(each),
            mime_type="text/plain",
        )
        for each in places
    ]
    content: list[TextContent | ResourceLink] = [TextContent(text=words), *links]
    return CallToolResult(content=[*content], structured_content=found.model_dump(mode="json"))


Result = TypeVar("Result")


async def _in_thread(work: Callable[[], Result]) -> Result:
    with _told():
        return await to_thread.run_sync(work)


@contextmanager
def _told() -> Iterator[None]:
    """Tell a model what a user would be told."""
    try:
        yield
    except (FootnoteError, Refused) as error:
        raise ToolError(str(error)) from error
