"""Tables that are drawn with signs in plain text, as Markdown's."""

import re
from collections.abc import Sequence
from itertools import groupby

from ingest.loaders.writing import pipe_table, with_fences

_SIGNS = "┌┬┐├┼┤└┴┘╔╦╗╠╬╣╚╩╝╟╢┏┳┓┣╋┫┗┻┛╞╪╡╭╮╰╯"
_EDGE = re.compile(rf"^\s*[+{_SIGNS}][-=+─═━:{_SIGNS}]+\s*$")
_LINE = re.compile(r"^\s*[|│║┃].*[|│║┃]\s*$")
_BAR = re.compile(r"[|│║┃]")
_DOUBLE = re.compile(r"[=═]")


def with_tables(text: str) -> str:
    """The text with each drawn table as a pipe table; what cannot be one stays as it is."""
    if not any(map(_EDGE.match, text.split("\n"))):
        return text
    written = list[str]()
    for is_drawn, some in groupby(with_fences(text), key=_is_drawn):
        lines = [line for line, _ in some]
        table = _table(lines) if is_drawn else ""
        written += ["", *table.split("\n"), ""] if table else lines
    return "\n".join(written)


def _is_drawn(line: tuple[str, bool]) -> bool:
    text, is_code = line
    return not is_code and bool(_EDGE.match(text) or _LINE.match(text))


def _is_edge(line: str) -> bool:
    return _EDGE.match(line) is not None


def _table(lines: Sequence[str]) -> str:
    """The rows between drawn edges; where only the head is divided from them, one a line."""
    parts = [list(map(_cells, some)) for is_edge, some in groupby(lines, _is_edge) if not is_edge]
    widths = {len(row) for part in parts for row in part}
    edges = list(filter(_is_edge, lines))
    if len(edges) < 2 or len(widths) != 1 or lines[0] != edges[0]:
        return ""
    if len(parts) > 2 or any(map(_DOUBLE.search, edges[1:-1])):
        parts = [[[" ".join(cell).strip() for cell in zip(*part, strict=True)]] for part in parts]
    return pipe_table([row for part in parts for row in part])


def _cells(line: str) -> list[str]:
    return [cell.strip() for cell in _BAR.split(line.strip())[1:-1]]
