"""What becomes of a question, as changes to its answer's record."""

import uuid
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from textwrap import shorten

from app.answer import Answer, Citation, Sentence
from app.clock import Clock
from app.quoting.citing import Footnotes, Place, apart, is_heading, last_needed
from app.quoting.deciding import Scale, Signals, absent, unspoken
from app.quoting.summary import opening_quotes
from app.quoting.telling import Told
from app.search.packing import CLOSE
from app.search.retriever import Found
from app.understanding.parts import LookedUp
from app.understanding.spelling import near_name
from app.writing.prompts import REFUSAL
from ingest.words import Words

QUOTES_INSTEAD = "These are the best quotes instead."
_QUOTES = 3
_NAMED = 3  # sections or words, at most, that a refusal names
_TOLD_OF_IT = 300  # characters of what a model wrote in vain


def with_score(answer: Answer, part: LookedUp, scale: Scale, signals: Signals) -> Answer:
    """Return the answer with its score, of several parts that of the best; a doubt is noticed."""
    score = scale.score(signals)
    if scale.refuse_below <= score < scale.doubt_below:
        answer = with_notice(answer, _doubt(part))
    if answer.score is not None and answer.score >= score:
        return answer
    return replace(answer, score=round(score, 4), signals=asdict(signals))


def _doubt(part: LookedUp) -> str:
    words = _unspoken(part)
    why = f": none of the passages speaks of {words}" if words else ""
    return (
        f"It is not certain that the documents answer this{why}. "
        "Read the footnotes before relying on it."
    )


def with_notice(answer: Answer, notice: str) -> Answer:
    """Add what a user must be told, once."""
    return replace(answer, notices=tuple(dict.fromkeys((*answer.notices, notice))))


@dataclass(frozen=True)
class Lack:
    """A part that is not answered, with what was quoted for it in vain."""

    part: LookedUp
    cited: Sequence[Citation] = ()


def with_lacks(answer: Answer, lacks: Sequence[Lack], words: Words) -> Answer:
    """Say what the passages lack for each part; not of one whose quotes another part shows.

    `words` are the documents', in case a name is misspelt.
    """
    missing = [_told(lack, answer, words) for lack in lacks if not _is_quoted(lack.cited, answer)]
    return replace(answer, missing=" ".join(missing))


def _is_quoted(cited: Sequence[Citation], answer: Answer) -> bool:
    quoted = [any(_overlap(one, each) for each in answer.citations) for one in cited]
    return bool(quoted) and all(quoted)


def _overlap(one: Citation, other: Citation) -> bool:
    return one.document == other.document and one.start < other.end and other.start < one.end


def _told(lack: Lack, answer: Answer, words: Words) -> str:
    missing = _what_is_missing(lack, words)
    if lack.part.searched_for == answer.searched_for:
        return missing
    return f"“{lack.part.question}” is not answered. {missing}"


def _what_is_missing(lack: Lack, words: Words) -> str:
    names = list(dict.fromkeys(absent(lack.part.searched_for, lack.part.found)))
    if names:
        like = [f"“{one}”" for name in names if (one := near_name(name, words))]
        known = f" The documents do have {_listed(like, 'and')}." if like else ""
        quoted = [f"“{name}”" for name in names]
        return f"No passage that was found mentions {_listed(quoted, 'or')}.{known}"
    found = lack.part.found
    about = dict.fromkeys(f"“{hit.passage.section or hit.passage.title}”" for hit in found)
    if not about:
        return "No passage is anything like the question."
    unspoken_of = _unspoken(lack.part)
    but = f", and none of them speaks of {unspoken_of}" if unspoken_of else ""
    return f"The nearest passages are about {_listed(list(about)[:_NAMED], 'and')}{but}."


def _unspoken(part: LookedUp) -> str:
    words = dict.fromkeys(unspoken(part.searched_for, part.found))
    return _listed([f"“{word}”" for word in words][:_NAMED], "or") if words else ""


def _listed(names: Sequence[str], conjunction: str) -> str:
    *others, last = names
    return f"{', '.join(others)} {conjunction} {last}" if others else last


def _reasons(sentences: Sequence[Sentence]) -> str:
    return "; ".join(dict.fromkeys(each.reason for each in sentences if each.reason))


def why_quoted(sentences: Sequence[Sentence]) -> str:
    """Say why the nearest sentences stand in place of what the model wrote, and what that was."""
    reasons = _reasons(sentences)
    if not reasons:
        return "The model found no answer in the passages. These are the sentences nearest to it."
    wrote = shorten(" ".join(each.text for each in sentences), _TOLD_OF_IT, placeholder=" …")
    return (
        f"The model wrote “{wrote}”, which the passages do not bear out: {reasons}. "
        "This is what they say nearest to it."
    )


def with_quotes(
    answer: Answer, part: LookedUp, footnotes: Footnotes, spoken_of: Sequence[Place] = ()
) -> Answer:
    """Add quotes, each by itself: those that speak of what a model wrote, then those nearest to
    the question, the best one first. None is from a passage without any of the question's names.
    """
    if part.whole:
        return _saying(answer, opening_quotes(footnotes), footnotes)
    nearest = [_nearest_span(hit) for hit in _near(part.given)]
    places = [*spoken_of, *nearest[:1]] if spoken_of else nearest
    named = _naming(part.searched_for, apart(places, lambda place: place))
    return with_places(answer, named[:_QUOTES], footnotes)


def with_places(answer: Answer, places: Sequence[Place], footnotes: Footnotes) -> Answer:
    """Add what stands in these places, each by itself."""
    quotes = [footnotes.quote(place) for place in places]
    quotes[1:] = [replace(quote, text=f"\n{quote.text}") for quote in quotes[1:]]
    return _saying(answer, quotes, footnotes)


def _saying(answer: Answer, quotes: Sequence[Sentence], footnotes: Footnotes) -> Answer:
    return replace(
        answer,
        sentences=said_once((*answer.sentences, *quotes)),
        citations=tuple(footnotes.citations),
    )


def _near(given: Sequence[Found]) -> list[Found]:
    """Return the few that quotes are taken from.

    What was not close to the best held the answer in none of 415 development questions where the
    others did not (eval/LOG.md).
    """
    hits = [hit for hit in given if hit.passage.spans][:_QUOTES]
    return [hit for hit in hits if hit.score >= CLOSE * hits[0].score] or hits[:1]


def _nearest_span(hit: Found) -> Place:
    """Return the nearest sentence with what it needs; below a heading, what stands there."""
    number = min(hit.nearest + is_heading(hit, hit.nearest), len(hit.passage.spans) - 1)
    return Place.at(hit, number, last_needed(hit, number))


def _naming(question: str, places: Sequence[Place]) -> Sequence[Place]:
    """Return the places whose passage has one of the question's names; all, where none has any."""
    names = len(absent(question, []))
    return [one for one in places if len(absent(question, [one.hit])) < names] or places


def said_once(sentences: Sequence[Sentence]) -> tuple[Sentence, ...]:
    """Return the sentences without those said before: parts that lean on another repeat it."""
    first: dict[str, Sentence] = {}
    for each in sentences:
        first.setdefault(each.text.strip().casefold(), each)
    return tuple(first.values())


def told_answer(question: str, said: Told, clock: Clock) -> Answer:
    """Return the answer to a question about the documents themselves."""
    return Answer(
        id=uuid.uuid4().hex,
        question=question,
        searched_for=question,
        sentences=said.sentences,
        citations=said.citations,
        state="done",
        timings=clock.finish(),
    )


def refused(answer: Answer, suggestions: Sequence[str], clock: Clock) -> Answer:
    """Return the refusal, which alone is then said."""
    return replace(
        answer,
        sentences=(Sentence(REFUSAL, (), 1.0, "supported"),),
        citations=(),
        refused=True,
        suggestions=tuple(suggestions),
        state="done",
        pending="",
        timings=clock.finish(),
    )
