"""Any sentence-transformers model in a folder, read by its own library, with torch."""

import threading
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from ingest.embedded import Place, Vectors

_BATCH = 64

# transformers patches torch while it loads a model, which two threads must not do at once.
_LOADING = threading.Lock()


class SentenceModel:
    """Reads texts as `embedded.Model` says."""

    def __init__(self, folder: Path, max_tokens: int) -> None:
        from sentence_transformers import SentenceTransformer
        from transformers.utils import logging

        # A bar for a file that loads in a second would break up the receipt and the JSON.
        logging.disable_progress_bar()  # type: ignore[no-untyped-call]
        self._max_tokens = max_tokens
        with _LOADING:
            self._model = SentenceTransformer(str(folder), device="cpu", trust_remote_code=False)

    def read(self, texts: Sequence[str]) -> Iterator[tuple[int, Vectors, Vectors]]:
        """Yield each text's number, its unit vector and its tokens' vectors, in any order."""
        # Texts of like length share a batch, so that little of it is padding.
        order = sorted(range(len(texts)), key=lambda index: len(texts[index]))
        for start in range(0, len(order), _BATCH):
            batch = order[start : start + _BATCH]
            # No prompt, even where the folder has one by default: places are offsets into the text.
            # Any, because the overloads take a list of texts for a single input.
            encoded: Any = self._model.encode(
                [texts[index] for index in batch], prompt="", batch_size=_BATCH, output_value=None
            )
            for index, features in zip(batch, encoded, strict=True):
                vector = features["sentence_embedding"].numpy()
                read = features["attention_mask"].numpy() > 0
                tokens = features["token_embeddings"].numpy()[read]
                yield index, vector / np.linalg.norm(vector), tokens

    def places(self, text: str) -> tuple[Place, ...]:
        """Return where each token that is read stands in a text."""
        read = self._model.tokenizer(
            text, truncation=True, max_length=self._max_tokens, return_offsets_mapping=True
        )
        return tuple(read["offset_mapping"])
