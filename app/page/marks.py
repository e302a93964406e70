"""Highlights by offset: which characters are marked, and how the marks get into HTML.

Marks travel through a renderer as noncharacters (Unicode keeps U+FDD0–U+FDEF for a program's
internal use), which no rule of Markdown or HTML reacts to, and become `<mark>` in the end.
"""

import html
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

OPEN_QUOTE, OPEN_OTHER, CLOSE = "\ufdd0", "\ufdd1", "\ufdd2"
_OURS = re.compile("[\ufdd0-\ufdd2]")
_PIECES = re.compile("(<[^>]*>|[\ufdd0-\ufdd2])")


@dataclass(frozen=True)
class Span:
    """Characters `[start, end)` to highlight: the quote itself, or another quote of the answer."""

    start: int
    end: int
    is_quote: bool

    @property
    def opening(self) -> str:
        """The noncharacter that stands where the highlight begins."""
        return OPEN_QUOTE if self.is_quote else OPEN_OTHER


def flattened(quote: tuple[int, int] | None, others: Iterable[tuple[int, int]]) -> list[Span]:
    """Spans in order that do not overlap; where they would, the quote wins over the others."""
    taken = [Span(*quote, is_quote=True)] if quote and quote[0] < quote[1] else []
    for start, end in sorted(others):
        free = [(start, end)]
        for span in taken:
            free = [
                part
                for low, high in free
                for part in ((low, min(high, span.start)), (max(low, span.end), high))
                if part[0] < part[1]
            ]
        taken += [Span(low, high, is_quote=False) for low, high in free]
    return sorted(taken, key=lambda span: span.start)


def without_noncharacters(text: str) -> str:
    """The text with our three noncharacters replaced, one for one, so that offsets stay."""
    return _OURS.sub("\ufffd", text)


def stripped(markup: str) -> str:
    """The markup with the marks taken out again."""
    return _OURS.sub("", markup)


def all_in_text(markup: str) -> bool:
    """Whether every mark stands in text, none inside a tag."""
    return not any(_OURS.search(tag) for tag in re.findall(r"<[^>]*>", markup))


def plain(text: str, offset: int, spans: Sequence[Span]) -> str:
    """Escaped text with marks; `offset` is where `text` begins in the document."""
    parts: list[str] = []
    at = 0
    for span in spans:
        start, end = max(span.start - offset, at), min(span.end - offset, len(text))
        if start < end:
            parts += [
                html.escape(text[at:start]),
                span.opening,
                html.escape(text[start:end]),
                CLOSE,
            ]
            at = end
    return "".join(parts) + html.escape(text[at:])


def to_html(markup: str, anchor: bool = True) -> str:
    """Turn noncharacters into `<mark>` around each run of text.

    With `anchor` the first run of the quote gets `id="quote"`, the place a link scrolls to.

    Each run of text gets a mark of its own, so that marks nest properly whatever begins or ends
    inside them.
    """
    parts: list[str] = []
    kind = ""
    for piece in _PIECES.split(markup):
        if piece in (OPEN_QUOTE, OPEN_OTHER):
            kind = piece
        elif piece == CLOSE:
            kind = ""
        elif not kind or not piece or piece.startswith("<"):
            parts.append(piece)
        elif kind == OPEN_OTHER:
            parts.append(f'<mark class="other">{piece}</mark>')
        else:
            name = ' id="quote"' if anchor else ""
            parts.append(f'<mark class="quote"{name}>{piece}</mark>')
            anchor = False
    return "".join(parts)
