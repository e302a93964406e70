"""What stands in a web page and its reader does not see, by its attributes and its own styles.

What a script or a style can open (a tab, an accordion's answer) counts as seen: some control,
script or rule then names it. Style sheets elsewhere are never fetched.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from ingest.loaders import looks, styles
from ingest.loaders.styles import Declared

if TYPE_CHECKING:
    from bs4 import BeautifulSoup, Tag

_FAR = 500.0
_STATE = re.compile(r"::?[\w-]+(?:\([^()]*\))?|\.[\w-]+|\[[^\]]*\]")
_KEY = re.compile(r"#[\w-]+|\.[\w-]+|^[\w-]+")
_WORDS = re.compile(r"[\w-]+")
_OPENABLE = frozenset(("display", "visibility", "opacity", "size", "hidden"))
_POINTS_TO = (
    "aria-controls", "href", "data-target", "data-bs-target", "data-tab", "for", "popovertarget",
)  # fmt: skip
_NOT_DRAWN = frozenset(("rp", "noframes"))
_DRAWN_ELSEWHERE = frozenset(("defs", "symbol", "clippath", "mask", "pattern"))
_OF_DRAWINGS = frozenset(("svg", "g", "text", "tspan", "textpath"))
_DRAWN_BY_ATTRIBUTE = ("opacity", "display", "visibility", "fill", "font-size", "color")
_LINES = ("text-decoration", "text-decoration-line")
_SHAPES = ("rect", "path", "circle", "ellipse", "polygon", "image", "use")


@dataclass(frozen=True)
class _Look:
    """What an element passes on to those in it; a colour that is not known is None."""

    size: float = 16.0
    colour: looks.Colour | None = (0.0, 0.0, 0.0)
    background: looks.Colour | None = looks.WHITE
    visible: bool = True
    filled: bool = False
    """Whether letters have a colour of their own, apart from that of the text."""
    is_drawing: bool = False
    variables: Mapping[str, str] = field(default_factory=dict)


@dataclass
class _Page:
    declared: dict[int, Declared] = field(default_factory=lambda: defaultdict(dict))
    shown_by: dict[int, bool] = field(default_factory=dict)
    named: set[str] = field(default_factory=set)
    has_sheets: bool = False


def take_out(soup: "BeautifulSoup") -> list[str]:
    """Remove from `soup` what is not seen, and return its stretches of text, in order.

    What a rule strikes out has that in its own style afterwards.
    """
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
            told = page.declared[id(child)]
            own = {name: value for name, value in told.items() if name.startswith("--")}
            within = replace(look, variables={**look.variables, **own}) if own else look
            declared = styles.resolved(told, within.variables)
            why = _why_hidden(child, declared)
            if why and not (why in _OPENABLE and _can_be_opened(child, page)):
                taken.append(" ".join(child.get_text(" ").split()))
                child.decompose()
            else:
                if any("line-through" in declared.get(name, "") for name in _LINES):
                    child["style"] = "text-decoration:line-through"
                inside.append((child, _passed_on(child, declared, within, page)))
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
    rules = styles.rules(tag.get_text() for tag in soup.find_all("style"))
    for selector, declarations in sorted(rules, key=lambda rule: _weight(rule[0])):
        for element in _matching(selector, by_key):
            _declare(page.declared[id(element)], declarations)
        if _shows(declarations):
            for other in _other_states(selector):
                for element in _matching(other, by_key):
                    page.shown_by[id(element)] = True
    for element in elements:
        _declare(page.declared[id(element)], _own_declarations(element))
    return page


def _own_declarations(element: "Tag") -> Declared:
    own = styles.declarations(str(element["style"])) if element.get("style") else {}
    old = {"bgcolor": "background-color", "background": "background-image"}
    told = {new: str(element[name]) for name, new in old.items() if element.get(name)}
    if element.name == "font":
        told |= {"color": str(element["color"])} if element.get("color") else {}
    if element.name in _OF_DRAWINGS:
        told |= {name: str(element[name]).lower() for name in _DRAWN_BY_ATTRIBUTE
                 if element.get(name)}  # fmt: skip
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
        last = re.split(r"[\s>+~]+", re.sub(r"\([^()]*\)|\[[^\]]*\]", "", selector))[-1]
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
    if element.name in _NOT_DRAWN:
        return "not drawn"
    is_elsewhere = element.has_attr("popover") or element.name in _DRAWN_ELSEWHERE
    if declared.get("display") == "none" or is_elsewhere:
        return "display"
    if declared.get("content-visibility") == "hidden":
        return "display"
    filtered = re.search(r"opacity\(([^()]*)\)", declared.get("filter", ""))
    clear = (declared.get("opacity"), filtered[1] if filtered else None)
    if any(styles.share(value, 1.0) < 0.05 for value in clear):
        return "opacity"
    if declared.get("overflow", "visible") not in ("visible", "inherit"):
        sizes = (declared.get(name) for name in ("width", "height", "max-width", "max-height"))
        if any(size is not None and styles.pixels(size, 100.0) <= 1 for size in sizes):
            return "size"
    moved = " ".join(declared.get(f"transform{each}", "") for each in ("", "-scale"))
    if re.search(r"scale[xy]?\(\s*0*\.?0+\s*[,)]", moved):
        return "size"
    if re.match(r"rect\(\s*(\S+)[\s,]+\S+[\s,]+\1[\s,)]", declared.get("clip", "")):
        return "clip"
    if _is_cut_away(declared.get("clip-path", "")):
        return "clip"
    if _is_masked(declared):
        return "clip"
    return "place" if _is_far_off(declared) else ""


def _is_cut_away(shape: str) -> bool:
    """Whether nothing is left within a clip-path."""
    kind, _, inside = shape.partition("(")
    inside = inside.rpartition(")")[0]
    if kind == "inset":
        written = inside.partition("round")[0].split()
        cut = [styles.share(each if "%" in each else "", 0.0) for each in written]
        top, right, bottom, left = styles.four_sides(cut or [0.0])
        return top + bottom >= 1 or left + right >= 1
    if kind in ("circle", "ellipse"):
        return 0.0 in styles.lengths(inside.partition("at")[0])
    if kind == "polygon":
        points = [styles.lengths(point) for point in inside.split(",")]
        return any(
            len({point[axis] for point in points if len(point) == 2}) == 1 for axis in (0, 1)
        )
    return False


def _is_masked(declared: Declared) -> bool:
    """Whether a mask lets nothing through: all its colours are clear, or it has no size."""
    mask = f"{declared.get('mask', '')} {declared.get('mask-image', '')}".strip()
    if not mask or mask == "none":
        return False
    words = re.findall(r"[#\w-]+(?:\([^()]*\))?", re.sub(r"[\w-]+gradient\(", " ", mask))
    known = [alpha for alpha in map(styles.opacity, words) if alpha is not None]
    is_clear = bool(known) and max(known) < 0.05 and "url(" not in mask
    return is_clear or 0.0 in styles.lengths(declared.get("mask-size", ""))


def _is_far_off(declared: Declared) -> bool:
    names = ["text-indent", "margin-left", "margin-top", "transform", "transform-translate"]
    sides = ["left", "top", "right", "bottom"]
    if declared.get("position") not in ("absolute", "fixed", "relative"):
        sides = []
    for name in (*names, *sides):
        value = declared.get(name, "").replace("- ", "-")
        if any(length <= -_FAR for length in styles.lengths(value)):
            return True
    return any(styles.pixels(declared.get(name, "0"), 0.0) >= 10 * _FAR for name in sides)


def _passed_on(element: "Tag", declared: Declared, look: _Look, page: _Page) -> _Look:
    if element.name == "svg":
        ground = None if element.find(_SHAPES) else look.background
        look = replace(
            look, is_drawing=True, filled=True, colour=(0.0, 0.0, 0.0), background=ground
        )
    if "font-size" in declared:
        look = replace(look, size=styles.font_size(declared["font-size"], look.size))
    filling = declared.get("fill" if look.is_drawing else "text-fill-color")
    if filling:
        filling = "transparent" if filling == "none" else filling
        look = replace(look, colour=_colour(filling, look), filled=True)
    elif "color" in declared and not look.filled:
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
    return styles.colour(value, look.colour, look.background)
