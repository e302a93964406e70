"""Negations, quantifiers and opposites: they turn a sentence over and keep its topic."""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from app.checking.alignment import Conflict, Read, around
from app.checking.claims import Reading, Token, without_negative_prefix
from app.checking.lexicon import (
    CONTRASTS,
    COUNTED,
    DENIALS,
    FAMILIES_OF_WORDS,
    FUNCTION_WORDS,
    NOT_ONLY,
    OVER,
)

_STRONG = ("universal", "exclusive", "majority", "rare", "less")


def denied(claim: Reading, chosen: Sequence[Read]) -> Iterator[Conflict]:
    """A negation of the claim needs one in the evidence beside the same words, and the reverse."""
    said = {token.stem for token in claim.content}
    affirmed = {t.stem[:5] for s in chosen for t in s.reading.content if not t.negated}
    under = {t.stem for t in claim.content if t.negated}
    for span in chosen:
        denied_by = {t.text.lower() for t in span.reading.tokens if t.denies}
        if (denied_by and denied_by <= claim.words) or _uses_opposite(claim, span):
            continue
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
            if token.negated != bool(bare):
                yield Conflict("negation", f"the passage denies “{token.text}”", whole=True)
                return
    for order, place in enumerate(_cues(claim, chosen), start=1):
        spans = _about(claim, claim.tokens[place], chosen)
        if _no_longer(claim, place) and OVER & spans[0].reading.words:
            continue
        licences = sum(_denial(t, claim) for span in spans for t in span.reading.tokens)
        if order > licences or not _may_deny(claim, place, spans):
            word = claim.tokens[place].text
            yield Conflict("negation", f"the passage does not say “{word}”", whole=True)
            return


def _speaks_of(span: Read, word: str, claim: Reading, chosen: Sequence[Read]) -> bool:
    """Whether a span says what the claim says around a word, and not far less than another."""
    return any(
        span in _about(claim, token, chosen) for token in claim.content if token.stem == word
    )


def _cues(claim: Reading, chosen: Sequence[Read]) -> list[int]:
    """The places of the claim's negations that need one in the evidence.

    "Rather than" sets aside what the evidence need not mention, and in "none can do without" the
    second negation takes back the first.
    """
    cues = [
        place for place, token in enumerate(claim.tokens)
        if token.denies
        and not (token.stem == "nor" and "neither" in claim.words)
        and token.text.lower() not in {"rather", "instead"}
        and not _superlative(claim, place, chosen)
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


def _about(claim: Reading, token: Token, chosen: Sequence[Read]) -> list[Read]:
    """The spans that say what the claim says around a word, those that say far less left out."""
    said = [around(claim, token.start, token.end, span) for span in chosen]
    return [s for s, share in zip(chosen, said, strict=True) if share >= 0.5 * max(said)]


def _superlative(claim: Reading, place: int, chosen: Sequence[Read]) -> bool:
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
        content = [t for t in span.reading.tokens if t.content or _denial(t, claim)]
        cues = [index for index, t in enumerate(content) if _denial(t, claim)]
        near = [
            index
            for index, t in enumerate(content)
            if any(t.stem == w.stem for w in after + before)
        ]
        reach = 4 if cue.text.lower() in {content[index].text.lower() for index in cues} else 2
        if cues and (not near or any(abs(a - b) <= reach for a in cues for b in near)):
            return True
    return False


_PRIVATIVE = re.compile(r"un[a-z]{5,}able|un[a-z]{4,}ed|[a-z]{3,}less|in[a-z]{4,}ible")


def _denial(token: Token, claim: Reading) -> bool:
    return (
        token.denies
        or token.text.lower() in DENIALS
        or (token.content and _PRIVATIVE.fullmatch(token.text.lower()) is not None)
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
        if _superlative(claim, place, chosen):
            continue
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


_PERIODS = {
    "hour": frozenset({"hourly"}),
    "day": frozenset({"daily"}),
    "week": frozenset({"weekly"}),
    "month": frozenset({"monthly"}),
    "year": frozenset({"yearly", "annual", "annually"}),
}


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


_IDIOMS = re.compile(
    r"\b(?:most of all|above all|first of all|after all|at all|all in all|all over|all the way"
    r"|not all that|any longer|at most|at least|for the most part)\b"
)


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
            before = [t for t in tokens[max(0, index - 3) : index] if t.text.lower() in COUNTED]
            counted += before[-1:]
    if any(_count(other) == said for other in counted):
        return None
    if {said, *map(_count, counted)} == {"all", "few"} and _turned_over(claim, span):
        return None
    return counted[0].text.lower() if counted else None


def _turned_over(claim: Reading, span: Read) -> bool:
    """Whether "none" and "all" say the same: "none is solved", "all are unsolved"."""
    tokens = (*claim.tokens, *span.reading.tokens)
    return sum(_denial(token, claim) for token in tokens) % 2 == 0


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


# These oppose each other only before the same word: "after the war", "before 1939".
_PLACING = frozenset("over under above below beneath before after".split())
_PASSED_OVER = frozenset("the a an its to only".split())
_ENDS_UP = re.compile(r"end(?:s|ed|ing)? up\b", re.IGNORECASE)
_TAKE_BACK = frozenset("without except unless lack lacks fail fails failed".split())


def opposed(claim: Reading, chosen: Sequence[Read]) -> Iterator[Conflict]:
    """Words of the claim whose opposite the evidence says in their place."""
    said = claim.words
    for place, token in enumerate(claim.tokens):
        word = token.text.lower()
        ends_up = _ENDS_UP.match(claim.text, token.start)
        if word not in CONTRASTS or _bounds(claim, place) or ends_up:
            continue
        span = max(chosen, key=lambda s: around(claim, token.start, token.end, s))
        given = {other.text.lower(): other.negated for other in span.reading.tokens}
        if _turned_comparison(claim, span):
            continue
        for own, opposite in CONTRASTS[word]:
            against = sorted(opposite & given.keys())
            if not against:
                continue
            found = _beside_the_same(claim, place, own, opposite, chosen)
            apart = not (own & given.keys() or opposite & said or word in _PLACING)
            if found is None and apart and given[against[0]] == token.negated:
                found = against[0]
            if found and not _privative(claim, place, span):
                yield Conflict(
                    "contrast", f"the passage says “{found}”, the sentence “{word}”", whole=True
                )
                return


def _bounds(claim: Reading, place: int) -> bool:
    """Whether "more than" and the like only bound a number, which is looked at elsewhere."""
    after = claim.tokens[place + 1 : place + 2]
    return (
        bool(after)
        and after[0].text.lower() == "than"
        and any(0 <= number.start - after[0].end <= 2 for number in claim.quantities)
    )


def _beside_the_same(
    claim: Reading,
    place: int,
    own: frozenset[str],
    opposite: frozenset[str],
    chosen: Sequence[Read],
) -> str | None:
    """The opposite where it stands before the very noun that the claim's word stands before."""
    following = _weighty(claim.tokens[place + 1 : place + 3])[:1]
    if (
        not following
        or following[0].text.lower() in FUNCTION_WORDS
        or following[0].clause != claim.tokens[place].clause
    ):
        return None
    noun = following[0].stem
    found: str | None = None
    for span in chosen:
        for one, two in pairwise(_weighty(span.reading.tokens)):
            if two.stem != noun or one.clause != two.clause:
                continue
            if one.text.lower() in own:
                return None
            if one.text.lower() in opposite:
                found = one.text.lower()
    return found


def _weighty(tokens: Sequence[Token]) -> list[Token]:
    """The tokens without those that may stand between a word and its noun."""
    return [token for token in tokens if token.text.lower() not in _PASSED_OVER]


def _privative(claim: Reading, place: int, span: Read) -> bool:
    """Whether the next word is turned over too: "less tolerant", "more intolerant"."""
    following = {t.stem for t in claim.tokens[place + 1 : place + 2]}
    bare = {without_negative_prefix(t.text) for t in span.reading.content}
    own = {without_negative_prefix(t.text) for t in claim.tokens[place + 1 : place + 2]}
    return bool(following & bare) or bool((own - {None}) & span.reading.stems)


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
