"""The pinned MiniLM in ONNX Runtime, in 8-bit numbers: reads texts without torch, and faster."""

import hashlib
import os
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from ingest.embedded import Place, Vectors
from ingest.known_weights import MINILM
from ingest.quantising import QUANTISING_VERSION
from ingest.weight_sources import Progress
from ingest.weights import cache_folder, changing_cache, installed

if TYPE_CHECKING:
    from tokenizers import Encoding

PRECISION = f"int8, version {QUANTISING_VERSION}"

_NAME = f"{MINILM.name}.{MINILM.files['model.safetensors'][1]}.int8-{QUANTISING_VERSION}"

# Tokens at once: what is worked on then stays in a processor's own memory (2,048 take 1.1 times as
# long, 8,192 take 1.4 times).
_BATCH_TOKENS = 512

_MOST_THREADS = 8


def is_pinned(folder: Path) -> bool:
    """Whether a model's folder is the one that `weights.fetch` proves to be MiniLM."""
    return folder == cache_folder() / MINILM.name


def prepare(progress: Progress | None = None) -> Path:
    """Return the model as an ONNX file, made once from the weights in the cache and kept there.

    Its name says what it was made from, how, and its own SHA-256, by which it is proven before it
    is used; what is not what its name says is made anew. Raises WeightsError when it cannot be.
    """
    if (kept := _kept()) is not None:
        return kept
    report = progress or (lambda what, done, total: None)
    with changing_cache(MINILM, report) as folder:
        return _kept() or _made(folder, report)


def _kept() -> Path | None:
    for path in cache_folder().glob(f"{_NAME}.*.onnx"):
        expected = path.name.removeprefix(f"{_NAME}.").removesuffix(".onnx")
        file = (path.stat().st_size, expected)
        if installed(replace(MINILM, name=path.name, files={path.name: file})):
            return path
    return None


def _made(folder: Path, report: Progress) -> Path:
    from ingest.quantising import quantised

    report(f"{MINILM.name}: converting to 8 bits, once", 0, 1)
    content = quantised(folder / MINILM.name)
    path = folder / f"{_NAME}.{hashlib.sha256(content).hexdigest()}.onnx"
    pending = path.with_suffix(".new")
    pending.write_bytes(content)
    os.replace(pending, path)
    report(f"{MINILM.name}: converting to 8 bits, once", 1, 1)
    return path


class Int8Model:
    """Reads texts as `embedded.Model` says. May be used by several threads at once."""

    def __init__(self, folder: Path, max_tokens: int) -> None:
        import onnxruntime
        from tokenizers import Tokenizer

        self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._tokenizer.enable_truncation(max_tokens)
        self._tokenizer.no_padding()
        options = onnxruntime.SessionOptions()
        # Batches run side by side instead: threads that share one wait for each other.
        options.intra_op_num_threads = 1
        self._session = onnxruntime.InferenceSession(
            prepare(), options, providers=["CPUExecutionProvider"]
        )
        self._threads = ThreadPoolExecutor(min(os.cpu_count() or 1, _MOST_THREADS))

    def read(self, texts: Sequence[str]) -> Iterator[tuple[int, Vectors, Vectors]]:
        """Yield each text's number, its unit vector and its tokens' vectors, in any order."""
        encodings = self._tokenizer.encode_batch(list(texts))
        batches = list(_batches([len(encoding.ids) for encoding in encodings]))
        run = self._threads.map if len(batches) > 1 else map
        for batch, tokens in zip(
            batches,
            run(lambda batch: self._run([encodings[index] for index in batch]), batches),
            strict=True,
        ):
            for index, row in zip(batch, tokens, strict=True):
                read = row[: len(encodings[index].ids)]
                vector = read.mean(axis=0)
                yield index, vector / np.linalg.norm(vector), read

    def places(self, text: str) -> tuple[Place, ...]:
        """Return where each token that is read stands in a text."""
        return tuple(self._tokenizer.encode(text).offsets)

    def _run(self, encodings: "Sequence[Encoding]") -> Vectors:
        shape = len(encodings), max(len(encoding.ids) for encoding in encodings)
        ids, mask = np.zeros(shape, np.int32), np.zeros(shape, np.int32)
        for row, encoding in enumerate(encodings):
            ids[row, : len(encoding.ids)] = encoding.ids
            mask[row, : len(encoding.ids)] = 1
        [tokens] = self._session.run(["tokens"], {"ids": ids, "mask": mask})
        return np.asarray(tokens)


def _batches(lengths: Sequence[int]) -> Iterator[list[int]]:
    """Yield numbers of texts that are read together: of like length, so that little is padding."""
    batch: list[int] = []
    for index in sorted(range(len(lengths)), key=lambda index: -lengths[index]):
        if batch and (len(batch) + 1) * lengths[batch[0]] > _BATCH_TOKENS:
            yield batch
            batch = []
        batch.append(index)
    if batch:
        yield batch
