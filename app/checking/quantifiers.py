"""Quantifiers: how many, how often and to what degree, where the evidence says otherwise."""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from app.checking.alignment import Conflict, Read, around
from app.checking.denials import denial, superlative
from app.checking.opposites import turned_comparison
from app.language.claims import Reading, Token
from app.language.lexicon import COUNTED, FAMILIES_OF_WORDS, NOT_ONLY

_STRONG = ("universal", "exclusive", "majority", "rare", "less")
_TO_WHAT_DEGREE = frozenset("entirely completely wholly".split())
_PERIODS = {
    "hour": frozenset({"hourly"}),
    "day": frozenset({"daily"}),
    "week": frozenset({"weekly"}),
    "month": frozenset({"monthly"}),
    "year": frozenset({"yearly", "annual", "annually"}),
}
_IDIOMS = re.compile(
    r"\b(?:most of all|above all|first of all|after all|at all|all in all|all over|all the way"
    r"|not all that|any longer|at most|at least|for the most part)\b"
)


def miscounted(claim: Reading, chosen: Sequence[Read]) -> Iterator[Conflict]:
    text = claim.text.lower()
    if phrase := _not_only(text, chosen):
        yield Conflict("quantifier", f"the passage does not say “{phrase}”", whole=True)
        return
    for place, token in enumerate(claim.tokens):
        word = token.text.lower()
        if any(a <= token.start < b for a, b in _idioms(text)):
            continue
        kinds = [kind for kind in _STRONG if word in FAMILIES_OF_WORDS[kind]]
        if (not kinds and word not in COUNTED) or _floats(token, claim):
            continue
        if token.negated and kinds == ["universal"]:
            continue  # "not all" says less than "all", and nothing of how many
        if word in {"every", "each"} and _says_how_often(claim, place, chosen):
            continue
        if word == "most" and re.match(r"\s\w+ly\b", text[token.end :]):
            continue  # "most likely" counts nothing
        if any(phrase in text for phrase in NOT_ONLY if word in phrase.split()):
            continue
        if word == "only" and (
            any(0 < n.start - token.end < 15 for n in claim.quantities)
            or text[token.end :].startswith((" a ", " an "))
        ):
            continue  # "only 50 steps" says how few they are, not that there are no others
        if superlative(claim, place, chosen):
            continue
        span = max(chosen, key=lambda s: around(claim, token.start, token.end, s))
        given = span.reading.words
        for phrase in NOT_ONLY:
            if phrase in span.reading.text.lower():
                given = given - {phrase.split()[1]}
        if "less" in kinds and turned_comparison(claim, span):
            continue
        counted = _counted_otherwise(claim, place, span)
        if counted:
            yield Conflict("quantifier", f"the passage says “{counted}”, not “{word}”", whole=True)
            return
        if word == "most" and any(other.endswith("est") for other in given):
            continue
        if any(not given & FAMILIES_OF_WORDS[kind + " licence"] for kind in kinds):
            counts = word not in _TO_WHAT_DEGREE and not _grades(claim, place)
            yield Conflict("quantifier", f"the passage does not say “{word}”", whole=counts)
            return


def _grades(claim: Reading, place: int) -> bool:
    """Whether "the most" says which one, as in "the most common type", and not how many."""
    before = claim.tokens[place - 1].text.lower() if place else ""
    return claim.tokens[place].text.lower() == "most" and before == "the"


def _says_how_often(claim: Reading, place: int, chosen: Sequence[Read]) -> bool:
    """Whether the spans say "yearly" where the claim says "every year"."""
    period = "".join(token.text.lower() for token in claim.tokens[place + 1 : place + 2])
    return any(_PERIODS.get(period, frozenset()) & span.reading.words for span in chosen)


def _not_only(text: str, chosen: Sequence[Read]) -> str | None:
    """A "not only" of the claim where the spans say "only", or add nothing to what they say."""
    for phrase in NOT_ONLY:
        if phrase not in text or "but" in text:
            continue
        spans = " ".join(span.reading.text.lower() for span in chosen)
        if not any(other in spans for other in NOT_ONLY) and not re.search(
            r"\b(?:also|as well|too|besides|in addition)\b", spans
        ):
            return phrase
    return None


def _idioms(text: str) -> list[tuple[int, int]]:
    """Where a quantifier is part of a phrase that counts nothing."""
    return [match.span() for match in _IDIOMS.finditer(text)]


def _counted_otherwise(claim: Reading, place: int, span: Read) -> str | None:
    """The quantifier the span has before the same noun, when it says something else."""
    said = _count(claim.tokens[place])
    following = claim.tokens[place + 1 : place + 2]
    if following and following[0].text.lower() in {"more", "less", "fewer", "later", "longer"}:
        return None
    nouns = [t.stem for t in claim.tokens[place + 1 :] if t.content][:2]
    if said is None:
        return None
    tokens = span.reading.tokens
    counted: list[Token] = []
    for index, token in enumerate(tokens):
        if token.stem in nouns:
            before = tokens[max(0, index - 3) : index]
            places = [place for place, t in enumerate(before) if t.text.lower() in COUNTED]
            if places and not _counts_groups(before[places[-1] + 1 :]):
                counted.append(before[places[-1]])
    if any(_count(other) == said for other in counted):
        return None
    if {said, *map(_count, counted)} == {"all", "few"} and _turned_over(claim, span):
        return None
    if said == "some" and {_count(other) for other in counted} == {"most"}:
        return None  # most are many
    return counted[0].text.lower() if counted else None


def _counts_groups(between: Sequence[Token]) -> bool:
    """Whether what stands before a noun counts groups of it: "each group of heads"."""
    return any(one.content and two.text.lower() == "of" for one, two in pairwise(between))


def _turned_over(claim: Reading, span: Read) -> bool:
    """Whether "none" and "all" say the same: "none is solved", "all are unsolved"."""
    tokens = (*claim.tokens, *span.reading.tokens)
    return sum(denial(token, claim) for token in tokens) % 2 == 0


def _count(token: Token) -> str | None:
    """What a quantifier counts; "not … any" counts as "no" does."""
    word = token.text.lower()
    return "few" if word == "any" and token.negated else COUNTED.get(word)


def _floats(token: Token, claim: Reading) -> bool:
    """Whether "all" only sums up what was listed: "Sony, Universal and Warner all publish"."""
    before = [other for other in claim.tokens if other.end <= token.start]
    if token.text not in {"all", "each", "both"} or not before:
        return False
    listed = any(other.text == "and" for other in before)
    last = before[-1]
    return last.name or (listed and (last.content or last.text in {"are", "were", "have"}))


def singled_out(claim: Reading, chosen: Sequence[Read]) -> Iterator[Conflict]:
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
