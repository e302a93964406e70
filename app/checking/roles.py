"""Who did what: whether two parts of a claim have changed places against its evidence."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from app.checking.claims import Reading, Token, matches
from app.checking.lexicon import CAUSAL_BACKWARD, CAUSAL_FORWARD, SYMMETRIC

_BE = frozenset("is are was were be been being".split())
# Between two words these allow either order: "the heart of A", "B is found in A", "B's A".
_LOOSE = _BE | frozenset("of in by and or with as for from".split())
_THIN = _BE | frozenset(
    "the a an its their his her by of to than has have had also not more".split()
)
_JOINING = frozenset("and or the as well de of von van la le".split())
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
        pair = (
            _parts_exchanged(claim, reading)
            or _sides_exchanged(claim, reading)
            or _order_turned(claim, reading)
        )
        if pair:
            yield pair
            return


def _parts(reading: Reading) -> list[Part]:
    parts: list[Part] = []
    run: list[Token] = []
    for token in (*reading.tokens, None):
        if (
            token is not None
            and token.content
            and token.text[0].isupper()
            and (token.name or not run)
            and (not run or not reading.text[run[-1].end : token.start].strip())
        ):
            run.append(token)
            continue
        if run:
            parts.append(_named(run))
        run = [token] if token is not None and token.name and token.content else []
    parts += [
        Part(
            f"{n.kind}{n.base:g}", n.text, "year" if n.kind == "year" else "number", n.start, n.end
        )
        for n in reading.quantities
    ]
    return parts


def _named(run: Sequence[Token]) -> Part:
    key = run[-1].stem
    text = " ".join(token.text for token in run)
    return Part(key, text, "name", run[0].start, run[-1].end)


def _around(
    reading: Reading, part: Part, other: Part, passive: bool
) -> dict[tuple[str, str], float]:
    """Words beside a part, without those of `other`, by side; the nearest weigh most.

    In the passive the sides change places.
    """
    clause = next(t.clause for t in reading.tokens if t.end > part.start)
    left = [t for t in reading.tokens if t.end <= part.start and t.clause == clause]
    right = [t for t in reading.tokens if t.start >= part.end and t.clause == clause]
    found: dict[tuple[str, str], float] = {}
    before = [t.text.lower() for t in left if t.text.lower() not in {"the", "a", "an"}]
    if before and before[-1] in _PREPOSITIONS:
        found["preposition", before[-1]] = 0.5
    sides = (
        (("right", left[::-1]), ("left", right))
        if passive
        else (("left", left[::-1]), ("right", right))
    )
    for side, tokens in sides:
        beside = [t for t in tokens if t.content and not other.start <= t.start < other.end]
        for distance, token in enumerate(beside[:3], start=1):
            found[side, token.stem] = 1 / distance
            found["either", token.stem] = 0.5 / distance
    return found


def _alike(one: dict[tuple[str, str], float], two: dict[tuple[str, str], float]) -> float:
    return sum(min(weight, two[key]) for key, weight in one.items() if key in two)


def _side_by_side(one: dict[tuple[str, str], float], two: dict[tuple[str, str], float]) -> bool:
    return any(key in two for key in one if key[0] != "either")


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
            there = [
                _around(reading, there_one, there_two, False),
                _around(reading, there_two, there_one, False),
            ]
            straight = crossed = 0.0
            for flip in {False, turned}:
                here = [_around(claim, one, two, flip), _around(claim, two, one, flip)]
                same = _alike(here[0], there[0]) + _alike(here[1], there[1])
                other = _alike(here[0], there[1]) + _alike(here[1], there[0])
                straight = max(straight, same)
                if _side_by_side(here[0], there[1]) and _side_by_side(here[1], there[0]):
                    crossed = max(crossed, other)
            if crossed > straight + 0.45:
                return f"“{one.text}” and “{two.text}”"
    return None


def _listed(reading: Reading, one: Part, two: Part) -> bool:
    """Whether nothing but "and" and commas stands between two parts: their order means nothing."""
    between = [t for t in reading.tokens if one.end <= t.start < two.start]
    return all(t.text.lower() in _JOINING or t.name for t in between)


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


def _order_turned(claim: Reading, reading: Reading) -> str | None:
    """Two words beside another verb each, in turned order: "A raises B", "B leads to A"."""
    vague = _repeated(claim) | _repeated(reading)
    there = [t for t in reading.content if t.stem not in vague]
    places = {token.stem: place for place, token in enumerate(there)}
    here = claim.content
    for first, link, second in zip(here, here[1:], here[2:], strict=False):
        if link.name or not first.clause == link.clause == second.clause:
            continue
        if first.stem in vague | SYMMETRIC or second.stem in vague or link.stem in reading.stems:
            continue
        if first.stem not in places or second.stem not in places:
            continue
        one, two = places[first.stem], places[second.stem]
        if one - two != 2 or there[two].clause != there[one].clause:
            continue
        if matches(there[two + 1], claim):
            continue
        said = _between(claim, first.end, second.start)
        given = _between(reading, there[two].end, there[one].start)
        if not said & _LOOSE and not given & _LOOSE:
            return f"“{first.text}” and “{second.text}”"
    return None


def _between(reading: Reading, start: int, end: int) -> set[str]:
    return {t.text.lower() for t in reading.tokens if start <= t.start < end}


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
                    if (
                        phrase in {"caused", "produced", "triggered"}
                        and "by" in words[place + 1 : place + 2]
                    ):
                        continue
                    yield from _causal(reading, place, len(parts), forward)
    for place, token in enumerate(tokens):
        if not token.content or token.name or token.stem in SYMMETRIC | vague:
            continue
        before, after = tokens[:place][::-1], tokens[place + 1 :]
        if not _close_by(before) or not _close_by(after):
            continue
        left, right = _side(before, 1) - vague, _side(after) - vague
        if left and right:
            acted_on = "by" in words[place + 1 : place + 3]
            if (
                not acted_on
                and set(words[max(0, place - 3) : place]) & _BE
                and token.text[-2:] == "ed"
            ):
                continue  # "is chosen": no telling which side acts
            passive = acted_on and bool(set(words[max(0, place - 3) : place]) & _BE)
            yield Pivot(token.stem, *((right, left) if passive else (left, right)))
    yield from _compared(reading)


def _close_by(tokens: Sequence[Token]) -> bool:
    """Whether nothing but articles and the like stands before the next content word."""
    for token in tokens:
        if token.content:
            return True
        if token.text.lower() not in _THIN:
            return False
    return False


def _compared(reading: Reading) -> Iterator[Pivot]:
    """What is compared with what: the first words of the clause, and those behind "than"."""
    for place, token in enumerate(reading.tokens):
        if token.text.lower() != "than" or not reading.content:
            continue
        before = [t for t in reading.content if t.start < token.start and t.clause == token.clause]
        lesser = {"less", "fewer"} & {t.text.lower() for t in reading.tokens[:place]}
        compared = _quality(reading.tokens[:place])
        if before and compared:
            link = f"than {'less' if lesser else 'more'} {compared}"
            yield Pivot(link, _side(before, 2), _side(reading.tokens[place + 1 :], 2))


def _quality(tokens: Sequence[Token]) -> str:
    """What is compared: the word after "more", or the last word that ends in -er."""
    for place in range(len(tokens) - 1, -1, -1):
        if tokens[place].text.lower() in {"more", "less", "fewer"} and place + 1 < len(tokens):
            return tokens[place + 1].stem
        if tokens[place].text.endswith("er") and tokens[place].content:
            return tokens[place].stem
    return ""


def _repeated(reading: Reading) -> frozenset[str]:
    stems = [token.stem for token in reading.content]
    return frozenset(stem for stem in stems if stems.count(stem) > 1)


def _causal(reading: Reading, place: int, length: int, forward: bool) -> Iterator[Pivot]:
    tokens = reading.tokens
    left, right = _side(tokens[:place][::-1], 3), _side(tokens[place + length :], 3)
    if not left and place == 0:
        # "Because of A, B": the effect stands behind the comma
        clause = tokens[place].clause
        right = frozenset(
            t.stem for t in tokens[place + length :] if t.content and t.clause == clause
        )
        left = frozenset(
            t.stem for t in tokens[place + length :] if t.content and t.clause > clause
        )
    if left and right:
        yield Pivot("cause", *((left, right) if forward else (right, left)))


def _side(tokens: Sequence[Token], reach: int = 2) -> frozenset[str]:
    """The stems of the nearest content words, not further than a word's clause goes."""
    near = [token for token in tokens[: 3 * reach] if token.content][:reach]
    return frozenset(token.stem for token in near)
