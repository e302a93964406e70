"""What of a Word document its reader does not see: hidden, tiny, out of sight, or of its ground."""

import re
from collections.abc import Mapping
from typing import Any

from ingest.loaders import looks
from ingest.loaders.themes import A, Theme
from ingest.loaders.word_numbers import W

W14 = "{http://schemas.microsoft.com/office/word/2010/wordml}"
WP = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}"
ON_FILL = "onFill"
"""Set on what stood in a text box that is filled: with this colour, or with what is not known."""
OUT_OF_SIGHT = "outOfSight"
"""Set on what stood in a text box that is not shown."""

_HIGHLIGHTS = {
    "black": "000000", "white": "FFFFFF", "yellow": "FFFF00", "green": "00FF00", "cyan": "00FFFF",
    "magenta": "FF00FF", "blue": "0000FF", "red": "FF0000", "darkBlue": "000080",
    "darkCyan": "008080", "darkGreen": "008000", "darkMagenta": "800080", "darkRed": "800000",
    "darkYellow": "808000", "darkGray": "808080", "lightGray": "C0C0C0",
}  # fmt: skip
_NARROWEST = 10  # per cent of a letter's width
_POINT, _FAR = 20, 6000  # twentieths of a point; 300 points
_EMU = 635  # of a twentieth of a point


def is_hidden(look: Mapping[str, Any], run: Any, theme: Theme) -> bool:
    """Whether a reader does not see a run with these properties, by tag, in its place."""
    if is_on(look.get(f"{W}vanish")) or _is_out_of_sight(run):
        return True
    size, width, raised = (_number(look.get(W + tag), "val") for tag in ("sz", "w", "position"))
    if size is not None and size <= 2 * looks.SMALLEST_POINTS:
        return True
    if (width is not None and 0 < width <= _NARROWEST) or abs(raised or 0) * 10 >= _FAR:
        return True
    if (_number(look.get(f"{W}spacing"), "val") or 0) <= -10 * _POINT:  # letters lie on each other
        return True
    filling = look.get(f"{W14}textFill")
    if filling is not None and filling.find(f"{W14}noFill") is not None:
        return True
    colour = _of_letters(look, filling, theme)
    return colour is not None and looks.is_unseen(colour, _background(look, run, theme))


def is_box_out_of_sight(box: Any) -> bool:
    """Whether the drawing around a text box is hidden, has no size, or is beside the page."""
    for above in box.iterancestors():
        if above.tag in (f"{WP}anchor", f"{WP}inline"):
            about, extent = above.find(f"{WP}docPr"), above.find(f"{WP}extent")
            if about is not None and about.get("hidden") in ("1", "true"):
                return True
            sizes = [] if extent is None else [int(extent.get(side) or 0) for side in ("cx", "cy")]
            if any(size < _POINT * _EMU for size in sizes):
                return True
            ways = above.iterfind(f"*/{WP}posOffset")
            return any(int(way.text or 0) < -2 * _FAR * _EMU for way in ways)
        style = (above.get("style") or "").replace(" ", "").lower()
        if "visibility:hidden" in style or re.search(r"(?:^|;)(?:width|height):0(?![.\d])", style):
            return True
        if re.search(r"(?:left|top):-\d{4,}", style):
            return True
    return False


def fill_of(shape: Any) -> str:
    """The colour that a shape is filled with; "1" where it is not known, "" where with none."""
    filled = shape.get("fillcolor")
    if filled or shape.find("{*}style") is not None:
        named = {"white": "FFFFFF", "black": "000000"}.get(filled or "", (filled or "").strip("#"))
        return named if looks.rgb(named) else "1"
    properties = shape.find("{*}spPr")
    for kind in () if properties is None else ("solidFill", "gradFill", "blipFill", "pattFill"):
        fill = properties.find(A + kind)
        if fill is not None:
            colour = fill.find(f"{A}srgbClr")
            return "1" if colour is None or len(colour) else str(colour.get("val"))
    return ""


def _is_out_of_sight(run: Any) -> bool:
    for above in run.iterancestors():
        if above.get(OUT_OF_SIGHT):
            return True
        if above.tag == f"{W}tr":
            height = above.find(f"{W}trPr/{W}trHeight")
            is_flat = height is not None and height.get(f"{W}hRule") == "exact"
            if is_flat and (_number(height, "val") or 0) <= _POINT:
                return True
            if is_on(above.find(f"{W}trPr/{W}hidden")):
                return True
        if above.tag == f"{W}p" and (frame := above.find(f"{W}pPr/{W}framePr")) is not None:
            return any((_number(frame, way) or 0) <= -_FAR for way in ("x", "y"))
    return False


def _of_letters(look: Mapping[str, Any], filling: Any, theme: Theme) -> looks.Colour | None:
    """The letters' colour; None where it is not known or is what suits the ground."""
    if filling is not None:
        colour = filling.find(f"{W14}solidFill/{W14}srgbClr")
        return None if colour is None or len(colour) else looks.rgb(colour.get(f"{W14}val"))
    colour = look.get(f"{W}color")
    return None if colour is None else _named(colour, "val", "themeColor", theme)


def _background(look: Mapping[str, Any], run: Any, theme: Theme) -> looks.Colour | None:
    """What the run stands on: white where nothing is said, None where it cannot be known."""
    marked = look.get(f"{W}highlight")
    if marked is not None and marked.get(f"{W}val") != "none":
        return looks.rgb(_HIGHLIGHTS.get(marked.get(f"{W}val") or ""))
    shadings = [look.get(f"{W}shd")]
    box = ""
    for above in run.iterancestors():
        if above.tag in (f"{W}p", f"{W}tc", f"{W}tbl"):
            shadings.append(above.find(f"{above.tag}Pr/{W}shd"))
        if above.tag == f"{W}tbl" and above.find(f"{W}tblPr/{W}tblStyle") is not None:
            return None
        box = box or above.get(ON_FILL) or ""
    for shading in (each for each in shadings if each is not None):
        is_solid = shading.get(f"{W}val") == "solid"
        fill = _named(
            shading, *(("color", "themeColor") if is_solid else ("fill", "themeFill")), theme
        )
        if fill is not None:
            return fill
        if shading.get(f"{W}themeFill"):
            return None
    if box:
        return looks.rgb(box)
    page = run.getroottree().find(f"{W}background")
    return looks.WHITE if page is None else _named(page, "color", "themeColor", theme)


def _named(element: Any, plain: str, of_theme: str, theme: Theme) -> looks.Colour | None:
    """The colour that an element names, of the theme before the plain one, as Word has it."""
    name = element.get(W + of_theme)
    is_changed = any(each.endswith(("Tint", "Shade")) for each in element.attrib)
    if name and not is_changed:
        return theme.named(name)
    return looks.rgb(element.get(W + plain))


def _number(element: Any, name: str) -> float | None:
    try:
        return None if element is None else float(element.get(W + name) or "")
    except ValueError:
        return None


def is_on(toggle: Any) -> bool:
    """Whether a property that is on or off is on."""
    return toggle is not None and toggle.get(f"{W}val") not in ("0", "false", "off", "none")
