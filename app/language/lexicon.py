"""The words of a language by name, from its file of data (`english.toml`)."""

import re
from collections.abc import Mapping
from functools import cache

from app.language import data
from ingest.terms import stem

Sides = tuple[frozenset[str], frozenset[str]]


@cache
def words(name: str, section: str = "words") -> frozenset[str]:
    """Return the single words of that name. Raises KeyError where there are none."""
    return frozenset(data("english")[section][name].split())


@cache
def small_terms() -> frozenset[str]:
    """Return the terms of the words that carry no meaning."""
    return frozenset(stem(word) for word in words("function"))


@cache
def in_order(name: str) -> tuple[str, ...]:
    """Return the words that count something, in order: months, ones, tens, ordinals."""
    return tuple(data("english")["numbers"][name].split())


@cache
def phrases(name: str, section: str = "phrases") -> tuple[str, ...]:
    """Return the phrases of that name, which may have several words each."""
    return tuple(" ".join(each.split()) for each in data("english")[section][name].split(","))


@cache
def pattern(name: str) -> re.Pattern[str]:
    """Return what matches any of the expressions of that name, in capitals or not."""
    return re.compile("|".join(data("english")["patterns"][name]), re.IGNORECASE)


@cache
def values(section: str) -> Mapping[str, float]:
    """Return what each word of a section counts: magnitudes, fractions, ordinals, multiples."""
    return {word: float(value) for word, value in data("english")[section].items()}


@cache
def kinds(section: str) -> Mapping[str, str]:
    """Return which kind each word of a section belongs to: what counts, what bounds."""
    return {
        word: kind
        for kind, listed in data("english")[section].items()
        for word in (phrases(kind, section) if "," in listed else listed.split())
    }


@cache
def licences() -> Mapping[str, Sides]:
    """Return, for each kind of quantifier, its words and those that let a claim use one."""
    return {
        kind: (own := frozenset(each["words"].split()), own | frozenset(each["licence"].split()))
        for kind, each in data("english")["licences"].items()
    }


@cache
def units() -> Mapping[str, tuple[str, float]]:
    """Return unit -> (what is measured, how many of the base unit)."""
    found = {}
    for dimension, listed in data("english")["units"].items():
        for entry in listed.split():
            name, _, scale = entry.partition("=")
            found[name.replace("_", " ")] = dimension, float(scale or 1)
    return found


@cache
def months() -> Mapping[str, str]:
    """Return the names of the months, in full and cut short, with the full one."""
    return {each[:length]: each for each in in_order("months") for length in (3, 4, len(each))}


@cache
def forms(name: str) -> Mapping[str, str]:
    """Return each form of a word with the one that it is known by."""
    return {
        form: groups[0]
        for line in data("english")["forms"][name].replace("|", "\n").splitlines()
        if (groups := line.split())
        for form in groups
    }


@cache
def shorthand() -> Mapping[str, str]:
    """Return words that people write in short, with what they stand for."""
    lines = data("english")["forms"]["shorthand"].strip().splitlines()
    return dict(line.split(" ", 1) for line in lines)


@cache
def in_full() -> Mapping[str, frozenset[str]]:
    """Return the stem of a name with those of a longer name that says the same."""
    lines = data("english")["forms"]["in_full"].strip().splitlines()
    return {short: frozenset(full) for short, *full in map(str.split, lines)}


@cache
def opposites() -> Mapping[str, tuple[Sides, ...]]:
    """Return, for each word that has an opposite, (its own side, the opposite side) of each."""
    table: dict[str, list[Sides]] = {}
    for line in data("english")["opposites"]["sides"].strip().replace("\n  ", " ").splitlines():
        left, right = (frozenset(side.split()) for side in line.split("|"))
        for side, opposite in ((left, right), (right, left)):
            for word in side:
                table.setdefault(word, []).append((side, opposite))
    return {word: tuple(pairs) for word, pairs in table.items()}
