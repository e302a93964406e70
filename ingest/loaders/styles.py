"""What style sheets declare: single properties with plain values, whatever shorthand says it."""

import ast
import operator
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any, TypeVar

from ingest.loaders import looks

Declared = dict[str, str]
"""Properties by name; of what is important the name has a "!" too."""
Rule = tuple[str, Declared]

_Value = TypeVar("_Value")

_MOST_RULES = 20_000
_DEEPEST = 8
_LONGEST_VALUE = 2_000
_PIXELS = {"px": 1.0, "pt": 4 / 3, "in": 96.0, "cm": 37.8, "mm": 3.78, "pc": 16.0, "": 1.0}
_PIXELS |= {"em": 16.0, "rem": 16.0, "vw": 10.0, "vh": 8.0, "%": 8.0, "ch": 8.0, "ex": 8.0}
_UNITS = "px|pt|in|cm|mm|pc|em|rem|vw|vh|%|ch|ex"
_LENGTH = re.compile(rf"(-?\d*\.?\d+)({_UNITS}|)(?![\w.])")
_SIZE_IN_FONT = re.compile(rf"(?:^|\s)(\d*\.?\d+(?:{_UNITS})|0|calc\(.*?\)|var\(.*?\))(?=[\s/]|$)")
_VENDOR = re.compile(r"^-(?:webkit|moz|ms|o)-")
_VARIABLE = re.compile(r"var\(\s*(--[\w-]+)\s*(?:,([^()]*))?\)")
_CALC = re.compile(r"calc\(((?:[^()]|\([^()]*\))*)\)")
_SIDES = ("top", "right", "bottom", "left")
_OPERATORS = {
    ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul, ast.Div: operator.truediv,
}  # fmt: skip


def rules(sheets: Iterable[str]) -> list[Rule]:
    """The rules that hold on a screen, nested ones with all of their selector."""
    import tinycss2

    parsed = (tinycss2.parse_stylesheet(sheet, True, True) for sheet in sheets)
    return list(islice((rule for sheet in parsed for rule in _flat(sheet)), _MOST_RULES))


def _flat(nodes: Iterable[Any], within: str = "", depth: int = 0) -> Iterator[Rule]:
    import tinycss2

    if depth > _DEEPEST:
        return
    for node in nodes:
        if node.type == "at-rule" and node.lower_at_keyword in ("media", "supports", "layer"):
            if node.content and "print" not in tinycss2.serialize(node.prelude):
                content = tinycss2.parse_blocks_contents(node.content, True, True)
                if within:
                    yield within, _declared(content)
                yield from _flat(content, within, depth + 1)
        elif node.type == "qualified-rule":
            content = tinycss2.parse_blocks_contents(node.content, True, True)
            declared = _declared(content)
            for selector in _selectors(node.prelude):
                if within:
                    own = selector if "&" in selector else f"& {selector}"
                    selector = own.replace("&", within)
                if len(selector) > _LONGEST_VALUE:
                    continue  # "& & &" within itself grows without end
                yield selector, declared
                yield from _flat(content, selector, depth + 1)


def _selectors(prelude: Iterable[Any]) -> list[str]:
    import tinycss2

    parts: list[list[Any]] = [[]]
    for token in prelude:
        if token.type == "literal" and token.value == ",":
            parts.append([])
        else:
            parts[-1].append(token)
    return [tinycss2.serialize(part).strip() for part in parts]


def declarations(source: str) -> Declared:
    """What a style attribute declares."""
    import tinycss2

    return _declared(tinycss2.parse_blocks_contents(source, True, True))


def _declared(nodes: Iterable[Any]) -> Declared:
    import tinycss2

    found: Declared = {}
    for each in nodes:
        if each.type == "declaration":
            value = tinycss2.serialize(each.value).strip().lower()[:_LONGEST_VALUE]
            for name, single in _single(_VENDOR.sub("", each.lower_name), value):
                found[name + "!" * each.important] = single
    return found


def _single(name: str, value: str) -> Iterator[tuple[str, str]]:
    """What a shorthand says of the properties that matter here."""
    if name == "font" and (size := _SIZE_IN_FONT.search(value)):
        yield "font-size", size[1]
    elif name == "inset" and (values := value.split()):
        yield from zip(_SIDES, four_sides(values), strict=True)
    elif name in ("overflow-x", "overflow-y"):
        yield "overflow", value
    elif name in ("translate", "scale"):
        yield f"transform-{name}", f"{name}({value.replace(' ', ',')})"
    else:
        yield name, value


def four_sides(values: Sequence[_Value]) -> list[_Value]:
    """Top, right, bottom and left, of which one to four are written."""
    return [values[at if at < len(values) else max(at - 2, 0) % len(values)] for at in range(4)]


def resolved(declared: Declared, variables: Mapping[str, str]) -> Declared:
    """The values with variables filled in and sums worked out."""

    def plain(value: str) -> str:
        for _ in range(_DEEPEST):
            if "var(" not in value:
                break
            value = _VARIABLE.sub(lambda each: variables.get(each[1], each[2] or each[0]), value)
            value = value[:_LONGEST_VALUE]
        return _CALC.sub(_sum, value).strip() if "calc(" in value else value

    return {name: plain(value) for name, value in declared.items()}


def _sum(calc: re.Match[str]) -> str:
    written = _LENGTH.sub(lambda each: str(float(each[1]) * _PIXELS[each[2]]), calc[1])
    try:
        return f"{_worked_out(ast.parse(written.strip(), mode='eval').body)}px"
    except (SyntaxError, ValueError, KeyError, ArithmeticError, RecursionError, MemoryError):
        return calc[0]


def _worked_out(node: ast.AST) -> float:
    if isinstance(node, ast.Constant) and isinstance(node.value, int | float):
        return float(node.value)
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        return -_worked_out(node.operand)
    if isinstance(node, ast.BinOp):
        worked = _OPERATORS[type(node.op)]
        return float(worked(_worked_out(node.left), _worked_out(node.right)))
    raise ValueError("no sum of numbers")


def lengths(value: str) -> list[float]:
    """The lengths in a value, in pixels."""
    return [float(each[1]) * _PIXELS[each[2]] for each in _LENGTH.finditer(value)]


def pixels(value: str, otherwise: float) -> float:
    """The length that a value begins with, in pixels."""
    length = _LENGTH.match(value)
    return float(length[1]) * _PIXELS[length[2]] if length else otherwise


def font_size(value: str, of_parent: float) -> float:
    """A font's size in pixels, within one of that size."""
    length = _LENGTH.match(value)
    if not length:
        return of_parent if value in ("inherit", "smaller", "larger") else 16.0
    number, unit = float(length[1]), length[2]
    if unit in ("em", "%"):
        return of_parent * number / (100 if unit == "%" else 1)
    return number * _PIXELS[unit]


def share(value: str | None, otherwise: float) -> float:
    """A number, or what is said of a hundred."""
    number = re.match(r"(\d*\.?\d+)(%|px|)\s*$", value or "")
    return float(number[1]) / (100 if number[2] == "%" else 1) if number else otherwise


def opacity(word: str) -> float | None:
    """How little a colour lets through, in [0, 1]; None for a word that is none."""
    from tinycss2.color4 import parse_color

    named = parse_color(word)
    return getattr(named, "alpha", None)


def colour(
    value: str, current: looks.Colour | None, under: looks.Colour | None
) -> looks.Colour | None:
    """The colour a value names, laid over what is `under` it; None where it is not known."""
    from tinycss2.color4 import parse_color

    named = parse_color(value.strip())
    if value == "inherit" or named == "currentcolor":
        return current
    if named is None:
        return None
    try:
        red, green, blue = named.to("srgb").coordinates
    except NotImplementedError:
        return None
    if under is None:
        return None if named.alpha < 1 else (red, green, blue)
    alpha = named.alpha
    parts = ((c * alpha + u * (1 - alpha)) for c, u in zip((red, green, blue), under, strict=True))
    red, green, blue = parts
    return red, green, blue
