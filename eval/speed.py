"""How long a search takes, and how that grows with the passages: `python -m eval.speed`.

The index of a set is asked, and beside it one of as many times the passages: copies of the same
documents whose vectors are moved a little, since equal ones hide each other in Chroma. Both are
asked in turn, so that other work on the machine slows both down alike: read the ratio first.
"""

import tempfile
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import numpy as np
import typer

from app.opening import open_embedder
from app.search.retriever import PassageRetriever
from app.settings import load_settings
from eval.footnote import bring_in_line, home_of
from eval.questions import load, sample
from ingest.embedded import EmbeddedText
from ingest.embedding import Embedder
from ingest.index import Index, open_current
from ingest.loaders import LoadedDocument
from ingest.passages import split_passages

_MOVED = 0.02  # standard deviation of each number of a unit vector; its cosine is then 0.93
_UNTIMED = 10
_TOP = 8


def main(
    set_: Annotated[str, typer.Option("--set", help="Whose documents and questions.")] = "squad",
    examples: Annotated[int, typer.Option(min=20, help="Ask so many questions.")] = 200,
    times: Annotated[int, typer.Option(min=1, help="As many times the passages.")] = 10,
) -> None:
    """Print the median and the 95th percentile of both, in milliseconds, and their ratios."""
    questions = load(set_)
    asked = [one.question for one in sample(questions.questions, examples, 0, 1.0)]
    settings = load_settings(model="none")
    home = home_of(questions.documents, settings)
    embedder = open_embedder(settings)
    bring_in_line(questions.documents, home, embedder, lambda _: None)
    index = open_current(home, embedder)
    with tempfile.TemporaryDirectory() as place:
        # A model of its own: what the one has read, the other would know.
        larger = enlarged(index, Path(place) / "index-larger", Embedder(embedder.folder), times)
        taken = timed([PassageRetriever(index), PassageRetriever(larger)], asked)
        for line in told((index, larger), taken):
            typer.echo(line)


def told(indexes: Sequence[Index], taken: Sequence[Sequence[float]]) -> list[str]:
    """Return what the searches of each index took, in words, and how the second's compare."""
    found = [np.percentile(each, (50, 95)) for each in taken]
    lines = [
        f"{index.catalogue.passage_count():,} passages: {half:.1f} ms, 95 % within {most:.1f}"
        for index, (half, most) in zip(indexes, found, strict=True)
    ]
    return [*lines, "ratios: {:.2f} and {:.2f}".format(*found[1] / found[0])]


def enlarged(index: Index, folder: Path, embedder: Embedder, times: int) -> Index:
    """Return an index in `folder` with so many copies of each document of `index`."""
    larger = Index(folder, embedder, create=True)
    random = np.random.default_rng(0)
    for document in index.catalogue.documents():
        text = index.catalogue.text(document.name) or ""
        loaded = LoadedDocument(text, document.title, document.type, document.date)
        passages = split_passages(
            text,
            document.title,
            document.type,
            document.page_starts,
            embedder.count_tokens,
            embedder.max_tokens,
        )
        spans = [
            EmbeddedText(vector, signs)
            for passage in index.catalogue.passages_of_document(document.name)
            for vector, signs in zip(passage.vectors, passage.signs, strict=True)
        ]
        for copy in range(times):
            name = f"{copy}/{document.name}"
            moved = [_moved(span, random) for span in spans]
            larger.catalogue.put(name, folder / name, f"{copy}", loaded, passages, moved)
    larger.catch_up()
    return larger


def _moved(span: EmbeddedText, random: np.random.Generator) -> EmbeddedText:
    vector = span.vector + random.normal(0, _MOVED, span.vector.shape).astype(np.float32)
    return replace(span, vector=vector / np.linalg.norm(vector))


def timed(retrievers: Sequence[PassageRetriever], questions: Sequence[str]) -> list[list[float]]:
    """Return what each search took with each retriever, in milliseconds, once they are warm."""
    taken: list[list[float]] = [[] for _ in retrievers]
    for question in questions:
        for retriever, times in zip(retrievers, taken, strict=True):
            started = time.perf_counter()
            retriever.search(question, _TOP)
            times.append((time.perf_counter() - started) * 1000)
    return [times[_UNTIMED:] for times in taken]


if __name__ == "__main__":
    typer.run(main)
