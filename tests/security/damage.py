"""Small valid files of each format, and three hundred ways in which they are not any more."""

import io
import random
import zipfile
from collections.abc import Iterator

import docx
from reportlab.lib.styles import getSampleStyleSheet
from reportlab.platypus import Paragraph, SimpleDocTemplate, Table

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


def _pdf() -> bytes:
    out = io.BytesIO()
    style = getSampleStyleSheet()["Normal"]
    parts = [Paragraph(_WORDS * 3, style), Table([["plant", "place"], ["moss", "shade"]])]
    SimpleDocTemplate(out, title="Moss").build(parts)
    return out.getvalue()


def _docx() -> bytes:
    document = docx.Document()
    document.add_heading("Moss", 1)
    document.add_paragraph(_WORDS)
    table = document.add_table(rows=2, cols=2)
    for cell, text in zip(table._cells, ["plant", "place", "moss", "shade"], strict=True):
        cell.text = text
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def valid() -> dict[str, bytes]:
    """A small valid file of each format, by its suffix."""
    return {
        ".md": _MARKDOWN.format(_WORDS).encode(),
        ".txt": f"MOSS\n\n{_WORDS}\n\n1. {_WORDS}\n".encode("utf-16"),
        ".html": _PAGE.format(_WORDS).encode(),
        ".pdf": _pdf(),
        ".docx": _docx(),
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
