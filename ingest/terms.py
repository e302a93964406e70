"""Text → terms: the forms by which words, numbers and codes of documents and questions are one.

A word is its stem without diacritics. A number is written plainly: 1,000 is 1000. A code is one
term however it is spelt, besides its parts: E07, E-07 and "e 07" are all e07, and so a number is
known by the word before it: "Veltro 5" is veltro5 too. A date is its ISO form too, and so is its
month: "10 June 2025" has 2025-06-10 and 2025-06, and 2025-06-10 has "june".
"""

import calendar
import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from itertools import pairwise
from threading import Lock
from typing import NamedTuple

import snowballstemmer


class Term(NamedTuple):
    """A term and where in the text it stands, `[start, end)`.

    `number` says that it is one, or a code or date with one in it. `whole` says that other terms
    tell its parts: "e07" beside "e" and "07".
    """

    text: str
    start: int
    end: int
    number: bool = False
    whole: bool = False


# Words, and what is written in one piece with them: 3.5, 1,000, TS-2041, retry_backoff_ms, o'clock.
_PIECE = re.compile(r"\w+(?:(?:[-‐‑./:'’&]|,(?=\d{3}(?!\d)))\w+)*")
_PARTS = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?|[^\W\d_]+")
_DIVIDES = ("", ".", "-", ":", "/")
_GENITIVE = re.compile(r"['’]s$", re.IGNORECASE)
_APOSTROPHE = re.compile(r"['’]")
ISO_DATE = re.compile(r"(?<!\d)([12]\d{3})-(0[1-9]|1[0-2])(?:-(\d\d))?(?!\d)")
# Scripts that put no blanks between words are read two characters at a time.
_UNSPACED = re.compile("[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]")

_YEAR = re.compile(r"[12]\d{3}")
_MONTHS = {
    name.lower(): number
    for names in (calendar.month_abbr, calendar.month_name)
    for number, name in enumerate(names)
    if name
}
_MONTH = "|".join(sorted(_MONTHS, key=len, reverse=True))
_DATE = re.compile(
    rf"\b(?:(?P<day>\d{{1,2}})(?:st|nd|rd|th|\.)? (?:of )?)?(?P<month>{_MONTH})\b\.?"
    r"(?: (?P<after>\d{1,2})(?:st|nd|rd|th)?(?!\d))?(?:,? (?P<year>[12]\d{3})\b)?",
    re.IGNORECASE,
)
# What British and American spelling tell apart: "-ise", and the endings of stems of so many letters
# at least, with what stands for both.
_ISE = re.compile(r"(?<=\w{4})is(e|es|ed|ing|ation|ations|er|ers|able)$")
# Stems of words that are written with an s in both.
_WITH_S = {
    "advert", "comprom", "enterpr", "exerc", "expert", "franch", "improv", "likew", "merchand",
    "otherw", "parad", "superv", "telev",
}  # fmt: skip
_SPELLINGS = (
    ("our", "or", 5),  # not "four"
    ("iz", "is", 5),  # not "prize"
    ("ogu", "og", 4),
    ("amm", "am", 4),
    ("entr", "enter", 4),
    ("efenc", "efens", 4),
    ("etr", "eter", 4),
    ("itr", "iter", 4),
    ("lyz", "lys", 4),
)
_STEMMER = snowballstemmer.stemmer("english")
_ONE_AT_A_TIME = Lock()  # a stemmer keeps the word that it is at


def terms(text: str) -> frozenset[str]:
    """Return the terms of a text."""
    return frozenset(term.text for term in read_terms(text))


def read_terms(text: str) -> Iterator[Term]:
    """Yield the terms of a text in order, the whole of a code after its parts."""
    before: Term | None = None
    for piece in _PIECE.finditer(text):
        first: Term | None = None
        for term in _of_piece(piece.group(), piece.start()):
            first = first or term
            yield term
        if first is None:
            continue
        # "Veltro 5", "e 07", "section 5a": a number belongs to the word right before it.
        if first.text[0].isdigit() and before and text[before.end : first.start] in (" ", "\u00a0"):
            whole = term.text if term.whole else first.text
            yield Term(before.text + whole, before.start, piece.end(), True, True)
        before = first if piece.group().isalpha() else None
    for date in _DATE.finditer(text) if _YEAR.search(text) else ():
        yield from _of_date(date)


@lru_cache(maxsize=50_000)
def stem(word: str) -> str:
    """Return the form by which a word is the same as its other forms, in either spelling.

    That is Snowball's English stem, "summarise" being "summarize" and "colour" "color".
    """
    word = folded(word)
    with _ONE_AT_A_TIME:
        stemmed = str(_STEMMER.stemWord(word))
        american = str(_STEMMER.stemWord(_ISE.sub(r"iz\1", word)))
    # Where "-ize" is no ending of a verb, the z is none of a spelling: "precise".
    if not american.endswith("iz") and american not in _WITH_S:
        stemmed = american
    for ending, other, shortest in _SPELLINGS:
        if len(stemmed) >= shortest and stemmed.endswith(ending):
            return stemmed.removesuffix(ending) + other
    return stemmed


def folded(word: str) -> str:
    """Return a word in lower case and without diacritics; the length may change."""
    if word.isascii():
        return word.lower()
    decomposed = unicodedata.normalize("NFKD", word)
    return "".join(each for each in decomposed if not unicodedata.combining(each)).casefold()


MONTHS = frozenset(stem(name) for name in calendar.month_name if name)
"""The terms of the months."""


def _of_piece(piece: str, start: int) -> Iterator[Term]:
    """Yield the terms of what is written without a blank."""
    if piece.isalpha() and not _UNSPACED.search(piece):
        yield Term(stem(piece), start, start + len(piece))
        return
    piece = _GENITIVE.sub("", piece)
    bare = _APOSTROPHE.sub("", piece)
    end = start + len(piece)
    if bare.isalpha() and not _UNSPACED.search(bare):
        yield Term(stem(bare), start, end)
        return
    if _UNSPACED.search(piece):
        pairs = [a + b for a, b in pairwise(piece)] or [piece]
        yield from (Term(pair, start + n, start + n + len(pair)) for n, pair in enumerate(pairs))
        return
    parts = list(_PARTS.finditer(piece))
    for part in parts:
        text = _plain(part.group())
        yield Term(text, start + part.start(), start + part.end(), text[0].isdigit())
    if len(parts) > 1:
        whole, is_number = _joined(piece, parts), any(part.group()[0].isdigit() for part in parts)
        yield Term(whole, start, end, is_number, True)
    for iso in ISO_DATE.finditer(piece):
        place = start + iso.start(), start + iso.end()
        yield Term(stem(calendar.month_name[int(iso[2])]), *place, True)
        yield Term(f"{iso[1]}-{iso[2]}", *place, True, True)
        if iso[3]:
            yield Term(iso.group(), *place, True, True)


def _plain(part: str) -> str:
    return part.replace(",", "") if part[0].isdigit() else stem(part)


def _joined(piece: str, parts: list[re.Match[str]]) -> str:
    """Return a code in one form: only between two numbers does what divides them count."""
    whole = _plain(parts[0].group())
    for left, right in pairwise(parts):
        both = left.group()[-1].isdigit() and right.group()[0].isdigit()
        between = piece[left.end() : right.start()] if both else ""
        whole += (between if between in _DIVIDES else "-") + _plain(right.group())
    return whole


def _of_date(date: re.Match[str]) -> Iterator[Term]:
    """Yield the ISO forms of a month with its year, and with its day."""
    if not date["year"]:
        return
    month = f"{date['year']}-{_MONTHS[date['month'].lower()]:02d}"
    yield Term(month, *date.span(), True, True)
    day = date["day"] or date["after"]
    if day:
        yield Term(f"{month}-{int(day):02d}", *date.span(), True, True)
