"""What was found, as the records of answers and of `footnote search --json` keep it."""

import time
from dataclasses import asdict
from typing import Any

from app.answer import GivenPassage, LeftOut, Location
from app.search.retriever import Found, PassageRetriever
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


def given_passage(hit: Found) -> GivenPassage:
    """Return a passage that quotes are taken from, or that a search found."""
    location = vars(_location(hit))
    return GivenPassage(**location, text=hit.passage.text, score=round(hit.score, 4))


def left_out_passage(hit: Found, reason: str) -> LeftOut:
    """Return a passage that a model was not given, with the reason."""
    return LeftOut(**vars(_location(hit)), reason=reason)


def _location(hit: Found) -> Location:
    passage = hit.passage
    return Location(
        document=passage.document,
        title=passage.title,
        section=passage.section,
        page=passage.page,
        start=passage.start,
        end=passage.end,
        document_sha256=passage.document_sha256,
    )
