"""Several questions in one ("what does it cost and who do I ask"): each is to be answered."""

import re

from app.language.languages import is_small
from app.language.turns import contracted, named

_AND = r"(?:and|n|&)\s+"
_JOINT = re.compile(rf"(?:(?P<told>[.;!]+)|\?+)\s+(?:{_AND})?|,?\s+{_AND}", re.IGNORECASE)
_WORD = re.compile(r"[\w'’]+")


def questions_in(turn: str) -> list[str]:
    """Return the questions that a turn has, in order; the turn alone, where it is one.

    What is told before a question is none itself.
    """
    parts: list[str] = []
    start = 0
    for joint in _JOINT.finditer(turn):
        before, after = turn[start : joint.start()].strip(), turn[joint.end() :]
        if not (_asks_anew(after) and _has_content(before) and _has_content(after)):
            continue
        if not joint["told"] or _begins(before, named("asking")):
            parts.append(before)
        start = joint.end()
    return [*parts, turn[start:].strip()] if parts else [turn]


def _asks_anew(words: str) -> bool:
    """Say whether words begin with a question of their own: "what", "is there"; not "is used"."""
    found = [word.lower() for word in _WORD.findall(words)[:2]]
    if len(found) < 2:
        return False
    questioning = named("questioning")
    first = contracted().get(found[0], found[0]).split()[0].partition("'")[0]
    return first in questioning or (first in named("asking") and found[1] in named("subjects"))


def _begins(words: str, among: frozenset[str]) -> bool:
    first = _WORD.search(words)
    return first is not None and first.group().lower() in among


def _has_content(words: str) -> bool:
    return any(not is_small(word, words) for word in _WORD.findall(words))
