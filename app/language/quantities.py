"""Numbers in running text: value, unit, kind and bound, whether in digits or in words."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Literal

from app.language.lexicon import in_order, kinds, units, values, words

Kind = Literal["count", "year", "ordinal", "decade"]

_SMALL = {word: float(value) for value, word in enumerate(in_order("ones"))} | {
    word: 10.0 * value for value, word in enumerate(in_order("tens"), start=2)
}
_MAGNITUDES = values("magnitudes")
_FRACTIONS, _MULTIPLES, _BOUNDS, _UNITS = (
    values("fractions"), values("multiples"), kinds("bounds"), units()
)  # fmt: skip
_SHORT = frozenset("kbmt")  # a magnitude only when glued to its digits: 7B, 4K
_FUNCTION_WORDS = words("function")
_ORDINALS = {**values("ordinals")} | {
    word: float(value) for value, word in enumerate(in_order("ordinals"))
}

_SPELLED = (
    "(?:" + "|".join(sorted([*_SMALL, "hundred", "thousand", "million", "billion", "dozen"],
                            key=len, reverse=True)) + ")"
)  # fmt: skip
# "and" goes on with a number only here: "one hundred and five", but "three and four"
_ROUND = "|".join(f"(?<={word})" for word in ("hundred", "thousand", "million"))
_NUMBER = re.compile(
    rf"""
    (?P<currency>US\$|[$€£¥])?\s?
    (?P<digits>(?<![\w.])[-−]?(?:\d{{1,3}}(?:,\d{{3}})+|\d+)(?:\.\d+)?)
        (?P<suffix>st|nd|rd|th|'?s)?(?![\w]*-?[A-Z])?
    | \b(?P<fraction>
        (?:one|two|three|four|a)[-\s](?:half|thirds?|quarters?|fourths|fifths?|tenths?)|half
      )\b
    | \b(?P<share>(?P<part>one|two|three)\s(?:in|out\sof)\s(?P<of>{_SPELLED}))\b
    | \b(?P<words>{_SPELLED}(?:(?:[-\s]|(?:{_ROUND})\sand\s){_SPELLED})*)\b
    | \b(?P<ordinal>{"|".join(sorted(_ORDINALS, key=len, reverse=True))})\b
    | \b(?P<multiple>{"|".join(_MULTIPLES)})\b
    """,
    re.VERBOSE | re.IGNORECASE,
)
_CODE = re.compile(r"\b[A-Za-z]+[-.]?\d[\w.]*\w?\b|\b\d+[A-Za-z]*\d\w*\b")
_AFTER = re.compile(
    r"\s?-?\s?([A-Za-z°%µ℃²/$€£]+²?2?(?:\s(?:cent|[Cc]elsius|[Ff]ahrenheit|points?|miles?|kilomet\w+|met\w+|feet|foot|mi))?)"
)
_BOUND = re.compile(
    r"\b(" + "|".join(sorted(map(re.escape, _BOUNDS), key=len, reverse=True))
    + r")\s+(?:an?\s|the\s|only\s|its\s)?(?:US)?[$€£¥]?\s?$", re.IGNORECASE,
)  # fmt: skip


@dataclass(frozen=True)
class Quantity:
    """A number at `[start, end)`: 4.6 million is 4600000.0 and so is 4,600,000.

    `dimension` is what its unit measures ("length", "percent", a currency) with `base`, the value
    in the base unit; both are of no meaning when there is no known unit (`dimension` is ""). `noun`
    is the word that follows, in lower case. `bound` is ">", "<", "~", "=" or "" as in "at least",
    "at most", "about", "exactly".
    """

    text: str
    start: int
    end: int
    value: float
    kind: Kind
    dimension: str = ""
    base: float = 0.0
    noun: str = ""
    bound: str = ""


def _spelled(number: str) -> float | None:
    total, current, seen = 0.0, 0.0, False
    for word in re.split(r"[-\s]+", number.lower()):
        if word == "and":
            continue
        if word in _SMALL:
            current, seen = current + _SMALL[word], True
        elif word == "hundred":
            current, seen = (current or 1.0) * 100, True
        elif word in _MAGNITUDES:
            total, current, seen = total + (current or 1.0) * _MAGNITUDES[word], 0.0, True
    return total + current if seen else None


def _unit(text: str, at: int) -> tuple[str, float, str, int]:
    """(dimension, scale, following noun, end) of the unit written at `at`."""
    match = _AFTER.match(text, at)
    if match is None or text[match.end() : match.end() + 1].isalpha():
        return "", 1.0, "", at
    written = match.group(1)
    for candidate in (written, written.split()[0]):
        lowered = candidate.lower().replace("meter", "metre").replace("liter", "litre")
        for form in (lowered, lowered.removesuffix("s") if len(lowered) > 3 else lowered):
            # "in", "a", "m" and the like are units only when glued or after a digit
            glued = form == "second" and text[at : at + 1] == "-"
            if form in _UNITS and (
                glued or not (form in {"in", "at", "second"} and candidate != "seconds")
            ):
                dimension, scale = _UNITS[form]
                return dimension, scale, form, match.start(1) + len(candidate)
    return "", 1.0, written.split()[0].lower(), at


def _value(match: re.Match[str]) -> tuple[float, Kind] | None:
    """The bare value of a match and its kind, before magnitude words and units."""
    found = match.groupdict()
    if found["digits"]:
        digits = found["digits"].replace(",", "").replace("−", "-")
        suffix = (found["suffix"] or "").lower()
        value = float(digits)
        if suffix in {"st", "nd", "rd", "th"}:
            return value, "ordinal"
        if suffix in {"s", "'s"} and value % 10 == 0:
            return value, "decade"
        if (
            len(digits) == 4
            and digits.isdigit()
            and 1000 <= value <= 2199
            and "," not in found["digits"]
        ):
            return value, "year"
        return value, "count"
    if found["fraction"]:
        first, _, rest = found["fraction"].lower().replace("-", " ").partition(" ")
        if not rest:
            return 0.5, "count"
        return _SMALL.get(first, 1.0) * _FRACTIONS[rest], "count"
    if found["share"]:
        return _SMALL[found["part"].lower()] / (_spelled(found["of"]) or 1.0), "count"
    if found["words"]:
        spelled = _spelled(found["words"])
        return None if spelled is None else (spelled, "count")
    if found["ordinal"]:
        return float(_ORDINALS[found["ordinal"].lower()]), "ordinal"
    return _MULTIPLES[found["multiple"].lower()], "count"


def _read(text: str) -> Iterator[Quantity]:
    codes = [match.span() for match in _CODE.finditer(text) if not _plain_measure(match.group())]
    reached = 0
    for match in _NUMBER.finditer(text):
        start, end = match.span()
        if start < reached:
            continue
        start += len(match.group()) - len(match.group().lstrip())
        if any(a <= start < b for a, b in codes):
            continue
        valued = _value(match)
        if valued is None:
            continue
        value, kind = valued
        magnitude = re.match(r"[\s-]?([A-Za-z]+)", text[end:])
        if magnitude and kind in {"count", "year"}:
            word = magnitude.group(1)
            glued = text[end : end + 1].isalpha()
            if word.lower() in _MAGNITUDES and (
                word.lower() not in _SHORT or (glued and word not in {"m", "t"})
            ):
                value, end, kind = value * _MAGNITUDES[word.lower()], end + magnitude.end(), "count"
        if kind == "year" and match.group("currency"):
            kind = "count"
        dimension, scale, noun, unit_end = (
            _unit(text, end) if kind != "decade" else ("", 1.0, "", end)
        )
        if kind == "year" and dimension:
            kind = "count"
        if match.group("currency"):
            dimension, scale = _UNITS[match.group("currency").lower()]
        elif kind == "ordinal":
            dimension = ""
        elif dimension:
            end = unit_end
        reached = end
        yield Quantity(
            text[start:end], start, end, value, kind, dimension, value * scale, noun,
            _bound(text, start),
        )  # fmt: skip


def _bound(text: str, start: int) -> str:
    before = text[max(0, start - 24) : start]
    match = _BOUND.search(before)
    if match is None:
        return ""
    bound = _BOUNDS[match.group(1).lower()]
    if re.search(
        r"(?:\bnot?|\bcannot|n't|\bnever)(?:\s\w+)?\s$", text[: start - len(before) + match.start()]
    ):
        return {"<": ">", ">": "<"}.get(bound, bound)
    return bound


def _plain_measure(word: str) -> bool:
    """Whether a word of letters and digits is a measure (4.6bn, 512px, 1990s) and not a code."""
    match = re.fullmatch(r"(\d+(?:\.\d+)?)('?[A-Za-z°µ²]+)", word)
    if match is None:
        return word.replace(".", "").isdigit()
    letters = match.group(2).lower()
    return (
        letters in _MAGNITUDES
        or letters in _UNITS
        or letters in {"st", "nd", "rd", "th", "s", "'s", "px", "x"}
    )


@lru_cache(maxsize=8192)
def quantities(text: str) -> tuple[Quantity, ...]:
    """Every number of `text` in order, in digits or in words.

    Numbers inside codes and names ("GPT-4", "VQ-VAE-2", "T5") are left to the names.
    """
    return tuple(_sharing_units(text, list(_read(text))))


def _sharing_units(text: str, numbers: list[Quantity]) -> list[Quantity]:
    """Give the first of "4 to 6 million days" what is said of both, and the second its bound."""
    for place in range(len(numbers) - 2, -1, -1):
        one, two = numbers[place], numbers[place + 1]
        joined = re.fullmatch(r"\s*(?:to|and|or|[-–—])\s*", text[one.end : two.start])
        if not joined or one.kind != "count" or two.kind != "count":
            continue
        magnitude = re.search(r"[A-Za-z]+$", two.text)
        if magnitude and magnitude.group().lower() in _MAGNITUDES and one.text.isdigit():
            times = _MAGNITUDES[magnitude.group().lower()]
            one = replace(one, value=one.value * times, base=one.base * times)
        if two.dimension and not one.dimension:
            scale = two.base / two.value if two.value else 1.0
            one = replace(one, dimension=two.dimension, base=one.value * scale, noun=two.noun)
        numbers[place] = one
        if one.bound in {"<", "~"} and not two.bound:
            numbers[place + 1] = replace(two, bound=one.bound)
    return numbers


def same_value(left: Quantity, right: Quantity) -> bool:
    """Whether two quantities state the same number of the same thing.

    A unit that only one of them has is no difference; two units of different dimensions are.
    """
    if "ordinal" in (left.kind, right.kind) and left.kind != right.kind:
        return _century(left) is not None and _century(left) == _century(right)
    if left.dimension and right.dimension:
        if left.dimension != right.dimension:
            return False
        return _close(left.base, right.base) or _rounded(left, right, left.base, right.base)
    if left.dimension or right.dimension:
        bare, other = (right, left) if left.dimension else (left, right)
        if other.dimension == "percent" and 0 < bare.value < 1 and bare.kind == "count":
            roughly = "~" in (bare.bound, other.bound) and _near(100 * bare.value, other.value)
            return _close(100 * bare.value, other.value) or roughly
        if bare.kind in {"year", "decade"} or bare.noun not in {"", *_FUNCTION_WORDS}:
            return False
    return _close(left.value, right.value) or _rounded(left, right, left.value, right.value)


def _close(a: float, b: float) -> bool:
    return abs(a - b) <= 1e-9 * max(abs(a), abs(b), 1e-12)


def _near(a: float, b: float) -> bool:
    """Whether "about a third" may stand for 30 or for 36 percent."""
    return 0.9 <= a / b <= 1.12 if b else False


def _rounded(claimed: Quantity, given: Quantity, a: float, b: float) -> bool:
    """Whether the claim's bound or "about" makes it true of another value nearby."""
    if a == 0 or b == 0 or claimed.kind == "year":
        return False
    ratio = b / a
    if claimed.bound in {"<", ">"} and claimed.bound == given.bound:
        return False  # "at most 95" is another limit than "at most 80"
    if claimed.bound == ">":
        return 1.0 < ratio <= 1.2
    if claimed.bound == "<":
        return 0.8 <= ratio < 1.0
    rounder = _digits(claimed.value) < _digits(given.value)
    return claimed.bound == "~" and rounder and 0.95 <= ratio <= 1.05


def _digits(value: float) -> int:
    return len(f"{value:.6g}".partition("e")[0].replace(".", "").strip("0-"))


def _century(quantity: Quantity) -> int | None:
    """The century meant by "19th century" or "1800s"."""
    if quantity.kind == "ordinal" and quantity.noun in {"century", "centuries"}:
        return int(quantity.value)
    if quantity.kind == "decade" and quantity.value % 100 == 0:
        return int(quantity.value) // 100 + 1
    return None
