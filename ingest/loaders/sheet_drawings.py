"""What is written on an Excel sheet beside its cells: text boxes, and the titles of charts."""

import posixpath
import zipfile
from collections.abc import Iterator
from typing import Any

from ingest.loaders.themes import A
from ingest.loaders.word_text import C, R, take_choices
from ingest.loaders.zipped import root_of

_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


def drawings(archive: zipfile.ZipFile) -> dict[str, list[str]]:
    """The words of each sheet's drawings, by the sheet's name."""
    book = "xl/workbook.xml"
    if book not in archive.namelist():
        return {}
    parts, found = _related(archive, book), {}
    for sheet in root_of(archive.read(book)).iter(f"{_MAIN}sheet"):
        of_sheet = _related(archive, parts.get(sheet.get(f"{R}id"), ""))
        drawn = [part for part in of_sheet.values() if part.startswith("xl/drawings/drawing")]
        found[sheet.get("name")] = [words for part in drawn for words in _words(archive, part)]
    return found


def _related(archive: zipfile.ZipFile, part: str) -> dict[str, str]:
    """The parts that one refers to, by its own ids of them."""
    folder, file = posixpath.split(part)
    relations = f"{folder}/_rels/{file}.rels"
    if relations not in archive.namelist():
        return {}
    return {
        each.get("Id"): posixpath.normpath(posixpath.join("/", folder, each.get("Target")))[1:]
        for each in root_of(archive.read(relations))
        if each.get("TargetMode") != "External"
    }


def _words(archive: zipfile.ZipFile, part: str) -> Iterator[str]:
    related, root = _related(archive, part), root_of(archive.read(part))
    take_choices(root)
    for shape in root.iter("{*}sp", f"{C}chart"):
        if shape.tag == f"{C}chart":
            chart = related.get(shape.get(f"{R}id"), "")
            known = chart in archive.namelist()
            titles = root_of(archive.read(chart)).iter(f"{C}title") if known else ()
            yield from filter(None, map(_text, titles))
        elif words := _text(shape):
            yield words


def _text(holder: Any) -> str:
    """The paragraphs in a shape, a line each."""
    lines = (
        "".join(text.text or "" for text in each.iter(f"{A}t")) for each in holder.iter(f"{A}p")
    )
    return "\n".join(filter(str.strip, lines))
