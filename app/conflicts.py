"""What must agree exactly between a claim and the spans that are to support it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from app.claims import Reading, Token, without_negative_prefix
from app.lexicon import (
    CONTRASTS,
    EXCLUSIVE,
    EXCLUSIVE_LICENCE,
    GENERIC_NAMES,
    MAJORITY,
    MAJORITY_LICENCE,
    PARTIAL,
    RARE,
    RARE_LICENCE,
    UNIVERSAL,
    UNIVERSAL_LICENCE,
)
from app.quantities import Quantity, same_value


class Read(Protocol):
    """A span that was read, with what stands before and above it."""

    @property
    def reading(self) -> Reading: ...
    @property
    def context(self) -> Reading: ...


@dataclass(frozen=True)
class Conflict:
    """Something of the claim that its evidence does not bear out.

    `whole` says that it turns the sentence over (a negation, an exchange) instead of one part.
    """

    kind: str
    reason: str
    whole: bool = False


def matches(token: Token, others: Sequence[Token]) -> bool:
    """Whether one of `others` is the same word: same stem, or for common words a long beginning."""
    stems = {other.stem for other in others}
    if token.stem in stems:
        return True
    if token.name:
        return _abbreviates(token, others)
    return any(
        len(stem) > 4 and len(token.stem) > 4 and stem[:6] == token.stem[:6]
        and abs(len(stem) - len(token.stem)) <= 4 and len(stem) >= 6
        for stem in stems
    )  # fmt: skip


def _abbreviates(token: Token, others: Sequence[Token]) -> bool:
    """Whether an acronym's letters begin a run of words: GAN, generative adversarial network."""
    letters = token.text.replace(".", "").removesuffix("s").lower()
    if not 2 <= len(letters) <= 6 or not token.text.replace(".", "")[:2].isupper():
        return False
    initials = "".join(other.text[0].lower() for other in others)
    content = "".join(other.text[0].lower() for other in others if other.content)
    return letters in initials or letters in content


def quantity_in(number: Quantity, reading: Reading) -> bool:
    """Whether a reading states the same number of the same thing."""
    return any(same_value(number, other) for other in reading.quantities)


def find_conflicts(
    claim: Reading,
    chosen: Sequence[Read],
    spans: Sequence[Read],
    missing: Sequence[tuple[Token, float]],
) -> list[Conflict]:
    """Everything in `claim` that the chosen spans contradict or do not license."""
    return [
        *_numbers(claim, chosen),
        *_names(missing),
        *_polarity(claim, chosen),
        *_quantifiers(claim, chosen),
        *_contrasts(claim, chosen),
    ]


def _numbers(claim: Reading, chosen: Sequence[Read]) -> Iterator[Conflict]:
    given = [
        number for span in chosen for number in (*span.reading.quantities, *span.context.quantities)
    ]
    words = {token.stem for span in chosen for token in span.reading.tokens}
    for number in claim.quantities:
        if number.kind == "ordinal" and number.text.lower() == "first" and words & {
            "initi", "origin", "earliest", "begin", "introduc", "invent", "pioneer",
        }:  # fmt: skip
            continue
        if number.text.lower() in {"one", "single", "once", "both", "two", "half"} and not number.dimension:
            rivals = [o for o in given if o.noun and o.noun == number.noun]
            if not rivals:
                continue
        same = [other for other in given if same_value(number, other)]
        if not same:
            others = ", ".join(dict.fromkeys(other.text for other in given[:4]))
            says = f"the passage says {others}" if others else "the passage gives no such number"
            yield Conflict("number", f"{says}, the sentence {number.text}")
        elif {number.bound, *(other.bound for other in same)} >= {"<", ">"} and all(
            other.bound not in {number.bound, ""} for other in same
        ):
            yield Conflict("bound", f"“{number.text}” has the opposite bound in the passage")
        elif number.bound in {"<", ">"} and all(o.bound in {"", "="} and o.value == number.value for o in same):
            yield Conflict("bound", f"the passage gives {same[0].text} without a bound")


def _names(missing: Sequence[tuple[Token, float]]) -> Iterator[Conflict]:
    for token, _ in missing:
        if token.name and token.text.lower() not in GENERIC_NAMES:
            yield Conflict("name", f"the passage does not name “{token.text}”")


def _polarity(claim: Reading, chosen: Sequence[Read]) -> Iterator[Conflict]:
    given: dict[str, set[bool]] = {}
    for span in chosen:
        for token in span.reading.content:
            given.setdefault(token.stem, set()).add(token.negated)
            bare = without_negative_prefix(token.text)
            if bare:
                given.setdefault(bare, set()).add(not token.negated)
    for token in claim.content:
        polarity = {token.stem: token.negated}
        bare = without_negative_prefix(token.text)
        if bare and token.stem not in given:
            polarity = {bare: not token.negated}
        for stem, negated in polarity.items():
            if stem in given and negated not in given[stem]:
                said = "denies" if not negated else "does not deny"
                yield Conflict("negation", f"the passage {said} “{token.text}”", whole=True)
                return


def _quantifiers(claim: Reading, chosen: Sequence[Read]) -> Iterator[Conflict]:
    words = [token.text.lower() for token in claim.tokens]
    given = {token.text.lower() for span in chosen for token in span.reading.tokens}
    for strong, licence in (
        (UNIVERSAL, UNIVERSAL_LICENCE),
        (EXCLUSIVE, EXCLUSIVE_LICENCE),
        (MAJORITY, MAJORITY_LICENCE),
        (RARE, RARE_LICENCE),
    ):
        for word in words:
            if word in strong and not given & licence:
                yield Conflict("quantifier", f"the passage does not say “{word}”", whole=True)
    if set(words) & PARTIAL and given & UNIVERSAL and not given & PARTIAL and not set(words) & UNIVERSAL:
        yield Conflict("quantifier", "the passage says it of all", whole=True)


def _contrasts(claim: Reading, chosen: Sequence[Read]) -> Iterator[Conflict]:
    given = {token.text.lower(): token.negated for span in chosen for token in span.reading.tokens}
    said = {token.text.lower() for token in claim.tokens}
    for token in claim.tokens:
        word = token.text.lower()
        if word in given or word not in CONTRASTS:
            continue
        for own, opposite in CONTRASTS[word]:
            against = [other for other in opposite & given.keys() if other not in said]
            if against and not own & given.keys() and given[against[0]] == token.negated:
                yield Conflict(
                    "contrast", f"the passage says “{against[0]}”, the sentence “{word}”", whole=True
                )
                return
