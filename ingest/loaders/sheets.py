"""Cells on a sheet → the tables and lines of words that a reader sees in them."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from ingest.loaders.writing import GROUP, Cell, joined, paragraph, table


@dataclass(frozen=True)
class Value:
    """What a cell shows; `strong` is bold or shaded, as heads are."""

    text: str
    is_number: bool = False
    strong: bool = False
    rows: int = 1
    columns: int = 1


Sheet = Mapping[tuple[int, int], Value]
"""Values by row and column; empty cells are not in it."""


def written(sheet: Sheet) -> str:
    """A sheet's blocks, one after another; a block that goes on below an empty row stays one."""
    tables: list[dict[tuple[int, int], Value]] = []
    above = set[int]()
    for block in _blocks(sheet):
        columns = _columns(block)
        if tables and columns <= above and _goes_on(block):
            tables[-1].update(block)
        else:
            tables.append(dict(block))
            above = columns
    return joined(text for block in tables for text in _written(block))


def _blocks(sheet: Sheet) -> Iterator[Sheet]:
    """Cells that empty rows divide from others, and beside one another tables of other heights."""
    for band in _runs(sheet, {row for row, _ in sheet}, 0):
        parts = _runs(band, _columns(band), 1)
        heights = [{row for row, _ in part} for part in parts]
        # A narrow empty column is in many tables; beside another table, the rows are not the same.
        if all(len(one ^ heights[0]) * 5 <= len(one | heights[0]) for one in heights):
            yield band
        else:
            yield from parts


def _runs(sheet: Sheet, numbers: Iterable[int], axis: int) -> list[Sheet]:
    """The cells of each run of `numbers` without a gap, which are rows (axis 0) or columns."""
    runs: list[dict[tuple[int, int], Value]] = []
    run_of: dict[int, dict[tuple[int, int], Value]] = {}
    for number in sorted(numbers):
        if number - 1 not in run_of:
            runs.append({})
        run_of[number] = runs[-1]
    for place, value in sheet.items():
        run_of[place[axis]][place] = value
    return list(runs)


def _columns(block: Sheet) -> set[int]:
    covered = ((column, value.columns) for (_, column), value in block.items())
    return {each for column, wide in covered for each in range(column, column + wide)}


def _goes_on(block: Sheet) -> bool:
    """Whether a block has no head of its own: then it belongs to the table above."""
    rows = _rows(block)
    if len(rows[0]) < 2:
        return len(rows) > 1 and len(rows[1]) > 1 and next(iter(rows[0].values())).columns > 1
    if any(value.is_number for value in rows[0].values()):
        return True
    if len(rows) < 2:
        return False
    below = list(rows[1].values())
    has_numbers = any(value.is_number for value in below)
    stands_out = any(v.strong for v in rows[0].values()) and not all(v.strong for v in below)
    return not has_numbers and not stands_out


def _rows(block: Sheet) -> list[dict[int, Value]]:
    rows: dict[int, dict[int, Value]] = {}
    for (row, column), value in sorted(block.items()):
        rows.setdefault(row, {})[column] = value
    return list(rows.values())


def _written(block: Sheet) -> Iterator[str]:
    """Lone cells above and below a table are lines of their own."""
    rows = _rows(block)
    while rows and len(rows[0]) == 1:
        yield paragraph(next(iter(rows.pop(0).values())).text)
    notes: list[str] = []
    while len(rows) > 1 and len(rows[-1]) == 1:
        notes.insert(0, next(iter(rows.pop().values())).text)
    if rows:
        left = min(column for row in rows for column in row)
        cells = [
            Cell(
                number,
                column - left,
                (GROUP if _heads_group(rows, number) else "") + value.text,
                min(value.rows, len(rows) - number),
                value.columns,
            )
            for number, row in enumerate(rows)
            for column, value in row.items()
        ]
        yield table(cells)
    yield from map(paragraph, notes)


def _heads_group(rows: list[dict[int, Value]], number: int) -> bool:
    """Whether the only cell of a row stands out above rows of several."""
    row, below = rows[number], rows[number + 1 : number + 2]
    lone = number > 0 and len(row) == 1 and len(below) == 1 and len(below[0]) > 1
    value = next(iter(row.values()))
    return lone and (value.columns > 1 or (value.strong and not below[0][min(below[0])].strong))
