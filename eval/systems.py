"""What is evaluated, behind one interface: the product itself and what it is compared with."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol, Self

from app.answer import Answer
from eval.questions import Question
from ingest.stored_passages import StoredPassage


@dataclass(frozen=True)
class Hit:
    """A passage that a search returned; `text` is `text[start:end]` of the system's own text.

    `score` orders the passages of one search. `confidence` can be compared between questions: it is
    what a threshold for refusing would be held against.
    """

    document: str
    section: str
    start: int
    end: int
    text: str
    score: float
    confidence: float

    @classmethod
    def of(cls, passage: StoredPassage, score: float, confidence: float) -> Self:
        """Return a passage of Footnote's own catalogue as a hit."""
        place = (passage.document, passage.section, passage.start, passage.end)
        return cls(*place, passage.text, score, confidence)


class Retriever(Protocol):
    """A system that can at least search. `settings` are all that could explain its figures."""

    name: str

    @property
    def settings(self) -> dict[str, Any]: ...

    def text_of(self, document: str) -> str | None:
        """The text that offsets point into, or None for a document it does not have."""
        ...

    def searched_for(self, question: Question) -> str:
        """What is searched for when the question is not answered, only looked up."""
        ...

    def search(self, query: str, top: int) -> Sequence[Hit]:
        """The `top` best passages, best first."""
        ...

    def count_tokens(self, texts: Sequence[str]) -> int:
        """Tokens of all the texts together, in the embedding model's own tokens."""
        ...


class System(Retriever, Protocol):
    """A system that answers as well."""

    def answer(self, question: Question) -> Answer:
        """The finished answer, after the earlier questions of the conversation were asked."""
        ...
