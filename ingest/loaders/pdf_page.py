"""A PDF page's characters as PDFium finds them: which they are, where they stand, who sees them."""

import ctypes
import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

Boxes = NDArray[np.float32]
"""(n, 4): left, top, right, bottom in points from the upper left corner of the page as shown."""
Mask = NDArray[np.bool_]
TYPE = np.dtype([("angle", "i2"), ("size", "f4"), ("bold", "?"), ("mono", "?")])
"""How a sign is set: by how much it is turned clockwise (0, 90, 180, 270), its size in points,
whether it is bold, whether of a typewriter's type."""
Type = NDArray[np.void]
APART = 360
"""The angle of what does not stand in the page's text, but apart from it."""

_GRID = 100_000
_IMAGE_SHARE = 0.6
_FEW_LETTERS = 80
_GARBLED, _GARBLED_SHARE = 20, 0.25
_TINIEST = 1.4  # points; a box is a little higher than the size of its type
_CONTRAST = 24  # of 255: what differs less from what is around it is not seen
_LIGHT = 225
_UNSEEN_SHARE = 0.65  # of the pixels of a word's box; bold letters ink half of it
_SMALLEST_SHAPE = 4.0  # points
# Symbol fonts name their signs by place alone: Symbol's bullet, Wingdings' bullets, ticks, boxes.
# PDFium has two codes of its own for a hyphen at the end of a line.
_NAMED = str.maketrans(
    "\x02\ufffe\uf0b7\uf0a7\uf0d8\uf0fc\uf0fb\uf0fe\uf0fd\uf0a8\uf06f", "--•▪➢✓✗☑☒☐☐"
)
_SWAPPED = [ord(letter) << 8 for letter in "bfhijklt"]
_RAISED = str.maketrans("0123456789+-−–()n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁻⁽⁾ⁿ")
_SMALLER = 0.88
_BOLD = re.compile(r"bold|black|heavy|(?:cm|sf)bx|-medi", re.IGNORECASE)
_MONO = re.compile(
    r"mono|courier|consol|typewriter|(?:cm|sf|ec|lm)(?:sl|it|s)?tt|sfst|ecst", re.IGNORECASE
)
_LEADERS = re.compile(r"(?:[.·…] *){5,}")  # which lead the eye to a page's number
_FIXED_PITCH, _FORCE_BOLD = 1 << 0, 1 << 18  # ISO 32000-1, table 123
_ZERO_WIDTH = frozenset("\u200b\u200e\u200f\u2060\ufeff")


@dataclass(frozen=True)
class Sheet:
    """One page as it is shown: `signs[i]` stands in `boxes[i]`, in the order of drawing.

    A white space is one blank. `type[i]` is how a sign is set; `turn` is the angle at which most
    are. `hidden` is the text that a reader does not see. The first `own` signs are the page's own,
    the others were put onto it. `struck` are those that a line goes through. `images` are counted;
    `is_image` says that they are all but everything, `is_ocr` that the signs were read from them,
    `is_garbled` that the fonts do not say which letters they draw.
    `numerators` are where a fraction begins after a whole number: 2 1/2.
    """

    width: float
    height: float
    signs: str
    boxes: Boxes
    type: Type
    turn: int = 0
    hidden: tuple[str, ...] = ()
    numerators: frozenset[int] = frozenset()
    own: int = 0
    struck: frozenset[int] = frozenset()
    images: int = 0
    is_image: bool = False
    is_garbled: bool = False
    is_ocr: bool = False

    def signs_of(self, start: int, end: int) -> list[int]:
        """Which signs in `[start, end)` are no blanks."""
        return [at for at in range(start, end) if self.signs[at] != " "]

    def upright(self, angle: int) -> Boxes:
        """The boxes as they stand when what is turned by `angle` is turned back."""
        left, top, right, bottom = self.boxes.T
        width, height = self.width, self.height
        sides = {
            0: (left, top, right, bottom),
            90: (top, width - right, bottom, width - left),
            180: (width - right, height - bottom, width - left, height - top),
            270: (height - bottom, left, height - top, right),
        }
        return np.stack(sides[angle % 360], axis=1)


def read_sheet(page: Any, own: int | None = None) -> Sheet:
    """Read a pypdfium2 `page`, of whose characters the first `own` (all by default) are its own,
    and the others were put onto it."""
    width, height = page.get_size()
    text = page.get_textpage()
    codes, boxes, objects = _characters(page, text)
    type = _type(page, text, objects)
    shapes, images = _drawings(page)
    drawn = (codes != 0) & (codes != ord(" "))
    unseen = drawn & _unseen(page, objects, boxes, shapes)
    sides = images[:, 2:] - images[:, :2]
    is_image = sides.prod(axis=1).sum() > _IMAGE_SHARE * width * height
    is_image &= (drawn & ~unseen).sum() < _FEW_LETTERS
    is_ocr = bool(is_image and unseen.any() and not (drawn & ~unseen).any())
    if is_ocr:  # Who scanned the page has laid its words under it.
        unseen[:] = False
    kept = (codes != 0) & ~unseen & ~_drawn_twice(codes, boxes, objects, drawn & ~unseen)
    turned = np.bincount(type["angle"][drawn & kept], minlength=1)
    hidden = _runs(codes, unseen)
    turn = int(turned.argmax())
    sheet = Sheet(width, height, _text(codes[kept]), boxes[kept], type[kept], turn, hidden)
    origins, lifted = _origins(page, text, codes)
    sheet = _with_raised(sheet, origins[kept], lifted[kept])
    own = int(kept[:own].sum())
    is_garbled = _is_garbled(sheet.signs)
    return replace(
        sheet,
        own=own,
        images=len(images),
        is_image=bool(is_image),
        is_garbled=is_garbled,
        is_ocr=is_ocr,
    )


def _is_garbled(text: str) -> bool:
    letters = Counter(text)
    odd = sum(count for sign, count in letters.items() if unicodedata.category(sign) == "So")
    return odd > max(_GARBLED_SHARE * (len(text) - letters[" "]), _GARBLED)


def _characters(page: Any, text: Any) -> tuple[NDArray[np.int64], Boxes, NDArray[np.int64]]:
    """Each character's code, box, and the address of the object that draws it (0 for none)."""
    import pypdfium2.raw as pdfium

    count = text.count_chars()
    rectangles = np.zeros((count, 4), dtype=np.float32)
    at_page = ctypes.cast(text.raw, ctypes.c_void_p).value
    read_code = _plain(pdfium.FPDFText_GetUnicode, ctypes.c_uint)
    read_box = _plain(pdfium.FPDFText_GetLooseCharBox, ctypes.c_int, ctypes.c_void_p)
    read_object = _plain(pdfium.FPDFText_GetTextObject, ctypes.c_void_p)
    first = rectangles.ctypes.data
    codes = np.array([read_code(at_page, at) for at in range(count)], dtype=np.int64)
    for at in range(count):
        read_box(at_page, at, first + 16 * at)
    objects = [read_object(at_page, at) or 0 for at in range(count)]
    return _cleaned(codes), shown(page, rectangles), np.array(objects, dtype=np.int64)


def _plain(function: Any, result: Any, *more: Any) -> Callable[..., Any]:
    """A function of PDFium's over a page and an index that takes and returns plain numbers.

    An object for each pointer of each character would take three times as long.
    """
    address = ctypes.cast(function, ctypes.c_void_p).value
    assert address is not None
    return ctypes.CFUNCTYPE(result, ctypes.c_void_p, ctypes.c_int, *more)(address)


def _cleaned(codes: NDArray[np.int64]) -> NDArray[np.int64]:
    """Code points: a blank for white space, 0 for what is to be left out."""
    high = np.flatnonzero((codes >= 0xD800) & (codes < 0xDC00))
    high = high[high + 1 < len(codes)]
    codes[high] = 0x10000 + ((codes[high] - 0xD800) << 10) + codes[high + 1] - 0xDC00
    codes[(codes >= 0xDC00) & (codes < 0xE000)] = ord("\N{ZERO WIDTH SPACE}")
    # Some programs write the letters of a ligature the wrong way round: "o昀昀ice" is "office".
    swapped = np.isin(codes, _SWAPPED)
    padded = np.pad(swapped, 1)
    codes[swapped & (padded[:-2] | padded[2:])] >>= 8
    # TeX's fonts have their ligatures from 27 on, and where they are pixels nothing else tells.
    if not ((codes > 0) & (codes < 27) & ~np.isin(codes, [2, 9, 10, 13])).any():
        tex = (codes >= 27) & (codes < 32)
        codes[tex] += ord("\N{LATIN SMALL LIGATURE FF}") - 27
    found, which = np.unique(codes, return_inverse=True)
    return np.array([_clean(int(code)) for code in found], dtype=np.int64)[which]


def _clean(code: int) -> int:
    sign = chr(code)
    if sign in _ZERO_WIDTH:
        return 0
    if sign.isspace():
        return ord(" ")
    sign = sign.translate(_NAMED)
    if sign < " " or unicodedata.category(sign) in ("Cc", "Cn", "Co", "Cs"):
        sign = "\N{REPLACEMENT CHARACTER}"
    return ord(sign)


def _text(codes: NDArray[np.int64]) -> str:
    text = codes.astype("<u4").tobytes().decode("utf-32-le")
    return _LEADERS.sub(lambda dots: " " * len(dots.group()), text)


def shown(page: Any, boxes: Boxes) -> Boxes:
    """Boxes of the page's own space as it is shown: within the crop box, turned as it says."""
    import pypdfium2.raw as pdfium

    size = np.array(page.get_size())
    x, y = ctypes.c_int(), ctypes.c_int()
    points = []
    for point in ((0, 0), (1000, 0), (0, 1000)):
        pdfium.FPDF_PageToDevice(page.raw, 0, 0, _GRID, _GRID, 0, *point, x, y)
        points.append(np.array([x.value, y.value]) / _GRID * size)
    origin, right, up = points
    corners = boxes.reshape(-1, 2, 2)
    places = origin + corners @ (np.stack([right, up]) - origin) / 1000
    return np.concatenate([places.min(axis=1), places.max(axis=1)], axis=1).astype(np.float32)


def _type(page: Any, text: Any, objects: NDArray[np.int64]) -> Type:
    import pypdfium2.raw as pdfium

    _, first, which = np.unique(objects, return_index=True, return_inverse=True)
    found = []
    name, flags, matrix = ctypes.create_string_buffer(200), ctypes.c_int(), pdfium.FS_MATRIX()
    for at in map(int, first):
        name.value, flags.value = b"", 0
        pdfium.FPDFText_GetFontInfo(text.raw, at, name, len(name), flags)
        pdfium.FPDFText_GetMatrix(text.raw, at, matrix)
        font = name.value.decode("latin-1")
        angle = round(np.degrees(pdfium.FPDFText_GetCharAngle(text.raw, at)) / 90) * 90
        scale = abs(matrix.a * matrix.d - matrix.b * matrix.c) ** 0.5
        found.append(
            (
                (angle + page.get_rotation()) % 360,
                pdfium.FPDFText_GetFontSize(text.raw, at) * scale,
                bool(_BOLD.search(font) or flags.value & _FORCE_BOLD),
                bool(_MONO.search(font) or flags.value & _FIXED_PITCH),
            )
        )
    return np.array(found, dtype=TYPE)[which] if found else np.zeros(0, dtype=TYPE)


def _origins(page: Any, text: Any, codes: NDArray[np.int64]) -> tuple[Boxes, Mask]:
    """Where each sign that may be raised begins on its line, and those around it; and whether a
    figure is drawn well above its line all the same, for which some fonts have their own."""
    import pypdfium2.raw as pdfium

    at_page = ctypes.cast(text.raw, ctypes.c_void_p).value
    read_origin = _plain(pdfium.FPDFText_GetCharOrigin, ctypes.c_int, *2 * [ctypes.c_void_p])
    origins = np.full((len(codes), 2), np.nan)
    first = origins.ctypes.data
    drawn = np.flatnonzero((codes != ord(" ")) & (codes != 0))  # blanks may part any two
    candidates = np.append(np.isin(codes[drawn], list(_RAISED)), False)
    around = np.convolve(candidates, np.ones(7))[3:-4] > 0
    for at in drawn[around].tolist():
        read_origin(at_page, at, first + 16 * at, first + 16 * at + 8)
    lifted = np.zeros(len(codes), dtype=bool)
    sides = [ctypes.c_double() for _ in range(4)]
    for at in np.flatnonzero((codes >= ord("0")) & (codes <= ord("9"))).tolist():
        pdfium.FPDFText_GetCharBox(text.raw, at, *sides)
        _, _, bottom, top = (side.value for side in sides)
        lifted[at] = bottom - origins[at, 1] > 0.5 * (top - bottom) > 0
    return shown(page, np.tile(origins, 2).astype(np.float32)), lifted


def _with_raised(sheet: Sheet, origins: Boxes, lifted: Mask) -> Sheet:
    """Raised figures as Unicode has them (10⁹, m²); those of a fraction stay as they are."""
    signs = list(sheet.signs)
    numerators = set()
    at = np.array(sheet.signs_of(0, len(signs)), dtype=np.int64)
    at = at[sheet.type["angle"][at] == sheet.turn]
    boxes, sizes = sheet.upright(sheet.turn)[at], sheet.type["size"][at]
    lines = replace(sheet, boxes=origins).upright(sheet.turn)[at, 3]
    signs[:] = [s.translate(_RAISED) if up else s for s, up in zip(signs, lifted, strict=True)]

    def is_alike(n: int, other: int) -> bool:
        gap = max(boxes[n, 0] - boxes[other, 2], boxes[other, 0] - boxes[n, 2])
        return bool(
            abs(lines[n] - lines[other]) < 0.1 * sizes[n]
            and abs(sizes[n] - sizes[other]) < 0.1 * sizes[n]
            and gap < 0.6 * sizes[n]
        )

    for base, beside in _raised_pairs(lines, sizes):
        start, end = beside, beside + 1
        while end < len(at) and beside > base and is_alike(end, end - 1):
            end += 1
        while start > 0 and beside < base and is_alike(start - 1, start):
            start -= 1
        gap = max(boxes[beside, 0] - boxes[base, 2], boxes[base, 0] - boxes[beside, 2])
        run = "".join(signs[each] for each in at[start:end])
        is_small = sizes[beside] < _SMALLER * sizes[base]
        if gap > 0.6 * sizes[beside] or not set(map(ord, run)) <= _RAISED.keys():
            continue
        if not is_small and not any(map(str.isdigit, run)):
            continue  # letters that follow a slanting line
        if beside < base:
            # A footnote's own number, at its beginning; brackets grow with what is in them.
            is_first = start == 0 or abs(lines[start - 1] - lines[base]) > sizes[base]
            is_mark = signs[at[base]].isalpha() or (is_first and signs[at[base]].isdigit())
            if not (run.isdigit() and is_mark):
                continue
        if end < len(at) and signs[at[end]] in ("/", "\N{FRACTION SLASH}"):
            numerators.update([int(at[start])] if signs[at[start - 1]].isdigit() else [])
        else:
            for each in at[start:end]:
                signs[each] = signs[each].translate(_RAISED)
    return replace(sheet, signs="".join(signs), numerators=frozenset(numerators))


def _raised_pairs(lines: NDArray[Any], sizes: NDArray[Any]) -> Iterator[tuple[int, int]]:
    """The numbers of signs and of those raised above them that stand right after or before.

    A smaller sign may rise by any part of the other's size, one as large by some half of it.
    """
    numbers = np.arange(len(lines))
    for base, beside in ((numbers[:-1], numbers[1:]), (numbers[1:], numbers[:-1])):
        rise = (lines[base] - lines[beside]) / sizes[base]
        ratio = sizes[beside] / sizes[base]
        is_raised = (ratio < _SMALLER) & (rise > 0.08) & (rise < 0.95)
        is_raised |= (ratio < 1.02) & (rise > 0.28) & (rise < 0.55)
        chosen = np.flatnonzero(is_raised)
        yield from zip(base[chosen].tolist(), beside[chosen].tolist(), strict=True)


def _drawn_twice(
    codes: NDArray[np.int64], boxes: Boxes, objects: NDArray[np.int64], drawn: Mask
) -> Mask:
    """Whether a character stands where another drew the same before, but for a shadow's offset."""
    twice = np.zeros(len(codes), dtype=bool)
    at = np.flatnonzero(drawn)
    size = np.maximum(boxes[at, 2:] - boxes[at, :2], 0.1)
    cell = max(float(np.median(size[:, 1])), 1.0) if len(at) else 1.0
    for shift in ((0, 0), (0.5, 0), (0, 0.5), (0.5, 0.5)):
        across, down = np.floor(boxes[at, :2] / cell + shift).astype(np.int64).T
        keys = (codes[at] << 42) ^ (across << 21) ^ down
        order = np.argsort(keys, kind="stable")
        pairs = np.flatnonzero(keys[order][1:] == keys[order][:-1])
        first, second = order[pairs], order[pairs + 1]
        moved = abs(boxes[at[second], :2] - boxes[at[first], :2])
        is_same = (moved < size[first] * [0.5, 0.25]).all(axis=1)
        is_same &= objects[at[first]] != objects[at[second]]
        twice[at[second[is_same]]] = True
    return twice


def _unseen(page: Any, objects: NDArray[np.int64], boxes: Boxes, shapes: Boxes) -> Mask:
    """Whether a character is invisible, off the page, too small, or like what it stands on."""
    import pypdfium2.raw as pdfium

    centres: Boxes = np.asarray((boxes[:, :2] + boxes[:, 2:]) / 2, dtype=np.float32)
    unseen: Mask = ((centres < 0) | (centres > page.get_size())).any(axis=1)
    unseen |= (boxes[:, 2:] - boxes[:, :2]).max(axis=1, initial=0) <= _TINIEST
    doubtful = np.zeros(len(centres), dtype=bool)
    # On a shape or under it: pages may have tens of thousands of both.
    order = np.argsort(centres[:, 1])
    x, y = centres[order].T
    firsts, lasts = np.searchsorted(y, shapes[:, 1]), np.searchsorted(y, shapes[:, 3], "right")
    for (left, _, right, _), first, last in zip(shapes, firsts, lasts, strict=True):
        if first < last:
            inside = (x[first:last] >= left) & (x[first:last] <= right)
            doubtful[order[first:last][inside]] = True
    colours = np.zeros((len(objects), 3), dtype=np.int16)
    for address in np.unique(objects[objects != 0]):
        drawing = ctypes.cast(int(address), pdfium.FPDF_PAGEOBJECT)
        red, green, blue, opacity = (ctypes.c_uint() for _ in range(4))
        pdfium.FPDFPageObj_GetFillColor(drawing, red, green, blue, opacity)
        colour = (red.value, green.value, blue.value)
        mode = pdfium.FPDFTextObj_GetTextRenderMode(drawing)
        its = objects == address
        colours[its] = colour
        if mode == pdfium.FPDF_TEXTRENDERMODE_INVISIBLE or opacity.value < _CONTRAST:
            unseen |= its
        elif min(colour) >= _LIGHT:
            doubtful |= its
    doubtful &= ~unseen & (objects != 0)
    if doubtful.any():
        unseen |= _like_its_ground(page, doubtful, objects, boxes, colours)
    return unseen


def _drawings(page: Any) -> tuple[Boxes, Boxes]:
    """Where the filled shapes and the images of a page are, rules and dots left out."""
    import pypdfium2.raw as pdfium

    fill, stroke = ctypes.c_int(), ctypes.c_int()
    sides = [ctypes.c_float() for _ in range(4)]
    found: dict[int, list[list[float]]] = {
        pdfium.FPDF_PAGEOBJ_PATH: [],
        pdfium.FPDF_PAGEOBJ_IMAGE: [],
    }
    for at in range(pdfium.FPDFPage_CountObjects(page.raw)):
        drawing = pdfium.FPDFPage_GetObject(page.raw, at)
        kind = pdfium.FPDFPageObj_GetType(drawing)
        if kind not in found:
            continue
        if kind == pdfium.FPDF_PAGEOBJ_PATH:
            pdfium.FPDFPath_GetDrawMode(drawing, fill, stroke)
            if not fill.value:
                continue
        if pdfium.FPDFPageObj_GetBounds(drawing, *sides):
            left, bottom, right, top = (side.value for side in sides)
            if min(right - left, top - bottom) >= _SMALLEST_SHAPE:
                found[kind].append([left, bottom, right, top])
    shapes, images = (
        shown(page, np.array(each, dtype=np.float32).reshape(-1, 4)) for each in found.values()
    )
    return shapes, images


def _like_its_ground(
    page: Any,
    doubtful: Mask,
    objects: NDArray[np.int64],
    boxes: Boxes,
    colours: NDArray[np.int16],
) -> Mask:
    """Whether a doubtful character has the colour of what it stands on, or is covered."""
    width, height = page.get_size()
    scale = min(2.0, (4_000_000 / (width * height)) ** 0.5)
    image = page.render(scale=scale).to_numpy()[:, :, :3].astype(np.int16)[:, :, ::-1]
    unseen = np.zeros(len(doubtful), dtype=bool)
    breaks = np.flatnonzero(np.diff(np.where(doubtful, objects, 0))) + 1
    for run in np.split(np.arange(len(doubtful)), breaks):
        if not len(run) or not doubtful[run[0]]:
            continue
        for part in np.array_split(run, -(-len(run) // 8)):
            left, top = (boxes[part, :2].min(axis=0) * scale).astype(int).clip(0)
            right, bottom = np.ceil(boxes[part, 2:].max(axis=0) * scale).astype(int)
            pixels = image[top:bottom, left:right].reshape(-1, 3)
            if not len(pixels):
                continue
            is_flat = (np.ptp(pixels, axis=0) < _CONTRAST).all()
            alike = (abs(pixels - colours[part[0]]) < _CONTRAST).all(axis=1).mean()
            unseen[part] = is_flat or alike > _UNSEEN_SHARE
    return unseen


def _runs(codes: NDArray[np.int64], chosen: Mask) -> tuple[str, ...]:
    """The stretches of chosen characters, with the blanks inside them."""
    if not chosen.any():
        return ()
    at = np.flatnonzero(chosen | ((codes != ord(" ")) & (codes != 0)))
    runs = np.split(at, np.flatnonzero(np.diff(chosen[at])) + 1)
    texts = (_text(codes[run[0] : run[-1] + 1]) for run in runs if chosen[run[0]])
    return tuple(" ".join(text.replace("\0", "").split()) for text in texts)
