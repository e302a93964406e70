"""The lines of PDF pages as headings, paragraphs, list items and tables in Markdown."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise

from ingest.loaders.html_markdown import as_paragraph, pipe_table
from ingest.loaders.pdf_layout import Line, Page, Table

_HEADING_SIZE = 1.12
_HEADING_CHARACTERS = 200
_HEADING_LINES = 4
_TITLE_BLOCKS = 4
_BOLD_HEADING_CHARACTERS = 100
_SAME_SIZE = 0.6  # points
_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_LAST_WORD = re.compile(r"([^\W\d_]+)[-\N{HYPHEN}\N{SOFT HYPHEN}]$")
_FIRST_WORD = re.compile(r"^[^\W\d_]+")
_SENTENCE_END = re.compile(r"[.!?:;][\"'”’)\]]*$")


@dataclass
class Block:
    """A heading, paragraph, list item or table; `size` and `bold` are those of its lines."""

    kind: str  # "text", "item", "code" or "table"
    text: str
    size: float = 0.0
    bold: bool = False
    lines: int = 1
    is_heading: bool = field(default=False)

    def separator(self, following: "Block") -> str:
        return "\n" if self.kind == following.kind == "item" else "\n\n"

    def rows_after(self, previous: "Block") -> str:
        """This table's rows if it is `previous` continued (on a new page, its head repeated)."""
        if not self.kind == previous.kind == "table":
            return ""
        head, _, rows = self.text.partition("\n")
        return rows.partition("\n")[2] if previous.text.startswith(head + "\n") else ""


@dataclass
class Typography:
    """What is usual in a document: the body's font size and line gap, its heading sizes, words."""

    body: float
    gap: float  # points between two lines of one paragraph
    bold: bool  # whether the body is set in bold
    words: Counter[str]
    heading_sizes: list[float] = field(default_factory=list)  # descending, without the title's
    title_size: float | None = None  # of the one largest heading, if it opens the first page

    @classmethod
    def of(cls, pages: list[Page]) -> "Typography":
        lines = [item for page in pages for item in page.elements if isinstance(item, Line)]
        sizes: Counter[float] = Counter()
        words: Counter[str] = Counter()
        bold = 0
        divided = False
        for line in lines:
            sizes[line.size] += len(line.text)
            bold += len(line.text) if line.bold else 0
            found = [word.lower() for word in _WORD.findall(line.text)]
            ends_divided = bool(_LAST_WORD.search(line.text))
            words.update(found[divided : len(found) - ends_divided])  # halves are no words
            divided = ends_divided
        body = max(sizes, key=lambda size: sizes[size], default=10.0)
        style = cls(body, _usual_gap(pages, body), bold > sizes.total() / 2, words)
        style._rank_headings(pages)
        return style

    def _rank_headings(self, pages: list[Page]) -> None:
        blocks = [block for page in pages for block in blocks_of_page(page, self)]
        found = Counter(b.size for b in blocks if b.is_heading and not self._is_bold_heading(b))
        self.heading_sizes = sorted(found, reverse=True)
        opening = [b.size for b in blocks[:_TITLE_BLOCKS] if b.is_heading]
        largest = self.heading_sizes[:1]
        if largest and found[largest[0]] == 1 and largest[0] in opening:
            self.title_size = self.heading_sizes.pop(0)

    def is_heading(self, block: Block) -> bool:
        if block.kind in ("code", "table") or not re.search(r"[^\W\d_]", block.text):
            return False
        larger = block.size >= _HEADING_SIZE * self.body and block.lines <= _HEADING_LINES
        return (larger and len(block.text) <= _HEADING_CHARACTERS) or self._is_bold_heading(block)

    def _is_bold_heading(self, block: Block) -> bool:
        return (
            block.bold
            and not self.bold
            and not block.text.startswith("- ")
            and block.size < _HEADING_SIZE * self.body
            and block.size > 0.95 * self.body
            and len(block.text) <= _BOLD_HEADING_CHARACTERS
            and not block.text.endswith((".", ",", ";", ":"))
        )

    def heading_mark(self, block: Block) -> str:
        """The document's one largest heading is "# "; the others follow by size, then bold."""
        if not block.is_heading:
            return ""
        if block.size == self.title_size:
            return "# "
        smaller = sum(1 for size in self.heading_sizes if size > block.size)
        return "#" * min(2 + smaller, 6) + " "


def blocks_of_page(page: Page, style: Typography) -> Iterator[Block]:
    """The page's blocks in reading order."""
    lines: list[Line] = []
    for item in page.elements:
        if isinstance(item, Line) and (not lines or _same_block(lines[0], lines[-1], item, style)):
            lines.append(item)
            continue
        if lines:
            yield _text_block(lines, style)
        lines = []
        if isinstance(item, Line):
            lines.append(item)
        else:
            yield Block("table", _markdown_table(item, style.words))
    if lines:
        yield _text_block(lines, style)


def continues(previous: Block, block: Block) -> bool:
    """True when `block`, at the top of a page, goes on with a sentence of `previous`."""
    return (
        previous.kind in ("text", "item")
        and block.kind == "text"
        and not previous.is_heading
        and not block.is_heading
        and abs(previous.size - block.size) <= _SAME_SIZE
        and not _SENTENCE_END.search(previous.text)
        and block.text[:1].islower()
    )


def join(text: str, following: str, words: Counter[str]) -> str:
    """Two lines of one paragraph as one. A word divided at the line's end is put together again
    unless the document writes it with a hyphen, or both its halves as words of their own."""
    end, begin = _LAST_WORD.search(text), _FIRST_WORD.match(following)
    if not end or not begin:
        return f"{text} {following}" if text and following else text + following
    if not begin.group()[0].islower() and not text.endswith("\N{SOFT HYPHEN}"):
        return text + following
    first, second = end.group(1).lower(), begin.group().lower()
    compound = words[f"{first}-{second}"] or (words[first] and words[second])
    in_a_chain = text[: end.start()].endswith("-")
    divided = text.endswith("\N{SOFT HYPHEN}") or words[first + second]
    if divided or not (compound or in_a_chain):
        return text[:-1] + following
    return text + following


def _same_block(first: Line, last: Line, line: Line, style: Typography) -> bool:
    if line.mono and last.mono:
        return 0 <= line.top - last.bottom <= 2 * line.size
    if line.mark or line.mono != last.mono or abs(line.size - last.size) > _SAME_SIZE:
        return False
    if line.bold != last.bold and (first.bold and last.bold and line.x0 <= last.x0 + 1):
        return False
    gap = line.top - last.bottom
    if gap < -0.5 * line.size:  # the next column
        return not _SENTENCE_END.search(last.text) and line.text[:1].islower()
    if gap > style.gap + 0.35 * line.size:
        return False
    if first.mark and line.x0 < first.x0 - 0.5 * line.size:
        return False
    indented = line.x0 - last.x0 > 0.8 * line.size
    return not (indented and _SENTENCE_END.search(last.text))


def _text_block(lines: list[Line], style: Typography) -> Block:
    if all(line.mono for line in lines):
        return Block("code", _code(lines), lines=len(lines))
    text = lines[0].text
    for line in lines[1:]:
        text = join(text, line.text, style.words)
    mark = lines[0].mark
    block = Block(
        kind="item" if mark else "text",
        text=mark + text.replace("\N{SOFT HYPHEN}", ""),
        size=lines[0].size,
        bold=all(line.bold for line in lines),
        lines=len(lines),
    )
    if style.is_heading(block):
        block.is_heading, block.kind = True, "text"
    elif not mark:
        block.text = as_paragraph(block.text)
    return block


def _code(lines: list[Line]) -> str:
    """Lines of a typewriter font as a code block, indented as they stand on the page."""
    left = min(line.x0 for line in lines)
    width = 0.6 * lines[0].size
    indented = (" " * round((line.x0 - left) / width) + line.mark + line.text for line in lines)
    return "\n".join(["```", *indented, "```"])


def _markdown_table(table: Table, words: Counter[str]) -> str:
    rows = []
    for row in table.rows:
        cells = []
        for lines in row:
            text = ""
            for line in filter(None, (" ".join(line.split()) for line in lines)):
                text = join(text, line, words)
            cells.append(text.replace("|", "\\|"))
        rows.append(cells)
    return pipe_table(rows)


def _usual_gap(pages: list[Page], body: float) -> float:
    """The gap between two body lines of a paragraph: the lower quartile of all, since gaps
    between paragraphs are larger."""
    gaps = []
    for page in pages:
        lines = [item for item in page.elements if isinstance(item, Line)]
        for above, below in pairwise(lines):
            gap = below.top - above.bottom
            if above.size == below.size == body and -0.5 * body < gap < 2 * body:
                gaps.append(gap)
    gaps.sort()
    return gaps[len(gaps) // 4] if gaps else 0.3 * body
