"""How the parts of a document are written in its canonical text, which is Markdown."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby, zip_longest

from ingest.loaders.encoding import clean
from ingest.totals import first_about_all

# Hostile spans: no table made by people has more columns or rows.
MAX_COLUMNS = 200
MAX_ROWS = 100_000

GROUP = "\uf8e0"
"""Stands before the text of a cell that alone heads the rows below it."""
MARK = "\uf8e1"
"""Stands between a list item's own mark, as it is shown, and its words."""
PLAIN = "\uf8e5"
"""Stands before the first cell of a table whose first row looks like all others."""
OURS = re.compile("[\uf8e0-\uf8e5]")
"""What documents must not contain, for it is how the readers tell the writer something."""

_FENCE = re.compile(r"^ {0,3}(`{3,}|~{3,})")
_RAISABLE = re.compile(r"#{1,5} ")
_BLOCK_MARK = re.compile(r"^(#{1,6}|>|[-+*])(?=\s|$)|^(?=(?:`{3}|~{3}(?!~))|(?:[-_*=][ \t]*){3,}$)")
_NO_POWER = re.compile(r"^(?:(?:st|nd|rd|th)$|[\[(*†‡§])")
_ROMAN = tuple(
    zip((1000, 900, 500, 400, 100, 90, 50, 40, 10, 9, 5, 4, 1),
        "m cm d cd c xc l xl x ix v iv i".split(), strict=True)
)  # fmt: skip
_LIST_MARK = re.compile(r"\d{1,9}[.)]|[-*+]")
_ITEM = re.compile(rf"(?:{_LIST_MARK.pattern}) ")


@dataclass(frozen=True)
class Cell:
    """A cell of a table, over `rows` rows and `columns` columns from where it stands."""

    row: int
    column: int
    text: str
    rows: int = 1
    columns: int = 1


def paragraph(text: str) -> str:
    """`text` so that a line's first word like “#” or “-” does not make a heading or list of it."""
    lines = (" ".join(line.split()) for line in text.split("\n"))
    return "\n".join(as_paragraph(line) for line in lines if line)


def as_paragraph(line: str) -> str:
    """One line of a paragraph, with a backslash before what Markdown would take for a mark."""
    return _BLOCK_MARK.sub(lambda mark: "\\" + mark.group(), line)


def heading(level: int, text: str) -> str:
    """A heading of `level` 1 to 6."""
    return f"{'#' * max(1, min(level, 6))} {' '.join(text.split())}"


def item(mark: str, text: str, below: Iterable[str] = ()) -> str:
    """A list item under its own mark, with the blocks `below` it.

    A mark that Markdown does not know ("3.1", "(a)") makes a paragraph that begins with it.
    """
    body = listed([f"{mark} {paragraph(text)}".strip(), *below])
    if not _LIST_MARK.fullmatch(mark):
        return body
    first, *rest = body.split("\n")
    return "\n".join([first, *(" " * (len(mark) + 1) + line if line else "" for line in rest)])


def listed(blocks: Iterable[str]) -> str:
    """Blocks under one another; what has a mark that Markdown knows needs no blank line before."""
    text = ""
    for block in filter(None, blocks):
        is_item = _ITEM.match(block) and (not text or _ITEM.match(text))
        text += ("\n" if is_item else "\n\n") * bool(text) + block
    return text


def numeral(number: int, kind: str) -> str:
    """A number as letters or Roman, where its `kind` says so: "alphaLc", "A", "romanUc"."""
    if kind in ("a", "A", "alphaLc", "alphaUc"):
        written = chr(ord("a") + (number - 1) % 26) * ((number - 1) // 26 + 1)
    elif kind in ("i", "I", "romanLc", "romanUc"):
        written, left = "", number
        for value, letters in _ROMAN:
            written += letters * (left // value)
            left %= value
    else:
        return str(number)
    return written.upper() if kind in ("A", "I") or kind.endswith("Uc") else written


def fence(code: str, language: str = "") -> str:
    """A block of code, character for character."""
    body = code.strip("\n")
    longest = max(map(len, re.findall(r"`+", body)), default=0)
    marks = "`" * max(3, longest + 1)
    return f"{marks}{language}\n{body}\n{marks}" if body.strip() else ""


def with_fences(text: str) -> Iterator[tuple[str, bool]]:
    """The lines of Markdown, and whether each belongs to a block of code."""
    fence = ""
    for line in text.split("\n"):
        mark = opening[1] if (opening := _FENCE.match(line)) else ""
        yield line, bool(fence or mark)
        if not fence:
            fence = mark
        elif mark[:1] == fence[0] and len(mark) >= len(fence):
            fence = ""


def below_a_heading(text: str) -> str:
    """Markdown as it stands below a heading of the first level: its own are one level deeper.

    Code at its end is closed, or it would go on in what follows.
    """
    lines = [
        f"#{line}" if not is_code and _RAISABLE.match(line) else line
        for line, is_code in with_fences(text)
    ]
    return "\n".join(lines).rstrip("\n") + _open_fence(text)


def _open_fence(text: str) -> str:
    """What closes the block of code that a text ends in, on a line of its own; "" without one."""
    if "```" not in text and "~~~" not in text:
        return ""
    from markdown_it import MarkdownIt

    last = MarkdownIt("commonmark").parse(f"{text}\n\nwords")[-1]
    return f"\n{last.markup}" if last.type == "fence" else ""


def raised(text: str) -> str:
    """Superscript: 10⁹ must not become 109; the "th" of 5th and "[1]" need no mark."""
    words = text.strip()
    return text if not words or _NO_POWER.match(words) else f"^{words}"


def lowered(text: str) -> str:
    """Subscript: H₂O is searched as H2O; x_i is not xi."""
    words = text.strip()
    return text if not words or words.isdigit() else f"_{words}"


def struck(text: str) -> str:
    """`text` with the marks of what is struck out; white space at its ends stays outside."""
    words = text.strip()
    return text.replace(words, f"~~{words}~~") if words else text


def spelt(pieces: Iterable[tuple[str, bool, str]]) -> str:
    """Pieces of a line as plain text: words, whether they are struck out, and "^", "_" or ""."""
    same = [
        ("".join(words for words, _, _ in some), *look)
        for look, some in groupby(pieces, key=lambda piece: piece[1:])
    ]
    written: list[tuple[str, bool]] = []
    for (words, is_struck, script), after in zip_longest(same, same[1:], fillvalue=("", False, "")):
        before = written[-1][0] if written else ""
        written.append((scripted(words, script, before, after[0]), is_struck))
    return "".join(
        struck(text) if is_struck else text
        for is_struck, some in groupby(written, key=lambda piece: piece[1])
        for text in ["".join(words for words, _ in some)]
    )


def scripted(words: str, script: str, before: str, after: str) -> str:
    """Words that stand high ("^") or low ("_"), between others; 1 over 2 is a fraction: 1/2."""
    if script == "^" and words.strip().isdigit() and after.startswith(("/", "⁄")):
        return f" {words.strip()}" if before[-1:].isdigit() else words
    return {"^": raised, "_": lowered}.get(script, str)(words)


def joined(blocks: Iterable[str]) -> str:
    """The clean blocks of a document, divided by blank lines, with one line break at the end."""
    return "\n\n".join(filter(None, (clean(block)[0].strip("\n") for block in blocks))) + "\n"


def pipe_table(rows: Sequence[Sequence[str]]) -> str:
    """Rows of cells as a Markdown table; the first row is its head, empty rows and columns go."""
    width = max(map(len, rows), default=0)
    padded = [[*map(_cell, row)] + [""] * (width - len(row)) for row in rows]
    kept = [column for column in range(width) if any(row[column] for row in padded)]
    filled = [[row[column] for column in kept] for row in padded]
    filled = filled[:1] + [row for row in filled[1:] if any(row)]
    lines = ["| " + " | ".join(row) + " |" for row in filled]
    return "\n".join([*lines[:1], "|" + " --- |" * len(kept), *lines[1:]]) if kept else ""


def _cell(text: str) -> str:
    return re.sub(r"(?<!\\)\|", r"\\|", " ".join(text.split()))


def table(cells: Sequence[Cell], caption: str = "", heads: int = 1) -> str:
    """A table with its caption before it; its first `heads` rows are its head.

    A cell over several rows stands in each of them, so that each row can be read alone. What heads
    a group of rows stands in each row of the group. A title over the whole first row is a caption.
    """
    if cells and cells[0].text.startswith(PLAIN):
        cells = [replace(cells[0], text=cells[0].text.removeprefix(PLAIN)), *cells[1:]]
        heads = heads if _names_columns(cells) else 0
    ends = (cell.column + cell.columns for cell in cells if cell.text.strip())
    width = min(max(ends, default=0), MAX_COLUMNS)
    height = min(max((cell.row + cell.rows for cell in cells), default=0), MAX_ROWS)
    over = {cell.row: cell.text for cell in cells if _heads_group(cell, width)}
    first = 0
    filled = {cell.row for cell in cells if cell.text.strip()}
    while height - first > 2 and (first in over or first not in filled):
        caption = f"{caption}\n\n{over.pop(first, '')}".strip()
        first += 1
    heads = _head_rows(cells, first, heads, width)
    grid = _grid(cells, width, height, first + heads)
    head = _joined_head(grid[first : first + heads], width)
    body = _grouped(grid, over, first + heads)
    if any(group for group, _ in body):
        rows = [["", *head], *([group, *row] for group, row in body)]
    else:
        rows = [head, *(row for _, row in body)]
    return "\n\n".join(filter(None, (paragraph(caption), pipe_table(rows))))


def _names_columns(cells: Sequence[Cell]) -> bool:
    """Whether the first of rows that look alike has no figures where those below it have: two
    columns without such a row are names and what they stand for."""
    columns = [[cell for cell in cells if cell.column == number] for number in (0, 1)]
    if any(cell.column > 1 for cell in cells) or not all(columns):
        return True
    first, *below = [any(map(str.isdigit, cell.text)) for cell in columns[1]]
    return len(columns[0]) < 3 or (not first and 2 * sum(below) >= len(below))


def _heads_group(cell: Cell, width: int) -> bool:
    over_all = cell.column == 0 and cell.columns >= width > 1 and cell.rows == 1
    return bool(cell.text.strip()) and (over_all or cell.text.startswith(GROUP))


def _head_rows(cells: Sequence[Cell], first: int, heads: int, width: int) -> int:
    """How many rows the head has, when what is said to be its last row spans others or rows."""
    if not heads:
        return 0
    deep = heads
    for cell in cells:
        if cell.row < first + heads and cell.row >= first and cell.text.strip():
            deep = max(deep, cell.row - first + cell.rows)
            if 1 < cell.columns < width:
                deep = max(deep, cell.row - first + 2)
    height = max(cell.row + cell.rows for cell in cells) - first
    return deep if deep < height else heads


def _grid(cells: Sequence[Cell], width: int, height: int, heads: int) -> list[list[str]]:
    grid = [[""] * width for _ in range(height)]
    for cell in cells:
        for row in range(cell.row, min(cell.row + cell.rows, height)):
            # Over several columns, it stands in each of them in the head, in the first one below.
            last = cell.column + (cell.columns if row < heads else 1)
            for column in range(cell.column, min(last, width)):
                grid[row][column] = cell.text.removeprefix(GROUP)
    return grid


def _joined_head(rows: Sequence[Sequence[str]], width: int) -> list[str]:
    """One head row from several: the different words of each column, top to bottom."""
    return [
        " ".join(dict.fromkeys(filter(None, (row[column].strip() for row in rows))))
        for column in range(width)
    ]


def _grouped(
    grid: Sequence[list[str]], over: dict[int, str], first: int
) -> list[tuple[str, list[str]]]:
    """Each body row with the words that head its group; a head with no rows below is a row."""
    heads = {number for number in over if number + 1 < len(grid)}
    rows = [None if at in heads else grid[at] for at in range(first, len(grid))]
    about_all = first + first_about_all(rows)
    group, body = "", []
    for number in range(first, len(grid)):
        if not any(grid[number]):
            continue
        if number not in over:
            body.append((group if number < about_all else "", grid[number]))
        elif number not in heads:
            body.append(("", grid[number]))
        else:
            above = f"{group} " if number - 1 in over else ""
            group = above + over[number].removeprefix(GROUP)
    return body
