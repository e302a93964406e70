"""What wants a yes or a no → the sentences that settle it, shown as they stand.

Asked whether something is so, a small model says yes in its own words where the documents say no.
But of a single sentence it tells well whether that answers the question (eval/LOG.md).
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from app.checking.claims import read
from app.citing import Footnotes, Place, is_entry, is_heading
from app.generation import StopSignal
from app.retrieval import Found
from app.yes_or_no import YesOrNo
from ingest.embedding import Vectors

_ASKED_OF = 5  # sentences that a model is asked about; each takes it one or two seconds
_SHOWN = 2
_NEARLY = 0.8  # of the best one's worth: a second sentence from there on is shown, too
_POINTS_BACK = re.compile(
    r"(?:it|its|they|their|them|this|these|that|those|such|he|his|she|her|here|there|then)\b",
    re.IGNORECASE,
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
    question: str, vector: Vectors, footnotes: Footnotes, asked: YesOrNo, stop: StopSignal
) -> list[Settling]:
    """Return the few sentences that most likely settle a question, the best first.

    `vector` is the question's, a unit row; `footnotes` are of the passages that were given, and the
    quotes that the model is asked about join them. Raises ModelError.
    """
    found = []
    for place, similarity in _nearest(footnotes.given, vector)[:_ASKED_OF]:
        (marker,) = footnotes.quote(place).markers
        likely = asked.answers(question, [footnotes.citations[marker - 1]], stop)
        found.append(Settling(place, similarity, 1.0 if likely is None else likely))
    found.sort(key=lambda each: each.worth, reverse=True)
    return [each for each in found[:_SHOWN] if each.worth >= _NEARLY * found[0].worth]


def _nearest(given: Sequence[Found], vector: Vectors) -> list[tuple[Place, float]]:
    """Return all that can be quoted with its similarity to the question, the nearest first.

    Of what overlaps only the nearer one; headings and entries of a list of sources settle nothing.
    """
    near = [
        (float(row @ vector), hit, number)
        for hit in given
        for number, row in enumerate(hit.passage.vectors)
        if not is_heading(hit, number) and not is_entry(Place.at(hit, number))
    ]
    kept: list[tuple[Place, float]] = []
    for similarity, hit, number in sorted(near, key=lambda each: each[0], reverse=True):
        place = _with_what_leans(hit, number)
        if not any(place.overlaps(other) for other, _ in kept):
            kept.append((place, similarity))
    return kept


def _with_what_leans(hit: Found, number: int) -> Place:
    """Return a sentence with the one before it that it points back to, and the next one that points
    back to it: "Li Na had proposed it. The proposal was rejected."
    """
    first = last = number
    if first > 0 and _leans(hit, first):
        first -= 1
    elif last + 1 < len(hit.passage.spans) and _leans(hit, last + 1):
        last += 1
    return Place.at(hit, first, last)


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
