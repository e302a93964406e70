"""The colours that Office documents name: those of their theme, whatever each format calls them."""

from collections.abc import Mapping
from typing import Any

from ingest.loaders.looks import Colour, rgb
from ingest.loaders.zipped import root_of

A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"

_BY_NUMBER = ("lt1", "dk1", "lt2", "dk2", *(f"accent{number}" for number in range(1, 7)))
_NAMES = {
    "bg1": "lt1", "background1": "lt1", "light1": "lt1", "tx1": "dk1", "text1": "dk1",
    "dark1": "dk1", "bg2": "lt2", "background2": "lt2", "light2": "lt2", "tx2": "dk2",
    "text2": "dk2", "dark2": "dk2",
}  # fmt: skip


class Theme:
    """The colours of a theme's XML, or none where there is no theme.

    `mapping` is what a presentation means by names such as "bg1".
    """

    def __init__(self, xml: bytes | None, mapping: Mapping[str, str] | None = None) -> None:
        self._names = {**_NAMES, **(mapping or {})}
        self._colours: dict[str, Colour | None] = {}
        root = root_of(xml) if xml else None
        for scheme in () if root is None else root.iter(f"{A}clrScheme"):
            for each in filter(len, scheme.iterchildren("*")):
                value = each[0].get("lastClr") or each[0].get("val")
                self._colours[each.tag.removeprefix(A)] = rgb(value)

    def named(self, name: str | int | None) -> Colour | None:
        """The colour of that name, or of that number in a workbook; None where it is not known."""
        if isinstance(name, int):
            name = _BY_NUMBER[name] if 0 <= name < len(_BY_NUMBER) else None
        return self._colours.get(self._names.get(name, name)) if name else None

    def drawn(self, colour: Any) -> Colour | None:
        """The colour that an element of DrawingML states; None where it says that it is changed."""
        if len(colour):
            return None
        value = colour.get("val")
        return self.named(value) if colour.tag == f"{A}schemeClr" else rgb(value)


def theme_of(part: Any, mapping: Mapping[str, str] | None = None) -> Theme:
    """The theme that a part of a document or presentation refers to."""
    themes = (each for each in part.rels.values() if each.reltype.endswith("/theme"))
    return Theme(next((each.target_part.blob for each in themes), None), mapping)
