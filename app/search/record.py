"""A search without a model, as the contract of `footnote search --json` has it."""

import time
from dataclasses import asdict
from typing import Any

from app.quoting.citing import given_passage
from app.search.retriever import PassageRetriever
from app.understanding.spelling import mended


def search_record(retriever: PassageRetriever, query: str, top: int) -> dict[str, Any]:
    """Search, and return `query`, `searched_for` (the query with its spelling mended), `passages`
    (best first) and `timings` in milliseconds."""
    started = time.perf_counter()
    # Half of a surrogate pair, as broken JSON has it, is no text that can be searched for.
    query = query.encode("utf-8", "replace").decode()
    searched_for = mended(query, retriever.index.catalogue)
    found = retriever.search(searched_for, top)
    return {
        "query": query,
        "searched_for": searched_for,
        "passages": [asdict(given_passage(hit)) for hit in found],
        "timings": {"retrieve_ms": round((time.perf_counter() - started) * 1000, 1)},
    }
