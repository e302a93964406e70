"""Canonical Markdown as HTML, with highlights that are exact by offset.

The parser says which lines a block came from; from there each character of a block's content is
traced to its offset in the text. A mark is then put into the content of that block alone, and it
is kept only where the block renders as it does without: a mark that would break `**bold**` or a
link's address moves inward to the next character.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import Any

import nh3
from markdown_it import MarkdownIt
from markdown_it.token import Token
from mdit_py_plugins.front_matter import front_matter_plugin

from app.page import marks
from app.page.marks import CLOSE, Span

_CELL_WALL = re.compile(r"(?<!\\)\|")
_CONTAINER = re.compile(r"[\s>]*(?:(?:[-*+]|\d{1,9}[.)])\s+)*[\s>]*")
_TAGS = {
    *("h1 h2 h3 h4 h5 h6 p ul ol li blockquote pre code hr br em strong s a mark span div".split()),
    *("table thead tbody tr th td".split()),
}
_ATTRIBUTES = {
    **{tag: {"class"} for tag in ("mark", "span", "div", "th", "td")},
    "mark": {"class", "id"},
    "a": {"href"},
    "ol": {"start"},
}


@dataclass(frozen=True)
class _Piece:
    """`length` characters of a block's content that stand at `source` in the document."""

    content: int
    source: int
    length: int


def render(text: str, spans: Sequence[Span], anchor: bool = True) -> str:
    """Markdown as sanitised HTML with the spans marked; raw HTML in it is shown, not obeyed.

    With `anchor` the quote's first word can be scrolled to as `#quote`.
    """
    text = marks.without_noncharacters(text)
    parser = _parser()
    env: dict[str, Any] = {}
    tokens = parser.parse(text, env)
    if spans:
        _mark_blocks(text, tokens, spans, env)
    markup = str(parser.renderer.render(tokens, parser.options, env))
    return sanitised(marks.to_html(markup, anchor))


def render_fragment(text: str, spans: Sequence[Span]) -> str:
    """A stretch cut out of a document: table rows without their header are shown as rows still."""
    head = _table_head(text)
    moved = [Span(span.start + len(head), span.end + len(head), span.is_quote) for span in spans]
    return render(head + text, moved, anchor=False)


def section_at(text: str, offset: int) -> str:
    """The headings that `offset` stands under, as "chapter › section"; empty before the first."""
    chain: list[tuple[int, str]] = []
    lines = _lines(text)
    tokens = _parser().parse(text)
    for opening, content in pairwise(tokens):
        if opening.type != "heading_open" or not opening.map:
            continue
        if lines[opening.map[0]].start() > offset:
            break
        level = int(opening.tag[1:])
        chain = [(above, title) for above, title in chain if above < level]
        words = "".join(
            child.content
            for child in content.children or []
            if child.type in ("text", "code_inline")
        )
        chain.append((level, words))
    return " › ".join(title for _, title in chain)


def sanitised(markup: str) -> str:
    """The belt to the braces of escaping: only the tags that documents are shown with."""
    return nh3.clean(
        markup,
        tags=_TAGS,
        attributes=_ATTRIBUTES,
        set_tag_attribute_values={"a": {"target": "_blank"}},
        link_rel="noopener noreferrer nofollow",
        url_schemes={"http", "https", "mailto"},
    )


def _table_head(rows: str) -> str:
    """An empty header for rows that have lost theirs, or nothing."""
    first, _, rest = rows.partition("\n")
    if not first.startswith("|") or re.match(r"\|[\s:|-]+\|?\s*(\n|$)", rest):
        return ""
    columns = max(len(_CELL_WALL.findall(first)) - 1, 1)
    return "|" + " |" * columns + "\n|" + "---|" * columns + "\n"


@cache
def _parser() -> MarkdownIt:
    parser = MarkdownIt("js-default").use(front_matter_plugin)
    parser.add_render_rule("image", _image)
    parser.add_render_rule("link_open", _link)
    for cell in ("th_open", "td_open"):
        parser.add_render_rule(cell, _cell)
    parser.add_render_rule("table_open", lambda *_: '<div class="table"><table>\n')
    parser.add_render_rule("table_close", lambda *_: "</table></div>\n")
    return parser


def _image(self: Any, tokens: Sequence[Token], idx: int, options: Any, env: Any) -> str:
    """An image is shown by its description: fetching it would leave the machine."""
    words = self.renderInlineAsText(tokens[idx].children or [], options, env)
    return f'<span class="image">{marks.plain(words, 0, [])}</span>'


def _link(self: Any, tokens: Sequence[Token], idx: int, options: Any, env: Any) -> str:
    """Only a link to the web is one: a relative address points nowhere from here."""
    if not re.match(r"(https?|mailto):", str(tokens[idx].attrGet("href")), re.IGNORECASE):
        tokens[idx].attrs = {}
    return str(self.renderToken(tokens, idx, options, env))


def _cell(self: Any, tokens: Sequence[Token], idx: int, options: Any, env: Any) -> str:
    """Alignment as a class: the page's policy allows no inline style."""
    style = str(tokens[idx].attrs.pop("style", ""))
    if style:
        tokens[idx].attrSet("class", style.removeprefix("text-align:"))
    return str(self.renderToken(tokens, idx, options, env))


def _mark_blocks(
    text: str, tokens: Sequence[Token], spans: Sequence[Span], env: dict[str, Any]
) -> None:
    lines = _lines(text)
    cell_of_row = 0
    heading = ""
    for token in tokens:
        if token.type == "tr_open":
            cell_of_row = 0
        elif token.type in ("td_open", "th_open"):
            cell_of_row += 1
        elif token.type == "table_close":
            cell_of_row = 0
        elif token.type == "heading_open":
            heading = token.markup
        elif token.type == "heading_close":
            heading = ""
        if token.type not in ("inline", "fence", "code_block") or not token.map:
            continue
        start, end = lines[token.map[0]].start(), lines[token.map[1] - 1].end()
        near = [span for span in spans if span.start < end and start < span.end]
        if near:
            if cell_of_row:
                pieces = _cell_pieces(token, lines, cell_of_row - 1)
            else:
                pieces = _line_pieces(token, lines, heading)
            _mark_content(token, pieces, near, env)


def _lines(text: str) -> list[re.Match[str]]:
    return list(re.finditer(r"[^\r\n]*(?:\r\n?|\n|\Z)", text))


def _line_pieces(token: Token, lines: Sequence[re.Match[str]], heading: str) -> list[_Piece]:
    """Each line of the content is the end of its source line, but for a heading's last `#`s."""
    first = (token.map or [0, 0])[0] + (token.type == "fence")
    pieces: list[_Piece] = []
    at = 0
    for number, content in enumerate(token.content.split("\n")):
        words = content.strip()
        if words and first + number < len(lines):
            line = lines[first + number].group().rstrip()
            if heading.startswith("#"):
                found = line.find(words, line.find(heading) + len(heading))
            else:
                found = line.rfind(words)
            if found >= 0:
                source = lines[first + number].start() + found
                pieces.append(_Piece(at + content.find(words), source, len(words)))
        at += len(content) + 1
    return pieces


def _cell_pieces(token: Token, lines: Sequence[re.Match[str]], column: int) -> list[_Piece]:
    """The characters of one cell of a row; a `\\|` in the source is a `|` in the content."""
    line = lines[(token.map or [0, 0])[0]]
    row = line.group().rstrip()
    skip = re.match(r"\s*", row) if token.level <= 4 else _CONTAINER.match(row)
    left = skip.end() if skip else 0
    walls = [left - 1, *(wall.start() for wall in _CELL_WALL.finditer(row, left)), len(row)]
    if len(walls) > 2 and walls[1] == left:
        walls.pop(0)
    if column + 1 >= len(walls):
        return []
    low = walls[column] + 1
    cell = row[low : walls[column + 1]]
    low += line.start() + len(cell) - len(cell.lstrip())
    pieces: list[_Piece] = []
    at = 0
    for part in re.split(r"(?<=\\)(?=\|)", cell.strip()):
        kept = part[:-1] if part.endswith("\\") and at + len(part) <= len(token.content) else part
        pieces.append(_Piece(at, low, len(kept)))
        at, low = at + len(kept), low + len(part)
    return pieces if at == len(token.content) else []


def _mark_content(
    token: Token, pieces: Sequence[_Piece], spans: Iterable[Span], env: dict[str, Any]
) -> None:
    """Put the marks of one block into its content, and parse that again."""
    insertions: list[tuple[int, str]] = []
    for span in spans:
        parts = [
            (piece.content + low, piece.content + high)
            for piece in pieces
            if (low := max(span.start - piece.source, 0))
            < (high := min(span.end - piece.source, piece.length))
        ]
        if not parts:
            continue
        low, high = parts[0][0], parts[-1][1]
        inside = token.content[low:high]
        low += len(inside) - len(inside.lstrip())
        high -= len(inside) - len(inside.rstrip())
        if low < high:
            opening = _harmless(token, range(low, high), span.opening, env)
            closing = _harmless(token, range(high, low, -1), CLOSE, env)
            if opening is not None and closing is not None and opening < closing:
                insertions += [(opening, span.opening), (closing, CLOSE)]
    # At one place, the end of a mark comes before the beginning of the next.
    for position, mark in sorted(insertions, key=lambda each: (each[0], each[1] != CLOSE))[::-1]:
        token.content = token.content[:position] + mark + token.content[position:]
    if insertions and token.type == "inline":
        token.children = _inline(token.content, env)


def _harmless(token: Token, positions: Iterable[int], mark: str, env: dict[str, Any]) -> int | None:
    """The first position where the mark changes nothing else in how the block is rendered."""
    if token.type != "inline":
        return next(iter(positions), None)
    parser = _parser()

    def shown(content: str) -> str:
        children = _inline(content, env)
        return str(parser.renderer.render(children, parser.options, env))

    unmarked = shown(token.content)
    for position in positions:
        marked = shown(token.content[:position] + mark + token.content[position:])
        if mark in marked and marks.stripped(marked) == unmarked and marks.all_in_text(marked):
            return position
    return None


def _inline(content: str, env: dict[str, Any]) -> list[Token]:
    return _parser().parseInline(content, env)[0].children or []
