"""Late interaction: how well what was found matches a question token by token.

Method: MaxSim (ColBERT; Khattab and Zaharia 2020, section 3.3): a token of the question is as well
matched as by its most similar token in the passage. Tokens weigh as their words do by rarity, where
ColBERT counts all alike. Of the passage's vectors only the signs are kept, a thirty-second of them.
"""

from collections.abc import Sequence

import numpy as np

from ingest.embedded import EmbeddedQuery, Signs, Vectors

_BYTES = np.arange(256, dtype=np.uint8).reshape(-1, 1)
# What each byte of signs stands for, 1 or -1 eight times: looked up, as unpacking takes five times
# as long.
_SIGNS_OF = 2 * np.unpackbits(_BYTES, axis=1).astype(np.float32) - 1


def token_matches(question: EmbeddedQuery, spans: Sequence[Signs]) -> Vectors:
    """Return how well each token of a question is matched in each span, shape (tokens, spans).

    `spans` are the signs of each one's tokens. A match is in [0, 1]; 0 where there are no signs.
    """
    tokens = question.tokens
    matches = np.zeros((len(tokens), len(spans)), np.float32)
    dimensions = tokens.shape[1]
    width = -(-dimensions // 8)
    sizes = np.array([signs.size // width for signs in spans])
    filled = np.flatnonzero(sizes)
    if not len(filled) or not len(tokens):
        return matches
    rows = np.concatenate(spans).reshape(-1, width)
    signs = np.take(_SIGNS_OF, rows, axis=0).reshape(len(rows), -1)[:, :dimensions]
    # The cosine to the vector that has these signs and is equally large in each direction.
    cosines = signs @ tokens.T / np.float32(dimensions**0.5)
    starts = np.cumsum(sizes[filled]) - sizes[filled]
    matches[:, filled] = np.maximum.reduceat(cosines, starts, axis=0).T
    best: Vectors = np.maximum(matches, 0)
    return best
