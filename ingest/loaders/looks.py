"""What a reader's eye does not see: too small, or of its background's colour."""

import re

_HEX = re.compile("[0-9A-Fa-f]{6}")

Colour = tuple[float, float, float]
WHITE: Colour = (1.0, 1.0, 1.0)
SMALLEST_POINTS = 1.0
"""Text of this size or less is a dot."""
LEAST_CONTRAST = 1.2
"""WCAG asks for 4.5 and calls 1 no contrast at all; pale grey notes (#ddd) have 1.36 on white."""


def rgb(hexadecimal: str | None) -> Colour | None:
    """The colour that six hexadecimal digits name, each part in [0, 1]; None for other words."""
    if not hexadecimal or not _HEX.fullmatch(hexadecimal):
        return None
    red, green, blue = (int(hexadecimal[at : at + 2], 16) / 255 for at in (0, 2, 4))
    return red, green, blue


def is_unseen(text: Colour, background: Colour | None) -> bool:
    """Whether text cannot be told from its background; not where that is unknown."""
    if background is None:
        return False
    darker, lighter = sorted((_luminance(text), _luminance(background)))
    return (lighter + 0.05) / (darker + 0.05) < LEAST_CONTRAST


def _luminance(colour: Colour) -> float:
    """Relative luminance after WCAG 2.2."""
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
