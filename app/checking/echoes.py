"""A word or two that stand in a document, and not where the question is spoken of.

"Six weeks" answers by where it stands. So does a word that a document orders to be said, which the
rules for numbers, names and wording cannot tell from it. Planted errors are whole sentences: taken
out, none more of them passes.
"""

from collections.abc import Iterator

from app.checking.case import Case, Conflict
from app.checking.evidence import Piece
from app.language.claims import matches

_FEW = 2  # words with a meaning: more make a sentence, which is held against what it says


def echoed(case: Case) -> Iterator[Conflict]:
    """Yield a claim of few words that neither speaks of what was asked nor stands where it is."""
    words = {token.stem for token in case.claim.content}
    if not case.asked.content or not 0 < len(words) <= _FEW:
        return
    if any(matches(token, case.asked) for token in case.claim.content):
        return
    if not any(_speaks_of_it(piece, case) for piece in case.chosen):
        yield Conflict(
            "question", f"where “{case.claim.text}” stands, the question is not answered"
        )


def _speaks_of_it(piece: Piece, case: Case) -> bool:
    """Say whether a piece has a word of the question.

    Rows and items have theirs in what belongs to them.
    """
    readings = (piece.reading, piece.context) if piece.is_row or piece.listed else (piece.reading,)
    return any(matches(token, reading) for token in case.asked.content for reading in readings)
