"""Late interaction: how well what was found matches a question token by token.

Method: MaxSim (ColBERT; Khattab and Zaharia 2020, section 3.3): a token of the question is as well
matched as by its most similar token in the passage. Tokens weigh as their words do by rarity, where
ColBERT counts all alike. Of the passage's vectors only the signs are kept, a thirty-second of them.
"""

import re
from collections.abc import Mapping, Sequence

import numpy as np

from ingest.embedding import EmbeddedQuery, Signs, Vectors


def token_weights(query: str, question: EmbeddedQuery, rarity: Mapping[str, float]) -> Vectors:
    """Return the weight of each token of a question, all together 1: its word's rarity.

    `rarity` is that of the question's words, in lower case. Marks and punctuation weigh nothing.
    """
    words = {
        place: rarity[word.group().lower()]
        for word in re.finditer(r"\w+", query)
        for place in range(*word.span())
    }
    weights = [
        max((words.get(place, 0.0) for place in range(start, end)), default=0.0)
        for start, end in question.places
    ]
    return np.array(weights, np.float32) / (sum(weights) or 1.0)


def token_matches(question: EmbeddedQuery, spans: Sequence[Signs]) -> Vectors:
    """Return how well each token of a question is matched in each span, shape (tokens, spans).

    `spans` are the signs of each one's tokens. A match is in [0, 1]; 0 where there are no signs.
    """
    return np.stack([_best_matches(question.tokens, signs) for signs in spans], axis=1)


def _best_matches(tokens: Vectors, signs: Signs) -> Vectors:
    dimensions = tokens.shape[1]
    rows = signs.reshape(-1, -(-dimensions // 8))
    bits = np.unpackbits(rows, axis=1, count=dimensions).astype(np.float32)
    # The cosine to the vector that has these signs and is equally large in each direction.
    cosines = tokens @ (2 * bits - 1).T / np.float32(dimensions**0.5)
    best: Vectors = cosines.max(axis=1, initial=0.0)
    return best
