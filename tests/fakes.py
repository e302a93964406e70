"""Stand-ins that are simple enough to work out by hand."""

import re
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from ingest.embedding import Embedder, Vectors

# The words a FakeEmbedder knows, one dimension each; the last dimension is any other word.
KNOWN_WORDS = ("cat", "dog", "fish", "bird")


class FakeEmbedder(Embedder):
    """Vectors count the known words; tokens are words. It notes every text it embeds."""

    def __init__(self, name: str = "fake", max_tokens: int = 42) -> None:
        super().__init__(Path("models", name))
        self.max_tokens = max_tokens
        self.embedded: list[str] = []

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        return [len(text.split()) for text in texts]

    def embed(self, texts: Sequence[str]) -> Vectors:
        self.embedded += texts
        return np.array([self._vector(text) for text in texts], dtype=np.float32).reshape(
            len(texts), len(KNOWN_WORDS) + 1
        )

    def embed_query(self, query: str) -> Vectors:
        return np.array(self._vector(query), dtype=np.float32)

    @staticmethod
    def _vector(text: str) -> Vectors:
        words = re.findall(r"\w+", text.lower())
        counts = [words.count(known) for known in KNOWN_WORDS]
        vector = np.array([*counts, len(words) - sum(counts)], dtype=np.float64)
        return vector / (np.linalg.norm(vector) or 1.0)
