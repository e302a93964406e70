"""What one document is about: passages from its beginning to its end, few enough for a model."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from app.quoting.citing import Footnotes
from app.search.retriever import Found
from ingest.index import Index
from ingest.stored_passages import StoredPassage

_SENTENCE_ENDS = (".", "!", "?", "…", "。")
_WORDS = 5
_SECTIONS = 4
_LONE_HEADING = re.compile(r"\s*#+ [^\n]*\s*")


def opening_passages(name: str, index: Index, budget_tokens: int) -> list[Found]:
    """Return how the sections of a document begin, in reading order; none for an unknown one.

    Each is the first passage of its section, cut after a sentence so that all of them together
    have at most `budget_tokens` tokens: first the first sentence of each, then one more of each in
    turn. Where even those are too many, sections are left out evenly, never the first. A document
    with hardly any sections is spread over its passages instead. Nothing was searched, so that
    every score is 1.0.
    """
    passages = sorted(index.catalogue.passages_of_document(name), key=lambda each: each.start)
    passages = [each for each in passages if not _LONE_HEADING.fullmatch(each.text)] or passages
    firsts: dict[str, StoredPassage] = {}
    for passage in passages:
        firsts.setdefault(passage.section, passage)
    chosen = list(firsts.values()) if len(firsts) >= _SECTIONS else passages
    openings = [_Opening.of(passage, index) for passage in chosen]
    return [opening.found for opening in _widened(_thinned(openings, budget_tokens), budget_tokens)]


def opening_quotes(found: Sequence[Found], footnotes: Footnotes) -> list[int]:
    """Return the markers of the first sentence of each passage: a summary that needs no model."""
    return [
        footnotes.marker(hit, *hit.passage.spans[_first_sentence(hit.passage)]) for hit in found
    ]


def summary_line(passages: Sequence[StoredPassage]) -> str:
    """Return the first whole sentence of a document's passages: what it is about, in its words."""
    for passage in passages:
        start, end = passage.spans[_first_sentence(passage)]
        words = passage.text[start - passage.start : end - passage.start]
        if _is_sentence(words):
            return " ".join(words.split())
    return ""


@dataclass
class _Opening:
    """The first `taken` spans of a passage; `sizes` are the tokens of each, and of what is before.

    At the start it is taken up to its first whole sentence.
    """

    passage: StoredPassage
    sizes: Sequence[int]
    taken: int

    @classmethod
    def of(cls, passage: StoredPassage, index: Index) -> "_Opening":
        ends = [0, *(end - passage.start for _, end in passage.spans)]
        texts = [passage.text[start:end] for start, end in pairwise(ends)]
        return cls(passage, index.embedder.count_tokens(texts), _first_sentence(passage) + 1)

    @property
    def tokens(self) -> int:
        return sum(self.sizes[: self.taken])

    @property
    def found(self) -> Found:
        whole = self.passage
        end = whole.end if self.taken == len(whole.spans) else whole.spans[self.taken - 1][1]
        cut = replace(
            whole,
            end=end,
            text=whole.text[: end - whole.start],
            spans=whole.spans[: self.taken],
            vectors=whole.vectors[: self.taken],
            kinds=whole.kinds[: self.taken],
            contexts=whole.contexts[: self.taken],
            terms=whole.terms[: self.taken],
        )
        return Found(cut, score=1.0, similarity=1.0, coverage=1.0, nearest=0)


def _thinned(openings: Sequence[_Opening], budget: int) -> list[_Opening]:
    """Leave out evenly what does not fit; the first is always kept."""
    for kept in range(len(openings), 1, -1):
        step = (len(openings) - 1) / (kept - 1)
        some = [openings[round(number * step)] for number in range(kept)]
        if sum(opening.tokens for opening in some) <= budget:
            return some
    return list(openings[:1])


def _widened(openings: list[_Opening], budget: int) -> list[_Opening]:
    """Give each one more sentence in turn while there is room."""
    left = budget - sum(opening.tokens for opening in openings)
    growing = list(openings)
    while growing:
        for opening in list(growing):
            if opening.taken == len(opening.sizes) or opening.sizes[opening.taken] > left:
                growing.remove(opening)
                continue
            left -= opening.sizes[opening.taken]
            opening.taken += 1
    return openings


def _first_sentence(passage: StoredPassage) -> int:
    """Return the number of the first span that is a sentence of some length, or else 0.

    A guessed heading is a span of PDF and plain text, too, and so is a line with the authors.
    """
    for number, (start, end) in enumerate(passage.spans):
        words = passage.text[start - passage.start : end - passage.start]
        if _is_sentence(words):
            return number
    return 0


def _is_sentence(words: str) -> bool:
    return words.endswith(_SENTENCE_ENDS) and len(words.split()) >= _WORDS
