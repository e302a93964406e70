"""A spreadsheet's values as it shows them: 0.25 formatted as "0%" is "25%"."""

import operator
import re
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from decimal import ROUND_HALF_UP, Decimal, localcontext
from fractions import Fraction
from math import isfinite

_PLACES = re.compile(r"[#0?][#0?,]*(?:\.[#0?]*)?,*|\.[#0?]+,*")
_ONE_NUMBER = re.compile(
    rf"[^#0?]*(?:{_PLACES.pattern})(?:[eE][+-]0+|[^#0?]*|[^#0?/]*[?#]+/[?#0-9]+)"
)
_CONDITION = re.compile(r"\[(?!\$)[^\]]*\]")
_COMPARED = re.compile(r"\[\s*(<=|>=|<>|[<=>])\s*(-?\d+(?:\.\d+)?)\s*\]")
_COMPARISONS = {
    "<": operator.lt, "<=": operator.le, "=": operator.eq,
    ">": operator.gt, ">=": operator.ge, "<>": operator.ne,
}  # fmt: skip
_MOST_DIGITS = 400  # the largest float has 309
_CURRENCY = re.compile(r"\[\$([^\]-]*)[^\]]*\]")
_LITERAL = re.compile(r'"([^"]*)"|\\(.)|[_*](.)')
_DATE_PART = re.compile(r"yyyy|yy|m{1,5}|d{1,4}|hh?|ss?|am/pm|a/p", re.IGNORECASE)
_DATES = {
    "yyyy": "%Y", "yy": "%y", "mmmm": "%B", "mmm": "%b", "mm": "%m", "dddd": "%A", "ddd": "%a",
    "dd": "%d", "hh": "%H", "ss": "%S", "s": "%S", "am/pm": "%p", "a/p": "%p",
}  # fmt: skip
# Shown as the reader's own system writes dates; ISO is what all read alike.
_OF_THE_SYSTEM = frozenset(("mm-dd-yy", "m/d/yy", "general", "m/d/yyyy h:mm", "m/d/yy h:mm"))


def shown(value: object, format: str) -> str:
    """`value` as its number format shows it; nothing where the format shows nothing."""
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, datetime | date | time):
        return _date(value, format)
    if isinstance(value, timedelta):
        hours, rest = divmod(int(value.total_seconds()), 3600)
        seconds = f":{rest % 60:02}" if "s" in format.lower() or "h" not in format.lower() else ""
        return f"{hours}:{rest // 60:02}{seconds}"
    if isinstance(value, int | float):
        if isinstance(value, float) and not isfinite(value):
            return _general(value)
        try:
            with localcontext(prec=_MOST_DIGITS):
                return _number(value, format)
        except ArithmeticError:
            return _general(value)
    return "" if value is None else str(value)


def _date(value: datetime | date | time, format: str) -> str:
    has_time = isinstance(value, datetime) and (value.hour or value.minute or value.second)
    if isinstance(value, time):
        is_short = not value.second or ("h" in format.lower() and "s" not in format.lower())
        return value.isoformat("minutes" if is_short else "seconds")
    plain = _LITERAL.sub("", _CONDITION.sub("", _CURRENCY.sub("", format))).split(";")[0]
    if plain.lower() in _OF_THE_SYSTEM or not _DATE_PART.search(plain):
        written = value.strftime("%Y-%m-%d")
        return f"{written} {value.strftime('%H:%M')}" if has_time else written
    before = ""
    half_day = re.search(r"am/pm|a/p", plain, re.IGNORECASE)
    text = _CURRENCY.sub("", _CONDITION.sub("", format)).split(";")[0]
    text = _LITERAL.sub(lambda found: "".join(filter(None, found.groups()[:2])), text)

    def part(found: re.Match[str]) -> str:
        nonlocal before
        name, is_minute = found.group().lower(), False
        if name in ("m", "mm"):
            follows = text[found.end() :].lstrip(":. ").lower()
            is_minute = before.startswith("h") or follows.startswith("s")
        before = name
        if is_minute:
            return value.strftime("%M")
        if name in ("h", "hh"):
            written = value.strftime("%I" if half_day else "%H")
            return written.lstrip("0") or "0" if name == "h" else written
        if name in ("d", "m"):
            return str(value.day if name == "d" else value.month)
        return value.strftime(_DATES.get(name, "%B"))

    return _DATE_PART.sub(part, text).strip()


def _number(value: int | float, format: str) -> str:
    sections = re.split(r";(?=(?:[^\"]*\"[^\"]*\")*[^\"]*$)", format)
    section = sections[0]
    is_negative = value < 0
    if _COMPARED.search(format):
        # Whether a sign is shown there depends on what the conditions leave over.
        section = "General" if is_negative else _section_for(value, sections)
    elif is_negative and len(sections) > 1:
        section, value, is_negative = sections[1], -value, False
    elif value == 0 and len(sections) > 2:
        section = sections[2]
    section = _CURRENCY.sub(r'"\1"', _CONDITION.sub("", section))
    if section.strip() == "@":
        return _general(-value if is_negative else value, "-" * is_negative)
    literals: list[str] = []

    def kept(found: re.Match[str]) -> str:
        literals.append(found[1] or found[2] or " " * bool(found[3]))
        return f"\x00{len(literals) - 1}\x00"

    def put_back(text: str) -> str:
        return re.sub(r"\x00(\d+)\x00", lambda found: literals[int(found[1])], text)

    bare = _LITERAL.sub(kept, section)
    literals.append(_general(abs(value)))
    bare = re.sub("general", f"\x00{len(literals) - 1}\x00", bare, flags=re.IGNORECASE)
    pattern = re.split(r"(\x00\d+\x00)", bare)
    found = [part for part in pattern if "\x00" not in part and _PLACES.search(part)]
    if len(found) > 1 or (found and not _ONE_NUMBER.fullmatch(found[0])):
        if not re.search("[.,%/eE]", "".join(found)):
            return f"{'-' * is_negative}{put_back(_masked(abs(value), bare))}".strip()
        return _general(abs(value), "-" * is_negative)
    for part in found:
        pattern[pattern.index(part)] = _digits(abs(value), part, bare.count("%"))
    return " ".join(f"{'-' * is_negative}{put_back(''.join(pattern))}".split())


def _section_for(value: int | float, sections: Sequence[str]) -> str:
    """The section for a value that is not negative, of which one or two state a condition."""
    for number, section in enumerate(sections):
        found = _COMPARED.search(section)
        if found and _COMPARISONS[found[1]](value, float(found[2])):
            return section
        if not found and number and number == len(sections) - 1:
            return section
    return "General"


def _masked(value: int | float, pattern: str) -> str:
    """Digits in places that signs divide, from the right: a telephone's number."""
    places = [each for each in re.finditer(r"\x00\d+\x00|([0#?]+)", pattern) if each[1]]
    digits, text, end = f"{value:.0f}", "", len(pattern)
    for each in reversed(places):
        room = len(each[1]) if each is not places[0] else max(len(each[1]), len(digits))
        part = digits[max(len(digits) - room, 0) :]
        digits = digits[: max(len(digits) - room, 0)]
        text = part.rjust(len(each[1]), "0") + pattern[each.end() : end] + text
        end = each.start()
    return pattern[:end] + text


def _general(value: int | float, sign: str = "") -> str:
    return sign + format(value, ".15g") if isinstance(value, float) else f"{sign}{value}"


def _digits(value: int | float, pattern: str, percents: int) -> str:
    if "/" in pattern:
        return _fraction(value, pattern)
    found = _PLACES.search(pattern)
    assert found is not None
    places, rest = found.group(), pattern[found.end() :]
    whole, _, decimals = places.partition(".")
    exact = Decimal(repr(value)) * 100**percents
    scaled = exact / 1000 ** (len(places) - len(places.rstrip(",")))
    decimals = decimals.rstrip(",")
    if re.match(r"[eE][+-]", rest):
        digits = len(decimals)
        written = f"{float(scaled):.{digits}E}"
        return pattern[: found.start()] + written + re.sub(r"^[eE][+-]0+", "", rest)
    rounded = scaled.quantize(Decimal(1).scaleb(-len(decimals)), ROUND_HALF_UP)
    text = f"{rounded:,f}" if "," in whole.rstrip(",") else f"{rounded:f}"
    left, _, right = text.partition(".")
    least = len(decimals.rstrip("#?"))
    while len(right) > least and right.endswith("0"):
        right = right[:-1]
    if not rounded and "0" not in places:  # "#" and "?" show no zeros
        return pattern[: found.start()] + rest
    left = left.zfill(whole.count("0")) if whole.count("0") > 1 else left
    if left == "0" and "0" not in whole and right:
        left = ""
    number = f"{left}.{right}" if right or (decimals and least) else left
    return pattern[: found.start()] + number + rest


def _fraction(value: int | float, pattern: str) -> str:
    places = len(pattern.rpartition("/")[2].strip())
    part = Fraction(value).limit_denominator(10**places - 1)
    whole, rest = divmod(part.numerator, part.denominator)
    written = f"{rest}/{part.denominator}" if rest else ""
    return f"{whole} {written}".strip() if whole or not written else written
