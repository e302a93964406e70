"""What a sentence states, as far as it can be compared: words, names, quantities, polarity.

Nothing here knows about passages or verdicts; `support.py` reads a claim and its evidence with
the same eyes and compares the two.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from nltk.stem.snowball import EnglishStemmer

from app.lexicon import (
    CLAUSE_STARTS,
    DEMONYMS,
    FUNCTION_WORDS,
    IRREGULAR,
    MONTHS,
    NEGATIONS,
    NEGATIVE_PREFIXES,
    STARTERS,
    UNCOUNTED_NEGATIONS,
)
from app.quantities import Quantity, quantities

_WORD = re.compile(r"[^\W_]+(?:['’.&][^\W_]+|-\d\w*(?:\.\d+)*)*")
_STEMMER = EnglishStemmer()
_SPELLINGS = tuple(
    (re.compile(pattern), replacement)
    for pattern, replacement in (
        (r"is(at|er|)$", r"iz\1"), (r"izat$", "iz"), (r"our$", "or"), (r"ogu$", "og"),
        (r"amm$", "am"), (r"entr$", "enter"), (r"efenc$", "efens"),
    )
)  # fmt: skip
_REACH = 4  # content words a negation reaches at most


@dataclass(frozen=True)
class Token:
    """A word at `[start, end)` of its text.

    `stem` is what words are compared by. `name` says that the word is written like a name (capital
    inside a sentence, acronym, letters with digits). `negated` is the parity of the negations that
    reach it. `clause` counts the clauses of the sentence from 0.
    """

    text: str
    stem: str
    start: int
    end: int
    content: bool
    name: bool
    negated: bool = False
    clause: int = 0


@dataclass(frozen=True)
class Reading:
    """A text read: its tokens in order and its quantities."""

    text: str
    tokens: tuple[Token, ...]
    quantities: tuple[Quantity, ...]

    @property
    def content(self) -> tuple[Token, ...]:
        """The words that carry meaning and are not part of a quantity."""
        return tuple(token for token in self.tokens if token.content)

    @property
    def stems(self) -> frozenset[str]:
        """All stems of the text, function words too."""
        return frozenset(token.stem for token in self.tokens)


def plain(text: str) -> str:
    """`text` without diacritics and in lower case; the length may change."""
    decomposed = unicodedata.normalize("NFKD", text)
    return "".join(char for char in decomposed if not unicodedata.combining(char)).lower()


@lru_cache(maxsize=50_000)
def stem(word: str) -> str:
    """The form by which two words count as the same: Snowball's stem, spelling differences undone.

    "colours" and "color", "optimise" and "optimization", "Norwegian" and "Norway" are equal.
    """
    word = plain(word).replace("’", "'").removesuffix("'s").replace(".", "").replace("'", "")
    if word in DEMONYMS:
        return DEMONYMS[word]
    if word in MONTHS:
        return MONTHS[word]
    stemmed: str = _STEMMER.stem(IRREGULAR.get(word, word))
    if len(stemmed) > 4:
        for pattern, replacement in _SPELLINGS:
            stemmed = pattern.sub(replacement, stemmed)
    return stemmed


def _is_name(text: str, first: bool) -> bool:
    letters = [char for char in text if char.isalpha()]
    if not letters or text.lower() in FUNCTION_WORDS or text.lower() in STARTERS:
        return len(letters) > 1 and all(char.isupper() for char in letters) and text != "I"
    if sum(char.isupper() for char in letters) > 1 or (letters and any(c.isdigit() for c in text)):
        return True
    return letters[0].isupper() and text[0] == letters[0] and not first


def _carries_meaning(word: str) -> bool:
    lowered = word.lower().replace("’", "'")
    return lowered not in FUNCTION_WORDS and not lowered.endswith("n't") and lowered != "'s"


def read(text: str) -> Reading:
    """Read `text` (a sentence, a table row, a heading) into words and quantities."""
    numbers = quantities(text)
    covered = [(number.start, number.end) for number in numbers]
    tokens: list[Token] = []
    clause, first = 0, True
    for match in _WORD.finditer(text):
        word, (start, end) = match.group(), match.span()
        if (tokens and re.search(r"[,;:()–—|]", text[tokens[-1].end : start])) or (word.lower() in CLAUSE_STARTS and tokens):
            clause += 1
        in_number = any(a <= start < b for a, b in covered)
        name = not in_number and _is_name(word, first)
        content = not in_number and (name or _carries_meaning(word))
        tokens.append(Token(word, stem(word), start, end, content, name, clause=clause))
        first = text[end : end + 1] in {".", "!", "?", "|"} or (first and not word[0].isalnum())
    return Reading(text, tuple(_with_polarity(text, tokens)), numbers)


def _with_polarity(text: str, tokens: Sequence[Token]) -> list[Token]:
    """Mark the tokens that a negation reaches: those after it, to the end of its clause."""
    lowered = text.lower()
    uncounted = {
        match.start() + offset
        for phrase in UNCOUNTED_NEGATIONS
        for match in re.finditer(rf"\b{phrase}\b", lowered)
        for offset in (0,)
    }
    negated = [False] * len(tokens)
    for place, token in enumerate(tokens):
        word = token.text.lower().replace("’", "'")
        counts = word in NEGATIONS or word.endswith("n't")
        if not counts or token.start in uncounted:
            continue
        if word == "no" and lowered[token.start :].startswith("no. "):
            continue
        reached = 0
        for later in range(place + 1, len(tokens)):
            if tokens[later].clause != token.clause and reached:
                break
            negated[later] = not negated[later]
            reached += tokens[later].content
            if reached >= _REACH:
                break
    return [
        replace(token, negated=flag) if flag else token
        for token, flag in zip(tokens, negated, strict=True)
    ]


def without_negative_prefix(word: str) -> str | None:
    """The stem of "practical" for "impractical"; None when no negative prefix is there."""
    lowered = plain(word)
    for prefix in NEGATIVE_PREFIXES:
        if lowered.startswith(prefix) and len(lowered) > len(prefix) + 4:
            return stem(lowered.removeprefix(prefix))
    return None
