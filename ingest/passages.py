"""Canonical text → passages: what is embedded, searched and given to the model.

A passage is a run of neighbouring blocks of one section that fits the embedding model. Its spans
are the sentences and table rows in it, by offset: they are what a quote is made of.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from ingest.blocks import Block, Span, heading_text, split_blocks, table_cells
from ingest.context import Contexts, Placed
from ingest.places import page_at
from ingest.sentences import trimmed

# Part of the fingerprint: raise it when the same text would be split in another way, or other
# terms or contexts be made of it.
SPLITTER_VERSION = 11

# Neighbours are joined up to this many tokens. Squad's paragraphs hold 150 on average; a reader
# with two cores needs 1.4 s for each 100 tokens of context, so smaller is faster.
JOIN_UP_TO = 160

# A heading or a line before a table, with no more tokens than this, says nothing without the table.
CAPTION = 40

_GUESSED_HEADINGS = frozenset({"text", "pdf"})

TokenCounter = Callable[[Sequence[str]], list[int]]


@dataclass(frozen=True)
class Passage:
    """`text[start:end]` of a document, with the section and page it begins in.

    `spans` are `[start, end)` into the document's text, and `placed` says of each what it is and
    what belongs to it. A group of table rows that is cut off from its table's header names it in
    `table_header`.
    """

    start: int
    end: int
    section: str
    page: int | None
    spans: tuple[Span, ...]
    placed: tuple[Placed, ...]
    table_header: Span | None = None


def split_passages(
    text: str,
    title: str,
    document_type: str,
    pages: Sequence[int],
    count_tokens: TokenCounter,
    max_tokens: int,
) -> list[Passage]:
    """Split canonical `text` into passages of at most `max_tokens` tokens, header included.

    `pages` are the start offsets of a PDF's pages, or empty. `count_tokens` returns the number of
    tokens of each string. A sentence that alone exceeds the limit is cut, and nothing
    is left out.
    """
    passages: list[Passage] = []
    all_blocks = split_blocks(text, document_type)
    contexts = Contexts(text, title, all_blocks)
    for section, blocks in _sections(all_blocks, text, title, document_type):
        header = count_tokens([passage_header(title, section)])[0]
        room = max(32, max_tokens - header)
        for group in _groups(text, blocks, count_tokens, room):
            start = group[0].start
            header_rows = group[0].table_header
            if header_rows and not text[header_rows[1] : start].strip():
                start, header_rows = header_rows[0], None
            spans = tuple(span for block in group for span in block.spans)
            passages.append(
                Passage(
                    start=start,
                    end=group[-1].end,
                    section=section,
                    page=page_at(pages, group[0].start),
                    spans=spans,
                    placed=tuple(contexts.of(span) for span in spans),
                    table_header=header_rows,
                )
            )
    return passages


def passage_header(title: str, section: str) -> str:
    """Return what is put before a passage when it is embedded and searched, not when quoted."""
    return f"{title} › {section}" if section else title


def passage_text(text: str, passage: Passage) -> str:
    """Return the passage as a reader needs it: with the header of the table its rows are from."""
    body = text[passage.start : passage.end]
    if passage.table_header is None:
        return body
    return f"{text[slice(*passage.table_header)]}\n{body}"


def span_text(text: str, passage: Passage, span: Span) -> str:
    """Return a sentence as it is embedded; a table row is read out with its columns' names."""
    words = text[slice(*span)]
    if not words.startswith("|"):
        return words
    above = passage.table_header or (passage.start, span[0])
    rows = [line for line in text[slice(*above)].splitlines() if line.lstrip().startswith("|")]
    names = table_cells(rows[0]) if rows else []
    cells = table_cells(words)
    if not names or names == cells:
        return ", ".join(cells)
    return "; ".join(
        f"{name}: {cell}" if name else cell for name, cell in zip(names, cells, strict=False)
    )


def _sections(
    blocks: Sequence[Block], text: str, title: str, document_type: str
) -> Iterator[tuple[str, list[Block]]]:
    """Yield (`Heading › Subheading`, its blocks); the document's own title is not repeated.

    A heading is in its section's name. It is in the passage too where it was only guessed from the
    looks of plain text or PDF, or where nothing stands below it: else its words could not be cited.
    """
    path: list[tuple[int, str]] = []
    body: list[Block] = []
    lone_heading: Block | None = None
    for block in [*blocks, None]:
        if block and block.kind != "heading":
            body.append(block)
            continue
        if not body and lone_heading and path[-1][1].casefold() != title.casefold():
            body = [lone_heading]
        if body:
            yield _path(path, title), body
        if block:
            path = [(level, name) for level, name in path if level < block.level]
            path.append((block.level, heading_text(text, block)))
            body = [block] if block.spans and document_type in _GUESSED_HEADINGS else []
            lone_heading = block if block.spans else None


def _path(path: Sequence[tuple[int, str]], title: str) -> str:
    return " › ".join(name for _, name in path if name and name.casefold() != title.casefold())


def _groups(
    text: str, blocks: Sequence[Block], count_tokens: TokenCounter, room: int
) -> Iterator[list[Block]]:
    """Join neighbouring blocks while they fit; a table is joined with its caption alone."""
    headers = {block.table_header for block in blocks if block.table_header}
    # A table's header is in the passage of each of its row groups.
    taken: dict[Span | None, int] = {
        header: count_tokens([text[slice(*header)]])[0] for header in headers
    }
    fitting = [
        part
        for block in blocks
        for part in _fit(
            text, block, count_tokens, max(room // 2, room - taken.get(block.table_header, 0))
        )
    ]
    if not fitting:  # a block of marks alone, with nothing to quote
        return
    sizes = count_tokens([text[block.start : block.end] for block in fitting])
    # What stands between two blocks (markers, comments, link definitions) is in a passage too.
    gaps = count_tokens([text[a.end : b.start] for a, b in pairwise(fitting)])
    group: list[Block] = []
    used = 0
    for block, size, gap in zip(fitting, sizes, [0, *gaps], strict=True):
        is_row = block.table_header is not None
        same_table = bool(group) and group[-1].table_header == block.table_header
        captioned = is_row and bool(group) and not group[-1].table_header and used <= CAPTION
        limit = room if is_row else min(room, JOIN_UP_TO)
        if group and (not (same_table or captioned) or used + gap + size > limit):
            yield group
            group = []
        if not group:
            used = taken.get(block.table_header, 0)
            gap = 0
        group.append(block)
        used += gap + size
    if group:
        yield group


def _fit(text: str, block: Block, count_tokens: TokenCounter, room: int) -> list[Block]:
    """Return the block, or, when it has more than `room` tokens, even parts of whole spans."""
    total = count_tokens([text[block.start : block.end]])[0]
    if total <= room:
        return [block]
    spans = [part for span in block.spans for part in _cut(text, span, count_tokens, room)]
    ends = [block.start, *(end for _, end in spans)]
    # Each with what stands before it, which is in the passage too.
    sizes = count_tokens([text[a:b] for a, b in pairwise(ends)])
    share = total / -(-total // room)
    parts: list[list[Span]] = [[]]
    used = 0
    for span, size in zip(spans, sizes, strict=True):
        if parts[-1] and (used + size > room or used >= share):
            parts.append([])
            used = 0
        parts[-1].append(span)
        used += size
    return [
        replace(block, start=part[0][0], end=part[-1][1], spans=tuple(part))
        for part in parts
        if part
    ]


def _cut(text: str, span: Span, count_tokens: TokenCounter, room: int) -> Iterator[Span]:
    """Halve a span, at white space where there is any, until its parts fit."""
    start, end = span
    if end - start <= 1 or (end - start < 20_000 and count_tokens([text[start:end]])[0] <= room):
        kept = trimmed(text, start, end)
        if kept[0] < kept[1]:
            yield kept
        return
    middle = (start + end) // 2
    space = max(text.rfind(" ", start + 1, middle), text.rfind("\n", start + 1, middle))
    cut = space if space > start + (end - start) // 4 else middle
    yield from _cut(text, (start, cut), count_tokens, room)
    yield from _cut(text, (cut, end), count_tokens, room)
