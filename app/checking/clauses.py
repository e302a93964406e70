"""The halves of a sentence: cause and effect, or two things set against each other.

Halves are compared as bags of words. Which half a word stands in is what a similarity of vectors
cannot see, and what turns a sentence over.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from app.language.claims import Reading, Token, stem
from app.language.lexicon import ANAPHORS, CAUSAL_BACKWARD, CAUSAL_FORWARD, CONTRASTS

_SETS_APART = re.compile(
    r"[,;:]?\s+(?:while|whereas|but)\s+|[,.]\s+(?=unlike\b)",
    re.IGNORECASE,
)
# (the words of a causal link, whether the cause stands before it), the longest links first
_LINKS = sorted(
    [(tuple(phrase.split()), True) for phrase in CAUSAL_FORWARD]
    + [(tuple(phrase.split()), False) for phrase in CAUSAL_BACKWARD],
    key=lambda link: -len(link[0]),
)
# stem -> the stems that mean nearly the same
_ALIKE = {stem(word): frozenset(map(stem, sides[0][0])) for word, sides in CONTRASTS.items()}
_FEWEST = 3  # content words a half must have to say anything by itself


@dataclass(frozen=True)
class Halves:
    """The stems of two halves, the cause first."""

    first: frozenset[str]
    second: frozenset[str]


def causes_exchanged(claim: Reading, reading: Reading) -> str | None:
    """The words of the claim's cause that are the effect in the reading, and the reverse.

    Not where another link of the two keeps as much in its place.
    """
    pairs = [(here, there) for here in _causes(claim) for there in _causes(reading)]
    kept = max((_kept(here, there) for here, there in pairs), default=0)
    for here, there in pairs:
        both = _on_both_sides(here, there)
        one, two = (here.first & there.second) - both, (here.second & there.first) - both
        if one and two and len(one) + len(two) >= max(3, 1.5 * kept + 1):
            return f"“{_words(claim, one)}” and “{_words(claim, two)}”"
    return None


def _kept(here: Halves, there: Halves) -> int:
    both = _on_both_sides(here, there)
    return len((here.first & there.first) - both) + len((here.second & there.second) - both)


def _on_both_sides(here: Halves, there: Halves) -> frozenset[str]:
    return (here.first & here.second) | (there.first & there.second)


def circular(claim: Reading) -> str | None:
    """The words of a cause that say its effect once more: "hard because it is difficult"."""
    for halves in _causes(claim):
        said = halves.second.union(*(_ALIKE.get(one, ()) for one in halves.second))
        if len(halves.first) > 1 and halves.first <= said:
            return _words(claim, halves.first)
    return None


def _words(reading: Reading, stems: frozenset[str]) -> str:
    return ", ".join(dict.fromkeys(t.text for t in reading.content if t.stem in stems))


def _causes(reading: Reading) -> Iterator[Halves]:
    """Cause first, effect second, for every causal link of a sentence."""
    words = [token.text.lower() for token in reading.tokens]
    covered: set[int] = set()
    for parts, forward in _LINKS:
        for place in range(len(words) - len(parts) + 1):
            length = len(parts)
            if tuple(words[place : place + length]) != parts or place in covered:
                continue
            covered.update(range(place, place + length))
            if length == 1 and forward and "by" in words[place : place + 6]:
                continue
            if (halves := _cut(reading, place, length)) is not None:
                yield Halves(*(halves if forward else halves[::-1]))


def _cut(reading: Reading, place: int, length: int) -> tuple[frozenset[str], frozenset[str]] | None:
    """The words before and after a link; of an opening link, its clause and what follows."""
    tokens = reading.tokens
    if place > 0:
        left, right = tokens[:place], tokens[place + length :]
    else:
        comma = reading.text.find(",", tokens[min(length, len(tokens) - 1)].start)
        if comma < 0:
            return None
        right = tuple(t for t in tokens[length:] if t.end <= comma)
        left = tuple(t for t in tokens if t.start > comma)
    first, second = _stems(left), _stems(right)
    return (first, second) if first and second else None


def _stems(tokens: tuple[Token, ...]) -> frozenset[str]:
    return frozenset(token.stem for token in tokens if token.content)


def said_of_the_other(claim: Reading, reading: Reading) -> tuple[str, str] | None:
    """What a reading says this of, and what the claim says it of, when it sets the two apart.

    "X does A while Y does B" bears out "X does A" and not "Y does A".
    """
    halves = _set_apart(reading)
    if halves is None:
        return None
    for part in _set_apart(claim) or [claim.content]:
        subject, rest = part[:2], {t.stem for t in part[2:]}
        for own, other in (halves, halves[::-1]):
            own_stems, other_stems = ({t.stem for t in half} for half in (own, other))
            mine = [t for t in subject if t.stem in {o.stem for o in own[:2]} - other_stems]
            theirs = [t for t in other[:2] if t.stem not in own_stems | {t.stem for t in part}]
            telling = rest - (own_stems & other_stems)  # what both halves say tells nothing
            if not mine or not theirs or not telling:
                continue
            here, there = len(telling & own_stems), len(telling & other_stems)
            if there >= max(here, 0.5 * len(telling)):
                return theirs[0].text, mine[0].text
    return None


def _set_apart(reading: Reading) -> list[tuple[Token, ...]] | None:
    """The content words of two contrasted halves; None where the second only points back."""
    match = _SETS_APART.search(reading.text)
    if match is None:
        return None
    after = [t for t in reading.tokens if t.start >= match.end()]
    if not after or after[0].text.lower() in ANAPHORS:
        return None
    begin = reading.text.rfind(":", 0, match.start())  # what leads up to both is of neither
    first = tuple(t for t in reading.content if begin < t.start and t.end <= match.start())
    second = tuple(t for t in reading.content if t.start >= match.end())
    return [first, second] if min(len(first), len(second)) >= _FEWEST else None
