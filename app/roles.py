"""Who did what: whether two parts of a claim have changed places against its evidence."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from app.claims import Reading, Token
from app.lexicon import CAUSAL_BACKWARD, CAUSAL_FORWARD, SYMMETRIC
from app.quantities import Quantity

_BE = frozenset("is are was were be been being".split())
_PREPOSITIONS = frozenset("of in on at by from to with for than between after before".split())


@dataclass(frozen=True)
class Part:
    """A name (a run of capitalised words) or a quantity, with the words on either side of it."""

    key: str
    text: str
    kind: str
    start: int
    end: int


def exchanged(claim: Reading, evidence: Sequence[Reading]) -> Iterator[str]:
    """Pairs of the claim, in words, that stand the other way round in one of the readings."""
    for reading in evidence:
        pair = _parts_exchanged(claim, reading) or _sides_exchanged(claim, reading)
        if pair:
            yield pair
            return


def _parts(reading: Reading) -> list[Part]:
    parts: list[Part] = []
    run: list[Token] = []
    for token in (*reading.tokens, None):
        if token is not None and token.content and token.text[0].isupper() and (token.name or not run):
            if not run or reading.text[run[-1].end : token.start].strip() == "":
                run.append(token)
                continue
        if run:
            parts.append(_named(run))
        run = [token] if token is not None and token.name and token.content else []
    parts += [
        Part(f"{number.kind}{number.base:g}", number.text, "number" if number.kind != "year" else "year",
             number.start, number.end)
        for number in reading.quantities
    ]  # fmt: skip
    return parts


def _named(run: Sequence[Token]) -> Part:
    key = run[-1].stem
    text = " ".join(token.text for token in run)
    return Part(key, text, "name", run[0].start, run[-1].end)


def _around(reading: Reading, part: Part, passive: bool) -> dict[tuple[str, str], float]:
    """Words beside a part by side, the nearest weighing most; sides change places in the passive."""
    clause = next(t.clause for t in reading.tokens if t.end > part.start)
    left = [t for t in reading.tokens if t.end <= part.start and t.clause == clause]
    right = [t for t in reading.tokens if t.start >= part.end and t.clause == clause]
    found: dict[tuple[str, str], float] = {}
    before = [t.text.lower() for t in left if t.text.lower() not in {"the", "a", "an"}]
    if before and before[-1] in _PREPOSITIONS:
        found["preposition", before[-1]] = 0.5
    sides = (("right", left[::-1]), ("left", right)) if passive else (("left", left[::-1]), ("right", right))
    for side, tokens in sides:
        for distance, token in enumerate([t for t in tokens if t.content][:3], start=1):
            found[side, token.stem] = 1 / distance
    return found


def _alike(one: dict[tuple[str, str], float], two: dict[tuple[str, str], float]) -> float:
    return sum(min(weight, two[key]) for key, weight in one.items() if key in two)


def _parts_exchanged(claim: Reading, reading: Reading) -> str | None:
    """Two names or two numbers that have each other's neighbours."""
    given: dict[str, list[Part]] = {}
    for part in _parts(reading):
        given.setdefault(part.key, []).append(part)
    said = [part for part in _parts(claim) if len(given.get(part.key, [])) == 1]
    turned = _passive(claim) != _passive(reading)
    for index, one in enumerate(said):
        for two in said[index + 1 :]:
            if one.kind != two.kind or one.key == two.key or _listed(claim, one, two):
                continue
            there_one, there_two = given[one.key][0], given[two.key][0]
            if _listed(reading, *sorted((there_one, there_two), key=lambda p: p.start)):
                continue
            there = [_around(reading, part, False) for part in (there_one, there_two)]
            straight = crossed = 0.0
            for flip in {False, turned}:
                here = [_around(claim, part, flip) for part in (one, two)]
                same = _alike(here[0], there[0]) + _alike(here[1], there[1])
                other = _alike(here[0], there[1]) + _alike(here[1], there[0])
                straight, crossed = max(straight, same), max(crossed, other)
            if crossed > straight + 0.45:
                return f"“{one.text}” and “{two.text}”"
    return None


def _listed(reading: Reading, one: Part, two: Part) -> bool:
    """Whether nothing but "and" and commas stands between two parts: their order means nothing."""
    between = [t for t in reading.tokens if one.end <= t.start < two.start]
    return all(t.text.lower() in {"and", "or", "the", "as", "well"} or t.name for t in between)


def _passive(reading: Reading) -> bool:
    words = [token.text.lower() for token in reading.tokens]
    return any(
        word in _BE and "by" in words[place + 2 : place + 5] for place, word in enumerate(words)
    )


def _sides_exchanged(claim: Reading, reading: Reading) -> str | None:
    """A shared word or a causal link with its two sides the other way round."""
    vague = _repeated(claim) | _repeated(reading)
    for here in _pivots(claim, vague):
        for there in _pivots(reading, vague):
            if here.link != there.link:
                continue
            direct = len(here.first & there.first) + len(here.second & there.second)
            one, two = here.first & there.second, here.second & there.first
            if one and two and direct == 0:
                return f"“{', '.join(sorted(one))}” and “{', '.join(sorted(two))}”"
    return None


@dataclass(frozen=True)
class Pivot:
    """A link with the words on its acting and on its other side."""

    link: str
    first: frozenset[str]
    second: frozenset[str]


def _pivots(reading: Reading, vague: frozenset[str]) -> Iterator[Pivot]:
    tokens = reading.tokens
    words = [token.text.lower() for token in tokens]
    for phrases, forward in ((CAUSAL_FORWARD, True), (CAUSAL_BACKWARD, False)):
        for phrase in phrases:
            parts = phrase.split()
            for place in range(len(words) - len(parts) + 1):
                if words[place : place + len(parts)] == parts:
                    if phrase in {"caused", "produced", "triggered"} and "by" in words[place + 1 : place + 2]:
                        continue
                    yield from _causal(reading, place, len(parts), forward)
    for place, token in enumerate(tokens):
        if not token.content or token.name or token.stem in SYMMETRIC | vague:
            continue
        left = _side(tokens[:place][::-1])
        right = _side(tokens[place + 1 :])
        if left and right:
            passive = "by" in words[place + 1 : place + 3] and bool(set(words[max(0, place - 3) : place]) & _BE)
            left, right = left - vague, right - vague
            yield Pivot(token.stem, *((right, left) if passive else (left, right)))


def _repeated(reading: Reading) -> frozenset[str]:
    stems = [token.stem for token in reading.content]
    return frozenset(stem for stem in stems if stems.count(stem) > 1)


def _causal(reading: Reading, place: int, length: int, forward: bool) -> Iterator[Pivot]:
    tokens = reading.tokens
    left, right = _side(tokens[:place][::-1], 6), _side(tokens[place + length :], 6)
    if not left and place == 0:
        # "Because of A, B": the effect stands behind the comma
        clause = tokens[place].clause
        right = frozenset(t.stem for t in tokens[place + length :] if t.content and t.clause == clause)
        left = frozenset(t.stem for t in tokens[place + length :] if t.content and t.clause > clause)
    if left and right:
        yield Pivot("cause", *((left, right) if forward else (right, left)))


def _side(tokens: Sequence[Token], reach: int = 2) -> frozenset[str]:
    """The stems of the nearest content words, not further than a word's clause goes."""
    near = [token for token in tokens[: 3 * reach] if token.content][:reach]
    return frozenset(token.stem for token in near)
