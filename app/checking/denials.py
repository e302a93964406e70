"""Negations: what the claim denies and its evidence does not, and the reverse."""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from app.checking.alignment import Conflict, Read, around
from app.language.claims import Reading, Token, matches, without_negative_prefix
from app.language.lexicon import CONTRASTS, DENIALS, FAMILIES_OF_WORDS, OVER

_ONLY = FAMILIES_OF_WORDS["exclusive"]
_TAKE_BACK = frozenset("without except unless lack lacks fail fails failed".split())
_AGAIN = re.compile(r"\bonce (?:again|more)\b", re.IGNORECASE)
_SETS_ASIDE = frozenset({"rather", "instead"})
_PRIVATIVE = re.compile(r"un[a-z]{5,}able|un[a-z]{4,}ed|[a-z]{3,}less|in[a-z]{4,}ible")


def denied(claim: Reading, chosen: Sequence[Read]) -> Iterator[Conflict]:
    """A negation of the claim needs one in the evidence beside the same words, and the reverse."""
    said = {token.stem for token in claim.content}
    affirmed = {t.stem[:5] for s in chosen for t in s.reading.content if not t.negated}
    under = {t.stem for t in claim.content if t.negated}
    for span in chosen:
        denied_by = {t.text.lower() for t in span.reading.tokens if t.denies}
        if (denied_by and denied_by <= claim.words) or _uses_opposite(claim, span):
            continue
        if claim.words & _ONLY and span.reading.words & _ONLY:
            continue  # "not A, only B" says that it is only B
        if any(_undoes(t, span) for t in claim.tokens):
            continue
        for token in span.reading.content:
            if token.name:
                continue
            bare = without_negative_prefix(token.text)
            word = token.stem if token.negated and token.depth <= 2 else bare
            if word is None or word[:5] in affirmed or word in under:
                continue
            if word not in said or not _speaks_of(span, word, claim, chosen):
                continue
            if token.negated != bool(bare) and not _of_another(token, span, claim):
                yield Conflict("negation", f"the passage denies “{token.text}”", whole=True)
                return
    for order, place in enumerate(_cues(claim, chosen), start=1):
        spans = _about(claim, claim.tokens[place], chosen)
        if _no_longer(claim, place) and _is_over(spans[0].reading):
            continue
        licences = sum(denial(t, claim) for span in spans for t in span.reading.tokens)
        if order > licences or not _may_deny(claim, place, spans):
            word = claim.tokens[place].text
            yield Conflict("negation", f"the passage does not say “{word}”", whole=True)
            return


def _speaks_of(span: Read, word: str, claim: Reading, chosen: Sequence[Read]) -> bool:
    """Whether a span says what the claim says around a word, and not far less than another."""
    return any(
        span in _about(claim, token, chosen) for token in claim.content if token.stem == word
    )


def _of_another(token: Token, span: Read, claim: Reading) -> bool:
    """Whether the span denies it of someone with a name whom the claim does not name."""
    before = [t for t in span.reading.content if t.clause == token.clause and t.end <= token.start]
    names = [t for t in before if t.name]
    return bool(names) and not any(matches(t, claim) for t in names)


def _cues(claim: Reading, chosen: Sequence[Read]) -> list[int]:
    """The places of the claim's negations that need one in the evidence.

    "Rather than" sets aside what the evidence need not mention, and in "none can do without" the
    second negation takes back the first.
    """
    cues = [
        place for place, token in enumerate(claim.tokens)
        if token.denies
        and not (token.stem == "nor" and "neither" in claim.words)
        and token.text.lower() not in _SETS_ASIDE
        and not superlative(claim, place, chosen)
    ]  # fmt: skip
    back = {
        place
        for pair in pairwise(cues)
        if claim.tokens[pair[1]].text.lower() in _TAKE_BACK
        and claim.tokens[pair[0]].clause == claim.tokens[pair[1]].clause
        for place in pair
    }
    return [place for place in cues if place not in back]


def _no_longer(claim: Reading, place: int) -> bool:
    return [token.text.lower() for token in claim.tokens[place : place + 2]] == ["no", "longer"]


def _is_over(reading: Reading) -> bool:
    """Whether it speaks of what was so before; "once again" does not."""
    return bool(OVER & reading.words) and not _AGAIN.search(reading.text)


def _about(claim: Reading, token: Token, chosen: Sequence[Read]) -> list[Read]:
    """The spans that say what the claim says around a word, those that say far less left out."""
    said = [around(claim, token.start, token.end, span) for span in chosen]
    return [s for s, share in zip(chosen, said, strict=True) if share >= 0.5 * max(said)]


def superlative(claim: Reading, place: int, chosen: Sequence[Read]) -> bool:
    """Whether "nobody is taller than A" says in other words that A is the tallest.

    So does "never before A" that A was the first.
    """
    cues = {"no", "none", "nobody", "nothing", "nowhere", "never", "few", "only"}
    if claim.tokens[place].text.lower() not in cues:
        return False
    words = [token.text.lower() for token in claim.tokens]
    if "before" in words[place:] and any("first" in span.reading.words for span in chosen):
        return True
    compares = "than" in words and any(word == "more" or word.endswith("er") for word in words)
    return compares and any(
        word in {"most", "best", "worst", "any", "anyone"} or word.endswith("est")
        for span in chosen
        for word in span.reading.words
    )


def _may_deny(claim: Reading, place: int, chosen: Sequence[Read]) -> bool:
    """Whether a span denies something right beside the words that the claim denies."""
    cue = claim.tokens[place]
    clause = [t for t in claim.tokens if t.content and t.clause == cue.clause]
    after = [t for t in clause if t.start > cue.start][:3]
    before = [t for t in clause if t.start < cue.start][-2:]
    for span in chosen:
        content = [t for t in span.reading.tokens if t.content or denial(t, claim)]
        cues = [index for index, t in enumerate(content) if denial(t, claim)]
        near = [
            index
            for index, t in enumerate(content)
            if any(t.stem == w.stem for w in after + before)
        ]
        reach = 4 if cue.text.lower() in {content[index].text.lower() for index in cues} else 2
        if cues and (not near or any(abs(a - b) <= reach for a in cues for b in near)):
            return True
    return False


def denial(token: Token, claim: Reading) -> bool:
    """Whether a word of the evidence lets the claim deny something; not one that both have."""
    word = token.text.lower()
    if token.denies:
        return not (word in _SETS_ASIDE and _SETS_ASIDE & claim.words)
    return word not in claim.words and (
        word in DENIALS
        or (token.content and _PRIVATIVE.fullmatch(word) is not None)
        or without_negative_prefix(token.text) in claim.stems
    )


def _undoes(token: Token, span: Read) -> bool:
    """Whether a word of the claim denies by itself what the span denies in another way."""
    if token.denies or token.text.lower() in DENIALS:
        return token.text.lower() not in span.reading.words
    return token.content and without_negative_prefix(token.text) in span.reading.stems


def _uses_opposite(claim: Reading, span: Read) -> bool:
    """Whether the claim uses the opposite of a word of the span: "unsafe" as "dangerous"."""
    return any(
        opposite & span.reading.words
        for word in claim.words
        for _, opposite in CONTRASTS.get(word, ())
    )
