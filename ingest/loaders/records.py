"""Data as text: tables of comma-separated values, JSON, notebooks."""

import csv
import io
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import PurePath
from typing import Any

from ingest.errors import DocumentError
from ingest.loaders import markdown
from ingest.loaders.document import LoadedDocument, choose_title
from ingest.loaders.encoding import decode
from ingest.loaders.writing import fence, item, joined, listed, paragraph, pipe_table

_DEEPEST = 50


def read_table(content: bytes, name: str) -> LoadedDocument:
    """Load comma-, semicolon- or tab-separated values as one table."""
    text, warnings = decode(content, name)
    try:
        dialect: Any = csv.Sniffer().sniff(text[:50_000], ",;\t|")
    except csv.Error:
        dialect = csv.excel_tab if PurePath(name).suffix.lower() == ".tsv" else csv.excel
    csv.field_size_limit(10_000_000)
    try:
        rows = [row for row in csv.reader(io.StringIO(text, newline=""), dialect) if any(row)]
    except csv.Error as error:
        problem = f"its rows cannot be told apart ({error})."
        raise DocumentError(name, problem, "Save it again as CSV.") from error
    return _document(pipe_table(rows) + "\n", name, warnings, "csv")


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
        language = told.get("language_info", {}).get("name") or "python"
        cells = notebook.get("cells") or notebook["worksheets"][0]["cells"]
        blocks = [block for cell in cells for block in _cell(cell, language, name)]
    except (ValueError, RecursionError, AttributeError, KeyError, TypeError, IndexError) as error:
        problem = "it is no Jupyter notebook."
        raise DocumentError(name, problem, "Save it again from Jupyter.") from error
    written = joined(blocks)
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
    """A table of records that have plain values under much the same names; else nothing."""
    if not isinstance(value, list) or not all(isinstance(record, dict) for record in value):
        return []
    names = list(dict.fromkeys(name for record in value for name in record))
    plain = all(not isinstance(each, dict | list) for record in value for each in record.values())
    filled = sum(len(record) for record in value)
    if len(value) < 2 or not plain or 2 * filled < len(names) * len(value):
        return []
    return [names, *([_scalar(record.get(name)) for name in names] for record in value)]


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
            data = output.get("data", output)
            shown = output.get("text", data.get("text/plain", data.get("traceback", "")))
            yield fence(_joined(shown))
    else:
        yield fence(source)


def _joined(lines: object) -> str:
    return "".join(map(str, lines)) if isinstance(lines, list) else str(lines)


def _document(text: str, name: str, warnings: tuple[str, ...], type: str) -> LoadedDocument:
    return LoadedDocument(text, choose_title(text, name), type, warnings=warnings)
