"""Texts → unit vectors, with the embedding model's own tokenizer and limit beside them."""

import threading
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from llama_index.embeddings.huggingface import HuggingFaceEmbedding
    from tokenizers import Tokenizer

Vectors = NDArray[np.float32]

_BATCH = 64

# transformers patches torch while it loads a model, which two threads must not do at once.
_LOADING = threading.Lock()


class Embedder:
    """A sentence-transformers model in a local folder. Nothing is loaded before it is needed."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.name = folder.name

    @cached_property
    def _model(self) -> "HuggingFaceEmbedding":
        from llama_index.embeddings.huggingface import HuggingFaceEmbedding
        from transformers.utils import logging

        # A bar for a file that loads in a second would break up the receipt and the JSON.
        logging.disable_progress_bar()  # type: ignore[no-untyped-call]
        with _LOADING:
            return HuggingFaceEmbedding(
                model_name=str(self.folder),
                max_length=self.max_tokens,
                device="cpu",
                embed_batch_size=_BATCH,
                trust_remote_code=False,
            )

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
        import json

        config = json.loads((self.folder / "sentence_bert_config.json").read_text())
        return int(config["max_seq_length"])

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Return the number of tokens of each text, without the two that mark its ends."""
        encodings = self._tokenizer.encode_batch(list(texts), add_special_tokens=False)
        return [len(encoding.ids) for encoding in encodings]

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Return one unit vector per text, shape (len(texts), dimensions), float32."""
        if not texts:
            return np.zeros((0, 0), dtype=np.float32)
        # Texts of like length share a batch, so that little of it is padding.
        order = sorted(range(len(texts)), key=lambda index: len(texts[index]))
        vectors = np.asarray(
            self._model.get_text_embedding_batch([texts[index] for index in order]),
            dtype=np.float32,
        )
        unsorted = np.empty_like(vectors)
        unsorted[order] = vectors
        return unsorted

    def embed_query(self, query: str) -> Vectors:
        """Return the unit vector of a question, shape (dimensions,), float32."""
        return np.asarray(self._model.get_query_embedding(query), dtype=np.float32)
