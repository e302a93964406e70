"""What one document is about: passages from its beginning to its end, few enough for a model."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from app.answer import Sentence
from app.citing import Footnotes
from app.retrieval import Found
from ingest.catalogue import StoredPassage
from ingest.index import Index

_SENTENCE_ENDS = (".", "!", "?", "…", "。")


def opening_passages(name: str, index: Index, budget_tokens: int) -> list[Found]:
    """Return how the sections of a document begin, in reading order; none for an unknown one.

    Each is the first passage of its section, cut after a span so that all of them together have
    at most `budget_tokens` tokens: first the first sentence of each, then one more of each in turn.
    Where there are too many sections, the chapters stand for theirs; where there are too many of
    those, some are left out evenly, never the first. Nothing was searched, so that every score is
    1.0.
    """
    passages = sorted(index.catalogue.passages_of_document(name), key=lambda each: each.start)
    sections = [_Opening(passage, _sizes(passage, index)) for passage in passages if passage.spans]
    for section_of in (_whole, _chapter):
        openings = _first_of_each(sections, section_of)
        if sum(opening.tokens for opening in openings) <= budget_tokens:
            break
    return [opening.found for opening in _widened(_thinned(openings, budget_tokens), budget_tokens)]


def opening_quotes(footnotes: Footnotes) -> list[Sentence]:
    """Return the first sentence of each passage given, verbatim: a summary that needs no model."""
    return [footnotes.quote(hit, *_first_sentence(hit.passage)) for hit in footnotes.given]


@dataclass
class _Opening:
    """A passage that is taken up to its span number `taken`."""

    passage: StoredPassage
    sizes: Sequence[int]
    taken: int = 1

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
        )
        return Found(cut, score=1.0, similarity=1.0, coverage=1.0, nearest=0)


def _sizes(passage: StoredPassage, index: Index) -> list[int]:
    """Return the tokens of each span with what stands before it in the passage."""
    ends = [passage.start, *(end for _, end in passage.spans)]
    texts = [passage.text[a - passage.start : b - passage.start] for a, b in pairwise(ends)]
    return index.embedder.count_tokens(texts)


def _whole(section: str) -> str:
    return section


def _chapter(section: str) -> str:
    return section.split(" › ")[0]


def _first_of_each(
    openings: Sequence[_Opening], section_of: Callable[[str], str]
) -> list[_Opening]:
    firsts: dict[str, _Opening] = {}
    for opening in openings:
        firsts.setdefault(section_of(opening.passage.section), opening)
    return list(firsts.values())


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


def _first_sentence(passage: StoredPassage) -> tuple[int, int]:
    """Return the first span that is a sentence, `[start, end)` into the passage's text.

    A guessed heading is a span of PDF and plain text, too.
    """
    spans = [(start - passage.start, end - passage.start) for start, end in passage.spans]
    whole = (span for span in spans if passage.text[slice(*span)].endswith(_SENTENCE_ENDS))
    return next(whole, spans[0])
