"""The shape of a turn: its words without what it names, by which it is compared with others."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from app.language import lexicon
from app.language.languages import language_named
from app.language.lexicon import words
from app.language.turns import contracted, examples, named
from ingest.terms import stem

DOCUMENT, DOCUMENTS = "document", "documents"

_WORD = re.compile(r"\w+(?:[-.'’_/&]\w+)*|§")
_CONTRACTION = re.compile(r"['’](?:s|re|m|d|ll|ve|t)$")
_FILE = re.compile(r".*[^\W\d_]\.[a-z][a-z0-9]{1,4}", re.IGNORECASE)
_DATE = re.compile(r"\d{4}-\d\d-\d\d")
_ORDINAL = re.compile(r"\d{1,2}(?:st|nd|rd|th)")
THIS, _COLLECTION, _LANGUAGE, _NUMBER = "this", "collection", "German", "3"
_YESTERDAY, _THIRD = "yesterday", "third"
_OR, _MOST = "or", "most"
_LINKS = frozenset(("and", _OR, "of", "the"))
_LONGEST = 24  # words; nobody needs more to speak of an answer or of the documents


SUPERLATIVES = ("newest", "oldest", "longest", "shortest")


@dataclass(frozen=True)
class Shape:
    """The words of a turn with one word for all that it may name, of each kind.

    `topic` is what it names, in its own words, `nouns` what it calls documents. `number` is that of
    a page or part ("5a"), `counts` which of them. `language` is one that it names, in English.
    """

    words: str
    topic: str = ""
    nouns: tuple[str, ...] = ()
    number: str = ""
    counts: str = ""
    language: str = ""

    @property
    def superlative(self) -> tuple[str, str]:
        """Which of `SUPERLATIVES` stands before a document, and the words without it; or ""s."""
        told = self.words.split()
        for place, word in enumerate(told[:-1]):
            found = next((each for each in SUPERLATIVES if word in named(each)), "")
            if found and told[place + 1] in (DOCUMENT, DOCUMENTS):
                before = told[:place]
                if before[-1:] == [_MOST]:
                    before.pop()
                return found, " ".join([*before, *told[place + 1 :]])
        return "", ""


def shape_of(turn: str) -> Shape:
    """Return the shape of a turn."""
    shaped: list[str] = []
    topic: list[str] = []
    nouns: list[str] = []
    number = counts = language = ""
    found = list(_spelt_out(turn))
    for place, word in enumerate(found):
        noun, counted = _noun(word.lower()), _counted(found[place - 1]) if place else ""
        if counted and word[0].isdigit():
            number, counts = word, counted
            shaped.append(_NUMBER)
        elif named_language := language_named(word):
            language = named_language
            shaped.append(_LANGUAGE)
        elif noun:
            nouns.append(word.lower())
            shaped.append(noun)
        elif _FILE.fullmatch(word):
            topic.append(word)
            shaped += [THIS, DOCUMENT]
        elif _DATE.fullmatch(word) or word.lower() in lexicon.in_order("weekdays"):
            topic.append(word)
            shaped.append(_YESTERDAY)
        elif _ORDINAL.fullmatch(word) or word.lower() in lexicon.in_order("ordinals")[2:]:
            shaped.append(_THIRD)
        elif _is_structure(word, found[place + 1 : place + 2]):
            shaped.append(word.lower())
        else:
            if shaped[-2:] == [THIS, _OR]:
                topic.append(_OR)
            topic.append(word)
            _name(shaped)
    return Shape(" ".join(shaped), " ".join(topic), tuple(nouns), number, counts, language)


def _spelt_out(turn: str) -> Iterator[str]:
    """Yield the words of a turn; of "what's" and "whats" both."""
    for found in list(_WORD.finditer(turn))[:_LONGEST]:
        word = found.group().replace("’", "'")
        if word.lower() in contracted():
            yield from contracted()[word.lower()].split()
            continue
        bare = _CONTRACTION.sub("", word)
        yield bare
        if word.endswith("'s") and bare.lower() in words("function"):
            yield "is"


def _name(shaped: list[str]) -> None:
    """Add a name to a shape; "this and this" is one."""
    back = len(shaped)
    while back and shaped[back - 1] in _LINKS:
        back -= 1
    if back and shaped[back - 1] == THIS:
        del shaped[back:]
    else:
        shaped.append(THIS)


def _noun(word: str) -> str:
    """Return the word that stands for all that people call a document, or several, or all."""
    if word in named("many"):
        return DOCUMENTS
    singular = _singular(word)
    if singular in named("one"):
        return DOCUMENT if singular == word else DOCUMENTS
    return _COLLECTION if singular in named("all") else ""


def _is_structure(word: str, after: Sequence[str]) -> bool:
    """Say whether a word is one of those that such turns are made of; no month is ("May 2025")."""
    dated = word.istitle() and after and after[0].isdigit()
    return not dated and (word.lower() in words("function") or stem(word) in _structure())


@cache
def _structure() -> frozenset[str]:
    told = (each.turn for each in examples() if each.group != "question")
    return frozenset(stem(word.group()) for turn in told for word in _WORD.finditer(turn))


def _counted(word: str) -> str:
    return next((name for name in ("page", "part") if _singular(word.lower()) in named(name)), "")


def _singular(word: str) -> str:
    if not word.endswith("s"):
        return word
    return word[:-3] + "y" if word.endswith("ies") else word[:-1]
