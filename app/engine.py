"""A question's way, top to bottom.

mend the spelling → condense → about the documents themselves? → parts → retrieve → enough to
answer? → prompt → stream → check each sentence → Answer
"""

import uuid
from collections.abc import Generator, Iterator, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass, replace

from app.answer import Answer, Sentence
from app.checking.support import SupportChecker
from app.clock import Clock
from app.journal import Journal
from app.models.choosing import ModelChoice
from app.models.generation import StopSignal
from app.models.providers import LanguageModel
from app.quoting.citing import Footnotes, finished_sentences, given_passage, left_out_passage
from app.quoting.deciding import Calibration, Signals, is_invented, signals_after, signals_before
from app.quoting.disagreement import disagreements, told_disagreements
from app.quoting.outcomes import (
    QUOTES_INSTEAD,
    Lack,
    refused,
    said_once,
    told_answer,
    why_quoted,
    with_lacks,
    with_notice,
    with_places,
    with_quotes,
    with_score,
)
from app.quoting.suggesting import suggested_questions
from app.quoting.summary import opening_passages
from app.quoting.telling import corpus_question, told
from app.quoting.whether import settling
from app.quoting.yes_or_no import YesOrNo
from app.search.packing import pack
from app.search.retriever import PassageRetriever
from app.understanding.asking import as_question, asks_broadly, asks_for_list, names_several
from app.understanding.collection import Summary, is_greeting
from app.understanding.conversation import (
    Turn,
    joined_question,
    leans_on_conversation,
    resolved_question,
    usable_rewrite,
)
from app.understanding.parts import LookedUp, Part, parts_of
from app.understanding.spelling import mended
from app.writing.prompts import answer_messages, rewrite_messages, says_refusal
from ingest.errors import CatalogueError, FootnoteError, ModelError

_SEARCHED = 8
# Budgets: a word on each section takes more than a passage or two, and so do comparisons and lists
# (the passages on both are given for 0.91 of such questions of the corpus set, for 0.81 with one).
_FOR_A_SUMMARY = 2
_FOR_SEVERAL = 1.5
_REWRITE_TOKENS = 60
_ALMOST = 0.8  # of the words of two sentences, shared by both: one says what the other does


@dataclass(frozen=True)
class Limits:
    """How much a model is given and may write; tokens."""

    passage_tokens: int
    answer_tokens: int


@dataclass(frozen=True)
class _Draft:
    """What a model wrote on one part; `declined` when it ended by saying it does not know."""

    sentences: list[Sentence]
    declined: bool
    tokens: dict[str, int]

    @property
    def stands(self) -> bool:
        """Whether a sentence has a quote that bears out its names and numbers."""
        return any(each.markers and not is_invented(each) for each in self.sentences)


class Engine:
    """Answers questions with one model, or with quotes alone. Shared by all visitors."""

    def __init__(
        self,
        retriever: PassageRetriever,
        checker: SupportChecker,
        model: LanguageModel | None,
        model_choice: ModelChoice,
        limits: Limits,
        calibration: Calibration,
        journal: Journal | None = None,
    ) -> None:
        self.retriever = retriever
        self.checker = checker
        self.model = model
        self.yes_or_no = YesOrNo(model, calibration.model == model_choice.name) if model else None
        self.model_choice = model_choice
        self.limits = limits
        self.calibration = calibration
        self.journal = journal

    def close(self) -> None:
        """Free the model's memory."""
        if self.model is not None:
            self.model.close()

    def warm_up(self) -> None:
        """Load and read now what the first question would otherwise wait for."""
        with suppress(FootnoteError):  # whoever asks will be told
            self.retriever.search(mended("warm up", self.retriever.index.catalogue), 1)
            if self.model is not None:
                self.model.complete(answer_messages("", [])[:1], max_tokens=1)
            if self.yes_or_no is not None:
                _ = self.yes_or_no.is_believed

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
        clock = Clock()
        catalogue = self.retriever.index.catalogue
        notices: list[str] = []
        read_as = mended(question, catalogue)
        searched_for, asked = read_as, [Part(read_as, read_as)]
        of_corpus = corpus_question(read_as, catalogue)
        if of_corpus is None:
            searched_for, asked = self._condense(read_as, conversation, notices, stop)
            if searched_for != read_as:
                of_corpus = corpus_question(searched_for, catalogue)
        if of_corpus is not None and not isinstance(of_corpus, Summary):
            yield told_answer(question, told(of_corpus, catalogue), clock)
            return
        if isinstance(of_corpus, Summary):
            parts = [self._open(of_corpus)]
        else:
            parts = [self._look_up(part) for part in asked]
        given = [hit for part in parts for hit in part.given]
        left_out = [each for part in parts for each in part.left_out]
        clock.mark("retrieve_ms")
        answer = Answer(
            id=uuid.uuid4().hex,
            question=question,
            searched_for=searched_for,
            passages=tuple(dict.fromkeys(given_passage(hit) for hit in given)),
            left_out=tuple(dict.fromkeys(left_out_passage(*each) for each in left_out)),
            model=self.model_choice.name,
            notices=tuple(notices),
            timings=clock.read(),
        )
        yield answer
        model = self.model
        lacks: list[Lack] = []
        for part in parts:
            before = len(answer.sentences)
            try:
                answer, lack = yield from self._answer_part(answer, part, model, clock, stop)
            except ModelError as error:
                answer = with_notice(answer, f"{error} {QUOTES_INSTEAD}")
                model = None
                answer, lack = yield from self._answer_part(answer, part, model, clock, stop)
            lacks += [lack] if lack else []
            if len(answer.sentences) > before and not part.whole:
                answer = self._with_disagreements(answer, part)
        answer = with_lacks(answer, lacks, catalogue)
        if answer.sentences:
            yield replace(answer, state="done", pending="", timings=clock.finish())
        else:
            found = [hit for part in parts for hit in part.found]
            suggestions = suggested_questions(found, searched_for, catalogue.sections)
            yield refused(answer, suggestions, clock)

    def _condense(
        self, question: str, conversation: Sequence[Turn], notices: list[str], stop: StopSignal
    ) -> tuple[str, list[Part]]:
        """Return the question as it reads without the conversation before it, and its parts."""
        conversation = [turn for turn in conversation if not is_greeting(turn.question)]
        asked = as_question(question)
        if asked != question or not conversation or not leans_on_conversation(question):
            return asked, parts_of(asked)
        if (resolved := resolved_question(question, conversation)) is not None:
            return resolved, parts_of(resolved)
        if self.model is not None:
            try:
                messages = rewrite_messages(question, conversation)
                generation = self.model.stream(messages, max_tokens=_REWRITE_TOKENS)
                rewritten = "".join(stop.watch(generation)).strip()
            except ModelError as error:
                notices.append(f"The follow-up could not be rewritten: {error}")
            else:
                if usable_rewrite(rewritten, question, conversation):
                    return rewritten, parts_of(rewritten)
        joined = joined_question(question, conversation)
        return joined, [Part(joined, joined)]

    def _look_up(self, part: Part) -> LookedUp:
        found = self.retriever.search(part.searched_for, _SEARCHED)
        count_tokens = self.retriever.index.embedder.count_tokens
        several = names_several(part.searched_for)
        wide = several or asks_broadly(part.searched_for)
        budget = int((_FOR_SEVERAL if wide else 1) * self.limits.passage_tokens)
        for_list = asks_for_list(part.searched_for)
        given, left_out = pack(found, budget, count_tokens, several, for_list)
        signals = signals_before(part.searched_for, found)
        return LookedUp(part.question, part.searched_for, tuple(given), tuple(left_out), signals)

    def _open(self, summary: Summary) -> LookedUp:
        """Return a whole document's openings; that it answers is known, and nothing is searched."""
        budget = _FOR_A_SUMMARY * self.limits.passage_tokens
        given = opening_passages(summary.document.name, self.retriever.index, budget)
        certain = Signals(similarity=1.0, coverage=1.0, named=1.0)
        return LookedUp(summary.question, summary.question, tuple(given), (), certain, True)

    def _footnotes(self, answer: Answer, part: LookedUp) -> Footnotes:
        """Return footnotes that are counted on from those of the parts before."""
        names = {hit.passage.document for hit in part.found if hit.passage.page is not None}
        documents = (self.retriever.index.catalogue.document(name) for name in names)
        page_starts = {document.name: document.page_starts for document in documents if document}
        citations = list(answer.citations)
        return Footnotes(part.searched_for, part.given, self.checker, page_starts, citations)

    def _answer_part(
        self,
        answer: Answer,
        part: LookedUp,
        model: LanguageModel | None,
        clock: Clock,
        stop: StopSignal,
    ) -> Generator[Answer, None, tuple[Answer, Lack | None]]:
        """Return the answer with what the documents say to one part, and what they lack for it.

        Without a model, and where nothing of what it wrote stands, they say the nearest quotes.
        Raises ModelError; nothing has then become of the part.
        """
        search = self.calibration.search
        if search.refuses(part.signals):
            return with_score(answer, part, search, part.signals), Lack(part)
        if model is None:
            answer = with_score(answer, part, search, part.signals)
            return with_quotes(answer, part, self._footnotes(answer, part)), None
        asked = self.yes_or_no if self.yes_or_no and self.yes_or_no.is_believed else None
        if asked is not None and part.asks_whether:
            return self._answer_whether(answer, part, asked, stop)
        scale = self.calibration.answer if asked else search
        signals = part.signals
        if asked is not None and not part.whole:
            held = asked.holds(part.searched_for, part.given, stop)
            signals = signals if held is None else replace(signals, affirmed=held)
        if scale.refuses(signals):
            return with_score(answer, part, scale, signals), Lack(part)
        footnotes = self._footnotes(answer, part)
        draft = yield from self._draft(model, answer, part, footnotes, clock, stop)
        answer = replace(answer, tokens=draft.tokens)
        shown = self._shown(answer, part, draft, footnotes)
        new = draft.sentences if draft.stands else shown.sentences[len(answer.sentences) :]
        cited = shown.cited_by(new)
        signals = signals_after(signals, draft.sentences)
        if asked is not None and not part.whole:
            quoted = asked.answers(part.searched_for, cited, stop)
            signals = signals if quoted is None else replace(signals, confirmed=quoted)
        if scale.refuses(signals):
            return with_score(answer, part, scale, signals), Lack(part, cited)
        lacks = draft.declined and draft.stands
        return with_score(shown, part, scale, signals), Lack(part) if lacks else None

    def _answer_whether(
        self, answer: Answer, part: LookedUp, asked: YesOrNo, stop: StopSignal
    ) -> tuple[Answer, Lack | None]:
        """Return the answer with the sentences that settle whether it is so."""
        scale = self.calibration.whether or self.calibration.answer
        tried = self._footnotes(answer, part)
        embedder = self.retriever.index.embedder
        found = settling(part.searched_for, embedder, tried, asked, stop)
        signals = replace(part.signals, confirmed=max((each.likely for each in found), default=0.0))
        shown = with_places(answer, [each.place for each in found], self._footnotes(answer, part))
        if not found or scale.refuses(signals):
            cited = shown.cited_by(shown.sentences[len(answer.sentences) :])
            return with_score(answer, part, scale, signals), Lack(part, cited)
        return with_score(shown, part, scale, signals), None

    def _shown(self, answer: Answer, part: LookedUp, draft: _Draft, footnotes: Footnotes) -> Answer:
        """Return the answer with what a model wrote; where none of it stands, with quotes."""
        if not draft.stands:
            told = with_notice(answer, why_quoted(draft.sentences))
            return with_quotes(told, part, self._footnotes(answer, part), footnotes.spoken_of)
        sentences = said_once((*answer.sentences, *draft.sentences))
        return replace(answer, sentences=sentences, citations=tuple(footnotes.citations))

    def _with_disagreements(self, answer: Answer, part: LookedUp) -> Answer:
        """Add where two documents answer a part differently."""
        vector = self.retriever.index.embedder.embed_query(part.searched_for).vector
        found = disagreements(part.found, vector)
        if not found:
            return answer
        footnotes = self._footnotes(answer, part)
        said = told_disagreements(found, footnotes, self.retriever.index.catalogue)
        citations = tuple(footnotes.citations)
        return replace(answer, sentences=(*answer.sentences, *said), citations=citations)

    def _draft(
        self,
        model: LanguageModel,
        answer: Answer,
        part: LookedUp,
        footnotes: Footnotes,
        clock: Clock,
        stop: StopSignal,
    ) -> Generator[Answer, None, _Draft]:
        """Have the model write, and check each sentence as it is finished."""
        messages = answer_messages(part.searched_for, part.given)
        written = ""
        sentences: list[Sentence] = []
        generation = stop.watch(model.stream(messages, max_tokens=self.limits.answer_tokens))
        with closing(generation):
            for delta in generation:
                clock.mark("first_token_ms")
                written += delta
                texts, rest = finished_sentences(written, ended=False)
                claims = _claims(texts)
                sentences += [footnotes.check(text) for text in claims[len(sentences) :]]
                if len(claims) < len(texts):
                    break
                yield replace(
                    answer,
                    state="answering",
                    sentences=said_once((*answer.sentences, *sentences)),
                    citations=tuple(footnotes.citations),
                    pending=rest,
                    timings=clock.read(),
                )
        texts, _ = finished_sentences(written, ended=True)
        claims = _claims(texts)
        sentences += [footnotes.check(text) for text in claims[len(sentences) :]]
        declined = any(says_refusal(text) for text in texts[len(claims) :])
        tokens = {
            "prompt": answer.tokens["prompt"] + generation.prompt_tokens,
            "answer": answer.tokens["answer"] + generation.answer_tokens,
        }
        return _Draft(sentences, declined, tokens)


def _claims(texts: Sequence[str]) -> list[str]:
    """Return the sentences up to one that refuses, or says almost the same as two before it.

    Those are no claims and are not checked: a small model may refuse, or go round in circles.
    """
    claims: list[str] = []
    for text in texts:
        if says_refusal(text) or sum(_almost_the_same(text, each) for each in claims) >= 2:
            break
        claims.append(text)
    return claims


def _almost_the_same(one: str, other: str) -> bool:
    words, others = set(one.casefold().split()), set(other.casefold().split())
    return len(words & others) >= _ALMOST * len(words | others)
