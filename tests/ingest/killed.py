"""A process that runs `sync`, then looks at the vectors; at a chosen moment it waits to be killed.

    python -m tests.ingest.killed HOME FOLDER MOMENT EMBEDDER

It prints "here" at the moment, and "done" when it was let through to the end.
"""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from ingest import stored_passages
from ingest.catalogue import Catalogue
from ingest.index import open_current
from ingest.pipeline import sync
from ingest.vectors import VectorIndex
from tests.fakes import FakeEmbedder


def pausing(function: Callable[..., Any], call: int) -> Callable[..., Any]:
    """The function, but its call of that number, from 1, waits for a line before it is made."""
    calls = 0

    def paused(*arguments: Any) -> Any:
        nonlocal calls
        calls += 1
        if calls == call:
            print("here", flush=True)
            sys.stdin.readline()
        return function(*arguments)

    return paused


def pause_at(moment: str) -> None:
    """Arrange for a pause before a document is embedded, half written, or before Chroma."""
    where, _, number = moment.partition(":")
    if where == "embedding":
        FakeEmbedder.embed_spans = pausing(FakeEmbedder.embed_spans, int(number))  # type: ignore[method-assign]
    elif where == "half-written":
        stored_passages.passage_text = pausing(stored_passages.passage_text, int(number))
    elif where == "committed":
        VectorIndex.catch_up = pausing(VectorIndex.catch_up, 1)  # type: ignore[method-assign]
    elif where == "indexed":
        Catalogue.mark_indexed = pausing(Catalogue.mark_indexed, 1)  # type: ignore[method-assign]
    else:
        assert where == "never"


if __name__ == "__main__":
    home, folder, moment, embedder = sys.argv[1:]
    pause_at(moment)
    sync([Path(folder)], Path(home), FakeEmbedder(embedder))
    assert open_current(Path(home), FakeEmbedder(embedder)).vectors.count()
    print("done", flush=True)
