"""What embedding gives: the vectors of a text, of a question, and the model that reads them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]
Signs = NDArray[np.uint8]
Place = tuple[int, int]


class Model(Protocol):
    """What reads texts: the pinned one in 8-bit numbers, any other with sentence-transformers."""

    def read(self, texts: Sequence[str]) -> Iterator[tuple[int, Vectors, Vectors]]:
        """Yield each text's number, its unit vector and its tokens' vectors, in any order."""

    def places(self, text: str) -> tuple[Place, ...]:
        """Return where each token that is read stands in a text."""


@dataclass(frozen=True)
class EmbeddedText:
    """A text's unit `vector`, shape (dimensions,), and the `signs` of its tokens' vectors.

    `signs` has a row for each token that the model read, its marks of the ends too, and in it a
    bit for each number, 1 where it is above zero, eight to a byte.
    """

    vector: Vectors
    signs: Signs


@dataclass(frozen=True)
class EmbeddedQuery:
    """A question's unit `vector`, and unit vectors of its `tokens`, shape (tokens, dimensions).

    `places` are the tokens' `[start, end)` in the question, empty for a mark of its ends.
    """

    vector: Vectors
    tokens: Vectors
    places: tuple[Place, ...]
