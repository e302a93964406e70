"""What the symbol fonts show, whose letters are not what is stored for them."""

_WINGDINGS = dict(
    zip(b"\x6f\x6e\xa8\xfe\xfd\xfc\xfb\x71\x72\xb7\xa7\xd8", "□■☐☑☒✓✗❑❒••➢", strict=True)
)
_SYMBOL = dict(zip(b"abcdefghiklmnopqrstuwxyz", "αβχδεφγηικλμνοπθρστυωξψζ", strict=True))
_SYMBOL |= dict(zip(b"DFGLPQSWXY\xa3\xb3\xb9\xb1\xb4\xae\xb0", "ΔΦΓΛΠΘΣΩΞΨ≤≥≠±×→°", strict=True))

TICKS = frozenset("☐☑☒✓✗")


def symbol_of(font: str, place: int) -> str:
    """What a symbol font shows at one of its places; U+FFFD where that is not known."""
    font = font.lower()
    known = _SYMBOL if font == "symbol" else _WINGDINGS if font.startswith("wingdings") else {}
    return known.get(place & 0xFF, "\N{REPLACEMENT CHARACTER}")
