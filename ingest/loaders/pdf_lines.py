"""The characters of a PDF page as words and printed lines, and lines joined into sentences.

Every sign of a joined text is one of the page's, but for blanks between them.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np

from ingest.loaders.pdf_page import Sheet

NOWHERE = -1
SENTENCE_END = re.compile(r"[.!?:;。！？：；؟…][\"'”’»)\]]*\s*$")

CJK = re.compile("[\u2e80-\u312f\u3190-\u9fff\uf900-\ufaff\uff00-\uffef\U00020000-\U0003ffff]")
# Signs that stand for letters: ligatures, Arabic's forms, the italics of formulas.
_LIGATURE = re.compile(
    "[\ufb00-\ufb06\ufb13-\ufb17\ufb1d-\ufdff\ufe70-\ufefc\U0001d400-\U0001d7ff]"
)
_KINDS = {"L": "L", "EN": "N", "AN": "N", "ET": "E", "R": "R", "AL": "R", "WS": " "}
_NUMBER = re.compile(r"E*[LN](?:[.E]*[LN])*E*")
_LEFT_TO_RIGHT = re.compile(rf"{_NUMBER.pattern}(?: {_NUMBER.pattern})*")
_SPECIAL = re.compile(f"{_LIGATURE.pattern}|[ \N{SOFT HYPHEN}]")
_MIRRORED = dict(zip("()[]{}<>«»", ")(][}{><»«", strict=True))
BLANK = 0.5
"""In heights of a line: a wider gap is not one between two words."""
_MOST_RUNS = 2_000
_CLOSED_TWICE = re.compile(r"^([^()]*)\)([^()]*\))")
_OPENED_TWICE = re.compile(r"(\([^()]*)\(([^()]*)$")
_SUPPOSED = 0.1  # of the type's size
_HYPHENS = "-\N{HYPHEN}\N{SOFT HYPHEN}"
_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_LAST_WORD = re.compile(rf"({_WORD.pattern})[{_HYPHENS}]$")


@dataclass(slots=True)
class Word:
    """`sheet.signs[start:end]`, and where it stands once the page is turned upright."""

    start: int
    end: int
    left: float
    top: float
    right: float
    bottom: float

    @property
    def height(self) -> float:
        return self.bottom - self.top


Line = Sequence[Word]
Lines = Sequence[list[Word]]


@dataclass
class Spelt:
    """A text, and for each of its signs which of the page's it is, or NOWHERE."""

    text: str = ""
    at: list[int] = field(default_factory=list)

    def add(self, text: str, at: Iterable[int] | None = None) -> None:
        self.text += text
        self.at += [NOWHERE] * len(text) if at is None else at

    def remove(self, start: int, end: int) -> None:
        """Take the signs `[start, end)` away."""
        self.text = self.text[:start] + self.text[end:]
        del self.at[start:end]


def words_of(sheet: Sheet, angle: int) -> list[Word]:
    """The words of a sheet that are turned by `angle`, in the order of drawing.

    A word ends at a blank, and where the next sign stands elsewhere.
    """
    signs = np.array(list(sheet.signs), dtype="U1")
    at = np.flatnonzero((signs != " ") & (sheet.type["angle"] == angle)) if len(signs) else signs
    if not len(at):
        return []
    upright = sheet.upright(angle)
    drawn_blank = (signs == " ") & (np.ptp(sheet.boxes.reshape(-1, 2, 2), axis=1).max(axis=1) > 0)
    blanks = np.cumsum(drawn_blank)[at]
    boxes, size = upright[at], sheet.type["size"][at]
    before, after = boxes[:-1], boxes[1:]
    height = np.minimum(before[:, 3] - before[:, 1], after[:, 3] - after[:, 1])
    gap = np.maximum(after[:, 0] - before[:, 2], before[:, 0] - after[:, 2])
    shared = np.minimum(before[:, 3], after[:, 3]) - np.maximum(before[:, 1], after[:, 1])
    is_new = (np.diff(blanks) > 0) | (gap > 0.8 * height) | (shared < 0.2 * height)
    # A blank that PDFium only supposes, for nothing draws it, needs room.
    is_new |= (np.diff(at) > 1) & (gap > _SUPPOSED * np.minimum(size[:-1], size[1:]))
    is_new |= np.isin(at[1:], list(sheet.numerators))
    parts = np.flatnonzero(is_new) + 1
    starts, ends = np.append(0, parts), np.append(parts, len(at))
    corners = np.minimum.reduceat(boxes[:, :2], starts, axis=0).tolist()
    opposite = np.maximum.reduceat(boxes[:, 2:], starts, axis=0).tolist()
    spans = zip(at[starts].tolist(), (at[ends - 1] + 1).tolist(), corners, opposite, strict=True)
    return [Word(start, end, *corner, *other) for start, end, corner, other in spans]


def lines_of(words: Iterable[Word]) -> list[list[Word]]:
    """Words as they follow each other, by printed line."""
    lines: list[list[Word]] = []
    for word in words:
        if lines and beside(lines[-1][-1], word):
            lines[-1].append(word)
        else:
            lines.append([word])
    return lines


def beside(word: Word, other: Word) -> bool:
    """Whether two words stand on one printed line; raised and lowered ones do."""
    top, bottom, upper, lower = word.top, word.bottom, other.top, other.bottom
    shared = (bottom if bottom < lower else lower) - (top if top > upper else upper)
    return shared > 0.4 * min(bottom - top, lower - upper)


def with_late(sheet: Sheet, words: Sequence[Word]) -> list[Word]:
    """Words in the order of drawing, but for what is drawn apart from its line: the marks of a
    list, what is struck, the words of a slanting scan. These come where they stand in it."""
    runs: list[list[Word]] = lines_of(words)
    if not 1 < len(runs) <= _MOST_RUNS:
        return list(words)
    left, right = np.array(list(map(extent, runs)), dtype=np.float64).T
    top, bottom = np.array([(run[0].top, run[0].bottom) for run in runs], dtype=np.float64).T
    height = bottom - top
    shared = np.minimum.outer(bottom, bottom) - np.maximum.outer(top, top)
    is_beside = shared > 0.4 * np.minimum.outer(height, height)
    before = np.subtract.outer(left, right)  # [i, j]: from the end of j to the beginning of i
    near = is_beside & (before > -BLANK * height) & (before < 3 * height)
    inside = is_beside & (np.subtract.outer(left, left) > 0) & (np.subtract.outer(right, right) < 0)
    taken: set[int] = set()
    for late, early in np.argwhere(near | near.T | inside).tolist():
        if late <= early + 1 or {late, early} & taken:
            continue
        run, line = runs[late], runs[early]
        if _is_part(run, line) or (near[early, late] and _is_mark(sheet, run)):
            runs[early] = sorted(line + run, key=lambda word: word.left)
            taken.add(late)
    return [word for number, run in enumerate(runs) if number not in taken for word in run]


def _is_part(run: Line, line: Line) -> bool:
    """Whether a run stands beside a word of the line with no more than a blank between them, and
    on none."""
    start, end = extent(run)
    limit = BLANK * run[0].height
    gaps = [max(start - word.right, word.left - end) for word in line]
    return -0.1 * run[0].height < min(gaps) < limit


def _is_mark(sheet: Sheet, run: Line) -> bool:
    text = "".join(sheet.signs[word.start : word.end] for word in run)
    return len(text) <= 4 and (not text.isalnum() or len(text) == 1)


def vocabulary(sheet: Sheet, words: Iterable[Word]) -> Counter[str]:
    """The whole words of a sheet; the parts that a line's end divides are none."""
    found: Counter[str] = Counter()
    is_divided = False
    for word in words:
        text = sheet.signs[word.start : word.end].replace(" ", "").lower()
        if not is_divided and text[-1] not in _HYPHENS:
            found.update(_WORD.findall(text))
        is_divided = text[-1] in _HYPHENS
    return found


def spell(sheet: Sheet, line: Line) -> Spelt:
    """One printed line in the order in which it is read, its ligatures spelt out."""
    if is_right_to_left("".join(sheet.signs[word.start : word.end] for word in line)):
        return _right_to_left(sheet, line)
    spelt = Spelt()
    for before, word in zip([None, *line], line, strict=False):
        if before and _is_apart(sheet, before, word):
            spelt.add(" ")
        text = sheet.signs[word.start : word.end]
        if not _SPECIAL.search(text):
            spelt.add(text, range(word.start, word.end))
            continue
        for at in sheet.signs_of(word.start, word.end):
            sign = sheet.signs[at]
            if sign == "\N{SOFT HYPHEN}" and at + 1 < word.end:
                is_inside = sheet.signs[at - 1].isalpha() and sheet.signs[at + 1].isalpha()
                sign = "" if is_inside else "-"
            _add_sign(spelt, sign, at)
    return spelt


def _is_apart(sheet: Sheet, word: Word, other: Word) -> bool:
    """Whether a blank stands between two words: within Chinese there is none."""
    gap = max(other.left - word.right, word.left - other.right)
    last, first = sheet.signs[word.end - 1], sheet.signs[other.start]
    return not (CJK.match(last) and CJK.match(first) and gap < max(word.height, other.height))


def _add_sign(spelt: Spelt, sign: str, at: int) -> None:
    whole = unicodedata.normalize("NFKC", sign) if _LIGATURE.match(sign) else sign
    spelt.add(whole, [at] * len(whole))


def _right_to_left(sheet: Sheet, line: Line) -> Spelt:
    """A line of Hebrew or Arabic: its letters from right to left as they stand, whatever the
    file's order is; numbers and Latin words among them the other way."""
    boxes = sheet.upright(int(sheet.type["angle"][line[0].start]))
    units: list[tuple[int, list[int]]] = []  # the number of the word, a letter with its points
    for number, word in enumerate(line):
        order = sheet.signs_of(word.start, word.end)
        is_visual = boxes[word.end - 1, 0] > boxes[word.start, 0]
        for at in reversed(order) if is_visual else order:
            if units and unicodedata.combining(sheet.signs[at]):
                units[-1][1].append(at)
            else:
                units.append((number, [at]))
    # PDFium turns the letters of one drawing (لا), which stand in one box, round.
    units.sort(key=lambda unit: (-boxes[unit[1][0], [0, 2]].sum(), -unit[1][0]))
    height = max(word.height for word in line)
    read: list[int] = []
    for before, unit in zip([None, *units], units, strict=False):
        if before:
            gap = boxes[before[1][0], 0] - boxes[unit[1][0], 2]
            if gap > (0.19 if before[0] == unit[0] else 0.08) * height:
                read.append(NOWHERE)
        read += unit[1]
    text = "".join(sheet.signs[at] if at >= 0 else " " for at in read)
    turned = _turned_runs(text)
    spelt = Spelt()
    for position in turned:
        sign, at = text[position], read[position]
        around = text[position - 1 : position] or " ", text[position + 1 : position + 2] or " "
        if sign in _MIRRORED and _faces_away(sign, *around):
            sign = _MIRRORED[sign]
        _add_sign(spelt, sign, at)
    # Of two that close or open alike, one is the other's.
    spelt.text = _CLOSED_TWICE.sub(r"\1(\2", _OPENED_TWICE.sub(r"\1)\2", spelt.text))
    return spelt


def _faces_away(bracket: str, before: str, after: str) -> bool:
    """Whether an opening bracket ends what stands before it, or a closing one begins a thing."""
    opens, closes = before == " " != after, after in " .,:;" and before != " "
    return opens if bracket in ")]}>»" else closes


def _turned_runs(text: str) -> list[int]:
    """The positions of a line that was read from right to left, numbers and Latin words turned."""
    kinds = "".join(_KINDS.get(unicodedata.bidirectional(sign), ".") for sign in text)
    order: list[int] = []
    for run in _LEFT_TO_RIGHT.finditer(kinds):
        order += range(len(order), run.start())
        parts = [run] if "L" in run.group() else _NUMBER.finditer(kinds, run.start(), run.end())
        for part in parts:
            order += range(len(order), part.start())
            order += reversed(range(part.start(), part.end()))
    return [*order, *range(len(order), len(text))]


def join(sheet: Sheet, lines: Iterable[Line], words: Counter[str]) -> Spelt:
    """Printed lines as one text; `words` are the document's."""
    whole = Spelt()
    for line in lines:
        append(whole, spell(sheet, line), words)
    return whole


def append(text: Spelt, more: Spelt, words: Counter[str]) -> None:
    """Add what follows on the next line, column or page: a divided word is made whole."""
    if not text.text or not more.text:
        text.add(more.text, more.at)
        return
    last, first = text.text[-1], more.text[0]
    if last in _HYPHENS and text.text[-2:-1].isalnum() and first.isalnum():
        if _is_divided(text.text, more.text, words):
            text.remove(len(text.text) - 1, len(text.text))
    elif not (CJK.match(last) and CJK.match(first)):
        text.add(" ")
    text.add(more.text, more.at)


def _is_divided(text: str, more: str, words: Counter[str]) -> bool:
    """Whether the hyphen at the end of `text` only divides a word; a compound keeps its own."""
    before, after = _LAST_WORD.search(text), _WORD.match(more)
    if before is None or after is None:
        return False
    first, second = before.group(1).lower(), after.group().lower()
    whole, compound = words[first + second], words[f"{first}-{second}"]
    if whole or compound or text[-1] == "\N{SOFT HYPHEN}":
        return whole >= compound
    return after.group().islower() and "-" not in first


def is_right_to_left(text: str) -> bool:
    """Whether most letters are Hebrew's, Arabic's or the like."""
    kinds = Counter(map(unicodedata.bidirectional, text))
    return kinds["R"] + kinds["AL"] > kinds["L"]


def extent(line: Line) -> tuple[float, float]:
    """Where a printed line begins and ends on its page, from left to right."""
    return min(word.left for word in line), max(word.right for word in line)


def box_of(words: Line) -> tuple[float, float, float, float]:
    """The left, top, right and bottom of words together."""
    left, right = extent(words)
    return left, min(word.top for word in words), right, max(word.bottom for word in words)


def gap_between(word: Word, other: Word) -> float:
    """How wide the gap between two words is, whichever is on the left; less than 0 for none."""
    return max(other.left - word.right, word.left - other.right)


def parts_of(line: Line, gap: float = 1.0) -> list[list[Word]]:
    """The words of a printed line by the gaps that are wider than so many of its heights; 1 is
    what no justified text has."""
    found: list[list[Word]] = []
    for word in line:
        if found and gap_between(found[-1][-1], word) <= gap * word.height:
            found[-1].append(word)
        else:
            found.append([word])
    return found


def together(lines: Lines) -> list[Word]:
    """The words of lines, one line after another."""
    return [word for line in lines for word in line]
