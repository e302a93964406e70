"""The pieces of a PDF's pages as Markdown, and which of the pages' signs each of its signs is."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ingest.loaders.pdf_layout import BULLET, LARGER, Piece
from ingest.loaders.pdf_lines import NOWHERE, SENTENCE_END, Spelt, append, join, lines_of
from ingest.loaders.pdf_page import Sheet
from ingest.loaders.pdf_tables import Row, Table, is_wide

_HEADING_CHARACTERS = 200
_BOLD_HEADING_CHARACTERS = 100
_SENTENCE_WORDS = 6
_DEEPEST = 6
_BETWEEN = 5  # blocks that may stand between the two halves of a sentence
_MARK = re.compile(r"#{1,6}(?=\s)|>")
_SECTION = re.compile(r"(?:\d{1,3}|[A-Z])(?:\.\d{1,3})*\.?")
_LIST_MARK = re.compile(r"- |\d{1,9}[.)] ")


@dataclass
class Block:
    """A piece as Markdown. `body` counts the signs of all pages; `level` is that of a heading.

    `runs_on` says that its last line is full, so that its sentence may go on elsewhere; `top` is
    where it begins on its page, `is_spread` whether a line of it has a wide gap.
    """

    kind: str
    body: Spelt
    page: int
    size: float = 0.0
    bold: bool = False
    runs_on: bool = False
    top: float = 0.0
    is_spread: bool = False
    head: str = ""
    level: int = 0


@dataclass(frozen=True)
class Style:
    """How most of a document is set: size in points, whether bold; and its whole words."""

    size: float
    bold: bool
    words: Counter[str]


def block_of(sheet: Sheet, piece: Piece, page: int, first: int, style: Style) -> Block:
    """A piece of the page whose first sign has the number `first`; `~~` marks what is struck."""
    if piece.table is not None:
        body, head = _table(sheet, piece.table, style.words)
        block = Block("table", body, page, head=head)
    else:
        block = _running_block(sheet, piece, page, style)
    _mark_struck(sheet, block.body)
    block.body.at = [at if at == NOWHERE else at + first for at in block.body.at]
    return block


def _running_block(sheet: Sheet, piece: Piece, page: int, style: Style) -> Block:
    lines = piece.lines
    if piece.kind == "code":
        return Block("code", _code(sheet, piece), page)
    body = join(sheet, (line.words for line in lines), style.words)
    if piece.lines[0].has_dot:
        body.text, body.at = "- " + body.text, [NOWHERE, NOWHERE, *body.at]
    elif BULLET.match(body.text):
        body.text = "-" + body.text[1:]
    elif _MARK.match(body.text):
        body.text, body.at = "\\" + body.text, [NOWHERE, *body.at]
    size = max(line.size for line in lines)
    runs_on = lines[-1].right > max(line.right for line in lines) - 2 * size
    bold = all(line.bold for line in lines)
    runs_on = runs_on and len(lines) > 1
    opening, *following = (line.words for line in lines)
    if _SECTION.fullmatch(sheet.signs[opening[0].start : opening[0].end]):
        opening = opening[1:]  # a section's number may stand apart from its name
    is_spread = any(map(is_wide, (opening, *following)))
    return Block(piece.kind, body, page, size, bold, runs_on, lines[0].top, is_spread)


def _mark_struck(sheet: Sheet, body: Spelt) -> None:
    start = None
    for at in range(len(body.at), -1, -1):
        is_struck = at > 0 and body.at[at - 1] in sheet.struck
        if is_struck and start is None:
            start = at
        elif start is not None and not is_struck and not (at and body.text[at - 1] == " "):
            for edge in (start, at + (body.text[at] == " ")):
                body.text = f"{body.text[:edge]}~~{body.text[edge:]}"
                body.at[edge:edge] = [NOWHERE, NOWHERE]
            start = None


def _code(sheet: Sheet, piece: Piece) -> Spelt:
    """Lines of a typewriter's type, indented as they stand on the page."""
    left = min(line.left for line in piece.lines)
    code = Spelt()
    code.add("```")
    for line in piece.lines:
        code.add("\n" + " " * round((line.left - left) / (0.6 * line.size)))
        text = join(sheet, [line.words], Counter())
        code.add(text.text, text.at)
    code.add("\n```")
    return code


def _table(sheet: Sheet, table: Table, words: Counter[str]) -> tuple[Spelt, str]:
    """The rows as a pipe table, and its first row."""
    width = range(len(table.rows[0]))
    columns = [column for column in width if any(row[column] for row in table.rows)]
    whole = Spelt()
    rows: list[Row] = [*table.rows]
    if not table.has_header:
        rows.insert(0, [[] for _ in width])
    head = ""
    for row in rows:
        whole.add("\n|" if whole.text else "|")
        for column in columns:
            cell = join(sheet, lines_of(row[column]), words)
            whole.add(" ")
            for sign, at in zip(cell.text, cell.at, strict=True):
                whole.add("\\" if sign == "|" else "")
                whole.add(sign, [at])
            whole.add(" |")
        if not head:
            head = whole.text
            whole.add("\n|" + " --- |" * len(columns))
    return whole, head


def mark_headings(blocks: Sequence[Block], style: Style) -> None:
    """Give the blocks that are set larger or bolder than the text the level of a heading."""
    found = [block for block in blocks if _is_heading(block, style)]
    sizes = sorted({_rounded(block) for block in found if _is_larger(block, style)}, reverse=True)
    for block in found:
        level = sizes.index(_rounded(block)) if _is_larger(block, style) else len(sizes)
        block.kind, block.level = "heading", min(level + 1, _DEEPEST)


def _rounded(block: Block) -> int:
    return round(2 * block.size)


def _is_larger(block: Block, style: Style) -> bool:
    return block.size >= LARGER * style.size


def _is_heading(block: Block, style: Style) -> bool:
    text = block.body.text
    if block.is_spread:
        return False
    if (
        block.kind not in ("text", "item")
        or text.startswith("- ")
        or not any(map(str.isalpha, text))
    ):
        return False
    if text[-1] in ",;。" or (text[-1] == "." and len(text.split()) > _SENTENCE_WORDS):
        return False
    if _is_larger(block, style):
        return len(text) <= _HEADING_CHARACTERS
    is_bold = block.bold and not style.bold and block.size > style.size / LARGER
    return is_bold and len(text) <= _BOLD_HEADING_CHARACTERS and text[-1] != "."


def whole_sentences(blocks: list[Block], words: Counter[str]) -> list[Block]:
    """The blocks with sentences made whole that go on in another column or on another page.

    A footnote, table or caption between the halves comes before or after, on its own page.
    """
    blocks = list(blocks)
    at = 0
    while at < len(blocks):
        block = blocks[at]
        found = _continuation(blocks, at)
        if found is None:
            at += 1
            continue
        between, rest = blocks[at + 1 : found], blocks[found]
        before = [each for each in between if each.page < rest.page]
        after = [each for each in between if each.page == rest.page]
        append(block.body, rest.body, words)
        block.runs_on = rest.runs_on
        blocks[at : found + 1] = [*before, block, *after]
        at += len(before)
    return blocks


def _continuation(blocks: Sequence[Block], at: int) -> int | None:
    """Which block goes on with the sentence that this one leaves unfinished."""
    block = blocks[at]
    if block.kind not in ("text", "item") or SENTENCE_END.search(block.body.text):
        return None
    for number in range(at + 1, min(at + 2 + _BETWEEN, len(blocks))):
        other = blocks[number]
        is_alike = other.kind == "text" and abs(other.size - block.size) < 0.05 * block.size
        if is_alike:
            goes_on = other.body.text[:1].islower()
            goes_on |= block.runs_on and other.page > block.page
            is_elsewhere = other.page == block.page + 1 or other.top < block.top
            is_next = number == at + 1 and other.page == block.page
            return number if goes_on and (is_elsewhere or is_next) else None
        if other.kind in ("heading", "code"):
            return None
    return None


def written(blocks: Iterable[Block]) -> Spelt:
    """All blocks as one text. The rows of a table that goes on on the next page are its own."""
    parts: list[str] = []
    at: list[int] = []

    def add(text: str, places: list[int] | None = None) -> None:
        parts.append(text)
        at.extend([NOWHERE] * len(text) if places is None else places)

    before: Block | None = None
    for block in blocks:
        body = block.body
        if before and before.kind == block.kind == "table" and before.head == block.head:
            start = body.text.find("\n", len(block.head) + 1)
            add(body.text[start:], body.at[start:])
            before = block
            continue
        if before:
            items = before.kind == block.kind == "item" and _LIST_MARK.match(body.text)
            add("\n" if items else "\n\n")
        if block.kind == "heading":
            add("#" * block.level + " ")
        add(body.text, body.at)
        before = block
    add("\n")
    return Spelt("".join(parts), at)
