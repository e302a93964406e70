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
    searched_for, passages = find(retriever, query, top)
    return {
        "query": as_text(query),
        "searched_for": searched_for,
        "passages": [asdict(passage) for passage in passages],
        "timings": {"retrieve_ms": round((time.perf_counter() - started) * 1000, 1)},
    }


def find(retriever: PassageRetriever, query: str, top: int) -> tuple[str, list[GivenPassage]]:
    """Return what is searched for, and up to `top` passages, best first."""
    searched_for = mended(as_text(query), retriever.index.catalogue)
    return searched_for, [given_passage(hit) for hit in retriever.search(searched_for, top)]


def given_passage(hit: Found) -> GivenPassage:
    """Return a passage that quotes are taken from, or that a search found."""
    location = vars(_location(hit))
    return GivenPassage(**location, text=hit.passage.text, score=round(hit.score, 4))


def left_out_passage(hit: Found, reason: str) -> LeftOut:
    """Return a passage that a model was not given, with the reason."""
    return LeftOut(**vars(_location(hit)), reason=reason)


def as_text(query: str) -> str:
    """Half of a surrogate pair, as broken JSON has it, can be neither searched for nor kept."""
    return query.encode("utf-8", "replace").decode()


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
