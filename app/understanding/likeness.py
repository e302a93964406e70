"""What kind of turn something is: decided by example.

A turn is of the kind whose examples it is most like, by the cosine of their vectors. What is like
no example, or as much like a question to the documents, is one.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from app.language.turns import Example, examples
from app.understanding.shape import shape_of
from ingest.embedded import Vectors
from ingest.embedding import Embedder

_LIKE = 0.65
_MARGIN = 0.03


@dataclass(frozen=True)
class Kind:
    """A kind of turn, in its group; `likeness` is the cosine to the nearest example of it."""

    group: str
    name: str
    likeness: float


def kinds(shapes: Sequence[str], embedder: Embedder) -> list[list[Kind]]:
    """Return for each shape of a turn the kinds that it may be, the likeliest first."""
    known, vectors = _examples(embedder)
    return [_sorted(known, vectors @ each) for each in embedder.embed(shapes)]


def _sorted(known: Sequence[Example], likeness: Vectors) -> list[Kind]:
    best: dict[tuple[str, str], float] = {}
    for example, like in zip(known, likeness.tolist(), strict=True):
        key = example.group, example.kind
        best[key] = max(like, best.get(key, -1.0))
    floor = max(_LIKE, best["question", "question"] + _MARGIN)
    found = [Kind(*key, like) for key, like in best.items() if like >= floor]
    return sorted(found, key=lambda each: -each.likeness)


@lru_cache(maxsize=2)
def _examples(embedder: Embedder) -> tuple[tuple[Example, ...], Vectors]:
    known = examples()
    return known, np.asarray(embedder.embed([shape_of(each.turn).words for each in known]))
