"""The numbers that Word shows before clauses and steps; they are nowhere in a file's text."""

import re
from functools import cache
from typing import Any

from ingest.loaders.symbols import TICKS, symbol_of

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_UNSEEN = frozenset({"bullet", "none"})


class Numbers:
    """Counts the numbered paragraphs of a document, which must be asked for in their order."""

    def __init__(self, backend: Any) -> None:
        self._backend = backend
        self._counted: dict[str, dict[int, int]] = {}
        self._begun: set[int] = set()
        self._level_of = cache(backend._get_level_element)

    def mark(self, paragraph: Any) -> str:
        """The number of a `python-docx` paragraph as it is shown ("3.1", "(b)"), or nothing."""
        number, level = self._backend._get_numId_and_ilvl(paragraph)
        if not number:
            return ""
        level = self._level_of_style(paragraph, number, level or 0)
        found = self._level_of(number, level)
        if found is None or _value(found, "numFmt") in _UNSEEN:
            return _tick(found)
        counts = self._count(number, level, found)
        legal = found.find(f"{W}isLgl") is not None

        def shown(place: re.Match[str]) -> str:
            from docling.backend.msword_backend import _format_enum_counter

            at = int(place.group(1)) - 1
            format = _value(self._level_of(number, at), "numFmt") or "decimal"
            written = _format_enum_counter(counts.get(at, 1), "decimal" if legal else format)
            return "" if format == "none" else str(written)

        return re.sub(r"%(\d)", shown, _value(found, "lvlText")).strip()

    def _level_of_style(self, paragraph: Any, number: int, level: int) -> int:
        """A style takes the level that names it, where neither it nor the paragraph names one."""
        if paragraph._p.find(f"{W}pPr/{W}numPr/{W}ilvl") is not None:
            return level
        for at in range(9):
            if _value(self._level_of(number, at), "pStyle") == paragraph.style.style_id:
                return at
        return level

    def _count(self, number: int, level: int, found: Any) -> dict[int, int]:
        """Count on, and return the count at each level. Lists of one definition count together."""
        definition = str(found.getparent().get(f"{W}abstractNumId"))
        counts = self._counted.setdefault(definition, {})
        if number not in self._begun:
            self._begun.add(number)
            counts.update({at: start - 1 for at, start in self._restarts(found, number)})
        for at in range(level):
            counts.setdefault(at, self._start(number, at))
        counts[level] = counts.get(level, self._start(number, level) - 1) + 1
        for deeper in [at for at in counts if at > level]:
            after = _value(self._level_of(number, deeper), "lvlRestart")
            if after != "0" and (not after or level < int(after)):
                del counts[deeper]
        return counts

    def _start(self, number: int, level: int) -> int:
        start = _value(self._level_of(number, level), "start")
        return int(start) if start.isdecimal() else 1

    @staticmethod
    def _restarts(found: Any, number: int) -> list[tuple[int, int]]:
        """The levels at which a list starts anew, each with its first number."""
        numbering = found.getparent().getparent()
        path = f"{W}num[@{W}numId='{number}']/{W}lvlOverride"
        return [
            (int(override.get(f"{W}ilvl")), int(_value(override, "startOverride")))
            for override in numbering.iterfind(path)
            if _value(override, "startOverride").isdecimal()
        ]


def _tick(level: Any) -> str:
    """A bullet that is a box to tick, or a tick; nothing for all others."""
    bullet = _value(level, "lvlText")
    fonts = None if level is None else level.find(f".//{W}rFonts")
    if len(bullet) == 1 and ord(bullet) >= 0xF000 and fonts is not None:
        bullet = symbol_of(fonts.get(f"{W}ascii") or "", ord(bullet))
    return bullet if bullet in TICKS else ""


def _value(element: Any, name: str) -> str:
    """The value of a child called `name`, or nothing."""
    child = element.find(f"{W}{name}") if element is not None else None
    return "" if child is None else str(child.get(f"{W}val") or "")
