"""docling's backends, called directly, and the tree they return as canonical Markdown.

Its `DocumentConverter` would do the same and import torch; so would its options, which look for
transformers, and find none here.
"""

import io
import logging
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib import import_module
from typing import Any, Literal

from ingest.errors import DocumentError
from ingest.loaders.encoding import clean
from ingest.loaders.writing import (
    MARK,
    PLAIN,
    Cell,
    fence,
    heading,
    item,
    joined,
    listed,
    paragraph,
    table,
)

_DEEPEST = 100


def open_backend(module: str, kind: str, format: str, content: bytes, name: str) -> Any:
    """The backend `kind` of docling's `module`, with `content` read in; `format` is docling's name.

    Raises DocumentError when it cannot make anything of it.
    """
    logging.getLogger("docling").setLevel(logging.CRITICAL)
    with _without("torch", "transformers"):
        from docling.datamodel.base_models import InputFormat
        from docling.datamodel.document import InputDocument

        backend = getattr(import_module(f"docling.backend.{module}"), kind)
    with damaged(name):
        document = InputDocument(
            io.BytesIO(content), InputFormat(format), backend, filename=f"document.{format}"
        )
        if not document.valid:
            raise ValueError("docling found it invalid")
        return document._backend


@contextmanager
def damaged(name: str) -> Iterator[None]:
    """Say in the user's words that the file is damaged, whatever a parser raises."""
    try:
        yield
    except DocumentError:
        raise
    except Exception as error:  # a parser lets through whatever a damaged part causes
        raise DocumentError(
            name,
            "the file is damaged, or protected with a password.",
            "Open it in the program that made it, and save it again without a password.",
        ) from error


@contextmanager
def _without(*names: str) -> Iterator[None]:
    """Let imports find no module of these names, as if they were not installed."""
    absent = [name for name in names if name not in sys.modules]
    sys.modules.update(dict.fromkeys(absent))  # type: ignore[arg-type]
    try:
        yield
    finally:
        for name in absent:
            sys.modules.pop(name, None)


@dataclass
class Written:
    """The text of a tree, the offset at which each page begins, and what was left out of it."""

    text: str
    pages: tuple[int, ...] = ()
    hidden: list[str] = field(default_factory=list)
    comments: int = 0
    images: int = 0


def write(backend: Any, name: str, furniture: Literal["", "first", "once"] = "") -> Written:
    """Convert what `backend` has read, and write it.

    `furniture` says where headers and footers go: nowhere, before everything, or where each is
    first met.
    """
    with damaged(name):
        return (
            _Writer(backend.convert(), furniture).written() if backend.is_valid() else Written("")
        )


class _Writer:
    def __init__(self, document: Any, furniture: str) -> None:
        self._document = document
        self._furniture = furniture
        self._met: set[str] = set()
        self._result = Written("")
        self._page_of_block: list[int] = []
        self._page = 0
        holders = [*document.tables, *document.pictures]
        self._captions = {ref.cref for holder in holders for ref in holder.captions}
        titled = any(item.label.value == "title" for item in document.texts)
        self._level = 1 if titled else 0

    def written(self) -> Written:
        children = [ref.resolve(self._document) for ref in self._document.body.children]
        blocks: list[tuple[str, int]] = []
        if self._furniture == "first":
            top = (child for child in children if _layer(child) == "furniture")
            blocks += [(block, 0) for child in top for block in self._blocks(child, furniture=True)]
        for child in children:
            blocks += [(block, self._page) for block in self._blocks(child)]
        blocks = [(block.replace(PLAIN, ""), page) for block, page in blocks]
        return self._with_pages([(block, page) for block, page in blocks if block.strip()])

    def _with_pages(self, blocks: list[tuple[str, int]]) -> Written:
        self._result.text = joined(block for block, _ in blocks)
        pages: list[int] = []
        offset = 0
        for block, page in blocks:
            while len(pages) < page:
                pages.append(offset)
            offset += len(clean(block)[0].strip("\n")) + 2
        self._result.pages = tuple(pages)
        return self._result

    def _children(self, node: Any) -> list[Any]:
        return [ref.resolve(self._document) for ref in node.children]

    def _blocks(self, node: Any, furniture: bool = False, depth: int = 0) -> Iterator[str]:
        layer = _layer(node)
        if layer == "invisible":
            self._hide(node)
        elif layer == "notes" and node.label.value == "comment_section":
            self._result.comments += 1
        elif node.self_ref in self._captions or layer == "background" or depth > _DEEPEST:
            return  # a caption stands at its table or picture
        elif layer == "furniture" and not furniture:
            if self._furniture == "once":
                yield from self._blocks(node, True, depth)
        elif layer != "furniture" and furniture:
            return
        elif layer == "furniture" and (text := getattr(node, "text", "").strip()):
            if text not in self._met and not text.isdecimal():
                self._met.add(text)
                yield from self._block(node, furniture, depth)
        else:
            self._page = max([self._page, *(place.page_no for place in getattr(node, "prov", []))])
            yield from self._block(node, furniture, depth)

    def _block(self, node: Any, furniture: bool, depth: int) -> Iterator[str]:
        label = node.label.value
        below = (
            block
            for child in self._children(node)
            for block in self._blocks(child, furniture, depth + 1)
        )
        if label == "inline":
            yield paragraph(" ".join(below))
        elif label == "list_item":
            yield self._item(node, below)
        elif label == "list":
            yield listed(below)
        elif label in ("table", "document_index"):
            yield self._table(node)
        elif label in ("picture", "chart"):
            self._result.images += label == "picture" and not _chart(node)
            yield from self._picture(node)
            yield from below
        else:
            yield self._text(node, label)
            yield from below

    def _text(self, node: Any, label: str) -> str:
        text = getattr(node, "text", "")
        if not text.strip():
            return ""
        if label in ("title", "section_header"):
            return heading(self._level + node.level if label == "section_header" else 1, text)
        if label == "code":
            language = getattr(node.code_language, "value", "")
            return fence(text, "" if language == "unknown" else language.lower())
        if label == "formula":
            return f"${' '.join(text.split())}$"
        if label.startswith("checkbox"):
            text = f"{'☐' if label == 'checkbox_unselected' else '☒'} {text}"
        if label in ("footnote",) and _layer(node) == "furniture":
            return ""  # it stands at its sentence
        return paragraph(text)

    def _item(self, node: Any, below: Iterator[str]) -> str:
        mark, is_told, words = node.text.rpartition(MARK)
        rest = list(below)
        if not words.strip() and rest:
            words = rest.pop(0)
        mark = mark or ("" if is_told else node.marker or "-")
        return item(mark, words, rest)

    def _table(self, node: Any) -> str:
        caption = " ".join(
            filter(None, (ref.resolve(self._document).text for ref in node.captions))
        )
        found = node.data.table_cells
        cells = [
            Cell(
                cell.start_row_offset_idx,
                cell.start_col_offset_idx,
                self._cell_text(cell),
                cell.row_span,
                cell.col_span,
            )
            for cell in found
        ]
        heads = 1
        first = [each for each in found if each.start_col_offset_idx == 0 and each.col_span == 1]
        if first and all(cell.row_header for cell in first):
            heads = 0
        return table(cells, caption, heads)

    def _cell_text(self, cell: Any) -> str:
        if not hasattr(cell, "ref"):
            return str(cell.text).replace(MARK, " ")
        place = cell.ref.resolve(self._document)
        lines = [line.strip() for block in self._blocks(place) for line in _lines(block)]
        lines = [line for line in lines if line]
        is_list = any(line.startswith("- ") for line in lines)
        return ("; " if is_list else " ").join(line.removeprefix("- ") for line in lines)

    def _picture(self, node: Any) -> Iterator[str]:
        for ref in node.captions:
            yield paragraph(ref.resolve(self._document).text)
        chart = _chart(node)
        if chart:
            cells = chart.chart_data.table_cells
            yield table(
                [
                    Cell(cell.start_row_offset_idx, cell.start_col_offset_idx, cell.text)
                    for cell in cells
                ],
                chart.title or "",
            )

    def _hide(self, node: Any) -> None:
        text = getattr(node, "text", "")
        if text.strip():
            self._result.hidden.append(text)
        for cell in getattr(getattr(node, "data", None), "table_cells", ()):
            self._result.hidden.append(cell.text)
        for child in self._children(node):
            self._hide(child)


def _lines(block: str) -> list[str]:
    """The lines of what stands in a cell; a table in it is one line, row by row."""
    lines = block.split("\n")
    if not block.startswith("|"):
        return lines
    rows = (
        re.sub(r"\s*(?<!\\)\|\s*", " ", line).strip() for line in lines if "| --- |" not in line
    )
    return ["; ".join(filter(None, rows))]


def _layer(node: Any) -> str:
    return str(node.content_layer.value)


def _chart(node: Any) -> Any:
    return getattr(getattr(node, "meta", None), "tabular_chart", None)
