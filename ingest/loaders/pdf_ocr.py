"""Pages of a PDF that are images: what OCR reads from them, ours or that of who scanned them."""

import io
import os
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np

from ingest.loaders.parts import bounds
from ingest.loaders.pdf_page import TYPE, Sheet

_FOLDERS = (
    os.environ.get("TESSDATA_PREFIX", ""),
    f"{sys.prefix}/share/tessdata",
    "/usr/share/tesseract-ocr/5/tessdata",
    "/usr/share/tesseract-ocr/4.00/tessdata",
    "/usr/share/tessdata",
    "/opt/homebrew/share/tessdata",
    "/usr/local/share/tessdata",
)
_NO_LANGUAGES = {"osd", "equ"}
_SCALE = 3.0  # 216 dots to the inch
_MOST_LANGUAGES = 4  # each costs as much time as the first


def read_images(
    content: bytes, sheets: Sequence[Sheet], numbers: Sequence[int]
) -> Iterator[tuple[int, Sheet, Any]]:
    """Pages `numbers` (from 0) with what is read from them, and liteparse's page of each.

    Ends early when there are no Tesseract data, or when time is up.
    """
    folder, languages = tessdata()
    if folder is None:
        return
    from liteparse import LiteParse
    from liteparse.types import ParseError

    until = bounds().ocr_until
    for number in numbers:
        if time.process_time() > until:
            return
        is_garbled = sheets[number].is_garbled
        parser = LiteParse(
            ocr_enabled=True,
            # Without the data it would fetch them from the net.
            tessdata_path=str(folder),
            ocr_language="+".join(languages),
            target_pages="1" if is_garbled else str(number + 1),
            num_workers=1,
            emit_word_boxes=True,
            output_format="markdown",
            image_mode="off",
            quiet=True,
            keep_headers_footers=True,
            extract_blocks=True,
            extract_vector_graphics=True,
        )
        try:
            (page,) = parser.parse(_drawn(content, number) if is_garbled else content).pages
        except (ParseError, ValueError):
            continue
        yield number, _with_words(sheets[number], page), page


def _drawn(content: bytes, number: int) -> bytes:
    """A PDF of page `number` as an image, for a page that has text is not looked at."""
    import pypdfium2

    out = io.BytesIO()
    with pypdfium2.PdfDocument(content) as document, pypdfium2.PdfDocument.new() as drawn:
        size = document[number].get_size()
        image = pypdfium2.PdfImage.new(drawn)
        image.set_bitmap(document[number].render(scale=_SCALE))
        image.set_matrix(pypdfium2.PdfMatrix().scale(*size))
        page = drawn.new_page(*size)
        page.insert_obj(image)
        page.gen_content()
        drawn.save(out)
    return out.getvalue()


def remedy() -> str:
    """What to do about pages that were not read."""
    if tessdata()[0]:
        return "OCR found no text on them either; a scan that is sharper may be read."
    return "`pip install 'footnote[ocr]'` brings OCR for English scans; then add the file again."


def tessdata() -> tuple[Path | None, list[str]]:
    """Where Tesseract's data are, and for which languages."""
    for folder in map(Path, filter(None, _FOLDERS)):
        found = {file.stem for file in folder.glob("*.traineddata")} - _NO_LANGUAGES
        if found:
            few = len(found) <= _MOST_LANGUAGES or "eng" not in found
            return folder, sorted(found)[:_MOST_LANGUAGES] if few else ["eng"]
    return None, []


def _with_words(sheet: Sheet, page: Any) -> Sheet:
    """A sheet with the words that were read where it has none of its own."""
    if sheet.is_garbled:
        sheet = replace(sheet, signs="", boxes=sheet.boxes[:0], type=sheet.type[:0])
    signs = [sheet.signs]
    boxes = [sheet.boxes]
    sizes: list[float] = []
    items = [item for item in page.text_items if item.confidence is not None]
    # A line is as high as its letters are: only what is much higher is set larger.
    usual = median(item.height for item in items) if items else 0.0
    for item in items:
        size = usual if 0.6 * usual < item.height < 1.5 * usual else item.height
        for word in item.words:
            if not word.text:
                continue
            count = len(word.text) + 1
            step = word.width / len(word.text)
            left = word.x + step * np.arange(-1, len(word.text))
            top, bottom = np.full(count, item.y), np.full(count, item.y + item.height)
            signs.append(f" {word.text}")
            boxes.append(np.stack([left, top, left + step, bottom], axis=1).astype(np.float32))
            sizes += [size] * count
    types = np.array([(0, size, False, False) for size in sizes], dtype=TYPE)
    return replace(
        sheet,
        signs="".join(signs),
        boxes=np.concatenate(boxes),
        type=np.concatenate([sheet.type, types]),
        turn=0,
        is_ocr=True,
        is_garbled=False,
        own=sum(map(len, signs)),
    )
