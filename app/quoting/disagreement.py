"""Where two documents answer the same question differently.

Two statements disagree when they say the same of the same thing and differ in a value or a
negation. Most pairs that look like it complement each other (another year, another model, another
party, a condition), so that everything else must be equal: every name, every other number, nearly
every word, and what belongs to a statement in its place. What is not sure is not said.
"""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from itertools import combinations

from app.answer import Sentence
from app.checking.case import Case
from app.checking.denials import denied
from app.checking.evidence import Piece, evidence_of, pieces_of
from app.checking.numbers import is_month
from app.checking.opposites import opposed
from app.language import lexicon
from app.language.claims import Reading, Token, matches, read
from app.language.quantities import Quantity, same_value
from app.quoting.citing import Footnotes
from app.quoting.units import Unit
from ingest.catalogue import Catalogue

_LOOKED_AT = 12  # units, the likeliest
_ALIKE = 0.6  # cosine; what disagrees lies above, if one says "not" or names more
_ROUNDED = 0.05  # a rounder number this near states the same value
_BETWEEN_WORDS = re.compile(r"[^\w.]+")
_PARTS = re.compile(r"\s+›\s+|;\s+|\n+")
_NUMBERED = re.compile(r"\W*\w+ \d+\W*")  # "Table 4." states nothing

Value = Quantity | str


def disagreements(
    units: Sequence[Unit],
    footnotes: Footnotes,
    catalogue: Catalogue,
    quoted: Collection[Unit] | None = None,
) -> list[Sentence]:
    """Return what is said where the likeliest units disagree, the newer document first.

    Where it is known what is `quoted`, only what is said against that.
    """
    best = sorted(units, key=lambda unit: -unit.worth)[:_LOOKED_AT]
    statements = [Statement(unit) for unit in best if unit.kind != "heading"]
    for one, other in combinations(statements, 2):
        is_beside = quoted is not None and one.unit not in quoted and other.unit not in quoted
        if is_beside or one.unit.document == other.unit.document:
            continue
        if disagree(one, other):
            pair = sorted((one.unit, other.unit), key=lambda u: _date(u, catalogue), reverse=True)
            markers = tuple(footnotes.cite(unit) for unit in pair)
            names = " and ".join(f"“{unit.hit.passage.title}”" for unit in pair)
            return [Sentence(f"The documents disagree: {names}.", markers, 1.0, "supported")]
    return []


def _date(unit: Unit, catalogue: Catalogue) -> str:
    document = catalogue.document(unit.document)
    return (document.date or "") if document else ""


@dataclass(frozen=True)
class Statement:
    """A unit, read when it is compared for the first time."""

    unit: Unit

    @cached_property
    def said(self) -> Reading:
        text = self.unit.text
        return read(text if self.is_row else text[: _end_of_statement(text)])

    @cached_property
    def place(self) -> Reading:
        """Its document's title, headings, lead-in, caption, columns and group row."""
        told = self.unit.hit.passage.context_text(self.unit.number)
        return read(_PARTS.sub(". ", told))  # a word that begins one of them is no name for that

    @cached_property
    def opening(self) -> Reading:
        """What opens its document, where parties and subjects are named."""
        return read(self.unit.hit.passage.about.opening_words)

    @cached_property
    def piece(self) -> Piece:
        return pieces_of([evidence_of(self.unit.hit.passage)])[self.unit.number]

    @property
    def is_row(self) -> bool:
        return self.unit.kind == "row"

    @property
    def is_plain(self) -> bool:
        """Whether it states something without an "or", an "expected" or an example."""
        text = self.unit.text.rstrip()
        hedged = {f" {each} " for each in lexicon.phrases("questionable", "disagreement")}
        spaced = f" {_BETWEEN_WORDS.sub(' ', text.lower())} "
        return not (
            text.endswith("?") or _NUMBERED.fullmatch(text) or any(h in spaced for h in hedged)
        )

    @cached_property
    def values(self) -> list[Value]:
        """Its numbers, and the names of months, in order."""
        found: list[tuple[int, Value]] = [(q.start, q) for q in self.said.quantities]
        found += [(t.start, t.stem) for t in self.said.tokens if _is_month(t)]
        return [value for _, value in sorted(found, key=lambda each: each[0])]


def disagree(one: Statement, other: Statement) -> bool:
    """Whether both say the same of the same, but for a value or a negation."""
    return (
        one.is_row == other.is_row
        and float(one.unit.vector @ other.unit.vector) >= _ALIKE
        and one.is_plain
        and other.is_plain
        and _of_the_same(one, other)
        and _in_the_same_case(one, other)
        and (_differ_in_value(one, other) or _deny(one, other))
    )


# --- of the same thing, in the same case ---


def _of_the_same(one: Statement, other: Statement) -> bool:
    """Whether both speak of the same thing, as far as their places say of what they speak."""
    if _marks_apart(one, other) or _marks_apart(other, one):
        return False
    if _share_a_name(one, other):
        return True
    if _of_one_series(one, other):
        return False
    if _names_its_subject(one) and _names_its_subject(other):
        return True
    return not (_words_apart(one, other) and _words_apart(other, one))


def _of_one_series(one: Statement, other: Statement) -> bool:
    """Whether their documents' titles are alike, and each has a word for what the other is not.

    So are a beginners' course and an advanced one.
    """
    first, second = (
        read(each.unit.hit.passage.title).stems - _stems("documents") for each in (one, other)
    )
    return bool(first & second and first - second and second - first)


def _share_a_name(one: Statement, other: Statement) -> bool:
    """Whether one says a name that the other says too, or has in its place."""
    mine, theirs = _names(one.said), _names(other.said)
    return bool(mine & theirs or mine & _names(other.place) or theirs & _names(one.place))


def _names(reading: Reading) -> frozenset[str]:
    return frozenset(token.stem for token in reading.content if token.name)


def _marks_apart(one: Statement, other: Statement) -> bool:
    """Whether the place of one has a name, a year or a model that nothing of the other has."""
    here = [t for t in one.place.content if t.name or _is_month(t)]
    here += [t for t in one.opening.content if t.name and not _is_month(t)]
    years = {q.value for q in one.place.quantities if q.kind == "year"}
    known = {q.value for r in _all_of(other) for q in r.quantities if q.kind == "year"}
    return bool(years - known) or any(
        t.stem not in _acronyms()
        and t.stem not in _stems("documents")
        and not any(matches(t, reading) for reading in _all_of(other))
        for t in here
    )


def _all_of(statement: Statement) -> tuple[Reading, ...]:
    return statement.said, statement.place, statement.opening


def _words_apart(one: Statement, other: Statement) -> bool:
    """Whether the place of one has a word that tells it from the other's."""
    return any(
        not any(matches(token, r) for r in (other.place, other.said, one.said))
        and token.stem not in _stems("documents")
        for token in one.place.content
    )


def _names_its_subject(statement: Statement) -> bool:
    """Whether a sentence says itself of what it speaks, without its document."""
    if statement.is_row or not statement.said.tokens:
        return False
    first, *rest = statement.said.tokens
    word = first.text.lower()
    if word in lexicon.words("determiners"):
        return any(token.name for token in rest[:4])
    return first.content and word not in lexicon.words("anaphors")


def _in_the_same_case(one: Statement, other: Statement) -> bool:
    """Whether the same names, conditions and columns hold for both."""
    restricting = lexicon.words("restricting", "disagreement")
    if (one.said.words ^ other.said.words) & restricting:
        return False
    mine, theirs = (
        {t.stem for t in s.said.tokens if t.name and not _is_month(t)} for s in (one, other)
    )
    placed = one.place.stems | other.place.stems
    columns = [[each.stems for each in s.piece.columns] for s in (one, other)]
    return not (mine ^ theirs) - placed and columns[0] == columns[1]


# --- another value ---


def _differ_in_value(one: Statement, other: Statement) -> bool:
    """Whether their numbers, taken in turn, measure the same and are not all equal."""
    pairs = list(zip(one.values, other.values, strict=False))
    differing = [(a, b) for a, b in pairs if not _agree(a, b)]
    if not differing or len(one.values) != len(other.values):
        return False
    if not all(_measure_the_same(a, b) for a, b in differing):
        return False
    if 1 < len(differing) < len(pairs):
        return False  # too much is different to say that the same is meant
    dated = [a for a, _ in differing if isinstance(a, str) or a.kind == "year"]
    if len(dated) not in (0, len(differing)):
        return False  # another year, another value
    if any(isinstance(a, Quantity) for a in dated):
        # A year is the value only where nothing else is and the thing happens but once.
        once = _stems("once") & one.said.stems & other.said.stems
        return len(pairs) == 1 and bool(once) and not _unshared(one, other, both=True)
    return not _unshared(one, other, both=True)


def _agree(one: Value, other: Value) -> bool:
    """Whether two values are the same, but for rounding, or one only bounds the other."""
    if isinstance(one, str) or isinstance(other, str):
        return one == other
    if same_value(one, other) or same_value(other, one) or one.bound != other.bound:
        return True
    a, b = (one.base, other.base) if one.dimension else (one.value, other.value)
    uneven = len(one.text.strip("0")) != len(other.text.strip("0"))
    return one.kind != "year" and uneven and abs(a - b) <= _ROUNDED * max(abs(a), abs(b))


def _measure_the_same(one: Value, other: Value) -> bool:
    if isinstance(one, str) or isinstance(other, str):
        return isinstance(one, str) and isinstance(other, str)
    if (one.kind, one.dimension) != (other.kind, other.dimension):
        return False
    nouns = {read(noun).tokens[0].stem for noun in (one.noun, other.noun) if noun}
    return bool(one.dimension) or len(nouns) < 2 or one.kind == "year"


def _unshared(one: Statement, other: Statement, both: bool = False) -> list[Token]:
    """The words of one that the other does not say, but for those that weigh nothing."""
    units = {q.noun for q in (*one.said.quantities, *other.said.quantities)}
    lost = [
        token
        for token in one.said.content
        if not any(matches(token, reading) for reading in (other.said, other.place))
        and token.stem not in _stems("light")
        and token.text.lower() not in units
        and not _is_month(token)
    ]
    return [*lost, *_unshared(other, one)] if both else lost


# --- a negation ---


def _deny(one: Statement, other: Statement) -> bool:
    """Whether one denies what the other says, in the same words."""
    if len(one.values) != len(other.values) or not all(map(_agree, one.values, other.values)):
        return False
    lost = _unshared(one, other), _unshared(other, one)
    cases = [
        Case.of(claim.said, [given.piece], read(""))
        for claim, given in ((one, other), (other, one))
    ]
    if all(any(denied(case)) for case in cases):
        return not any(lost)
    return all(any(opposed(case)) for case in cases) and max(map(len, lost)) <= 1


def _end_of_statement(text: str) -> int:
    added = lexicon.pattern("added").search(text)
    return added.start() if added else len(text)


@cache
def _stems(name: str) -> frozenset[str]:
    return read(" ".join(sorted(lexicon.words(name, "disagreement")))).stems


@cache
def _acronyms() -> frozenset[str]:
    """The stems of what is short for a thing and names none; "LLMs" is one of them."""
    return read(" ".join(sorted(lexicon.words("acronyms")))).stems


def _is_month(token: Token) -> bool:
    return is_month(token.stem) and token.text[0].isupper()
