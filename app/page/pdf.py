"""A PDF's pages as images, and the boxes that stand over a quote on such an image."""

import subprocess
import sys
import threading
from collections.abc import Iterable

from ingest.places import Box

SECONDS = 20
"""Of computing; a page of many pictures takes one."""
SECONDS_WAITED = 60
"""Of waiting, on a busy machine."""
# -P: nothing is imported from the folder that one happens to be in, which may be anybody's.
_COMMAND = (sys.executable, "-P", "-m", "app.page.drawing")
# Each may take a gigabyte.
_TWO_AT_A_TIME = threading.Semaphore(2)


def draw(content: bytes, number: int) -> bytes:
    """Page `number` (from 1) as PNG, with what is filled in and typed onto it.

    A page can be made to take hours or gigabytes, so a process of its own draws it. Raises
    ValueError where there is no page to be drawn, or where that takes too much.
    """
    with _TWO_AT_A_TIME:
        try:
            done = subprocess.run(
                [*_COMMAND, str(number), str(SECONDS)],
                input=content,
                capture_output=True,
                timeout=SECONDS_WAITED,
            )
        except subprocess.TimeoutExpired as error:
            raise ValueError(f"Page {number} takes too long to be drawn.") from error
    if done.returncode:
        reason = done.stderr.decode("utf-8", "replace").strip()
        is_told = done.returncode == 1 and "Traceback" not in reason
        raise ValueError(reason if is_told else f"Page {number} takes too much to be drawn.")
    return done.stdout


def lines(characters: Iterable[tuple[int, Box]], text: str) -> list[Box]:
    """One box for each line of characters, or each part of a line that stands in its own cell.

    `characters` are offsets into `text`, ascending, with their boxes.
    """
    found: list[Box] = []
    before = 0
    for at, box in characters:
        if box.left >= box.right or box.top >= box.bottom:
            continue
        if found and "|" not in text[before + 1 : at] and _goes_on(found[-1], box):
            found[-1] = _around(found[-1], box)
        else:
            found.append(box)
        before = at
    return found


def _goes_on(line: Box, box: Box) -> bool:
    """Whether a character stands in a line: beside it, or below or above it in one set sideways."""
    wide = min(line.right, box.right) - max(line.left, box.left)
    high = min(line.bottom, box.bottom) - max(line.top, box.top)
    height, width = box.bottom - box.top, box.right - box.left
    if high >= min(line.bottom - line.top, height) / 2:
        return -wide <= 2 * height
    return wide >= 0.8 * max(line.right - line.left, width) and -high <= 0.5 * width


def _around(line: Box, box: Box) -> Box:
    return Box(
        min(line.left, box.left),
        min(line.top, box.top),
        max(line.right, box.right),
        max(line.bottom, box.bottom),
    )
