"""What people have put onto a PDF page: fields filled in, boxes ticked, notes typed."""

import ctypes
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from ingest.loaders.pdf_lines import Word, beside, with_late
from ingest.loaders.pdf_page import APART, TYPE, Boxes, Mask, Sheet, read_sheet, shown

_NOTE_SIZE = 9.0
_Mark = tuple[str, Boxes]  # a text, and the one box that it stands in


def read_filled_sheet(document: Any, number: int) -> Sheet:
    """Page `number` (from 0) of a pypdfium2 document with all that was put onto it.

    Ticks stand as ☒ and ☐ where their boxes are. A value or note that is not drawn on the page is
    text apart from the page's.
    """
    import pypdfium2.raw as pdfium

    page = document[number]
    ticks, notes = _put_on(document, page)
    own = page.get_textpage().count_chars() if ticks or notes else None
    # PDFium does not see there what a page has from the tree of pages.
    page.set_mediabox(*page.get_bbox())
    page.set_rotation(page.get_rotation())
    pdfium.FPDFPage_Flatten(page.raw, pdfium.FLAT_NORMALDISPLAY)
    page.close()
    page = document[number]
    sheet = read_sheet(page, own)
    page.close()
    for sign, box in ticks:
        sheet = _with(_without(sheet, box), sign, box, sheet.turn)
    for text, box in notes:
        if _letters(text) not in _letters(sheet.signs):
            sheet = _with(sheet, " ".join(text.split()), box, APART)
    return sheet


def in_place(sheet: Sheet, words: Sequence[Word]) -> list[Word]:
    """The words of a page with those that were put onto it after the label on their left, or
    before that on their right; a file draws them last."""
    own = [word for word in words if word.start < sheet.own]
    placed = with_late(sheet, own)
    for word in words[len(own) :]:
        before = [
            (w.right, at) for at, w in enumerate(placed) if beside(w, word) and w.left < word.left
        ]
        after = [
            (w.left, -at) for at, w in enumerate(placed) if beside(w, word) and w.left > word.left
        ]
        at = max(before)[1] + 1 if before else -min(after)[1] if after else len(placed)
        placed.insert(at, word)
    return placed


def _put_on(document: Any, page: Any) -> tuple[list[_Mark], list[_Mark]]:
    """The ticks on a page, and the values and notes."""
    import pypdfium2.raw as pdfium

    ticks: list[_Mark] = []
    notes: list[_Mark] = []
    form = document.formenv.raw if document.formenv else None
    for at in range(pdfium.FPDFPage_GetAnnotCount(page.raw)):
        annotation = pdfium.FPDFPage_GetAnnot(page.raw, at)
        kind = pdfium.FPDFAnnot_GetSubtype(annotation)
        rectangle = pdfium.FS_RECTF()
        pdfium.FPDFAnnot_GetRect(annotation, rectangle)
        box = shown(page, np.frombuffer(rectangle, dtype=np.float32).reshape(1, 4).copy())
        field = pdfium.FPDFAnnot_GetFormFieldType(form, annotation) if form else -1
        if field in (pdfium.FPDF_FORMFIELD_CHECKBOX, pdfium.FPDF_FORMFIELD_RADIOBUTTON):
            ticks.append(("☒" if pdfium.FPDFAnnot_IsChecked(form, annotation) else "☐", box))
        elif kind == pdfium.FPDF_ANNOT_WIDGET:
            value = _string(pdfium.FPDFAnnot_GetFormFieldValue, form, annotation) if form else ""
            notes.append((value, box))
        elif kind not in (pdfium.FPDF_ANNOT_LINK, pdfium.FPDF_ANNOT_POPUP):
            notes.append((_string(pdfium.FPDFAnnot_GetStringValue, annotation, b"Contents"), box))
        pdfium.FPDFPage_CloseAnnot(annotation)
    return ticks, [(text, box) for text, box in notes if text.strip()]


def _string(function: Any, *arguments: Any) -> str:
    """What one of PDFium's functions writes as UTF-16 with a NUL at its end."""
    import pypdfium2.raw as pdfium

    size = function(*arguments, None, 0)
    buffer = ctypes.create_string_buffer(size)
    function(*arguments, ctypes.cast(buffer, ctypes.POINTER(pdfium.FPDF_WCHAR)), size)
    return buffer.raw[: max(size - 2, 0)].decode("utf-16-le", "replace")


def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, text))


def _with(sheet: Sheet, text: str, box: Boxes, angle: int) -> Sheet:
    """A sheet with a text put into one box, after all others."""
    count = len(text) + 1
    size = min(_NOTE_SIZE, float(box[0, 3] - box[0, 1]))
    return replace(
        sheet,
        signs=f"{sheet.signs} {text}",
        boxes=np.concatenate([sheet.boxes, np.repeat(box, count, axis=0)]),
        type=np.concatenate([sheet.type, np.array([(angle, size, False, False)] * count, TYPE)]),
    )


def _without(sheet: Sheet, box: Boxes) -> Sheet:
    """A sheet without what was put into a box: the sign that draws the tick."""
    centres = (sheet.boxes[:, :2] + sheet.boxes[:, 2:]) / 2
    inside: Mask = np.all((centres > box[0, :2]) & (centres < box[0, 2:]), axis=1)
    inside[: sheet.own] = False
    signs = "".join(" " if gone else sign for sign, gone in zip(sheet.signs, inside, strict=True))
    return replace(sheet, signs=signs)
