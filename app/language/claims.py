"""What a sentence states, as far as it can be compared: words, names, quantities, polarity.

Nothing here knows about passages or verdicts; `support.py` reads a claim and its evidence with
the same eyes and compares the two.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from itertools import groupby
from threading import Lock

import snowballstemmer

from app.language.lexicon import (
    CLAUSE_STARTS,
    DEMONYMS,
    FUNCTION_WORDS,
    IRREGULAR,
    MONTHS,
    NAMES_IN_FULL,
    NEGATIONS,
    NEGATIONS_BEFORE_TO,
    NEGATIVE_PREFIXES,
    STARTERS,
    UNCOUNTED_NEGATIONS,
)
from app.language.quantities import Quantity, quantities

_BY = re.compile(r"(?<=\d)[x×](?=\d+\b)")  # "256x256" is read as "256 by 256" is
_WORD = re.compile(r"[^\W_]+(?:['’.&][^\W_]+|-\d\w*(?:\.\d+)*)*")
_CONTRACTED = re.compile(r"'(?:s|ve|re|ll|d|m)$")
_STEMMER = snowballstemmer.stemmer("english")
_ONE_AT_A_TIME = Lock()  # the stemmer keeps the word that it is at
_ACRONYMS = re.compile(r"[A-Z]{2,}s|[b-df-hj-np-tv-xz]{2,}s")  # "LLMs", "pdfs"
_BRITISH = re.compile(r"is(e|es|ed|ing|ation|ations|er|ers)$")
_SPELLINGS = tuple(
    (re.compile(pattern), replacement)
    for pattern, replacement in (
        (r"our$", "or"), (r"ogu$", "og"), (r"amm$", "am"), (r"entr$", "enter"),
        (r"efenc$", "efens"), (r"etr$", "eter"), (r"itr$", "iter"),
    )
)  # fmt: skip
_BELONGING = frozenset("s n an ian ien ese ish i ic ist ite er ism ean".split())
# "cannot be more than five" bounds a number and denies nothing
_BOUNDED = re.compile(r"(?:\s\w+)?\s(?:(?:more|less|fewer|higher|lower|longer) than|exceed)")
_REACH = 4  # content words a negation reaches at most


@dataclass(frozen=True)
class Token:
    """A word at `[start, end)` of its text.

    `stem` is what words are compared by. `name` says that the word is written like a name (capital
    inside a sentence, acronym, letters with digits). `negated` is the parity of the negations that
    reach it, and `depth` how many content words behind the negation it stands. `denies` marks the
    negation itself. `clause` counts the clauses of the sentence from 0.
    """

    text: str
    stem: str
    start: int
    end: int
    content: bool
    name: bool
    negated: bool = False
    clause: int = 0
    depth: int = 0
    denies: bool = False


@dataclass(frozen=True)
class Reading:
    """A text read: its tokens in order and its quantities."""

    text: str
    tokens: tuple[Token, ...]
    quantities: tuple[Quantity, ...]

    @cached_property
    def content(self) -> tuple[Token, ...]:
        """The words that carry meaning and are not part of a quantity."""
        return tuple(token for token in self.tokens if token.content)

    @cached_property
    def stems(self) -> frozenset[str]:
        """All stems of the text, function words too."""
        return frozenset(token.stem for token in self.tokens)

    @cached_property
    def words(self) -> frozenset[str]:
        """All words of the text in lower case."""
        return frozenset(token.text.lower() for token in self.tokens)

    @cached_property
    def initials(self) -> tuple[str, str]:
        """First letters of all words and of the content words: what acronyms are made of.

        A blank stands between clauses, and between the cells of a row.
        """
        return _initials(self.tokens), _initials(self.content)


def _initials(tokens: Sequence[Token]) -> str:
    clauses = groupby(tokens, key=lambda token: token.clause)
    return " ".join("".join(each.text[0].lower() for each in clause) for _, clause in clauses)


def plain(text: str) -> str:
    """`text` without diacritics and in lower case; the length may change."""
    decomposed = unicodedata.normalize("NFKD", text)
    return "".join(char for char in decomposed if not unicodedata.combining(char)).lower()


@lru_cache(maxsize=50_000)
def stem(word: str) -> str:
    """The form by which two words count as the same: Snowball's stem, spelling differences undone.

    "colours" and "color", "optimise" and "optimization", "Norwegian" and "Norway" are equal.
    """
    if _ACRONYMS.fullmatch(word):
        word = word[:-1]
    word = plain(word).replace("’", "'").removesuffix("'s").replace(".", "").replace("'", "")
    if word in DEMONYMS:
        return DEMONYMS[word]
    if word in MONTHS:
        return MONTHS[word]
    if len(word) > 6:
        word = _BRITISH.sub(r"iz\1", word)
    with _ONE_AT_A_TIME:
        stemmed: str = _STEMMER.stemWord(IRREGULAR.get(word, word))
    if len(stemmed) > 3:
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
    return _CONTRACTED.sub("", lowered) not in FUNCTION_WORDS and not lowered.endswith("n't")


def read(text: str) -> Reading:
    """Read `text` (a sentence, a table row, a heading) into words and quantities."""
    apart = _BY.sub(" ", text)
    numbers = quantities(apart)
    covered = [(number.start, number.end) for number in numbers]
    tokens: list[Token] = []
    clause, first = 0, True
    for match in _WORD.finditer(apart):
        word, (start, end) = match.group(), match.span()
        if (tokens and re.search(r"[,;:()–—|]", text[tokens[-1].end : start])) or (
            word.lower() in CLAUSE_STARTS and tokens
        ):
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
        match.start()
        for phrase in UNCOUNTED_NEGATIONS
        for match in re.finditer(rf"\b{phrase}\b", lowered)
    }
    negated, depth = [False] * len(tokens), [0] * len(tokens)
    cues = [
        place for place, token in enumerate(tokens)
        if (_denies(tokens, place) or _prefers(tokens, place)) and token.start not in uncounted
        and not lowered[token.start :].startswith("no. ")
        and not _BOUNDED.match(lowered, token.end)
        and not re.match(r"\s(?:un(?!der)\w{4,}|without)\b", lowered[token.end :])
    ]  # fmt: skip
    for order, place in enumerate(cues):
        if order and tokens[place].text.lower() in {"except", "unless"}:
            continue  # "not used except in trains": used in trains
        reached = 0
        for later in range(place + 1, len(tokens)):
            if tokens[later].text.lower() in {"longer", "than"} and later == place + 1:
                continue  # "no longer", "rather than"
            if tokens[later].clause != tokens[place].clause and reached:
                break
            negated[later] = not negated[later]
            reached += tokens[later].content
            depth[later] = reached
            if reached >= (1 if tokens[place].text.lower() == "non" else _REACH):
                break
    return [
        replace(token, negated=negated[place], depth=depth[place], denies=place in cues)
        for place, token in enumerate(tokens)
    ]


def _prefers(tokens: Sequence[Token], place: int) -> bool:
    """Whether "rather than", "instead of" or "far from" begins here: what follows is not so."""
    pair = [token.text.lower() for token in tokens[place : place + 2]]
    return pair in (["rather", "than"], ["instead", "of"], ["far", "from"])


def _denies(tokens: Sequence[Token], place: int) -> bool:
    lowered = tokens[place].text.lower().replace("’", "'")
    if lowered in NEGATIONS_BEFORE_TO:
        return [token.text for token in tokens[place + 1 : place + 2]] == ["to"]
    return lowered in NEGATIONS or lowered.endswith("n't")


def without_negative_prefix(word: str) -> str | None:
    """The stem of "practical" for "impractical"; None when no negative prefix is there."""
    lowered = plain(word)
    for prefix in NEGATIVE_PREFIXES:
        if lowered.startswith(prefix) and len(lowered) > len(prefix) + (3 if prefix == "un" else 4):
            return stem(lowered.removeprefix(prefix))
    return None


def matches(token: Token, reading: Reading) -> bool:
    """Whether a reading has the same word: same stem, or for common words the same beginning."""
    if token.stem in reading.stems or plain(token.text) in reading.words:
        return True
    for short, full in NAMES_IN_FULL.items():
        if token.stem == short and full <= reading.stems:
            return True
        if token.name and token.stem in full and short in reading.stems:
            return True
    if token.name:
        return _abbreviates(token, reading) or any(
            _belongs(_bare(token.text), _bare(word))
            for word in reading.words
            if word[:3] == plain(token.text)[:3]
        )
    return len(token.stem) > 5 and any(
        stem[:6] == token.stem[:6] and abs(len(stem) - len(token.stem)) <= 4
        for stem in reading.stems
    )


def _abbreviates(token: Token, reading: Reading) -> bool:
    """Whether it is short for a run of words: GAN, generative adversarial network; LoRA."""
    letters = re.sub(r"['’]?s$", "", token.text.replace(".", ""))
    if not 2 <= len(letters) <= 6:
        return False
    if letters.isupper():
        return any(letters.lower() in initials for initials in reading.initials)
    beginnings = re.findall(r"[A-Z][a-z]*", letters)
    return "".join(beginnings) == letters and _begin(beginnings, reading)


def _begin(beginnings: Sequence[str], reading: Reading) -> bool:
    """Whether neighbouring words begin so: "Vi" and "T", vision transformer."""
    words = [token.text.lower() for token in reading.tokens]
    runs = zip(*(words[place:] for place in range(len(beginnings))), strict=False)
    return len(beginnings) > 1 and any(
        all(word.startswith(begin.lower()) for word, begin in zip(run, beginnings, strict=True))
        for run in runs
    )


def _bare(word: str) -> str:
    """A name without the ending of the genitive or the plural."""
    word = plain(word).replace("’", "'").removesuffix("'s")
    return word[:-1] if len(word) > 3 and word.endswith("s") and word[-2] != "s" else word


def _belongs(one: str, two: str) -> bool:
    """Whether a name is another with the ending of those who belong to it: Paris, Parisian."""
    short, long = sorted((one, two), key=len)
    return long.startswith(short) and long[len(short) :] in _BELONGING
