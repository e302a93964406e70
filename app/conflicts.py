"""What must agree exactly between a claim and the spans that are to support it.

Each check yields what it finds, in words for the reader. They err on the side of silence: what
cannot be aligned is left to the score in `support.py`.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from app.claims import Reading, Token, matches, without_negative_prefix
from app.lexicon import (
    ANAPHORS,
    BOUND_WORDS,
    CONTRASTS,
    COUNTED,
    DENIALS,
    FAMILIES_OF_WORDS,
    FUNCTION_WORDS,
    GENERIC_NAMES,
    NOT_ONLY,
)
from app.quantities import Quantity, same_value
from app.roles import exchanged


_ROMAN = {float(value): word for value, word in enumerate("i ii iii iv v vi vii viii ix x".split(), 1)}
STRONG = ("universal", "exclusive", "majority", "rare", "less")
_SMALL = 10  # up to here a number is found in too many places to say where it belongs


class Read(Protocol):
    """A span that was read; `context` is the sentence before it, `header` what stands above it.

    `topics` counts the sentences of its passage in which a name stands.
    """

    @property
    def reading(self) -> Reading: ...
    @property
    def context(self) -> Reading: ...
    @property
    def header(self) -> Reading: ...
    @property
    def topics(self) -> Mapping[str, int]: ...


@dataclass(frozen=True)
class Conflict:
    """Something of the claim that its evidence does not bear out.

    `whole` says that it turns the sentence over (a negation, an exchange) instead of one part.
    """

    kind: str
    reason: str
    whole: bool = False


def find_conflicts(
    claim: Reading, chosen: Sequence[Read], missing: Sequence[Token]
) -> list[Conflict]:
    """Everything in `claim` that the chosen spans, best first, contradict or do not license."""
    return [
        *_numbers(claim, chosen, missing),
        *_names(claim, chosen, missing),
        *_polarity(claim, chosen),
        *_quantifiers(claim, chosen),
        *_contrasts(claim, chosen),
        *_one_of_many(claim, chosen),
        *_nouns(claim, chosen),
        *(
            Conflict("exchange", f"the passage says it the other way round: {pair}", whole=True)
            for pair in exchanged(claim, [span.reading for span in chosen])
        ),
    ]


# --- numbers and names -----------------------------------------------------------------------


def _numbers(
    claim: Reading, chosen: Sequence[Read], missing: Sequence[Token]
) -> Iterator[Conflict]:
    given = [
        number for span in chosen for number in (*span.reading.quantities, *span.header.quantities)
    ]
    for number in claim.quantities:
        if _needs_no_source(number, claim, chosen):
            continue
        same = [other for other in given if same_value(number, other)]
        if not same:
            others = ", ".join(dict.fromkeys(o.text for o in given if o.kind == number.kind))
            says = f"the passage says {others}" if others else "the passage gives no such number"
            yield Conflict("number", f"{says}, the sentence {number.text}")
            continue
        if noun := _other_noun(number, same, missing):
            yield Conflict("unit", f"the passage gives {number.text} {noun}, not {number.noun}")
            continue
        bounds = {other.bound for other in same}
        if number.bound in {"<", ">"} and "<>".replace(number.bound, "") in bounds:
            yield Conflict("bound", f"the passage bounds {number.text} on the other side")
        elif number.bound in {"<", ">"} and bounds <= {"", "="} and _equal(number, same) and not any(
            BOUND_WORDS[number.bound] & span.reading.words for span in chosen
        ):
            yield Conflict("bound", f"the passage gives {same[0].text} without a bound")
        elif number.value > _SMALL and _belongs_elsewhere(number, claim, chosen):
            yield Conflict("number", f"the passage gives {number.text} for something else")


def _other_noun(
    number: Quantity, same: Sequence[Quantity], missing: Sequence[Token]
) -> str | None:
    """What the passage counts with this number, when the claim counts something it never names."""
    if number.kind != "count":
        return None
    lost = any(token.text.lower() == number.noun for token in missing)
    nouns = [other.noun for other in same if other.noun not in {"", *FUNCTION_WORDS}]
    return nouns[0] if lost and nouns and number.noun not in nouns else None


def _equal(number: Quantity, others: Sequence[Quantity]) -> bool:
    return all(abs(number.value - other.value) < 1e-9 for other in others)


def _needs_no_source(number: Quantity, claim: Reading, chosen: Sequence[Read]) -> bool:
    """Small words that are as often idiom as number ("one of", "both", "first introduced")."""
    word = number.text.lower()
    stems = {stem for span in chosen for stem in span.reading.stems}
    if word == "first":
        return bool(stems & FAMILIES_OF_WORDS["first"])
    if word in {"one", "single", "once", "both", "two", "double", "twice", "pair"}:
        rivals = [
            other for span in chosen for other in span.reading.quantities
            if other.noun and other.noun == number.noun and other.kind == number.kind
        ]  # fmt: skip
        return not rivals and not number.dimension
    if number.value in _ROMAN and any(_ROMAN[number.value] in s.reading.words for s in chosen):
        return True
    return False


def _belongs_elsewhere(number: Quantity, claim: Reading, chosen: Sequence[Read]) -> bool:
    """Whether a span without the number says more of what the claim says around it."""
    if any(same_value(number, other) for other in chosen[0].reading.quantities):
        return False
    with_it, without = [0.0], [0.0]
    for span in chosen:
        has = any(same_value(number, other) for other in span.reading.quantities)
        (with_it if has else without).append(_around(claim, number.start, number.end, span))
    return max(with_it) + 0.2 < max(without)


def _around(claim: Reading, start: int, end: int, span: Read, reach: int = 3) -> float:
    """The share of the words around `[start, end)` of the claim that the span says; near ones more."""
    before = [t for t in claim.content if t.end <= start][-reach:][::-1]
    after = [t for t in claim.content if t.start >= end][:reach]
    total = said = 0.0
    for side in (before, after):
        for distance, token in enumerate(side, start=1):
            total += 1 / distance
            said += matches(token, span.reading) / distance
    return said / total if total else 1.0


def _names(
    claim: Reading, chosen: Sequence[Read], missing: Sequence[Token]
) -> Iterator[Conflict]:
    """Names nobody gave, and names that the span which speaks of this does not have."""
    lost = {token.start for token in missing}
    tokens = claim.tokens
    for place, token in enumerate(tokens):
        after = claim.text[token.end : token.end + 4]
        opens = token is tokens[0] and token.text[0].isupper() and (
            token.text.endswith(("'s", "’s")) or after == " et "
        )
        if not (token.name or opens or _is_name_there(token, chosen)) or not token.content:
            continue
        if token.start in lost:
            beside = [*tokens[max(0, place - 1) : place], *tokens[place + 1 : place + 2]]
            generic = token.text.lower() in GENERIC_NAMES and any(n.name for n in beside)
            if not generic:
                yield Conflict("name", f"the passage does not name “{token.text}”")
            continue
        if any(matches(token, span.reading) for span in chosen[:1]) or token.text.islower():
            continue
        first = chosen[0]
        start, end = _run(claim, place)
        rival = _rival(claim, start, end, first)
        if rival is not None:
            yield Conflict("name", f"the passage says this of “{rival}”, not of “{token.text}”")
            continue
        if _told_before(token, claim, first) or matches(token, first.header) or _is_topic(token, chosen):
            continue
        here = max(
            (_around(claim, start, end, span) for span in chosen[1:] if matches(token, span.reading)),
            default=0.0,
        )
        if here + 0.15 < _around(claim, start, end, first) or here < 0.25:
            yield Conflict("name", f"the passage does not say this of “{token.text}”")


def _nouns(claim: Reading, chosen: Sequence[Read]) -> Iterator[Conflict]:
    """A claim that opens with another word than the best span has in that place."""
    first = chosen[0]
    for token in claim.content[:1]:
        if token.name or matches(token, first.reading) or matches(token, first.header):
            continue
        here = [s for s in chosen[1:] if matches(token, s.reading)]
        if not here or matches(token, first.context):
            continue
        best = max(_around(claim, token.start, token.end, span) for span in here)
        rival = _rival(claim, token.start, token.end, first, names=False)
        if rival and best + 0.3 < _around(claim, token.start, token.end, first):
            yield Conflict("name", f"the passage says this of “{rival}”, not of “{token.text}”")
            return


def _told_before(token: Token, claim: Reading, span: Read) -> bool:
    """Whether the sentence before names it and the span's own words point back to it."""
    words = span.reading.words
    opens = [t.text.lower() for t in span.reading.tokens[:3]]
    early = token.start < 0.4 * len(claim.text)
    return matches(token, span.context) and bool(words & ANAPHORS or ("the" in opens and early))


def _rival(
    claim: Reading, start: int, end: int, span: Read, names: bool = True
) -> str | None:
    """A name (or any word) of the span that has the neighbours of `[start, end)` of the claim, and is not in it."""
    content = span.reading.content
    before = [t for t in claim.content if t.end <= start][-1:]
    after = [t for t in claim.content if t.start >= end][:1]
    for neighbour, step in [(t, 1) for t in before] + [(t, -1) for t in after]:
        for place, token in enumerate(content):
            beside = place + step
            if token.stem != neighbour.stem or not 0 <= beside < len(content):
                continue
            other = content[beside]
            if (other.name or not names) and not matches(other, claim):
                return other.text
    return None


def _is_topic(token: Token, chosen: Sequence[Read]) -> bool:
    """Whether the passage keeps naming it, so that a sentence may leave it out."""
    return chosen[0].topics.get(token.stem, 0) >= 3


def _is_name_there(token: Token, chosen: Sequence[Read]) -> bool:
    """Whether a word that opens the claim is written like a name in the evidence."""
    return token.text[0].isupper() and any(
        other.name and other.stem == token.stem for span in chosen for other in span.reading.tokens
    )


def _run(claim: Reading, place: int) -> tuple[int, int]:
    """`[start, end)` of the run of names that the token at `place` belongs to."""
    first = last = place
    while first > 0 and claim.tokens[first - 1].name:
        first -= 1
    while last + 1 < len(claim.tokens) and claim.tokens[last + 1].name:
        last += 1
    return claim.tokens[first].start, claim.tokens[last].end


# --- negation, quantity of things, direction --------------------------------------------------


def _polarity(claim: Reading, chosen: Sequence[Read]) -> Iterator[Conflict]:
    """A negation of the claim needs one in the evidence beside the same words, and the reverse."""
    said = {token.stem for token in claim.content}
    affirmed = {t.stem for s in chosen for t in s.reading.content if not t.negated}
    for span in chosen:
        cues = {t.text.lower() for t in span.reading.tokens if t.denies}
        if cues and cues <= claim.words or _opposed(claim, span):
            continue
        if any(_undoes(t, span) for t in claim.tokens):
            continue
        for token in span.reading.content:
            bare = without_negative_prefix(token.text)
            denied = token.stem if token.negated and token.depth <= 2 else bare
            if denied in said and denied not in affirmed and (
                token.negated != bool(bare)
            ):  # fmt: skip
                yield Conflict("negation", f"the passage denies “{token.text}”", whole=True)
                return
    cues = [
        place for place, token in enumerate(claim.tokens)
        if token.denies and not (token.stem == "nor" and "neither" in claim.words)
    ]  # fmt: skip
    licences = sum(_denial(t, claim) for span in chosen for t in span.reading.tokens)
    for order, place in enumerate(cues, start=1):
        if order > licences or not _may_deny(claim, place, chosen):
            word = claim.tokens[place].text
            yield Conflict("negation", f"the passage does not say “{word}”", whole=True)
            return


def _may_deny(claim: Reading, place: int, chosen: Sequence[Read]) -> bool:
    """Whether a span denies something right beside the words that the claim denies."""
    cue = claim.tokens[place]
    clause = [t for t in claim.tokens if t.content and t.clause == cue.clause]
    after = [t for t in clause if t.start > cue.start][:3]
    before = [t for t in clause if t.start < cue.start][-2:]
    for span in chosen:
        content = [t for t in span.reading.tokens if t.content or _denial(t, claim)]
        cues = [index for index, t in enumerate(content) if _denial(t, claim)]
        near = [
            index for index, t in enumerate(content) if any(t.stem == w.stem for w in after + before)
        ]
        if cues and (not near or any(abs(a - b) <= 2 for a in cues for b in near)):
            return True
    return False


def _denial(token: Token, claim: Reading) -> bool:
    return (
        token.denies
        or token.text.lower() in DENIALS
        or without_negative_prefix(token.text) in claim.stems
    )


def _undoes(token: Token, span: Read) -> bool:
    """Whether a word of the claim denies by itself what the span denies in another way."""
    if token.denies or token.text.lower() in DENIALS:
        return token.text.lower() not in span.reading.words
    return token.content and without_negative_prefix(token.text) in span.reading.stems


def _opposed(claim: Reading, span: Read) -> bool:
    """Whether the claim uses the opposite of a word of the span: "unsafe" as "dangerous"."""
    return any(
        opposite & span.reading.words
        for word in claim.words
        for _, opposite in CONTRASTS.get(word, ())
    )


def _quantifiers(claim: Reading, chosen: Sequence[Read]) -> Iterator[Conflict]:
    text = claim.text.lower()
    for place, token in enumerate(claim.tokens):
        word = token.text.lower()
        kinds = [kind for kind in STRONG if word in FAMILIES_OF_WORDS[kind]]
        if (not kinds and word not in COUNTED) or _floats(token, claim):
            continue
        if any(phrase in text for phrase in NOT_ONLY if word in phrase.split()):
            continue
        if word == "only" and any(0 < n.start - token.end < 15 for n in claim.quantities):
            continue  # "only 50 steps" says how few they are, not that there are no others
        span = max(chosen, key=lambda s: _around(claim, token.start, token.end, s))
        given = span.reading.words
        for phrase in NOT_ONLY:
            if phrase in span.reading.text.lower():
                given = given - {phrase.split()[1]}
        if "less" in kinds and _turned_comparison(claim, span):
            continue
        counted = _counted_otherwise(claim, place, span)
        if counted:
            yield Conflict("quantifier", f"the passage says “{counted}”, not “{word}”", whole=True)
            return
        if any(not given & FAMILIES_OF_WORDS[kind + " licence"] for kind in kinds):
            yield Conflict("quantifier", f"the passage does not say “{word}”", whole=True)
            return


def _counted_otherwise(claim: Reading, place: int, span: Read) -> str | None:
    """The quantifier the span has before the same noun, when it says something else."""
    said = COUNTED.get(claim.tokens[place].text.lower())
    following = claim.tokens[place + 1 : place + 2]
    if following and following[0].text.lower() in {"more", "less", "fewer", "later", "longer"}:
        return None
    nouns = [t.stem for t in claim.tokens[place + 1 :] if t.content][:2]
    if said is None:
        return None
    tokens = span.reading.tokens
    for index, token in enumerate(tokens):
        if token.stem in nouns:
            before = [t.text.lower() for t in tokens[max(0, index - 3) : index]]
            found = [word for word in before if word in COUNTED]
            if found:
                return None if COUNTED[found[-1]] == said else found[-1]
    return None


def _floats(token: Token, claim: Reading) -> bool:
    """Whether "all" only sums up what was listed: "Sony, Universal and Warner all publish"."""
    before = [other for other in claim.tokens if other.end <= token.start][-4:]
    return token.text in {"all", "each", "both"} and bool(before) and before[-1].content and (
        before[-1].name or any(other.text == "and" for other in before)
    )


def _contrasts(claim: Reading, chosen: Sequence[Read]) -> Iterator[Conflict]:
    said = claim.words
    for token in claim.tokens:
        word = token.text.lower()
        if word not in CONTRASTS:
            continue
        span = max(chosen, key=lambda s: _around(claim, token.start, token.end, s))
        given = {other.text.lower(): other.negated for other in span.reading.tokens}
        if word in given or _turned_comparison(claim, span):
            continue
        for own, opposite in CONTRASTS[word]:
            against = sorted(other for other in opposite & given.keys() if other not in said)
            if against and not own & given.keys() and given[against[0]] == token.negated:
                yield Conflict(
                    "contrast",
                    f"the passage says “{against[0]}”, the sentence “{word}”",
                    whole=True,
                )
                return


def _turned_comparison(claim: Reading, span: Read) -> bool:
    """Whether claim and span compare the same two from either side, "A than B" and "B than A"."""
    than = next((t.start for t in span.reading.tokens if t.text.lower() == "than"), None)
    if than is None or not claim.content:
        return False
    subject = claim.content[0].stem
    behind = {t.stem for t in span.reading.content if t.start > than}
    before = {t.stem for t in span.reading.content if t.start < than}
    return subject in behind - before


def _one_of_many(claim: Reading, chosen: Sequence[Read]) -> Iterator[Conflict]:
    """A superlative that the evidence grants to several: "one of the oldest", "the oldest"."""
    if re.search(r"\b(?:one|some|two|three) of the\b|\bamong\b", claim.text, re.IGNORECASE):
        return
    for token in claim.tokens:
        word = token.text.lower()
        if not (word.endswith("est") or word in {"most", "first", "best", "worst"}):
            continue
        for span in chosen:
            if re.search(rf"\b(?:one of|among|some of) (?:the |its )?(?:\w+ )?{word}\b",
                         span.reading.text, re.IGNORECASE):  # fmt: skip
                yield Conflict("quantifier", f"the passage says one of the {word}", whole=True)
                return
