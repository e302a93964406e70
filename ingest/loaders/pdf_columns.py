"""The two columns of text that a PDF page may have, and its words in the order of them."""

from collections.abc import Mapping, Sequence
from statistics import median

import numpy as np
from numpy.typing import NDArray

from ingest.loaders.pdf_lines import Lines, Word, box_of, extent, lines_of, parts_of, together
from ingest.loaders.pdf_tables import Table, printed_lines

CELL_WORDS = 5
"""A line of running text has as many words; half of a table's entries have no more."""

_COLUMN_GAP = 1.2
_NARROWEST = 0.75  # LaTeX's columns are 10 points apart
_FEWEST_LINES = 3
_OVER_SHARE = 0.4  # of the lines of a page with columns: titles, tables, what is below
_COLUMN_SHARE = 0.15
_FULL_SHARE = 0.8


def columns_of(words: Sequence[Word]) -> list[list[Word]]:
    """The words of a page by its two columns of text and what goes over both, if it has them;
    else all of them."""
    atoms = _atoms(words, {})
    if not atoms:
        return []
    boxes = np.array([box_of(atom) for atom in atoms])
    cut = _gutter(boxes, median(word.height for word in words))
    if cut is None:
        return [list(words)]
    parts: tuple[list[list[Word]], ...] = ([], [], [])
    for atom, (left, _, right, _) in zip(atoms, boxes.tolist(), strict=True):
        parts[0 if right < cut else 1 if left > cut - 1 else 2].append(atom)
    if not all(map(_is_text, parts[:2])):
        return [list(words)]
    return [together(part) for part in parts if part]


def within_columns(region: list[Word], columns: Sequence[list[Word]]) -> list[list[Word]]:
    """A region, without the running text of another column that it reaches into."""
    if len(columns) < 2:
        return [region]
    starts = {word.start for word in region}
    parts = [[w for w in column if w.start in starts] for column in columns]
    is_running = [
        len(_full_lines(lines_of(part), right - left)) > 1
        for part, (left, right) in zip(parts, map(extent, columns), strict=True)
        if part
    ]
    kept = [part for part, text in zip(filter(None, parts), is_running, strict=True) if not text]
    return kept if any(is_running) else [region]


def _atoms(words: Sequence[Word], tables: Mapping[int, Table]) -> list[list[Word]]:
    """Words that stay together: those of a table, and of a line as far as a column's gap."""
    of_tables: dict[int, list[Word]] = {}
    loose: list[Word] = []
    for word in words:
        table = tables.get(word.start)
        where = loose if table is None else of_tables.setdefault(id(table), [])
        where.append(word)
    lines = (parts_of(line, _COLUMN_GAP) for line in lines_of(loose))
    return [*of_tables.values(), *(part for parts in lines for part in parts)]


def by_columns(words: Sequence[Word], tables: Mapping[int, Table]) -> list[Word]:
    """Words as the columns of a page are read: what goes over a gap between two of them comes after
    what is above it on both sides, and before what is below it or beside it. `tables` are those of
    the words that stand in one, by where each begins; its words stay together."""
    return _in_order(_atoms(words, tables))


def _in_order(atoms: Sequence[list[Word]]) -> list[Word]:
    boxes = np.array([box_of(atom) for atom in atoms]).reshape(-1, 4)
    height = median(word.height for atom in atoms for word in atom) if atoms else 0.0
    cut = _gutter(boxes, height)
    if cut is None:
        return together(printed_lines(together(atoms)))
    left, top, right, bottom = boxes.T
    middles = (top + bottom) / 2
    is_over = (left < cut - 1) & (right > cut - _NARROWEST * height)
    spans: list[list[float]] = []
    for start, end in sorted(zip(top[is_over].tolist(), bottom[is_over].tolist(), strict=True)):
        if spans and start < spans[-1][1] + height:
            spans[-1][1] = max(end, spans[-1][1])
        else:
            spans.append([start, end])
    ordered: list[Word] = []
    reached = float("-inf")
    for start, end in [*spans, [float("inf"), float("inf")]]:
        between = ~is_over & (middles > reached) & (bottom < start + height / 3)
        beside = ~is_over & ~between & (middles > reached) & (middles <= end)
        inside = is_over & (middles >= start) & (middles <= end)
        is_left = left < cut - 1
        for part in (between & is_left, between & ~is_left, inside, beside):
            chosen = [atoms[number] for number in np.flatnonzero(part).tolist()]
            ordered += _in_order(chosen) if chosen else []
        reached = end
    return ordered


def _gutter(boxes: NDArray[np.float64], height: float) -> float | None:
    """Where the right one of two columns begins, if there are two: few lines go over the gap."""
    left, top, right, _ = boxes.T
    found: list[tuple[int, float, float]] = []
    for cut in np.unique(left):
        before, after = right < cut - _NARROWEST * height, left > cut - 1
        over = len(boxes) - (before | after).sum()
        lines = [len(np.unique(top[side].round())) for side in (before, after)]
        if min(lines) < _FEWEST_LINES or over > _OVER_SHARE * len(boxes):
            continue
        widths = right[before].max() - left[before].min(), right[after].max() - left[after].min()
        if min(widths) > _COLUMN_SHARE * (right.max() - left.min()):
            gap = float(cut - right[before].max())
            found.append((min(lines) - int(over), gap, float(cut)))
    return max(found)[2] if found else None


def _is_text(lines: Lines) -> bool:
    """Whether three lines in a column or more are as full of words as running text is."""
    width = max(right - left for left, right in map(extent, lines))
    return len(_full_lines(lines, width)) >= _FEWEST_LINES


def _full_lines(lines: Lines, width: float) -> list[list[Word]]:
    """Those that have words enough and go over most of the width."""
    sides = [extent(line) for line in lines]
    return [
        line
        for line, (left, right) in zip(lines, sides, strict=True)
        if len(line) >= CELL_WORDS and right - left > _FULL_SHARE * width
    ]
