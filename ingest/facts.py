"""What a receipt says of a text that was read: its size, its language, and what is nearly the same.

Near duplicates are told by the least of the hashes of all runs of five words: two texts have as
many of them in common as they have runs in common (Broder, On the resemblance of documents, 1997).
"""

import re
from dataclasses import dataclass
from hashlib import blake2b

_HASHES = 64
_RUN = 5
_ENOUGH_FOR_A_LANGUAGE = 20  # words
_LOOKED_AT = 20_000  # characters, for the language

_WORD = re.compile(r"\w+")
_UNDER_A_HEADER = re.compile(r"^\|(?:[ \t]*:?-+:?[ \t]*\|)+[ \t]*$", re.MULTILINE)


@dataclass(frozen=True)
class Facts:
    """How many words and tables a text has, its language (ISO 639), and a sketch of its words.

    `language` is empty where that cannot be told, `sketch` where the text is too short.
    """

    words: int = 0
    tables: int = 0
    language: str = ""
    sketch: tuple[int, ...] = ()


def facts_of(text: str) -> Facts:
    """Look at a canonical text."""
    words = _WORD.findall(text.casefold())
    return Facts(
        len(words), len(_UNDER_A_HEADER.findall(text)), _language(text, words), _sketch(words)
    )


def resemblance(mine: tuple[int, ...], theirs: tuple[int, ...]) -> float:
    """Return what share of the runs of two texts they have in common, in [0, 1], as estimated."""
    if not mine or not theirs:
        return 0.0
    least = sorted({*mine, *theirs})[:_HASHES]
    both = {*mine} & {*theirs}
    return sum(hash in both for hash in least) / len(least)


def _language(text: str, words: list[str]) -> str:
    import chardet

    if len(words) < _ENOUGH_FOR_A_LANGUAGE:
        return ""
    return chardet.detect(text[:_LOOKED_AT].encode())["language"] or ""


def _sketch(words: list[str]) -> tuple[int, ...]:
    runs = {" ".join(words[start : start + _RUN]) for start in range(len(words) - _RUN + 1)}
    return tuple(sorted(map(_hash, runs))[:_HASHES])


def _hash(run: str) -> int:
    return int.from_bytes(blake2b(run.encode(), digest_size=7).digest())
