"""What kind of turn something is: decided by example.

A turn is of the kind whose examples it is most like, by the cosine of their vectors. What is like
no example, or as much like a question to the documents, is one.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np

from app.language.turns import Example, examples
from app.understanding.shape import Shape, shape_of
from ingest.embedded import Vectors
from ingest.embedding import Embedder

_LIKE = 0.65
_MARGIN = 0.03
_NO_QUESTION = 2  # words: "the document"
_CLOSER = 0.1  # what asks something of one document is more than what asks which it is
_OF_ONE = frozenset(("author", "date", "length", "contents", "about"))


@dataclass(frozen=True)
class Kind:
    """A kind of turn, in its group; `likeness` is the cosine to the nearest example of it.

    Of documents, it may be asked of the one that is `superlative` alone: the newest, the longest.
    """

    group: str
    name: str
    likeness: float
    superlative: str = ""


def kinds(shapes: Sequence[Shape], embedder: Embedder) -> list[list[Kind]]:
    """Return for each shape of a turn the kinds that it may be, the likeliest first.

    "Who wrote the longest document?" is read without "longest", too.
    """
    known, vectors = _examples(embedder)
    found = [_sorted(known, each) for each in _likeness(shapes, vectors, embedder)]
    plain = [
        (shape, likely)
        for shape, likely in zip(shapes, found, strict=True)
        if len(shape.superlative[1].split()) > _NO_QUESTION
    ]
    bare = [Shape(shape.superlative[1]) for shape, _ in plain]
    likenesses = _likeness(bare, vectors, embedder)
    for (shape, likely), likeness in zip(plain, likenesses, strict=True):
        told = (each for each in _sorted(known, likeness) if each.name in _OF_ONE)
        likely += (replace(each, superlative=shape.superlative[0]) for each in told)
        likely.sort(key=lambda each: -each.likeness - _CLOSER * bool(each.superlative))
    return found


def _likeness(shapes: Sequence[Shape], examples: Vectors, embedder: Embedder) -> list[Vectors]:
    words = [shape.words for shape in shapes]
    return [examples @ each for each in embedder.embed(words)] if words else []


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
