"""What can be quoted: sentences, items and rows of what was found, and how well each answers.

How well is one score, learned from questions whose answers are known: how near a unit is in
meaning, how much of the question it says in its place, and whether it brings the kind of thing that
is asked for. What its context says counts as much as what it says itself: fitted apart, the two
weights came out equal (eval/LOG.md).
"""

import json
import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files

import numpy as np

from app.language import answer_types, lexicon
from app.quoting.asked import Asked
from app.search.retriever import Found
from ingest.context import Context, Kind
from ingest.embedded import Vectors
from ingest.index import Index

FEATURES = (
    "similarity",  # cosine to the question
    "said",  # share of the question, by rarity, that it or its context says
    "beside",  # … that only the sentence before or after says
    "tokens",  # late interaction: how well each token of the question is matched
    "passage",  # 1 over the rank of its passage
    "relative",  # the passage's score over the best one's
    "brings",  # it has a number, date or name of the kind asked for, and not from the question
    "lacks",  # a kind is asked for, and it has none
    "length",  # log of its words
    "asks",  # it is a question itself
    "label",  # three words at most
    "heading",
    "row",
    "elsewhere",  # share of the names asked for that other documents are about, and not its own
    "names",  # nothing but names and numbers, as a line of authors
)


@dataclass(frozen=True, eq=False)
class Unit:
    """A span of a passage that was found.

    `own` are the question's terms that it says, `around` those that only its context says.
    `similarity` is its cosine to the question; `tokens` is how well the question's are matched in
    it by late interaction, `weakest` how well the worst of them, in [0, 1]. `worth` is the log-odds
    that it answers, of use only beside others of the same question.
    """

    hit: Found
    number: int
    own: frozenset[str]
    around: frozenset[str]
    similarity: float
    tokens: float
    weakest: float
    worth: float = 0.0

    @property
    def document(self) -> str:
        return self.hit.passage.document

    @property
    def span(self) -> tuple[int, int]:
        """`[start, end)` of the document's text."""
        return self.hit.passage.spans[self.number]

    @property
    def where(self) -> tuple[str, int]:
        """Its document, and where in its text it begins: the same for every question."""
        return self.document, self.span[0]

    @property
    def text(self) -> str:
        passage, (start, end) = self.hit.passage, self.span
        return passage.text[start - passage.start : end - passage.start]

    @property
    def vector(self) -> Vectors:
        """Its unit vector."""
        vector: Vectors = self.hit.passage.vectors[self.number]
        return vector

    @property
    def kind(self) -> Kind:
        return self.hit.passage.kinds[self.number]

    @property
    def context(self) -> Context:
        return self.hit.passage.contexts[self.number]

    @property
    def said(self) -> frozenset[str]:
        """The question's terms that it says in its place."""
        return self.own | self.around

    @property
    def group(self) -> tuple[object, ...] | None:
        """What is the same for the rows of one table, or the items of one list; else None."""
        context = self.context
        if self.kind == "row":
            return (self.document, "table", context.columns, context.headings)
        if self.kind == "item":
            return (self.document, "list", context.lead_in, context.headings)
        return None


def units_of(asked: Asked, found: Sequence[Found]) -> list[Unit]:
    """Return every unit of the passages found, the best passage's first."""
    wanted = answer_types.wanted(asked.question)
    best = found[0].score if found else 0.0
    subjects = frozenset[str]().union(*(hit.passage.about.terms for hit in found))
    units: list[Unit] = []
    for rank, hit in enumerate(found):
        said = [_said(asked, hit, number) for number in range(len(hit.passage.spans))]
        tokens, weakest = asked.matched(hit.passage.signs, [own | around for own, around in said])
        similarity = hit.passage.vectors @ asked.vector
        elsewhere = asked.share(asked.demanded & subjects - speaks_of(hit))
        of_passage = (1 / (1 + rank), hit.score / best if best > 0 else 0.0, elsewhere)
        for number in range(len(hit.passage.spans)):
            unit = Unit(
                hit,
                number,
                *said[number],
                similarity=float(similarity[number]),
                tokens=float(tokens[number]),
                weakest=float(weakest[number]),
            )
            units.append(replace(unit, worth=_worth(unit, asked, wanted, of_passage)))
    return units


def units_in_order(asked: Asked, document: str, index: Index) -> list[Unit]:
    """Return every unit of a document in reading order, with what it says of the question alone."""
    passages = index.catalogue.passages_of_document(document)
    hits = [Found(passage, 0.0, 0.0, 0.0, 0) for passage in passages]
    return [
        Unit(hit, number, *_said(asked, hit, number), similarity=0.0, tokens=0.0, weakest=0.0)
        for hit in hits
        for number in range(len(hit.passage.spans))
    ]


def _said(asked: Asked, hit: Found, number: int) -> tuple[frozenset[str], frozenset[str]]:
    terms = hit.passage.terms[number]
    own = asked.heard(terms)
    return own, asked.heard(terms | hit.passage.context_terms[number]) - own


def speaks_of(hit: Found) -> frozenset[str]:
    """Return the terms of a passage, of all that stands around it, and of its document."""
    return hit.passage.about.terms.union(*hit.passage.terms, *hit.passage.context_terms)


OfPassage = tuple[float, float, float]
"""What counts for every unit of a passage: `passage`, `relative` and `elsewhere` of `FEATURES`."""


def features_of(
    unit: Unit, asked: Asked, wanted: answer_types.Kind | None, of_passage: OfPassage
) -> tuple[float, ...]:
    """Return what `FEATURES` names."""
    text, terms = unit.text, unit.hit.passage.terms
    beside = frozenset[str]().union(
        *terms[max(0, unit.number - 1) : unit.number], *terms[unit.number + 1 : unit.number + 2]
    )
    brings = wanted is not None and answer_types.brings(wanted, text, asked.question)
    words = len(text.split())
    return (
        unit.similarity,
        asked.share(unit.said),
        asked.share(beside - unit.said),
        unit.tokens,
        *of_passage[:2],
        float(brings),
        float(wanted is not None and not brings),
        math.log1p(words),
        float(text.rstrip('"”’*_ ').endswith("?")),
        float(words <= 3),
        float(unit.kind == "heading"),
        float(unit.kind == "row"),
        of_passage[2],
        float(unit.kind in ("sentence", "item") and names_only(text)),
    )


def names_only(text: str) -> bool:
    """Say whether a text has nothing but names and numbers, as a line of authors.

    What has a colon says what its names are.
    """
    if ":" in text:
        return False
    small = lexicon.words("function")
    words = re.findall(r"\w+", text)
    return all(not word[0].islower() or word.lower() in small for word in words)


def _worth(
    unit: Unit, asked: Asked, wanted: answer_types.Kind | None, of_passage: OfPassage
) -> float:
    return float(np.dot(features_of(unit, asked, wanted, of_passage), _weights()))


@cache
def _weights() -> tuple[float, ...]:
    fitted = json.loads(files("app.quoting").joinpath("weights.json").read_text("utf-8"))
    return tuple(fitted[name] for name in FEATURES)
