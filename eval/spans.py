"""Where a gold quote lies in a system's own text of a document, and what overlaps it.

Every system reads files in its own way, so each is asked about the text it made: the words of a
quote are looked for, whatever stands between them (line breaks, emphasis, table bars).
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from eval.questions import Gold


class Place(Protocol):
    """Anything with a document and [start, end) offsets into its text: a passage, a citation."""

    @property
    def document(self) -> str: ...
    @property
    def start(self) -> int: ...
    @property
    def end(self) -> int: ...


@dataclass(frozen=True)
class Span:
    """[start, end) of a document's text."""

    document: str
    start: int
    end: int


@dataclass(frozen=True)
class Target:
    """One gold quote with all the places where its words stand; any of them will do."""

    places: tuple[Span, ...]

    def is_hit_by(self, place: Place) -> bool:
        """Whether `place` overlaps the quote by at least half of the shorter of the two."""
        return any(overlaps(place, gold) for gold in self.places)


def overlaps(one: Place, other: Place) -> bool:
    """Same document, and an overlap of at least half of the shorter of the two."""
    if one.document != other.document:
        return False
    shared = min(one.end, other.end) - max(one.start, other.start)
    return shared > 0 and 2 * shared >= min(one.end - one.start, other.end - other.start)


def find_all(quote: str, text: str) -> list[tuple[int, int]]:
    """All [start, end) in `text` where the words of `quote` stand in order, case respected.

    Only what is neither a letter nor a digit may differ between them. Empty when they are nowhere.
    """
    exact = [(m.start(), m.end()) for m in re.finditer(re.escape(quote), text)]
    if exact:
        return exact
    words = re.findall(r"[^\W_]+", quote)
    if not words:
        return []
    pattern = r"(?<![^\W_])" + r"[\W_]+".join(map(re.escape, words)) + r"(?![^\W_])"
    return [(m.start(), m.end()) for m in re.finditer(pattern, text)]


def locate(
    gold: Sequence[Gold], text_of: Callable[[str], str | None]
) -> tuple[list[Target], list[Gold]]:
    """The gold quotes as targets, and those whose words the text does not hold.

    `text_of` gives a system's text of a document, or None if it does not have the document.
    """
    targets: list[Target] = []
    lost: list[Gold] = []
    for one in gold:
        places = find_all(one.quote, text_of(one.document) or "")
        if places:
            targets.append(Target(tuple(Span(one.document, *place) for place in places)))
        else:
            lost.append(one)
    return targets, lost
