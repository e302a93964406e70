"""Where two documents answer the same question differently.

Two sentences disagree when they say the same of the same and differ in a value or a negation. Most
pairs that look like it complement each other (another year, another product, a condition), so that
everything else must be equal: every name, every other number, nearly every word, and what the
documents are about where a sentence leaves that to its document. What is not sure is not said.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import combinations

import numpy as np

from app.answer import Sentence
from app.checking.conflicts import find_conflicts
from app.checking.spans import Span, read_again
from app.language.claims import Reading, Token, matches, read
from app.language.lexicon import ANAPHORS, MONTHS
from app.language.quantities import Quantity, same_value
from app.quoting.citing import Footnotes, Place
from app.search.retriever import Found
from ingest.catalogue import Catalogue
from ingest.embedding import Vectors
from ingest.stored_passages import StoredPassage

# Cosines. Below the first a sentence is not what was asked for; below the second two sentences do
# not say the same, whatever words they share. Planted disagreements lie above 0.42 and 0.79.
_ASKED_FOR = 0.4
_ALIKE = 0.7
_ROUNDED = 0.05  # a rounder number this near states the same value
_MOST = 2  # disagreements told beside one answer

_MONTHS = frozenset(MONTHS.values())
# Words that say no more than that there is a value.
_LIGHT = frozenset(
    read(
        "last lasts amount total number count figure value currently always fixed equal cost costs "
        "hold holds contain contains measure measures stand stands weigh weighs long tall high old "
        "wide deep exactly approximately roughly allow allowed official officially located"
    ).stems
)
# Words that restrict what is said: they must stand in both sentences or in neither.
_RESTRICTING = frozenset(
    "before after until till since between during if when while unless except excluding only "
    "another other others again next former formerly previous previously earlier later new old "
    "originally initially sometimes usually often per outside inside first last".split()
)
_QUESTIONABLE = re.compile(
    r"\b(?:may or may not|either|neither|or|for example|e\.g\.|such as|estimates?|estimated|"
    r"expected|planned|some|several|some of|others?|once|twice|again)\b|\?\s*$",
    re.IGNORECASE,
)
# What happens once to a thing; "won the cup in 2019" and "in 2021" are both true.
_ONCE = frozenset(
    read(
        "found founded born died dies opened opens invented built established discovered created "
        "launched began begins started starts completed introduced released abolished incorporated "
        "inaugurated ends ended expires"
    ).stems
)
# What a title says of the kind of document and not of its subject.
_KINDS_OF_DOCUMENT = frozenset(
    read(
        "handbook manual guide policy policies rules report notes note faq draft revised revision "
        "update updated version edition overview introduction summary memo new old current copy "
        "final document page information details general"
    ).stems
)
# What is added after the statement itself.
_ADDED = re.compile(r";|,\s+(?:and|so|because)\b", re.IGNORECASE)
_NUMBERED = re.compile(r"\W*\w+ \d+\W*")  # "Table 4." states nothing
_PAST = re.compile(r"\b(?:was|were|had|did|\w{3,}ed)\b", re.IGNORECASE)
_YEAR = re.compile(r"\b(?:1[5-9]|20)\d\d\b")


@dataclass(frozen=True)
class Disagreement:
    """Two places in different documents of which at most one is right."""

    one: Place
    other: Place


@dataclass(frozen=True)
class _Statement:
    """A place near the question, read when it is compared for the first time."""

    place: Place
    vector: Vectors
    asked_for: float

    @property
    def passage(self) -> StoredPassage:
        return self.place.hit.passage

    @cached_property
    def reading(self) -> Reading:
        text = self.place.text
        return read_again(text if self.is_row else _ADDED.split(text)[0])

    @cached_property
    def header(self) -> Reading:
        return read_again(self.passage.header)

    @cached_property
    def columns(self) -> Reading:
        """The header of its table."""
        return read_again(self.passage.header_of_row(self.passage.start + self.place.start))

    @property
    def is_row(self) -> bool:
        return self.place.text.startswith("|")


def disagreements(given: Sequence[Found], question_vector: Vectors) -> list[Disagreement]:
    """Return the pairs of places that answer a question differently, nearest to it first.

    `question_vector` is the question's unit vector, shape (dimensions,). No place is in two pairs;
    most questions have none.
    """
    if len({hit.passage.document for hit in given}) < 2:
        return []
    statements = [each for hit in given for each in _statements(hit, question_vector)]
    found: list[tuple[float, Disagreement]] = []
    for one, other in combinations(statements, 2):
        if one.passage.document == other.passage.document or one.is_row != other.is_row:
            continue
        if float(one.vector @ other.vector) >= _ALIKE and _disagree(one, other):
            nearness = max(one.asked_for, other.asked_for)
            found.append((nearness, Disagreement(one.place, other.place)))
    found.sort(key=lambda pair: -pair[0])
    told: list[Disagreement] = []
    for _, pair in found:
        taken = [place for each in told for place in (each.one, each.other)]
        if pair.one not in taken and pair.other not in taken:
            told.append(pair)
    return told[:_MOST]


def told_disagreements(
    found: Sequence[Disagreement], footnotes: Footnotes, catalogue: Catalogue
) -> list[Sentence]:
    """Return what an answer says of them: each place quoted with its footnote, the newest first.

    A document is as old as the date it states, and as the day it was read where it states none.
    """
    sentences = []
    for pair in found:
        places = sorted((pair.one, pair.other), key=lambda place: _date(place, catalogue)[0])
        opening = "\nThe documents disagree: "
        for place in reversed(places):
            _, date = _date(place, catalogue)
            quoted = footnotes.quote(place)
            passage = place.hit.passage
            name = passage.title or passage.document
            text = f"{opening}“{name}” ({date}) says: “{quoted.text}”"
            sentences.append(replace(quoted, text=text))
            opening = ""
    return sentences


def _date(place: Place, catalogue: Catalogue) -> tuple[str, str]:
    """Return the date by which a document is ordered, and that date in words."""
    document = catalogue.document(place.hit.passage.document)
    if document is None:
        return "", "no longer there"
    if document.date:
        return document.date, document.date
    read_on = document.read_at[:10]
    return read_on, f"undated, read {read_on}"


def _statements(hit: Found, question_vector: Vectors) -> Iterator[_Statement]:
    """Yield what of a passage is near the question and may be true against another."""
    passage = hit.passage
    asked_for = passage.vectors @ question_vector
    for number in np.flatnonzero(asked_for >= _ASKED_FOR):
        place = Place.at(hit, int(number))
        if not _QUESTIONABLE.search(place.text) and not _NUMBERED.fullmatch(place.text):
            yield _Statement(place, passage.vectors[number], float(asked_for[number]))


def _disagree(one: _Statement, other: _Statement) -> bool:
    """Whether both say the same of the same, but for a value or a negation."""
    if not _of_the_same(one, other) or not _in_the_same_case(one, other):
        return False
    if _differ_in_value(one, other):
        return not _unshared(one, other) and not _unshared(other, one)
    return _deny(one, other)


def _differ_in_value(one: _Statement, other: _Statement) -> bool:
    """Whether their numbers, taken in turn, measure the same and are not all equal."""
    mine, theirs = _values(one.reading), _values(other.reading)
    if not mine or len(mine) != len(theirs):
        return False
    differing = [
        (a, b) for a, b in zip(mine, theirs, strict=True) if not _same_value(a, b)
    ]  # fmt: skip
    if not differing or not all(_measure_the_same(a, b) for a, b in differing):
        return False
    if len(differing) > 1 and len(differing) < len(mine):
        return False  # too much is different to say that the same is meant
    dated = [pair for pair in differing if isinstance(pair[0], str) or pair[0].kind == "year"]
    if len(dated) not in (0, len(differing)):
        return False  # another year, another value
    if dated and any(isinstance(a, Quantity) for a, _ in dated):
        # A year is the value only where nothing else is and the thing happens but once.
        return len(mine) == 1 and bool(_ONCE & one.reading.stems & other.reading.stems)
    return True


def _values(reading: Reading) -> list[Quantity | str]:
    """The numbers of a sentence and the names of months, in order."""
    found: list[tuple[int, Quantity | str]] = [(q.start, q) for q in reading.quantities]
    found += [(t.start, t.stem) for t in reading.tokens if _is_month(t)]
    return [value for _, value in sorted(found, key=lambda each: each[0])]


def _is_month(token: Token) -> bool:
    return token.stem in _MONTHS and token.text[0].isupper()


def _same_value(one: Quantity | str, other: Quantity | str) -> bool:
    if isinstance(one, str) or isinstance(other, str):
        return one == other
    return same_value(one, other) or same_value(other, one) or _near(one, other)


def _near(one: Quantity, other: Quantity) -> bool:
    """Whether they are the same but for rounding, or a bound of the one allows for the other."""
    a, b = (one.base, other.base) if one.dimension else (one.value, other.value)
    if one.kind == "year" or not a or not b:
        return "~" in (one.bound, other.bound) and abs(a - b) <= 5
    if (one.bound, other.bound) in ((">", ""), ("", "<"), (">", "<"), (">", "~")):
        return a <= b
    if (one.bound, other.bound) in (("<", ""), ("", ">"), ("<", ">"), ("<", "~")):
        return a >= b
    uneven = len(one.text.strip("0")) != len(other.text.strip("0"))
    nearness = 2 * _ROUNDED if "~" in (one.bound, other.bound) else _ROUNDED * uneven
    return abs(a - b) <= nearness * max(abs(a), abs(b))


def _measure_the_same(one: Quantity | str, other: Quantity | str) -> bool:
    if isinstance(one, str) or isinstance(other, str):
        return isinstance(one, str) and isinstance(other, str)
    if one.kind != other.kind or one.dimension != other.dimension:
        return False
    nouns = {read(noun).tokens[0].stem for noun in (one.noun, other.noun) if noun}
    return bool(one.dimension) or len(nouns) < 2 or one.kind == "year"


def _unshared(one: _Statement, other: _Statement) -> list[Token]:
    """The words of one that the other does not say, but for those that weigh nothing."""
    units = {q.noun for q in (*one.reading.quantities, *other.reading.quantities)}
    said = (other.reading, other.header, other.columns)
    return [
        token
        for token in one.reading.content
        if not any(matches(token, reading) for reading in said)
        and token.stem not in _LIGHT
        and token.text.lower() not in units
        and not _is_month(token)
    ]


def _in_the_same_case(one: _Statement, other: _Statement) -> bool:
    """Whether the same conditions and, in a table, the same columns hold for both."""
    if (one.reading.words ^ other.reading.words) & _RESTRICTING:
        return False
    names = (
        {t.stem for t in s.reading.tokens if t.name and not _is_month(t)} for s in (one, other)
    )
    mine, theirs = names
    header_names = {t.stem for s in (one, other) for t in s.header.tokens}
    if (mine ^ theirs) - header_names:
        return False
    return one.columns.stems == other.columns.stems


def _deny(one: _Statement, other: _Statement) -> bool:
    """Whether one denies what the other says, in the same words."""
    if len(_values(one.reading)) != len(_values(other.reading)):
        return False
    kinds = []
    for claim, given in ((one, other), (other, one)):
        lost = _unshared(claim, given)
        found = find_conflicts(claim.reading, [_span(given)], lost, read_again(""))
        kinds.append({conflict.kind for conflict in found})
        if len(lost) > 1:
            return False
    for kind in ("negation", "contrast"):
        if all(kind in found for found in kinds):
            allowed = 0 if kind == "negation" else 1
            return all(len(_unshared(a, b)) <= allowed for a, b in ((one, other), (other, one)))
    return False


def _span(statement: _Statement) -> Span:
    """A statement as the checker reads evidence."""
    place, nothing = statement.place, read_again("")
    return Span(0, 0, place.start, place.end, statement.reading, nothing, statement.header, {})


def _of_the_same(one: _Statement, other: _Statement) -> bool:
    """Whether both speak of the same thing, as far as their documents say of what they speak."""
    mine, theirs = _apart(one, other), _apart(other, one)
    if any(_is_code(token) for token in (*mine, *theirs)):
        return False
    years = [set(_YEAR.findall(s.header.text)) for s in (one, other)]
    if years[0] != years[1] and all(_PAST.search(s.reading.text) for s in (one, other)):
        return False  # two reports on two years
    if _names_its_subject(one) and _names_its_subject(other):
        return True
    return not (mine and theirs)


def _apart(one: _Statement, other: _Statement) -> list[Token]:
    """What the header of one names and neither the other's header nor its sentence does."""
    return [
        token
        for token in one.header.content
        if not matches(token, other.header)
        and not matches(token, other.reading)
        and not matches(token, one.reading)
        and token.stem not in _KINDS_OF_DOCUMENT
    ]


def _is_code(token: Token) -> bool:
    """Whether a word tells one of a series from the others: X200, Q1, March."""
    return any(char.isdigit() for char in token.text) or _is_month(token)


def _names_its_subject(statement: _Statement) -> bool:
    """Whether a sentence says itself of what it speaks, without its document."""
    if statement.is_row or not statement.reading.tokens:
        return False
    first, *rest = statement.reading.tokens
    if first.text.lower() in ANAPHORS or first.text.lower() in {"we", "our", "you", "your", "i"}:
        return False
    if first.text.lower() in {"the", "a", "an", "in", "at", "on", "all", "every", "each", "no"}:
        return any(token.name for token in rest[:4])
    return first.content
