"""The rows and columns of a table on a PDF page: from its rules, and from the gaps in its text."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import combinations_with_replacement, pairwise
from statistics import median

import numpy as np
from numpy.typing import NDArray

from ingest.loaders.pdf_lines import SENTENCE_END, Word, beside

Cell = list[Word]
Row = list[Cell]

_GAP_AT_CUT = 0.7  # of the gap that parts columns elsewhere
_SAME = 3.0  # points: the two edges of a rule, or a rule and its neighbour's end
_MANY_LINES = 5
_FEWEST_RULES = 3
_TALLEST_ROW = 90.0  # points
_FRAMED_SHARE = 0.7
_RULED = 4  # bands between rules
_CENTRED = 0.04  # of the width of what is below
_NEAR = 40.0  # points
MOST_RULES = 3_000
"""Of one kind around a table, or on a page: with more they are a drawing."""
_VALUE = re.compile(r"\W*\d[\d\s.,:/%()–−-]*\D{0,3}")
_YEAR = re.compile(r"(?:19|20)\d\d")


@dataclass
class Rules:
    """What is ruled on a page: (y, left, right) across, (x, top, bottom) down.

    `ends` are the (x, y) at which one stroke of a rule meets the next: the tables of web pages
    are ruled cell by cell. `dots` are the middles of small shapes, such as list marks.
    """

    across: list[tuple[float, float, float]] = field(default_factory=list)
    down: list[tuple[float, float, float]] = field(default_factory=list)
    ends: list[tuple[float, float]] = field(default_factory=list)
    dots: list[tuple[float, float]] = field(default_factory=list)

    @cached_property
    def _arrays(self) -> list[NDArray[np.float64]]:
        named = ((self.across, 3), (self.down, 3), (self.ends, 2))
        return [np.array(some, dtype=np.float64).reshape(-1, width) for some, width in named]

    def around(self, words: Sequence[Word]) -> "Rules":
        """Those that are in or near the box around words; none of a kind where they are a drawing.

        Of a map or a chart there may be tens of thousands.
        """
        left, right = min(w.left for w in words) - _NEAR, max(w.right for w in words) + _NEAR
        top, bottom = min(w.top for w in words) - _NEAR, max(w.bottom for w in words) + _NEAR
        across, down, ends = self._arrays
        y, start, end = across.T
        x, upper, lower = down.T
        chosen = (
            across[(y > top) & (y < bottom) & (start < right) & (end > left)],
            down[(x > left) & (x < right) & (upper < bottom) & (lower > top)],
            ends[(ends > (left, top)).all(axis=1) & (ends < (right, bottom)).all(axis=1)],
        )
        few = [some.tolist() if len(some) <= MOST_RULES else [] for some in chosen]
        return Rules(*([tuple(each) for each in some] for some in few))


@dataclass
class Table:
    """The cells of a table, row by row.

    `has_header` says whether the first row names the columns. `size` is the number of rows and
    columns as they are printed, with those that name a group.
    """

    rows: list[Row]
    has_header: bool
    size: tuple[int, int]

    def places(self) -> dict[int, "Table"]:
        """Itself, for each of its words, by where that begins."""
        return {word.start: self for row in self.rows for cell in row for word in cell}


def printed_lines(words: Iterable[Word]) -> list[list[Word]]:
    """Words by the line that they stand on, from above and from the left."""
    lines: list[list[Word]] = []
    for word in sorted(words, key=lambda word: (word.top + word.bottom, word.left)):
        line = next((line for line in reversed(lines[-3:]) if beside(line[0], word)), None)
        if line is None:
            lines.append([word])
        else:
            line.append(word)
    return [sorted(line, key=lambda word: word.left) for line in lines]


def frames_around(words: Sequence[Word], rules: Rules) -> list[tuple[float, float]]:
    """Where the rules down above, beside and below words begin and end, those that meet as one."""
    left, right = min(word.left for word in words), max(word.right for word in words)
    frames: list[tuple[float, float]] = []
    for top, bottom in sorted((r[1], r[2]) for r in rules.down if left - 9 < r[0] < right + 9):
        if frames and top < frames[-1][1] + 1:
            frames[-1] = frames[-1][0], max(bottom, frames[-1][1])
        else:
            frames.append((top, bottom))
    return frames


def framed(words: Sequence[Word], rules: Rules) -> list[list[Word]]:
    """Words by the frame that they stand in; those between two frames in none of them."""
    if not words:
        return []
    frames = frames_around(words, rules)
    middles = [(word.top + word.bottom) / 2 for word in words]
    parts = [
        [word for word, y in zip(words, middles, strict=True) if top < y < bottom]
        for top, bottom in frames
    ]
    is_most = sum(map(len, parts)) > _FRAMED_SHARE * len(words)
    return [part for part in parts if part] if is_most else [list(words)]


def ruled(words: Sequence[Word], rules: Rules) -> list[list[Word]]:
    """The words between three rules or more of one width, with the line above the first."""
    stacks: list[list[tuple[float, float, float]]] = []
    open_stacks: list[list[tuple[float, float, float]]] = []
    for rule in sorted(rules.across if len(rules.across) <= MOST_RULES else ()):
        open_stacks = [stack for stack in open_stacks if rule[0] - stack[-1][0] < _TALLEST_ROW]
        for stack in open_stacks:
            y, left, right = stack[-1]
            if abs(rule[1] - left) < _SAME and abs(rule[2] - right) < _SAME:
                stack += [rule] if rule[0] - y > _SAME else []
                break
        else:
            open_stacks.append([rule])
            stacks.append(open_stacks[-1])
    found = []
    for stack in stacks:
        (top, left, right), bottom = stack[0], stack[-1][0]
        inside = [w for w in words if left - 2 < w.left and w.right < right + 2]
        region = [w for w in inside if top < (w.top + w.bottom) / 2 < bottom]
        above = printed_lines(w for w in inside if (w.top + w.bottom) / 2 < top)
        if len(stack) >= _FEWEST_RULES and region:
            found.append(region + (above[-1] if above and is_wide(above[-1]) else []))
    return found


def is_wide(line: Sequence[Word]) -> bool:
    """Whether a line has a gap that no justified text has."""
    return any(b.left - a.right > a.height for a, b in pairwise(line))


def read_table(
    words: Sequence[Word], rules: Rules, spell: Callable[[Cell], str], gap: float
) -> Table | None:
    """The table that these words are, or None when they stand in one column.

    A `gap` of so many heights of a line parts two columns; blanks are 0.2 to 0.3 wide.
    """
    grid = _Grid(words, rules, gap)
    if not grid.cuts:
        return None
    rows = grid.without_ends(grid.rows(spell))
    if len(rows) < 2:
        return None
    size = len(rows), len(rows[0])
    rows = grid.with_whole_header(rows)
    texts = [[spell(cell) for cell in row] for row in rows]
    is_table = sum(_is_several(row) for row in texts) > 1 and not _are_columns(texts)
    if not (grid.is_ruled or is_table) or _is_list(texts):
        return None
    return Table(grid.with_groups(rows), _has_header(texts), size)


class _Grid:
    """Where the columns of a table part, and which words stand in which."""

    def __init__(self, words: Sequence[Word], rules: Rules, gap: float) -> None:
        self.gap = gap
        rules = rules.around(words)
        left, right = min(w.left for w in words), max(w.right for w in words)
        top, bottom = min(w.top for w in words), max(w.bottom for w in words)
        self.left, self.right = left, right
        self.frame = [y for y, start, end in rules.across if start < right and end > left]
        self.across = [
            r for r in rules.across if top < r[0] < bottom and r[1] < right and r[2] > left
        ]
        self.down = [r for r in rules.down if left < r[0] < right and r[1] < bottom and r[2] > top]
        wide = [r for r in self.across if r[2] - r[1] > (right - left) / 2]
        self.is_ruled = bool(wide or [r for r in self.down if r[2] - r[1] > (bottom - top) / 2])
        self.lines = printed_lines(words)
        self.height = median(word.height for word in words)
        ends = [x for x, y in rules.ends if left < x < right and top - 9 < y < bottom + 9]
        ruled = {x for x, _, _ in self.down} | _repeated(ends)
        crossed = [x for x in ruled if sum(w.left + 1 < x < w.right - 1 for w in words) > 1]
        self.cuts = self._dividing(sorted(ruled - set(crossed)))
        for start, end in self._gaps():
            if not any(start - _SAME < cut < end + _SAME for cut in self.cuts):
                self.cuts.append((start + end) / 2)
        self.cuts = self._dividing(sorted(self.cuts))

    def _groups(self, line: Iterable[Word]) -> list[list[Word]]:
        """The words of a line that no wider gap divides, from the left."""
        found: list[list[Word]] = []
        for word in sorted(line, key=lambda word: word.left):
            if found and word.left - found[-1][-1].right < self.gap * word.height:
                found[-1].append(word)
            else:
                found.append([word])
        return found

    def _gaps(self) -> Iterable[tuple[float, float]]:
        """The gaps that all lines of several groups share; all but one, where there are many."""
        spaced = [[(g[0].left, g[-1].right) for g in self._groups(line)] for line in self.lines]
        spaced = [line for line in spaced if len(line) > 1]
        tolerated = int(len(spaced) >= _MANY_LINES)
        steps = Counter(left for line in spaced for left, _ in line)
        steps.subtract(right for line in spaced for _, right in line)
        start, clear, covering = None, [], 0
        for left, right in pairwise([*sorted(steps), float("inf")]):
            covering += steps[left]
            if covering <= tolerated and right < float("inf"):
                start = left if start is None else start
                clear += [] if covering else [(right - left, left, right)]
            elif start is not None:
                if left - start >= self.gap * self.height:
                    yield max(clear)[1:] if clear else (start, left)
                start, clear = None, []

    def _dividing(self, cuts: Sequence[float]) -> list[float]:
        """Only the cuts with words on both sides before the next one."""
        middles = [(word.left + word.right) / 2 for line in self.lines for word in line]
        kept: list[float] = []
        for cut in cuts:
            if any((kept[-1] if kept else 0) < middle < cut for middle in middles):
                kept.append(cut)
        while kept and not any(middle > kept[-1] for middle in middles):
            kept.pop()
        return kept

    def _is_ruled(self, cut: float, y: float) -> bool:
        return any(abs(x - cut) < _SAME and top <= y <= bottom for x, top, bottom in self.down)

    def parts(self, line: Sequence[Word]) -> list[tuple[range, list[Word]]]:
        """The cells of a printed line, each with the columns that it reaches into."""
        found: list[list[Word]] = []
        for word in sorted(line, key=lambda word: word.left):
            if found:
                edge = found[-1][-1].right
                gap = (word.left - edge) / word.height
                at_cut = [c for c in self.cuts if edge - 2 < c < word.left + 2]
                y = (word.top + word.bottom) / 2
                ruled = any(self._is_ruled(cut, y) for cut in at_cut)
                if gap < self.gap and not (at_cut and (gap >= _GAP_AT_CUT * self.gap or ruled)):
                    found[-1].append(word)
                    continue
            found.append([word])
        return [(self._columns(part), part) for part in found]

    def _columns(self, part: Sequence[Word]) -> range:
        inside = 0.2 * part[0].height
        first = sum(cut <= part[0].left + inside for cut in self.cuts)
        last = sum(cut < part[-1].right - inside for cut in self.cuts)
        return range(first, max(first, last) + 1)

    def rows(self, spell: Callable[[Cell], str]) -> list[Row]:
        """The rows: one between two rules, or one on each line."""
        edges = [y for y, _, _ in self.across]
        edges = sorted(y for y in edges if not any(0 < y - other < _SAME for other in edges))
        bands: dict[int, list[Word]] = {}
        for word in (word for line in self.lines for word in line):
            at = sum(y < (word.top + word.bottom) / 2 for y in edges)
            bands.setdefault(at, []).append(word)
        if len(bands) < 2:
            return _unwrapped([self.cells(line) for line in self.lines], spell)
        divided = [
            [self.cells(line) for line in printed_lines(band)] for _, band in sorted(bands.items())
        ]
        is_ruled = len(divided) >= _RULED and sum(len(d) == 1 for d in divided) >= len(divided) / 2
        rows: list[Row] = []
        for lines, (_, band) in zip(divided, sorted(bands.items()), strict=True):
            if len(lines) > 1 and self._is_outside(lines[0]):
                rows.append(lines.pop(0))
                band = [word for row in lines for cell in row for word in cell]
            texts = [[spell(cell) for cell in row] for row in lines]
            if is_ruled:
                rows.append(self.cells(band))
            elif _are_rows(texts):
                rows += lines
            else:
                rows += [self.cells(words) for words in _around_values(lines, texts)]
        if len(rows) == len(bands) and self.down:
            self._fill_down(rows, [edges[at - 1] for at in sorted(bands)[1:]])
        return rows

    def without_ends(self, rows: list[Row]) -> list[Row]:
        """The rows without what is set across the columns above and below them: captions, notes."""
        across = [sum(map(bool, row)) == 1 and self._reaches(row) for row in rows]
        start, end = 0, len(rows)
        while start < end and across[start]:
            start += 1
        while end > start and across[end - 1]:
            end -= 1
        sizes = [sum(map(bool, row)) for row in rows[start : start + 2]]
        if len(self.cuts) > 1 and sizes == [1, len(self.cuts) + 1]:
            start += 1
        return rows[start:end]

    def _is_outside(self, row: Row) -> bool:
        """Whether a line is set across the columns and stands in no frame."""
        top = min(word.top for cell in row for word in cell)
        is_framed = any(top - 2 * self.height < y < top + _SAME for y in self.frame)
        return sum(map(bool, row)) == 1 and self._reaches(row) and not is_framed

    def _reaches(self, row: Row) -> bool:
        """Whether what stands in a row goes over a cut between columns."""
        return any(cell and len(self._columns(cell)) > 1 for cell in row)

    def _fill_down(self, rows: list[Row], edges: Sequence[float]) -> None:
        """Let a cell over several rows stand in each of them: where no rule parts it."""
        sides = [float("-inf"), *self.cuts, float("inf")]
        for column, (left, right) in enumerate(pairwise(sides)):
            for number, y in enumerate(edges):
                upper, lower = rows[number], rows[number + 1]
                inside = (max(left, self.left) + min(right, self.right)) / 2
                ruled = any(abs(r[0] - y) < _SAME and r[1] <= inside <= r[2] for r in self.across)
                if not ruled and bool(upper[column]) != bool(lower[column]):
                    upper[column] = lower[column] = upper[column] or lower[column]

    def with_whole_header(self, rows: list[Row]) -> list[Row]:
        """Rows whose names of columns say, too, what is set over several of them."""
        if len(rows) < 3:
            return rows
        names = list(rows[0])
        for cell in filter(None, rows[0]):
            reach = self._columns(cell)
            for other in self._centred(cell, rows) if len(reach) == 1 else reach:
                names[other] = names[other] or cell
        over = [c for c, cell in enumerate(names) if cell and names.count(cell) > 1]
        if not over or not all(rows[1][column] for column in over):
            return rows
        whole = [a + [w for w in b if w not in a] for a, b in zip(names, rows[1], strict=True)]
        return [whole, *rows[2:]]

    def _centred(self, cell: Cell, rows: Sequence[Row]) -> range:
        """The columns over which a name of the first row is set in the middle, if several."""
        upper, lower = rows[0], rows[1]
        middle = (cell[0].left + cell[-1].right) / 2
        free = [
            bool(below) and (not above or above is cell)
            for above, below in zip(upper, lower, strict=True)
        ]
        spans = []
        for first, last in combinations_with_replacement(range(len(upper)), 2):
            if all(free[first : last + 1]) and any(
                above is cell for above in upper[first : last + 1]
            ):
                left = min(word.left for word in lower[first])
                right = max(word.right for word in lower[last])
                spans.append((abs((left + right) / 2 - middle) / (right - left), first, last))
        off, first, last = min(spans, default=(1.0, 0, 0))
        return range(first, last + 1) if off < _CENTRED and last > first else range(0)

    def cells(self, words: Iterable[Word]) -> Row:
        """Words by column. What reaches over several columns stands in the first of them; in each
        of them, where rules show that it does, but for the name of a row or of several."""
        row: Row = [[] for _ in range(len(self.cuts) + 1)]
        lines = printed_lines(words)
        for line in lines:
            for columns, part in self.parts(line):
                row[columns[0]] += part
        y = (lines[0][0].top + lines[0][0].bottom) / 2
        for column, cut in enumerate(self.cuts[1:], 1):
            is_open = any(abs(r[0] - cut) < _SAME for r in self.down) and not self._is_ruled(cut, y)
            if is_open and not row[column + 1]:
                row[column + 1] = row[column]
        return row

    def with_groups(self, rows: list[Row]) -> list[Row]:
        """Rows under a line of their group's name, each with that name before it."""
        named: list[tuple[Cell, Row]] = []
        name: Cell = []
        for row, following in pairwise([*rows[1:], rows[0]]):
            if self._is_group(row, following):
                name = row[0]
            else:
                named.append((name, row))
        if not name or not named:
            return rows
        return [[[], *rows[0]], *([name, *row] for name, row in named)]

    def _is_group(self, row: Row, following: Row) -> bool:
        """Whether a row is the name of those below it: set across, or they are set in under it."""
        if not row[0] or any(row[1:]) or not any(following[1:]):
            return False
        if following[0] and following[0][0].left > row[0][0].left + _SAME:
            return True
        y = (row[0][0].top + row[0][0].bottom) / 2
        return self._reaches(row) or (bool(self.down) and not self._is_ruled(self.cuts[0], y))


def _repeated(places: Sequence[float]) -> set[float]:
    """Places (to a point) that come more than once."""
    rounded = Counter(round(place) for place in places)
    found = sorted(x for x in rounded if rounded[x - 1] + rounded[x] + rounded[x + 1] > 1)
    return {float(x) for before, x in zip([-9, *found], found, strict=False) if x - before > 2}


def _are_rows(lines: Sequence[Sequence[str]]) -> bool:
    """Whether lines that no rule divides are rows of their own, and not one row's wrapped cells."""
    full = [row for row in lines if sum(map(bool, row)) > 1]
    if len(full) < 2 or len(full) < 0.6 * len(lines):
        return False
    pairs = [
        (above, cell)
        for upper, lower in pairwise(lines)
        for above, cell in zip(upper, lower, strict=True)
        if any(map(str.isalpha, cell))
    ]
    going_on = [
        c for a, c in pairs if c[0].islower() and (len(a.split()) > 2 or not a[:1].islower())
    ]
    return not pairs or 2 * len(going_on) < len(pairs)


def _around_values(lines: Sequence[Row], texts: Sequence[Sequence[str]]) -> list[list[Word]]:
    """The words of lines that are one row, or of several where more than one has values: the
    others go with the nearest of these, as entries do that are set in the middle of their row."""
    words = [list({word.start: word for cell in row for word in cell}.values()) for row in lines]
    having = [
        number
        for number, row in enumerate(texts)
        if _is_several(row) and any(_VALUE.fullmatch(cell) for cell in row[1:])
    ]
    if len(having) < 2:
        return [[word for line in words for word in line]]
    middles = [sum(word.top + word.bottom for word in line) / len(line) for line in words]
    rows: dict[int, list[Word]] = {number: [] for number in having}
    for line, middle in zip(words, middles, strict=True):
        rows[min(having, key=lambda number: abs(middles[number] - middle))] += line
    return list(rows.values())


def _is_several(row: Sequence[str]) -> bool:
    return sum(map(bool, row)) > 1


def _is_list(rows: Sequence[Sequence[str]]) -> bool:
    """Whether the first of two columns holds nothing but list marks."""
    marks = [row[0] for row in rows if row[0]]
    return len(rows[0]) == 2 and all(len(mark) == 1 and not mark.isalnum() for mark in marks)


def _are_columns(rows: Sequence[Sequence[str]]) -> bool:
    """Whether every column is running text that goes on from line to line: columns of a page."""
    for cells in zip(*rows, strict=True):
        pairs = list(pairwise(filter(None, cells)))
        going_on = sum(b[0].islower() and not SENTENCE_END.search(a) for a, b in pairs)
        if 5 * going_on < len(pairs) or not pairs:
            return False
    return len(rows) > 2


def _unwrapped(rows: Sequence[Row], spell: Callable[[Cell], str]) -> list[Row]:
    """Rows of lines; one that stands close under the cells that it goes on with is no row."""
    tops = [min(word.top for cell in row for word in cell) for row in rows]
    pitch = median(b - a for a, b in pairwise(tops)) if len(rows) > 2 else 0.0
    whole = [rows[0]]
    for row, top, before in zip(rows[1:], tops[1:], tops, strict=False):
        filled = [column for column, cell in enumerate(row) if cell]
        goes_on = len(filled) < len(row) and all(whole[-1][column] for column in filled)
        goes_on &= not any(_VALUE.fullmatch(spell(cell)) for cell in row[1:] if cell)
        if goes_on and top - before < 0.8 * pitch:
            whole[-1] = [upper + lower for upper, lower in zip(whole[-1], row, strict=True)]
        else:
            whole.append(row)
    return whole


def _has_header(rows: Sequence[Sequence[str]]) -> bool:
    """Whether the first row names columns: not where it holds values as those below it do."""
    first, others = rows[0], rows[1:]
    if others and all(row[0].endswith(":") for row in rows if row[0]):
        return False
    for column, name in enumerate(first):
        below = [row[column] for row in others if row[column]]
        values = sum(bool(_VALUE.fullmatch(text)) for text in below)
        if column and _VALUE.fullmatch(name) and not _YEAR.fullmatch(name) and values:
            return not first[0] or 2 * values < len(below)
    return True
