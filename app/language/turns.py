"""How people put what they say in a conversation, from its file of data (`turns.toml`)."""

import re
from collections.abc import Mapping
from functools import cache
from typing import NamedTuple

from app.language import data


class Example(NamedTuple):
    """A turn, and what it is an example of: a `group` of kinds ("documents"), a `kind` in it."""

    group: str
    kind: str
    turn: str


GROUPS = ("answer", "talk", "documents", "question")


@cache
def examples() -> tuple[Example, ...]:
    """Return all examples, those of a kind together."""
    return tuple(
        Example(group, kind, turn)
        for group in GROUPS
        for kind, turns in data("turns")[group].items()
        for turn in turns
    )


@cache
def named(name: str) -> frozenset[str]:
    """Return the words of that name: what people call a document, a page, a numbered part, …"""
    return frozenset(data("turns")["words"][name].split())


@cache
def openers() -> re.Pattern[str]:
    """Return what matches the words that tie a turn to the one before ("and", "no, I meant")."""
    words = "|".join(map(str.strip, data("turns")["phrases"]["openers"].split(",")))
    return re.compile(rf"\W*(?:(?:{words})\b[\s,:]*)+", re.IGNORECASE)


@cache
def contracted() -> Mapping[str, str]:
    """Return what is meant by words that are written in one ("whats")."""
    meant: dict[str, str] = data("turns")["contracted"]
    return meant
