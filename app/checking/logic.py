"""Negations, quantifiers and opposites: they turn a sentence over and keep its topic."""

import re
from collections.abc import Iterator, Sequence

from app.checking.alignment import Conflict, Read, around
from app.checking.claims import Reading, Token, without_negative_prefix
from app.checking.lexicon import CONTRASTS, COUNTED, DENIALS, FAMILIES_OF_WORDS, NOT_ONLY

_STRONG = ("universal", "exclusive", "majority", "rare", "less")


def denied(claim: Reading, chosen: Sequence[Read]) -> Iterator[Conflict]:
    """A negation of the claim needs one in the evidence beside the same words, and the reverse."""
    said = {token.stem for token in claim.content}
    affirmed = {t.stem for s in chosen for t in s.reading.content if not t.negated}
    for span in chosen:
        denied_by = {t.text.lower() for t in span.reading.tokens if t.denies}
        if (denied_by and denied_by <= claim.words) or _uses_opposite(claim, span):
            continue
        if any(_undoes(t, span) for t in claim.tokens):
            continue
        for token in span.reading.content:
            bare = without_negative_prefix(token.text)
            word = token.stem if token.negated and token.depth <= 2 else bare
            if word in said - affirmed and token.negated != bool(bare):
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
            index
            for index, t in enumerate(content)
            if any(t.stem == w.stem for w in after + before)
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


def _uses_opposite(claim: Reading, span: Read) -> bool:
    """Whether the claim uses the opposite of a word of the span: "unsafe" as "dangerous"."""
    return any(
        opposite & span.reading.words
        for word in claim.words
        for _, opposite in CONTRASTS.get(word, ())
    )


def miscounted(claim: Reading, chosen: Sequence[Read]) -> Iterator[Conflict]:
    text = claim.text.lower()
    for place, token in enumerate(claim.tokens):
        word = token.text.lower()
        kinds = [kind for kind in _STRONG if word in FAMILIES_OF_WORDS[kind]]
        if (not kinds and word not in COUNTED) or _floats(token, claim):
            continue
        if any(phrase in text for phrase in NOT_ONLY if word in phrase.split()):
            continue
        if word == "only" and any(0 < n.start - token.end < 15 for n in claim.quantities):
            continue  # "only 50 steps" says how few they are, not that there are no others
        span = max(chosen, key=lambda s: around(claim, token.start, token.end, s))
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
        if word == "most" and any(other.endswith("est") for other in given):
            continue
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
    before = [other for other in claim.tokens if other.end <= token.start]
    if token.text not in {"all", "each", "both"} or not before:
        return False
    listed = any(other.text == "and" for other in before)
    last = before[-1]
    return last.name or (listed and (last.content or last.text in {"are", "were", "have"}))


def opposed(claim: Reading, chosen: Sequence[Read]) -> Iterator[Conflict]:
    said = claim.words
    for token in claim.tokens:
        word = token.text.lower()
        if word not in CONTRASTS:
            continue
        span = max(chosen, key=lambda s: around(claim, token.start, token.end, s))
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
