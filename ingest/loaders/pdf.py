"""PDF documents: PDFium finds the characters, liteparse the blocks they stand in; here they become
Markdown, each character with its place on its page."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ingest.errors import DocumentError
from ingest.loaders.document import LoadedDocument, choose_title, stated
from ingest.loaders.parts import named
from ingest.loaders.pdf_fields import in_place, read_filled_sheet
from ingest.loaders.pdf_furniture import Parted, without_furniture
from ingest.loaders.pdf_layout import lay_out, usual_gap, with_struck
from ingest.loaders.pdf_lines import NOWHERE, Spelt, Word, vocabulary, words_of
from ingest.loaders.pdf_notes import with_notes
from ingest.loaders.pdf_ocr import read_images, remedy
from ingest.loaders.pdf_page import TYPE, Sheet
from ingest.loaders.pdf_text import Block, Style, block_of, mark_headings, whole_sentences, written
from ingest.places import PagePlaces, pack

_DAMAGED = "Open it in a PDF reader and save or print it to a new PDF."
_PASSWORD = 4  # PDFium's FPDF_ERR_PASSWORD
_PDF_DATE = re.compile(r"D:(\d{4})(\d{2})(\d{2})")
_FILE_NAME = re.compile(r"\.\w{1,5}$|\w:\S|^untitled|^\(?anonymous", re.IGNORECASE)
_INFO = {
    "title": "Title",
    "author": "Author",
    "description": "Subject",
    "keywords": "Keywords",
    "created": "CreationDate",
}
_NO_SHEET = Sheet(1, 1, "", np.zeros((0, 4), np.float32), np.zeros(0, TYPE))


def read(content: bytes, name: str) -> LoadedDocument:
    """Load a PDF. Raises DocumentError when it is damaged, protected or has no text layer."""
    sheets, info, warnings = _read_sheets(content, name)
    wanting = (sheet.is_garbled or (sheet.is_image and not sheet.is_ocr) for sheet in sheets)
    scans = [number for number, is_wanting in enumerate(wanting) if is_wanting]
    read = {}
    for number, sheet, page in read_images(content, list(sheets), scans):
        sheets[number], read[number] = sheet, page
    if not any(sheet.signs.strip() for sheet in sheets):
        problem = f"none of its {len(sheets)} page(s) has a text layer; it is probably a scan."
        raise DocumentError(name, problem, remedy())
    warnings += _about_images(sheets)
    words = [in_place(sheet, words_of(sheet, sheet.turn)) for sheet in sheets]
    parted = without_furniture(sheets, words)
    style = _style(sheets, parted.words)
    blocks = _blocks(content, sheets, parted, style, read)
    mark_headings(blocks, style)
    blocks = with_notes(whole_sentences(blocks, style.words), style, _firsts(sheets))
    spelt = written(blocks)
    unmapped = spelt.text.count("\N{REPLACEMENT CHARACTER}")
    if unmapped:
        warnings.append(f"{unmapped} character(s) have no meaning in this PDF's fonts.")
    starts, places = _places(spelt, sheets)
    told = stated(spelt.text, _believed(info, style.words))
    fallback = _first_line(spelt.text) or (
        None if _FILE_NAME.search(info["title"]) else info["title"]
    )
    return LoadedDocument(
        text=spelt.text,
        title=choose_title(spelt.text, name, stated=told.pop("title", None), fallback=fallback),
        type="pdf",
        date=told.pop("date", None),
        pages=starts,
        warnings=(*warnings, *parted.warnings),
        metadata=told,
        places=places,
        hidden=tuple(text for sheet in sheets for text in sheet.hidden),
    )


def _read_sheets(content: bytes, name: str) -> tuple[list[Sheet], dict[str, str], list[str]]:
    import pypdfium2

    sheets: list[Sheet] = []
    warnings = []
    try:
        document = pypdfium2.PdfDocument(content)
    except pypdfium2.PdfiumError as error:
        if getattr(error, "err_code", 0) == _PASSWORD:
            problem, remedy = "the PDF is protected with a password.", "Save it without a password."
            raise DocumentError(name, problem, remedy) from error
        raise DocumentError(name, f"the PDF is damaged ({_bare(error)}).", _DAMAGED) from error
    with document:
        document.init_forms()
        info = document.get_metadata_dict()
        for number in range(len(document)):
            try:
                sheets.append(read_filled_sheet(document, number))
            except pypdfium2.PdfiumError as error:
                sheets.append(_NO_SHEET)
                warnings.append(f"Page {number + 1} could not be read ({_bare(error)}).")
        attached = _attached(document)
    if len(warnings) == len(sheets):
        problem = _bare(warnings[0]) if warnings else "no page was found"
        raise DocumentError(name, f"the PDF is damaged ({problem}).", _DAMAGED)
    told = {key: " ".join(info.get(name, "").split()) for key, name in _INFO.items()}
    warnings += attached
    return sheets, {**told, "created": _PDF_DATE.sub(r"\1-\2-\3 ", told["created"])}, warnings


def _bare(words: object) -> str:
    return str(words).removesuffix(".")


def _attached(document: Any) -> list[str]:
    """What the receipt says of files that are attached to a PDF."""
    import pypdfium2

    names = []
    for number in range(document.count_attachments()):
        try:
            names.append(document.get_attachment(number).get_name())
        except pypdfium2.PdfiumError:
            names.append("one without a name")
    if not names:
        return []
    told = f"{len(names)} attached file(s) not read: {named(names)}."
    return [f"{told} Save and add them by themselves."]


def _about_images(sheets: Sequence[Sheet]) -> list[str]:
    """What the receipt says of images, and of pages without text."""
    numbered = list(enumerate(sheets, 1))
    by_ocr = [number for number, sheet in numbered if sheet.is_ocr]
    unread = [number for number, sheet in numbered if sheet.is_image and not sheet.is_ocr]
    garbled = [number for number, sheet in numbered if sheet.is_garbled]
    empty = [n for n, sheet in numbered if not sheet.signs.strip() and not sheet.is_image]
    images = sum(sheet.images for sheet in sheets if not sheet.is_image)
    said = [
        (by_ocr, "Read by OCR, so letters may be wrong: page(s) {}."),
        (unread, "Page(s) {} are images and were not read. " + remedy()),
        (garbled, "Which letters the fonts draw on page(s) {} cannot be told. " + remedy()),
        (empty, "No text was found on page(s) {}."),
    ]
    told = [words.format(", ".join(map(str, pages))) for pages, words in said if pages]
    return told + ([f"{images} image(s) were not read."] if images else [])


def _style(sheets: Sequence[Sheet], pages: Sequence[Sequence[Word]]) -> Style:
    sizes: dict[bool, Counter[float]] = {True: Counter(), False: Counter()}
    bold = 0
    words: Counter[str] = Counter()
    for sheet, found in zip(sheets, pages, strict=True):
        type = sheet.type[[at for word in found for at in sheet.signs_of(word.start, word.end)]]
        for is_mono, counter in sizes.items():
            chosen = np.round(type["size"][type["mono"] == is_mono], 1)
            counter.update(dict(zip(*np.unique(chosen, return_counts=True), strict=True)))
        bold += int(type["bold"].sum())
        words += vocabulary(sheet, found)
    # What is printed around code, unless all is a typewriter's.
    most = max(sizes.values(), key=Counter.total)
    size = max(most, key=lambda size: most[size], default=10.0)
    return Style(float(size), bold > sum(map(Counter.total, sizes.values())) / 2, words)


def _blocks(
    content: bytes,
    sheets: Sequence[Sheet],
    parted: Parted,
    style: Style,
    read: Mapping[int, Any],
) -> list[Block]:
    gap = usual_gap(parted.words)
    firsts = _firsts(sheets)
    blocks: list[Block] = []
    for number, found in _parsed(content, sheets):
        found = read.get(number, found)
        sheet = with_struck(sheets[number], found)
        edges = (parted.tops[number], parted.bottoms[number])
        pieces = lay_out(sheet, parted.words[number], found, gap, style.size, edges)
        first = int(firsts[number])
        made = (block_of(sheet, piece, number, first, style) for piece in pieces)
        blocks += [block for block in made if block.body.text.strip()]
    return blocks


def _parsed(content: bytes, sheets: Sequence[Sheet]) -> Iterator[tuple[int, Any]]:
    """Each page's number (from 0) and what liteparse says of it."""
    from liteparse import LiteParse

    turned = [(number, sheet.turn) for number, sheet in enumerate(sheets, 1) if sheet.turn]
    parser = LiteParse(
        ocr_enabled=False,
        output_format="markdown",  # the only one for which it makes out blocks
        image_mode="off",
        quiet=True,
        keep_headers_footers=True,
        extract_links=False,
        extract_blocks=True,
        extract_vector_graphics=True,
        continue_on_page_error=True,
        page_orientation_corrections=turned or None,
    )
    for batch in parser.parse_batches(content):
        for page in batch.result.pages:
            yield page.page_num - 1, page


def _firsts(sheets: Sequence[Sheet]) -> NDArray[np.int64]:
    """The number of each page's first sign, counted over all pages; and one past the last."""
    return np.cumsum([0, *(len(sheet.signs) for sheet in sheets)])


def _places(
    spelt: Spelt, sheets: Sequence[Sheet]
) -> tuple[tuple[int, ...], tuple[PagePlaces, ...]]:
    """Where each page starts in the text, and where its characters stand on it."""
    at = np.array(spelt.at, dtype=np.int64)
    firsts = _firsts(sheets)
    starts: list[int] = []
    places: list[PagePlaces] = []
    following = len(spelt.text) - 1
    for number, sheet in reversed(list(enumerate(sheets))):
        offsets = np.flatnonzero((at >= firsts[number]) & (at < firsts[number + 1]))
        if len(offsets):
            following = min(following, _with_mark(spelt, int(offsets[0])))
        starts.append(following)
        boxes = sheet.boxes[at[offsets] - firsts[number]]
        size = (sheet.width, sheet.height)
        places.append(PagePlaces(*size, pack(offsets, boxes, size), sheet.is_ocr))
    return tuple(reversed(starts)), tuple(reversed(places))


def _with_mark(spelt: Spelt, offset: int) -> int:
    """The start of the line at `offset` when only marks of Markdown stand before it there."""
    start = offset
    while start and spelt.at[start - 1] == NOWHERE and spelt.text[start - 1] != "\n":
        start -= 1
    return start if not start or spelt.text[start - 1] == "\n" else offset


def _believed(info: Mapping[str, str], words: Counter[str]) -> dict[str, str]:
    """What a file states about itself, if the document speaks of it too: many titles are a
    template's or another file's, and many authors the name of an account."""
    believed = {}
    for key, value in info.items():
        its = re.findall(r"[^\W\d_]+", value.lower())
        is_spoken_of = bool(its) and 2 * sum(word in words for word in its) > len(its)
        if is_spoken_of or (key != "title" and (" " in value or key == "created")):
            believed[key] = value
    return believed


def _first_line(text: str) -> str | None:
    line = text.lstrip().split("\n", 1)[0].replace("~~", "")
    is_text = len(line) > 120 or line.endswith(".") or ". " in line or line.startswith("|")
    return None if is_text else line
