"""What was given, cut into the pieces that can be quoted, and read."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from app.checking.claims import Reading, read
from ingest.sentences import sentence_spans

read_again = lru_cache(maxsize=4096)(read)


@dataclass(frozen=True)
class Evidence:
    """One passage given to the model, split into what can be quoted.

    `spans` are `[start, end)` of its sentences and table rows in `text`. `header` ("document ›
    section" and a table's header line) helps to understand them and is never quoted. `vectors` has
    one unit row per span, when they are known.
    """

    text: str
    spans: tuple[tuple[int, int], ...]
    header: str = ""
    vectors: NDArray[np.float32] | None = None


@dataclass(frozen=True)
class Span:
    """A quotable piece of evidence, read; `context` is the sentence before it."""

    evidence: int
    number: int
    start: int
    end: int
    reading: Reading
    context: Reading
    header: Reading
    topics: Mapping[str, int]


def split_evidence(text: str) -> Evidence:
    """Split a bare text into its sentences and table rows, by offset."""
    spans = tuple(
        (start, end)
        for start, end in sentence_spans(text)
        if not re.fullmatch(r"[\s|:\-#*]*", text[start:end])
    )
    return Evidence(text, spans)


def spans_of(evidence: Sequence[Evidence]) -> list[Span]:
    readings = [[read_again(item.text[a:b]) for a, b in item.spans] for item in evidence]
    topics = Counter(
        stem
        for item in readings
        for reading in item
        for stem in {token.stem for token in reading.content if token.name}
    )
    spans = []
    for index, item in enumerate(evidence):
        before, columns = "", ""
        for number, (reading, (start, end)) in enumerate(
            zip(readings[index], item.spans, strict=True)
        ):
            row = reading.text.startswith("|")
            header = read_again(f"{item.header} {columns}" if row and columns else item.header)
            heads = row and not columns and _row_follows(item, number)
            if not heads:  # a table's header is context, and no quote by itself
                spans.append(
                    Span(index, number, start, end, reading, read_again(before), header, topics)
                )
            columns = (columns or reading.text) if row else ""
            before = "" if row else reading.text
    return spans


def _row_follows(item: Evidence, number: int) -> bool:
    following = item.spans[number + 1 : number + 2]
    return any(item.text[start:end].startswith("|") for start, end in following)


def adjoin(one: Span, other: Span) -> bool:
    return one.evidence == other.evidence and abs(one.number - other.number) == 1


def _place(span: Span) -> tuple[int, int]:
    return span.evidence, span.start


def join(chosen: Sequence[Span]) -> tuple[tuple[int, int, int], ...]:
    """The chosen spans as quotes, adjoining ones joined, the best one's passage first."""
    quotes: list[tuple[int, int, int]] = []
    last: Span | None = None
    for span in sorted(chosen, key=_place):
        if last is not None and adjoin(last, span):
            index, start, _ = quotes.pop()
            quotes.append((index, start, span.end))
        else:
            quotes.append((span.evidence, span.start, span.end))
        last = span
    best = chosen[0]
    quotes.sort(
        key=lambda quote: not (quote[0] == best.evidence and quote[1] <= best.start < quote[2])
    )
    return tuple(quotes)
