"""What must agree exactly between a claim and the spans that are to support it.

Each check yields what it finds, in words for the reader. They err on the side of silence: what
cannot be aligned is left to the score of `wording.py`.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import takewhile

from app.checking.alignment import Conflict, Read, around, enumerated
from app.checking.clauses import circular, said_of_the_other
from app.checking.comparisons import compared_otherwise
from app.checking.denials import denied
from app.checking.opposites import opposed
from app.checking.quantifiers import miscounted, singled_out
from app.checking.roles import exchanged
from app.checking.rows import listed_nowhere, of_another_row, of_no_row
from app.checking.stitched import stitched
from app.language.claims import Reading, Token, matches, stem
from app.language.lexicon import (
    ACRONYMS,
    ANAPHORS,
    FAMILIES_OF_WORDS,
    FUNCTION_WORDS,
    GENERIC_NAMES,
    MONTHS,
    PERSONS,
)
from app.language.quantities import Quantity, same_value

_ROMAN = {float(n): word for n, word in enumerate("i ii iii iv v vi vii viii ix x".split(), 1)}
_MONTHS = frozenset(MONTHS.values())
_SUBJECT = 3  # words at most before the verb, where a sentence opens with what it is about
_SMALL = 10  # up to here a number is found in too many places to say where it belongs


def find_conflicts(
    claim: Reading, chosen: Sequence[Read], missing: Sequence[Token], asked: Reading
) -> list[Conflict]:
    """Everything in `claim` that the chosen spans, best first, contradict or do not license.

    How many the question `asked` for ("three kinds", "the second") need no source.
    """
    turned = [
        Conflict("exchange", f"the passage says it the other way round: {pair}", whole=True)
        for pair in exchanged(claim, [span.reading for span in chosen])
    ]
    opposites = list(opposed(claim, chosen))
    if turned and opposites:  # "A defeated B" and "B lost to A" say the same
        turned, opposites = [], []
    for span in chosen[:1]:
        if (pair := said_of_the_other(claim, span.reading)) and not turned:
            reason = f"the passage says this of “{pair[0]}”, not of “{pair[1]}”"
            turned.append(Conflict("attribution", reason))
    if not turned:
        turned += compared_otherwise(claim, chosen)
    if again := circular(claim):
        turned.append(Conflict("cause", f"“{again}” is given as the reason for itself"))
    return [
        *_numbers(claim, chosen, asked),
        *_names(claim, chosen, missing, asked),
        *denied(claim, chosen),
        *miscounted(claim, chosen),
        *opposites,
        *singled_out(claim, chosen),
        *of_another_row(claim, chosen),
        *of_no_row(claim, chosen, missing),
        *listed_nowhere(claim, chosen, missing),
        *stitched(claim, chosen),
        *turned,
    ]


def _numbers(claim: Reading, chosen: Sequence[Read], asked: Reading) -> Iterator[Conflict]:
    given = [
        number for span in chosen for number in (*span.reading.quantities, *span.header.quantities)
    ]
    for number in claim.quantities:
        if _needs_no_source(number, claim, chosen, asked):
            continue
        same = [other for other in given if same_value(number, other)]
        if not same:
            others = ", ".join(dict.fromkeys(o.text for o in given if o.kind == number.kind))
            says = f"the passage says {others}" if others else "the passage gives no such number"
            yield Conflict("number", f"{says}, the sentence {number.text}")
            continue
        if noun := _other_noun(number, claim, chosen):
            yield Conflict("unit", f"the passage gives {number.text} {noun}, not {number.noun}")
            continue
        bounds = {other.bound for other in same}
        if number.bound in {"<", ">"} and "<>".replace(number.bound, "") in bounds:
            yield Conflict("bound", f"the passage bounds {number.text} on the other side")
        elif _belongs_elsewhere(number, claim, chosen):
            yield Conflict("number", f"the passage gives {number.text} for something else")
    yield from _repeated(claim, chosen)
    yield from _days(claim, chosen)


def _repeated(claim: Reading, chosen: Sequence[Read]) -> Iterator[Conflict]:
    """A number the claim gives once too often, in the place of one that it leaves out."""
    first = chosen[0].reading.quantities
    for number in claim.quantities:
        said = sum(same_value(number, other) for other in claim.quantities)
        given = sum(same_value(number, other) for s in chosen for other in s.reading.quantities)
        left = [
            other for other in first
            if other.dimension == number.dimension
            and not any(same_value(mine, other) for mine in claim.quantities)
        ]  # fmt: skip
        if said > 1 and given == 1 and left and number.value > 1:
            yield Conflict("number", f"the passage says {left[0].text}, the sentence {number.text}")
            return


def _days(claim: Reading, chosen: Sequence[Read]) -> Iterator[Conflict]:
    """A day of another month."""
    given = {pair for span in chosen for pair in _days_of(span.reading)}
    for day, month in _days_of(claim):
        others = sorted(other for number, other in given if number == day)
        if others and month not in others:
            reason = f"the passage says {others[0].title()} {day}, the sentence {month.title()}"
            yield Conflict("number", reason)


def _days_of(reading: Reading) -> Iterator[tuple[int, str]]:
    """Every "17 September" and "September 17"."""
    for number in reading.quantities:
        if number.kind not in {"count", "ordinal"} or not 1 <= number.value <= 31:
            continue
        for token in reading.tokens:
            if token.text[0].isupper() and token.stem in _MONTHS:
                between = reading.text[
                    min(number.end, token.end) : max(number.start, token.start)
                ].strip(" ,")
                if between in {"", "of", "the"}:
                    yield int(number.value), token.stem


def _other_noun(number: Quantity, claim: Reading, chosen: Sequence[Read]) -> str | None:
    """What the passage counts with this number, when the claim counts something it never names."""
    counted = [t for t in claim.content if t.start >= number.end and t.text.lower() == number.noun]
    if number.kind != "count" or number.value < 1 or not counted:
        return None
    spans = [s for s in chosen if any(same_value(number, q) for q in s.reading.quantities)]
    lost = not any(matches(counted[0], r) for s in spans for r in (s.reading, s.context, s.header))
    same = [q for s in spans for q in s.reading.quantities if same_value(number, q)]
    nouns = [q.noun for q in same if _is_noun(q.noun)]
    if not _is_noun(number.noun):
        return None
    if (number.noun in PERSONS and set(nouns) & PERSONS) or number.noun in {"times", "fold"}:
        return None
    return nouns[0] if lost and nouns and number.noun not in nouns else None


def _is_noun(word: str) -> bool:
    return word not in {"", *FUNCTION_WORDS} and not word.endswith(("ed", "ing"))


def _needs_no_source(
    number: Quantity, claim: Reading, chosen: Sequence[Read], asked: Reading
) -> bool:
    """Small words that are as often idiom as number ("one of", "both"), or repeat the question."""
    word = number.text.lower().split()[0]
    stems = {one for span in chosen for one in span.reading.stems}
    if word == "first":
        last = not re.match(r"\s*[\w(]", claim.text[number.end :])  # "try this first"
        return last or bool(stems & FAMILIES_OF_WORDS["first"])
    repeated = word.isalpha() and any(same_value(number, other) for other in asked.quantities)
    idiom = word in {"one", "single", "once", "both", "two", "double", "twice", "pair"}
    if idiom or (repeated and number.value <= _SMALL):
        rivals = [
            other for span in chosen for other in span.reading.quantities
            if other.noun not in {"", *FUNCTION_WORDS}
            and other.noun == number.noun and other.kind == number.kind
        ]  # fmt: skip
        return not rivals and (not number.dimension or stem(number.noun) in stems)
    roman = _ROMAN.get(number.value)
    return any(roman in span.reading.words for span in chosen)


def _belongs_elsewhere(number: Quantity, claim: Reading, chosen: Sequence[Read]) -> bool:
    """Whether a span without the number says more of what the claim says around it."""
    first = chosen[0].reading.quantities
    if any(same_value(number, other) for other in first):
        return False
    rivals = [
        other for other in first
        if (other.kind, other.dimension) == (number.kind, number.dimension)
        and not any(same_value(mine, other) for mine in claim.quantities)
    ]  # fmt: skip
    if number.value <= _SMALL and not rivals:
        return False
    with_it, without = [0.0], [0.0]
    for span in chosen:
        has = any(same_value(number, other) for other in span.reading.quantities)
        (with_it if has else without).append(around(claim, number.start, number.end, span))
    return max(with_it) + 0.2 < max(without)


def _names(
    claim: Reading, chosen: Sequence[Read], missing: Sequence[Token], asked: Reading
) -> Iterator[Conflict]:
    """Names nobody gave, and names that the span which speaks of this does not have.

    A name that the question brought along is not invented, and doubted only.
    """
    lost = {token.start for token in missing}
    listed = {token.stem for span in enumerated(claim, chosen) for token in span.subject}
    tokens = claim.tokens
    for place, token in enumerate(tokens):
        after = claim.text[token.end : token.end + 4]
        opens = (
            token is tokens[0]
            and token.text[0].isupper()
            and (token.text.endswith(("'s", "’s")) or after == " et ")
        )
        if not (token.name or opens or _is_name_there(token, chosen)) or not token.content:
            continue
        if token.start in lost:
            beside = [*tokens[max(0, place - 1) : place], *tokens[place + 1 : place + 2]]
            generic = token.text.lower() in GENERIC_NAMES and any(n.name for n in beside)
            if not generic and any(token.stem in span.topics for span in chosen):
                yield Conflict("attribution", f"the quote does not name “{token.text}”")
            elif not generic:
                kind = "attribution" if matches(token, asked) else "name"
                yield Conflict(kind, f"the passage does not name “{token.text}”")
            continue
        first = chosen[0]
        if matches(token, first.reading) or token.text.islower() or _dated(token, claim):
            continue
        if token.stem in listed:
            continue
        if other := _other_month(token, first.header):
            yield Conflict("attribution", f"the passage is of {other}, not of {token.text}")
            continue
        start, end = _run(claim, place)
        rival = _rival(claim, start, end, first) or _other_subject(claim, start, end, first)
        if rival is not None:
            yield Conflict(
                "attribution", f"the passage says this of “{rival}”, not of “{token.text}”"
            )
            continue
        if (
            _told_before(token, claim, first, _quotes(first.context, chosen))
            or matches(token, first.header)
            or _is_topic(token, chosen)
            or token.text.lower() in ACRONYMS
        ):
            continue
        here = max(
            (
                around(claim, start, end, span)
                for span in chosen[1:]
                if matches(token, span.reading)
            ),
            default=0.0,
        )
        if here + 0.15 < around(claim, start, end, first) or here < 0.25:
            yield Conflict("attribution", f"the passage does not say this of “{token.text}”")


def _dated(token: Token, claim: Reading) -> bool:
    """Whether a month belongs to a day or a year, which are looked at as numbers."""
    return token.stem in _MONTHS and any(
        min(abs(number.start - token.end), abs(token.start - number.end)) <= 3
        for number in claim.quantities
    )


def _other_month(token: Token, header: Reading) -> str | None:
    """The month that the passage's title or section names, where the claim names another."""
    if token.stem not in _MONTHS or token.stem in header.stems:
        return None
    return next((t.text for t in header.tokens if t.name and t.stem in _MONTHS), None)


def _quotes(before: Reading, chosen: Sequence[Read]) -> bool:
    return any(span.reading.text == before.text for span in chosen[1:])


def _told_before(token: Token, claim: Reading, span: Read, quoted: bool) -> bool:
    """Whether the sentence before names it and the span points back to it, or names nobody else."""
    words = span.reading.words
    opens = [t.text.lower() for t in span.reading.tokens[:3]]
    early = token.start < 0.4 * len(claim.text)
    return matches(token, span.context) and bool(
        words & ANAPHORS
        or ("the" in opens and (early or quoted))
        or not any(
            other.name and not matches(other, claim) and not _is_author(other, span.reading)
            for other in span.reading.content
        )
    )


def _is_author(token: Token, reading: Reading) -> bool:
    """Whether "et al." or a year in brackets follows: who says it, not what it is said of."""
    return re.match(r" et al\b| \((?:1[89]|20)\d\d", reading.text[token.end :]) is not None


def _rival(claim: Reading, start: int, end: int, span: Read) -> str | None:
    """The name that the span has beside a neighbour of `[start, end)` of the claim, if another."""
    content = span.reading.content
    before = [t for t in claim.content if t.end <= start][-1:]
    after = [t for t in claim.content if t.start >= end][:1]
    for neighbour, step in [(t, 1) for t in before] + [(t, -1) for t in after]:
        for place, token in enumerate(content):
            beside = place + step
            if token.stem != neighbour.stem or not 0 <= beside < len(content):
                continue
            other = content[beside]
            if other.name and not matches(other, claim):
                return other.text
    return None


def _other_subject(claim: Reading, start: int, end: int, span: Read) -> str | None:
    """What the span opens with, if the claim opens with `[start, end)` in its place.

    "The library…" may stand for a name; "Image generators…" says itself what it is about.
    """
    verb = next((t for t in claim.content if t.start >= end), None)
    if verb is None or any(t.end <= start for t in claim.content):
        return None
    before = list(takewhile(lambda t: t.stem != verb.stem, span.reading.tokens))
    subject = [t for t in before if t.content]
    if len(before) == len(span.reading.tokens) or not 0 < len(subject) == len(before) <= _SUBJECT:
        return None
    if any(matches(t, claim) for t in subject):
        return None
    return span.reading.text[before[0].start : before[-1].end]


def _is_topic(token: Token, chosen: Sequence[Read]) -> bool:
    """Whether the passage keeps naming it, so that a sentence may leave it out."""
    return chosen[0].topics.get(token.stem, 0) >= 3


def _is_name_there(token: Token, chosen: Sequence[Read]) -> bool:
    """Whether a word that opens the claim is written like a name in the quotes' passages."""
    return token.text[0].isupper() and any(token.stem in span.topics for span in chosen)


def _run(claim: Reading, place: int) -> tuple[int, int]:
    """`[start, end)` of the run of names that the token at `place` belongs to."""
    first = last = place
    while first > 0 and claim.tokens[first - 1].name:
        first -= 1
    while last + 1 < len(claim.tokens) and claim.tokens[last + 1].name:
        last += 1
    return claim.tokens[first].start, claim.tokens[last].end
