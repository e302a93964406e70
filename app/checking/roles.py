"""Who did what: whether two parts of a claim have changed places against its evidence."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from app.checking.clauses import causes_exchanged
from app.language.claims import Reading, Token
from app.language.lexicon import MONTHS, SYMMETRIC

_BE = frozenset("is are was were be been being".split())
_COPULAS = _BE | frozenset("has have had".split())
# Between two words these allow either order: "the heart of A", "B is found in A", "B's A".
_LOOSE = _BE | frozenset("of in by and or with as for from".split())
_THIN = _BE | frozenset(
    "the a an its their his her by of to than has have had also not more".split()
)
_OPPOSITES = {"after": "before", "before": "after", "from": "to", "toward": "from"}
_RELATIVES = frozenset("what who which that where when".split())
_MONTHS = frozenset(MONTHS.values())
_AUXILIARIES = frozenset(
    "has have had also later then first could can may will would often never not did does".split()
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
            _agents_exchanged(claim, reading)
            or _places_exchanged(claim, reading)
            or _parts_exchanged(claim, reading)
            or causes_exchanged(claim, reading)
            or _sides_exchanged(claim, reading)
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
            and token.stem not in _MONTHS
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


def _auxiliary(reading: Reading, start: int, end: int) -> bool:
    """Whether nothing but auxiliaries stands in `[start, end)`, and no comma."""
    words = reading.text[start:end].lower().split()
    return all(word in _AUXILIARIES for word in words)


def _order(
    claim: Reading, one: Part, two: Part, reading: Reading, there_one: Part, there_two: Part
) -> str:
    """Whether two names keep their order around a word they share: kept, turned or unknown.

    A passive turns the order round. Where a form of "be" or "have" stands between, either order
    may say the same unless the small words between are the same too.
    """
    if one.kind != "name":
        return "unknown"
    if not _in_one_clause(claim, one, two) or not _in_one_clause(reading, there_one, there_two):
        return "unknown"
    here, there = _span(claim, one, two), _span(reading, there_one, there_two)
    links = {t.stem for t in here if t.content} & {t.stem for t in there if t.content}
    if not links - SYMMETRIC:
        return "unknown"
    small = [frozenset(t.text.lower() for t in side if not t.content) for side in (here, there)]
    if (small[0] | small[1]) & _COPULAS and small[0] != small[1]:
        if (small[0] | small[1]) & _RELATIVES:
            return "unknown"
        if not (_passive(claim, one, two) or _passive(reading, there_one, there_two)):
            return "kept"
    forwards = (one.start < two.start) != _passive(claim, one, two)
    forwards_there = (there_one.start < there_two.start) != _passive(reading, there_one, there_two)
    return "kept" if forwards == forwards_there else "turned"


def _in_one_clause(reading: Reading, one: Part, two: Part) -> bool:
    clauses = {t.clause for t in reading.tokens if t.start in (one.start, two.start)}
    return len(clauses) == 1


def _span(reading: Reading, one: Part, two: Part) -> list[Token]:
    first, second = sorted((one, two), key=lambda part: part.start)
    return [t for t in reading.tokens if first.end <= t.start < second.start]


def _around(
    reading: Reading, part: Part, other: Part, passive: bool, vague: frozenset[str] = frozenset()
) -> dict[tuple[str, str], float]:
    """Words beside a part, without `vague` ones and those of `other`, by side, the nearest first.

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
        beside = [
            t for t in tokens
            if t.content and t.stem not in vague and not other.start <= t.start < other.end
        ]  # fmt: skip
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
    parts = _parts(claim)
    keys = [part.key for part in parts]
    said = [p for p in parts if len(given.get(p.key, [])) == 1 and keys.count(p.key) == 1]
    vague = _repeated(claim) | _repeated(reading)
    for index, one in enumerate(said):
        for two in said[index + 1 :]:
            if one.kind != two.kind or _akin(one, two) or _listed(claim, one, two):
                continue
            there_one, there_two = given[one.key][0], given[two.key][0]
            if _listed(reading, *sorted((there_one, there_two), key=lambda p: p.start)):
                continue
            order = _order(claim, one, two, reading, there_one, there_two)
            if order == "turned":
                return f"“{one.text}” and “{two.text}”"
            if order == "kept":
                continue
            turned = _passive(claim, one, two) != _passive(reading, there_one, there_two)
            there = [
                _around(reading, there_one, there_two, False, vague),
                _around(reading, there_two, there_one, False, vague),
            ]
            straight = crossed = 0.0
            for flip in {False, turned}:
                here = [
                    _around(claim, one, two, flip, vague),
                    _around(claim, two, one, flip, vague),
                ]
                same = _alike(here[0], there[0]) + _alike(here[1], there[1])
                other = _alike(here[0], there[1]) + _alike(here[1], there[0])
                straight = max(straight, same)
                if _side_by_side(here[0], there[1]) and _side_by_side(here[1], there[0]):
                    crossed = max(crossed, other)
            if crossed > straight + 0.7:
                return f"“{one.text}” and “{two.text}”"
    return None


def _akin(one: Part, two: Part) -> bool:
    """Whether two parts are one name in two forms: Buddhist, Buddhism."""
    return one.key == two.key or (one.kind == "name" and one.key[:5] == two.key[:5])


def _listed(reading: Reading, one: Part, two: Part) -> bool:
    """Whether nothing but "and" and commas stands between two parts: their order means nothing."""
    between = [t for t in reading.tokens if one.end <= t.start < two.start]
    return all(t.text.lower() in _JOINING or t.name for t in between)


def _passive(reading: Reading, one: Part, two: Part) -> bool:
    """Whether the later of two parts acts on the earlier one: "A was made by B".

    In "A was made by C in B" it does not.
    """
    first, second = sorted((one, two), key=lambda part: part.start)
    between = [t for t in reading.tokens if first.end <= t.start < second.start]
    return any(
        token.text.lower() == "by"
        and before.content
        and not any(t.name for t in between if t.start > token.end)
        for before, token in pairwise(between)
    )


def _agents_exchanged(claim: Reading, reading: Reading) -> str | None:
    """Two names of which another one acts in the claim: "A built B", "built by B"."""
    there = {**_agents(reading), **_patients(reading)}
    names = {part.key: part for part in _parts(reading) if part.kind == "name"}
    for verb, agent in {**_agents(claim), **_patients(claim)}.items():
        other = there.get(verb)
        if (
            other is not None
            and other.key != agent.key
            and agent.key in names
            and any(part.key == other.key for part in _parts(claim))
        ):
            return f"“{agent.text}” and “{other.text}”"
    return None


def _places_exchanged(claim: Reading, reading: Reading) -> str | None:
    """Two names of which another one stands behind a "from" or an "after"."""
    there, here = _behind(reading), _behind(claim)
    for preposition, name in here.items():
        other = there.get(preposition)
        turned = _OPPOSITES[preposition]
        if other is None or other.key == name.key or turned in here or turned in there:
            continue
        keys = [[part.key for part in _parts(one)] for one in (claim, reading)]
        if all(one.count(name.key) == 1 and one.count(other.key) == 1 for one in keys):
            return f"“{name.text}” and “{other.text}”"
    return None


def _behind(reading: Reading) -> dict[str, Part]:
    """Preposition -> the name right behind it, for those that are there once."""
    words = [token.text.lower() for token in reading.tokens]
    found: dict[str, Part] = {}
    for place, token in enumerate(reading.tokens):
        if words[place] not in _OPPOSITES or words.count(words[place]) > 1:
            continue
        for part in _parts(reading):
            behind = words[place + 1 : place + 2] == ["the"]
            if part.kind == "name" and any(
                part.start == t.start for t in reading.tokens[place + 1 : place + 2 + behind]
            ):
                found[token.text.lower()] = part
    return found


def _patients(reading: Reading) -> dict[tuple[str, str], Part]:
    """Verb -> the name it is done to: right behind it, or before "was" and the verb."""
    names = [part for part in _parts(reading) if part.kind == "name"]
    tokens, vague = reading.tokens, _repeated(reading)
    found: dict[tuple[str, str], Part] = {}
    for place, token in enumerate(tokens):
        if not token.content or token.name or token.stem in vague | SYMMETRIC:
            continue
        if not token.text.endswith(("ed", "t", "wn", "en")):
            continue
        if place and tokens[place - 1].text.lower() in _BE:
            end = tokens[place - 1].start
            near = [n for n in names if reading.text[n.end : end].strip() in {"", "has", "had"}
                    and n.end <= end]  # fmt: skip
        else:
            near = [
                n for n in names
                if n.start >= token.end and reading.text[token.end : n.start].strip() in {"", "the"}
            ]  # fmt: skip
        if near:
            found["of", token.stem] = near[0]
    return found


def _agents(reading: Reading) -> dict[tuple[str, str], Part]:
    """Verb -> the name that does it, where the name stands right before it or behind its "by"."""
    names = [part for part in _parts(reading) if part.kind == "name"]
    tokens = reading.tokens
    vague = _repeated(reading)
    found: dict[tuple[str, str], Part] = {}
    for place, token in enumerate(tokens):
        if not token.content or token.name or token.stem in vague | SYMMETRIC:
            continue
        behind = tokens[place + 1 : place + 5]
        if behind and behind[0].text.lower() == "by":
            near = [n for n in names if behind[0].end <= n.start <= behind[-1].start]
        elif token.text.endswith(("s", "ed", "t", "d", "k", "e", "w", "n")):
            near = [
                n for n in names
                if n.end <= token.start
                and _auxiliary(reading, n.end, token.start)
                and not _joined(reading, n)
            ]  # fmt: skip
        else:
            continue
        if near:
            found["by", token.stem] = near[0]
    return found


def _joined(reading: Reading, name: Part) -> bool:
    """Whether another one stands before the name: "Ann and the painter Bob"."""
    before = [token.text.lower() for token in reading.tokens if token.end <= name.start]
    return bool({"and", "or"} & set(before[-3:]))


def _sides_exchanged(claim: Reading, reading: Reading) -> str | None:
    """What is compared, with its two sides the other way round."""
    for here in _compared(claim):
        for there in _compared(reading):
            if here.link != there.link:
                continue
            direct = len(here.first & there.first) + len(here.second & there.second)
            one, two = here.first & there.second, here.second & there.first
            if one and two and direct == 0:
                return f"“{', '.join(sorted(one))}” and “{', '.join(sorted(two))}”"
    return None


@dataclass(frozen=True)
class Pivot:
    """What is compared, with the words of what has more of it and of what has less."""

    link: str
    first: frozenset[str]
    second: frozenset[str]


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


def _side(tokens: Sequence[Token], reach: int = 2) -> frozenset[str]:
    """The stems of the nearest content words, not further than a word's clause goes."""
    near = [token for token in tokens[: 3 * reach] if token.content][:reach]
    return frozenset(token.stem for token in near)
