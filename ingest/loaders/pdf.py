"""PDF documents: pages → lines → blocks → Markdown, with the offset at which each page starts."""

import io
import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

from ingest.errors import DocumentError
from ingest.loaders.document import LoadedDocument, choose_title, iso_date
from ingest.loaders.pdf_blocks import Block, Typography, blocks_of_page, continues, join
from ingest.loaders.pdf_layout import Line, Page, read_page, row_text
from ingest.loaders.text import clean

_DAMAGED = "Open it in a PDF reader and save or print it to a new PDF."
# A line that returns on two pages in five is a header or a footer (left and right pages differ).
_REPEATED_SHARE = 0.4
_EDGE_LINES = 3
_PAGE_NUMBER = re.compile(
    r"^[-–—|\s]*(?:page\s*)?\d{1,4}(?:\s*(?:/|of)\s*\d{1,4})?[-–—|\s]*$", re.IGNORECASE
)
_NUMBER_AT_END = re.compile(r"^(\d{1,4})\s|\s(\d{1,4})$")
_UNMAPPED = re.compile(r"\(cid:\d+\)")
_PDF_DATE = re.compile(r"D:(\d{4})(\d{2})(\d{2})")
_NO_TITLE = re.compile(
    r"^(untitled|\(?anonymous\)?|microsoft word - .*|.*\.(docx?|tex|indd|pdf))$", re.IGNORECASE
)
_METADATA = {"author": "Author", "description": "Subject", "keywords": "Keywords"}


def read(content: bytes, name: str) -> LoadedDocument:
    """Load a PDF. Raises DocumentError when it is damaged, protected or has no text layer."""
    pages, stated, warnings = _read_pages(content, name)
    if not any(page.elements for page in pages):
        raise DocumentError(
            name,
            f"none of its {len(pages)} page(s) has a text layer; it is probably a scan.",
            "Run OCR on it first (for example with ocrmypdf) and add the result.",
        )
    silent = [number for number, page in enumerate(pages, 1) if not page.elements]
    if silent:
        listed = ", ".join(map(str, silent))
        warnings.append(f"No text was found on page(s) {listed}; scanned pages need OCR first.")
    warnings += _drop_repeated(pages)
    style = Typography.of(pages)
    text, starts = _assemble([list(blocks_of_page(page, style)) for page in pages], style)
    text, unmapped = _UNMAPPED.subn("\N{REPLACEMENT CHARACTER}", text)
    if unmapped:
        warnings.append(f"{unmapped} character(s) have no meaning in this PDF's fonts.")
    title = stated.get("Title", "")
    return LoadedDocument(
        text=text,
        title=choose_title(
            text, name, stated=None if _NO_TITLE.match(title) else title, fallback=_first_line(text)
        ),
        type="pdf",
        date=iso_date(_PDF_DATE.sub(r"\1-\2-\3 ", stated.get("CreationDate", ""))),
        pages=tuple(starts),
        warnings=tuple(warnings),
        metadata={field: stated[key] for field, key in _METADATA.items() if stated.get(key)},
    )


def _read_pages(content: bytes, name: str) -> tuple[list[Page], dict[str, str], list[str]]:
    import pdfplumber
    from pdfminer.pdfdocument import PDFPasswordIncorrect
    from pdfplumber.utils.exceptions import PdfminerException

    pages: list[Page] = []
    warnings = []
    try:
        with pdfplumber.open(io.BytesIO(content)) as pdf:
            stated = {key: _words(value) for key, value in (pdf.metadata or {}).items()}
            images = 0
            for number, page in enumerate(pdf.pages, 1):
                try:
                    pages.append(read_page(page))
                    images += len(page.images)
                except Exception as error:  # a damaged page raises whatever its bytes lead to
                    pages.append(Page(0, 0, []))
                    warnings.append(f"Page {number} could not be read ({_reason(error)}).")
                page.close()
    except PdfminerException as error:
        if error.args and isinstance(error.args[0], PDFPasswordIncorrect):
            raise DocumentError(
                name, "the PDF is protected with a password.", "Save it without a password."
            ) from error
        raise DocumentError(name, f"the PDF is damaged ({_reason(error)}).", _DAMAGED) from error
    except Exception as error:  # likewise for a damaged cross-reference table or catalogue
        raise DocumentError(name, f"the PDF is damaged ({_reason(error)}).", _DAMAGED) from error
    if not pages:
        raise DocumentError(name, "the PDF is damaged (no page was found).", _DAMAGED)
    if len(warnings) == len(pages):
        raise DocumentError(name, f"the PDF is damaged. {warnings[0]}", _DAMAGED)
    if images:
        warnings.append(f"{images} image(s) were not read.")
    return pages, stated, warnings


def _words(value: Any) -> str:
    text, _ = clean(str(value or ""))
    return " ".join(text.split())


def _reason(error: Exception) -> str:
    return _words(error) or type(error).__name__


def _drop_repeated(pages: list[Page]) -> list[str]:
    """Remove running headers, footers and page numbers from `pages`; say which."""
    seen: Counter[str] = Counter()
    for page in pages:
        seen.update({_pattern(row) for row in page.edge_rows(_EDGE_LINES)})
    needed = max(2.0, _REPEATED_SHARE * len(pages))
    offset = _numbering_offset(pages, max(3.0, needed))
    dropped: Counter[str] = Counter()
    examples: dict[str, str] = {}
    for index, page in enumerate(pages):
        outermost = [row_text(row) for row in page.edge_rows(1)]
        for row in page.edge_rows(_EDGE_LINES):
            text, pattern = row_text(row), _pattern(row)
            numbered = _PAGE_NUMBER.match(text) or offset in _offsets(text, index)
            if seen[pattern] >= needed or (text in outermost and numbered):
                page.remove(row)
                dropped[pattern] += 1
                examples.setdefault(pattern, text)
    if not dropped:
        return []
    listed = "; ".join(f"“{examples[key]}” ({count} pages)" for key, count in dropped.items())
    return [f"Left out as page header or footer: {listed}."]


def _numbering_offset(pages: list[Page], needed: float) -> int | None:
    """Printed page number minus index, if enough outermost lines begin or end with such a number:
    a header that names the chapter is another one on each page, but counts on."""
    offsets: Counter[int] = Counter()
    for index, page in enumerate(pages):
        texts = map(row_text, page.edge_rows(1))
        offsets.update({offset for text in texts for offset in _offsets(text, index)})
    best = max(offsets, key=lambda offset: offsets[offset], default=None)
    return best if best is not None and offsets[best] >= needed else None


def _offsets(text: str, index: int) -> list[int]:
    return [int(a or b) - index for a, b in _NUMBER_AT_END.findall(text)]


def _pattern(row: list[Line]) -> str:
    """What running headers have in common: the words and the size (a title has another)."""
    return f"{row[0].size:.0f} " + re.sub(r"\d+", "#", row_text(row))


def _assemble(pages: list[list[Block]], style: Typography) -> tuple[str, list[int]]:
    """The document's Markdown and the offset in it at which each page starts."""
    chunks: list[str] = []
    starts: list[int] = []
    position = 0
    previous: Block | None = None
    for blocks in pages:
        marked = False
        for at_top, block in _with_first(blocks):
            if previous and at_top and continues(previous, block):
                glued = join(chunks[-1], block.text, style.words)
                kept = len(glued) - len(block.text)
                position += kept - len(chunks[-1])
                chunks[-1] = glued[:kept]
                written = block.text
            elif previous and at_top and (rows := block.rows_after(previous)):
                separator, written = "\n", rows
                chunks.append(separator)
                position += 1
            else:
                separator = "" if previous is None else previous.separator(block)
                written = style.heading_mark(block) + block.text
                chunks.append(separator)
                position += len(separator)
            if not marked:
                starts.append(position)
                marked = True
            chunks.append(written)
            position += len(written)
            previous = block
        if not marked:
            starts.append(position)
    return "".join(chunks) + "\n", starts


def _with_first(blocks: list[Block]) -> Iterator[tuple[bool, Block]]:
    for index, block in enumerate(blocks):
        yield index == 0, block


def _first_line(text: str) -> str | None:
    line = text.lstrip().split("\n", 1)[0]
    return line if len(line) <= 120 else None
