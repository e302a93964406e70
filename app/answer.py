"""An answer is a record: the page renders it, the terminal prints it, the eval scores it.

While a model writes, the engine yields one `Answer` after another, each more complete than the
last: `searching` (the passages are known), `answering` (sentences arrive), `done`.
"""

from collections.abc import Iterable
from dataclasses import asdict, dataclass, field, fields
from typing import Any, Literal, Self

Verdict = Literal["supported", "partly supported", "not supported"]
State = Literal["searching", "answering", "done"]


@dataclass(frozen=True)
class Citation:
    """A footnote: `quote` is exactly `text[start:end]` of the document whose hash is given.

    `columns` names those of the table that it is a row of.
    """

    marker: int
    document: str
    title: str
    section: str
    page: int | None
    start: int
    end: int
    quote: str
    document_sha256: str
    columns: tuple[str, ...] = ()


@dataclass(frozen=True)
class Sentence:
    """One sentence of the answer, without markers in its text.

    `support` is the checker's score in [0, 1]; `reason` names what is not supported, or is empty;
    `conflicts` are the kinds of what speaks against it (a name, a number, a negation, …).
    """

    text: str
    markers: tuple[int, ...]
    support: float
    verdict: Verdict
    reason: str = ""
    conflicts: tuple[str, ...] = ()


@dataclass(frozen=True)
class GivenPassage:
    """A passage the model was given, best first. `text` is exactly `text[start:end]`."""

    document: str
    title: str
    section: str
    page: int | None
    start: int
    end: int
    text: str
    score: float
    document_sha256: str


@dataclass(frozen=True)
class LeftOut:
    """A passage that was found and not given to the model; `reason` is for people to read."""

    document: str
    title: str
    section: str
    page: int | None
    start: int
    end: int
    document_sha256: str
    reason: str


@dataclass(frozen=True)
class Answer:
    """What was asked, what was found, what was said and what supports it.

    `refused` means that the documents do not answer; then `sentences` hold the refusal alone,
    `passages` are the nearest ones, and `suggestions` are questions that the documents do answer.
    `missing` says what the passages lack, for the whole question or a part of it. `score` is how
    likely the documents answer at all, in [0, 1], or None where that was not judged; `signals` are
    what it was computed from. `left_out` was found and not given to the model. `pending` is the
    sentence being written. `searched_for` is the question as it was searched, which differs from
    `question` for a follow-up. `notices` are the things a user must be told (a model that is gone,
    a doubt about the whole answer).
    """

    id: str
    question: str
    searched_for: str
    sentences: tuple[Sentence, ...] = ()
    citations: tuple[Citation, ...] = ()
    passages: tuple[GivenPassage, ...] = ()
    left_out: tuple[LeftOut, ...] = ()
    refused: bool = False
    missing: str = ""
    suggestions: tuple[str, ...] = ()
    score: float | None = None
    signals: dict[str, float] = field(default_factory=dict)
    model: str = ""
    state: State = "searching"
    pending: str = ""
    notices: tuple[str, ...] = ()
    timings: dict[str, float | None] = field(default_factory=dict)
    tokens: dict[str, int] = field(default_factory=lambda: {"prompt": 0, "answer": 0})

    @property
    def text(self) -> str:
        """The answer in words, with `[n]` markers after the sentences they support."""
        return " ".join(
            sentence.text + "".join(f" [{marker}]" for marker in sentence.markers)
            for sentence in self.sentences
        )

    def cited_by(self, sentences: Iterable[Sentence]) -> list[Citation]:
        """The citations that stand under these sentences, each once."""
        markers = {marker for each in sentences for marker in each.markers}
        return [citation for citation in self.citations if citation.marker in markers]

    @classmethod
    def from_json(cls, record: dict[str, Any]) -> Self:
        """The finished answer that `to_json` made the record of; names it does not know are left.

        Raises TypeError for a record that is not one of an answer.
        """
        kinds: dict[str, type[Any]] = {
            "sentences": Sentence,
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
        for name in ("notices", "suggestions"):
            known[name] = tuple(record.get(name, ()))
        return cls(**{**known, "state": "done"})

    def to_json(self) -> dict[str, Any]:
        """The object `footnote ask --json` prints; its names are a contract."""
        record = asdict(self)
        for internal in ("state", "pending"):
            del record[internal]
        return {
            "id": record.pop("id"),
            "question": record.pop("question"),
            "answer": self.text,
            **record,
        }


def _frozen(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value
