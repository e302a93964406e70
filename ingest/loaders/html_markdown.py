"""How each HTML element is written in Markdown; tables above all.

Emphasis marks and link addresses are left out: a quote should read as the page does, and the
words are what is searched.
"""

import re
from typing import TYPE_CHECKING, Any

import markdownify

if TYPE_CHECKING:
    from bs4 import Tag

# Hostile spans: no table made by people has more columns.
MAX_COLUMNS = 100

_LIST_ITEM = re.compile(r"^\s*(?:-|\d+\.)\s+")
_ORDINAL = re.compile(r"^(?:st|nd|rd|th)$")
_BLOCK_MARK = re.compile(r"^(#{1,6}|>|[-+*])(?=\s)")


def convert(root: "Tag") -> str:
    """Markdown of `root`; the tree is simplified in place first."""
    for table in reversed(root.find_all("table")):
        if _is_layout(table):
            _unwrap_table(table)
    for listing in root.find_all("ol"):
        _number(listing)
    return str(_Converter(wrap=True, wrap_width=None, heading_style="atx").convert_soup(root))


# markdownify's stubs leave out the methods that are there to be overridden.
_Base: Any = markdownify.MarkdownConverter


class _Converter(_Base):  # type: ignore[misc]
    """markdownify, with plain words for inline marks and complete pipe tables."""

    def escape(self, text: str, parent_tags: set[str]) -> str:
        return text

    def _words(self, el: "Tag", text: str, parent_tags: set[str]) -> str:
        return text

    convert_a = convert_b = convert_strong = convert_em = convert_i = convert_s = _words
    convert_del = _words

    convert_aside = convert_details = convert_figure = _Base.convert_div
    convert_main = convert_header = convert_footer = _Base.convert_div
    convert_address = convert_summary = convert_form = _Base.convert_div

    def convert_p(self, el: "Tag", text: str, parent_tags: set[str]) -> str:
        plain = text if "_inline" in parent_tags else as_paragraph(text.lstrip())
        return str(super().convert_p(el, plain, parent_tags))

    def convert_br(self, el: "Tag", text: str, parent_tags: set[str]) -> str:
        return " " if "_inline" in parent_tags else "\n"

    def convert_img(self, el: "Tag", text: str, parent_tags: set[str]) -> str:
        alternative = " ".join(str(el.get("alt") or "").split())
        return f"(image: {alternative})" if alternative else ""

    def convert_sup(self, el: "Tag", text: str, parent_tags: set[str]) -> str:
        """10<sup>9</sup> must not become 109."""
        return text if _ORDINAL.match(text) or not text.strip() else f"^{text.strip()}"

    def convert_sub(self, el: "Tag", text: str, parent_tags: set[str]) -> str:
        return text if text.isdigit() or not text.strip() else f"_{text.strip()}"

    def convert_math(self, el: "Tag", text: str, parent_tags: set[str]) -> str:
        formula = el.get("alttext") or text
        return f"${str(formula).strip()}$"

    def convert_dt(self, el: "Tag", text: str, parent_tags: set[str]) -> str:
        return f"\n- {' '.join(text.split())}: "

    def convert_dd(self, el: "Tag", text: str, parent_tags: set[str]) -> str:
        return f"{' '.join(text.split())}\n"

    def convert_li(self, el: "Tag", text: str, parent_tags: set[str]) -> str:
        """Numbered from `_number`: counting the siblings anew for each item is quadratic."""
        text = text.strip()
        if not text:
            return "\n"
        mark = f"{el['data-number']}. " if el.has_attr("data-number") else "- "
        lines = text.split("\n")
        rest = [" " * len(mark) + line if line else "" for line in lines[1:]]
        return "\n".join([mark + lines[0], *rest]) + "\n"

    def convert_pre(self, el: "Tag", text: str, parent_tags: set[str]) -> str:
        classes = [*el.get_attribute_list("class")]
        if el.code:
            classes += el.code.get_attribute_list("class")
        language = next((c[9:] for c in classes if c and c.startswith("language-")), "")
        body = text.strip("\n")
        fence = "`" * max(3, 1 + max(map(len, re.findall(r"`+", body)), default=0))
        return f"\n\n{fence}{language}\n{body}\n{fence}\n\n" if body.strip() else ""

    def convert_td(self, el: "Tag", text: str, parent_tags: set[str]) -> str:
        """The cell as one line; the lines of a list in it become a row of "; "."""
        lines = [line for line in text.split("\n") if line.strip()]
        separator = "; " if any(_LIST_ITEM.match(line) for line in lines) else " "
        words = (" ".join(_LIST_ITEM.sub("", line).split()) for line in lines)
        return separator.join(words).replace("|", "\\|")

    convert_th = convert_td

    def convert_table(self, el: "Tag", text: str, parent_tags: set[str]) -> str:
        rows = [row for row in el.find_all("tr") if row.find(["td", "th"])]
        heads = _head_rows(rows)
        grid = _grid([self._cells(row, parent_tags) for row in rows], heads)
        caption = " ".join(el.caption.get_text(" ").split()) if el.caption else ""
        table = pipe_table([_joined_head(grid[:heads]), *grid[heads:]])
        return f"\n\n{caption}\n\n{table}\n\n"

    def _cells(self, row: "Tag", parent_tags: set[str]) -> list[tuple[str, int, int]]:
        """(text, columns, rows) of each cell of `row`."""
        return [
            (
                self.process_tag(cell, parent_tags | {"table", "tr"}),
                min(_span(cell, "colspan"), MAX_COLUMNS),
                _span(cell, "rowspan"),
            )
            for cell in row.find_all(["td", "th"], recursive=False)
        ]

    def convert_tr(self, el: "Tag", text: str, parent_tags: set[str]) -> str:
        return text

    def convert_caption(self, el: "Tag", text: str, parent_tags: set[str]) -> str:
        return text


def as_paragraph(text: str) -> str:
    """`text` so that a first word like “#” or “-” does not make a heading or list item of it."""
    return _BLOCK_MARK.sub(r"\\\1", text)


def pipe_table(rows: list[list[str]]) -> str:
    """Rows of cells as a Markdown table; the first row is its head, empty rows and columns go.

    Cells must have no line break and their pipes escaped.
    """
    width = max(map(len, rows), default=0)
    padded = [row + [""] * (width - len(row)) for row in rows]
    kept = [column for column in range(width) if any(row[column] for row in padded)]
    filled = [[row[column] for column in kept] for row in padded]
    filled = filled[:1] + [row for row in filled[1:] if any(row)]
    lines = ["| " + " | ".join(row) + " |" for row in filled]
    return "\n".join([*lines[:1], "|" + " --- |" * len(kept), *lines[1:]])


def _grid(rows: list[list[tuple[str, int, int]]], heads: int) -> list[list[str]]:
    """The cells of `rows` at their real columns.

    A cell over several rows stands in each of them, so that each row can be read alone; a cell
    over several columns stands in each of them in the head and in the first one below it.
    """
    grid: list[list[str]] = []
    hanging: dict[int, tuple[str, int]] = {}
    for index, row in enumerate(rows):
        line: list[str] = []
        cells = iter(row)
        cell = next(cells, None)
        while cell or any(column >= len(line) for column in hanging):
            if len(line) in hanging:
                text, left = hanging.pop(len(line))
                if left > 1:
                    hanging[len(line)] = (text, left - 1)
                line.append(text)
            elif cell:
                text, columns, down = cell
                for offset in range(columns):
                    word = text if offset == 0 or index < heads else ""
                    if down > 1:
                        hanging[len(line)] = (word, down - 1)
                    line.append(word)
                cell = next(cells, None)
            else:
                line.append("")
        grid.append(line[:MAX_COLUMNS])
    return grid


def _head_rows(rows: list[Any]) -> int:
    """How many rows are the head: those in <thead>, or the leading ones of <th> alone, or one."""
    in_thead = sum(1 for row in rows if row.parent.name == "thead")
    if in_thead:
        return in_thead
    leading = 0
    for row in rows:
        if row.find("td"):
            break
        leading += 1
    return leading if 0 < leading < len(rows) else 1


def _joined_head(rows: list[list[str]]) -> list[str]:
    """One head row from several: the different words of each column, top to bottom."""
    width = max(map(len, rows), default=0)
    padded = [row + [""] * (width - len(row)) for row in rows]
    return [
        " ".join(dict.fromkeys(filter(None, (row[column] for row in padded))))
        for column in range(width)
    ]


def _span(cell: "Tag", attribute: str) -> int:
    value = str(cell.get(attribute) or "")
    return max(1, int(value)) if value.isdecimal() and len(value) < 6 else 1


def _is_layout(table: "Tag") -> bool:
    """True for a table that only places things: one in another's way, of one row or one column."""
    rows = [row for row in table.find_all("tr") if row.find(["td", "th"])]
    columns = max((len(row.find_all(["td", "th"], recursive=False)) for row in rows), default=0)
    return len(rows) < 2 or columns < 2 or table.find("table") is not None


def _unwrap_table(table: "Tag") -> None:
    parts = ["caption", "colgroup", "thead", "tbody", "tfoot", "tr", "td", "th"]
    for tag in [tag for tag in table.find_all(parts) if tag.find_parent("table") is table]:
        if tag.name in ("td", "th", "caption"):
            tag.name = "div"
        else:
            tag.unwrap()
    table.name = "div"


def _number(listing: "Tag") -> None:
    start = str(listing.get("start") or "1")
    first = int(start) if start.isdecimal() and len(start) < 10 else 1
    for number, item in enumerate(listing.find_all("li", recursive=False), first):
        item["data-number"] = str(number)
