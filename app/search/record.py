"""What was found, as the records of answers and of `footnote search --json` keep it."""

import time
from dataclasses import asdict, dataclass
from typing import Any

from app.answer import GivenPassage, LeftOut, Location
from app.search.retriever import Found, PassageRetriever
from app.understanding.spelling import mended


@dataclass(frozen=True)
class Searched:
    """What a search found, best first; `searched_for` is the query with its spelling mended."""

    query: str
    searched_for: str
    passages: tuple[GivenPassage, ...]
    milliseconds: float

    def to_json(self) -> dict[str, Any]:
        """The object that `footnote search --json` prints; its names are a contract."""
        return {
            "query": self.query,
            "searched_for": self.searched_for,
            "passages": [asdict(passage) for passage in self.passages],
            "timings": {"retrieve_ms": round(self.milliseconds, 1)},
        }


def find(retriever: PassageRetriever, query: str, top: int) -> Searched:
    """Search for up to `top` passages."""
    started = time.perf_counter()
    query = as_text(query)
    searched_for = mended(query, retriever.index.catalogue)
    passages = tuple(given_passage(hit) for hit in retriever.search(searched_for, top))
    return Searched(query, searched_for, passages, 1000 * (time.perf_counter() - started))


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
