"""Footnote itself as a system: the very functions that the page and the terminal call."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from functools import cached_property, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.answer import Answer, Citation
from app.checking.support import SupportChecker, claims_something, split_evidence
from app.language.claims import read
from app.search.retriever import PassageRetriever
from app.understanding.follow_up import Turn
from app.understanding.turn import understand
from app.writing.prose import STILL_QUOTED, WHAT_IS_CHECKED_STAYS
from eval.questions import Question
from eval.systems import Hit
from ingest.advance import Progress
from ingest.embedding import Embedder
from ingest.errors import CatalogueError, ModelError
from ingest.index import read_fingerprint

if TYPE_CHECKING:
    from app.engine import Engine
    from app.settings import Settings


def home_of(documents: Path, settings: "Settings") -> Path:
    """The home to measure a folder in: its own and of no other of that name, as clones have."""
    where = str(documents.resolve()).encode("utf-8", "surrogateescape")
    name = f"{documents.name}-{hashlib.sha256(where).hexdigest()[:8]}"
    return settings.home / "eval" / "homes" / name


def bring_in_line(documents: Path, home: Path, embedder: Embedder, progress: Progress) -> None:
    """Index a folder in a home of its own; costs nothing when nothing has changed.

    Raises CatalogueError when a document cannot be read: figures over a part of them would mislead.
    """
    from ingest.pipeline import sync

    receipt = sync([documents], home, embedder, progress)
    if receipt.failed:
        raise CatalogueError(
            "Not every document could be read, so nothing is measured: "
            + "; ".join(f"{line.document}: {line.problem}" for line in receipt.failed)
        )


class Footnote:
    """Footnote over an index; without an engine it can be asked for passages only.

    `configured` are the settings that shape an answer, kept with the results.
    """

    name = "footnote"

    def __init__(
        self,
        retriever: PassageRetriever,
        engine: "Engine | None" = None,
        configured: Mapping[str, Any] | None = None,
    ) -> None:
        self.index = retriever.index
        self._retriever = retriever
        self._engine = engine
        self._configured = dict(configured or {})
        self.text_of = lru_cache(maxsize=None)(retriever.index.catalogue.text)

    @cached_property
    def settings(self) -> dict[str, Any]:
        """What built the index, from which documents, and what answers from it."""
        built = asdict(read_fingerprint(self.index.folder))
        documents = {one.name: one.sha256 for one in self.index.catalogue.documents()}
        engine = self._engine
        return {
            "index": built | {"embedding_model": self.index.embedder.name},
            "documents": hashlib.sha256(json.dumps(documents).encode()).hexdigest()[:16],
            "language model": engine.model_choice.name if engine else None,
            "profile": asdict(engine.profile) if engine else None,
            "calibration": engine.calibration.model_dump() if engine else None,
            **self._configured,
        }

    def count_tokens(self, texts: Sequence[str]) -> int:
        """Tokens of all the texts together, in the embedding model's own tokens."""
        return sum(self.index.embedder.count_tokens(texts))

    def searched_for(self, question: Question) -> str:
        """What is searched for when no model can rewrite a follow-up."""
        turns = [Turn(earlier) for earlier in question.turns]
        return understand(question.question, turns, self.index).searched_for

    def search(self, query: str, top: int) -> list[Hit]:
        """The `top` best passages; confidence is the mean of similarity and coverage."""
        return [
            Hit.of(found.passage, found.score, (found.similarity + found.coverage) / 2)
            for found in self._retriever.search(query, top)
        ]

    def answer(self, question: Question) -> Answer:
        """The finished answer, after the earlier questions were asked and answered."""
        assert self._engine is not None
        return answered(self._engine, question)


def answered(engine: "Engine", question: Question) -> Answer:
    """Return the finished answer, after the earlier questions were asked and answered.

    Raises ModelError where the page would show quotes because the model is gone: figures of such
    answers would be taken for the model's.
    """
    answer = engine.converse([*question.turns, question.question])
    if any(notice.endswith((STILL_QUOTED, WHAT_IS_CHECKED_STAYS)) for notice in answer.notices):
        raise ModelError(" ".join(answer.notices))
    return answer


class CheckerJudge:
    """The product's support checker, asked whether a sentence's own quotes support it."""

    def __init__(self, checker: SupportChecker) -> None:
        self._checker = checker

    def claims_something(self, statement: str) -> bool:
        """False for what cannot need support, such as "Here are three of them:"."""
        return claims_something(read(statement))

    def supports(self, statement: str, quotes: Sequence[Citation], question: str) -> bool:
        """Whether the quotes, each read with what stands around it, support the statement."""
        evidence = [
            replace(
                split_evidence(one.quote),
                header=" › ".join((one.title, one.section, *one.columns, one.context)),
            )
            for one in quotes
        ]
        found = self._checker.check(statement, evidence, question=question)
        return found.verdict == "supported"
