"""OpenDocument (text, tables, slides), written as the web page that it looks like and read as one.

docling's backend for it loses numbers of clauses, what is struck out, and formulas.
"""

import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
from html import escape
from itertools import chain
from typing import Any

from ingest.errors import DocumentError
from ingest.loaders import html, sheets
from ingest.loaders.document import LoadedDocument, choose_title, stated
from ingest.loaders.odf_parts import (
    count_of,
    get,
    is_outside_list,
    length,
    level_of,
    mark_of,
    tag_of,
)
from ingest.loaders.sheets import Value
from ingest.loaders.tree import Written, damaged
from ingest.loaders.writing import heading, joined, struck
from ingest.loaders.zipped import open_zip, root_of

_NOT_SHOWN = frozenset(
    "text:tracked-changes text:sequence-decls text:hidden-text office:forms table:shapes "
    "text:page-number text:page-count".split()
)
_TAGS = {"table:table": "table", "table:table-row": "tr", "table:table-header-rows": "thead"}
_UNSEEN = frozenset(("none", "true", "collapse", "filter", "hidden"))
_FIELDS = ("{*}checkbox", "{*}radio", "{*}text", "{*}textarea", "{*}combobox", "{*}listbox")
_ROWS = 1_048_576  # of a sheet
_MOST_REPEATED = 20_000  # cells in the rows of a document that only repeat others
_SAME_ROW = 0.5  # centimetres
_FACTS = {"title": "title", "initial-creator": "author", "creation-date": "created"}


def read(content: bytes, name: str) -> LoadedDocument:
    """Load an OpenDocument file. Raises DocumentError for damaged or hostile files."""
    with open_zip(content, name) as archive, damaged(name):
        if "content.xml" not in archive.namelist():
            raise DocumentError(name, "there is no document in it.", "Save it again as ODT.")
        xml = {part: archive.read(part) for part in archive.namelist() if part.endswith(".xml")}
        source = _Source({part: root_of(data) for part, data in xml.items() if data.strip()})
        pages = list(source.pages())
        written = [page if isinstance(page, Written) else _from_html(page, name) for page in pages]
    blocks = [page.text.strip("\n") for page in written if page.text.strip()]
    starts = [sum(len(block) + 2 for block in blocks[:number]) for number in range(len(blocks))]
    text = joined(blocks)
    facts = stated(text, source.facts())
    images = sum(page.images for page in written)
    counts = {**source.counts, "image(s) were not read.": images}
    return LoadedDocument(
        text=text if blocks else "",
        title=choose_title(
            "" if source.kind == "ods" else text, name, stated=facts.pop("title", None)
        ),
        type=source.kind,
        date=facts.pop("date", None),
        pages=tuple(starts) if source.kind == "odp" else (),
        warnings=tuple(f"{count} {what}" for what, count in counts.items() if count),
        metadata=facts,
        hidden=(*source.hidden, *chain.from_iterable(page.hidden for page in written)),
    )


def _from_html(source: str, name: str) -> Written:
    return html.to_markdown(html.parse(f"<body>{source}</body>", name), name)[0]


class _Source:
    """A document's XML; each of its `pages` is HTML, or, of a table document, its text."""

    def __init__(self, parts: dict[str, Any]) -> None:
        self._parts = parts
        content = parts["content.xml"]
        self._body = content.find("{*}body")[0]
        kinds = {"text": "odt", "spreadsheet": "ods", "presentation": "odp"}
        self.kind = kinds.get(tag_of(self._body).partition(":")[2], "odt")
        self.hidden: list[str] = []
        self.counts: Counter[str] = Counter()
        roots = [parts[name] for name in ("content.xml", "styles.xml") if name in parts]
        styles = chain.from_iterable(root.iter("{*}style", "{*}list-style") for root in roots)
        self._styles = {(get(s, "family"), get(s, "name")): s for s in styles}
        self._look = cache(self._properties)  # each cell of a sheet asks for its style's
        self._outline = next(chain.from_iterable(r.iter("{*}outline-style") for r in roots), None)
        self._has_title = any(get(p, "style-name") == "Title" for p in content.iter("{*}p"))
        self._repeats = _MOST_REPEATED
        self._counted: dict[str, list[int]] = {}
        self._after: list[str] = []
        self._notes: list[str] = []
        for what, changes in (("inserted", "insertion"), ("deleted", "deletion")):
            found = content.findall(f".//{{*}}changed-region/{{*}}{changes}")
            self.counts[f"tracked change(s) were accepted: {what}."] = len(found)

    def facts(self) -> dict[str, str]:
        meta = self._parts.get("meta.xml")
        if meta is None:
            return {}
        found = {field: meta.findtext(f".//{{*}}{tag}") or "" for tag, field in _FACTS.items()}
        found["author"] = found["author"] or meta.findtext(".//{*}creator") or ""
        return found

    def pages(self) -> Iterator[str | Written]:
        if self.kind == "ods":
            yield self._sheets()
        elif self.kind == "odp":
            for page in self._body.iterfind("{*}page"):
                properties = self._look("drawing-page", get(page, "style-name"))
                if properties.get("visibility") == "hidden":
                    self.hidden.append("".join(page.itertext()))
                    self.counts["hidden slide(s) were left out."] += 1
                else:
                    yield "".join(map(self._html, self._in_order(page)))
        else:
            root = self._parts.get("styles.xml")
            heads = [] if root is None else root.iter("{*}header", "{*}footer", "{*}header-first")
            top = dict.fromkeys(self._inside(head) for head in heads)
            yield "".join(top) + self._html(self._body) + "".join(self._notes)

    def _in_order(self, page: Any) -> Iterator[Any]:
        """What stands on a slide, from top to bottom; what is drawn beside it is not seen."""
        styles = self._parts.get("styles.xml")
        size = None if styles is None else styles.find(".//{*}page-layout-properties")
        wide, high = (length(get(size, f"page-{side}")) or 100.0 for side in ("width", "height"))
        placed = []
        for number, shape in enumerate(page):
            parts = list(shape) if tag_of(shape) == "draw:g" else [shape]
            x, y = (min(length(get(part, at)) for part in parts) for at in ("x", "y"))
            width, height = (length(get(shape, at)) for at in ("width", "height"))
            is_notes = shape.tag.endswith("}notes")
            is_beside = x + width <= 0 or y + height <= 0 or x >= wide or y >= high
            if width and is_beside and not is_notes:
                self.hidden.append("".join(shape.itertext()))
            else:
                placed.append((is_notes, round(y / _SAME_ROW), x, number, shape))
        yield from (shape for *_, shape in sorted(placed, key=lambda each: each[:4]))

    # --- as HTML ---

    def _inside(self, node: Any) -> str:
        parts = [escape(node.text or "")]
        for child in node:
            parts += [self._html(child), escape(child.tail or "")]
        return "".join(parts)

    def _html(self, node: Any) -> str:
        tag = tag_of(node)
        if tag in _NOT_SHOWN:
            return ""
        hidden = " hidden" if get(node, "display") in _UNSEEN else ""
        if tag in ("text:p", "text:h"):
            return self._paragraph(node, tag, hidden)
        if tag == "text:list":
            return self._list(node, get(node, "style-name"), 0)
        if tag in _TAGS:
            hidden = " hidden" if get(node, "visibility") in _UNSEEN else hidden
            return f"<{_TAGS[tag]}{hidden}>{self._inside(node)}</{_TAGS[tag]}>"
        if tag == "table:table-cell":
            over, down = get(node, "number-columns-spanned"), get(node, "number-rows-spanned")
            cell = f'<td colspan="{over or 1}" rowspan="{down or 1}">{self._inside(node)}</td>'
            return cell * min(int(get(node, "number-columns-repeated") or 1), 100)
        if tag == "table:covered-table-cell":
            return ""
        if tag == "text:span":
            return self._styled("span", self._look("text", get(node, "style-name")), node)
        if tag in ("text:s", "text:tab"):
            return " "
        if tag == "text:line-break":
            return "<br>"
        if tag == "text:note":
            return self._note(node)
        if tag == "text:ruby":
            return self._inside(node.find("{*}ruby-base"))
        if tag == "draw:frame":
            return self._frame(node)
        if tag == "draw:control":
            return escape(self._control(node))
        if tag == "office:annotation":
            self.counts["comment(s) were not read."] += 1
            return ""
        if tag in ("text:section", "presentation:notes"):
            return f"<div{hidden}>{self._inside(node)}</div>"
        return self._inside(node)

    def _paragraph(self, node: Any, tag: str, hidden: str) -> str:
        look = self._look("paragraph", get(node, "style-name"))
        frame = node.getparent().getparent()
        name = "p"
        if tag == "text:h":
            level = int(get(node, "outline-level") or 1)
            name = f"h{min(level + self._has_title, 6)}"
        elif (
            "Title" in (get(node, "style-name"), look.get("parent"))
            or get(frame, "class") == "title"
        ):
            name = "h1"
        mark = self._outline_mark(level) if tag == "text:h" and is_outside_list(node) else ""
        after, self._after = self._after, []
        text = self._styled(name, look, node, f"{escape(mark)} ", hidden)
        lifted, self._after = "".join(self._after), after
        return text + lifted

    def _styled(
        self, name: str, look: dict[str, str], node: Any, before: str = "", hidden: str = ""
    ) -> str:
        css: dict[str, str] = {
            key: look[key] for key in ("background-color", "font-size") if key in look
        }
        # On slides, what is behind a text is not known.
        if look.get("use-window-font-color") != "true" and "color" in look and self.kind == "odt":
            css["color"] = look["color"]
        if look.get("display") in _UNSEEN:
            css["display"] = "none"
        lines = (look.get(f"text-line-through-{key}", "none") for key in ("style", "type"))
        if any(line != "none" for line in lines):
            css["text-decoration"] = "line-through"
        inside = self._inside(node)
        if look.get("font-weight") == "bold" and inside.strip():
            inside = f"<b>{inside}</b>"
        place = look.get("text-position", "0%").split()[0]
        if place not in ("0%", "0") and name == "span":
            script = "sub" if place.startswith(("sub", "-")) else "sup"
            inside = f"<{script}>{inside}</{script}>"
        style = escape(";".join(f"{key}:{value}" for key, value in css.items()))
        if name != "span" and "text-decoration" in css:
            inside = f"<s>{inside}</s>"
            style = style.replace("line-through", "none")
        return f'<{name} style="{style}"{hidden}>{before}{inside}</{name}>'

    def _properties(self, family: str, name: str) -> dict[str, str]:
        """A style's properties by their names, those of the styles above included."""
        look: dict[str, str] = {}
        for _ in range(20):
            style = self._styles.get((family, name))
            if style is None:
                break
            for properties in style:
                own = {key.rpartition("}")[2]: value for key, value in properties.items()}
                look = {**own, **look}
            name = get(style, "parent-style-name")
            if style.getparent().tag.endswith("}automatic-styles"):
                look.setdefault("parent", name)
        return look

    def _note(self, node: Any) -> str:
        number = len(self._notes) + 1
        shown = "".join(node.find("{*}note-citation").itertext())
        words = " ".join(" ".join(node.find("{*}note-body").itertext()).split())
        self._notes.append(
            f'<div class="footnote" id="n{number}"><a href="#r{number}">^</a> {escape(words)}</div>'
        )
        return f'<sup id="r{number}"><a href="#n{number}">{escape(shown)}</a></sup>'

    def _frame(self, frame: Any) -> str:
        """A formula, or a picture's alternative text; what is in text boxes follows later."""
        boxes = [*frame.iterfind("{*}text-box"), *frame.iterfind("{*}table")]
        inside = "".join(f"<div>{self._html(box)}</div>" for box in boxes)
        if next(frame.iterancestors("{*}p"), None) is not None:
            self._after.append(inside)
            inside = ""
        for made in frame.iterfind("{*}object"):
            part = self._parts.get(
                f"{get(made, 'href').removeprefix('./').rstrip('/')}/content.xml"
            )
            if part is not None and (chart := part.find(".//{*}chart")) is not None:
                return self._chart(chart)
            if part is not None and part.tag.endswith("}math"):
                from lxml import etree

                return str(re.sub(r"<(/?)\w+:", r"<\1", etree.tostring(part, encoding="unicode")))
        if frame.find("{*}image") is not None and frame.find("{*}object") is None:
            told = frame.findtext("{*}desc") or frame.findtext("{*}title") or ""
            inside += f'<img alt="{escape(told)}">'
        return inside

    def _chart(self, chart: Any) -> str:
        """A chart's title, and its data where they stand nowhere else."""
        lines = ("".join(line.itertext()) for title in chart.iter("{*}title") for line in title)
        told = "".join(f"<p>{escape(line)}</p>" for line in lines)
        table = next(chart.iter("{*}table"), None)
        return told if table is None or self.kind == "ods" else told + self._html(table)

    def _control(self, control: Any) -> str:
        """What is typed, chosen or ticked in a form's field."""
        wanted = get(control, "control")
        for field in self._body.iter(*_FIELDS):
            if wanted in (value for key, value in field.items() if key.endswith("}id")):
                if field.tag.endswith(("}checkbox", "}radio")):
                    state = get(field, "current-state") or get(field, "current-selected")
                    sign = "☒" if state in ("checked", "true") else "☐"
                    return f" {sign} {get(field, 'label')} "
                return f" {get(field, 'current-value') or get(field, 'value')} "
        return ""

    # --- numbers ---

    def _list(self, node: Any, style: str, level: int) -> str:
        goes_on = get(node, "continue-numbering") == "true" or get(node, "continue-list")
        if level == 0 and not goes_on:
            self._counted.pop(style, None)
        counted = self._counted.setdefault(style, [])
        items = []
        for each in node:
            inside = [child for child in each if isinstance(child.tag, str)]
            has_words = bool(inside) and tag_of(inside[0]) != "text:list"
            own = get(each, "style-override") or style
            is_item = has_words and tag_of(each) == "text:list-item"
            mark = self._mark(own, counted, level, get(each, "start-value")) if is_item else ""
            body = "".join(
                self._list(child, get(child, "style-name") or style, level + 1)
                if tag_of(child) == "text:list"
                else self._html(child)
                for child in inside
            )
            if has_words and tag_of(inside[0]) == "text:h":
                opened = body.index(">") + 1
                items.append(f"{body[:opened]}{escape(mark)} {body[opened:]}")
            elif has_words:
                item = f'<li data-mark="{escape(mark)}">{body}</li>'
                items.append(f'<ul class="lst-kix_0-{min(level, 9)}">{item}</ul>')
            else:
                items.append(body)
        return "".join(items)

    def _mark(self, style: str, counted: list[int], level: int, start: str) -> str:
        found = self._styles.get(("", style))
        del counted[level + 1 :]
        for at in range(len(counted), level + 1):
            first = get(level_of(found, at), "start-value")
            counted.append((int(first) if first.isdecimal() else 1) - (at == level))
        counted[level] = int(start) if start.isdecimal() else counted[level] + 1
        return mark_of(found, counted, level)

    def _outline_mark(self, level: int) -> str:
        if self._outline is None:
            return ""
        counted = self._counted.setdefault("outline", [])
        del counted[level:]
        counted += [1] * (level - 1 - len(counted)) + [0] * (len(counted) < level)
        counted[level - 1] += 1
        return mark_of(self._outline, counted, level - 1)

    # --- sheets ---

    def _sheets(self) -> Written:
        blocks = []
        for space in self._body.iter("{*}s", "{*}tab", "{*}line-break"):
            space.text = " "
        for sheet in self._body.iterfind("{*}table"):
            cells, drawn = sheets.written(dict(self._values(sheet))), self._drawn(sheet)
            text = joined([cells, *drawn]) if cells.strip() or drawn else ""
            name = get(sheet, "name")
            if self._look("table", get(sheet, "style-name")).get("display") == "false":
                self.hidden.append(f"{name}: {text}")
                self.counts["hidden sheet(s) were left out."] += 1
            elif text.strip():
                blocks += [heading(2, name), text]
        return Written(joined(blocks) if blocks else "")

    def _drawn(self, sheet: Any) -> list[str]:
        """The words in a sheet's drawings: text boxes, and the titles of charts."""
        holders = sheet.iter("{*}shapes", "{*}table-cell")
        frames = (each for holder in holders for each in holder if tag_of(each).startswith("draw:"))
        words = (self._frame(frame) or self._inside(frame) for frame in frames)
        return [text for each in words if (text := _from_html(each, self.kind).text).strip()]

    def _values(self, sheet: Any) -> Iterator[tuple[tuple[int, int], Value]]:
        columns = chain.from_iterable(
            [get(column, "visibility") in _UNSEEN] * count_of(column, "number-columns-repeated")
            for column in sheet.iter("{*}table-column")
        )
        is_hidden = list(columns)
        down = 0
        for row in sheet.iter("{*}table-row"):
            unseen = get(row, "visibility") in _UNSEEN
            values: list[tuple[int, Value]] = []
            at = across = 0
            for cell in row:
                look = self._look("table-cell", get(cell, "style-name"))
                text = " ".join(
                    filter(None, ("".join(p.itertext()) for p in cell.iterfind("{*}p")))
                )
                if look.get("text-line-through-style", "none") != "none":
                    text = struck(text)
                strong = look.get("font-weight") == "bold"
                self.counts["comment(s) were not read."] += cell.find("{*}annotation") is not None
                times = count_of(cell, "number-columns-repeated")
                for place in range(at, at + times):
                    if unseen or is_hidden[place : place + 1] == [True]:
                        self.hidden += [text] if text.strip() else []
                        continue
                    if text.strip():
                        kind = get(cell, "value-type")
                        rows, over = (
                            count_of(cell, f"number-{what}-spanned") for what in ("rows", "columns")
                        )
                        over -= sum(is_hidden[place : place + over])
                        is_number = kind not in ("", "string")
                        values.append((across, Value(text, is_number, strong, rows, over)))
                    across += 1
                at += times
            times = 0 if unseen else count_of(row, "number-rows-repeated", _ROWS)
            if values:
                more = min(times - 1, self._repeats // len(values))
                self._repeats -= more * len(values)
                self.counts["repeated row(s) were left out."] += times - 1 - more
                yield from (((down + n, at), each) for n in range(1 + more) for at, each in values)
            down += times
