"""What quoting comes to: the documents' own words, and whether they answer."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from app.answer import Citation, Outcome, Sentence
from app.search.retriever import Found


@dataclass(frozen=True)
class Quoted:
    """The quotes, by marker in the order shown, with all that is said of them.

    `found` are the passages that they are from, the best quote's first. See `app.answer.Answer`
    for the rest.
    """

    outcome: Outcome = "answered"
    quotes: tuple[int, ...] = ()
    citations: tuple[Citation, ...] = ()
    told: tuple[Sentence, ...] = ()
    missing: str = ""
    suggestions: tuple[str, ...] = ()
    score: float | None = None
    signals: Mapping[str, float] = field(default_factory=dict)
    found: tuple[Found, ...] = ()
