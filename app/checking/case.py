"""A claim beside what it is held against, and what a rule finds."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from app.checking.evidence import Piece
from app.language.claims import Reading, Token, said


@dataclass(frozen=True)
class Conflict:
    """Something of a claim that its evidence does not bear out.

    `whole` says that it turns the sentence over (a negation, an exchange) instead of one part.
    """

    kind: str
    reason: str
    whole: bool = False


@dataclass(frozen=True, eq=False)
class Case:
    """A claim with the pieces that are to support it, best first.

    `missing` are its words that none of them has, `asked` is the question that it answers, and
    `listed` the words that open the rows or items which it enumerates.
    """

    claim: Reading
    chosen: Sequence[Piece]
    missing: Sequence[Token]
    asked: Reading
    listed: frozenset[str] = frozenset()

    def nearest(self, token: Token) -> Piece:
        """Return the piece that says most of what the claim says around a word."""
        return max(self.chosen, key=lambda piece: around(self.claim, token.start, token.end, piece))


Rule = Callable[[Case], Iterator[Conflict]]


def around(claim: Reading, start: int, end: int, piece: Piece, reach: int = 3) -> float:
    """The share of the words around `[start, end)` of the claim that a piece says, in its place.

    The nearest word on each side weighs 1, the second 1/2 and so on.
    """
    had = said(claim, piece.reading) | said(claim, piece.context)
    before = [t for t in claim.content if t.end <= start][-reach:][::-1]
    after = [t for t in claim.content if t.start >= end][:reach]
    total = found = 0.0
    for side in (before, after):
        for distance, token in enumerate(side, start=1):
            total += 1 / distance
            found += (token.start in had) / distance
    return found / total if total else 1.0
