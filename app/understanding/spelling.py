"""A question's misspelt words, mended as the documents spell them; what is in short, in full.

Misspelt is what neither the documents nor an English dictionary has. Names stay as they are, for
another name is somebody else.
"""

import re
from functools import lru_cache
from itertools import islice

from rapidfuzz.distance import OSA
from spellchecker import SpellChecker

from app.language.languages import ENGLISH, language_of
from app.language.lexicon import shorthand
from ingest.words import Words

_SHORTEST = 4
_LONG = 8  # letters from which on two of them may be wrong, not one
_COMMON = 1000  # occurrences in the texts that the dictionary was made from
_MOST = 8  # words; a question with more of them is in another language
_WORD = re.compile(r"(?<![\w'’-])[^\W\d_]+(?![\w'’-])")


def mended(question: str, words: Words) -> str:
    """Return the question with each misspelt word as `words` have it; most often it is the same.

    A word becomes the one that the fewest mistakes lead away from: letters left out, put in, taken
    for others, or swapped with their neighbours (optimal string alignment), the first one being
    right. Of two, the one with swapped letters, then the longer one, for letters are mostly left
    out. In another language than English nothing is.
    """
    if language_of(question) not in ("", ENGLISH):
        return question
    question = _WORD.sub(lambda found: _in_full(found.group(), words), question)
    misspelt = (each for each in _WORD.finditer(question) if _is_misspelt(each, words))
    found = list(islice(misspelt, _MOST + 1))
    if len(found) > _MOST:
        return question
    for each in reversed(found):
        question = f"{question[: each.start()]}{_right(each, words)}{question[each.end() :]}"
    return question


def _in_full(word: str, words: Words) -> str:
    """Return what a word in short stands for ("diff"), unless the documents have it in short."""
    full = shorthand().get(word)
    return full if full and not words.passages_with(word) else word


def _is_misspelt(found: re.Match[str], words: Words) -> bool:
    word = found.group()
    if len(word) < _SHORTEST or not (word.islower() or _begins(found)):
        return False
    known = word.lower() in _dictionary() or _is_compound(word.lower())
    return not known and not words.passages_with(word.lower())


def _is_compound(word: str) -> bool:
    """Say whether it is made of two common words, as "backend" is; "begining" is not."""
    occurrences = _dictionary().word_frequency
    return any(
        min(occurrences[word[:cut]], occurrences[word[cut:]]) >= _COMMON and word[cut:] != "ing"
        for cut in range(_SHORTEST, len(word) - 2)
    )


def _begins(found: re.Match[str]) -> bool:
    """Say whether a word begins the question, so that its capital says nothing."""
    return found.group().istitle() and not found.string[: found.start()].strip()


def _right(found: re.Match[str], words: Words) -> str:
    right = _nearest(found.group().lower(), words)
    if right is None:
        return found.group()
    if _begins(found):
        return right.capitalize() if right in _dictionary() else found.group()
    return right


def _nearest(word: str, words: Words) -> str | None:
    most = 2 if len(word) >= _LONG else 1
    near = words.vocabulary(word[0], max(_SHORTEST, len(word) - most), len(word) + most)
    mistakes = [
        (
            OSA.distance(word, one),
            sorted(word) != sorted(one),
            -len(one),
            -passages,
            one,
        )
        for one, passages in near
        if one.isalpha()
    ]
    fewest, *_, right = min(mistakes, default=(most + 1, word))
    return right if fewest <= most else None


@lru_cache(maxsize=1)
def _dictionary() -> SpellChecker:
    return SpellChecker(language="en")
