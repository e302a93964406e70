"""What the checks of a claim against its evidence share: a span that was read, what they find."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeVar

from app.language.claims import Reading, Token, matches
from ingest.blocks import SEVERAL


class Read(Protocol):
    """A span that was read; `context` is the sentence before it, `header` what stands above it.

    `topics` counts for each name of its passage the sentences, of all that was given, that have it.
    `subject` are the words that open a table row or an item of a list; other spans have none.
    `document` names where it is from, where that is known.
    """

    @property
    def reading(self) -> Reading: ...
    @property
    def context(self) -> Reading: ...
    @property
    def header(self) -> Reading: ...
    @property
    def topics(self) -> Mapping[str, int]: ...
    @property
    def subject(self) -> Sequence[Token]: ...
    @property
    def document(self) -> str: ...


AnyRead = TypeVar("AnyRead", bound=Read)


@dataclass(frozen=True)
class Conflict:
    """Something of the claim that its evidence does not bear out.

    `whole` says that it turns the sentence over (a negation, an exchange) instead of one part.
    """

    kind: str
    reason: str
    whole: bool = False


def enumerated(claim: Reading, spans: Sequence[AnyRead]) -> list[AnyRead]:
    """The rows of one table, or the items of one list, that the claim enumerates; else none.

    "The colours are red, green and blue" takes a word from each of three rows.
    """
    named: dict[str, list[AnyRead]] = {}
    for span in spans:
        if _is_named(span, claim):
            named.setdefault(span.header.text, []).append(span)
    most = max(named.values(), key=len, default=[])
    return most if len(most) >= SEVERAL else []


def _is_named(span: Read, claim: Reading) -> bool:
    """Whether the claim names a table row or an item: its first word, and half of what opens it."""
    held = [matches(token, claim) for token in span.subject]
    return any(held[:1]) and sum(held) >= len(held) / 2


def around(claim: Reading, start: int, end: int, span: Read, reach: int = 3) -> float:
    """The share of the words around `[start, end)` of the claim that the span says.

    The nearest word on each side weighs 1, the second 1/2 and so on.
    """
    before = [t for t in claim.content if t.end <= start][-reach:][::-1]
    after = [t for t in claim.content if t.start >= end][:reach]
    total = said = 0.0
    for side in (before, after):
        for distance, token in enumerate(side, start=1):
            total += 1 / distance
            said += matches(token, span.reading) / distance
    return said / total if total else 1.0
