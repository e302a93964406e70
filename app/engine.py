"""A question's way, top to bottom.

understand the turn → search → quote → do the quotes answer? → write → check → Answer
"""

from collections.abc import Generator, Iterator, Sequence
from contextlib import nullcontext, suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from app.answer import Answer
from app.checking.checked_text import CheckedText
from app.checking.files import read_file
from app.checking.support import SupportChecker
from app.checking.text import checking
from app.clock import Clock
from app.journal import Journal
from app.models.generation import StopSignal
from app.quoting.citing import Footnotes
from app.quoting.judging import Calibration
from app.quoting.quoted import Quoted
from app.quoting.replying import quoted_answer, recalled, reply
from app.search.packing import pack
from app.search.record import Searched, as_text, find, left_out_passage
from app.search.retriever import Found, PassageRetriever
from app.telemetry import Observer
from app.understanding.follow_up import Turn
from app.understanding.turn import Request, understand
from app.writing.checked import Checked
from app.writing.doubt import doubted
from app.writing.manners import left_undone, manner_of, other_language, translated
from app.writing.profiles import Profile
from app.writing.prompts import answer_messages
from app.writing.prose import STILL_QUOTED, write
from ingest.errors import CatalogueError, FootnoteError, ModelError
from ingest.loaders import MAX_CHARACTERS

# Not imported to quote: with them comes LlamaIndex, which takes seconds.
if TYPE_CHECKING:
    from app.models.choosing import ModelChoice
    from app.models.providers import LanguageModel

_REMOVED_MEANWHILE = "A document that this is from was removed meanwhile, so it is not kept."


@dataclass
class Engine:
    """Answers questions with quotes, and with one model's prose. Shared by all visitors."""

    retriever: PassageRetriever
    checker: SupportChecker
    model: "LanguageModel | None"
    model_choice: "ModelChoice"
    profile: Profile
    calibration: Calibration
    journal: Journal | None = None
    observer: Observer | None = None

    def __post_init__(self) -> None:
        if self.journal is not None:
            self.journal.is_out_of_date = self._holds_what_is_gone

    def speak_by(
        self, model: "LanguageModel | None", choice: "ModelChoice", profile: Profile
    ) -> None:
        """Have another model write from the next question on; the one before finishes its own."""
        before = self.model
        self.model, self.model_choice, self.profile = model, choice, profile
        if before is not None:
            before.retire()

    def close(self) -> None:
        """Free the model's memory."""
        if self.model is not None:
            self.model.close()

    def warm_up(self) -> None:
        """Load and read now what the first question would otherwise wait for."""
        with suppress(FootnoteError):  # whoever asks will be told
            understand("warm up", (), self.retriever.index)
            self.retriever.search("warm up", 1)
            if self.model is not None:
                self.model.complete(answer_messages("", [])[:1], max_tokens=1)

    def answer(
        self,
        question: str,
        conversation: Sequence[Turn] = (),
        within: frozenset[str] | None = None,
    ) -> Answer:
        """Return the finished answer; `within` are the names of the documents that are asked."""
        *_, last = self.stream(question, conversation, within=within)
        return last

    def converse(self, turns: Sequence[str], within: frozenset[str] | None = None) -> Answer:
        """Return the finished answer to the last of several turns, put one after the other."""
        conversation: list[Turn] = []
        for turn in turns[:-1]:
            conversation.append(Turn.of(self.answer(turn, conversation, within)))
        return self.answer(turns[-1], conversation, within)

    def search(self, query: str, top: int, within: frozenset[str] | None = None) -> Searched:
        """Return up to `top` passages, best first; no language model is asked."""
        found = find(self._within(within), query, top)
        if self.observer is not None:
            self.observer.searched(found)
        return found

    def checking(
        self,
        text: str | bytes,
        name: str = "",
        longest: int = MAX_CHARACTERS,
        document_type: str = "markdown",
    ) -> Generator[CheckedText, None, None]:
        """Hold a text, or the bytes of a file of that name, against the documents.

        Yields what there is of it, ever more; the last is whole. Raises DocumentError for a file
        that cannot be read, or one longer than `longest`.
        """
        index = self.retriever.index
        if isinstance(text, bytes):
            text, document_type = read_file(text, name, longest)
        for checked in checking(text, index, self.checker, document_type):
            yield checked
        if self.observer is not None:
            self.observer.checked(checked)

    def stream(
        self,
        question: str,
        conversation: Sequence[Turn] = (),
        stop: StopSignal | None = None,
        within: frozenset[str] | None = None,
        asker: str = "",
    ) -> Iterator[Answer]:
        """Yield the answer, ever more complete: first its quotes, then a model's prose.

        `within` are the names of the documents that are asked; without, all of them are. Where the
        model is at work for others, who asks as `asker` has a place in its line.
        Closing the iterator stops the model; `stop` does so while the model still reads, and what
        was shown is then the answer. A model that is gone or too slow is a notice in the answer;
        nothing is raised for it. A finished answer is kept in the journal.
        """
        question = as_text(question)
        # Its model stays, when another is chosen.
        asked = replace(self, retriever=self._within(within))
        with asked.model.held() if asked.model else nullcontext():
            for answer in asked._stream(question, conversation, stop or StopSignal(), asker):
                yield self._kept(answer) if answer.state == "done" else answer

    def _within(self, within: frozenset[str] | None) -> PassageRetriever:
        return self.retriever if within is None else self.retriever.within(within)

    def _stream(
        self, question: str, conversation: Sequence[Turn], stop: StopSignal, asker: str
    ) -> Iterator[Answer]:
        clock = Clock()
        request = understand(
            question, recalled(conversation, self.retriever, self.calibration), self.retriever.index
        )
        found, quoted = self._reply(request, clock)
        others = other_language(request.language, quoted.found or found)
        if others:
            asked, request = request.searched_for, translated(request, others, self.model, stop)
            if request.searched_for != asked:
                found, quoted = self._reply(request, clock)
        clock.mark("quotes_ms")
        answer = replace(
            quoted_answer(request, found, quoted),
            notices=request.notices if self.model else (*request.notices, *left_undone(request)),
            model=self.model_choice.spoken_of,
            prose_first=self.profile.prose_first,
            timings=clock.read(),
        )
        yield answer
        if self.model is not None and quoted.found:
            try:
                with self.model.line.place(asker) as place:
                    for before in stop.watch(place).wait():
                        yield replace(answer, before=before)
                    answer = yield from self._in_words(
                        request, answer, quoted, self.model, clock, stop
                    )
            except ModelError as error:
                answer = replace(answer, notices=(*answer.notices, f"{error} {STILL_QUOTED}"))
        yield replace(answer, state="done", pending="", timings=clock.finish())

    def _reply(self, request: Request, clock: Clock) -> tuple[list[Found], Quoted]:
        return reply(request, self.retriever, self.calibration, clock)

    def _in_words(
        self,
        request: Request,
        answer: Answer,
        quoted: Quoted,
        model: "LanguageModel",
        clock: Clock,
        stop: StopSignal,
    ) -> Generator[Answer, None, Answer]:
        """Have the model doubt the quotes, where its doubt is worth something, and then write."""
        if stop.stopped:
            return answer
        is_search = request.of_answer is None and request.of_documents is None
        if is_search and self.profile.doubts and doubted(answer, model, self.profile, stop):
            answer = replace(answer, outcome="uncertain")
            yield answer
        if stop.stopped:
            return answer
        index = self.retriever.index
        given, left = pack(quoted.found, self.profile.passage_tokens, index.embedder.count_tokens)
        answer = replace(answer, left_out=tuple(left_out_passage(*each) for each in left))
        footnotes = Footnotes.of(index, answer.citations)
        checked = Checked(answer.searched_for, given, self.checker, footnotes, self.profile.rewords)
        return (
            yield from write(answer, checked, model, self.profile, clock, stop, manner_of(request))
        )

    def _kept(self, answer: Answer) -> Answer:
        """Keep a finished answer in the journal; one that cannot be kept says so."""
        if self.observer is not None:
            self.observer.answered(answer)
        if self.journal is not None:
            try:
                if not self.journal.keep(answer):
                    return replace(answer, notices=(*answer.notices, _REMOVED_MEANWHILE))
            except CatalogueError as error:
                return replace(answer, notices=(*answer.notices, str(error)))
        return answer

    def _holds_what_is_gone(self, answer: Answer) -> bool:
        """Whether a document that an answer has words of was taken out while it was given."""
        catalogue = self.retriever.index.catalogue
        held = {
            (each.document, each.document_sha256) for each in (*answer.citations, *answer.passages)
        }
        return any(
            catalogue.document(name) is None and catalogue.document_with(sha256) is None
            for name, sha256 in held
        )
