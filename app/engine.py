"""A question's way, top to bottom.

understand the turn → search → quote → do the quotes answer? → write → check → Answer
"""

from collections.abc import Generator, Iterator, Sequence
from contextlib import nullcontext, suppress
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from app.answer import NO_DOCUMENTS, Answer
from app.checking.checked_text import CheckedText
from app.checking.files import read_file
from app.checking.support import SupportChecker
from app.checking.text import checking
from app.clock import Clock
from app.journal import REMOVED_MEANWHILE, Journal
from app.models.generation import StopSignal
from app.quoting.citing import Footnotes
from app.quoting.judging import Calibration
from app.quoting.quoted import Quoted
from app.quoting.replying import quoted_answer, recalled, reply
from app.search.packing import pack
from app.search.record import Searched, as_text, find, left_out_passage
from app.search.retriever import PassageRetriever
from app.telemetry import Observer
from app.understanding.follow_up import Turn
from app.understanding.turn import Request, understand
from app.writing.checked import Checked
from app.writing.doubt import believed
from app.writing.manners import left_undone, manner_of, other_language, translated
from app.writing.profiles import Profile
from app.writing.prompts import doubt_messages
from app.writing.prose import STILL_QUOTED, write
from ingest.errors import CatalogueError, FootnoteError, ModelError
from ingest.loaders import MAX_CHARACTERS

# Not imported to quote: with them comes LlamaIndex, which takes seconds.
if TYPE_CHECKING:
    from app.models.choosing import ModelChoice
    from app.models.language_model import LanguageModel


@dataclass
class Engine:
    """Answers questions with quotes, and with one model's prose. Shared by all visitors.

    Where it is asked of documents `within` names, the answer is from these alone; None is all.
    """

    retriever: PassageRetriever
    checker: SupportChecker
    model: "LanguageModel | None"
    model_choice: "ModelChoice"
    profile: Profile
    calibration: Calibration
    journal: Journal | None = None
    observer: Observer = field(default_factory=Observer)

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
                self.model.complete(doubt_messages("", []), max_tokens=1)

    def answer(
        self,
        question: str,
        conversation: Sequence[Turn] = (),
        within: frozenset[str] | None = None,
    ) -> Answer:
        """Return the finished answer."""
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
        found = find(self.retriever.within(within), query, top)
        self.observer.searched(found)
        return found

    def checking(
        self,
        text: str | bytes,
        name: str = "",
        longest: int = MAX_CHARACTERS,
        document_type: str = "markdown",
    ) -> Generator[CheckedText, None, None]:
        """Hold a text, or the bytes of a file of that name, against the documents, bit by bit.

        Raises DocumentError for a file that cannot be read, or is longer than `longest`.
        """
        if isinstance(text, bytes):
            text, document_type = read_file(text, name, longest)
        for checked in checking(text, self.retriever.index, self.checker, document_type):
            yield checked
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

        Where the model is at work for others, who asks as `asker` has a place in its line.
        Closing the iterator stops the model; `stop` does so while the model still reads, and what
        was shown is then the answer. A model that is gone or too slow is a notice in the answer;
        nothing is raised for it. A finished answer is kept in the journal.
        """
        asked = replace(self, retriever=self.retriever.within(within))  # this model, to the end
        with asked.model.held() if asked.model else nullcontext():
            stop, question = stop or StopSignal(), as_text(question)
            for answer in asked._stream(question, conversation, stop, asker):
                yield self._kept(answer) if answer.state == "done" else answer

    def _stream(
        self, question: str, conversation: Sequence[Turn], stop: StopSignal, asker: str
    ) -> Iterator[Answer]:
        clock, retriever, calibration = Clock(), self.retriever, self.calibration
        earlier = recalled(conversation, retriever, calibration)
        request = understand(question, earlier, retriever.index)
        found, quoted = reply(request, retriever, calibration, clock)
        others = other_language(request.language, quoted.found or found)
        if others:
            asked, request = request.searched_for, translated(request, others, self.model, stop)
            if request.searched_for != asked:
                found, quoted = reply(request, retriever, calibration, clock)
        clock.mark("quotes_ms")
        answer = replace(
            quoted_answer(request, found, quoted),
            notices=request.notices if self.model else (*request.notices, *left_undone(request)),
            model=self.model_choice.spoken_of,
            prose_first=self.profile.prose_first,
            timings=clock.read(),
        )
        if answer.refused and not retriever.index.catalogue.documents():
            answer = replace(answer, missing=NO_DOCUMENTS)
        yield answer
        if self.model is not None and quoted.found:
            try:
                with self.model.line.place(asker) as place:
                    for before in stop.watch(place).wait():
                        yield replace(answer, before=before)
                    if not stop.stopped:
                        yield answer
                        answer = yield from self._in_words(
                            request, answer, quoted, self.model, clock, stop
                        )
            except ModelError as error:
                answer = answer.noticing(f"{error} {STILL_QUOTED}")
        yield replace(answer, state="done", pending="", timings=clock.finish())

    def _in_words(
        self,
        request: Request,
        answer: Answer,
        quoted: Quoted,
        model: "LanguageModel",
        clock: Clock,
        stop: StopSignal,
    ) -> Generator[Answer, None, Answer]:
        """Have the model say if the quotes answer, where its word is worth something, and write."""
        is_search = request.of_answer is None and request.of_documents is None
        if is_search and self.profile.doubts:
            outcome = believed(answer, model, self.profile, stop)
            if outcome != answer.outcome:
                answer = replace(answer, outcome=outcome)
                yield answer
        if stop.stopped:
            return answer
        index, room = self.retriever.index, self.profile.passage_tokens
        count = index.embedder.count_tokens
        given, left = pack(quoted.found, room, count) if room else (list(quoted.found), [])
        answer = replace(answer, left_out=tuple(left_out_passage(*each) for each in left))
        footnotes = Footnotes.of(index, answer.citations)
        checked = Checked(answer.searched_for, given, self.checker, footnotes, self.profile.rewords)
        manner = manner_of(request)
        return (yield from write(answer, checked, model, self.profile, clock, stop, manner))

    def _kept(self, answer: Answer) -> Answer:
        """Keep a finished answer in the journal; one that cannot be kept says so."""
        self.observer.answered(answer)
        try:
            is_kept = self.journal is None or self.journal.keep(answer)
        except CatalogueError as error:
            return answer.noticing(str(error))
        return answer if is_kept else answer.noticing(REMOVED_MEANWHILE)
