"""A PDF's pages as images, and where on such an image a quote stands."""

import io
import threading
import unicodedata
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from ctypes import byref, c_int
from dataclasses import dataclass
from typing import Any

SCALE = 2.0
"""Pixels for each point of the page (1/72 inch): sharp on a laptop, 1190 × 1684 for A4."""
MOST_PIXELS = 6_000_000
"""A larger page, such as a poster, is drawn smaller: an image takes four bytes a pixel."""

# PDFium must not be called from two threads at once, whatever the documents.
_ONE_AT_A_TIME = threading.RLock()
_CONTEXTS = ((0, 0), (40, 0), (0, 40))
_GRID = 100_000


@dataclass(frozen=True)
class Box:
    """A rectangle on a page, in points from its upper left corner as it is shown."""

    left: float
    top: float
    right: float
    bottom: float


@dataclass(frozen=True)
class _Character:
    sign: str
    box: Box


@dataclass(frozen=True)
class Sheet:
    """The size in points of a page as it is shown, and where each wanted stretch stands on it.

    A stretch whose place is not certain has None.
    """

    width: float
    height: float
    places: tuple[tuple[Box, ...] | None, ...]


def draw(content: bytes, number: int) -> bytes:
    """Page `number` (from 1) as PNG. Raises ValueError where there is no page to be drawn."""
    with _page(content, number) as page:
        width, height = page.get_size()
        scale = min(SCALE, (MOST_PIXELS / (width * height)) ** 0.5)
        image = page.render(scale=scale, may_draw_forms=False).to_pil()
    target = io.BytesIO()
    image.save(target, "PNG")
    return target.getvalue()


def sheet(content: bytes, number: int, text: str, stretches: list[tuple[int, int]]) -> Sheet:
    """Page `number` (from 1), whose canonical text is `text`, with the places of its stretches.

    The canonical text rejoins lines and drops what returns on each page, so that the letters and
    digits of a stretch `[start, end)` are looked for, in their order, among those of the page.
    They must stand there together and once; where they stand twice, the 40 letters before or
    after them decide. Raises ValueError where there is no page to be read.
    """
    letters, owners = _letters(text)
    with _page(content, number) as page:
        width, height = page.get_size()
        characters = _characters(page)
    on_page, drawn_by = _letters(character.sign for character in characters)
    places: list[tuple[Box, ...] | None] = []
    for start, end in stretches:
        span = bisect_left(owners, start), bisect_left(owners, end)
        found = _found(letters, span, on_page)
        if found is None:
            places.append(None)
            continue
        head, tail = text[start : owners[span[0]]], text[owners[span[1] - 1] + 1 : end]
        first, last = drawn_by[found[0]], drawn_by[found[1] - 1]
        places.append(_lines(_with_signs(characters, first, last, head, tail)))
    return Sheet(width, height, tuple(places))


@contextmanager
def _page(content: bytes, number: int) -> Iterator[Any]:
    import pypdfium2

    with _ONE_AT_A_TIME:
        try:
            with pypdfium2.PdfDocument(content) as document:
                if not 1 <= number <= len(document):
                    raise ValueError(f"There is no page {number}.")
                page = document[number - 1]
                if min(page.get_size()) <= 0:
                    raise ValueError(f"Page {number} has no size.")
                yield page
        except pypdfium2.PdfiumError as error:
            raise ValueError(f"Page {number} cannot be read ({error}).") from error


def _characters(page: Any) -> list[_Character]:
    """The page's characters in the order in which the file draws them, with their boxes."""
    import pypdfium2.raw as pdfium

    width, height = page.get_size()
    text = page.get_textpage()

    def shown(x: float, y: float) -> tuple[float, float]:
        """A point as it is shown: within the crop box, turned as the page says."""
        right, down = c_int(), c_int()
        pdfium.FPDF_PageToDevice(page.raw, 0, 0, _GRID, _GRID, 0, x, y, byref(right), byref(down))
        return right.value / _GRID * width, down.value / _GRID * height

    characters = []
    for index in range(text.count_chars()):
        left, bottom, right, top = text.get_charbox(index, loose=True)
        (x0, y0), (x1, y1) = shown(left, top), shown(right, bottom)
        box = Box(min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1))
        sign = chr(pdfium.FPDFText_GetUnicode(text.raw, index))
        characters.append(_Character(sign, box))
    return characters


def _letters(signs: Iterable[str]) -> tuple[str, list[int]]:
    """The letters and digits alone, ligatures taken apart, and which sign each comes from."""
    letters: list[str] = []
    owners: list[int] = []
    for index, sign in enumerate(signs):
        for letter in unicodedata.normalize("NFKC", sign):
            if letter.isalnum():
                letters.append(letter)
                owners.append(index)
    return "".join(letters), owners


def _found(letters: str, span: tuple[int, int], on_page: str) -> tuple[int, int] | None:
    """Where `letters[low:high]` stand on the page, if it can only be one place."""
    low, high = span
    if low == high:
        return None
    for before, after in _CONTEXTS:
        start = max(low - before, 0)
        wanted = letters[start : high + after]
        at = on_page.find(wanted)
        if at >= 0 and on_page.find(wanted, at + 1) < 0:
            return at + low - start, at + high - start
    return None


def _with_signs(
    characters: Sequence[_Character], first: int, last: int, head: str, tail: str
) -> Sequence[_Character]:
    """Characters `first` to `last`, and the stretch's own signs just before and after them."""
    for sign in reversed(head):
        if first > 0 and characters[first - 1].sign == sign:
            first -= 1
    for sign in tail:
        if last + 1 < len(characters) and characters[last + 1].sign == sign:
            last += 1
    return characters[first : last + 1]


def _lines(characters: Sequence[_Character]) -> tuple[Box, ...]:
    """One box for each line, or each part of a line that stands in a cell of its own."""
    lines: list[Box] = []
    for character in characters:
        box = character.box
        if character.sign.isspace() or box.left >= box.right or box.top >= box.bottom:
            continue
        if lines and _beside(lines[-1], box):
            lines[-1] = _around(lines[-1], box)
        else:
            lines.append(box)
    return tuple(lines)


def _beside(line: Box, box: Box) -> bool:
    height = min(line.bottom - line.top, box.bottom - box.top)
    shared = min(line.bottom, box.bottom) - max(line.top, box.top)
    gap = max(box.left - line.right, line.left - box.right)
    return shared >= height / 2 and gap <= 2 * height


def _around(line: Box, box: Box) -> Box:
    return Box(
        min(line.left, box.left),
        min(line.top, box.top),
        max(line.right, box.right),
        max(line.bottom, box.bottom),
    )
