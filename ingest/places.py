"""Where a document's text stands: on its pages, each character's box packed small; in time."""

import zlib
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

_STEPS = 65_535  # of a page's width or height: a hundredth of a point on A4


@dataclass(frozen=True)
class Box:
    """A rectangle on a page, in points from its upper left corner as it is shown."""

    left: float
    top: float
    right: float
    bottom: float


@dataclass(frozen=True)
class PagePlaces:
    """A page's size in points as it is shown, and the boxes of its characters, packed.

    `is_ocr` says that its text was read from an image.
    """

    width: float
    height: float
    packed: bytes
    is_ocr: bool = False

    def between(self, start: int, end: int) -> list[tuple[int, Box]]:
        """The offsets in `[start, end)` of the document's text that have a box here, with it.

        Blanks between lines and the marks of Markdown have none.
        """
        offsets, boxes = _unpacked(self.packed)
        chosen = (offsets >= start) & (offsets < end)
        scale = np.array([self.width, self.height, self.width, self.height]) / _STEPS
        found = (boxes[chosen] * scale).tolist()
        return [(at, Box(*box)) for at, box in zip(offsets[chosen].tolist(), found, strict=True)]


def page_at(pages: Sequence[int], offset: int) -> int | None:
    """Return the page, from 1, that `offset` lies on; None where there are no pages."""
    return bisect_right(pages, offset) if pages else None


def time_at(times: Sequence[tuple[int, int]], offset: int) -> str:
    """Return when it was said what stands at `offset`, as "12:31" or "1:02:31"; else nothing.

    `times` are offsets, ascending, and the seconds that begin there.
    """
    at = bisect_right(times, offset, key=lambda time: time[0])
    return clock(times[at - 1][1]) if at else ""


def clock(seconds: int) -> str:
    """Return a time of a recording as players show it."""
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"


def pack(
    offsets: NDArray[np.int64], boxes: NDArray[np.float32], page: tuple[float, float]
) -> bytes:
    """Pack `offsets` into a text, ascending, and for each the left, top, right and bottom of a
    box in points on a `page` of this width and height: two bytes a character, about."""
    shares = (boxes / np.tile(np.array(page, dtype=np.float32), 2)).clip(0, 1)
    left, top, right, bottom = np.round(shares * _STEPS).astype(np.int64).T
    # A character begins where the last one ended and is as high as it: mostly small numbers.
    columns = (
        np.diff(offsets, prepend=0),
        left - np.append(0, right)[:-1],
        right - left,
        np.diff(top, prepend=0),
        np.diff(bottom - top, prepend=0),
    )
    octets = np.array(columns, dtype="<i4").view(np.uint8).reshape(-1, 4)
    return zlib.compress(octets.T.tobytes())


def _unpacked(packed: bytes) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    octets = np.frombuffer(zlib.decompress(packed), dtype=np.uint8).reshape(4, -1)
    columns = np.ascontiguousarray(octets.T).view("<i4").reshape(5, -1).astype(np.int64)
    offsets, gaps, widths, tops, heights = columns
    right = np.cumsum(gaps + widths)
    top = np.cumsum(tops)
    boxes = np.stack([right - widths, top, right, top + np.cumsum(heights)], axis=1)
    return np.cumsum(offsets), boxes
