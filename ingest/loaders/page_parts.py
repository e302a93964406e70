"""The parts of a web page in forms that docling's backend reads without loss.

Emphasis and link addresses go: a quote should read as the page does, and its words are searched.
"""

import re
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from ingest.loaders.document import ends_sentence, sentence_end
from ingest.loaders.encoding import clean
from ingest.loaders.writing import GROUP, MARK, OURS, PLAIN, fence, numeral, scripted, struck

if TYPE_CHECKING:
    from bs4 import BeautifulSoup, Tag

CODE = "\uf8e4"
"""Stands around the number of a block that is put back when the page is written."""
_PUT_BACK = re.compile(rf"{CODE}(\d+){CODE}")

_MARGIN = re.compile(r" *(?:(?:[-*+]|\d+[.)]) +)*")
_GONE = (
    "script", "style", "noscript", "template", "canvas", "iframe", "object", "embed", "audio",
    "video", "map", "head", "dialog",
)  # fmt: skip
_AS_DIV = (
    "details", "summary", "header", "footer", "aside", "address", "figure", "figcaption", "form",
    "fieldset", "legend", "main", "article", "section", "hgroup", "center", "search", "menu",
)  # fmt: skip
_INLINE = (
    "b strong i em u ins s del strike sub sup span a code mark small font abbr cite q kbd samp var "
    "time label big tt button dfn bdi bdo data output acronym nobr picture ruby rb rp rt meter "
    "progress"
).split()
_KEPT = frozenset(("colspan", "rowspan"))
NOTE_TAGS = ("li", "p", "div", "aside", "dd")
_LIST_KINDS = {"lower-alpha": "a", "upper-alpha": "A", "lower-roman": "i", "upper-roman": "I"}
LIST_CLASSES = {name.replace("-", ""): kind for name, kind in _LIST_KINDS.items()}
"""What docutils and AsciiDoc call the ways of counting."""
_LIST_STYLE = re.compile(rf"list-style(?:-type)?:[^;]*?({'|'.join(_LIST_KINDS)})")
_LONGEST_CELL = 200  # characters, in a table with another in one of its cells
_FORMULA = re.compile(r"math|\btex\b|latex|equation", re.IGNORECASE)
_NAMES = ("id", "name")
_BLOCKS = (*NOTE_TAGS, "td", "th", "dt", "caption", "h1", "h2", "h3", "h4", "h5", "h6")
_NOTES_THERE = re.compile(r"(?:\s*\[\^[^\]]*\])*")
# How some programs write what is ticked.
_TICKS = {
    ".checkbox-on": "☒", ".checkbox-off": "☐", ".inline-task-list > li.checked": "☒",
    ".inline-task-list > li:not(.checked)": "☐",
}  # fmt: skip
# Google Docs writes each level of a list as a list of its own, and its numbers as a style.
_LEVEL = re.compile(r"lst-kix_[\w]+-(\d)")
_COUNTER = re.compile(
    r"\.(lst-kix_\w+-\d)\s*>\s*li:before\s*\{\s*content:[^}]*?,\s*([\w-]+)\)[^}]*\}"
)
_NOTE_PLACES = re.compile(r"note|\bfn|ftn", re.IGNORECASE)


def simplify(soup: "BeautifulSoup") -> tuple[int, list[str]]:
    """Simplify a page in place; return how many images it has, and the blocks to be put back."""
    blocks: list[str] = []
    _nest_lists(soup)
    for tag in soup.find_all(_GONE):
        if tag.name == "script" and "math/tex" in str(tag.get("type")):
            tag.replace_with(f"${tag.get_text().strip()}$")
        elif not tag.decomposed:
            tag.decompose()
    for text in soup.find_all(string=OURS):
        text.replace_with(OURS.sub("", text))
    images = _write_images(soup)
    _write_formulas(soup)
    _write_forms(soup)
    _write_code(soup, blocks)
    _place_notes(soup)
    _write_marks(soup)
    for table in soup.find_all("table"):
        _write_table(table)
    _write_lists(soup)
    for tag in soup.find_all(_AS_DIV):
        tag.name = "div"
    for tag in soup.find_all(_INLINE):
        if tag.name == "button":
            tag.insert(0, " ")
            tag.append(" ")
        tag.unwrap()
    for tag in soup.find_all(True):
        tag.attrs = {name: value for name, value in tag.attrs.items() if name in _KEPT}
    soup.smooth()
    return images, blocks


def put_back(text: str, blocks: list[str]) -> str:
    """`text` with the blocks that `simplify` took out, each indented as its place is."""

    def block(place: re.Match[str]) -> str:
        line = text[text.rfind("\n", 0, place.start()) + 1 : place.start()]
        code = blocks[int(place[1])]
        if line.startswith("|"):
            return " ".join(code.strip("`\n").split())
        margin = "\n" + " " * len(_MARGIN.match(line)[0])  # type: ignore[index]
        return (margin if line.strip(" ") and not _MARGIN.fullmatch(line) else "") + code.replace(
            "\n", margin
        )

    return _PUT_BACK.sub(block, text)


def _write_images(soup: "BeautifulSoup") -> int:
    images = soup.find_all(["img", "svg"])
    for image in images:
        title = image.find("title") if image.name == "svg" else None
        told = title.get_text() if title else image.get("alt") or image.get("aria-label") or ""
        words = " ".join(str(told).split())
        labels = [" ".join(tag.get_text(" ").split()) for tag in image.find_all("text")]
        is_formula = _FORMULA.search(" ".join(map(str, image.get_attribute_list("class"))))
        shown = f"${words}$" if is_formula else f"(image: {words})"
        image.replace_with(f" {' '.join([shown, *labels] if words else labels)} ")
    return len(images)


def _write_formulas(soup: "BeautifulSoup") -> None:
    for formula in soup.find_all(["code", "tt", "pre"], class_="math"):
        formula.name = "p" if formula.name == "pre" else "span"
        formula.string = f"${' '.join(formula.get_text().split())}$"
    # What KaTeX and MathJax draw beside the formula that they also keep as MathML.
    for again in [*soup.find_all(class_="katex-html"), *soup.find_all("mjx-math")]:
        if again.parent and again.parent.find("math"):
            again.decompose()
    for formula in soup.find_all("math"):
        formula.replace_with(f"${_latex(formula)}$")


def _latex(formula: "Tag") -> str:
    source = formula.find("annotation", encoding=re.compile("tex", re.IGNORECASE))
    if source or formula.get("alttext"):
        return " ".join((source.get_text() if source else str(formula["alttext"])).split())
    for other in formula.find_all(["annotation", "annotation-xml"]):
        other.decompose()
    from mathml_to_latex.converter import MathMLToLaTeX

    try:
        words = str(MathMLToLaTeX().convert(str(formula)))
    except Exception:  # a formula that it cannot write stands as its letters
        words = formula.get_text(" ")
    return " ".join(words.split()) or "formula"


def _write_forms(soup: "BeautifulSoup") -> None:
    """What is ticked, chosen and typed, as it stands in the page."""
    for box in soup.find_all("input"):
        kind = str(box.get("type") or "text").lower()
        if kind in ("checkbox", "radio"):
            box.replace_with(" ☒ " if box.has_attr("checked") else " ☐ ")
        else:
            shown = kind not in ("hidden", "password", "image", "file")
            box.replace_with(f" {box.get('value') or ''} " if shown else "")
    for selector, sign in _TICKS.items():
        for tag in soup.select(selector):
            tag.name = "span" if tag.name == "div" else tag.name
            tag.insert(0, f"{sign} ")
    for box in soup.find_all(role=("checkbox", "radio", "switch")):
        box.insert(0, " ☒ " if box.get("aria-checked") == "true" else " ☐ ")
    for choice in soup.find_all("select"):
        options = choice.find_all("option")
        chosen = [option for option in options if option.has_attr("selected")]
        chosen = chosen or ([] if choice.has_attr("multiple") else options[:1])
        choice.replace_with(f" {', '.join(option.get_text(' ', strip=True) for option in chosen)} ")
    for area in soup.find_all(["textarea", "datalist"]):
        area.replace_with(f" {area.get_text()} " if area.name == "textarea" else "")


def _write_code(soup: "BeautifulSoup", blocks: list[str]) -> None:
    for code in soup.find_all("pre"):
        for line_break in code.find_all("br"):
            line_break.replace_with("\n")
        classes = [*code.get_attribute_list("class")]
        if code.code:
            classes += code.code.get_attribute_list("class")
        language = next((name[9:] for name in classes if str(name).startswith("language-")), "")
        block = fence(clean(code.get_text())[0], language)
        code.name = "p"
        code.string = f"{CODE}{len(blocks)}{CODE}" if block else ""
        blocks.append(block)


def _place_notes(soup: "BeautifulSoup") -> None:
    """Let a note follow the sentence it is set in, where note and mark link to one another."""
    places = {str(tag["id"]): tag for tag in soup.find_all(NOTE_TAGS, id=True)}
    for at in _NAMES:
        for anchor in soup.find_all("a", attrs={at: True}):
            if holder := anchor.find_parent(NOTE_TAGS):
                places.setdefault(str(anchor[at]), holder)
    for mark in soup.find_all("a", href=re.compile(r"^#.")):
        note = None if mark.decomposed else places.get(str(mark["href"])[1:])
        if note is None or note.decomposed or note in mark.parents:
            continue
        names = [str(tag.get(at)) for tag in (mark, *mark.find_parents(limit=2)) for at in _NAMES]
        back = [link for link in note.find_all("a", href=True) if str(link["href"])[1:] in names]
        if not is_note(mark, note, back):
            continue
        number = mark.get_text(strip=True).strip("[]()")
        for link in back:
            link.decompose()
        words = re.sub(rf"^\W*(?:\[\s*\]\s*|{re.escape(number)}[.):\]]\s+)", "", _words(note))
        note.decompose()
        _insert_note(mark, f"[^{number}: {words}]")


def is_note(mark: "Tag", note: "Tag", back: list["Tag"]) -> bool:
    """Whether a link is the mark of a note: it says so, or the note is called one and links
    `back`."""
    if "noteref" in f"{mark.get('epub:type')} {mark.get('role')}":
        return True
    around = [note, *note.find_parents(limit=3), *back]
    roles = " ".join(str(tag.get(at)) for tag in around for at in ("role", "class", *_NAMES))
    return bool(back and _NOTE_PLACES.search(f"{roles} {mark['href']}"))


def _words(tag: "Tag") -> str:
    """The words of an element, blocks in it apart."""
    for block in tag.find_all(["p", "div", "li", "br", "td"]):
        block.append(" ")
        block.insert(0, " ")
    return " ".join(tag.get_text().split())


def _insert_note(mark: "Tag", note: str) -> None:
    """Put `note` where the sentence ends that `mark` stands in, in the mark's own block."""
    place: Any = mark.find_parent("sup") or mark
    block = mark.find_parent(_BLOCKS) or place.parent
    own = set(map(id, place.find_all(string=True)))
    texts = block.find_all(string=True)
    at = next(number for number, text in enumerate(texts) if id(text) in own)
    if ends_sentence("".join(texts[:at])):
        place.replace_with(f" {note} ")
        return
    for text in texts[at:]:
        end = sentence_end(text, 0)
        if id(text) not in own and ends_sentence(text[:end]):
            notes = _NOTES_THERE.match(text, end)
            end = notes.end() if notes else end
            text.replace_with(f"{text[:end]} {note} {text[end:].lstrip()}")
            break
    else:
        block.append(f" {note}")
    place.decompose()


def _write_marks(soup: "BeautifulSoup") -> None:
    lines = soup.find_all(style=re.compile("line-through"))
    for tag in [*soup.find_all(["s", "del", "strike"]), *lines]:
        if tag.get_text(strip=True) and not tag.find(["p", "div", "li"]):
            if tag.string:
                tag.string = struck(tag.string)
            else:
                tag.insert(0, "~~")
                tag.append("~~")
    for name, script in (("sup", "^"), ("sub", "_")):
        for tag in soup.find_all(name):
            before, after = (str(each or "") for each in (tag.previous_sibling, tag.next_sibling))
            tag.string = scripted(tag.get_text(), script, before, after)
    for tag in soup.find_all("rt"):
        if not tag.parent or not tag.parent.find("rp"):
            tag.insert(0, "(")
            tag.append(")")
    for tag in soup.find_all("wbr"):
        tag.decompose()
    for tag in soup.find_all("q"):
        tag.insert(0, "“")
        tag.append("”")


def _write_table(table: "Tag") -> None:
    """Let a table that only places things be paragraphs, and one in a cell be words."""
    rows = [row for row in table.find_all("tr") if row.find_parent("table") is table]
    cells = [list(row.find_all(["td", "th"], recursive=False)) for row in rows]
    if table.find_parent(["td", "th"]) and not _is_layout(table, cells):
        lines = (" ".join(cell.get_text(" ", strip=True) for cell in row) for row in cells)
        table.replace_with(
            f" {'; '.join(' '.join(line.split()) for line in lines if line.strip())} "
        )
        return
    if not _is_layout(table, cells):
        for part in table.find_all(["thead", "tbody", "tfoot"]):
            part.unwrap()
        for row, below in pairwise(cells[1:]):
            if _heads_group(row, below):
                row[0].insert(0, GROUP)
        if not _stands_out(cells):
            cells[0][0].insert(0, PLAIN)
        return
    for tag in table.find_all(["caption", "colgroup", "thead", "tbody", "tfoot", "tr", "td", "th"]):
        if tag.find_parent("table") is table:
            tag.name = "div"
    table.name = "div"


def _heads_group(row: list["Tag"], below: list["Tag"]) -> bool:
    """Whether only a row's first cell has words, and looks other than the one below it."""
    if len(row) < 3 or len(below) < 2 or any(cell.get_text(strip=True) for cell in row[1:]):
        return False
    looks = [(cell.name, cell.find(["b", "strong"]) is not None) for cell in (row[0], below[0])]
    return bool(row[0].get_text(strip=True)) and looks[0] != looks[1] and looks[0] != ("td", False)


def _stands_out(cells: list[list["Tag"]]) -> bool:
    """Whether a table's first row is one of heads, or bold where the one below it is not."""
    first, below = (all(cell.find(["b", "strong"]) for cell in row) for row in cells[:2])
    return (first and not below) or any(cell.name == "th" for row in cells for cell in row)


def _is_layout(table: "Tag", cells: list[list["Tag"]]) -> bool:
    """Whether a table has one row or column, or holds another and has no heads of its own."""
    columns = max(map(len, cells), default=0)
    heads = (cell for row in cells for cell in row if cell.name == "th")
    has_heads = table.caption is not None or any(heads)
    longest = max((len(cell.get_text()) for row in cells for cell in row), default=0)
    in_the_way = table.find("table") is not None and not has_heads and longest > _LONGEST_CELL
    return len(cells) < 2 or columns < 2 or in_the_way or table.get("role") == "presentation"


def _write_lists(soup: "BeautifulSoup") -> None:
    for each in soup.find_all("li", attrs={"data-mark": True}):
        each.insert(0, f"{each['data-mark']}{MARK}")
    for terms in soup.find_all("dl"):
        _write_terms(terms)
    for listing in soup.find_all("ol"):
        items = listing.find_all("li", recursive=False)
        style = _LIST_STYLE.search(str(listing.get("style") or ""))
        classes = map(str, listing.get_attribute_list("class"))
        told = next((LIST_CLASSES[each] for each in classes if each in LIST_CLASSES), "1")
        kind = _LIST_KINDS[style[1]] if style else str(listing.get("type") or told)
        step = -1 if listing.has_attr("reversed") else 1
        first = str(listing.get("start") or (len(items) if step < 0 else 1))
        number = int(first) if first.isdecimal() and len(first) < 10 else 1
        for each in items:
            value = str(each.get("value") or "")
            number = int(value) if value.isdecimal() and len(value) < 10 else number
            each.insert(0, f"{numeral(number, kind)}.{MARK}")
            number += step


def _nest_lists(soup: "BeautifulSoup") -> None:
    """Let lists whose level is only told by their class stand in the item that they belong to."""
    styles = "".join(tag.get_text() for tag in soup.find_all("style"))
    kinds = dict(_COUNTER.findall(styles))
    last: dict[int, Tag] = {}
    outermost: Tag | None = None
    for listing in soup.find_all(["ol", "ul"], class_=_LEVEL):
        name = next(filter(_LEVEL.fullmatch, map(str, listing.get_attribute_list("class"))))
        if name in kinds:
            listing["style"] = f"list-style-type:{kinds[name].replace('latin', 'alpha')}"
        level = int(name[-1])
        goes_on = outermost is not None and listing.find_previous_sibling(True) is outermost
        above = max((at for at in last if at < level), default=None) if goes_on else None
        if above is None:
            outermost, last = listing, {}
        else:
            last[above].append(listing.extract())
        items = listing.find_all("li", recursive=False)
        last = {at: item for at, item in last.items() if at < level}
        last |= {level: items[-1]} if items else {}


def _write_terms(terms: "Tag") -> None:
    """A term and what it means are one item: "GAN: two networks"."""
    terms.name = "ul"
    for wrapper in terms.find_all("div", recursive=False):
        wrapper.unwrap()
    item: Any = None
    for part in terms.find_all(["dt", "dd"], recursive=False):
        if part.name == "dt" or item is None:
            part.name, item = "li", part
            item.append(" " if item.get_text(strip=True).endswith(":") else ": ")
        else:
            item.extend([*part.contents, " "])
            part.decompose()
