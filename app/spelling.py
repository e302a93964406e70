"""A question's misspelt words, mended as the documents spell them.

Misspelt is what neither the documents nor an English dictionary has. Names stay as they are, for
another name is somebody else.
"""

import re
from functools import lru_cache

from nltk.metrics.distance import edit_distance
from spellchecker import SpellChecker

from ingest.words import Words

_SHORTEST = 4
_LONG = 8  # letters from which on two of them may be wrong, not one
_WORD = re.compile(r"(?<![\w'’-])[^\W\d_]+(?![\w'’-])")


def mended(question: str, words: Words) -> str:
    """Return the question with each misspelt word as `words` have it; most often it is the same.

    A word becomes the one that the fewest mistakes lead away from: letters left out, put in, taken
    for others, or swapped with their neighbours (Damerau 1964), the first one being right. Of two,
    the one with swapped letters, then the longer one, for letters are mostly left out.
    """

    def mend(match: re.Match[str]) -> str:
        word = match.group()
        starts = not question[: match.start()].strip()
        if not word.islower() and not (starts and word.istitle()):
            return word
        right = _right(word.lower(), words)
        if starts and word[0].isupper():
            return right.capitalize() if right in _dictionary() else word
        return right

    return _WORD.sub(mend, question)


def _right(word: str, words: Words) -> str:
    if len(word) < _SHORTEST or word in _dictionary() or words.passages_with(word):
        return word
    most = 2 if len(word) >= _LONG else 1
    near = words.vocabulary(word[0], max(_SHORTEST, len(word) - most), len(word) + most)
    mistakes = [
        (
            edit_distance(word, one, transpositions=True),
            sorted(word) != sorted(one),
            -len(one),
            -passages,
            one,
        )
        for one, passages in near
        if one.isalpha()
    ]
    fewest, *_, right = min(mistakes, default=(most + 1, word))
    return right if fewest <= most else word


@lru_cache(maxsize=1)
def _dictionary() -> SpellChecker:
    return SpellChecker(language="en")
