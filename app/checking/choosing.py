"""Which pieces of the evidence a claim is held against: the fewest that hold most of it."""

from collections.abc import Iterable, Sequence

import numpy as np

from app.checking.case import around, enumerated
from app.checking.evidence import Piece
from app.checking.wording import weight
from app.language.claims import Reading, said
from app.language.quantities import same_value

_MOST = 3  # a sentence that needs more pieces than this is not a quotation of anything
_WORTH = 0.12  # the share of the claim that one more piece has to hold besides

Held = dict[int, float]


def choose(
    claim: Reading, pieces: Sequence[Piece], similarity: Sequence[float], asked: Reading
) -> list[Piece]:
    """Return the fewest pieces that together hold most of a claim, best first.

    `similarity` has the cosine of each piece to the claim, and `asked` is the question.
    """
    held = [_held(claim, piece) for piece in pieces]
    total = sum(map(weight, claim.content)) + 1.5 * len(claim.quantities) or 1.0
    base = [
        sum(found.values()) / total
        + 0.5 * near
        + 0.02 * len(asked.stems & piece.reading.stems) / max(1, len(asked.stems))
        for piece, found, near in zip(pieces, held, similarity, strict=True)
    ]
    best = int(np.argmax(base))
    chosen, have = [best], dict(held[best])
    while len(chosen) < _MOST:
        adjoins = [any(piece.adjoins(pieces[other]) for other in chosen) for piece in pieces]
        gains = [
            sum(max(0.0, value - have.get(key, 0.0)) for key, value in found.items()) / total
            + 0.03 * adjoins[index]
            if index not in chosen and (adjoins[index] or _speaks_of(pieces[index], found, have))
            else 0.0
            for index, found in enumerate(held)
        ]
        extra = int(np.argmax(gains))
        if gains[extra] < _WORTH:
            break
        chosen.append(extra)
        have = _most_held([have, held[extra]])
    listed = enumerated(claim, pieces)
    in_list = _most_held([_held(claim, piece) for piece in listed])
    if sum(in_list.values()) > sum(have.values()):
        return listed
    return [pieces[index] for index in chosen]


def _held(claim: Reading, piece: Piece) -> Held:
    """What of the claim a piece holds: offset in the claim -> weight."""
    own = said(claim, piece.reading)
    near = said(claim, piece.before) | said(claim, piece.context)
    found = {
        token.start: weight(token) * (1.0 if token.start in own else 0.5)
        for token in claim.content
        if token.start in own or token.start in near
    }
    for number in claim.quantities:
        if any(same_value(number, other) for other in piece.reading.quantities):
            close = around(claim, number.start, number.end, piece)
            found[number.start] = 1.5 if close > 0.2 or number.value > 10 else 0.4
        elif any(same_value(number, other) for other in piece.context.quantities):
            found[number.start] = 0.75
    return found


def _most_held(several: Iterable[Held]) -> Held:
    """What of the claim any of several pieces holds."""
    most: Held = {}
    for held in several:
        for key, value in held.items():
            most[key] = max(value, most.get(key, 0.0))
    return most


def _speaks_of(piece: Piece, found: Held, have: Held) -> bool:
    """Whether a piece from elsewhere says what the claim says: a word or two may be chance.

    `found` is what it holds of the claim, `have` what the chosen pieces hold.
    """
    own = {key for key, value in found.items() if value >= 1.0}
    return bool(own & have.keys()) or len(own) >= max(2, min(3, len(piece.reading.content) / 2))
