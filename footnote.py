"""Footnote for programs: answers from a folder of documents, as exact quotes.

    from footnote import Footnote

    with Footnote("home", model="none") as footnote:
        footnote.add("papers")
        answer = footnote.ask("What do diffusion models struggle with?")
        print(answer.text)
        for quote in answer.quoted:
            assert footnote.text(quote.document)[quote.start : quote.end] == quote.quote

Nothing is loaded before it is needed. Every method may be called from several threads.
"""

import threading
from collections.abc import Callable, Iterator, Sequence
from os import PathLike
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from app.answer import Answer, Citation, GivenPassage, Location, Sentence
from app.settings import load_settings
from ingest.errors import (
    CatalogueError,
    DocumentError,
    FootnoteError,
    ModelError,
    SettingsError,
    WeightsError,
)

if TYPE_CHECKING:
    from llama_index.core.base.base_query_engine import BaseQueryEngine
    from llama_index.core.chat_engine.types import BaseChatEngine
    from llama_index.core.retrievers import BaseRetriever

    from app.checking.checked_text import CheckedText
    from app.checking.support import SupportChecker
    from app.engine import Engine
    from app.models.generation import StopSignal
    from app.search.retriever import PassageRetriever
    from app.understanding.follow_up import Turn
    from ingest.catalogue import Document
    from ingest.receipts import Receipt

__all__ = [
    "Answer",
    "CatalogueError",
    "Citation",
    "DocumentError",
    "Footnote",
    "FootnoteError",
    "GivenPassage",
    "Location",
    "ModelError",
    "Sentence",
    "SettingsError",
    "WeightsError",
]

Progress = Callable[[str, float], None]
"""Called with a document's name and the share of all the work that is done, in [0, 1]."""


class Footnote:
    """The documents of one home, and answers from them.

    Every method raises a FootnoteError that says what happened and what to do: CatalogueError
    before anything was added, WeightsError where model files cannot be had, ModelError for a
    language model that was named and is not there.
    """

    def __init__(self, home: str | PathLike[str] | None = None, **settings: Any) -> None:
        """Open a home; nothing is read or loaded yet, and it need not be there.

        `settings` are those of docs/settings.md, `model="none"` for quotes alone; what is not
        given comes from FOOTNOTE_* variables, footnote.toml and the defaults, as for the
        `footnote` command. Raises SettingsError.
        """
        self._settings = load_settings(home=None if home is None else Path(home), **settings)
        self._opening = threading.RLock()
        self._searching: PassageRetriever | None = None
        self._checking: SupportChecker | None = None
        self._answering: Engine | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Free the language model's memory. What is asked next loads it again."""
        with self._opening:
            if self._answering is not None:
                self._answering.close()
                self._answering = None

    @property
    def home(self) -> Path:
        """The folder that holds the catalogue, the index and the journal."""
        return self._settings.home

    # --- asking ---

    def ask(
        self,
        question: str,
        after: Sequence[Answer] = (),
        collections: Sequence[str] = (),
        documents: Sequence[str] = (),
    ) -> Answer:
        """Return the finished answer; it is kept in the journal.

        Of `collections` and `documents`, by name, where any are given, and of all documents else.
        `after` are the answers before it in a conversation, oldest first:

            first = footnote.ask("Who maintains the Veltro 3?")
            second = footnote.ask("and the Veltro 5?", after=[first])

        `answer.outcome` is "answered", "uncertain" or "refused"; `answer.quoted` are the documents'
        own words, `answer.prose` what a model made of them and the check bears out.
        """
        return self._engine().answer(question, _turns(after), self._within(collections, documents))

    def stream(
        self,
        question: str,
        after: Sequence[Answer] = (),
        stop: "StopSignal | None" = None,
        collections: Sequence[str] = (),
        documents: Sequence[str] = (),
    ) -> Iterator[Answer]:
        """Yield the answer, ever more complete: first its quotes, then a model's prose.

        The last one has the state "done". Closing the iterator stops the model.
        """
        within = self._within(collections, documents)
        yield from self._engine().stream(question, _turns(after), stop, within)

    def search(
        self,
        query: str,
        top: int = 5,
        collections: Sequence[str] = (),
        documents: Sequence[str] = (),
    ) -> list[GivenPassage]:
        """Return up to `top` passages, best first; no language model is asked.

            for passage in footnote.search("classifier-free guidance", top=3):
                print(passage.document, passage.section, passage.text)

        Scores order the passages of one search and mean nothing across searches.
        """
        from app.search.record import find

        if top < 1:
            raise ValueError(f"top must be at least 1, not {top}")
        within = self._within(collections, documents)
        retriever = self._retriever().within(within)
        return list(find(retriever, query, top).passages)

    def check(self, text: str, is_markdown: bool = True) -> "CheckedText":
        """Hold any text against the documents, sentence by sentence; no language model is asked.

            checked = footnote.check(Path("essay.md").read_text())
            for sentence in checked.sentences:
                print(sentence.finding, sentence.text, sentence.reason)

        `checked.share` of its claims is supported, `lenient_share` that or in other words;
        `checked.citations` are the quotes that a sentence's `markers` name.
        """
        from app.checking.text import check_text

        index = self._retriever().index
        return check_text(text, index, self._checker(), "markdown" if is_markdown else "text")

    # --- documents ---

    def add(self, *paths: str | PathLike[str], progress: Progress | None = None) -> "Receipt":
        """Bring the index in line with folders or files: new, changed and deleted documents.

            receipt = footnote.add("papers", "minutes/2026-03.docx")
            for line in receipt.failed:
                print(line.document, line.problem)

        A document that cannot be read is a line of the receipt, and stops no other.
        """
        from app.opening import open_embedder
        from ingest.pipeline import sync

        wanted = [Path(path) for path in paths]
        for path in wanted:
            if not path.exists():
                problem, remedy = "is not there.", "Name folders or files that are."
                raise DocumentError(str(path), problem, remedy)
        tell = progress or (lambda document, share: None)
        embedder = open_embedder(self._settings)
        return sync(wanted, self.home, embedder, lambda far: tell(far.document, far.share))

    def remove(self, document: str) -> "Document":
        """Take a document out, with the kept answers that hold words of it; return what it was.

        Nothing of it is left in the home; a file of yours stays on disk.

        Raises DocumentError where there is none of that name.
        """
        from app.removing import remove

        return remove(document, self.home, self._retriever().index).document

    def documents(self) -> "list[Document]":
        """Return every document by name; those that could not be read have the status "failed"."""
        return self._retriever().index.catalogue.documents()

    def text(self, document: str) -> str:
        """Return the canonical text of a document, which all offsets point into.

        Raises DocumentError where there is none of that name.
        """
        found = self._retriever().index.catalogue.text(document)
        if found is None:
            problem = "is not in the catalogue."
            raise DocumentError(document, problem, "`documents()` lists all.")
        return found

    # --- LlamaIndex ---

    def as_retriever(self, similarity_top_k: int = 5) -> "BaseRetriever":
        """Return a LlamaIndex retriever of passages, best first.

            nodes = footnote.as_retriever(similarity_top_k=3).retrieve("guidance scale")

        A node's text is `text[start_char_idx:end_char_idx]` of the document that its metadata name.
        """
        from app.llamaindex import Retriever

        return Retriever(self._retriever(), similarity_top_k)

    def as_query_engine(self, streaming: bool = False) -> "BaseQueryEngine":
        """Return a LlamaIndex query engine; its source nodes are the quotes, with their offsets.

        response = footnote.as_query_engine().query("What do diffusion models struggle with?")
        response.metadata["answer"]["citations"]
        """
        from app.llamaindex import QueryEngine

        return QueryEngine(self._engine(), streaming)

    def as_chat_engine(self) -> "BaseChatEngine":
        """Return a LlamaIndex chat engine: one conversation, in which follow-ups are understood.

        chat = footnote.as_chat_engine()
        chat.chat("Who maintains the Veltro 3?")
        chat.stream_chat("and the Veltro 5?").print_response_stream()
        """
        from app.llamaindex import ChatEngine

        return ChatEngine(self._engine())

    def _retriever(self) -> "PassageRetriever":
        from app.opening import open_embedder, open_retriever

        with self._opening:
            if self._searching is None:
                self._searching = open_retriever(self._settings, open_embedder(self._settings))
            return self._searching

    def _within(
        self, collections: Sequence[str], documents: Sequence[str]
    ) -> frozenset[str] | None:
        from app.collections import asked_in

        if not (collections or documents):
            return None
        return asked_in(self._retriever().index.catalogue, self.home, collections, documents)

    def _checker(self) -> "SupportChecker":
        from app.checking.support import SupportChecker

        with self._opening:
            if self._answering is not None:
                return self._answering.checker
            if self._checking is None:
                self._checking = SupportChecker(self._retriever().index.embedder.embed)
            return self._checking

    def _engine(self) -> "Engine":
        from app.opening import engine_over

        with self._opening:
            if self._answering is None:
                self._answering = engine_over(self._retriever(), self._settings, keeps=True)
            return self._answering


def _turns(answers: Sequence[Answer]) -> "list[Turn]":
    from app.understanding.follow_up import Turn

    return [Turn.of(answer) for answer in answers]
