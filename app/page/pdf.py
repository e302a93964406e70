"""A PDF's pages as images, and the boxes that stand over a quote on such an image."""

import io
import threading
from collections.abc import Iterable

from ingest.places import Box

SCALE = 2.0
"""Pixels for each point of the page (1/72 inch): sharp on a laptop, 1190 × 1684 for A4."""
MOST_PIXELS = 6_000_000
"""A larger page, such as a poster, is drawn smaller: an image takes four bytes a pixel."""

# PDFium must not be called from two threads at once, whatever the documents.
_ONE_AT_A_TIME = threading.RLock()


def draw(content: bytes, number: int) -> bytes:
    """Page `number` (from 1) as PNG, with what is filled in and typed onto it.

    Raises ValueError where there is no page to be drawn.
    """
    import pypdfium2

    with _ONE_AT_A_TIME:
        try:
            with pypdfium2.PdfDocument(content) as document:
                document.init_forms()
                if not 1 <= number <= len(document):
                    raise ValueError(f"There is no page {number}.")
                page = document[number - 1]
                width, height = page.get_size()
                if min(width, height) <= 0:
                    raise ValueError(f"Page {number} has no size.")
                scale = min(SCALE, (MOST_PIXELS / (width * height)) ** 0.5)
                image = page.render(scale=scale).to_pil()
        except pypdfium2.PdfiumError as error:
            raise ValueError(f"Page {number} cannot be read ({error}).") from error
    target = io.BytesIO()
    image.save(target, "PNG")
    return target.getvalue()


def lines(characters: Iterable[tuple[int, Box]], text: str) -> list[Box]:
    """One box for each line of characters, or each part of a line that stands in its own cell.

    `characters` are offsets into `text`, ascending, with their boxes.
    """
    found: list[Box] = []
    before = 0
    for at, box in characters:
        if box.left >= box.right or box.top >= box.bottom:
            continue
        if found and "|" not in text[before + 1 : at] and _goes_on(found[-1], box):
            found[-1] = _around(found[-1], box)
        else:
            found.append(box)
        before = at
    return found


def _goes_on(line: Box, box: Box) -> bool:
    """Whether a character stands in a line: beside it, or below or above it in one set sideways."""
    wide = min(line.right, box.right) - max(line.left, box.left)
    high = min(line.bottom, box.bottom) - max(line.top, box.top)
    height, width = box.bottom - box.top, box.right - box.left
    if high >= min(line.bottom - line.top, height) / 2:
        return -wide <= 2 * height
    return wide >= 0.8 * max(line.right - line.left, width) and -high <= 0.5 * width


def _around(line: Box, box: Box) -> Box:
    return Box(
        min(line.left, box.left),
        min(line.top, box.top),
        max(line.right, box.right),
        max(line.bottom, box.bottom),
    )
