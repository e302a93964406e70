"""AsciiDoc's tables, as HTML."""

import csv
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import zip_longest

TABLE = re.compile(r"^[|,:!]={3,}$")
_CELL = re.compile(
    r"(?:(?P<over>\d+)?(?:\.(?P<down>\d+))?(?P<kind>[+*]))?(?:[<^>](?:\.[<^>])?|\.[<^>])?"
    r"(?P<style>[adehlmsv])?(?<!\\)\|"
)
_COLUMNS = re.compile(r"\bcols=(?:\"([^\"]*)\"|([^,\]]+))")
_TIMES = re.compile(r"(\d+)\*")
_MOST_COLUMNS = 200
_DELIMITERS = {"csv": ",", "tsv": "\t", "dsv": ":"}

Write = Callable[[str], str]
Blocks = Callable[[list[str]], str]


@dataclass
class _Cell:
    text: str
    over: int = 1
    down: int = 1
    style: str = ""


def written(lines: list[str], above: str, caption: str, inline: Write, blocks: Blocks) -> str:
    """A table's lines as HTML, with the attributes `above` it."""
    separated = re.search(r"\bformat=\"?(csv|dsv|tsv)", above)
    styles = _styles(above)
    delimiter = _DELIMITERS[separated[1]] if separated else ""
    cells = list(_separated(lines, delimiter) if delimiter else _cells(lines))
    if delimiter and not styles:
        styles = [""] * len(next(csv.reader(lines[:1], delimiter=delimiter), [""]))
    opening = next((at for at, line in enumerate(lines) if line), 0)
    if not styles:
        styles = [""] * sum(cell.over for cell in _cells(lines[opening : opening + 1]))
    # The first line is the head where it is apart from the others, and nothing says otherwise.
    is_apart = lines[opening + 1 : opening + 2] == [""] and len(lines) > opening + 2
    has_head = "header" in above or (is_apart and "noheader" not in above and not opening)
    rows = []
    for number, row in enumerate(_rows(cells, max(len(styles), 1))):
        head = has_head and not number
        rows.append("".join(_html(cell, styles, at, head, inline, blocks) for at, cell in row))
    inside = "".join(f"<tr>{row}</tr>" for row in rows)
    return f"<table>{caption}{inside}</table>"


def _styles(above: str) -> list[str]:
    """The style of each column, as far as the attributes tell of columns."""
    found = _COLUMNS.search(above)
    if not found:
        return []
    styles: list[str] = []
    for each in re.split(r"[,;]", found[1] or found[2]):
        times = _TIMES.match(each.strip())
        style = re.search(r"([adehlmsv])$", each.strip())
        styles += [style[1] if style else ""] * (int(times[1]) if times else 1)
    return styles[:_MOST_COLUMNS]


def _cells(lines: list[str]) -> Iterator[_Cell]:
    text = "\n".join(lines)
    marks = list(_CELL.finditer(text))
    for mark, following in zip_longest(marks, marks[1:]):
        words = text[mark.end() : following.start() if following else len(text)].strip()
        over, down = int(mark["over"] or 1), int(mark["down"] or 1)
        words = words.replace("\\|", "|")
        if mark["kind"] == "*":
            yield from (_Cell(words, style=mark["style"] or "") for _ in range(min(over, 100)))
        else:
            yield _Cell(words, min(over, _MOST_COLUMNS), down, mark["style"] or "")


def _separated(lines: list[str], delimiter: str) -> Iterator[_Cell]:
    for row in csv.reader(filter(None, lines), delimiter=delimiter):
        yield from map(_Cell, row)


def _rows(cells: list[_Cell], columns: int) -> Iterator[list[tuple[int, _Cell]]]:
    """Cells in rows, each with its column; what spans rows takes room in those below."""
    taken: dict[int, int] = {}
    row, at = list[tuple[int, _Cell]](), 0
    for cell in cells:
        while taken.get(at, 0) > 0:
            at += 1
        row.append((at, cell))
        for each in range(at, at + cell.over):
            taken[each] = cell.down
        at += cell.over
        if all(taken.get(each, 0) > 0 for each in range(columns)):
            yield row
            taken = {each: left - 1 for each, left in taken.items() if left > 1}
            row, at = [], 0
    if row:
        yield row


def _html(
    cell: _Cell, styles: list[str], column: int, head: bool, inline: Write, blocks: Blocks
) -> str:
    style = cell.style or (styles[column] if column < len(styles) else "")
    name = "th" if head or style == "h" else "td"
    if style == "a" and not head:
        inside = blocks([line.replace("!===", "|===").strip() for line in cell.text.split("\n")])
    else:
        inside = "<br>".join(inline(part) for part in re.split(r"\n\s*\n", cell.text))
    return f'<{name} colspan="{cell.over}" rowspan="{cell.down}">{inside}</{name}>'
