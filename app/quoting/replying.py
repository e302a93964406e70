"""A request → what is quoted, whatever it is about: the documents, an answer, or nothing at all."""

import uuid
from collections.abc import Sequence
from dataclasses import replace

from app.answer import Answer
from app.clock import Clock
from app.quoting.judging import Calibration
from app.quoting.quoted import Quoted
from app.quoting.quoting import quote
from app.quoting.retelling import retold
from app.quoting.talking import said_in_passing
from app.quoting.telling import told
from app.search.record import given_passage
from app.search.retriever import Found, PassageRetriever
from app.understanding.follow_up import Turn
from app.understanding.turn import Request, understand

_SEARCHED = 8  # passages
_RECALLED = 6  # turns


def reply(
    request: Request, retriever: PassageRetriever, calibration: Calibration, clock: Clock
) -> tuple[list[Found], Quoted]:
    """Return the passages that were searched out, if any were, and what is quoted."""
    index = retriever.index
    if request.talk:
        return [], said_in_passing(request.talk, index.catalogue)
    if request.of_documents is not None:
        return [], told(request.of_documents, index)
    if request.of_answer is not None:
        return [], retold(request.of_answer, index, retriever.search)
    searched = f"{request.searched_for} {request.story}".strip()
    found = retriever.search(searched, _SEARCHED)
    clock.mark("retrieve_ms")
    asked, near = request.question, request.near
    return found, quote(asked.asking, found, index, calibration, request.story, asked.before, near)


def quoted_answer(request: Request, found: Sequence[Found], quoted: Quoted) -> Answer:
    """Return the record of an answer that no model has worded yet."""
    return Answer(
        id=uuid.uuid4().hex,
        question=request.asked,
        searched_for=request.searched_for,
        outcome=quoted.outcome,
        quotes=quoted.quotes,
        told=quoted.told,
        citations=quoted.citations,
        passages=tuple(given_passage(hit) for hit in quoted.found or found),
        missing=quoted.missing,
        suggestions=quoted.suggestions,
        score=quoted.score,
        signals=dict(quoted.signals),
        notices=request.notices,
        state="quoted",
    )


def recalled(
    conversation: Sequence[Turn], retriever: PassageRetriever, calibration: Calibration
) -> list[Turn]:
    """Return the last turns with their records; those that nobody kept are found again."""
    turns: list[Turn] = []
    for turn in conversation[-_RECALLED:]:
        if turn.record is None:
            request = understand(turn.question, turns, retriever.index)
            found, quoted = reply(request, retriever, calibration, Clock())
            turn = replace(turn, record=quoted_answer(request, found, quoted))
        turns.append(turn)
    return turns
