"""What stands in a web page and its reader does not see, by its attributes and its own styles.

What a script or a style can open (a tab, an accordion's answer) counts as seen: some control,
script or rule then names it. Style sheets elsewhere are never fetched.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from ingest.loaders import looks

if TYPE_CHECKING:
    from bs4 import BeautifulSoup, Tag

Declared = dict[str, str]

_MOST_RULES = 20_000
_FAR = 500.0
_PIXELS = {"px": 1.0, "pt": 4 / 3, "in": 96.0, "cm": 37.8, "mm": 3.78, "pc": 16.0, "": 1.0}
_PIXELS |= {"em": 16.0, "rem": 16.0, "vw": 10.0, "vh": 8.0, "%": 8.0, "ch": 8.0, "ex": 8.0}
_LENGTH = re.compile(r"(-?\d*\.?\d+)(px|pt|in|cm|mm|pc|em|rem|vw|vh|%|ch|ex|)(?![\w.])")
_STATE = re.compile(r"::?[\w-]+(?:\([^()]*\))?|\.[\w-]+|\[[^\]]*\]")
_KEY = re.compile(r"#[\w-]+|\.[\w-]+|^[\w-]+")
_WORDS = re.compile(r"[\w-]+")
_OPENABLE = frozenset(("display", "visibility", "opacity", "size", "hidden"))
_POINTS_TO = ("aria-controls", "href", "data-target", "data-bs-target", "data-tab", "for")


@dataclass(frozen=True)
class _Look:
    """What an element passes on to those in it; a colour that is not known is None."""

    size: float = 16.0
    colour: looks.Colour | None = (0.0, 0.0, 0.0)
    background: looks.Colour | None = looks.WHITE
    visible: bool = True


@dataclass
class _Page:
    declared: dict[int, Declared] = field(default_factory=lambda: defaultdict(dict))
    shown_by: dict[int, bool] = field(default_factory=dict)
    named: set[str] = field(default_factory=set)
    has_sheets: bool = False


def take_out(soup: "BeautifulSoup") -> list[str]:
    """Remove from `soup` what is not seen, and return its stretches of text, in order."""
    page = _read_page(soup)
    taken: list[str] = []
    pending: list[tuple[Any, _Look]] = [(soup, _Look())]
    while pending:
        parent, look = pending.pop()
        inside = []
        for child in list(parent.children):
            if not hasattr(child, "children"):
                if type(child).__name__ == "NavigableString" and _is_unseen(look, child, parent):
                    taken.append(" ".join(child.split()))
                    child.replace_with(" ")
                continue
            why = _why_hidden(child, page.declared[id(child)])
            if why and not (why in _OPENABLE and _can_be_opened(child, page)):
                taken.append(" ".join(child.get_text(" ").split()))
                child.decompose()
            else:
                inside.append((child, _passed_on(child, look, page)))
        pending += reversed(inside)
    return [words for words in taken if words]


def _is_unseen(look: _Look, words: str, parent: "Tag") -> bool:
    if not words.strip() or parent.name in ("script", "style", "title", "noscript", "template"):
        return False
    unseen = look.colour is not None and looks.is_unseen(look.colour, look.background)
    return unseen or not look.visible or look.size * 0.75 <= looks.SMALLEST_POINTS


# --- which rules there are, and what they say of each element ---


def _read_page(soup: "BeautifulSoup") -> _Page:
    page = _Page()
    elements = soup.find_all(True)
    by_key: dict[str, list[Any]] = defaultdict(list)
    for element in elements:
        by_key[element.name].append(element)
        for name in element.get_attribute_list("class"):
            by_key[f".{name}"].append(element)
        by_key[f"#{element.get('id')}"].append(element)
        page.has_sheets |= element.name == "link" and "stylesheet" in element.get_attribute_list(
            "rel"
        )
        for name, value in element.attrs.items():
            if name in _POINTS_TO or name.startswith("on"):
                page.named.update(_WORDS.findall(str(value)))
        if element.name == "script" and not element.get("src"):
            page.named.update(re.findall(r"""["'`][.#]?([\w-]+)""", element.get_text()))
    rules = list(_rules(tag.get_text() for tag in soup.find_all("style")))
    for selector, declarations in sorted(rules[:_MOST_RULES], key=lambda rule: _weight(rule[0])):
        for element in _matching(selector, by_key):
            _declare(page.declared[id(element)], declarations)
        if _shows(declarations):
            for other in _other_states(selector):
                for element in _matching(other, by_key):
                    page.shown_by[id(element)] = True
    for element in elements:
        _declare(page.declared[id(element)], _own_declarations(element))
    return page


def _rules(sheets: Iterable[str]) -> Iterator[tuple[str, Declared]]:
    import tinycss2

    pending = [tinycss2.parse_stylesheet(sheet, True, True) for sheet in sheets]
    while pending:
        for rule in pending.pop(0):
            if rule.type == "at-rule" and rule.lower_at_keyword in ("media", "supports", "layer"):
                about = tinycss2.serialize(rule.prelude)
                if rule.content and "print" not in about:
                    pending.append(tinycss2.parse_rule_list(rule.content, True, True))
            elif rule.type == "qualified-rule":
                declared = _declarations(rule.content)
                for selector in tinycss2.serialize(rule.prelude).split(","):
                    yield selector.strip(), declared


def _declarations(source: Any) -> Declared:
    """Names and values; of what is important the name has a "!" too."""
    import tinycss2

    found = {}
    for each in tinycss2.parse_blocks_contents(source, True, True):
        if each.type == "declaration":
            value = tinycss2.serialize(each.value).strip().lower()
            found[each.lower_name + "!" * each.important] = value
    return found


def _own_declarations(element: "Tag") -> Declared:
    own = _declarations(str(element.get("style") or "")) if element.get("style") else {}
    old = {"bgcolor": "background-color", "background": "background-image"}
    told = {new: str(element[name]) for name, new in old.items() if element.get(name)}
    if element.name == "font":
        told |= {"color": str(element["color"])} if element.get("color") else {}
    return told | own


def _declare(known: Declared, more: Declared) -> None:
    for name, value in more.items():
        if name.endswith("!") or f"{name}!" not in known:
            known[name.rstrip("!")] = value
        if name.endswith("!"):
            known[name] = value


def _weight(selector: str) -> tuple[int, int]:
    return selector.count("#"), len(re.findall(r"[.\[]|(?<!:):(?!:)", selector))


def _matching(selector: str, by_key: dict[str, list[Any]]) -> list[Any]:
    """The elements that a selector matches; none where it is of a kind that is not known."""
    import soupsieve

    if not selector or ":hover" in selector or ":focus" in selector:
        return []
    try:
        compiled = soupsieve.compile(selector)
        last = re.split(r"[\s>+~]+", selector)[-1]
        keys = sorted(_KEY.findall(last), key=lambda key: key[0] not in "#.")
        # Only elements that have the last part's class or name are tried: pages have thousands.
        tried = by_key[keys[0] if keys[0][0] in "#." else keys[0].lower()] if keys else None
        if tried is None:
            tried = [
                element for key, some in by_key.items() if key[:1].isalpha() for element in some
            ]
        return [element for element in tried if compiled.match(element)]
    except (soupsieve.SelectorSyntaxError, NotImplementedError, ValueError):
        return []


def _shows(declared: Declared) -> bool:
    """Whether a rule brings to light what another hides."""
    names = {name.rstrip("!"): value for name, value in declared.items()}
    return any(
        names.get(name, hides) not in (hides, "0", "0px")
        for name, hides in (
            ("display", "none"),
            ("visibility", "hidden"),
            ("opacity", "0"),
            ("max-height", "0"),
            ("height", "0"),
        )
    )


def _other_states(selector: str) -> Iterator[str]:
    """The selector with one state less: without :checked, or without one of its classes."""
    for state in _STATE.finditer(selector):
        yield (selector[: state.start()] + selector[state.end() :]).strip()


# --- what they mean ---


def _can_be_opened(element: "Tag", page: _Page) -> bool:
    names = [str(element.get("id") or ""), *map(str, element.get_attribute_list("class"))]
    return (
        element.get("role") == "tabpanel"
        or page.shown_by.get(id(element), False)
        or any(name in page.named for name in names if name)
    )


def _why_hidden(element: "Tag", declared: Declared) -> str:
    """What hides an element and all in it, or nothing."""
    if element.has_attr("hidden") and "display" not in declared:
        return "hidden"
    if declared.get("display") == "none":
        return "display"
    if _number(declared.get("opacity"), 1.0) < 0.05:
        return "opacity"
    if "hidden" in declared.get("overflow", "") or "clip" in declared.get("overflow", ""):
        sizes = (declared.get(name) for name in ("width", "height", "max-width", "max-height"))
        if any(size is not None and _pixels(size, 100.0) <= 1 for size in sizes):
            return "size"
    if re.search(r"scale[xy]?\(\s*0*\.?0+\s*[,)]", declared.get("transform", "")):
        return "size"
    if re.match(r"rect\(\s*(\S+)[\s,]+\S+[\s,]+\1[\s,)]", declared.get("clip", "")):
        return "clip"
    if re.match(r"inset\(\s*(?:100|[5-9]\d)%|circle\(\s*0", declared.get("clip-path", "")):
        return "clip"
    return "place" if _is_far_off(declared) else ""


def _is_far_off(declared: Declared) -> bool:
    names = ["text-indent", "margin-left", "margin-top", "transform"]
    if declared.get("position") in ("absolute", "fixed", "relative"):
        names += ["left", "top", "right", "bottom"]
    for name in names:
        lengths = _LENGTH.finditer(declared.get(name, "").replace("- ", "-"))
        if any(float(length[1]) * _PIXELS[length[2]] <= -_FAR for length in lengths):
            return True
    return any(_pixels(declared.get(name, "0"), 0.0) >= 10 * _FAR for name in names[4:])


def _passed_on(element: "Tag", look: _Look, page: _Page) -> _Look:
    declared = page.declared[id(element)]
    if "font-size" in declared:
        look = replace(look, size=_font_size(declared["font-size"], look.size))
    if "color" in declared:
        look = replace(look, colour=_colour(declared["color"], look))
    if "visibility" in declared:
        shown = declared["visibility"] not in ("hidden", "collapse")
        look = replace(look, visible=shown or _can_be_opened(element, page))
    behind = f"{declared.get('background-color', '')} {declared.get('background', '')}".strip()
    is_picture = "background-image" in declared or re.search(r"url\(|gradient|var\(", behind)
    styled_elsewhere = page.has_sheets and (element.get("class") or element.get("id"))
    if is_picture or (styled_elsewhere and not behind):
        look = replace(look, background=None)
    elif behind and behind not in ("transparent", "none", "inherit"):
        named = next(filter(None, (_colour(word, look) for word in _colour_words(behind))), None)
        look = replace(look, background=named)
    return look


def _colour_words(value: str) -> list[str]:
    return re.findall(r"[a-z-]+\([^)]*\)|\S+", value)


def _colour(value: str, look: _Look) -> looks.Colour | None:
    """The colour a value names, laid over what is behind it; None where it is not known."""
    from tinycss2.color3 import parse_color

    colour = parse_color(value.strip())
    if value == "inherit" or colour == "currentColor":
        return look.colour
    if colour is None:
        return None
    red, green, blue, alpha = colour
    if look.background is None:
        return None if alpha < 1 else (red, green, blue)
    under = look.background
    parts = ((c * alpha + u * (1 - alpha)) for c, u in zip((red, green, blue), under, strict=True))
    red, green, blue = parts
    return red, green, blue


def _font_size(value: str, of_parent: float) -> float:
    length = _LENGTH.match(value)
    if not length:
        return of_parent if value in ("inherit", "smaller", "larger") else 16.0
    number, unit = float(length[1]), length[2]
    if unit in ("em", "%"):
        return of_parent * number / (100 if unit == "%" else 1)
    return number * _PIXELS[unit]


def _pixels(value: str, otherwise: float) -> float:
    length = _LENGTH.match(value)
    return float(length[1]) * _PIXELS[length[2]] if length else otherwise


def _number(value: str | None, otherwise: float) -> float:
    try:
        return float(value) if value else otherwise
    except ValueError:
        return otherwise
