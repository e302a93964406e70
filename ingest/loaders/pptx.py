"""PowerPoint: each slide is a page; what docling's backend would lose is written into its text."""

import re
from collections.abc import Iterator
from copy import deepcopy as copy
from typing import Any

from ingest.loaders import looks
from ingest.loaders.document import LoadedDocument, choose_title, stated
from ingest.loaders.pictures import Pictures
from ingest.loaders.tree import damaged, open_backend, write
from ingest.loaders.writing import MARK, OURS, spelt
from ingest.loaders.zipped import open_zip

A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
P = "{http://schemas.openxmlformats.org/presentationml/2006/main}"
R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_FILLS = ("solidFill", "gradFill", "blipFill", "pattFill")


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
    width, height = presentation.slide_width, presentation.slide_height
    for shape in list(slide.shapes):
        if _is_outside(shape, width, height):
            hidden.append(" ".join(_texts(shape._element)))
            shape._element.getparent().remove(shape._element)
    on_white = _is_white(slide)
    for holder in slide._element.iter(f"{P}sp", f"{A}tc"):
        is_filled = any(holder.find(f".//{P}spPr/{A}{fill}") is not None for fill in _FILLS)
        is_filled |= any(holder.find(f"{A}tcPr/{A}{fill}") is not None for fill in _FILLS)
        is_filled |= holder.find(f"{P}style") is not None or holder.tag == f"{A}tc"
        for paragraph in holder.iter(f"{A}p"):
            _write(paragraph, hidden, on_white and not is_filled)
    for picture in list(slide._element.iter(f"{P}pic")):
        _tell(picture, slide, pictures)


def _is_outside(shape: Any, width: int, height: int) -> bool:
    if None in (shape.left, shape.top, shape.width, shape.height):
        return False
    across = shape.left >= width or shape.left + shape.width <= 0
    return bool(across or shape.top >= height or shape.top + shape.height <= 0)


def _texts(element: Any) -> Iterator[str]:
    return (text.text or "" for text in element.iter(f"{A}t"))


def _is_white(slide: Any) -> bool:
    """Whether nothing says that the slide's background is not white."""
    for part in (slide, slide.slide_layout, slide.slide_layout.slide_master):
        background = part._element.find(f"{P}cSld/{P}bg")
        if background is not None:
            colours = [c.get("val", "") for c in background.iter(f"{A}srgbClr", f"{A}schemeClr")]
            return bool(colours) and all(c.upper() in ("FFFFFF", "BG1", "LT1") for c in colours)
    return True


def _write(paragraph: Any, hidden: list[str], on_white: bool) -> None:
    """Write into a paragraph's runs what their format says; hidden ones go."""
    runs: list[Any] = []
    for child in [*paragraph, None]:
        if child is not None and child.tag == f"{A}r" and child.find(f"{A}t") is not None:
            runs.append(child)
        elif runs:
            text = spelt([_piece(run, hidden, on_white) for run in runs])
            for run in runs:
                run.find(f"{A}t").text = ""
            runs[0].find(f"{A}t").text = text
            runs = []
    numbered = paragraph.find(f"{A}pPr/{A}buAutoNum")
    first = paragraph.find(f"{A}r/{A}t")
    if numbered is not None and first is not None:
        first.text = f"{numbered.get('type')}{MARK}{first.text}"


def _piece(run: Any, hidden: list[str], on_white: bool) -> tuple[str, bool, str]:
    text, look = OURS.sub("", run.find(f"{A}t").text or ""), run.find(f"{A}rPr")
    if look is None:
        return text, False, ""
    if _is_hidden(look, on_white):
        hidden.append(text)
        return "", False, ""
    place = look.get("baseline", "0").rstrip("%")
    script = "" if place == "0" else "_" if place.startswith("-") else "^"
    return text, look.get("strike", "noStrike") != "noStrike", script


def _is_hidden(look: Any, on_white: bool) -> bool:
    size = look.get("sz", "")
    if size.isdecimal() and int(size) <= 100 * looks.SMALLEST_POINTS:
        return True
    for colour in look.iterfind(f"{A}solidFill/*"):
        if colour.find(f"{A}alpha") is not None and colour.find(f"{A}alpha").get("val") == "0":
            return True
        value = colour.get("val", "")
        value = "FFFFFF" if value in ("bg1", "lt1") else value
        if on_white and re.fullmatch("[0-9A-Fa-f]{6}", value):
            return looks.is_unseen(looks.rgb(value), looks.WHITE)
    return False


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
