"""Places: what one document, section or row says, given to what only another one names.

What a claim says of a name, of a year, or according to a source, must stand where that is spoken
of: in the very words of a piece, in what belongs to it, or, where it is a sentence, elsewhere in
its passage.
"""

import re
from collections.abc import Iterator, Sequence

from app.checking.case import Case, Conflict
from app.checking.evidence import Piece
from app.language.claims import Reading, Token, said
from app.language.lexicon import phrases, words
from app.language.quantities import Quantity, same_value

Mark = Token | Quantity


def misplaced(case: Case) -> Iterator[Conflict]:
    """What only other pieces know than the one that says the rest: a name, a year, a source."""
    claim, chosen = case.claim, case.chosen
    if len(chosen) < 2 or words("joins").intersection(claim.words):
        return
    for mark in _marks(case):
        knowing = [piece for piece in chosen if _knows(piece, mark, claim)]
        for piece in chosen:
            if (
                knowing
                and piece not in knowing
                and _is_elsewhere(piece, knowing, mark, claim)
                and _adds(piece, knowing, claim)
            ):
                reason = f"the passage does not say this of “{mark.text}”"
                yield Conflict("attribution", reason)
                return


def _marks(case: Case) -> list[Mark]:
    """What says of whom, under which label, when, or according to what a claim speaks."""
    claim = case.claim
    named = [t for t in claim.content if t.name]
    labels = {t.stem for piece in case.chosen for t in piece.label}
    labelled = [t for t in claim.content if not t.name and t.stem in labels]
    return [*named, *labelled, *_source(claim), *claim.quantities]


def _is_elsewhere(piece: Piece, knowing: Sequence[Piece], mark: Mark, claim: Reading) -> bool:
    """Whether a piece is of another document, row or section than those which know of a mark."""
    if all(piece.document != other.document for other in knowing):
        return True
    if piece.label:
        return isinstance(mark, Token) and all(other.label for other in knowing)
    return all(_says(other.context, mark, claim) for other in knowing)


def _says(reading: Reading, mark: Mark, claim: Reading) -> bool:
    if isinstance(mark, Token):
        return mark.start in said(claim, reading)
    return any(same_value(mark, other) for other in reading.quantities)


def _source(claim: Reading) -> list[Token]:
    """The words behind "according to", up to the end of their clause."""
    lowered = claim.text.lower()
    found = [m for each in phrases("sources") for m in re.finditer(rf"\b{each}\b", lowered)]
    for match in found:
        behind = [t for t in claim.tokens if t.start >= match.end()]
        return [t for t in behind if t.content and t.clause == behind[0].clause]
    return []


def _knows(piece: Piece, mark: Mark, claim: Reading) -> bool:
    around = () if piece.label else (piece.before, piece.passage)
    return any(_says(each, mark, claim) for each in (piece.reading, piece.context, *around))


def _adds(piece: Piece, knowing: Sequence[Piece], claim: Reading) -> bool:
    """Whether the claim has something from a piece that those which know better do not say."""
    readings = [reading for each in knowing for reading in (each.reading, each.context)]
    had = frozenset[int]().union(*(said(claim, reading) for reading in readings))
    return bool(said(claim, piece.reading) - had) or any(
        _says(piece.reading, number, claim)
        and not any(_says(reading, number, claim) for reading in readings)
        for number in claim.quantities
    )
