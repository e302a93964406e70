"""What wants a yes or a no → the sentences that settle it, shown as they stand.

Asked whether something is so, a small model says yes in its own words where the documents say no.
But of a single sentence it tells well whether that answers the question (eval/LOG.md).
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from app.language.claims import read
from app.models.generation import StopSignal
from app.quoting.citing import (
    Footnotes,
    Place,
    apart,
    is_entry,
    is_heading,
    is_question,
    last_needed,
)
from app.quoting.yes_or_no import YesOrNo
from app.search.retriever import Found
from ingest.embedding import Embedder

_ASKED_OF = 5  # sentences that a model is asked about; each takes it one or two seconds
_SHOWN = 2
_NEARLY = 0.8  # of the best one's worth: a second sentence from there on is shown, too
_POINTS_BACK = re.compile(
    r"(?:it|its|they|their|them|this|these|that|those|such|he|his|she|her|here|there|then)\b",
    re.IGNORECASE,
)

# "But not on Sundays.", "In the harbour never."
_LIMITS = re.compile(
    r"(?:but|however|except|unless|only|otherwise|if|at|during|for|from|in|on)\b", re.IGNORECASE
)


@dataclass(frozen=True)
class Settling:
    """Sentences that may settle a question.

    `similarity` is the cosine of the nearest of them with the question, `likely` how likely the
    model says that they answer it, in [0, 1].
    """

    place: Place
    similarity: float
    likely: float

    @property
    def worth(self) -> float:
        """What the sentences are ranked by; in [-1, 2]."""
        return self.similarity + self.likely


def settling(
    question: str, embedder: Embedder, footnotes: Footnotes, asked: YesOrNo, stop: StopSignal
) -> list[Settling]:
    """Return the few sentences that most likely settle a question, the best first.

    `footnotes` are of the passages that were given, and the quotes that the model is asked about
    join them. Raises ModelError.
    """
    found = []
    for place, similarity in _nearest(question, embedder, footnotes.given)[:_ASKED_OF]:
        (marker,) = footnotes.quote(place).markers
        likely = asked.answers(question, [footnotes.citations[marker - 1]], stop)
        found.append(Settling(place, similarity, 1.0 if likely is None else likely))
    found.sort(key=lambda each: each.worth, reverse=True)
    shown = [each for each in found[:_SHOWN] if each.worth >= _NEARLY * found[0].worth]
    limited = (replace(each, place=_with_its_limit(each.place)) for each in shown)
    return apart(limited, lambda each: each.place)


def _nearest(
    question: str, embedder: Embedder, given: Sequence[Found]
) -> list[tuple[Place, float]]:
    """Return all that can be quoted with its similarity to the question, the nearest first.

    Of what overlaps only the nearer one. Headings and entries of a list of sources settle nothing,
    but what comes first under a heading that asks something is as near as that heading.
    """
    headings = [hit.passage.heading for hit in given if is_question(hit.passage.heading)]
    vector, *of_headings = embedder.embed([question, *headings])
    asked = dict(zip(headings, of_headings, strict=True))
    near: list[tuple[float, Found, int]] = []
    for hit in given:
        similar = {
            number: float(row @ vector)
            for number, row in enumerate(hit.passage.vectors)
            if not is_heading(hit, number) and not is_entry(Place.at(hit, number))
        }
        if similar and hit.passage.heading in asked:
            first = min(similar)
            similar[first] = max(similar[first], float(asked[hit.passage.heading] @ vector))
        near += [(similarity, hit, number) for number, similarity in similar.items()]
    near.sort(key=lambda each: each[0], reverse=True)
    placed = ((_with_what_leans(hit, number), similarity) for similarity, hit, number in near)
    return apart(placed, lambda each: each[0])


def _with_what_leans(hit: Found, number: int) -> Place:
    """Return a sentence with the one before it that it points back to or answers, and the next one
    that points back to it: "Li Na had proposed it. The proposal was rejected."
    """
    first, last = number, last_needed(hit, number)
    if first > 0 and (_leans(hit, first) or _answers(hit, first)):
        first -= 1
    elif last + 1 < len(hit.passage.spans) and _leans(hit, last + 1):
        last += 1
    return Place.at(hit, first, last)


def _with_its_limit(place: Place) -> Place:
    """Return a place with the next sentence of its paragraph, if that says where it does not hold.

    The model is asked of it without: whether it answers is not for the exception to say.
    """
    passage = place.hit.passage
    later = (n for n, (start, _) in enumerate(passage.spans) if start - passage.start >= place.end)
    number = next(later, None)
    if number is None:
        return place
    following = Place.at(place.hit, number)
    limits = _LIMITS.match(following.text) and place.goes_on_in(following)
    return replace(place, end=following.end) if limits else place


def _answers(hit: Found, number: int) -> bool:
    """Say whether a sentence follows a question in its paragraph."""
    before, place = Place.at(hit, number - 1), Place.at(hit, number)
    return is_question(before.text) and before.goes_on_in(place)


def _leans(hit: Found, number: int) -> bool:
    """Say whether a sentence points back to the one right before it in its paragraph."""
    before, place = Place.at(hit, number - 1), Place.at(hit, number)
    if not before.goes_on_in(place):
        return False
    if _POINTS_BACK.match(place.text):
        return True
    opening = read(place.text).tokens[:2]
    the = len(opening) == 2 and opening[0].text.lower() == "the"
    return the and opening[1].stem in read(before.text).stems
