"""Excel workbooks, with openpyxl: each sheet under its name, values as they are shown."""

import io
import re
from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from ingest.loaders import looks, sheets
from ingest.loaders.document import LoadedDocument, choose_title, stated, title_line
from ingest.loaders.number_formats import shown
from ingest.loaders.sheet_drawings import drawings
from ingest.loaders.sheets import Value
from ingest.loaders.themes import Theme
from ingest.loaders.tree import damaged
from ingest.loaders.writing import heading, joined, paragraph
from ingest.loaders.zipped import open_zip

_SHOWS_NOTHING = re.compile(r'(?:"")?(?:;(?:"")?){3}')  # a format for each of four kinds: none
_COUNTED = ("hidden row(s) and column(s)", "hidden sheet(s)", "comment(s)", "image(s)")
# What is printed at a sheet's edges: page numbers, and other codes for how it looks.
_PAGES = re.compile(r"(?:\w+\s*)?&P(?:\s*\w+\s*&N)?")
_CODES = re.compile(r'&(?:"[^"]*"|\d+|K[\dA-F]{6}|[A-Z])')
_NOT_COMPUTED = re.compile(rb"</f>(?:<v\s*/>|<v></v>)?</c>")


def read(content: bytes, name: str) -> LoadedDocument:
    """Load a workbook. Raises DocumentError for damaged, encrypted or hostile files."""
    with open_zip(content, name) as archive:
        parts = [part for part in archive.namelist() if part.startswith("xl/worksheets/")]
        has_formulas = any(_NOT_COMPUTED.search(archive.read(part)) for part in parts)
        with damaged(name):
            return _Workbook(content, has_formulas, drawings(archive)).document(name)


class _Shown:
    """The places that rows or columns have when those that are hidden are left out."""

    def __init__(self, hidden: Iterable[int]) -> None:
        self._hidden = sorted(set(hidden))

    def hides(self, number: int) -> bool:
        return self.place(number + 1) == self.place(number)

    def place(self, number: int) -> int:
        return number - bisect_left(self._hidden, number)


class _Workbook:
    def __init__(
        self, content: bytes, has_formulas: bool, drawn: Mapping[str, Sequence[str]]
    ) -> None:
        import openpyxl

        self._drawn = drawn
        self._book = openpyxl.load_workbook(io.BytesIO(content), data_only=True)
        formulas = openpyxl.load_workbook(io.BytesIO(content)) if has_formulas else None
        self._formulas: Any = formulas
        self._theme = Theme(self._book.loaded_theme)
        self._hidden: list[str] = []
        self._counts = dict.fromkeys(_COUNTED, 0)
        self._uncomputed = 0

    def document(self, name: str) -> LoadedDocument:
        blocks, first = [], ""
        for sheet in self._book.worksheets:
            header, footer = (_printed(each) for each in (sheet.oddHeader, sheet.oddFooter))
            drawn = map(paragraph, self._drawn.get(sheet.title, ()))
            cells = sheets.written(self._values(sheet))
            text = joined([header, cells, *drawn, footer]).strip()
            if sheet.sheet_state != "visible":
                self._hidden.append(f"{sheet.title}: {text}")
                self._counts["hidden sheet(s)"] += 1
            elif text.strip():
                first = first or cells.strip().split("\n")[0]
                blocks += [heading(2, sheet.title), text]
        core = self._book.properties
        made_by_openpyxl = core.creator == "openpyxl"
        facts = {"title": core.title, "modified": core.modified, "created": core.created}
        if not made_by_openpyxl:
            facts["author"] = core.creator
        text = joined(blocks)
        told = stated(text, {key: str(value or "") for key, value in facts.items()})
        return LoadedDocument(
            text=text if blocks else "",
            title=choose_title(
                "", name, stated=told.pop("title", None),
                fallback=None if first.startswith("|") else title_line(first),
            ),
            type="xlsx",
            date=told.pop("date", None),
            warnings=self._warnings(),
            metadata=told,
            hidden=tuple(self._hidden),
        )  # fmt: skip

    def _values(self, sheet: Any) -> dict[tuple[int, int], Value]:
        rows = _Shown(
            number for number, row in sheet.row_dimensions.items() if row.hidden or row.height == 0
        )
        columns = _Shown(
            number
            for column in sheet.column_dimensions.values()
            if column.hidden or column.width == 0
            for number in range(column.min or 1, (column.max or 1) + 1)
        )
        merged = {(r.min_row, r.min_col): r for r in sheet.merged_cells.ranges}
        self._counts["image(s)"] += len(sheet._images)
        values, hidden_lines = {}, set()
        for (row, column), cell in sorted(sheet._cells.items()):
            text = self._shown(cell, sheet.title)
            self._counts["comment(s)"] += cell.comment is not None
            if not text.strip():
                continue
            if rows.hides(row) or columns.hides(column) or self._is_unseen(cell, sheet):
                self._hidden.append(text)
                hidden_lines |= {("row", row)} if rows.hides(row) else set()
                hidden_lines |= {("column", column)} if columns.hides(column) else set()
                continue
            over = merged.get((row, column))
            values[rows.place(row), columns.place(column)] = Value(
                text,
                not isinstance(cell.value, str),
                bool(cell.font.b) or cell.fill.fill_type == "solid",
                rows.place(over.max_row + 1) - rows.place(row) if over else 1,
                columns.place(over.max_col + 1) - columns.place(column) if over else 1,
            )
        self._counts["hidden row(s) and column(s)"] += len(hidden_lines)
        return values

    def _shown(self, cell: Any, sheet: str) -> str:
        if cell.value is None and self._formulas is not None:
            formula = self._formulas[sheet].cell(cell.row, cell.column).value
            self._uncomputed += formula is not None
            return str(formula or "")
        text = shown(cell.value, cell.number_format)
        return f"~~{text}~~" if cell.font.strike and text.strip() else text

    def _is_unseen(self, cell: Any, sheet: Any) -> bool:
        if cell.font.sz is not None and cell.font.sz <= looks.SMALLEST_POINTS:
            return True
        if _SHOWS_NOTHING.fullmatch(cell.number_format):
            return True
        if any(_is_within(cell, table.ref) for table in sheet.tables.values()):
            return False  # its style has a background of its own
        colour, fill = _colour(cell.font.color, self._theme), cell.fill
        behind = looks.WHITE if fill.fill_type is None else _colour(fill.fgColor, self._theme)
        return colour is not None and looks.is_unseen(colour, behind)

    def _warnings(self) -> tuple[str, ...]:
        warnings = [
            f"{count} {what} were {'left out' if what.startswith('hidden') else 'not read'}."
            for what, count in self._counts.items()
            if count
        ]
        if self._uncomputed:
            told = "formula(s) have no stored value and stand as formulas; open the file in a"
            warnings.append(f"{self._uncomputed} {told} spreadsheet program and save it.")
        return tuple(warnings)


def _printed(edge: Any) -> str:
    """What is printed above or below each page of a sheet, but for its page numbers."""
    parts = (edge.left.text, edge.center.text, edge.right.text)
    words = (_CODES.sub("", _PAGES.sub("", part or "")) for part in parts)
    return paragraph("\n".join(" ".join(each.split()) for each in words))


def _is_within(cell: Any, area: str) -> bool:
    from openpyxl.utils import range_boundaries

    left, top, right, bottom = range_boundaries(area)
    return bool(left <= cell.column <= right and top <= cell.row <= bottom)


def _colour(colour: Any, theme: Theme) -> looks.Colour | None:
    """A colour that is stated as such or is the theme's, unchanged; else None."""
    from openpyxl.styles.colors import COLOR_INDEX

    if colour is None or colour.tint:
        return None
    if colour.type == "theme":
        return theme.named(colour.theme)
    if colour.type == "indexed" and 0 <= colour.indexed < len(COLOR_INDEX):
        return looks.rgb(COLOR_INDEX[colour.indexed][2:])
    return looks.rgb(str(colour.rgb)[2:])
