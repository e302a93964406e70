"""What was given, cut into the pieces that can be quoted, and read."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from app.language.claims import Reading, Token, read
from ingest.blocks import header_above, opens_row_or_item
from ingest.sentences import sentence_spans

_OPENING = re.compile(r"\W*(?:[^|:(.–—\n]| -)+")
read_again = lru_cache(maxsize=4096)(read)


@dataclass(frozen=True)
class Evidence:
    """One passage given to the model, split into what can be quoted.

    `spans` are `[start, end)` of its sentences and table rows in `text`. `header` ("document ›
    section") helps to understand them and is never quoted; neither is the header of the table that
    a span is a row of, in `columns`, which has one text per span or none at all. `vectors` has one
    unit row per span, when they are known, and `document` says where the passage is from.
    """

    text: str
    spans: tuple[tuple[int, int], ...]
    header: str = ""
    columns: tuple[str, ...] = ()
    vectors: NDArray[np.float32] | None = None
    document: str = ""


@dataclass(frozen=True)
class Span:
    """A quotable piece of evidence, read; `context` is the sentence before it.

    `listed` says that it is a row of a table, or opens an item of a list.
    """

    evidence: int
    number: int
    start: int
    end: int
    reading: Reading
    context: Reading
    header: Reading
    topics: Mapping[str, int]
    document: str = ""
    listed: bool = False

    @property
    def subject(self) -> tuple[Token, ...]:
        """The words of a table row's first cell, or those that open an item of a list; else none.

        An item opens with what stands before its first colon, dash, bracket or full stop.
        """
        if not self.listed:
            return ()
        opening = _OPENING.match(self.reading.text)
        end = opening.end() if opening else 0
        return tuple(token for token in self.reading.content if token.end <= end)


def split_evidence(text: str) -> Evidence:
    """Split a bare text into its sentences and table rows, by offset.

    The first line of a table is its header, and no quote, where a delimiter row follows it.
    """
    found = [
        (place, header_above(text, place[0]) if text.startswith("|", place[0]) else "")
        for place in sentence_spans(text)
        if not re.fullmatch(r"[\s|:\-#*]*", text[slice(*place)])
    ]
    headers = {header.partition("\n")[0].rstrip() for _, header in found if "\n" in header}
    kept = [(place, header) for place, header in found if text[slice(*place)] not in headers]
    return Evidence(
        text,
        spans=tuple(place for place, _ in kept),
        columns=tuple(header for _, header in kept),
    )


def spans_of(evidence: Sequence[Evidence]) -> list[Span]:
    read_in = [[read_again(item.text[a:b]) for a, b in item.spans] for item in evidence]
    named = [Counter(name for reading in item for name in _names(reading)) for item in read_in]
    in_all = sum(named, Counter[str]())
    spans = []
    for index, (item, readings) in enumerate(zip(evidence, read_in, strict=True)):
        topics = {name: in_all[name] for name in named[index]}
        before = ""
        columns = item.columns or [""] * len(item.spans)
        for number, ((start, end), reading, above) in enumerate(
            zip(item.spans, readings, columns, strict=True)
        ):
            header = read_again(f"{item.header} {above}".strip())
            context, listed = read_again(before), opens_row_or_item(item.text, start)
            spans.append(
                Span(
                    index, number, start, end, reading, context, header, topics,
                    item.document, listed,
                )
            )  # fmt: skip
            before = "" if reading.text.startswith("|") else reading.text
    return spans


def _names(reading: Reading) -> set[str]:
    return {token.stem for token in reading.content if token.name}


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
