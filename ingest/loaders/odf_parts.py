"""What an element of OpenDocument says: its name, its attributes, the number before an item."""

import re
from typing import Any

from ingest.loaders.symbols import TICKS
from ingest.loaders.writing import numeral

_URI = re.compile(r"\{(?:urn:oasis:names:tc:opendocument:xmlns:)?(.*?)(?::1\.0)?\}(.*)")
_CENTIMETRES = {"cm": 1.0, "mm": 0.1, "in": 2.54, "pt": 0.0353}


def length(text: str) -> float:
    """A length in centimetres, 0 where there is none."""
    found = re.fullmatch(r"(-?[\d.]+)(cm|mm|in|pt)", text)
    return float(found[1]) * _CENTIMETRES[found[2]] if found else 0.0


def is_outside_list(node: Any) -> bool:
    """Whether an element is in no list."""
    return next(node.iterancestors("{*}list"), None) is None


def level_of(style: Any, level: int) -> Any:
    """What a list's style says of a level, from 0, or None."""
    levels = [] if style is None else list(style)
    return next((each for each in levels if get(each, "level") == str(level + 1)), None)


def mark_of(style: Any, counted: list[int], level: int) -> str:
    """The mark of an item as its style shows it: "3.1", "(a)", or "-" for any bullet."""
    kind = level_of(style, level)
    if kind is None or not kind.tag.endswith(("number", "outline-level-style")):
        bullet = get(kind, "bullet-char")
        bullet = bullet if bullet in TICKS else "-"
        return "" if style is not None and kind is None else bullet
    first = level + 1 - int(get(kind, "display-levels") or 1)
    formats = [get(level_of(style, at), "num-format") for at in range(level + 1)]
    if not formats[level]:
        return ""
    numbers = [numeral(counted[at], formats[at]) if formats[at] else "" for at in range(level + 1)]
    pattern = get(kind, "num-list-format")
    if pattern:
        return re.sub(r"%(\d)%", lambda at: numbers[int(at[1]) - 1], pattern).strip()
    shown = ".".join(filter(None, numbers[max(first, 0) :]))
    return f"{get(kind, 'num-prefix')}{shown}{get(kind, 'num-suffix')}".strip()


def count_of(node: Any, name: str, most: int = 20_000) -> int:
    """How often an element stands there, or how far it spans, as an attribute says."""
    times = get(node, name)
    return min(int(times), most) if times.isdecimal() else 1


def get(node: Any, name: str) -> str:
    """The value of the attribute of that name, in whatever namespace, or nothing."""
    items = () if node is None else node.items()
    return next((str(value) for key, value in items if key.endswith("}" + name)), "")


def tag_of(node: Any) -> str:
    """An element's name with its usual prefix: "text:p"."""
    found = _URI.match(str(node.tag))
    return f"{found[1].replace('drawing', 'draw')}:{found[2]}" if found else ""
