"""Stand-ins that are simple enough to work out by hand."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from ingest.context import About, Context, Placed
from ingest.embedded import EmbeddedQuery, EmbeddedText, Signs, Vectors
from ingest.embedding import Embedder
from ingest.passages import Passage, Span
from ingest.stored_passages import StoredPassage
from ingest.terms import terms

# The words a FakeEmbedder knows, one dimension each; the last dimension is any other word.
KNOWN_WORDS = ("cat", "dog", "fish", "bird")


def signs(tokens: Vectors) -> Signs:
    """The signs of tokens' vectors, as an embedder gives them."""
    return np.packbits(tokens > 0, axis=1)


def one_token_each(vectors: Vectors) -> list[EmbeddedText]:
    """Texts of a single token, whose vector is that of the text."""
    return [EmbeddedText(vector, signs(vector[np.newaxis])) for vector in vectors]


def passage(
    start: int, end: int, section: str, spans: Sequence[Span], table_header: Span | None = None
) -> Passage:
    """A passage of sentences to which their heading belongs."""
    context = Context(words=section, terms=terms(section))
    placed = (Placed("sentence", context),) * len(spans)
    return Passage(start, end, section, None, tuple(spans), placed, table_header)


def stored_passage(
    text: str,
    name: str = "a.md",
    title: str = "Title",
    section: str = "",
    spans: Sequence[Span] | None = None,
    start: int = 0,
    table_header: str = "",
    id: int = 1,
    vectors: Vectors | None = None,
) -> StoredPassage:
    """A passage that begins at `start` of its document: sentences to which its title belongs."""
    spans = ((start, start + len(text)),) if spans is None else tuple(spans)
    return StoredPassage(
        id=id,
        document=name,
        document_sha256="1",
        title=title,
        section=section,
        page=None,
        start=start,
        end=start + len(text),
        text=text,
        table_header=table_header,
        spans=spans,
        vectors=np.eye(len(spans), dtype=np.float32) if vectors is None else vectors,
        signs=(np.zeros(0, np.uint8),) * len(spans),
        about=About(name, title, terms=terms(title)),
        kinds=("sentence",) * len(spans),
        contexts=(Context(words=section, terms=terms(section)),) * len(spans),
        terms=tuple(terms(text[a - start : b - start]) for a, b in spans),
    )


@dataclass(frozen=True)
class Given:
    """A file that a visitor gave: what it is called, and where its bytes are."""

    name: str
    path: Path


class FakeEmbedder(Embedder):
    """Vectors count the known words; tokens are words. It notes every text it embeds."""

    def __init__(self, name: str = "fake", max_tokens: int = 42) -> None:
        super().__init__(Path("models", name))
        self.max_tokens = max_tokens
        self.embedded: list[str] = []

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        return [len(text.split()) for text in texts]

    def embed_spans(self, texts: Sequence[str]) -> list[EmbeddedText]:
        self.embedded += texts
        return [EmbeddedText(self._vector(text), signs(self._tokens(text))) for text in texts]

    def embed_query(self, query: str) -> EmbeddedQuery:
        places = tuple(word.span() for word in re.finditer(r"\w+", query))
        return EmbeddedQuery(self._vector(query), self._tokens(query), places)

    @staticmethod
    def _vector(text: str) -> Vectors:
        words = re.findall(r"\w+", text.lower())
        counts = [words.count(known) for known in KNOWN_WORDS]
        vector = np.array([*counts, len(words) - sum(counts)], dtype=np.float32)
        return vector / np.float32(np.linalg.norm(vector) or 1.0)

    def _tokens(self, text: str) -> Vectors:
        vectors = [self._vector(word) for word in re.findall(r"\w+", text)]
        return np.array(vectors, dtype=np.float32).reshape(-1, len(KNOWN_WORDS) + 1)


class WordEmbedder(Embedder):
    """A vector has one number per known word: how often it occurs, scaled to length one."""

    def __init__(self, dimensions: int = 512) -> None:
        super().__init__(Path("words"))
        self.max_tokens = 256
        self._dimensions = dimensions
        self._places: dict[str, int] = {}

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        return [len(re.findall(r"\w+", text)) for text in texts]

    def embed_spans(self, texts: Sequence[str]) -> list[EmbeddedText]:
        return [EmbeddedText(self._vector(text), signs(self._tokens(text))) for text in texts]

    def embed_query(self, query: str) -> EmbeddedQuery:
        places = tuple(word.span() for word in re.finditer(r"\w+", query))
        return EmbeddedQuery(self._vector(query), self._tokens(query), places)

    def _vector(self, text: str) -> Vectors:
        vector = self._tokens(text).sum(axis=0)
        return vector / np.float32(np.linalg.norm(vector) or 1)

    def _tokens(self, text: str) -> Vectors:
        words = [word.lower() for word in re.findall(r"\w+", text)]
        tokens = np.zeros((len(words), self._dimensions), dtype=np.float32)
        for token, word in zip(tokens, words, strict=True):
            token[self._places.setdefault(word, len(self._places)) % self._dimensions] = 1
        return tokens


class RealTokens(FakeEmbedder):
    """Counts tokens as the real model does, which is what takes memory; its vectors are words'."""

    def __init__(self, folder: Path) -> None:
        super().__init__(max_tokens=256)
        self.folder = folder

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        return Embedder.count_tokens(self, texts)
