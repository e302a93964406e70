"""What is left of a text in the bytes of a folder: each run of twelve of its words, looked for."""

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

RUN = 12
"""Words in a row. Fewer are a phrase that anybody may have written."""

_WORD = re.compile(rb"[0-9A-Za-z\x80-\xff]+")
# What JSON makes of other characters than ASCII's, and of line breaks.
_ESCAPED = re.compile(rb"\\(u[0-9a-fA-F]{4}|[ntr])")
_PIECE = 1 << 24  # bytes of a file that are looked at together
_OVERLAP = 1 << 13


@dataclass(frozen=True)
class Searched:
    """What a folder was searched for, and the runs that were found, by file."""

    runs: int
    files: int
    bytes: int
    left: dict[Path, list[str]]


class Remains:
    """The runs of words that a text, and none of the `others`, has."""

    def __init__(self, text: str, others: Iterable[str] = ()) -> None:
        words = _words(text.encode())
        self._numbers = {word: number for number, word in enumerate(dict.fromkeys(words))}
        self._words = list(self._numbers)
        self._length = min(RUN, len(words))
        self._runs = set(self._windows(words))
        for other in others:
            self._runs.difference_update(self._windows(_words(other.encode())))

    def is_in(self, text: str) -> bool:
        """Say whether one of them is in a text, be it that of a JSON record."""
        return not self._runs.isdisjoint(self._windows(_words(text.encode("utf-8", "replace"))))

    def search(self, folder: Path) -> Searched:
        """Look through every file below a folder, whatever it is."""
        files = [path for path in sorted(folder.rglob("*")) if path.is_file()]
        sizes = [path.stat().st_size for path in files]
        found = {path: sorted(self._in_file(path)) for path in files} if self._runs else {}
        left = {path: runs for path, runs in found.items() if runs}
        return Searched(len(self._runs), len(files), sum(sizes), left)

    def _in_file(self, path: Path) -> set[str]:
        content = path.read_bytes()
        starts = range(0, max(1, len(content)), _PIECE)
        pieces = (content[start : start + _PIECE + _OVERLAP] for start in starts)
        runs = {run for piece in pieces for run in self._windows(_words(piece))} & self._runs
        return {b" ".join(self._words[number] for number in run).decode() for run in runs}

    def _windows(self, words: Sequence[bytes]) -> Iterator[tuple[int, ...]]:
        """Yield every run of words that the text could have, as numbers of its words."""
        if not self._length:
            return
        numbers = np.fromiter((self._numbers.get(word, -1) for word in words), np.int32, len(words))
        for start in _runs_of(numbers >= 0, self._length):
            yield tuple(numbers[start : start + self._length].tolist())


def _runs_of(is_known: NDArray[np.bool_], length: int) -> list[int]:
    """Return where `length` in a row are known."""
    before = np.concatenate(([0], np.cumsum(is_known)))
    return np.flatnonzero(before[length:] - before[:-length] == length).tolist()


def _words(content: bytes) -> list[bytes]:
    if b"\\" in content:
        content = _ESCAPED.sub(_unescaped, content)
    return _WORD.findall(content.lower())


def _unescaped(escaped: re.Match[bytes]) -> bytes:
    character: str = json.loads(f'"{escaped[0].decode()}"')
    return character.encode("utf-8", "replace")
