"""What the API takes and gives, as its description says it. Records are those of the terminal."""

from collections.abc import Sequence
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from app.answer import Answer, Citation, GivenPassage, LeftOut, Outcome, Sentence
from app.api.problems import LONGEST_TEXT
from app.collections import LONGEST_CONTEXT
from app.conversations import KeptTurn, TurnState
from app.journal import Complaint
from app.page.links import SourceLink, citation_link, note_of
from app.understanding import pastes
from ingest.catalogue import Document

LONGEST_QUESTION = pastes.LONGEST
MOST_TURNS = 50

Question = Annotated[str, Field(min_length=1, max_length=LONGEST_QUESTION, pattern=r"\S")]
Names = Annotated[list[Annotated[str, Field(max_length=300)]], Field(max_length=100)]
Links = dict[str, str]
"""The address that opens each footnote in the reader, by its marker."""


class _Taken(BaseModel):
    model_config = ConfigDict(extra="forbid")


class AskRequest(_Taken):
    """A question. `turns` are those before it, oldest first; or it goes on with a `conversation`.

    `in` are collections and `documents` names of what is asked; all is, where neither is given.
    `stream` has the answer come as server-sent events. `citations` asks for `content` in
    Anthropic's shape besides.
    """

    question: Question = Field(examples=["What do diffusion models struggle with?"])
    turns: list[Question] = Field([], max_length=MOST_TURNS)
    conversation: str = Field("", max_length=64)
    in_: Names = Field([], alias="in")
    documents: Names = []
    stream: bool = False
    citations: Literal["footnote", "char_location"] = "footnote"


class CharLocation(BaseModel):
    """A citation as Anthropic writes it; the offsets are those of the document's text."""

    type: Literal["char_location"] = "char_location"
    cited_text: str
    document_index: int
    document_title: str
    start_char_index: int
    end_char_index: int


class TextBlock(BaseModel):
    """A piece of an answer with what it rests on."""

    type: Literal["text"] = "text"
    text: str
    citations: list[CharLocation] = []


class AnswerRecord(BaseModel):
    """An answer, as `footnote ask --json` prints it; docs/api.md says what each name means.

    `links` open each footnote in the reader, by marker.
    """

    version: int
    id: str
    question: str
    answer: str
    outcome: Outcome
    refused: bool
    sentences: list[Sentence]
    searched_for: str
    quotes: list[int]
    told: list[Sentence]
    prose: list[Sentence]
    withheld: list[Sentence]
    citations: list[Citation]
    passages: list[GivenPassage]
    left_out: list[LeftOut]
    missing: str
    suggestions: list[str]
    score: float | None
    signals: dict[str, float]
    model: str
    prose_first: bool
    thought: str
    notices: list[str]
    timings: dict[str, float | None]
    tokens: dict[str, int]
    links: Links = {}
    content: list[TextBlock] | None = None


class QuotesEvent(BaseModel):
    """`event: quotes`: the documents' own words; again where a model thinks otherwise."""

    id: str
    outcome: Outcome
    searched_for: str
    told: list[Sentence]
    citations: list[Citation]
    missing: str
    links: Links


class ProseEvent(BaseModel):
    """`event: prose`: a sentence of the model that the check bears out, with its footnotes."""

    sentence: Sentence
    citations: list[Citation]
    links: Links


class WithheldEvent(BaseModel):
    """`event: withheld`: a sentence of the model that is not borne out, and why."""

    sentence: Sentence


class SearchRequest(_Taken):
    """What to look for, in which collections (`in`) or documents, and how many passages at most."""

    query: Question = Field(examples=["classifier-free guidance"])
    in_: Names = Field([], alias="in")
    documents: Names = []
    top: int = Field(5, ge=1, le=50)


class SearchRecord(BaseModel):
    """Passages, best first, as `footnote search --json` prints them.

    `contexts` are the lines about the collections that these documents are in.
    """

    query: str
    searched_for: str
    passages: list[GivenPassage]
    timings: dict[str, float]
    contexts: dict[str, str] = {}


class CheckRequest(_Taken):
    """A text from anywhere: an essay, a report, another model's answer."""

    text: str = Field(
        min_length=1, max_length=LONGEST_TEXT, examples=["Diffusion models start from noise."]
    )
    type: Literal["markdown", "text"] = "markdown"


class CheckRecord(BaseModel):
    """A text held against the documents, as `footnote check --json` prints it.

    `share` of the sentences that claim something is borne out, `lenient_share` that or borne out in
    other words. Each of `sentences` has its place in the text, its `finding` ("supported", "in
    other words", "contradicted", "not said" or "no claim") and `markers` of `citations`.
    """

    model_config = ConfigDict(extra="allow")

    share: float
    lenient_share: float
    counts: dict[str, int]
    sentences: list[dict[str, Any]]
    citations: list[Citation]
    links: Links


class DocumentRecord(BaseModel):
    """A document of the catalogue. `failed` ones have no text; `warnings` say why."""

    document: str
    title: str
    type: str
    author: str
    date: str | None
    sha256: str
    pages: int | None
    passages: int
    status: str
    warnings: list[str]
    read_at: str


class SkippedFile(BaseModel):
    """A file that was found and not read, and why."""

    document: str = Field(examples=["photo.raw"])
    why: str = Field(examples=["This format is not read."])


class NearlySame(BaseModel):
    """Another document that says nearly the same: the share of its runs of words, in (0, 1]."""

    document: str
    share: float


class ReadDocument(DocumentRecord):
    """A document with what its receipt says of it: what was read of it, and is nearly the same.

    `language` is ISO 639, empty where that cannot be told; `preview` is how the text begins.
    """

    words: int
    tables: int
    language: str
    preview: str
    nearly: list[NearlySame]


class Changed(BaseModel):
    """Sentences, items and rows that the version before did not have, and that only it had."""

    new: list[str]
    gone: list[str]


class Receipt(BaseModel):
    """What adding or replacing a document did, as `footnote ingest --json` prints it.

    `warnings` say what was not read and why; `changes` are against the version before.
    """

    document: str
    action: str = Field(examples=["added"])
    passages: int
    pages: int
    words: int
    tables: int
    language: str
    warnings: list[str]
    problem: str
    preview: str
    nearly: list[NearlySame]
    changes: Changed | None


class FeedbackRequest(_Taken):
    """What somebody thinks of an answer; a later word replaces the earlier one."""

    good: bool
    complaint: Complaint = ""
    note: str = Field("", max_length=2_000)


class ConversationTurn(BaseModel):
    """A turn of a conversation; `branches` are the turns asked in its place."""

    id: str
    question: str
    asked_at: str
    state: TurnState
    problem: str
    answer: AnswerRecord | None
    branches: list[str]


class CollectionRecord(BaseModel):
    """Documents that are asked together. A folder that was ingested is one by itself.

    `context` is a line that says what the collection is and how to read it.
    """

    name: str
    documents: list[str]
    context: str


class CollectionChange(_Taken):
    """Documents to put into a collection, by name, and what to say of it: at least one of these."""

    documents: Names = []
    context: str | None = Field(
        None, max_length=LONGEST_CONTEXT, examples=["Minutes of 2026; drafts until signed."]
    )

    @model_validator(mode="after")
    def _says_something(self) -> "CollectionChange":
        if not self.documents and self.context is None:
            raise ValueError("name `documents`, or say something in `context`")
        return self


class ConversationChange(_Taken):
    """What to change of a conversation; an empty title is its first question again."""

    title: str | None = Field(None, max_length=200)
    pinned: bool | None = None


class Ready(BaseModel):
    """What answers questions now."""

    documents: int
    model: str


def answer_record(answer: Answer, base: str, citations: str = "footnote") -> dict[str, Any]:
    """Return the record of an answer, with links that begin with `base`."""
    record = {**answer.to_json(), "links": answer_links(answer, base)}
    if citations == "char_location":
        record["content"] = [block.model_dump() for block in content_blocks(answer)]
    return record


def answer_links(answer: Answer, base: str) -> Links:
    """Return for each footnote of an answer the address that opens it in the reader."""
    return {str(each.marker): base + citation_link(answer, each).href for each in answer.citations}


def quote_links(citations: Sequence[Citation], base: str) -> Links:
    """Return the same for footnotes of no answer."""
    return {
        str(each.marker): base + SourceLink(note_of(each), each.quote).href for each in citations
    }


def content_blocks(answer: Answer) -> list[TextBlock]:
    """Return what an answer says, each sentence with the places it rests on."""
    known = {each.marker: each for each in answer.citations}
    names = list(dict.fromkeys(each.document for each in answer.citations))
    return [
        TextBlock(
            text=sentence.text,
            citations=[char_location(known[m], names) for m in sentence.markers if m in known],
        )
        for sentence in answer.sentences
    ]


def char_location(citation: Citation, documents: Sequence[str]) -> CharLocation:
    """Return a footnote in Anthropic's shape; `document_index` counts in `documents`."""
    return CharLocation(
        cited_text=citation.quote,
        document_index=documents.index(citation.document),
        document_title=citation.title or citation.document,
        start_char_index=citation.start,
        end_char_index=citation.end,
    )


def document_record(document: Document) -> DocumentRecord:
    """Return a document as a program sees it: without its place on this machine's disk."""
    return DocumentRecord(
        document=document.name,
        title=document.title,
        type=document.type,
        author=document.author,
        date=document.date,
        sha256=document.sha256,
        pages=document.pages,
        passages=document.passages,
        status=document.status,
        warnings=list(document.warnings),
        read_at=document.read_at,
    )


def turn_record(turn: KeptTurn, base: str) -> dict[str, Any]:
    """Return a turn of a conversation."""
    shown = ("id", "question", "asked_at", "state", "problem", "branches")
    answer = answer_record(turn.answer, base) if turn.answer else None
    return {**{name: getattr(turn, name) for name in shown}, "answer": answer}
