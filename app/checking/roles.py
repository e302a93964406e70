"""Who did what: whether two names or numbers of a claim have changed places.

Worth: without it 110 of 4,380 planted errors more pass, and 10 of 1,549 true sentences more.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise

from app.checking.case import Case, Conflict
from app.checking.numbers import is_month
from app.language.claims import Reading, Token
from app.language.lexicon import words

_BY_CHANCE = 0.7  # how much nearer what is said beside the other one has to be

Beside = Mapping[tuple[str, str], float]


@dataclass(frozen=True)
class Mention:
    """A name (a run of capitalised words) or a quantity at `[start, end)` of a reading."""

    key: str
    text: str
    kind: str
    start: int
    end: int


def roles_exchanged(case: Case) -> Iterator[Conflict]:
    """Two names or numbers of the claim that stand the other way round in a piece."""
    for piece in case.chosen:
        pair = _actors(case.claim, piece.reading) or _neighbours(case.claim, piece.reading)
        if pair:
            one, two = pair
            told = f"“{one.text}” and “{two.text}”"
            reason = f"the passage says it the other way round: {told}"
            yield Conflict("exchange", reason, whole=True, refutes=True)
            return


def _mentions(reading: Reading) -> list[Mention]:
    return [*_names(reading), *_numbers(reading)]


def _numbers(reading: Reading) -> list[Mention]:
    return [
        Mention(
            f"{n.kind}{n.base:g}", n.text, "year" if n.kind == "year" else "number", n.start, n.end
        )
        for n in reading.quantities
    ]


def _names(reading: Reading) -> list[Mention]:
    found: list[Mention] = []
    run: list[Token] = []
    for token in (*reading.tokens, None):
        if (
            token is not None
            and token.content
            and token.text[0].isupper()
            and not is_month(token.stem)
            and (token.name or not run)
            and (not run or not reading.text[run[-1].end : token.start].strip())
        ):
            run.append(token)
            continue
        if run:
            text = " ".join(each.text for each in run)
            found.append(Mention(run[-1].stem, text, "name", run[0].start, run[-1].end))
        run = [token] if token is not None and token.name and token.content else []
    return found


# --- names that act or are acted upon ---


def _actors(claim: Reading, reading: Reading) -> tuple[Mention, Mention] | None:
    """Two names of which another one acts in the claim: "A built B", "built by B"."""
    names = {each.key for each in _names(claim)}
    there = _agents(reading) | _patients(reading)
    for verb, mine in (_agents(claim) | _patients(claim)).items():
        other = there.get(verb)
        if other is None or mine.text in other.text or other.text in mine.text:
            continue  # "European law" and "European Union law"
        if other.key != mine.key and {other.key, mine.key} <= names:
            return mine, other
    return None


def _agents(reading: Reading) -> dict[tuple[str, str], Mention]:
    """Verb -> the name that does it, where the name stands right before it or behind its "by"."""
    names, tokens = _names(reading), reading.tokens
    found: dict[tuple[str, str], Mention] = {}
    for place in _verbs(reading):
        token = tokens[place]
        behind = tokens[place + 1 : place + 5]
        if behind and behind[0].text.lower() == "by":
            near = [n for n in names if behind[0].end <= n.start <= behind[-1].start]
        elif token.text.endswith(tuple(words("verb_endings"))):
            near = [
                n for n in names
                if n.end <= token.start
                and set(reading.text[n.end : token.start].lower().split()) <= words("auxiliaries")
                and not _joined(reading, n)
            ]  # fmt: skip
        else:
            continue
        if near:
            found["by", token.stem] = near[0]
    return found


def _patients(reading: Reading) -> dict[tuple[str, str], Mention]:
    """Verb -> the name it is done to: right behind it, or before "was" and the verb."""
    names, tokens, text = _names(reading), reading.tokens, reading.text
    found: dict[tuple[str, str], Mention] = {}
    for place in _verbs(reading):
        token = tokens[place]
        if not token.text.endswith(tuple(words("past_endings"))):
            continue
        if place and tokens[place - 1].text.lower() in words("be"):
            end = tokens[place - 1].start
            near = [
                n for n in names
                if n.end <= end and text[n.end : end].strip() in {"", "has", "had"}
            ]  # fmt: skip
        else:
            near = [
                n for n in names
                if n.start >= token.end and text[token.end : n.start].strip() in {"", "the"}
            ]  # fmt: skip
        if near:
            found["of", token.stem] = near[0]
    return found


def _verbs(reading: Reading) -> Iterator[int]:
    """The places of words that may be verbs, and are no names; none that is said twice."""
    vague = _repeated(reading) | words("symmetric")
    for place, token in enumerate(reading.tokens):
        if token.content and not token.name and token.stem not in vague:
            yield place


def _joined(reading: Reading, name: Mention) -> bool:
    """Whether another one stands before the name: "Ann and the painter Bob"."""
    before = [token.text.lower() for token in reading.tokens if token.end <= name.start]
    return bool({"and", "or"} & set(before[-3:]))


def _repeated(reading: Reading) -> frozenset[str]:
    times = Counter(token.stem for token in reading.content)
    return frozenset(stem for stem, count in times.items() if count > 1)


# --- names and numbers among their neighbours ---


def _neighbours(claim: Reading, reading: Reading) -> tuple[Mention, Mention] | None:
    """Two names or two numbers that have each other's neighbours."""
    given: dict[str, list[Mention]] = {}
    for each in _mentions(reading):
        given.setdefault(each.key, []).append(each)
    mine = _mentions(claim)
    times = Counter(each.key for each in mine)
    known = [m for m in mine if len(given.get(m.key, [])) == 1 and times[m.key] == 1]
    vague = _repeated(claim) | _repeated(reading)
    for index, one in enumerate(known):
        for two in known[index + 1 :]:
            if one.kind != two.kind or one.key == two.key or _listed(claim, one, two):
                continue
            there = given[one.key][0], given[two.key][0]
            if _listed(reading, *sorted(there, key=lambda each: each.start)):
                continue
            order = _order(claim, (one, two), reading, there)
            if order == "turned":
                return one, two
            if order == "unknown" and _crossed(claim, (one, two), reading, there, vague):
                return one, two
    return None


Pair = tuple[Mention, Mention]


def _crossed(
    claim: Reading, pair: Pair, reading: Reading, there: Pair, vague: frozenset[str]
) -> bool:
    """Whether each of two has more of what the reading has beside the other one."""
    turned = _passive(claim, *pair) != _passive(reading, *there)
    given = [_beside(reading, one, two, False, vague) for one, two in (there, there[::-1])]
    straight = crossed = 0.0
    for flip in {False, turned}:
        mine = [_beside(claim, one, two, flip, vague) for one, two in (pair, pair[::-1])]
        straight = max(straight, _alike(mine[0], given[0]) + _alike(mine[1], given[1]))
        if _side_by_side(mine[0], given[1]) and _side_by_side(mine[1], given[0]):
            crossed = max(crossed, _alike(mine[0], given[1]) + _alike(mine[1], given[0]))
    return crossed > straight + _BY_CHANCE


def _order(claim: Reading, pair: Pair, reading: Reading, there: Pair) -> str:
    """Whether two names keep their order around a word they share: kept, turned or unknown.

    A passive turns the order round. Where a form of "be" or "have" stands between, either order
    may say the same unless the small words between are the same too.
    """
    if pair[0].kind != "name":
        return "unknown"
    if not _in_one_clause(claim, *pair) or not _in_one_clause(reading, *there):
        return "unknown"
    between = _between(claim, *pair), _between(reading, *there)
    links = [{t.stem for t in side if t.content} for side in between]
    if not (links[0] & links[1]) - words("symmetric"):
        return "unknown"
    small = [frozenset(t.text.lower() for t in side if not t.content) for side in between]
    passives = _passive(claim, *pair), _passive(reading, *there)
    if (small[0] | small[1]) & (words("be") | words("have")) and small[0] != small[1]:
        if (small[0] | small[1]) & words("relatives"):
            return "unknown"
        if not any(passives):
            return "kept"
    forwards = (pair[0].start < pair[1].start) != passives[0]
    forwards_there = (there[0].start < there[1].start) != passives[1]
    return "kept" if forwards == forwards_there else "turned"


def _in_one_clause(reading: Reading, one: Mention, two: Mention) -> bool:
    return len({t.clause for t in reading.tokens if t.start in (one.start, two.start)}) == 1


def _between(reading: Reading, one: Mention, two: Mention) -> list[Token]:
    first, second = sorted((one, two), key=lambda each: each.start)
    return [t for t in reading.tokens if first.end <= t.start < second.start]


def _beside(
    reading: Reading, one: Mention, other: Mention, passive: bool, vague: frozenset[str]
) -> Beside:
    """Words beside a mention, without `vague` ones and those of `other`, the nearest first.

    Each with the side that it stands on; in the passive the sides change places.
    """
    clause = next(t.clause for t in reading.tokens if t.end > one.start)
    left = [t for t in reading.tokens if t.end <= one.start and t.clause == clause]
    right = [t for t in reading.tokens if t.start >= one.end and t.clause == clause]
    found: dict[tuple[str, str], float] = {}
    before = [t.text.lower() for t in left if t.text.lower() not in words("articles")]
    if before and before[-1] in words("prepositions"):
        found["preposition", before[-1]] = 0.5
    for side, tokens in (("left", left[::-1]), ("right", right)):
        name = side if not passive else "right" if side == "left" else "left"
        near = [
            t for t in tokens
            if t.content and t.stem not in vague and not other.start <= t.start < other.end
        ]  # fmt: skip
        for distance, token in enumerate(near[:3], start=1):
            found[name, token.stem] = 1 / distance
            found["either", token.stem] = 0.5 / distance
    return found


def _alike(one: Beside, two: Beside) -> float:
    return sum(min(weight, two[key]) for key, weight in one.items() if key in two)


def _side_by_side(one: Beside, two: Beside) -> bool:
    return any(key in two for key in one if key[0] != "either")


def _listed(reading: Reading, one: Mention, two: Mention) -> bool:
    """Whether nothing but "and" and commas stands between two: their order means nothing."""
    between = [t for t in reading.tokens if one.end <= t.start < two.start]
    return all(t.text.lower() in words("joining") or t.name for t in between)


def _passive(reading: Reading, one: Mention, two: Mention) -> bool:
    """Whether the later of two acts on the earlier one: "A was made by B".

    In "A was made by C in B" it does not.
    """
    between = _between(reading, one, two)
    return any(
        token.text.lower() == "by"
        and before.content
        and not any(t.name for t in between if t.start > token.end)
        for before, token in pairwise(between)
    )
