"""How people put what they say in a conversation, from its file of data (`turns.toml`)."""

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any, NamedTuple


class Example(NamedTuple):
    """A turn, and what it is an example of: a `group` of kinds ("documents"), a `kind` in it."""

    group: str
    kind: str
    turn: str


GROUPS = ("answer", "talk", "documents", "question")


@cache
def _data() -> Mapping[str, Any]:
    data: dict[str, Any] = tomllib.loads(
        files("app.language").joinpath("turns.toml").read_text("utf-8")
    )
    return data


@cache
def examples() -> tuple[Example, ...]:
    """Return all examples, those of a kind together."""
    return tuple(
        Example(group, kind, turn)
        for group in GROUPS
        for kind, turns in _data()[group].items()
        for turn in turns
    )


@cache
def named(name: str) -> frozenset[str]:
    """Return the words of that name: what people call a document, a page, a numbered part, …"""
    return frozenset(_data()["words"][name].split())


@cache
def contracted() -> Mapping[str, str]:
    """Return what is meant by words that are written in one ("whats")."""
    meant: dict[str, str] = _data()["contracted"]
    return meant
