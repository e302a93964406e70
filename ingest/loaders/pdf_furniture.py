"""What a PDF repeats at the edges of its pages: running headers and footers, page numbers."""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from ingest.loaders.pdf_layout import LARGER
from ingest.loaders.pdf_lines import SENTENCE_END, Word, spell
from ingest.loaders.pdf_page import Sheet
from ingest.loaders.pdf_tables import printed_lines

_PAGES = 3
_MARGIN_SHARE = 0.15
_LINES = 3
_APART = 0.8  # of a line's height between furniture and the text
_SMALLER = 0.95  # than the text, as running headers are set that stand close to it
_NUMBER = re.compile(r"\d+|\b[ivxlc]+\b")


@dataclass(frozen=True)
class Parted:
    """The words of each page, without its edge lines that recur: on three pages they are furniture,
    and left out; those on two stand apart, lines at the top and the bottom of each page."""

    words: list[list[Word]]
    tops: list[list[list[Word]]]
    bottoms: list[list[list[Word]]]
    warnings: list[str]


def without_furniture(sheets: Sequence[Sheet], pages: Sequence[list[Word]]) -> Parted:
    """Part the text of a document's pages from what recurs at their edges."""
    found: dict[tuple[str, int, bool], list[tuple[int, str, list[Word]]]] = defaultdict(list)
    for number, (sheet, words) in enumerate(zip(sheets, pages, strict=True)):
        for is_top, line in _edge_lines(sheet, words):
            text = spell(sheet, line).text
            if not _is_sentence(text):
                size = round(float(sheet.type["size"][line[0].start]))
                found[_NUMBER.sub("#", text), size, is_top].append((number, text, line))
    kept = [{word.start: word for word in words} for words in pages]
    tops: list[list[list[Word]]] = [[] for _ in pages]
    bottoms: list[list[list[Word]]] = [[] for _ in pages]
    named: dict[str, int] = {}
    sizes = [sheet.type["size"] for sheet in sheets if len(sheet.type)]
    usual = float(np.median(np.concatenate(sizes))) if sizes else 0.0
    for (pattern, size, is_top), lines in found.items():
        pages_with = len({number for number, _, _ in lines})
        is_title = pages_with < _PAGES and size > LARGER * usual
        if pages_with < 2 or is_title or (pattern == "#" and not _counts_on(lines)):
            continue
        if pages_with >= _PAGES:
            named[lines[0][1]] = named.get(lines[0][1], 0) + pages_with
        for number, _, line in lines:
            for word in line:
                kept[number].pop(word.start, None)
            if pages_with < _PAGES:
                (tops if is_top else bottoms)[number].append(line)
    listed = "; ".join(f"“{text}” ({count} pages)" for text, count in named.items())
    warnings = [f"Left out as page header or footer: {listed}."] if named else []
    return Parted([list(words.values()) for words in kept], tops, bottoms, warnings)


def _edge_lines(sheet: Sheet, words: Sequence[Word]) -> Iterator[tuple[bool, list[Word]]]:
    """The outermost lines of a page, as far as a gap or smaller type parts them from its text."""
    height = sheet.width if sheet.turn % 180 else sheet.height
    lines = printed_lines(words)
    for is_top, ordered in ((True, lines), (False, lines[::-1])):
        for at in range(min(_LINES, len(ordered) - 1)):
            line, after = ordered[at], ordered[at + 1]
            inner = line[0].bottom if is_top else height - line[0].top
            if inner > _MARGIN_SHARE * height:
                break
            gap = max(after[0].top - line[0].bottom, line[0].top - after[0].bottom)
            size, of_text = (float(sheet.type["size"][each[0].start]) for each in (line, after))
            if gap >= _APART * line[0].height or size < _SMALLER * of_text:
                yield from ((is_top, each) for each in ordered[: at + 1])
                break


def _is_sentence(text: str) -> bool:
    words = text.split()
    return (
        bool(SENTENCE_END.search(text)) and len(words) > 3 and sum(w.islower() for w in words) > 1
    )


def _counts_on(lines: Sequence[tuple[int, str, list[Word]]]) -> bool:
    """Whether lone numbers are those of the pages: they go up with them."""
    steps = [int(text) - number for number, text, _ in lines if text.isdecimal()]
    return bool(steps) and max(map(steps.count, steps)) >= min(_PAGES, len(lines))
