"""An answer is a record: the page renders it, the terminal prints it, the API returns it.

The engine yields one `Answer` after another, each more complete than the last: `searching`, then
`quoted` (the documents' own words are there), `answering` (prose arrives), `done`.
"""

import re
from collections.abc import Container
from dataclasses import asdict, dataclass, field, fields, replace
from typing import Any, Literal, Self

from ingest.blocks import table_cells

Verdict = Literal["supported", "partly supported", "not supported"]
State = Literal["searching", "quoted", "answering", "done"]
Outcome = Literal["answered", "uncertain", "refused"]
Kind = Literal["sentence", "item", "row", "heading", "code"]

RECORD_VERSION = 1
"""Raised when a name in an answer's record goes or means something else; new names may come."""

REFUSAL = "The documents do not answer this question."
"""The one sentence that refuses, for the page, the terminal, prompts and tests."""

NO_DOCUMENTS = "There are no documents to ask yet. Add some, then ask again."

UNCERTAIN = "Nearest in the documents; they may not answer this:"

REWORDED = "the model’s own wording: compare the quote"


_EMPHASIS = re.compile(r"(\*\*|__|`)(.+?)\1")
_SIGNS = re.compile(r"^\s*(?:[-*•]|\d{1,3}[.)]|#{1,6})\s+", re.MULTILINE)


@dataclass(frozen=True)
class Location:
    """`[start, end)` of the canonical text of a document, as it was when it had this hash.

    `time` is when in a recording it is said, "12:31", or empty.
    """

    document: str
    title: str
    section: str
    page: int | None
    start: int
    end: int
    document_sha256: str
    time: str = field(default="", kw_only=True)


@dataclass(frozen=True)
class Citation(Location):
    """A footnote: `quote` is exactly `text[start:end]` of its document.

    `kind` says what it quotes. `columns` names those of the table that it is a row of; `context`
    is what stands around it and belongs to it, in words: a lead-in, a caption, a group's heading.
    """

    marker: int
    quote: str
    columns: tuple[str, ...] = ()
    kind: Kind = "sentence"
    context: str = ""


@dataclass(frozen=True)
class Sentence:
    """One sentence of the answer, without markers in its text.

    `support` is the checker's score in [0, 1]; `reason` names what is not supported, or is empty;
    `conflicts` are the kinds of what speaks against it (a name, a number, a negation, …).
    `doubted` says that a small model worded it anew: nothing speaks against it, but no quote says
    it in its own words.
    """

    text: str
    markers: tuple[int, ...]
    support: float
    verdict: Verdict
    reason: str = ""
    conflicts: tuple[str, ...] = ()
    doubted: bool = False


@dataclass(frozen=True)
class GivenPassage(Location):
    """A passage that quotes were taken from, best first. `text` is exactly `text[start:end]`."""

    text: str
    score: float


@dataclass(frozen=True)
class LeftOut(Location):
    """A passage that was found and not used; `reason` is for people to read."""

    reason: str


@dataclass(frozen=True)
class Answer:
    """What was asked, what the documents say to it, and what a model made of that.

    `quotes` are the markers of the documents' own words, in the order shown. `told` is what code
    says: a count, where documents disagree, what there is in the collection. `prose` is what the
    model wrote and the check bears out, `withheld` what it does not. `outcome` says whether the
    documents answer; of a refusal, `passages` are the nearest ones and `suggestions` questions
    that the documents do answer. `missing` says what they lack. `score` is how likely they answer,
    in [0, 1], or None where that was not judged; `signals` are what it was computed from.
    `pending` is the sentence being written; `before` is how many others the model has to finish
    first. `searched_for` is the question as it was searched;
    it is empty where nothing was asked.
    `notices` are the things a user must be told. `prose_first` says that the model's voice comes
    before the quotes, as a capable one's does. `thought` is what a model thought aloud before it
    wrote; nothing has checked it, and it is no part of the answer.
    """

    id: str
    question: str
    searched_for: str
    outcome: Outcome = "answered"
    quotes: tuple[int, ...] = ()
    told: tuple[Sentence, ...] = ()
    prose: tuple[Sentence, ...] = ()
    withheld: tuple[Sentence, ...] = ()
    citations: tuple[Citation, ...] = ()
    passages: tuple[GivenPassage, ...] = ()
    left_out: tuple[LeftOut, ...] = ()
    missing: str = ""
    suggestions: tuple[str, ...] = ()
    score: float | None = None
    signals: dict[str, float] = field(default_factory=dict)
    model: str = ""
    prose_first: bool = False
    thought: str = ""
    state: State = "searching"
    pending: str = ""
    before: int = 0
    notices: tuple[str, ...] = ()
    timings: dict[str, float | None] = field(default_factory=dict)
    tokens: dict[str, int] = field(default_factory=lambda: {"prompt": 0, "answer": 0})

    @property
    def refused(self) -> bool:
        """Whether the documents do not answer."""
        return self.outcome == "refused"

    @property
    def quoted(self) -> list[Citation]:
        """The citations that are shown as the answer, in that order."""
        by_marker = {each.marker: each for each in self.citations}
        return [by_marker[marker] for marker in self.quotes if marker in by_marker]

    @property
    def sentences(self) -> tuple[Sentence, ...]:
        """Everything that is said, in the order of the page: of code, of documents, of a model."""
        if self.refused:
            return (Sentence(REFUSAL, (), 1.0, "supported"),)
        quotes = tuple(
            Sentence(f"\n{shown_words(each)}", (each.marker,), 1.0, "supported")
            for each in self.quoted
        )
        prose = tuple(replace(each, text=f"\n{each.text.lstrip()}") for each in self.prose[:1])
        prose += self.prose[1:]
        voices = (prose, quotes) if self.prose_first else (quotes, prose)
        return (*self.told, *voices[0], *voices[1])

    @property
    def text(self) -> str:
        """The answer in words, a line for each quote, with `[n]` after what they support."""
        known = {each.marker for each in self.citations}
        lines = [_marked(each, known).lstrip("\n") for each in self.told]
        missing = [self.missing] if self.missing else []
        if self.refused:
            return "\n".join([REFUSAL, *lines, *missing])
        quotes = [
            f"{shown_words(each)} [{each.marker}] ({source_name(each)})" for each in self.quoted
        ]
        if self.outcome == "uncertain" and quotes:
            quotes.insert(0, UNCERTAIN)
        prose = [" ".join(_marked(each, known) for each in self.prose)] if self.prose else []
        voices = [*prose, *quotes] if self.prose_first else [*quotes, *prose]
        return "\n".join([*lines, *voices, *missing])

    def noticing(self, notice: str) -> Self:
        """Return the answer with something more that its user must be told."""
        return replace(self, notices=(*self.notices, notice))

    @classmethod
    def from_json(cls, record: dict[str, Any]) -> Self:
        """The finished answer that `to_json` made the record of; names it does not know are left.

        A record from before there were quotes has its sentences as prose. Raises TypeError for one
        that is not of an answer.
        """
        if "outcome" not in record:
            refused = bool(record.get("refused"))
            said = [] if refused else record.get("sentences", [])
            record = {**record, "prose": said, "outcome": "refused" if refused else "answered"}
        kinds: dict[str, type[Any]] = {
            "told": Sentence,
            "prose": Sentence,
            "withheld": Sentence,
            "citations": Citation,
            "passages": GivenPassage,
            "left_out": LeftOut,
        }
        known = {field.name: record[field.name] for field in fields(cls) if field.name in record}
        for name, kind in kinds.items():
            known[name] = tuple(
                kind(**{key: _frozen(value) for key, value in each.items()})
                for each in record.get(name, ())
            )
        for name in ("notices", "suggestions", "quotes"):
            known[name] = tuple(record.get(name, ()))
        return cls(**{**known, "state": "done"})

    def to_json(self) -> dict[str, Any]:
        """The object `footnote ask --json` prints; its names are a contract."""
        record = asdict(self)
        for internal in ("state", "pending", "before"):
            del record[internal]
        return {
            "version": RECORD_VERSION,
            "id": record.pop("id"),
            "question": record.pop("question"),
            "answer": self.text,
            "outcome": record.pop("outcome"),
            "refused": self.refused,
            "sentences": [asdict(each) for each in self.sentences],
            **record,
        }


def shown_words(citation: Citation) -> str:
    """A quote on one line: without the signs of Markdown, of a row each cell with its column."""
    words = " ".join(_SIGNS.sub("", _EMPHASIS.sub(r"\2", citation.quote)).split())
    if citation.kind != "row":
        return words
    subject, *cells = table_cells(citation.quote)
    columns = [*citation.columns[1:], *("" for _ in cells)]
    named = zip(cells, columns, strict=False)
    told = [f"{column}: {cell}" if column else cell for cell, column in named if cell]
    return " · ".join([subject, *told] if subject else told)


def source_name(place: Location) -> str:
    """Title, section, and page or time, as far as they are known and not the same twice."""
    section = place.section.removeprefix(f"{place.title} › ")
    parts = [place.title or place.document]
    if section and section != place.title:
        parts.append(section)
    name = " › ".join(parts)
    if place.time:
        return f"{name}, at {place.time}"
    return f"{name}, page {place.page}" if place.page else name


def _marked(sentence: Sentence, known: Container[int]) -> str:
    markers = "".join(f" [{each}]" for each in sentence.markers if each in known)
    return sentence.text + markers + (f" ({REWORDED})" if sentence.doubted else "")


def _frozen(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value
