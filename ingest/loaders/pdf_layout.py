"""One PDF page as lines and tables in reading order."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from statistics import median
from typing import Any

# Word spaces are about 0.25 of the font size, justified lines stretch them to about 1; columns
# and list marks stand further apart.
_WORD_GAP = 0.15
_MARK_GAP = 0.5
_COLUMN_GAP = 1.6
_ALIGNED = 5.0  # points
_TEXT_COLUMN_LINES = 4
_TEXT_COLUMN_CHARACTERS = 20
_MAX_BOXES = 2000
_TABLE_FILLED = 0.4
_MARGIN_SHARE = 0.15

# Symbol fonts often do not say what their bullet is; it then reads “(cid:127)”.
_BULLET = re.compile(r"^(?:\(cid:\d+\)|[•‣◦▪▫●○■□–—·⁃\uf0b7\uf0a7-])$")
_LEADERS = re.compile(r"\s*(?:\.\s?){5,}")
_BOLD = re.compile(r"bold|black|heavy", re.IGNORECASE)
_MONO = re.compile(r"mono|nimbusmon|courier|consol|typewriter|cmtt", re.IGNORECASE)
_NUMBER = re.compile(r"^\(?(\d{1,3})[.)]?$")


@dataclass
class Line:
    """A line of text, or the part of one that stands in one column. Coordinates in points."""

    text: str
    x0: float
    x1: float
    top: float
    bottom: float
    size: float
    bold: bool
    mono: bool
    mark: str = ""  # "- " or "3. " when the line opens a list item; not in `text`


@dataclass
class Table:
    """A table's cells as they stand on the page; `lines` inside a cell are not joined yet."""

    rows: list[list[list[str]]]
    x0: float
    x1: float
    top: float
    bottom: float


@dataclass
class Page:
    """The lines and tables of a page in reading order."""

    width: float
    height: float
    elements: list[Line | Table] = field(default_factory=list)

    def edge_rows(self, count: int) -> list[list[Line]]:
        """The `count` outermost rows within the upper and within the lower margin."""
        margin = _MARGIN_SHARE * self.height
        rows = _rows([item for item in self.elements if isinstance(item, Line)])
        upper = [row for row in rows if row[0].bottom <= margin][:count]
        lower = [row for row in rows if row[0].top >= self.height - margin][-count:]
        return upper + lower

    def remove(self, lines: list[Line]) -> None:
        gone = {id(line) for line in lines}
        self.elements = [item for item in self.elements if id(item) not in gone]


def read_page(page: Any) -> Page:
    """The content of a pdfplumber `page`; text that does not run horizontally is left out."""
    tables = _ruled_tables(page)
    words = page.extract_words(
        x_tolerance_ratio=_WORD_GAP, extra_attrs=["size", "fontname"], keep_blank_chars=False
    )
    loose = [w for w in words if w["upright"] and not any(_inside(w, table) for table in tables)]
    lines = [line for row in _word_rows(loose) for line in _split_row(row)]
    elements = _in_reading_order([*lines, *tables])
    return Page(float(page.width), float(page.height), elements)


def _ruled_tables(page: Any) -> list[Table]:
    found = []
    for table in page.find_tables():
        rows = table.extract(x_tolerance_ratio=_WORD_GAP)
        cells = [cell for row in rows for cell in row]
        filled = sum(1 for cell in cells if cell and cell.strip())
        if len(rows) < 2 or len(rows[0]) < 2 or filled < _TABLE_FILLED * len(cells):
            continue
        lines = [[cell.split("\n") for cell in row] for row in _filled_down(table, rows)]
        x0, top, x1, bottom = table.bbox
        found.append(Table(lines, x0, x1, top, bottom))
    return found


def _filled_down(table: Any, rows: list[list[str | None]]) -> list[list[str]]:
    """The cells' texts; one over several rows stands in each of them, so that each row can be
    read alone."""
    filled: list[list[str]] = []
    above: dict[int, tuple[str, float]] = {}
    for row, texts in zip(table.rows, rows, strict=True):
        top = row.bbox[1]
        line = []
        for column, (box, text) in enumerate(zip(row.cells, texts, strict=True)):
            if box is not None:
                above[column] = (text or "", box[3])
            covering, bottom = above.get(column, ("", 0.0))
            line.append(covering if bottom > top + 1 else "")
        filled.append(line)
    return filled


def _inside(word: dict[str, Any], table: Table) -> bool:
    x, y = (word["x0"] + word["x1"]) / 2, (word["top"] + word["bottom"]) / 2
    return bool(table.x0 <= x <= table.x1 and table.top <= y <= table.bottom)


def _word_rows(words: list[dict[str, Any]]) -> list[list[dict[str, Any]]]:
    """Words by row, top to bottom; a word belongs to the row whose first word's height holds its
    middle (superscripts do)."""
    rows: list[list[dict[str, Any]]] = []
    for word in sorted(words, key=lambda w: (w["bottom"], w["x0"])):
        middle = (word["top"] + word["bottom"]) / 2
        row = next(
            (
                row
                for row in reversed(rows[-3:])
                if row[0]["top"] <= middle <= row[0]["bottom"]
                or word["top"] <= (row[0]["top"] + row[0]["bottom"]) / 2 <= word["bottom"]
            ),
            None,
        )
        if row is None:
            rows.append([word])
        else:
            row.append(word)
    return [sorted(row, key=lambda w: w["x0"]) for row in rows]


def _split_row(row: list[dict[str, Any]]) -> list[Line]:
    """The row's lines: cut where columns part, but not after a list mark."""
    parts: list[list[dict[str, Any]]] = [[row[0]]]
    for word in row[1:]:
        last = parts[-1][-1]
        apart = word["x0"] - last["x1"] > _COLUMN_GAP * max(word["size"], last["size"])
        if apart and not (len(parts[-1]) == 1 and _list_mark(last["text"])):
            parts.append([word])
        else:
            parts[-1].append(word)
    return [_line(part) for part in parts]


def _line(words: list[dict[str, Any]]) -> Line:
    mark = ""
    if len(words) > 1 and words[1]["x0"] - words[0]["x1"] > _MARK_GAP * words[1]["size"]:
        mark = _list_mark(words[0]["text"])
        words = words[1:] if mark else words
    size = _main_size(words)
    baseline = max((w["bottom"] for w in words if w["size"] >= 0.9 * size), default=0.0)
    text = ""
    for index, word in enumerate(words):
        gap = word["x0"] - words[index - 1]["x1"] if index else 0.0
        raised = word["size"] < 0.85 * size and word["bottom"] < baseline - 0.15 * size
        spaced = " " if gap > _WORD_GAP * size else ""
        text += spaced + ("^" if raised and index and not spaced else "") + word["text"]
    if not mark and (bullet := re.match(r"^([•‣◦▪●○■])\s*(?=\S)", text)):
        mark, text = "- ", text[bullet.end() :]
    text = _LEADERS.sub(" … ", text)
    return Line(
        text=text,
        x0=words[0]["x0"],
        x1=words[-1]["x1"],
        top=min(w["top"] for w in words),
        bottom=max(w["bottom"] for w in words),
        size=size,
        bold=_share(words, _BOLD) == 1,
        mono=_share(words, _MONO) > 0.8,
        mark=mark,
    )


def _main_size(words: list[dict[str, Any]]) -> float:
    weights: dict[float, int] = {}
    for word in words:
        size = round(word["size"], 1)
        weights[size] = weights.get(size, 0) + len(word["text"])
    return max(weights, key=lambda size: weights[size])


def _share(words: list[dict[str, Any]], font: re.Pattern[str]) -> float:
    """The share of the letters that stand in such a font."""
    letters = sum(len(word["text"]) for word in words)
    return sum(len(w["text"]) for w in words if font.search(w["fontname"])) / letters


def _list_mark(text: str) -> str:
    if _BULLET.match(text):
        return "- "
    number = _NUMBER.match(text)
    return f"{number.group(1)}. " if number else ""


def _in_reading_order(boxes: list[Line | Table]) -> list[Line | Table]:
    """Columns one after the other, as far as a line or table across them ends them; else rows."""
    boxes = sorted(boxes, key=lambda box: (box.top, box.x0))
    gutter = _gutter(boxes) if len(boxes) <= _MAX_BOXES else None
    if gutter is None:
        return _by_rows(boxes)
    ordered: list[Line | Table] = []
    left: list[Line | Table] = []
    right: list[Line | Table] = []
    for box in boxes:
        if box.x1 <= gutter:
            left.append(box)
        elif box.x0 >= gutter:
            right.append(box)
        else:
            ordered += [*_by_rows(left), *_in_reading_order(right), box]
            left, right = [], []
    return [*ordered, *_by_rows(left), *_in_reading_order(right)]


def _gutter(boxes: list[Line | Table]) -> float | None:
    """The x at which two columns of running text part, or None.

    Columns of short entries are a table without rules, which is read row by row.
    """
    best: tuple[int, float] | None = None
    for x in sorted({round(box.x0) - 1.0 for box in boxes}):
        left = [box for box in boxes if box.x1 <= x]
        right = [box for box in boxes if box.x0 >= x]
        crossing = len(boxes) - len(left) - len(right)
        if crossing > len(left) + len(right) or not (_is_column(left) and _is_column(right)):
            continue
        overlap = min(left[-1].bottom, right[-1].bottom) - max(left[0].top, right[0].top)
        if overlap > 0 and (best is None or crossing < best[0]):
            best = (crossing, x)
    return best[1] if best else None


def _is_column(boxes: list[Line | Table]) -> bool:
    lines = [box for box in boxes if isinstance(box, Line)]
    return (
        len(lines) >= _TEXT_COLUMN_LINES
        and median(len(line.text) for line in lines) >= _TEXT_COLUMN_CHARACTERS
    )


def _by_rows(boxes: list[Line | Table]) -> list[Line | Table]:
    """Row by row; rows of aligned short entries become a table, other parts of a row one line."""
    ordered: list[Line | Table] = []
    lines: list[Line] = []
    for box in boxes:
        if isinstance(box, Line):
            lines.append(box)
        else:
            ordered += [*_open_tables(_rows(lines)), box]
            lines = []
    return [*ordered, *_open_tables(_rows(lines))]


def _open_tables(rows: list[list[Line]]) -> Iterable[Line | Table]:
    """Tables without rules: three rows or more with entries at the same places."""
    result: list[Line | Table] = []
    start = 0
    while start < len(rows):
        end = start + 1
        while end < len(rows) and _aligned(rows[start], rows[end]):
            end += 1
        if end - start >= 3:
            result.append(_open_table(rows[start:end]))
        else:
            result += [_merged(row) for row in rows[start:end]]
        start = end
    return result


def _aligned(first: list[Line], other: list[Line]) -> bool:
    return 1 < len(first) == len(other) and all(
        abs(a.x0 - b.x0) <= _ALIGNED
        or abs(a.x1 - b.x1) <= _ALIGNED
        or abs(a.x0 + a.x1 - b.x0 - b.x1) <= 2 * _ALIGNED
        for a, b in zip(first, other, strict=True)
    )


def _open_table(rows: list[list[Line]]) -> Table:
    lines = [line for row in rows for line in row]
    return Table(
        rows=[[[line.mark + line.text] for line in row] for row in rows],
        x0=min(line.x0 for line in lines),
        x1=max(line.x1 for line in lines),
        top=lines[0].top,
        bottom=lines[-1].bottom,
    )


def _merged(row: list[Line]) -> Line:
    first, last = row[0], row[-1]
    return Line(
        text=" ".join([first.text, *(line.mark + line.text for line in row[1:])]),
        x0=first.x0,
        x1=last.x1,
        top=min(line.top for line in row),
        bottom=max(line.bottom for line in row),
        size=first.size,
        bold=all(line.bold for line in row),
        mono=all(line.mono for line in row),
        mark=first.mark,
    )


def _rows(lines: list[Line]) -> list[list[Line]]:
    """Lines that stand beside each other, top to bottom, each row left to right."""
    rows: list[list[Line]] = []
    for line in sorted(lines, key=lambda line: (line.top, line.x0)):
        middle = (line.top + line.bottom) / 2
        if rows and rows[-1][0].top <= middle <= rows[-1][0].bottom:
            rows[-1].append(line)
        else:
            rows.append([line])
    return [sorted(row, key=lambda line: line.x0) for row in rows]


def row_text(row: list[Line]) -> str:
    return " ".join(line.mark + line.text for line in row)
