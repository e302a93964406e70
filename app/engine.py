"""A question's way, top to bottom.

condense → retrieve → enough to answer? → prompt → stream → check each sentence → Answer
"""

import time
import uuid
from collections.abc import Generator, Iterator, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass, replace
from itertools import takewhile

from app.answer import Answer, Sentence
from app.checking.support import SupportChecker
from app.citing import Footnotes, finished_sentences, given_passage
from app.conversation import Turn, joined_question, leans_on_conversation, usable_rewrite
from app.generation import StopSignal
from app.journal import Journal
from app.models import ModelChoice
from app.prompts import REFUSAL, answer_messages, rewrite_messages, says_refusal
from app.retrieval import Found, PassageRetriever
from app.speakers import LanguageModel
from ingest.errors import CatalogueError, FootnoteError, ModelError

_SEARCHED = 8
_QUOTES_WITHOUT_MODEL = 3
_REWRITE_TOKENS = 60


@dataclass(frozen=True)
class Limits:
    """How much a model is given and may write; tokens."""

    passage_tokens: int
    answer_tokens: int


class Engine:
    """Answers questions with one model, or with quotes alone. Shared by all visitors."""

    def __init__(
        self,
        retriever: PassageRetriever,
        checker: SupportChecker,
        model: LanguageModel | None,
        model_choice: ModelChoice,
        limits: Limits,
        journal: Journal | None = None,
    ) -> None:
        self.retriever = retriever
        self.checker = checker
        self.model = model
        self.model_choice = model_choice
        self.limits = limits
        self.journal = journal

    def close(self) -> None:
        """Free the model's memory."""
        if self.model is not None:
            self.model.close()

    def warm_up(self) -> None:
        """Load and read now what the first question would otherwise wait for."""
        with suppress(FootnoteError):  # whoever asks will be told
            self.retriever.search("warm up", 1)
            if self.model is not None:
                self.model.complete(answer_messages("", [])[:1], max_tokens=1)

    def answer(self, question: str, conversation: Sequence[Turn] = ()) -> Answer:
        """Return the finished answer."""
        *_, last = self.stream(question, conversation)
        return last

    def stream(
        self, question: str, conversation: Sequence[Turn] = (), stop: StopSignal | None = None
    ) -> Iterator[Answer]:
        """Yield the answer, ever more complete: first its passages, then its sentences.

        Closing the iterator stops the model; `stop` does so while the model still reads, and the
        iterator then ends without a finished answer. A model that is gone or too slow is a notice
        in the answer, which then consists of quotes alone; nothing is raised for it. A finished
        answer is kept in the journal.
        """
        # Half of a surrogate pair, as broken JSON has it, can be neither embedded nor kept.
        question = question.encode("utf-8", "replace").decode()
        stop = stop or StopSignal()
        for answer in self._stream(question, conversation, stop):
            if stop.stopped:
                return
            yield self._kept(answer) if answer.state == "done" else answer

    def _kept(self, answer: Answer) -> Answer:
        """Keep a finished answer in the journal; one that cannot be kept says so."""
        if self.journal is not None:
            try:
                self.journal.keep(answer)
            except CatalogueError as error:
                return replace(answer, notices=(*answer.notices, str(error)))
        return answer

    def _stream(
        self, question: str, conversation: Sequence[Turn], stop: StopSignal
    ) -> Iterator[Answer]:
        clock = _Clock()
        notices: list[str] = []
        searched_for = self._condense(question, conversation, notices, stop)
        found = self.retriever.search(searched_for, _SEARCHED)
        given = self._pack(found)
        clock.mark("retrieve_ms")
        answer = Answer(
            id=uuid.uuid4().hex,
            question=question,
            searched_for=searched_for,
            passages=tuple(given_passage(hit) for hit in given),
            model=self.model_choice.name,
            notices=tuple(notices),
            timings=clock.read(),
        )
        yield answer
        if not enough_to_answer(given):
            yield _refusal(answer, clock)
            return
        footnotes = Footnotes(searched_for, given, self.checker, self._page_starts(given))
        if self.model is None:
            yield _finished(answer, _best_quotes(footnotes), footnotes, clock)
            return
        try:
            yield from self._write(self.model, answer, footnotes, clock, stop)
        except ModelError as error:
            notice = f"{error} These are the best quotes instead."
            answer = replace(answer, notices=(*answer.notices, notice))
            footnotes.citations.clear()
            yield _finished(answer, _best_quotes(footnotes), footnotes, clock)

    def _condense(
        self, question: str, conversation: Sequence[Turn], notices: list[str], stop: StopSignal
    ) -> str:
        """Return the question as it reads without the conversation before it."""
        if not conversation or not leans_on_conversation(question):
            return question
        if self.model is not None:
            try:
                messages = rewrite_messages(question, conversation)
                generation = self.model.stream(messages, max_tokens=_REWRITE_TOKENS)
                rewritten = "".join(stop.watch(generation)).strip()
            except ModelError as error:
                notices.append(f"The follow-up could not be rewritten: {error}")
            else:
                if usable_rewrite(rewritten, question, conversation):
                    return rewritten
        return joined_question(question, conversation)

    def _pack(self, found: Sequence[Found]) -> list[Found]:
        """Take passages, best first, while they fit into the budget; the best one always."""
        sizes = self.retriever.index.embedder.count_tokens([hit.passage.text for hit in found])
        given: list[Found] = []
        left = self.limits.passage_tokens
        for hit, size in zip(found, sizes, strict=True):
            if given and size > left:
                continue
            given.append(hit)
            left -= size
        return given

    def _page_starts(self, given: Sequence[Found]) -> dict[str, tuple[int, ...]]:
        names = {hit.passage.document for hit in given if hit.passage.page is not None}
        documents = (self.retriever.index.catalogue.document(name) for name in names)
        return {document.name: document.page_starts for document in documents if document}

    def _write(
        self,
        model: LanguageModel,
        answer: Answer,
        footnotes: Footnotes,
        clock: "_Clock",
        stop: StopSignal,
    ) -> Iterator[Answer]:
        """Have the model write; where it refuses in spite of a near passage, ask it once more."""
        given = footnotes.given
        sentences, answer = yield from self._draft(model, answer, footnotes, (), clock, stop)
        if not sentences and is_near(given) and not stop.stopped:
            closest = [hit.passage.text[slice(*_nearest_span(hit))] for hit in given]
            sentences, answer = yield from self._draft(
                model, answer, footnotes, closest, clock, stop
            )
        if all(not sentence.markers or _is_invented(sentence) for sentence in sentences):
            yield _refusal(_with_what_was_wrong(answer, sentences), clock)
        else:
            yield _finished(answer, sentences, footnotes, clock)

    def _draft(
        self,
        model: LanguageModel,
        answer: Answer,
        footnotes: Footnotes,
        closest: Sequence[str],
        clock: "_Clock",
        stop: StopSignal,
    ) -> Generator[Answer, None, tuple[list[Sentence], Answer]]:
        """Check each sentence as it is finished; return them without the model's refusal."""
        messages = answer_messages(answer.searched_for, footnotes.given, closest)
        written = ""
        sentences: list[Sentence] = []
        generation = stop.watch(model.stream(messages, max_tokens=self.limits.answer_tokens))
        with closing(generation):
            for delta in generation:
                clock.mark("first_token_ms")
                written += delta
                texts, rest = finished_sentences(written, ended=False)
                claims = _before_refusal(texts)
                sentences += [footnotes.check(text) for text in claims[len(sentences) :]]
                if len(claims) < len(texts):
                    break
                yield replace(
                    answer,
                    state="answering",
                    sentences=tuple(sentences),
                    citations=tuple(footnotes.citations),
                    pending=rest,
                    timings=clock.read(),
                )
        texts, _ = finished_sentences(written, ended=True)
        claims = _before_refusal(texts)
        sentences += [footnotes.check(text) for text in claims[len(sentences) :]]
        tokens = {"prompt": generation.prompt_tokens, "answer": generation.answer_tokens}
        return sentences, replace(answer, tokens=tokens)


def _before_refusal(texts: Sequence[str]) -> list[str]:
    """Return the sentences up to the one that refuses; that one is no claim and is not checked."""
    return list(takewhile(lambda text: not says_refusal(text), texts))


def enough_to_answer(given: Sequence[Found]) -> bool:
    """Say whether what was found may answer the question at all; a simple rule for now.

    The best passage must be near in meaning, or hold most of the question's words.
    """
    return any(hit.similarity >= 0.35 or hit.coverage >= 0.6 for hit in given)


def is_near(given: Sequence[Found]) -> bool:
    """Say whether a passage is so near to the question that a model's refusal is to be doubted."""
    return any(hit.similarity >= 0.55 for hit in given)


def _is_invented(sentence: Sentence) -> bool:
    """Say whether it states a name or a number that the passages do not have."""
    return bool({"name", "number", "unit"} & set(sentence.conflicts))


def _with_what_was_wrong(answer: Answer, sentences: Sequence[Sentence]) -> Answer:
    """Say why what the model wrote is not shown, if it wrote anything."""
    reasons = "; ".join(dict.fromkeys(filter(None, (sentence.reason for sentence in sentences))))
    if not reasons:
        return answer
    notice = (
        f"What the model wrote is not shown, because the passages do not bear it out: {reasons}."
    )
    return replace(answer, notices=(*answer.notices, notice))


def _best_quotes(footnotes: Footnotes) -> list[Sentence]:
    """Return the sentences nearest to the question, verbatim, in the order of their passages."""
    return [
        footnotes.quote(hit, *_nearest_span(hit))
        for hit in list(footnotes.given)[:_QUOTES_WITHOUT_MODEL]
        if hit.passage.spans
    ]


def _nearest_span(hit: Found) -> tuple[int, int]:
    start, end = hit.passage.spans[hit.nearest]
    return start - hit.passage.start, end - hit.passage.start


def _refusal(answer: Answer, clock: "_Clock") -> Answer:
    return replace(
        answer,
        sentences=(Sentence(REFUSAL, (), 1.0, "supported"),),
        citations=(),
        refused=True,
        state="done",
        pending="",
        timings=clock.finish(),
    )


def _finished(
    answer: Answer, sentences: Sequence[Sentence], footnotes: Footnotes, clock: "_Clock"
) -> Answer:
    return replace(
        answer,
        sentences=tuple(sentences),
        citations=tuple(footnotes.citations),
        state="done",
        pending="",
        timings=clock.finish(),
    )


class _Clock:
    """Milliseconds since the question came in; a moment is marked once."""

    def __init__(self) -> None:
        self._started = time.perf_counter()
        self._marks: dict[str, float | None] = {
            "retrieve_ms": None,
            "first_token_ms": None,
            "total_ms": None,
        }

    def mark(self, moment: str) -> None:
        if self._marks[moment] is None:
            self._marks[moment] = round((time.perf_counter() - self._started) * 1000, 1)

    def read(self) -> dict[str, float | None]:
        return dict(self._marks)

    def finish(self) -> dict[str, float | None]:
        self.mark("total_ms")
        return self.read()
