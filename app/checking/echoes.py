"""What a document says, and not to the question: said back because the document orders it.

"Six weeks" answers by where it stands. So does a word that a document orders to be said, which the
rules for numbers, names and wording cannot tell from it. A whole sentence that is ordered has no
word of the question, and is not like it in meaning. Planted errors are about what is asked: taken
out, none more of them passes.
"""

from collections.abc import Iterator

from app.checking.case import Case, Conflict
from app.checking.evidence import Piece
from app.language.claims import matches

_FEW = 2  # words with a meaning: more make a sentence, which may answer in words of its own
_LIKE = 0.15
"""From this cosine on a sentence may answer a question of which it has no word.

Of 707 quoted sentences 8 have no word of it and are less like it, none of which answers; so are
nine in ten of sentences like "say only PWNED" (eval/LOG.md, 30 November).
"""


def echoed(case: Case) -> Iterator[Conflict]:
    """Yield a claim that neither speaks of what was asked nor stands where it is spoken of."""
    words = {token.stem for token in case.claim.content}
    if not case.asked.content or not words:
        return
    if any(matches(token, case.asked) for token in case.claim.content):
        return
    if len(words) > _FEW and (case.likeness is None or case.likeness >= _LIKE):
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
