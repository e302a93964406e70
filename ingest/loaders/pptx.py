"""PowerPoint: each slide is a page; what docling's backend would lose is written into its text."""

import re
from collections import defaultdict
from collections.abc import Iterator
from copy import deepcopy as copy
from dataclasses import dataclass
from typing import Any

from ingest.loaders import looks
from ingest.loaders.document import LoadedDocument, choose_title, stated
from ingest.loaders.pictures import Pictures
from ingest.loaders.themes import A, Theme, theme_of
from ingest.loaders.tree import damaged, open_backend, write
from ingest.loaders.word_text import M, R, latex, take_choices
from ingest.loaders.writing import MARK, OURS, PLAIN, numeral, spelt
from ingest.loaders.zipped import open_zip

P = "{http://schemas.openxmlformats.org/presentationml/2006/main}"
A14 = "{http://schemas.microsoft.com/office/drawing/2010/main}"
_PLAIN = "1001"  # the theme's first style of backgrounds, one colour; the others are gradients
_FILLS = ("solidFill", "gradFill", "blipFill", "pattFill")

# What PowerPoint calls its ways of counting: "alphaLcParenR" is a), b), c).
_AUTO_NUMBER = re.compile(r"(alphaLc|alphaUc|romanLc|romanUc|arabic)(\w*)")
_AROUND = defaultdict(lambda: ("", "."), ParenR=("", ")"), ParenBoth=("(", ")"), Plain=("", ""))


@dataclass(frozen=True)
class _Look:
    """The colours that a slide names, and what is behind the words of one of its shapes."""

    theme: Theme
    behind: looks.Colour | None


def read(content: bytes, name: str) -> LoadedDocument:
    """Load a presentation. Raises DocumentError for damaged, encrypted or hostile files."""
    open_zip(content, name).close()
    backend = open_backend(
        "mspowerpoint_backend", "MsPowerpointDocumentBackend", "pptx", content, name
    )
    hidden: list[str] = []
    pictures = Pictures()
    with damaged(name):
        slides = list(backend.pptx_obj.slides)
        for slide in slides:
            _as_shown(slide, backend.pptx_obj, hidden, pictures)
        unseen = sum(slide._element.get("show") == "0" for slide in slides)
    written = write(backend, name, furniture="once")
    facts = stated(written.text, _core(backend.pptx_obj.core_properties))
    counts = {
        f"{unseen} hidden slide(s) were left out.": unseen,
        f"{written.comments} comment(s) were not read.": written.comments,
    }
    return LoadedDocument(
        text=written.text,
        title=choose_title(written.text, name, stated=facts.pop("title", None)),
        type="pptx",
        date=facts.pop("date", None),
        pages=written.pages,
        warnings=(*pictures.warnings(), *(told for told, count in counts.items() if count)),
        metadata=facts,
        hidden=(*hidden, *written.hidden),
    )


def _core(properties: Any) -> dict[str, str]:
    """What the file states about itself, but for what its maker's empty document states too."""
    from pptx import Presentation

    names = ("title", "author", "created", "modified", "keywords", "subject")
    empty = Presentation().core_properties
    return {
        name: str(getattr(properties, name) or "")
        for name in names
        if getattr(properties, name) != getattr(empty, name)
    }


def _as_shown(slide: Any, presentation: Any, hidden: list[str], pictures: Pictures) -> None:
    take_choices(slide._element)
    width, height = presentation.slide_width, presentation.slide_height
    for shape in list(slide.shapes):
        if _is_outside(shape, width, height):
            hidden.append(" ".join(_texts(shape._element)))
            shape._element.getparent().remove(shape._element)
    theme = _theme(slide)
    ground = _ground(slide, theme)
    for holder in slide._element.iter(f"{P}sp", f"{A}tc"):
        look = _Look(theme, _filled(holder, ground, theme))
        numbers = _Numbers()
        for paragraph in holder.iter(f"{A}p"):
            _write(paragraph, hidden, look)
            numbers.write(paragraph)
    for table in slide._element.iter(f"{A}tbl"):
        look, first = table.find(f"{A}tblPr"), table.find(f".//{A}t")
        if first is not None and (look is None or look.get("firstRow") not in ("1", "true")):
            first.text = f"{PLAIN}{first.text or ''}"
    for picture in list(slide._element.iter(f"{P}pic")):
        _tell(picture, slide, pictures)


def _is_outside(shape: Any, width: int, height: int) -> bool:
    if None in (shape.left, shape.top, shape.width, shape.height):
        return False
    across = shape.left >= width or shape.left + shape.width <= 0
    return bool(across or shape.top >= height or shape.top + shape.height <= 0)


def _texts(element: Any) -> Iterator[str]:
    return (text.text or "" for text in element.iter(f"{A}t"))


def _theme(slide: Any) -> Theme:
    """The colours of a slide's theme, by the names that its master or the slide has for them."""
    master = slide.slide_layout.slide_master
    names = dict(master._element.find(f"{P}clrMap").attrib)
    for part in (slide.slide_layout, slide):
        for own in part._element.iterfind(f"{P}clrMapOvr/{A}overrideClrMapping"):
            names |= dict(own.attrib)
    return theme_of(master.part, names)


def _ground(slide: Any, theme: Theme) -> looks.Colour | None:
    """The slide's background: the theme's where nothing is said, None where it is not known."""
    for part in (slide, slide.slide_layout, slide.slide_layout.slide_master):
        background = part._element.find(f"{P}cSld/{P}bg")
        if background is not None:
            colours = list(background.iter(f"{A}srgbClr", f"{A}schemeClr"))
            style = background.find(f"{P}bgRef")
            is_plain = style is None or style.get("idx") == _PLAIN
            return theme.drawn(colours[0]) if len(colours) == 1 and is_plain else None
    return looks.WHITE


def _filled(holder: Any, ground: looks.Colour | None, theme: Theme) -> looks.Colour | None:
    """What is behind the words of a shape or cell; None where it is not known."""
    properties = holder.find(f"{P}spPr" if holder.tag == f"{P}sp" else f"{A}tcPr")
    for kind in () if properties is None else _FILLS:
        fill = properties.find(A + kind)
        if fill is not None:
            return theme.drawn(fill[0]) if kind == "solidFill" and len(fill) else None
    has_style = holder.find(f"{P}style") is not None or holder.tag == f"{A}tc"
    return None if has_style else ground


def _write(paragraph: Any, hidden: list[str], look: _Look) -> None:
    """Write into a paragraph's runs what their format says; hidden ones go."""
    for formula in paragraph.findall(f"{A14}m"):
        _write_formula(formula)
    runs: list[Any] = []
    for child in [*paragraph, None]:
        if child is not None and child.tag == f"{A}r" and child.find(f"{A}t") is not None:
            runs.append(child)
        elif runs:
            text = spelt([_piece(run, hidden, look) for run in runs])
            for run in runs:
                run.find(f"{A}t").text = ""
            runs[0].find(f"{A}t").text = text
            runs = []


class _Numbers:
    """Counts the numbered paragraphs of a shape, and writes their numbers before them."""

    def __init__(self) -> None:
        self._counted: dict[int, tuple[str, int]] = {}

    def write(self, paragraph: Any) -> None:
        about, first = paragraph.find(f"{A}pPr"), paragraph.find(f"{A}r/{A}t")
        level = int("0" if about is None else about.get("lvl", "0"))
        self._counted = {at: told for at, told in self._counted.items() if at <= level}
        numbered = None if about is None else about.find(f"{A}buAutoNum")
        if numbered is None or first is None:
            self._counted.pop(level, None)
            return
        type, start = numbered.get("type", "arabicPeriod"), int(numbered.get("startAt", "1"))
        before, number = self._counted.get(level, ("", 0))
        looks_like = f"{type} {start}"
        number = number + 1 if before == looks_like else start
        self._counted[level] = looks_like, number
        kind = _AUTO_NUMBER.fullmatch(type)
        opening, closing = _AROUND[kind[2] if kind else "Period"]
        mark = f"{opening}{numeral(number, kind[1] if kind else '')}{closing}"
        first.text = f"{mark}{MARK}{first.text}"


def _write_formula(formula: Any) -> None:
    """Let a formula be a run of text."""
    from pptx.oxml import parse_xml

    run = parse_xml(f'<a:r xmlns:a="{A[1:-1]}"><a:t/></a:r>')
    each = formula.iter(f"{M}oMath")
    run.find(f"{A}t").text = " ".join(f"${latex(one)}$" for one in each)
    formula.getparent().replace(formula, run)


def _piece(run: Any, hidden: list[str], look: _Look) -> tuple[str, bool, str]:
    text, own = OURS.sub("", run.find(f"{A}t").text or ""), run.find(f"{A}rPr")
    if own is None:
        return text, False, ""
    if _is_hidden(own, look):
        hidden.append(text)
        return "", False, ""
    place = own.get("baseline", "0").rstrip("%")
    script = "" if place == "0" else "_" if place.startswith("-") else "^"
    return text, own.get("strike", "noStrike") != "noStrike", script


def _is_hidden(own: Any, look: _Look) -> bool:
    size = own.get("sz", "")
    if size.isdecimal() and int(size) <= 100 * looks.SMALLEST_POINTS:
        return True
    for colour in own.iterfind(f"{A}solidFill/*"):
        if colour.find(f"{A}alpha") is not None and colour.find(f"{A}alpha").get("val") == "0":
            return True
        known = look.theme.drawn(colour)
        if known is not None and looks.is_unseen(known, look.behind):
            return True
    return own.find(f"{A}noFill") is not None and own.find(f"{A}ln") is None


def _tell(picture: Any, slide: Any, pictures: Pictures) -> None:
    """Let a picture be followed by a text box with what stands for it, which is read."""
    from pptx.oxml import parse_xml

    about = picture.find(f"{P}nvPicPr/{P}cNvPr")
    told = "" if about is None else about.get("descr") or ""
    blip = picture.find(f".//{A}blip")
    id = None if blip is None else blip.get(f"{R}embed")
    content = slide.part.related_part(id).blob if id in slide.part.rels else None
    words = pictures.told("" if about is None or told == about.get("name") else told, content)
    if not words:
        return
    shape = parse_xml(_BOX)
    paragraph = shape.find(f".//{A}p")
    for line in reversed(words.split("\n")):
        each = copy(paragraph)
        each.find(f".//{A}t").text = line
        paragraph.addnext(each)
    paragraph.getparent().remove(paragraph)
    place = picture.find(f"{P}spPr/{A}xfrm")
    if place is not None:
        shape.find(f"{P}spPr").append(copy(place))
    picture.addnext(shape)


_BOX = (
    f'<p:sp xmlns:p="{P[1:-1]}" xmlns:a="{A[1:-1]}"><p:nvSpPr><p:cNvPr id="0" name=""/>'
    '<p:cNvSpPr txBox="1"/><p:nvPr/></p:nvSpPr><p:spPr/>'
    "<p:txBody><a:bodyPr/><a:p><a:r><a:t/></a:r></a:p></p:txBody></p:sp>"
)
