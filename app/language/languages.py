"""Which language a text is in: by its script, or by its small words (`languages.toml`)."""

import re
import unicodedata
from collections import Counter
from collections.abc import Mapping
from functools import cache, lru_cache

from app.language import data
from app.language.lexicon import pattern, words
from app.language.turns import contracted

ENGLISH = "English"

_READ = 200  # words
_FEWEST = 2  # small words that English does not have; one is chance, or a slip ("wat is")

# What is written in one with a number or a sign is a name or a code: "4o", "en-gb".
_WORD = re.compile(r"(?<![\w-])[^\W\d_]+(?![\w-])")


@lru_cache(maxsize=64)
def language_of(text: str) -> str:
    """Return the English name of the language that a text is in; empty where its words do not say.

    Another than English has at least two small words of its own there, and more than English has.
    """
    found = [word.lower() for word in _WORD.findall(text)[:_READ]]
    script = _by_script(found)
    if script:
        return script
    english = sum(word in words("function") for word in found)
    counts = {name: sum(word in small for word in found) for name, small in _small().items()}
    best = max(counts, key=lambda name: counts[name])
    if counts[best] >= max(_FEWEST, english + 1):
        return best
    return ENGLISH if english else ""


def is_small(word: str, text: str) -> bool:
    """Say whether a word of a text carries no meaning in its language.

    "US" and "WHO" do, "I've", "don't" and "im" do not.
    """
    if len(word) > 1 and word.isupper() and not text.isupper():
        return False
    small = words("function") | _small().get(language_of(text), frozenset())
    plain = pattern("contracted").sub("", word.lower())
    return plain in small or plain in contracted() or bool(pattern("denied").search(plain))


def _by_script(found: list[str]) -> str:
    letters = Counter(unicodedata.name(char, "").split(" ")[0] for word in found for char in word)
    if not letters:
        return ""
    script, times = letters.most_common(1)[0]
    if 2 * times < letters.total() or script == "LATIN":
        return ""
    # Japanese is written with Chinese characters too.
    kana = letters["HIRAGANA"] + letters["KATAKANA"]
    script = "HIRAGANA" if script == "CJK" and kana else script
    return next((name for name, known in _scripts().items() if script in known), "")


@cache
def language_named(word: str) -> str:
    """Return the English name of the language that a word names ("deutsch"); empty for another."""
    for name, each in data("languages").items():
        if word.lower() in (name.lower(), *each.get("names", "").split()):
            return name
    return ENGLISH if word.lower() == ENGLISH.lower() else ""


def capitalises_nouns(language: str) -> bool:
    """Say whether a language writes every noun as others write names alone."""
    return bool(data("languages").get(language, {}).get("capital_nouns", False))


@cache
def _small() -> Mapping[str, frozenset[str]]:
    """Return the small words of each language that English does not have, too."""
    others = {name: each["words"] for name, each in data("languages").items() if "words" in each}
    return {name: frozenset(small.split()) - words("function") for name, small in others.items()}


@cache
def _scripts() -> Mapping[str, frozenset[str]]:
    return {
        name: frozenset(each["script"].split())
        for name, each in data("languages").items()
        if "script" in each
    }
