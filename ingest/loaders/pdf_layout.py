"""One PDF page's words as paragraphs, list items, code and tables, in reading order."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import median
from typing import Any

import numpy as np

from ingest.loaders.pdf_columns import CELL_WORDS, by_columns, columns_of, within_columns
from ingest.loaders.pdf_lines import (
    BLANK,
    CJK,
    SENTENCE_END,
    Lines,
    Word,
    beside,
    box_of,
    extent,
    gap_between,
    is_right_to_left,
    lines_of,
    parts_of,
    spell,
    together,
    words_of,
)
from ingest.loaders.pdf_page import Sheet
from ingest.loaders.pdf_tables import (
    MOST_RULES,
    Cell,
    Rules,
    Table,
    framed,
    frames_around,
    is_wide,
    printed_lines,
    read_table,
    ruled,
)
from ingest.places import Box

BULLET = re.compile(r"[•‣◦▪▫●○■➢⁃·](?=\s)")
DASH = re.compile(r"[-–—*→⇒»›➔➤►▸▶❖✦★](?=\s)")
TICK = re.compile(r"[☐☑☒✓✗✔✘□❏❐❑❒]")
NUMBER = re.compile(r"(?:\(?(?:\d{1,3}|[a-zA-Z]|[ivx]{1,4})[.)]|\d{1,2}(?:\.\d{1,2})+\.?)(?=\s)")

NOTE = re.compile(r"([⁰¹²³⁴⁵⁶⁷⁸⁹]+) ?(?=[^\W\d_]|[\"“‘(\[])")
"""How a footnote begins."""
_RELATIONS = frozenset("=≈≡≤≥∑∫∏")
LABEL = re.compile(r"[^\W\d][^:.!?]{0,30}: ")
LARGER = 1.12
"""How much larger than the text a heading is set."""

_LEADERS = 5  # signs between two words: dots, which are read as blanks
_SAME_SIZE = 0.12
_MORE_THAN_USUAL = 0.35
_INDENT = 0.8
_WIDEST_GAP = 0.4
_THIN = 2.5  # points: a shape of this height is a rule
_SHORTEST_RULE = 3.0
_CODE_SIGNS = re.compile(r"[{}()\[\]=<>;_/\\$#|&+*\"'`~:]")
_CODE_SHARE = 0.08
_LONG = 40
_VALUE_WORDS = 2
_BESIDE = 9.0  # points
_MIXED = 1.5
_SUM = 3.0  # heights of a line between a table and what it sums up to


@dataclass
class Line:
    """A printed line, and how it is set. Sizes and places in points, on the upright page."""

    words: list[Word]
    text: str
    size: float
    left: float
    right: float
    top: float
    bottom: float
    bold: bool
    mono: bool
    has_dot: bool
    margin: float = 0.0  # how far to the right the lines around it reach


@dataclass
class Piece:
    """Lines that belong together ("text", "item", "code"), a "table", or what stands "apart"."""

    kind: str
    lines: list[Line]
    table: Table | None = None

    @property
    def text(self) -> str:
        return " ".join(line.text for line in self.lines)


def usual_gap(pages: Iterable[Sequence[Word]]) -> float:
    """The gap between two lines of a paragraph, in heights of a line: the lower quartile of all,
    for the gaps between paragraphs are larger. Where no paragraph has two lines there are no
    others."""
    gaps = []
    for words in pages:
        for word, other in pairwise(words):
            gap = (other.top - word.bottom) / word.height
            if -0.5 < gap < 1.5 and not beside(word, other):
                gaps.append(gap)
    return min(sorted(gaps)[len(gaps) // 4], _WIDEST_GAP) if gaps else 0.2


def lay_out(
    sheet: Sheet,
    words: list[Word],
    found: Any,
    gap: float,
    body: float,
    edges: tuple[Lines, Lines] = ((), ()),
) -> list[Piece]:
    """The pieces of a page in reading order; `found` is what liteparse says of it, `body` the size
    of most type. The lines of the page's `edges` stand apart above and below.

    In the order of its blocks or in that in which the file draws, whichever breaks fewer
    sentences; where both break some, perhaps in that of its columns.
    """
    blocks = [block for block in found.blocks or [] if block.bbox and block.kind != "rule"]
    owners = _owners(words, blocks)
    page = _Page(sheet, _rules(found), gap, body)
    tables = [
        [word for word in words if owners.get(word.start) == number]
        for number, block in enumerate(blocks)
        if block.kind == "table"
    ]
    page.read_tables(tables, words)
    by_block = _by_block(words, owners, sheet.width)
    is_same = [word.start for word in by_block] == [word.start for word in words]
    orders = [page.pieces(order) for order in ([words] if is_same else [by_block, words])]
    measured = [_disorder(pieces, sheet.width) for pieces in orders]
    if min(measured)[0] and len(page.columns) > 1:
        orders.append(page.pieces(by_columns(words, page.tables)))
        measured.append(_disorder(orders[-1], sheet.width))
    pieces = orders[measured.index(min(measured))]
    top, bottom = ([each for line in lines for each in page.apart(line)] for lines in edges)
    return [*top, *pieces, *bottom, *_turned(sheet, gap, body)]


def _turned(sheet: Sheet, gap: float, body: float) -> list[Piece]:
    """What stands on a page at another angle than its text, or beside it as a note."""
    page = _Page(sheet, Rules(), gap, body)
    angles = sorted({int(angle) for angle in set(sheet.type["angle"].tolist()) - {sheet.turn}})
    return [piece for angle in angles for piece in page.apart(words_of(sheet, angle))]


def _owners(words: Sequence[Word], blocks: Sequence[Any]) -> dict[int, int]:
    """The smallest block that each word stands in; a table takes those that stand in it."""
    boxes = [
        (b.bbox.x, b.bbox.y, b.bbox.x + b.bbox.width, b.bbox.y + b.bbox.height) for b in blocks
    ]
    areas = [(b.kind != "table", b.bbox.width * b.bbox.height) for b in blocks]
    order = sorted(range(len(blocks)), key=lambda number: areas[number])
    owners = {}
    for word in words:
        x, y = (word.left + word.right) / 2, (word.top + word.bottom) / 2
        for number in order:
            left, top, right, bottom = boxes[number]
            if left - 1.5 <= x <= right + 1.5 and top - 1.5 <= y <= bottom + 1.5:
                owners[word.start] = number
                break
    tables = {number for number, block in enumerate(blocks) if block.kind == "table"}
    for word, other in pairwise(words):
        owner = owners.get(word.start)
        if owner is not None and not {owner, owners.get(other.start)} & tables:
            is_led_to = other.start - word.end >= _LEADERS and beside(word, other)
            if is_led_to or (
                beside(word, other)
                and gap_between(word, other) < BLANK * max(word.height, other.height)
            ):
                owners[other.start] = owner
    return owners


def _by_block(words: Sequence[Word], owners: dict[int, int], width: float) -> list[Word]:
    """Words in the order of the blocks; one in none comes after the one that is drawn before it."""
    blocks: dict[int, list[Word]] = {}
    last = -1
    for word in words:
        last = owners.get(word.start, last)
        blocks.setdefault(last, []).append(word)
    ordered: list[Word] = []
    for _, block in sorted(blocks.items()):
        lines = lines_of(block)
        goes_up = any(_is_back(b[0], a[0], width) for a, b in pairwise(lines))
        lines = printed_lines(block) if goes_up else lines
        ordered += [word for line in lines for word in line]
    return ordered


def _is_back(after: Word | Box, before: Word | Box, width: float) -> bool:
    """Whether one goes up to what comes after, and that is not to go to another column."""
    return after.bottom <= before.top + 1 and after.left < before.left + 0.18 * width


def _rules(found: Any) -> Rules:
    graphics = found.vector_graphics
    rules = Rules()
    for line in graphics.lines:
        if max(abs(line.x1 - line.x2), abs(line.y1 - line.y2)) < _SHORTEST_RULE:
            continue  # a dot of a dotted leader
        if abs(line.y1 - line.y2) < 1:
            rules.across.append((line.y1, min(line.x1, line.x2), max(line.x1, line.x2)))
        elif abs(line.x1 - line.x2) < 1:
            rules.down.append((line.x1, min(line.y1, line.y2), max(line.y1, line.y2)))
    for shape in graphics.shapes:
        x, y, width, height = shape.bbox
        is_thin = height < _THIN
        if is_thin and width > _THIN:
            rules.ends += [(x, y), (x + width, y)]
        elif min(width, height) > 1.5 and max(width, height) < 9:
            rules.dots.append((x + width / 2, y + height / 2))
    return rules


def with_struck(sheet: Sheet, found: Any) -> Sheet:
    """A sheet that knows which of its signs a rule goes through."""
    rules = _rules(found).across
    across = np.array(sorted(rules) if len(rules) <= MOST_RULES else [], np.float64).reshape(-1, 3)
    left, top, right, bottom = sheet.upright(sheet.turn).T
    height, middle = bottom - top, (left + right) / 2
    struck = set(sheet.struck)
    firsts = np.searchsorted(across[:, 0], top + 0.38 * height, side="right")
    lasts = np.searchsorted(across[:, 0], top + 0.7 * height)
    for at in np.flatnonzero(firsts < lasts).tolist():
        _, starts, ends = across[firsts[at] : lasts[at]].T
        if ((starts < middle[at]) & (middle[at] < ends)).any():
            struck.add(at)
    return replace(sheet, struck=frozenset(struck))


class _Page:
    """What the two orders of a page's words have in common: its tables, its rules."""

    def __init__(self, sheet: Sheet, rules: Rules, gap: float, body: float) -> None:
        self.sheet, self.rules, self.gap, self.body = sheet, rules, gap, body
        self.tables: dict[int, Table] = {}
        self.columns: list[list[Word]] = []
        self._dots = np.array(rules.dots, dtype=np.float64).reshape(-1, 2)

    def read_tables(self, regions: Iterable[list[Word]], words: Sequence[Word]) -> None:
        """Read the tables of these regions, with the rows that stand right above and below."""
        self.columns = columns_of(words)
        regions = [part for region in regions for part in within_columns(region, self.columns)]
        regions = [part for region in regions for part in framed(region, self.rules)]
        for region in ruled(words, self.rules):
            table = self._read(region)
            inside = [part for part in regions if not _without(part, [region])]
            if table and len(inside) == 1 and _is_table(table, CELL_WORDS):
                regions = [part for part in regions if part not in inside]
            regions.append(_without(region, regions))
        regions = [region for region in regions if region]
        loose = _without(words, regions)
        regions = self._merged([self._widened(region, loose) for region in regions])
        loose = _without(words, regions)
        whole_lines = printed_lines(loose)
        free = {word.start for word in loose}
        for region in regions:
            table = self._read(region)
            if table is None:
                continue
            left, right = extent(region)
            below = [w for w in loose if left - _BESIDE < w.left and w.right < right + _BESIDE]
            for lines in (*_extensions(printed_lines(below)), *_extensions(whole_lines)):
                added = together(lines)
                is_free = free.issuperset(word.start for word in added)
                if not is_free or not self._may_extend(lines, region, table):
                    continue
                larger = self._read([*region, *added])
                rows, columns = table.size
                if larger and larger.size == (rows + len(lines), columns):
                    table = larger
                    region = [*region, *added]
                    free.difference_update(word.start for word in added)
            self.tables |= table.places()

    def _may_extend(self, lines: Sequence[list[Word]], region: list[Word], table: Table) -> bool:
        if self._sums_up(lines[0], region):
            return True
        if not _adjoins(lines[0], region) or self._is_outside(lines[0], region):
            return False
        return is_wide(lines[-1]) or _is_in_columns(lines[-1], table)

    def _is_outside(self, line: Sequence[Word], region: Sequence[Word]) -> bool:
        """Whether a frame around the region ends before the line."""
        first, last = min(w.bottom for w in region), max(w.top for w in region)
        frames = frames_around(region, self.rules)
        y = (line[0].top + line[0].bottom) / 2
        return any(top < first and last < bottom and not top < y < bottom for top, bottom in frames)

    def _widened(self, region: list[Word], loose: Sequence[Word]) -> list[Word]:
        """A region with what stands beside its rows, as far as a rule of the table goes."""
        left, top, right, bottom = box_of(region)
        near = 2 * region[0].height
        across = [r for r in self.rules.across if top - near < r[0] < bottom + near]
        sides = [r for r in across if r[1] < right and r[2] > left]
        if not sides or len(sides) > MOST_RULES:
            return region
        start, end = min(r[1] for r in sides) - 2, max(r[2] for r in sides) + 2
        more = [
            word
            for word in loose
            if start < word.left
            and word.right < end
            and top <= (word.top + word.bottom) / 2 <= bottom
        ]
        table = self._read(region) if more else None
        larger = self._read([*region, *more]) if table else None
        if table is None or larger is None or not _is_table(larger, CELL_WORDS):
            return region
        is_wider = larger.size[0] <= table.size[0] + 1 and larger.size[1] > table.size[1]
        return [*region, *more] if is_wider else region

    def _merged(self, regions: list[list[Word]]) -> list[list[Word]]:
        """Regions below each other that have the same columns are one."""
        merged: list[list[Word]] = []
        for region in sorted(regions, key=lambda region: min(word.top for word in region)):
            if merged and _adjoins(region, merged[-1]) and not self._is_outside(region, merged[-1]):
                parts = self._read(merged[-1]), self._read(region)
                whole = self._read(merged[-1] + region)
                if all(parts) and whole and whole.size == _below(*parts):
                    merged[-1] = merged[-1] + region
                    continue
            merged.append(region)
        return merged

    def _gap_tables(
        self, lines: Sequence[list[Word]], tables: dict[int, Table], most: int
    ) -> dict[int, Table]:
        """The tables and those that are lines below each other with their gaps at the same places,
        when half of their entries have no more than `most` words."""
        tables = dict(tables)
        run: list[list[Word]] = []
        loose = [line for line in lines if not any(w.start in tables for w in line)]
        for line in [*loose, []]:
            if line and is_wide(line) and self._goes_below(line, run):
                run.append(line)
                continue
            if len(run) > 1:
                table = None if self._is_formula(run) else self._read(together(run))
                if table is not None and _is_table(table, most):
                    tables |= table.places()
            run = [line] if line and is_wide(line) else []
        return tables

    def _is_formula(self, lines: Lines) -> bool:
        words = (self.sheet.signs[word.start : word.end] for word in together(lines))
        return any(word in _RELATIONS for word in words)

    def _goes_below(self, line: list[Word], rows: Sequence[list[Word]]) -> bool:
        if not rows or _adjoins(line, rows[-1]):
            return True
        return self._sums_up(line, [word for row in rows for word in row])

    def _sums_up(self, line: Sequence[Word], words: Sequence[Word]) -> bool:
        """Whether a line has values in the columns of a table's rows, some way below them."""
        if not 0 <= line[0].top - max(w.bottom for w in words) < _SUM * line[0].height:
            return False
        rows = [parts_of(row) for row in printed_lines(words)]
        edges = [side for row in rows if len(row) > 1 for entry in row for side in extent(entry)]
        sides = [extent(entry) for entry in parts_of(line)]
        is_aligned = all(any(abs(a - b) < 2 for a in each for b in edges) for each in sides)
        signs = "".join(self.sheet.signs[word.start : word.end] for word in line)
        return len(sides) > 1 and is_aligned and any(map(str.isdigit, signs))

    def _read(self, words: Sequence[Word]) -> Table | None:
        mono = self.sheet.type["mono"][[word.start for word in words]].mean() > 0.5
        if not mono:
            return read_table(words, self.rules, self._spell, 0.5)
        # The blanks of a typewriter are as wide as its letters; and what it writes may be code.
        table = read_table(words, self.rules, self._spell, 0.9)
        is_table = table and min(table.size) > 2 and _is_table(table, _VALUE_WORDS)
        return table if is_table else None

    def _spell(self, cell: Cell) -> str:
        return " ".join(spell(self.sheet, line).text for line in lines_of(cell))

    def apart(self, words: Sequence[Word]) -> list[Piece]:
        """The words as pieces that are no part of the page's running text."""
        pieces = self.pieces(words)
        return [replace(each, kind="apart") if each.kind == "text" else each for each in pieces]

    def pieces(self, words: Sequence[Word]) -> list[Piece]:
        """The words in this order as pieces."""
        tables = self._gap_tables(lines_of(words), self.tables, CELL_WORDS)
        starts = {word.start for word in words}
        for column in self.columns:
            inside = [word for word in column if word.start in starts]
            tables = self._gap_tables(printed_lines(inside), tables, _VALUE_WORDS)
        pieces: list[Piece] = []
        seen: set[int] = set()
        run: list[Word] = []
        for word in [*words, None]:
            table = tables.get(word.start) if word else None
            if word and table is None:
                run.append(word)
                continue
            pieces += self._running(run)
            run = []
            if table is not None and id(table) not in seen:
                seen.add(id(table))
                pieces.append(Piece("table", [], table))
        return pieces

    def _running(self, words: list[Word]) -> Iterator[Piece]:
        """Words outside of tables as pieces."""
        lines = [self._line(line) for line in _parted(lines_of(words), self.sheet.own)]
        _set_margins(lines)
        pieces: list[Piece] = []
        for line in lines:
            if pieces and self._goes_on(pieces[-1], line):
                pieces[-1].lines.append(line)
            else:
                pieces.append(Piece(_kind(line), [line]))
        for piece in pieces:
            signs = "".join(piece.text.split())
            if piece.lines[0].mono and len(_CODE_SIGNS.findall(signs)) > _CODE_SHARE * len(signs):
                piece.kind = "code"
        yield from pieces

    def _line(self, words: list[Word]) -> Line:
        at = [at for word in words for at in self.sheet.signs_of(word.start, word.end)]
        type = self.sheet.type[at]
        size = float(median(type["size"]))
        left, top, right, bottom = box_of(words)
        return Line(
            words,
            spell(self.sheet, words).text,
            size,
            left,
            right,
            top,
            bottom,
            bool(type["bold"].all()),
            bool(type["mono"].mean() > 0.8),
            self._has_dot(left, top, bottom, size),
        )

    def _has_dot(self, left: float, top: float, bottom: float, size: float) -> bool:
        x, y = self._dots.T
        return bool(((y > top) & (y < bottom) & (x < left) & (x > left - 3 * size)).any())

    def _goes_on(self, piece: Piece, line: Line) -> bool:
        """Whether a line belongs to the piece before it."""
        first, last = piece.lines[0], piece.lines[-1]
        height = last.bottom - last.top
        gap = (line.top - last.bottom) / height
        if last.mono and line.mono:
            return -0.3 < gap < 1.2
        if abs(line.size - last.size) > _SAME_SIZE * last.size or line.mono != last.mono:
            return False
        if not -0.5 < gap < self.gap + _MORE_THAN_USUAL or self._begins_item(piece, line):
            return False
        if line.left > last.right or line.right < last.left:
            return False
        begins_small = line.text[:1].islower()
        if line.bold != last.bold and all(each.bold for each in piece.lines) and not begins_small:
            return False
        if piece.kind == "item" and line.left < first.left - 1:
            return False
        if NOTE.match(piece.text) and NOTE.match(line.text):
            return False
        indented = line.left - min(each.left for each in piece.lines)
        is_indented = _INDENT * line.size < indented < 5 * line.size
        if piece.kind == "text" and is_indented and SENTENCE_END.search(last.text):
            return False
        return not _ends_early(piece, line, self.body)

    def _begins_item(self, piece: Piece, line: Line) -> bool:
        """Whether a line begins with a mark of its own; a number may just have come to stand
        first in its line."""
        if not NUMBER.match(line.text) or line.has_dot:
            return _kind(line) == "item"
        last = piece.lines[-1]
        is_aligned = abs(line.left - last.left) < 2 and piece.kind == "text"
        return (
            not is_aligned
            or bool(SENTENCE_END.search(last.text))
            or _ends_early(piece, line, self.body)
        )


def _ends_early(piece: Piece, line: Line, body: float) -> bool:
    """Whether the last line of a piece stops although the next word had room beside it.

    Then a paragraph ends there, unless the next line goes on in small letters. Headings, which are
    larger than the `body`'s type, are centred or broken by their sense.
    """
    last, first = piece.lines[-1], line.words[0]
    if line.text[:1].islower() or last.text[-1:] in ",-" or last.size >= LARGER * body:
        return False
    if LABEL.match(last.text) and LABEL.match(line.text):
        return True
    left, right = min(each.left for each in (*piece.lines, line)), last.margin
    room = last.left - left if is_right_to_left(line.text) else right - last.right
    if CJK.match(line.text):
        is_over = bool(SENTENCE_END.search(last.text)) or room > 0.4 * (right - left)
        return room > 1.5 * last.size and is_over
    needed = max(first.right - first.left, 0.15 * (right - left))
    return room - 0.3 * last.size > needed


def _kind(line: Line) -> str:
    marks = (BULLET, DASH, TICK, NUMBER)
    return "item" if line.has_dot or any(m.match(line.text) for m in marks) else "text"


def _parted(lines: Sequence[list[Word]], own: int) -> Iterator[list[Word]]:
    """Lines, those of a margin or of another column apart although they are drawn in one row.

    That is where, after a gap, another size begins, or running text whose next line begins
    under it. What was put onto the page, which are no signs of its `own`, belongs to its label.
    """
    for line, following in zip(lines, [*lines[1:], []], strict=False):
        for at in range(1, len(line)):
            word, other = line[at - 1], line[at]
            if other.left - word.right < 1.5 * word.height or other.start >= own:
                continue
            is_other_size = abs(other.height - word.height) > _SAME_SIZE * word.height
            below = following[:1] if len(line) - at >= CELL_WORDS else []
            if is_other_size or any(abs(w.left - other.left) < 2 for w in below):
                yield line[:at]
                line = line[at:]
                break
        yield line


def _set_margins(lines: Sequence[Line]) -> None:
    """Tell each line how far those reach that stand close above and below it."""
    stack: list[Line] = []
    for line, following in zip(lines, [*lines[1:], None], strict=False):
        stack.append(line)
        gap = (following.top - line.bottom) / line.size if following else 9.0
        if (
            following is None
            or abs(following.size - line.size) > _SAME_SIZE * line.size
            or not -0.5 < gap < 1.2
            or following.left > line.right
        ):
            for each in stack:
                each.margin = max(other.right for other in stack)
            stack = []


def _adjoins(line: Sequence[Word], words: Sequence[Word]) -> bool:
    """Whether a line stands right above or below words, and no further to the side."""
    left, top, right, bottom = box_of(words)
    start, end = extent(line)
    height = line[0].height
    gap = max(line[0].top - bottom, top - line[0].bottom)
    return gap < 1.2 * height and start < right and end > left


def _extensions(lines: list[list[Word]]) -> Iterator[list[list[Word]]]:
    """Lines that may be rows: of several entries, alone or with the name of their group above."""
    for ordered in (lines, lines[::-1]):
        for line, following in zip(ordered, [*ordered[1:], None], strict=False):
            if len(line) > 1:
                yield [line]
            if not is_wide(line) and following and is_wide(following):
                yield [line, following]


def _is_in_columns(line: Sequence[Word], table: Table) -> bool:
    """Whether there is a word at the beginning or the end of each of a table's columns."""
    for column in zip(*table.rows, strict=True):
        sides = [extent(cell) for cell in column if cell]
        if not sides:
            continue  # that of the groups' names, over a header
        left, right = min(side[0] for side in sides), max(side[1] for side in sides)
        if not any(abs(w.left - left) < 2 or abs(w.right - right) < 2 for w in line):
            return False
    return True


def _without(words: Sequence[Word], regions: Iterable[Sequence[Word]]) -> list[Word]:
    taken = {word.start for region in regions for word in region}
    return [word for word in words if word.start not in taken]


def _is_table(table: Table, most: int) -> bool:
    """Whether rows that were found by their gaps alone hold short entries, enough of them."""
    rows, columns = table.size
    filled = [cell for row in table.rows for cell in row if cell]
    is_full = 2 * len(filled) > rows * columns and median(map(len, filled)) <= most
    return is_full and (rows > 2 or (columns > 2 and most > _VALUE_WORDS))


def _below(table: Table | None, other: Table | None) -> tuple[int, int]:
    """The size of a table with the rows of another below its own."""
    assert table
    assert other
    return table.size[0] + other.size[0], max(table.size[1], other.size[1])


def _disorder(pieces: Sequence[Piece], width: float) -> tuple[int, int, float]:
    """How many paragraphs end without a full stop and are not gone on with, or the reverse, how
    many lines have a column's gap in them, and how often one goes to another column; how often,
    then how far, one goes back up to what stands above."""
    texts = [piece for piece in pieces if piece.kind == "text" and len(piece.text) > _LONG]
    pairs = pairwise(piece.text for piece in texts)
    broken = sum(bool(SENTENCE_END.search(a)) == b[:1].islower() for a, b in pairs)
    mixed = sum(_is_mixed(line.words) for piece in pieces for line in piece.lines)
    aside = sum(a.right < b.left or b.right < a.left for a, b in pairwise(map(_place, texts)))
    places = [_place(piece) for piece in pieces]
    back = sum(_is_back(after, before, width) for before, after in pairwise(places))
    far = sum(max(0, a.top - b.top) for a, b in pairwise(places))
    return broken + mixed + aside, back, far


def _is_mixed(line: Sequence[Word]) -> bool:
    """Whether words, and not the letters of a formula, stand on both sides of a wide gap."""
    parts = parts_of(line, _MIXED)
    return sum(max(word.end - word.start for word in part) > 2 for part in parts) > 1


def _place(piece: Piece) -> Box:
    words = [word for line in piece.lines for word in line.words]
    if piece.table is not None:
        words = [word for row in piece.table.rows for cell in row for word in cell]
    return Box(*box_of(words))
