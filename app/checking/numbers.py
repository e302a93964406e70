"""Numbers: what a claim counts, measures, bounds or dates, and its evidence does not.

Worth: without it 662 of 4,380 planted errors more pass, and 10 of 1,549 true sentences more.
"""

import re
from collections.abc import Iterator, Sequence

from app.checking.case import Case, Conflict, around
from app.checking.evidence import Piece
from app.language import lexicon
from app.language.claims import Reading, said, stem
from app.language.quantities import Quantity, same_value

_SMALL = 10  # up to here a number is found in too many places to say where it belongs


def misnumbered(case: Case) -> Iterator[Conflict]:
    """Numbers that no piece has, or has otherwise."""
    claim, chosen = case.claim, case.chosen
    given = [number for piece in chosen for number in _numbers(piece)]
    for number in claim.quantities:
        if _needs_no_source(number, case):
            continue
        same = [other for other in given if same_value(number, other)]
        if not same:
            alike = [other for other in given if other.kind == number.kind]
            others = ", ".join(dict.fromkeys(other.text for other in alike))
            says = f"the passage says {others}" if others else "the passage gives no such number"
            refutes = any(other.dimension == number.dimension for other in alike)
            yield Conflict("number", f"{says}, the sentence {number.text}", refutes=refutes)
            continue
        if noun := _other_noun(number, claim, chosen):
            reason = f"the passage gives {number.text} {noun}, not {number.noun}"
            yield Conflict("unit", reason, refutes=True)
            continue
        bounds = {other.bound for other in same}
        if number.bound in {"<", ">"} and "<>".replace(number.bound, "") in bounds:
            reason = f"the passage bounds {number.text} on the other side"
            yield Conflict("bound", reason, refutes=True)
        elif _belongs_elsewhere(number, claim, chosen):
            yield Conflict("number", f"the passage gives {number.text} for something else")
    yield from _repeated(claim, chosen)
    yield from _days(claim, chosen)


def _numbers(piece: Piece) -> tuple[Quantity, ...]:
    return (*piece.reading.quantities, *piece.context.quantities)


def _has(piece: Piece, number: Quantity) -> bool:
    return any(same_value(number, other) for other in _numbers(piece))


def _repeated(claim: Reading, chosen: Sequence[Piece]) -> Iterator[Conflict]:
    """A number the claim gives once too often, in the place of one that it leaves out."""
    first = chosen[0].reading.quantities
    for number in claim.quantities:
        times = sum(same_value(number, other) for other in claim.quantities)
        given = sum(same_value(number, other) for piece in chosen for other in _numbers(piece))
        left = [
            other for other in first
            if other.dimension == number.dimension
            and not any(same_value(mine, other) for mine in claim.quantities)
        ]  # fmt: skip
        if times > 1 and given == 1 and left and number.value > 1:
            reason = f"the passage says {left[0].text}, the sentence {number.text}"
            yield Conflict("number", reason, refutes=True)
            return


def _days(claim: Reading, chosen: Sequence[Piece]) -> Iterator[Conflict]:
    """A day of another month."""
    given = {pair for p in chosen for r in (p.reading, p.context) for pair in _days_of(r)}
    for day, month in _days_of(claim):
        others = sorted(other for number, other in given if number == day)
        if others and month not in others:
            reason = f"the passage says {others[0].title()} {day}, the sentence {month.title()}"
            yield Conflict("number", reason, refutes=True)


def _days_of(reading: Reading) -> Iterator[tuple[int, str]]:
    """Every "17 September" and "September 17"."""
    months = [t for t in reading.tokens if t.text[0].isupper() and is_month(t.stem)]
    for number in reading.quantities if months else ():
        if number.kind not in {"count", "ordinal"} or not 1 <= number.value <= 31:
            continue
        for token in months:
            between = reading.text[min(number.end, token.end) : max(number.start, token.start)]
            if lexicon.pattern("in_date").fullmatch(between):
                yield int(number.value), token.stem


def is_month(stem: str) -> bool:
    """Say whether a stem is that of a month's name."""
    return stem in lexicon.in_order("months")


def _other_noun(number: Quantity, claim: Reading, chosen: Sequence[Piece]) -> str | None:
    """What the passage counts with this number, when the claim counts something it never names."""
    counted = [t for t in claim.content if t.start >= number.end and t.text.lower() == number.noun]
    if number.kind != "count" or number.value < 1 or not counted or not _is_noun(number.noun):
        return None
    pieces = [p for p in chosen if any(same_value(number, q) for q in p.reading.quantities)]
    if any(counted[0].start in said(claim, r) for p in pieces for r in _all_of(p)):
        return None
    same = [q for p in pieces for q in p.reading.quantities if same_value(number, q)]
    nouns = [q.noun for q in same if _is_noun(q.noun)]
    persons = lexicon.words("persons")
    if number.noun in lexicon.words("times") or (number.noun in persons and set(nouns) & persons):
        return None
    return nouns[0] if nouns and number.noun not in nouns else None


def _all_of(piece: Piece) -> tuple[Reading, ...]:
    return piece.reading, piece.context, piece.before


def _is_noun(word: str) -> bool:
    return bool(word) and word not in lexicon.words("function") and not word.endswith(("ed", "ing"))


def _needs_no_source(number: Quantity, case: Case) -> bool:
    """Small words that are as often idiom as number ("one of", "both"), or repeat the question."""
    claim, chosen = case.claim, case.chosen
    word = number.text.lower().split()[0]
    stems = {one for piece in chosen for one in piece.reading.stems}
    if word == "first":
        last = not re.match(r"\s*[\w(]", claim.text[number.end :])  # "try this first"
        return last or bool(stems & lexicon.words("stems_of_first"))
    repeated = word.isalpha() and any(same_value(number, other) for other in case.asked.quantities)
    if word in lexicon.words("idle_counts") or (repeated and number.value <= _SMALL):
        rivals = [
            other for piece in chosen for other in piece.reading.quantities
            if _is_noun(other.noun) and (other.noun, other.kind) == (number.noun, number.kind)
        ]  # fmt: skip
        return not rivals and (not number.dimension or stem(number.noun) in stems)
    numeral = dict(enumerate(lexicon.in_order("roman"), 1)).get(int(number.value))
    return any(numeral in piece.reading.words for piece in chosen)


def _belongs_elsewhere(number: Quantity, claim: Reading, chosen: Sequence[Piece]) -> bool:
    """Whether a piece without the number says more of what the claim says around it."""
    if _has(chosen[0], number):
        return False
    rivals = [
        other for other in chosen[0].reading.quantities
        if (other.kind, other.dimension) == (number.kind, number.dimension)
        and not any(same_value(mine, other) for mine in claim.quantities)
    ]  # fmt: skip
    if number.value <= _SMALL and not rivals:
        return False
    with_it, without = [0.0], [0.0]
    for piece in chosen:
        near = around(claim, number.start, number.end, piece)
        (with_it if _has(piece, number) else without).append(near)
    return max(with_it) + 0.2 < max(without)
