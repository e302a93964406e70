"""A claim beside what it is held against, and what a rule finds."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from app.checking.evidence import Piece
from app.language.claims import Reading, Token, matches, said
from ingest.blocks import SEVERAL


@dataclass(frozen=True)
class Conflict:
    """Something of a claim that its evidence does not bear out.

    `whole` says that it turns the sentence over (a negation, an exchange) instead of one part, and
    `refutes` that the evidence says otherwise, where else it only does not say so.
    """

    kind: str
    reason: str
    whole: bool = False
    refutes: bool = False


@dataclass(frozen=True, eq=False)
class Case:
    """A claim with the pieces that are to support it, best first.

    `missing` are its words that none of them has, `asked` is the question that it answers, `listed`
    the words that open the rows or items which it enumerates, and `given` all pieces. `likeness` is
    the cosine of claim and question, None where it is not known.
    """

    claim: Reading
    chosen: Sequence[Piece]
    missing: Sequence[Token]
    asked: Reading
    listed: frozenset[str]
    given: Sequence[Piece] = ()
    likeness: float | None = None

    @classmethod
    def of(
        cls,
        claim: Reading,
        chosen: Sequence[Piece],
        asked: Reading,
        given: Sequence[Piece] = (),
        likeness: float | None = None,
    ) -> "Case":
        """Return a claim beside the pieces chosen for it."""
        readings = (r for p in chosen for r in (p.reading, p.before, p.context))
        had = frozenset[int]().union(*(said(claim, reading) for reading in readings))
        missing = [token for token in claim.content if token.start not in had]
        listed = {token.stem for piece in enumerated(claim, chosen) for token in piece.subject}
        return cls(claim, chosen, missing, asked, frozenset(listed), given, likeness)

    def nearest(self, token: Token) -> Piece:
        """Return the piece that says most of what the claim says around a word."""
        return max(self.chosen, key=lambda piece: around(self.claim, token.start, token.end, piece))


Rule = Callable[[Case], Iterator[Conflict]]


def enumerated(claim: Reading, pieces: Sequence[Piece]) -> list[Piece]:
    """The rows of one table, or the items of one list, that the claim enumerates; else none.

    "The colours are red, green and blue" takes a word from each of three rows.
    """
    named: dict[str, list[Piece]] = {}
    for piece in pieces:
        opening = [matches(token, claim) for token in piece.subject]
        if any(opening[:1]) and sum(opening) >= len(opening) / 2:
            named.setdefault(piece.context.text, []).append(piece)
    most = max(named.values(), key=len, default=[])
    return most if len(most) >= SEVERAL else []


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
