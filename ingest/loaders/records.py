"""Data as text: tables of comma-separated values, JSON, notebooks."""

import csv
import io
import json
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import PurePath
from typing import Any

from ingest.errors import DocumentError
from ingest.loaders import html, markdown, sheets
from ingest.loaders.document import LoadedDocument, choose_title
from ingest.loaders.encoding import decode
from ingest.loaders.writing import fence, item, joined, listed, paragraph, pipe_table

_DEEPEST = 50
_LONGEST_INSIDE = 300  # characters of a record's value that is itself one, to be a cell
_FIGURE = re.compile(r"\s*[-+(£$€]*\d")
_ESCAPE = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")  # by which terminals are told colours


def read_table(content: bytes, name: str) -> LoadedDocument:
    """Load comma-, semicolon- or tab-separated values as one table."""
    text, warnings = decode(content, name)
    text = re.sub(r"\A(?:sep=(.)\n)?", "", text)  # what tells Excel the separator
    try:
        dialect: Any = csv.Sniffer().sniff(text[:50_000], ",;\t|")
    except csv.Error:
        dialect = csv.excel_tab if PurePath(name).suffix.lower() == ".tsv" else csv.excel
    csv.field_size_limit(10_000_000)
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), dialect))
        if _never_closed(text, dialect):
            plain: Any = {"delimiter": dialect.delimiter, "quoting": csv.QUOTE_NONE}
            rows = list(csv.reader(io.StringIO(text), **plain))
    except csv.Error as error:
        problem = f"its rows cannot be told apart ({error})."
        raise DocumentError(name, problem, "Save it again as CSV.") from error
    return _document(_table(rows) + "\n", name, warnings, "csv")


def _never_closed(text: str, dialect: Any) -> bool:
    """Whether a quotation mark opens a cell that no other closes."""
    try:
        for _ in csv.reader(io.StringIO(text, newline=""), dialect, strict=True):
            pass
    except csv.Error as error:
        return "unexpected end" in str(error)
    return False


def _table(rows: list[list[str]]) -> str:
    """One table; lines around it, and several tables, are told apart as on a sheet."""
    filled = [number for number, row in enumerate(rows) if any(map(str.strip, row))]
    kept = [rows[number] for number in filled]
    if not kept or max(sum(map(bool, map(str.strip, row))) for row in kept) < 2:
        return pipe_table(kept)
    is_apart = filled[-1] - filled[0] >= len(filled) or len(kept[0]) < 2
    is_title = len(kept[0]) > 2 and kept[0][0].strip() and not any(map(str.strip, kept[0][1:]))
    if not is_title and not (is_apart and len(set(map(len, kept))) > 1):
        return pipe_table(kept)
    cells = {
        (down, across): sheets.Value(cell.strip(), bool(_FIGURE.match(cell)))
        for down, row in enumerate(rows)
        for across, cell in enumerate(row)
        if cell.strip()
    }
    return sheets.written(cells).rstrip("\n")


def read_json(content: bytes, name: str) -> LoadedDocument:
    """Load JSON, or JSON Lines, as lists and tables of its names and values."""
    text, warnings = decode(content, name)
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        value = [_line(line, number, name) for number, line in enumerate(text.split("\n"), 1)]
        value = [each for each in value if each is not None]
    return _document(joined(_blocks(value)), name, warnings, "json")


def read_notebook(content: bytes, name: str) -> LoadedDocument:
    """Load a Jupyter notebook: its Markdown, its code and what the code printed."""
    text, warnings = decode(content, name)
    try:
        notebook = json.loads(text)
        told = notebook.get("metadata", {})
        kernel = told.get("kernelspec", {}).get("language")
        language = told.get("language_info", {}).get("name") or kernel or "python"
        cells = notebook.get("cells") or notebook["worksheets"][0]["cells"]
        blocks = [block for cell in cells for block in _cell(cell, language, name)]
    except (ValueError, RecursionError, AttributeError, KeyError, TypeError, IndexError) as error:
        problem = "it is no Jupyter notebook."
        raise DocumentError(name, problem, "Save it again from Jupyter.") from error
    written = joined(blocks)
    images = text.count('"image/png"') + text.count('"image/jpeg"') + text.count('"image/svg+xml"')
    warnings += (f"{images} image(s) were not read.",) if images else ()
    authors = [each.get("name", "") for each in told.get("authors", []) if isinstance(each, dict)]
    metadata = {"author": "; ".join(filter(None, authors))}
    return replace(_document(written, name, warnings, "ipynb"), metadata=metadata)


def _line(line: str, number: int, name: str) -> Any:
    try:
        return json.loads(line) if line.strip() else None
    except (ValueError, RecursionError) as error:
        problem = f"line {number} is not JSON."
        raise DocumentError(name, problem, "Mend that line, or save it as text.") from error


def _blocks(value: Any) -> Iterator[str]:
    rows = _rows(value)
    if rows:
        yield pipe_table(rows)
    else:
        yield from _items(value, 0)


def _rows(value: Any) -> list[list[str]]:
    """A table of records with much the same names and values that fit a cell; else nothing."""
    if not isinstance(value, list) or not all(isinstance(record, dict) for record in value):
        return []
    names = list(dict.fromkeys(name for record in value for name in record))
    filled = sum(len(record) for record in value)
    if len(value) < 2 or 2 * filled < len(names) * len(value):
        return []
    if not _fits(value):
        return []
    return [names, *([_inside(record.get(name)) for name in names] for record in value)]


def _fits(records: list[dict[str, Any]]) -> bool:
    """Whether what is itself made of values is short in each record."""
    nested = (v for record in records for v in record.values() if isinstance(v, dict | list))
    return all(len(json.dumps(each)) <= _LONGEST_INSIDE for each in nested)


def _inside(value: Any) -> str:
    """A value on one line."""
    if isinstance(value, dict):
        return ", ".join(f"{name}: {_inside(each)}" for name, each in value.items())
    return "; ".join(map(_inside, value)) if isinstance(value, list) else _scalar(value)


def _items(value: Any, depth: int) -> Iterator[str]:
    if isinstance(value, dict):
        yield listed(_item(f"{name}:", each, depth) for name, each in value.items())
    elif isinstance(value, list):
        yield listed(_item("", each, depth) for each in value)
    else:
        yield paragraph(_scalar(value))


def _item(name: str, value: Any, depth: int) -> str:
    if not isinstance(value, dict | list) or not value or depth > _DEEPEST:
        return item("-", f"{name} {_scalar(value)}".strip())
    if not name and isinstance(value, dict):  # a record opens with its first value
        (first, opening), *others = value.items()
        if not isinstance(opening, dict | list):
            name, value = f"{first}: {_scalar(opening)}", dict(others)
    below = [pipe_table(rows)] if (rows := _rows(value)) else list(_items(value, depth + 1))
    return item("-", name, below)


def _scalar(value: object) -> str:
    if isinstance(value, str):
        return value
    return "" if value is None else json.dumps(value, ensure_ascii=False)


def _cell(cell: dict[str, Any], language: str, name: str) -> Iterator[str]:
    source = _joined(cell.get("source", cell.get("input", "")))
    if cell["cell_type"] == "markdown":
        yield markdown.read(source.encode(), name).text if source.strip() else ""
    elif cell["cell_type"] == "code":
        yield fence(source, language)
        for output in cell.get("outputs", []):
            yield _output(output, name)
    else:
        yield fence(source)


def _output(output: dict[str, Any], name: str) -> str:
    """What a cell printed: a table as a table, else its words as a terminal shows them."""
    data = output.get("data", output)
    page = _joined(data.get("text/html", ""))
    if "<table" in page:
        return html.from_source(page, name, "html").text
    if "text/markdown" in data:
        return markdown.read(_joined(data["text/markdown"]).encode(), name).text
    if "text/latex" in data:
        return _joined(data["text/latex"])
    shown = output.get("text", data.get("text/plain", data.get("traceback", "")))
    if any(kind.startswith("image/") for kind in data):
        return "" if _joined(shown).startswith("<") else fence(_joined(shown))
    printed = _ESCAPE.sub("", _joined(shown)).split("\n")
    return fence("\n".join(line.rstrip("\r").rpartition("\r")[2] for line in printed))


def _joined(lines: object) -> str:
    return "".join(map(str, lines)) if isinstance(lines, list) else str(lines)


def _document(text: str, name: str, warnings: tuple[str, ...], type: str) -> LoadedDocument:
    return LoadedDocument(text, choose_title(text, name), type, warnings=warnings)
