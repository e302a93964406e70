"""A search without a model, as the contract of `footnote search --json` has it."""

import time
from dataclasses import asdict
from typing import Any

from app.citing import given_passage
from app.retrieval import PassageRetriever


def search_record(retriever: PassageRetriever, query: str, top: int) -> dict[str, Any]:
    """Search, and return `query`, `passages` (best first) and `timings` in milliseconds."""
    started = time.perf_counter()
    # Half of a surrogate pair, as broken JSON has it, is no text that can be searched for.
    query = query.encode("utf-8", "replace").decode()
    found = retriever.search(query, top)
    return {
        "query": query,
        "passages": [asdict(given_passage(hit)) for hit in found],
        "timings": {"retrieve_ms": round((time.perf_counter() - started) * 1000, 1)},
    }
