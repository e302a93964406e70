"""Follow-ups: a question as it reads without the conversation before it. No model is asked.

A fragment ("and on the Corvan?", "no, I meant the 5") is the question before it with something
exchanged: each of its phrases takes the place of the one there that is most like it, a name that of
a name, a number or code that of one written alike, words that of words near in meaning. What points
back, or says nothing by itself, is read behind the question before it. A complete question is never
touched, but may be about the same as the one before.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

from app.answer import Answer
from app.language import comparing, lexicon
from app.language.turns import named, openers
from app.understanding.ordinals import counted_in
from ingest.embedded import Vectors

Embed = Callable[[Sequence[str]], Vectors]

_WORD = re.compile(r"[\w€$£%]+(?:[-.’'_/]\w+)*")
_SIGNS = str.maketrans("", "", "?!.,;:")


@dataclass(frozen=True)
class Turn:
    """An earlier question of this visitor, and the record of its answer where it is kept."""

    question: str
    record: Answer | None = None

    @classmethod
    def of(cls, answer: Answer) -> "Turn":
        """Return the turn that an answer ended."""
        return cls(answer.question, answer)

    @property
    def searched_for(self) -> str:
        """The question as it was searched; empty for what asked nothing of the documents."""
        return self.question if self.record is None else self.record.searched_for


@dataclass(frozen=True)
class _Phrase:
    """Neighbouring words of a question that carry meaning, `[start, end)` of it."""

    text: str
    start: int
    end: int
    kind: Literal["name", "code", "words"]


@dataclass(frozen=True)
class Reading:
    """A question as it is read in a conversation: what is `asking`, and what it stands behind.

    `before` is the question that it points back to; `goes_on` says that it is complete, but may be
    about the same as the one before.
    """

    asking: str = ""
    before: str = ""
    goes_on: bool = False

    @property
    def alone(self) -> str:
        """The question as it stands without the conversation."""
        return f"{self.before} {self.asking}".strip()


def reading(question: str, conversation: Sequence[Turn], embed: Embed) -> Reading:
    """Return what a question asks, with what it takes from the questions before it."""
    if not conversation:
        return Reading(question)
    with_side = _with_side(question, conversation)
    question = with_side or question
    opened = openers().match(question)
    rest = question[opened.end() :] if opened else question
    words = {word.group().lower() for word in _WORD.finditer(rest)}
    phrases = _phrases(question, len(question) - len(rest))
    says_it_all = not opened or words & named("verbs") or _asks_in_full(rest)
    if phrases and says_it_all and (with_side or not words & named("pointing")):
        return Reading(question, goes_on=True)
    *earlier, last = conversation
    before = last.searched_for if last.record else reading(last.question, earlier, embed).alone
    if opened and phrases and not words & named("verbs"):
        return Reading(_exchanged(before, phrases, embed))
    return Reading(question, before)


def _asks_in_full(rest: str) -> bool:
    """Say whether a question word opens it, and more than one word of meaning follows."""
    found = [word.group().lower() for word in _WORD.finditer(rest)]
    meaning = [word for word in found if word not in lexicon.words("function")]
    return bool(named("asking").intersection(found[:1])) and len(meaning) > 1


def _with_side(question: str, conversation: Sequence[Turn]) -> str:
    """Return a question with what an ordinal in it stands for, one of "X or Y" before; or ""."""
    counted = counted_in(question)
    sides = set_side_by_side(conversation)
    if counted is None or not sides or counted.number >= len(sides):
        return ""
    return f"{question[: counted.start]}{sides[counted.number]}{question[counted.end :]}"


def set_side_by_side(conversation: Sequence[Turn]) -> tuple[str, ...]:
    """Return the sides of the last question that set any; none where a list was shown since."""
    for turn in reversed(conversation):
        if sides := comparing.sides(turn.question):
            return sides
        shown = turn.record.quoted if turn.record else []
        if sum(each.kind in ("row", "item") for each in shown) > 1 and not counted_in(
            turn.question
        ):
            return ()
    return ()


def _exchanged(before: str, phrases: Sequence[_Phrase], embed: Embed) -> str:
    """Return a question in which each phrase has taken the place of the one most like it."""
    taken: list[tuple[_Phrase, _Phrase]] = []
    added = []
    for phrase in phrases:
        free = [
            each
            for each in _candidates(before, phrase)
            if not any(each.start < old.end and old.start < each.end for old, _ in taken)
        ]
        if free:
            taken.append((_most_like(phrase, free, embed), phrase))
        else:
            added.append(phrase.text)
    for old, new in sorted(taken, key=lambda pair: -pair[0].start):
        before = before[: old.start] + new.text + before[old.end :]
    return " ".join([before, *added])


def _candidates(before: str, phrase: _Phrase) -> list[_Phrase]:
    """Return what a phrase may take the place of: what is of its kind, and of words any run."""
    of_kind = [each for each in _phrases(before) if each.kind == phrase.kind]
    if phrase.kind != "words":
        return of_kind
    runs = []
    for each in of_kind:
        words = list(_WORD.finditer(before, each.start, each.end))
        longest = len(phrase.text.split()) + 1
        for first in range(len(words)):
            for last in range(first, min(len(words), first + longest)):
                start, end = words[first].start(), words[last].end()
                runs.append(_Phrase(before[start:end], start, end, "words"))
    return runs


def _most_like(phrase: _Phrase, candidates: Sequence[_Phrase], embed: Embed) -> _Phrase:
    if phrase.kind == "words":
        mine, *theirs = embed([phrase.text, *(each.text for each in candidates)])
        return max(zip(theirs, candidates, strict=True), key=lambda pair: float(pair[0] @ mine))[1]
    return max(candidates, key=lambda each: _written_alike(each.text, phrase.text))


def _written_alike(one: str, other: str) -> float:
    return SequenceMatcher(None, _shape(one), _shape(other)).ratio()


def _shape(text: str) -> str:
    """Return how a code is written: "Q8_0" as "A0_0", "70b" as "0a"."""
    shape = re.sub(r"[A-Z]", "A", re.sub(r"[a-z]", "a", re.sub(r"\d", "0", text)))
    return re.sub(r"(.)\1+", r"\1", shape)


def _phrases(question: str, start: int = 0) -> list[_Phrase]:
    """Return the runs of words from there on that carry meaning; a name ends where others begin."""
    found: list[_Phrase] = []
    for word in _WORD.finditer(question, start):
        text = word.group()
        if text.lower() in lexicon.words("function") or text.lower() in named("verbs"):
            continue
        kind = _kind(text, word.start())
        last = found[-1] if found else None
        joins = last and not question[last.end : word.start()].translate(_SIGNS).strip()
        of_name = last and last.kind == "name" and kind == "code" and text.isdigit()
        if last and joins and (last.kind == kind or of_name):
            found[-1] = _Phrase(
                question[last.start : word.end()], last.start, word.end(), last.kind
            )
        else:
            found.append(_Phrase(text, word.start(), word.end(), kind))
    return found


def _kind(word: str, start: int) -> Literal["name", "code", "words"]:
    if any(char.isdigit() for char in word):
        return "code"
    return "name" if word[0].isupper() and start > 0 else "words"
