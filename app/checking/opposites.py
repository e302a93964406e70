"""Opposites: a word of the claim in whose place the evidence says the contrary."""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from app.checking.alignment import Conflict, Read, around
from app.language.claims import Reading, Token, without_negative_prefix
from app.language.lexicon import CONTRASTS, FUNCTION_WORDS

# These oppose each other only before the same word: "after the war", "before 1939".
_PLACING = frozenset("over under above below beneath before after".split())
_PASSED_OVER = frozenset("the a an its to only".split())
_ENDS_UP = re.compile(r"end(?:s|ed|ing)? up\b", re.IGNORECASE)
_FALLING_SHORT = frozenset("insufficiently inadequately".split())


def opposed(claim: Reading, chosen: Sequence[Read]) -> Iterator[Conflict]:
    """Words of the claim whose opposite the evidence says in their place."""
    said = claim.words
    for place, token in enumerate(claim.tokens):
        word = token.text.lower()
        ends_up = _ENDS_UP.match(claim.text, token.start)
        short_of = place and claim.tokens[place - 1].text.lower() in _FALLING_SHORT
        if word not in CONTRASTS or _bounds(claim, place) or ends_up or short_of:
            continue
        span = max(chosen, key=lambda s: around(claim, token.start, token.end, s))
        given = {other.text.lower(): other.negated for other in span.reading.tokens}
        if turned_comparison(claim, span):
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


def turned_comparison(claim: Reading, span: Read) -> bool:
    """Whether claim and span compare the same two from either side, "A than B" and "B than A"."""
    than = next((t.start for t in span.reading.tokens if t.text.lower() == "than"), None)
    if than is None or not claim.content:
        return False
    subject = claim.content[0].stem
    behind = {t.stem for t in span.reading.content if t.start > than}
    before = {t.stem for t in span.reading.content if t.start < than}
    return subject in behind - before
