"""Canonical text → blocks: the headings, paragraphs, list items, table rows and code in it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise, takewhile
from typing import Literal

from markdown_it import MarkdownIt

from ingest.sentences import sentence_spans, trimmed

Span = tuple[int, int]
BlockKind = Literal["heading", "paragraph", "item", "row", "code"]

SEVERAL = 3
"""As many rows of a table, or items of a list, enumerate."""

_MARKER = re.compile(r"(?:[ \t]*(?:>|(?:[-*+•]|\d{1,9}[.)])(?=[ \t])))*[ \t]*(?:\[[ xX]\][ \t]+)?")
_CLOSING_EMPHASIS = re.compile(r"(?:\*{1,3}|_{1,3})(?:\s|$)")
_DELIMITER_ROW = re.compile(r"[ \t]*\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)*\|?[ \t]*")
_ITEM = re.compile(r"(?:[-*•]|\d{1,2}[.)])[ \t]")
_ROW_OR_ITEM = re.compile(r"[ \t]*(?:\||(?:[-*•]|\d{1,2}[.)])[ \t]+\**)")
_CHUNK = re.compile(r"(?:[^\n]*\S[^\n]*(?:\n|$))+")
_LABEL = re.compile(r"[A-Z]\w*(?: \w+){0,2}: ")
_LONGEST_TEXT_HEADING = 80
_NARROWEST, _WIDEST = 30, 100
_DEEPEST = 60


@dataclass(frozen=True)
class Block:
    """`text[start:end]` of one kind; `spans` are the parts of it that can be quoted.

    A heading has a `level`. A table row points to its table's header rows. What is nested, as an
    item in a list or below another item, has a `depth` above 0 that grows with each nesting.
    """

    kind: BlockKind
    start: int
    end: int
    spans: tuple[Span, ...] = ()
    level: int = 0
    table_header: Span | None = None
    depth: int = 0


def split_blocks(text: str, document_type: str) -> list[Block]:
    """Return the blocks of canonical `text` in order; `document_type` is the loader's."""
    return list(_plain_blocks(text) if document_type == "text" else _markdown_blocks(text))


def heading_text(text: str, block: Block) -> str:
    """Return the words of a heading, without its markup."""
    words = " ".join(text[start:end] for start, end in block.spans)
    return " ".join(re.sub(r"[*_`]+", "", words.rstrip("#")).split())


def header_above(text: str, row: int) -> str:
    """Return the header of the table in `text` that the pipe-table row at `row` belongs to.

    That is its first line, with the delimiter row where there is one. Empty for a first line.
    """
    above = text[:row].splitlines()
    rows = list(takewhile(lambda line: line.startswith("|"), reversed(above)))[::-1]
    has_delimiter = len(rows) > 1 and _DELIMITER_ROW.fullmatch(rows[1])
    return "\n".join(rows[: 2 if has_delimiter else 1])


def opens_row_or_item(text: str, start: int) -> bool:
    """Say whether a table row, or an item of a list, begins with what stands at `start`."""
    line = text.rfind("\n", 0, start) + 1
    sign = _ROW_OR_ITEM.match(text, line)
    return sign is not None and start <= sign.end()


def table_cells(row: str) -> list[str]:
    """Return the cells of one pipe-table row, without markup."""
    cells = re.split(r"(?<!\\)\|", row.strip().strip("|"))
    return [re.sub(r"[*`]+", "", cell.replace("\\|", "|")).strip() for cell in cells]


def _quotable(text: str, start: int, end: int) -> tuple[Span, ...]:
    """Return the sentences in `text[start:end]`, without list and quotation markers before them."""
    spans: list[Span] = []
    opening = _MARKER.match(text, start, end)
    start = opening.end() if opening else start
    for a, b in sentence_spans(text[start:end]):
        a, b = a + start, b + start
        at_line_start = not text[text.rfind("\n", 0, a) + 1 : a].strip()
        marker = _MARKER.match(text, a, b) if at_line_start else None
        a = marker.end() if marker else a
        # "**Label.** Sentence" is cut after the label's full stop, and says nothing without it.
        if spans and _CLOSING_EMPHASIS.match(text, a, b):
            a = spans.pop()[0]
        if a < b:
            spans.append((a, b))
    return tuple(spans)


def _markdown_blocks(text: str) -> Iterator[Block]:
    starts = [0, *(match.end() for match in re.finditer("\n", text)), len(text)]
    parser = MarkdownIt("commonmark", {"maxNesting": _DEEPEST}).enable("table")
    parser.core.ruler.disable("inline")
    for token in parser.parse(text):
        if token.map is None:
            continue
        first, last = token.map
        start, end = trimmed(text, starts[first], starts[min(last, len(starts) - 1)])
        if token.type == "table_open":
            yield from _rows(text, start, end)
        elif token.type == "heading_open" and token.level == 0:
            underlined = token.markup in ("=", "-")
            above = starts[last - 1] if underlined else end
            words = trimmed(text, start + (0 if underlined else len(token.markup)), above)
            spans = (words,) if words[0] < words[1] else ()
            yield Block("heading", start, end, spans, level=int(token.tag[1]))
        elif token.type in ("fence", "code_block"):
            yield Block("code", start, end, ((start, end),), depth=token.level)
        elif token.type in ("paragraph_open", "heading_open"):
            kind: BlockKind = "item" if token.level else "paragraph"
            yield Block(kind, start, end, _quotable(text, start, end), depth=token.level)
        elif token.type in ("blockquote_open", "list_item_open") and token.level + 1 >= _DEEPEST:
            # The parser leaves out what is nested deeper: here it is one block, markers and all.
            yield Block("item", start, end, _quotable(text, start, end), depth=token.level)
        elif token.type == "html_block" and _has_words(text[start:end]):
            yield Block("paragraph", start, end, _quotable(text, start, end))


def _has_words(html: str) -> bool:
    return bool(re.sub(r"<!--.*?-->|<[^>]*>", "", html, flags=re.DOTALL).strip())


def _lines(text: str, start: int, end: int) -> list[Span]:
    """Return the lines of `text[start:end]` that hold anything, trimmed."""
    lines = []
    for match in re.finditer(r"[^\n]+", text[start:end]):
        a, b = trimmed(text, start + match.start(), start + match.end())
        if a < b:
            lines.append((a, b))
    return lines


def _rows(text: str, start: int, end: int) -> Iterator[Block]:
    lines = _lines(text, start, end)
    has_delimiter = len(lines) > 1 and _DELIMITER_ROW.fullmatch(text, *lines[1])
    body = 2 if has_delimiter else 1
    header = (lines[0][0], lines[body - 1][1])
    if len(lines) == body:
        yield Block("row", *header, (lines[0],))
    for row_start, row_end in lines[body:]:
        yield Block("row", row_start, row_end, ((row_start, row_end),), table_header=header)


def _plain_blocks(text: str) -> Iterator[Block]:
    """Plain text has no markup: what looks like a table is one, short lone lines are headings.

    Lines that were broken at a margin are one paragraph; others are a paragraph each.
    """
    chunks = [_lines(text, *trimmed(text, *chunk.span())) for chunk in _CHUNK.finditer(text)]
    margin = _margin(text, chunks)
    for lines in chunks:
        parts: list[Span] = []
        for above, line in zip([None, *lines], lines, strict=False):
            if above and _goes_on(text, above, line, margin):
                parts[-1] = (parts[-1][0], line[1])
            else:
                parts.append(line)
        yield from _plain_parts(text, parts, lines[-1][1])


def _margin(text: str, chunks: list[list[Span]]) -> int:
    """Return at how many characters lines were broken; 0 where they were not.

    Where they were, most lines with another below are so full that its first word did not fit.
    """
    pairs = [pair for lines in chunks for pair in pairwise(lines)]
    lengths = [end - start for (start, end), _ in pairs]
    margin = max((length for length in lengths if length <= _WIDEST), default=0)
    full = sum(_is_full(text, above, line, margin) for above, line in pairs)
    return margin if margin >= _NARROWEST and full > 1 and 2 * full >= len(pairs) else 0


def _is_full(text: str, above: Span, line: Span, margin: int) -> bool:
    length, word = above[1] - above[0], text[slice(*line)].split(maxsplit=1)[0]
    return length <= margin < length + 1 + len(word)


def _goes_on(text: str, above: Span, line: Span, margin: int) -> bool:
    """Say whether a line goes on with the paragraph of the one above."""
    begins_anew = (_ITEM.match(text, *line), _LABEL.match(text, *line), text[line[0]] in "|#•")
    if not margin or any(begins_anew) or text[above[0]] == "|":
        return False
    is_long = 5 * (above[1] - above[0]) >= 3 * margin
    return _is_full(text, above, line, margin) or (text[line[0]].islower() and is_long)


def _are_labelled(text: str, lines: list[Span]) -> bool:
    """Say whether each line has a label: "Present: …", "Apologies: …"."""
    return len(lines) > 1 and all(_LABEL.match(text, *line) for line in lines)


def _plain_parts(text: str, parts: list[Span], end: int) -> Iterator[Block]:
    table: list[Span] = []
    labelled = _are_labelled(text, parts)
    for index, (start, stop) in enumerate(parts):
        if text[start] == "|" and text[stop - 1] == "|":
            table.append((start, stop))
            continue
        if table:
            yield from _rows(text, table[0][0], table[-1][1])
            table = []
        is_last = index == len(parts) - 1 and not text[end:].strip()
        if _looks_like_heading(text[start:stop]) and not (labelled or is_last):
            yield Block("heading", start, stop, ((start, stop),), level=2)
            continue
        item = _ITEM.match(text, start, stop)
        indent = start - text.rfind("\n", 0, start)
        kind: BlockKind = "item" if item else "paragraph"
        spans = _quotable(text, start, stop)
        yield Block(kind, start, stop, spans, depth=indent if item else 0)
    if table:
        yield from _rows(text, table[0][0], table[-1][1])


def _looks_like_heading(line: str) -> bool:
    return (
        len(line) <= _LONGEST_TEXT_HEADING
        and "\n" not in line
        and (line[0].isupper() or line[0].isdigit())
        and line[-1] not in ".,;:!|"
        and len(line.split()) <= 12
    )
