"""Quotes → prose: a model writes, and every finished sentence is checked before it is believed."""

from collections.abc import Generator, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from app.answer import Answer, Sentence
from app.clock import Clock
from app.models.generation import StopSignal
from app.writing.checked import Checked
from app.writing.profiles import Profile
from app.writing.prompts import answer_messages, says_refusal
from app.writing.sentences import finished_sentences
from ingest.errors import ModelError

if TYPE_CHECKING:
    from app.models.language_model import LanguageModel

NOTHING_LEFT = "None of what the model wrote was borne out; the quotes are the answer."
ONLY_THOUGHT = (
    "The model thought until it had no room left to answer; the setting thinking_tokens gives it "
    "more."
)
STILL_QUOTED = "The quotes stand without it."
WHAT_IS_CHECKED_STAYS = "What it had written until then is checked, and stays."
_ALMOST = 0.8  # of the words of two sentences, shared by both: one says what the other does
_REPEATED = 2  # times a model may say almost the same before it is stopped


@dataclass
class Draft:
    """What a model has written on an answer so far, sentence by sentence."""

    shown: list[Sentence] = field(default_factory=list)
    withheld: list[Sentence] = field(default_factory=list)
    declined: bool = False

    def take(self, sentence: Sentence) -> None:
        """Show a sentence that is borne out, and withhold any other."""
        borne_out = sentence.verdict == "supported" and sentence.markers
        (self.shown if borne_out else self.withheld).append(sentence)


def write(
    answer: Answer,
    footnotes: Checked,
    model: "LanguageModel",
    profile: Profile,
    clock: Clock,
    stop: StopSignal,
    manner: str = "",
) -> Generator[Answer, None, Answer]:
    """Yield the answer with ever more prose, and return it finished.

    `manner` says how it is to be worded. `footnotes` has the passages that the model is given, and
    numbers what its sentences rest on after the quotes. A model that goes away in the middle is a
    notice: what is checked of its words stays.
    """
    given = footnotes.given if profile.passage_tokens else ()
    messages = answer_messages(answer.searched_for, answer.quoted, given, manner)
    draft, checked = Draft(), 0
    written, gone = "", ""
    generation = stop.watch(
        model.stream(
            messages,
            max_tokens=profile.answer_tokens,
            thinking_tokens=profile.thinking_tokens,
        )
    )
    with closing(generation):
        try:
            for _ in generation:
                said = generation.usage.said
                if said:
                    clock.mark("first_token_ms")
                if not said.startswith(written):  # they were thoughts, and are the answer no more
                    draft, checked = Draft(), 0
                    del footnotes.citations[len(answer.citations) :]
                written = said
                texts, rest = finished_sentences(written, ended=False)
                checked = _check(texts, checked, draft, footnotes)
                if draft.declined:
                    break
                answer = replace(answer, thought=generation.usage.thought)
                yield _with(answer, draft, footnotes, rest, clock)
        except ModelError as error:
            gone = str(error)
    if not (draft.declined or gone):
        texts, _ = finished_sentences(written, ended=True)
        _check(texts, checked, draft, footnotes)
    tokens = {"prompt": generation.usage.prompt_tokens, "answer": generation.usage.answer_tokens}
    notices = (*answer.notices, *_remarks(draft, written, generation.usage.thought, gone))
    return replace(_with(answer, draft, footnotes, "", clock), tokens=tokens, notices=notices)


def _remarks(draft: Draft, written: str, thought: str, gone: str) -> Iterator[str]:
    """What a reader must be told of how the writing ended."""
    if gone:
        yield f"{gone} {WHAT_IS_CHECKED_STAYS if draft.shown else STILL_QUOTED}"
    elif thought and not written:
        yield ONLY_THOUGHT
    if draft.withheld and not draft.shown:
        yield NOTHING_LEFT


def _check(texts: Sequence[str], checked: int, draft: Draft, footnotes: Checked) -> int:
    """Check the sentences from `checked` on, up to one that refuses or goes round in circles."""
    for number in range(checked, len(texts)):
        text = texts[number]
        again = sum(_almost_the_same(text, earlier) for earlier in texts[:number])
        if says_refusal(text) or again >= _REPEATED:
            draft.declined = True
            return number
        if not again:
            draft.take(footnotes.check(text))
    return len(texts)


def _with(answer: Answer, draft: Draft, footnotes: Checked, rest: str, clock: Clock) -> Answer:
    return replace(
        answer,
        state="answering",
        prose=tuple(draft.shown),
        withheld=tuple(draft.withheld),
        citations=tuple(footnotes.citations),
        pending=rest,
        timings=clock.read(),
    )


def _almost_the_same(one: str, other: str) -> bool:
    words, others = set(one.casefold().split()), set(other.casefold().split())
    return len(words & others) >= _ALMOST * len(words | others)
