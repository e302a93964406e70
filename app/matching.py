"""Late interaction: how well what was found matches a question token by token.

Method: MaxSim (ColBERT; Khattab and Zaharia 2020, section 3.3): a token of the question is as well
matched as by its most similar token in the passage. Tokens weigh as their words do by rarity, where
ColBERT counts all alike. Of the passage's vectors only the signs are kept: measured on the corpus
set, whole numbers order passages no better (eval/LOG.md).
"""

import re
from collections.abc import Mapping

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
    weights = [words.get(start, 0.0) if start < end else 0.0 for start, end in question.places]
    return np.array(weights, np.float32) / (sum(weights) or 1.0)


def token_matches(question: EmbeddedQuery, signs: Signs) -> Vectors:
    """Return how well each token of a question is matched, shape (tokens,), in [-1, 1].

    `signs` are those of all the tokens of a passage, one after another; nothing matches none.
    """
    dimensions = question.tokens.shape[1]
    rows = signs.reshape(-1, -(-dimensions // 8))
    bits = np.unpackbits(rows, axis=1, count=dimensions).astype(np.float32)
    # The cosine to a vector that has the signs and is of the same size everywhere.
    similar = question.tokens @ (2 * bits - 1).T / np.float32(dimensions**0.5)
    best: Vectors = similar.max(axis=1, initial=0.0)
    return best
