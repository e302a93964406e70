"""Are the words or the meaning there? What cannot be compared by rule becomes one score."""

import math
from collections.abc import Sequence
from dataclasses import astuple, dataclass
from itertools import groupby

from app.language.claims import Reading, Token

# Logistic regression on the tuning half of the planted sentences: true ones against those with an
# addition and those of other documents (`python -m eval.planted fit`). 0.5 is the score that 1 to
# 2 % of the true sentences stay below, before single words are looked at. At the 1 % (-1.83), 0.007
# more additions pass, and 0.006 fewer of the true sentences in new words are doubted.
INTERCEPT = -2.80
WEIGHTS = (-1.15, 5.66, -0.50, -2.04, 0.42, 3.81, 0.07)
# Without a similarity the wording alone decides, by the share of the claim that is there.
WORDS_ALONE = 0.72


@dataclass(frozen=True)
class Wording:
    """How a claim's content words stand to its evidence.

    `covered` is the share of the claim the evidence has, names and numbers weighing more;
    `similarity` the cosine of claim and evidence. `longest`, `last` and `first` are runs of words
    that the evidence lacks: the longest, the one the claim ends with, the one it begins with.
    `clause` is the covered share of the least covered clause; `missing` counts the lacking words.
    """

    covered: float
    similarity: float
    longest: int
    last: int
    first: int
    clause: float
    missing: int


def weight(token: Token) -> float:
    """How much a word counts: a name more than a noun."""
    return 1.5 if token.name else 1.0


def wording(claim: Reading, missing: Sequence[Token], similarity: float) -> Wording:
    """Measure a claim whose `missing` words no evidence has."""
    lost = {token.start for token in missing}
    absent = [token.start in lost for token in claim.content]
    runs = [(gone, len(list(run))) for gone, run in groupby(absent)]
    total = sum(map(weight, claim.content)) + 1.5 * len(claim.quantities)
    return Wording(
        covered=1 - sum(map(weight, missing)) / max(total, 1.0),
        similarity=similarity,
        longest=max((length for gone, length in runs if gone), default=0),
        last=runs[-1][1] if runs and runs[-1][0] else 0,
        first=runs[0][1] if runs and runs[0][0] else 0,
        clause=min(_clauses(claim, lost), default=1.0),
        missing=len(missing),
    )


def _clauses(claim: Reading, lost: set[int]) -> list[float]:
    shares = []
    for _, tokens in groupby(claim.content, key=lambda token: token.clause):
        clause = list(tokens)
        if len(clause) >= 2:
            shares.append(sum(token.start not in lost for token in clause) / len(clause))
    return shares


def score(words: Wording, with_similarity: bool) -> float:
    """The chance in [0, 1] that the evidence holds the claim; 0.5 and more counts as held."""
    if not with_similarity:
        return max(0.0, min(1.0, 0.5 + words.covered - WORDS_ALONE))
    logit = INTERCEPT + sum(w * x for w, x in zip(WEIGHTS, astuple(words), strict=True))
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, logit))))
