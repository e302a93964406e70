"""Texts → unit vectors, of the whole and of each token, with the model's own tokenizer and limit.

The tokens' vectors are those that a transformer gives before they are pooled, so every
sentence-transformers model that reads tokens has them, whatever it pools by.
"""

import json
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer
    from tokenizers import Tokenizer

Vectors = NDArray[np.float32]
Signs = NDArray[np.uint8]

# Part of the fingerprint: raise it when more, or other, is kept of what the model makes of a text.
EMBEDDING_VERSION = 2

_BATCH = 64

# transformers patches torch while it loads a model, which two threads must not do at once.
_LOADING = threading.Lock()


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
    places: tuple[tuple[int, int], ...]


class Embedder:
    """A sentence-transformers model in a local folder. Nothing is loaded before it is needed."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.name = folder.name

    def __getstate__(self) -> dict[str, Any]:
        """To another process it travels without what it has loaded."""
        loaded = ("_model", "_tokenizer")
        return {name: value for name, value in vars(self).items() if name not in loaded}

    @cached_property
    def _model(self) -> "SentenceTransformer":
        from sentence_transformers import SentenceTransformer
        from transformers.utils import logging

        # A bar for a file that loads in a second would break up the receipt and the JSON.
        logging.disable_progress_bar()  # type: ignore[no-untyped-call]
        with _LOADING:
            return SentenceTransformer(str(self.folder), device="cpu", trust_remote_code=False)

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
        embedded: dict[int, EmbeddedText] = {}
        # Texts of like length share a batch, so that little of it is padding.
        order = sorted(range(len(texts)), key=lambda index: len(texts[index]))
        for start in range(0, len(order), _BATCH):
            batch = order[start : start + _BATCH]
            for index, (vector, tokens) in zip(
                batch, self._read([texts[each] for each in batch]), strict=True
            ):
                embedded[index] = EmbeddedText(vector, np.packbits(tokens > 0, axis=1))
        return [embedded[index] for index in range(len(texts))]

    def embed_query(self, query: str) -> EmbeddedQuery:
        """Return the vector of a question and those of its tokens."""
        [(vector, tokens)] = self._read([query])
        read = self._model.tokenizer(
            query, truncation=True, max_length=self.max_tokens, return_offsets_mapping=True
        )
        lengths = np.linalg.norm(tokens, axis=1, keepdims=True)
        return EmbeddedQuery(vector, tokens / lengths, tuple(read["offset_mapping"]))

    def _read(self, texts: list[str]) -> Iterator[tuple[Vectors, Vectors]]:
        """Yield each text's unit vector and its tokens' vectors."""
        # No prompt, even where the folder has one by default: places are offsets into the text.
        # Any, because the overloads take a list of texts for a single input.
        encoded: Any = self._model.encode(texts, prompt="", batch_size=_BATCH, output_value=None)
        for features in encoded:
            vector = features["sentence_embedding"].numpy()
            read = features["attention_mask"].numpy() > 0
            yield vector / np.linalg.norm(vector), features["token_embeddings"].numpy()[read]
