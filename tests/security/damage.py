"""Small valid files of each format, ways in which they are not any more, and bombs."""

import io
import json
import random
import struct
import zipfile
from collections.abc import Iterator
from email.message import EmailMessage
from itertools import chain
from typing import Any

import openpyxl
import pptx
from reportlab.lib.styles import getSampleStyleSheet
from reportlab.platypus import Paragraph, SimpleDocTemplate, Table

from tests.ingest import hostile
from tests.ingest.making import packed, saved, word

_WORDS = "Moss grows slowly in the shade. The tide turns every six hours, as the moon has it."
_MARKDOWN = (
    "---\ntitle: Moss\n---\n# Moss\n\n{0}\n\n- One.\n- Two.\n\n"
    "| plant | place |\n|---|---|\n| moss | shade |\n\n```\ncode\n```\n\n> {0}\n"
)
_PAGE = (
    "<!DOCTYPE html><html><head><title>Moss</title><meta charset=utf-8></head><body><h1>Moss</h1>"
    "<p>{0}</p><ul><li>One<li>Two</ul><table><tr><th>plant<th>place<tr><td>moss<td>shade</table>"
    "<p>{0}</p></body></html>"
)
_ROWS = [["plant", "place"], ["moss", "shade"], ["wrack", "tide"]]


def valid() -> dict[str, bytes]:
    """A small valid file for each of the readers, by its suffix; Outlook's holds no message."""
    texts = {
        ".md": _MARKDOWN.format(_WORDS),
        ".html": _PAGE.format(_WORDS),
        ".csv": "\n".join(",".join(row) for row in _ROWS),
        ".json": json.dumps([dict(zip(_ROWS[0], row, strict=True)) for row in _ROWS[1:]]),
        ".ipynb": json.dumps(
            {"cells": [{"cell_type": "markdown", "source": [_WORDS]}], "nbformat": 4}
        ),
        ".rst": f"Moss\n====\n\n{_WORDS} [1]_\n\n1. one\n2. two\n\n.. [1] Proof.\n",
        ".adoc": f"= Moss\n\n{_WORDS}\n\n* one\n\n|===\n|a |b\n\n|1 |2\n|===\n",
        ".srt": f"1\n00:00:01,000 --> 00:00:04,000\n{_WORDS}\n",
        ".rtf": rf"{{\rtf1\ansi{{\fonttbl{{\f0 A;}}}}\pard {_WORDS} \'e9\par \u8364?5\par}}",
        ".py": f"def moss():\n    return {_WORDS!r}\n",
        ".mhtml": "From: <Saved>\nMIME-Version: 1.0\nContent-Type: multipart/related; "
        f"boundary=B\n\n--B\nContent-Type: text/html\n\n{_PAGE.format(_WORDS)}\n--B--\n",
    }
    files = {suffix: text.encode() for suffix, text in texts.items()}
    files[".txt"] = f"MOSS\n\n{_WORDS}\n\n1. {_WORDS}\n".encode("utf-16")
    files |= {".pdf": _pdf(), ".docx": word(_fill), ".pptx": _pptx(), ".xlsx": _xlsx()}
    files |= {".odt": _odt(), ".epub": _epub(), ".eml": _eml()}
    files[".mbox"] = b"From a Mon May  1 09:00:00 2024\n" + files[".eml"]
    files[".msg"] = _msg()
    files[".zip"] = packed(**{"a.md": files[".md"], "b/c.docx": files[".docx"]})
    return files


def _pdf() -> bytes:
    out = io.BytesIO()
    parts = [Paragraph(_WORDS * 3, getSampleStyleSheet()["Normal"]), Table(_ROWS)]
    SimpleDocTemplate(out, title="Moss").build(parts)
    return out.getvalue()


def _fill(document: Any) -> None:
    document.add_heading("Moss", 1)
    document.add_paragraph(_WORDS)
    table = document.add_table(rows=3, cols=2)
    for cell, text in zip(table._cells, chain(*_ROWS), strict=True):
        cell.text = text


def _pptx() -> bytes:
    slides = pptx.Presentation()
    slide = slides.slides.add_slide(slides.slide_layouts[1])
    slide.shapes.title.text, slide.placeholders[1].text = "Moss", _WORDS
    return saved(slides)


def _xlsx() -> bytes:
    book = openpyxl.Workbook()
    for row in _ROWS:
        book.active.append(row)
    return saved(book)


def _odt() -> bytes:
    names = ("office", "text", "table")
    spaces = " ".join(
        f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in names
    )
    body = f'<text:h text:outline-level="1">Moss</text:h><text:p>{_WORDS}</text:p>'
    content = (
        f"<office:document-content {spaces}><office:body><office:text>{body}</office:text>"
        "</office:body></office:document-content>"
    )
    kind = b"application/vnd.oasis.opendocument.text"
    return packed(
        mimetype=kind, **{"content.xml": content.encode(), "META-INF/manifest.xml": b"<manifest/>"}
    )


def _epub() -> bytes:
    container = (
        '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>'
        '<rootfile full-path="p.opf"/></rootfiles></container>'
    )
    package = (
        '<package xmlns="http://www.idpf.org/2007/opf"><manifest><item id="a" href="a.xhtml"/>'
        '</manifest><spine><itemref idref="a"/></spine></package>'
    )
    page = (
        '<?xml version="1.0"?><!DOCTYPE html><html xmlns="http://www.w3.org/1999/xhtml"><body>'
        f"<h1>Moss</h1><p>{_WORDS}</p></body></html>"
    )
    parts = {"META-INF/container.xml": container, "p.opf": package, "a.xhtml": page}
    return packed(**{name: part.encode() for name, part in parts.items()})


def _eml() -> bytes:
    message = EmailMessage()
    message["From"], message["Subject"] = "Ann <ann@a.example>", "Moss"
    message.set_content(_WORDS)
    message.add_alternative(_PAGE.format(_WORDS), subtype="html")
    message.add_attachment(b"x", maintype="application", subtype="pdf", filename="offer.pdf")
    return message.as_bytes()


def _msg() -> bytes:
    """A compound file with nothing in it but its root: no library here writes Outlook's own."""
    end, free, table = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD
    header = struct.pack(
        "<8s16xHHHHH6xIIIIIIIIII", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", 0x3E, 3, 0xFFFE, 9, 6,
        0, 1, 0, 0, 4096, end, 0, end, 0, 1,
    )  # fmt: skip
    name = "Root Entry\0".encode("utf-16-le")
    entry = struct.pack("<64sHBBIII36xIQ", name, len(name), 5, 1, free, free, free, end, 0)
    sectors = struct.pack("<II", end, table) + b"\xff" * 504
    return header.ljust(512, b"\xff") + entry.ljust(512, b"\0") + sectors


def bombs() -> dict[str, bytes]:
    """Files that swell, nest or reach further than any reader may follow."""
    inner = packed(**{"a.md": b" " * 60_000_000})
    far = openpyxl.Workbook()
    far.active["XFD1048576"] = _WORDS
    return {
        "entities.docx": hostile.entities(),
        "swells.docx": hostile.bomb(),
        "swells.zip": packed(**{f"{number}.zip": inner for number in range(20)}),
        "many.zip": packed(**{f"{number}.md": b"# A" for number in range(10_001)}),
        "nested.html": b"<div>" * 200_000,
        "nested.json": b"[" * 200_000,
        "nested.md": b"> " * 50_000,
        "nested.rtf": b"{\\rtf1 " + b"{" * 200_000,
        "far.xlsx": saved(far),
    }


def heavy_bombs() -> dict[str, bytes]:
    """Files that keep a reader busy, up to its limits, for a minute or so."""
    return {
        "objects.pdf": hostile.empty_text_objects(),
        "lines.pdf": hostile.lines(),
        "line.md": hostile.one_line(),
        "rows.md": hostile.rows(),
    }


def damaged(count: int, seed: int = 17) -> Iterator[tuple[str, bytes]]:
    """Yield names and contents of damaged files, each format as often as the others."""
    chance = random.Random(seed)
    whole = valid()
    suffixes = sorted(whole)
    for number in range(count):
        suffix = suffixes[number % len(suffixes)]
        ways = [_cut, _flip, _splice, *([_inside] if whole[suffix].startswith(b"PK") else [])]
        way = chance.choice(ways)
        other = whole[chance.choice(suffixes)]
        yield f"{number:03}-{way.__name__[1:]}{suffix}", way(whole[suffix], other, chance)


def _cut(content: bytes, other: bytes, chance: random.Random) -> bytes:
    start, end = sorted(chance.randrange(len(content)) for _ in range(2))
    return chance.choice([content[:end], content[start:], content[:start] + content[end:]])


def _flip(content: bytes, other: bytes, chance: random.Random) -> bytes:
    flipped = bytearray(content)
    for _ in range(chance.choice([1, 10, 100])):
        flipped[chance.randrange(len(flipped))] ^= 1 << chance.randrange(8)
    return bytes(flipped)


def _splice(content: bytes, other: bytes, chance: random.Random) -> bytes:
    at, start = chance.randrange(len(content)), chance.randrange(len(other))
    return content[:at] + other[start : start + 2_000] + content[at:]


def _inside(content: bytes, other: bytes, chance: random.Random) -> bytes:
    """Damage one part of what is zipped, and zip it well."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w") as new:
        chosen = chance.choice(old.namelist())
        for name in old.namelist():
            part = old.read(name)
            way = chance.choice([_cut, _flip, _splice])
            new.writestr(name, way(part, other, chance) if name == chosen else part)
    return out.getvalue()
