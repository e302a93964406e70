"""What was given, cut into the pieces that can be quoted, and read in their place.

A piece means what it means in its place: what its document, headings, lead-in, caption, columns and
group row say counts as said by it.
"""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePath

import numpy as np
from numpy.typing import NDArray

from app.language.claims import Reading, Token, read
from app.language.lexicon import in_order
from ingest.blocks import header_above, opens_row_or_item, table_cells
from ingest.sentences import sentence_spans
from ingest.stored_passages import StoredPassage
from ingest.terms import ISO_DATE

_LABEL = re.compile(
    r"\|[^|]*(?=\|)|\W*\w[\w-]*(?: [\w-]+){0,2}(?: \([^()]*\))?\W{0,2}:(?=\W{0,2}\s)"
)
_OPENING = re.compile(r"\W*(?:[^|:(.–—\n]| -)+")
_NOTHING = re.compile(r"[\s|:\-#*]*")


@dataclass(frozen=True)
class Evidence:
    """One passage given to the model, split into what can be quoted.

    `spans` are `[start, end)` of its sentences and table rows in `text`. What follows helps to
    understand them and is never quoted: `header` ("document › section") belongs to all of them;
    `context` has what else belongs to each, and `columns` the header of its table, one text per
    span or none at all. `vectors` has one unit row per span, when they are known, and `document`
    says where the passage is from.
    """

    text: str
    spans: tuple[tuple[int, int], ...]
    header: str = ""
    columns: tuple[str, ...] = ()
    vectors: NDArray[np.float32] | None = None
    document: str = ""
    context: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class Piece:
    """A quotable piece of evidence, read.

    `context` is what belongs to it, and `before` the sentence before it in its passage. `names`
    counts, for each name of its passage, the sentences of all that was given that have it.
    `listed` says that it is a row of a table, or opens an item of a list.
    """

    evidence: int
    number: int
    start: int
    end: int
    reading: Reading
    context: Reading
    before: Reading
    passage_text: str
    names: Mapping[str, int]
    columns: tuple[Reading, ...] = ()
    document: str = ""
    listed: bool = False

    @property
    def passage(self) -> Reading:
        """Its whole passage, read when it is asked for."""
        return read(self.passage_text)

    @property
    def is_row(self) -> bool:
        return self.reading.text.startswith("|")

    @property
    def label(self) -> tuple[Token, ...]:
        """The words that say what the rest is of: a row's first cell, "Present: …"; else none."""
        match = _LABEL.match(self.reading.text)
        return tuple(t for t in self.reading.content if match and t.end <= match.end())

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

    def adjoins(self, other: "Piece") -> bool:
        """Say whether one of the two comes right after the other in one passage."""
        return self.evidence == other.evidence and abs(self.number - other.number) == 1


def split_evidence(text: str) -> Evidence:
    """Split a bare text into its sentences and table rows, by offset.

    The first line of a table is its header, and no quote, where a delimiter row follows it.
    """
    found = [
        (place, header_above(text, place[0]) if text.startswith("|", place[0]) else "")
        for place in sentence_spans(text)
        if not _NOTHING.fullmatch(text[slice(*place)])
    ]
    headers = {header.partition("\n")[0].rstrip() for _, header in found if "\n" in header}
    kept = [(place, header) for place, header in found if text[slice(*place)] not in headers]
    return Evidence(
        text,
        spans=tuple(place for place, _ in kept),
        columns=tuple(header.partition("\n")[0] for _, header in kept),
    )


def evidence_of(passage: StoredPassage, with_opening: bool = True) -> Evidence:
    """Return a passage of the catalogue as evidence, each of its spans with its context.

    `with_opening` counts what opens its document, where parties are named, to that of each.
    """
    about = passage.about
    name = re.sub(r"[-_]+", " ", _dated(PurePath(about.name).stem))
    opening = about.opening_words if with_opening else ""
    whose = (name, about.author, _dated(about.date), opening)
    return Evidence(
        text=passage.text,
        spans=tuple((start - passage.start, end - passage.start) for start, end in passage.spans),
        header="; ".join(filter(None, (passage.header, *whose))),
        columns=tuple(
            passage.header_of_row(start).partition("\n")[0] for start, _ in passage.spans
        ),
        vectors=passage.vectors,
        document=passage.document,
        context=tuple(each.words for each in passage.contexts),
    )


def _dated(text: str) -> str:
    """Return a text with its ISO dates in words: "2025-03-11" is "11 March 2025"."""

    def in_words(date: re.Match[str]) -> str:
        month = in_order("months")[int(date[2]) - 1].title()
        return f"{int(date[3])} {month} {date[1]}" if date[3] else f"{month} {date[1]}"

    return ISO_DATE.sub(in_words, text)


def pieces_of(evidence: Sequence[Evidence]) -> list[Piece]:
    """Read evidence, piece by piece, in its order."""
    readings = [[read(item.text[a:b]) for a, b in item.spans] for item in evidence]
    named = [Counter(name for each in item for name in _names(each)) for item in readings]
    in_all = sum(named, Counter[str]())
    found = []
    for index, item in enumerate(evidence):
        names = {name: in_all[name] for name in named[index]}
        before = read("")
        blank = [""] * len(item.spans)
        for number, (place, reading, columns, context) in enumerate(
            zip(item.spans, readings[index], item.columns or blank, item.context or blank,
                strict=True)
        ):  # fmt: skip
            around = "\n".join(filter(None, (item.header, context, columns)))
            found.append(
                Piece(
                    index, number, *place, reading, read(around), before, item.text, names,
                    tuple(map(read, table_cells(columns))) if columns else (),
                    item.document, opens_row_or_item(item.text, place[0]),
                )
            )  # fmt: skip
            before = read("") if reading.text.startswith("|") else reading
    return found


def _names(reading: Reading) -> set[str]:
    return {token.stem for token in reading.content if token.name}


def joined(chosen: Sequence[Piece]) -> tuple[tuple[int, int, int], ...]:
    """The chosen pieces as quotes, adjoining ones joined, the best one's passage first."""
    quotes: list[tuple[int, int, int]] = []
    last: Piece | None = None
    for piece in sorted(chosen, key=lambda piece: (piece.evidence, piece.start)):
        if last is not None and piece.adjoins(last):
            index, start, _ = quotes.pop()
            quotes.append((index, start, piece.end))
        else:
            quotes.append((piece.evidence, piece.start, piece.end))
        last = piece
    best = chosen[0]
    quotes.sort(
        key=lambda quote: not (quote[0] == best.evidence and quote[1] <= best.start < quote[2])
    )
    return tuple(quotes)
