"""Texts → unit vectors, of the whole and of each token, with the model's own tokenizer and limit.

The tokens' vectors are those that a transformer gives before they are pooled, so every
sentence-transformers model that reads tokens has them, whatever it pools by.
"""

import json
from collections.abc import Callable, Sequence
from functools import cached_property, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from ingest.embedded import EmbeddedQuery, EmbeddedText, Model, Vectors

if TYPE_CHECKING:
    from tokenizers import Tokenizer

    from ingest.vector_places import ChromaServer

# Part of the fingerprint: raise it when more, or other, is kept of what the model makes of a text.
EMBEDDING_VERSION = 2

_QUERIES_KEPT = 16


class Embedder:
    """A sentence-transformers model in a local folder. Nothing is loaded before it is needed.

    `server` is where the vectors that it makes are kept; without one, in the index's own folder.
    """

    def __init__(self, folder: Path, server: "ChromaServer | None" = None) -> None:
        self.folder = folder
        self.server = server
        self.name = folder.name

    def __getstate__(self) -> dict[str, Any]:
        """To another process it travels without what it has loaded."""
        loaded = ("_model", "_tokenizer", "_read_query")
        return {name: value for name, value in vars(self).items() if name not in loaded}

    @property
    def precision(self) -> str:
        """What numbers the model works with: part of the fingerprint, as other ones give others."""
        from ingest.int8_model import PRECISION

        return PRECISION if self._is_pinned else "fp32"

    @property
    def _is_pinned(self) -> bool:
        from ingest.int8_model import is_pinned

        return is_pinned(self.folder)

    @cached_property
    def _model(self) -> Model:
        from ingest.int8_model import Int8Model
        from ingest.sentence_model import SentenceModel

        kind = Int8Model if self._is_pinned else SentenceModel
        return kind(self.folder, self.max_tokens)

    @cached_property
    def _tokenizer(self) -> "Tokenizer":
        from tokenizers import Tokenizer

        tokenizer = Tokenizer.from_file(str(self.folder / "tokenizer.json"))
        tokenizer.no_truncation()
        tokenizer.no_padding()
        return tokenizer

    @cached_property
    def max_tokens(self) -> int:
        """Tokens the model reads of one text; what is beyond them it cuts off without a word."""
        config = json.loads((self.folder / "sentence_bert_config.json").read_text("utf-8"))
        if "max_seq_length" not in config:  # saved by sentence-transformers 6
            config = json.loads((self.folder / "tokenizer_config.json").read_text("utf-8"))
            return int(config["model_max_length"])
        return int(config["max_seq_length"])

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Return the number of tokens of each text, without the two that mark its ends."""
        encodings = self._tokenizer.encode_batch(list(texts), add_special_tokens=False)
        return [len(encoding.ids) for encoding in encodings]

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Return one unit vector per text, shape (len(texts), dimensions), float32."""
        if not texts:
            return np.zeros((0, 0), dtype=np.float32)
        return np.array([text.vector for text in self.embed_spans(texts)])

    def embed_spans(self, texts: Sequence[str]) -> list[EmbeddedText]:
        """Return the texts' vectors and the signs of their tokens', all from one pass."""
        embedded = {
            number: EmbeddedText(vector, np.packbits(tokens > 0, axis=1))
            for number, vector, tokens in self._model.read(texts)
        }
        return [embedded[number] for number in range(len(texts))]

    def embed_query(self, query: str) -> EmbeddedQuery:
        """Return the vector of a question and those of its tokens.

        The last ones are kept: whoever searches for a question then looks for quotes with it.
        """
        return self._read_query(query)

    @cached_property
    def _read_query(self) -> Callable[[str], EmbeddedQuery]:
        @lru_cache(_QUERIES_KEPT)
        def read(query: str) -> EmbeddedQuery:
            [(_, vector, tokens)] = self._model.read([query])
            lengths = np.linalg.norm(tokens, axis=1, keepdims=True)
            return EmbeddedQuery(vector, tokens / lengths, self._model.places(query))

        return read
