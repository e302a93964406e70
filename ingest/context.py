"""What stands around a sentence, item or row and belongs to it: its context.

A sentence means what it means in its place. Its document says who speaks of what, and when; its
headings, the lead-in of its list, the caption, the columns and the group row of its table say what
it is about. All of it is made once, when a document comes in, and kept as places in the document's
text, so that it can be quoted.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise
from pathlib import PurePath
from typing import Literal, NamedTuple

from ingest.blocks import Block, Span, heading_text, table_cells
from ingest.loaders import LoadedDocument
from ingest.terms import terms
from ingest.totals import first_about_all

Kind = Literal["sentence", "item", "row", "heading", "code"]

# A sentence or two; where parties, a revision or the subject are told, they stand there.
_LONGEST_OPENING = 160
_SHOWN = ("row", "code")
_LONGEST_CAPTION = 200
_NUMBERED = re.compile(r"[*_]*\w+\.? ?\d+(?:[.-]\d+)*\s?[.:–—|]")
_MARKUP = re.compile(r"[*`#]+|(?<!\w)_+|_+(?!\w)")


@dataclass(frozen=True)
class Context:
    """What belongs to a span besides its document, as `[start, end)` of the document's text.

    `headings` are those above it, outermost first, without the document's title. `lead_in` is the
    sentence that opens its list, or the item that it is a part of; `caption` stands above or below
    its table, `columns` is the table's header row, and `group` the row that heads some of its
    rows. `words` say all of this for people and models, `terms` (see `ingest.terms`) for a search.
    """

    headings: tuple[Span, ...] = ()
    lead_in: Span | None = None
    caption: Span | None = None
    columns: Span | None = None
    group: Span | None = None
    words: str = ""
    terms: frozenset[str] = frozenset()


@dataclass(frozen=True)
class About:
    """What belongs to every span of a document.

    `date` is ISO, where the document states one. `opening` is what stands under the title, at most
    a few sentences, as `[start, end)` of the text, and `opening_words` are its words.
    """

    name: str
    title: str
    author: str = ""
    date: str = ""
    opening: Span | None = None
    opening_words: str = ""
    terms: frozenset[str] = frozenset()

    @classmethod
    def of(cls, name: str, loaded: LoadedDocument, opening: Span | None) -> "About":
        """Return the record of a document that has been loaded."""
        author, date = loaded.metadata.get("author", ""), loaded.date or ""
        words = _plain(loaded.text, opening) if opening else ""
        said = about_terms(name, loaded.title, author, date, words)
        return cls(name, loaded.title, author, date, opening, words, said)


def about_terms(name: str, title: str, author: str, date: str, opening: str) -> frozenset[str]:
    """Return the terms of what belongs to every span of a document."""
    return terms("\n".join((name, PurePath(name).stem, title, author, date, opening)))


class Placed(NamedTuple):
    """What a span is, and what belongs to it."""

    kind: Kind
    context: Context


class Contexts:
    """The kinds and contexts of all spans of a document, by where they begin."""

    def __init__(self, text: str, title: str, blocks: Sequence[Block]) -> None:
        self._starts = [block.start for block in blocks]
        self._placed = list(_placed(text, title, blocks))

    def of(self, span: Span) -> Placed:
        """Return what a span of one of the blocks is, and what belongs to it."""
        return self._placed[bisect_right(self._starts, span[0]) - 1]


def opening(text: str, spans: Sequence[Span], placed: Sequence[Placed]) -> Span | None:
    """Return what opens a document, given the spans of its first passage; None where none does.

    A first section of its own opens nothing: its heading says that it is about a part.
    """
    told: list[Span] = []
    for span, (kind, context) in zip(spans, placed, strict=True):
        if kind == "heading":
            continue
        headed = [start for start, _ in context.headings if text[:start].strip(" \n#*")]
        if kind not in ("sentence", "item") or headed:
            break
        if told and span[1] - told[0][0] > _LONGEST_OPENING:
            break
        told.append(span)
    return (told[0][0], told[-1][1]) if told else None


def _placed(text: str, title: str, blocks: Sequence[Block]) -> Iterator[Placed]:
    """Yield the kind and the context of each block's spans, in order."""
    headings: list[Block] = []
    above: list[Block] = []
    below = _captions_below(text, blocks)
    group: Span | None = None
    heads, about_all = _groups(text, blocks)
    made: dict[tuple[object, ...], Context] = {}
    for number, block in enumerate(blocks):
        if block.kind == "heading":
            headings = [heading for heading in headings if heading.level < block.level]
            above.clear()
        # What is shown, as code or as a table, belongs to what stands right above it.
        while block.kind not in _SHOWN and above and above[-1].depth >= block.depth:
            above.pop()
        if number in heads or number in about_all or block.kind != "row":
            group = None
        named = [each for each in headings if _is_named(text, each, title)]
        lead_ins = above if block.kind in ("item", "code") else []
        over = above[-1] if above else None
        caption = (below.get(block.table_header) or over) if block.kind == "row" else None
        parts = (
            tuple(each.spans[0] for each in named),
            tuple(each.spans[-1] for each in lead_ins if each.spans),
            _caption(caption) if caption else None,
            _first_line(text, block.table_header) if block.table_header else None,
            group,
        )
        if parts not in made:
            made[parts] = _context(text, *parts)
        yield Placed("sentence" if block.kind == "paragraph" else block.kind, made[parts])
        if block.kind == "heading":
            headings.append(block)
        elif number in heads:
            group = block.spans[0]
        elif block.kind not in _SHOWN:
            above.append(block)


def _context(
    text: str,
    headings: tuple[Span, ...],
    lead_ins: tuple[Span, ...],
    caption: Span | None,
    columns: Span | None,
    group: Span | None,
) -> Context:
    told = [" › ".join(_plain(text, heading) for heading in headings)]
    told += [_plain(text, lead_in) for lead_in in lead_ins]
    told += [_plain(text, caption)] if caption else []
    told += [f"columns: {_cells(text, columns)}"] if columns else []
    told += [f"group: {_cells(text, group)}"] if group else []
    spans = (*headings, *lead_ins, caption, columns, group)
    said = frozenset[str]().union(*(terms(text[slice(*span)]) for span in spans if span))
    lead_in = lead_ins[-1] if lead_ins else None
    words = "; ".join(filter(None, told))
    return Context(headings, lead_in, caption, columns, group, words, said)


def _plain(text: str, span: Span) -> str:
    return " ".join(_MARKUP.sub("", text[slice(*span)]).split())


def _cells(text: str, row: Span) -> str:
    return ", ".join(filter(None, table_cells(text[slice(*row)])))


def _is_named(text: str, heading: Block, title: str) -> bool:
    name = heading_text(text, heading)
    return bool(heading.spans) and name.casefold() != title.casefold()


def _first_line(text: str, span: Span) -> Span:
    line = text.find("\n", *span)
    return span[0], span[1] if line < 0 else line


def _caption(block: Block) -> Span | None:
    """Return what of the block beside a table tells of it: all of a short one, or its end."""
    if not block.spans:
        return None
    whole = block.spans[0][0], block.spans[-1][1]
    return whole if whole[1] - whole[0] <= _LONGEST_CAPTION else block.spans[-1]


def _captions_below(text: str, blocks: Sequence[Block]) -> dict[Span | None, Block]:
    """Return, by a table's header, the numbered caption that stands right below the table."""
    return {
        row.table_header: block
        for row, block in pairwise(blocks)
        if row.table_header and block.kind == "paragraph" and len(block.spans) < 3
        if _NUMBERED.match(text, block.start)
    }


def _groups(text: str, blocks: Sequence[Block]) -> tuple[set[int], set[int]]:
    """Return the numbers of the rows that head others, and of those about all groups together."""
    heads, about_all = set[int](), set[int]()
    rows = [number for number, block in enumerate(blocks) if block.table_header]
    for _, some in groupby(rows, key=lambda number: blocks[number].table_header):
        numbers = list(some)
        cells = {number: table_cells(text[slice(*blocks[number].spans[0])]) for number in numbers}
        of_table = {number for number in numbers[:-1] if _heads_rows(cells[number])}
        heads |= of_table
        own = [None if number in of_table else cells[number] for number in numbers]
        about_all |= {numbers[0], *numbers[first_about_all(own) :]} - of_table
    return heads, about_all


def _heads_rows(cells: Sequence[str]) -> bool:
    """Say whether a row heads the rows below it: one cell, or the same in each, and no more."""
    filled = {cell for cell in cells if cell}
    alone = bool(cells[0]) and not any(cells[1:])
    return len(cells) > 1 and len(filled) == 1 and (alone or all(cells))
