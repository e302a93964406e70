"""Ways to make a true sentence false, one function a kind.

A corruption takes the sentence, other names and numbers to draw on, and a seeded generator, and
returns the false sentence, or None where it does not apply. Its word lists are its own: sharing
the checker's would measure the checker by itself.
"""

import random
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

Corruption = Callable[[str, "Pool", random.Random], str | None]


@dataclass(frozen=True)
class Pool:
    """What a corruption may take from elsewhere: the same passage, the rest of the documents."""

    near: str
    names: Sequence[str]
    fragments: Sequence[str]


_NUMBER = re.compile(r"(?<![\w.-])\d{1,3}(?:,\d{3})+(?:\.\d+)?\b|(?<![\w.-])\d+(?:\.\d+)?(?!\w)")
_YEAR = re.compile(r"\b(?:1[0-9]|20)\d\d\b")
_SPELLED = "two three four five six seven eight nine ten twelve twenty thirty".split()
_MONTHS = (
    "January February March April May June July August September October November December"
).split()
_UNITS = (
    ("kilometres", "miles", "metres"), ("kilometers", "miles", "meters"), ("km", "miles", "m"),
    ("miles", "kilometres", "feet"), ("metres", "kilometres", "feet"), ("feet", "metres", "inches"),
    ("years", "months", "decades"), ("months", "weeks", "years"), ("weeks", "days", "months"),
    ("days", "hours", "weeks"), ("hours", "minutes", "days"), ("minutes", "seconds", "hours"),
    ("seconds", "milliseconds", "minutes"), ("million", "billion", "thousand"),
    ("billion", "million", "trillion"), ("thousand", "million", "hundred"),
    ("%", " million", " years"), ("percent", "per thousand", "degrees"), ("°C", "°F", " K"),
    ("tokens", "words", "sentences"), ("kg", "tonnes", "g"), ("tonnes", "kilograms", "pounds"),
    ("parameters", "layers", "tokens"), ("gigabytes", "megabytes", "terabytes"), ("GB", "MB", "TB"),
    ("kHz", "MHz", "Hz"), ("centuries", "decades", "years"), ("century", "decade", "millennium"),
    ("dollars", "euros", "cents"), ("US$", "€", "£"), ("$", "£", "€"), ("pixels", "inches", "bits"),
    ("GW", "MW", "kW"), ("square miles", "square kilometres", "acres"),
    ("people", "families", "towns"),
)  # fmt: skip
_QUANTIFIERS = (
    (r"\b[Aa]t least\b", "at most"), (r"\b[Aa]t most\b", "at least"),
    (r"\b[Mm]ore than(?= \d| one| two| three| half)", "less than"),
    (r"\b[Oo]ver(?= \d)", "under"), (r"\b[Uu]p to\b", "at least"),
    (r"\b[Ll]ess than(?= \d| one| half)", "more than"),
    (r"\b[Ss]ome(?= of)", "all"), (r"\b[Ss]ome(?= \w+s\b)", "all"), (r"\b[Mm]any(?= \w+)", "all"),
    (r"\b[Mm]any(?= \w+)", "few"), (r"\b[Mm]ost(?= of| \w+s\b)", "all"), (r"\b[Aa]ll\b", "some"),
    (r"\b[Ss]everal\b", "all"), (r"\b[Ee]very\b", "almost no"), (r"\b[Ee]ach\b", "hardly any"),
    (r"\b[Uu]sually\b", "always"), (r"\b[Oo]ften\b", "always"), (r"\b[Oo]ften\b", "rarely"),
    (r"\b[Ss]ometimes\b", "invariably"), (r"\b[Gg]enerally\b", "without exception"),
    (r"\b[Bb]oth\b", "neither"), (r"\b[Tt]ypically\b", "only"), (r"\b[Oo]nly\b", "not only"),
    (r"^The (?=\w+s (?:are|were|have|use)\b)", "All "),
    (r"\b(?P<v>is|are|was|were) (?=used|found|made|given|seen|known)", r"\g<v> only "),
    (r"\b[Mm]ajority\b", "minority"), (r"\b[Mm]ainly|[Mm]ostly|[Pp]rimarily\b", "exclusively"),
)  # fmt: skip
_DIRECTIONS = (
    "increase decrease", "increases reduces", "increased decreased", "more less", "higher lower",
    "faster slower", "larger smaller", "greater smaller", "better worse", "before after",
    "largest smallest", "highest lowest", "earliest latest", "first last", "north south",
    "east west", "rise fall", "rose fell", "above below", "longer shorter", "cheaper dearer",
    "early late", "strong weak", "stronger weaker", "began ended", "gained lost", "won lost",
    "allows prevents", "allow prevent", "improves worsens", "easy difficult", "simple complicated",
    "success failure", "successful unsuccessful", "support oppose", "supported opposed",
    "northern southern", "eastern western", "major minor", "high low", "fast slow", "large small",
    "long short", "narrow broad", "sharp blurry", "positive negative", "maximum minimum",
    "encoder decoder", "input output", "old new", "rich poor", "accepted rejected",
)  # fmt: skip
_AUXILIARY = re.compile(
    r"\b(is|are|was|were|can|could|will|would|should|may|might|must|has|have|had|does|did)\b"
    r"(?! not|n't| no\b| never)"
)
_NO_NAMES = frozenset(
    """the this it in an as for more most on at by from when while after he she they we these those
    many some all both each his her their its if of to and but or nor not one two however there
    republic city ministry government box court house part section chapter figure table"""
    .split()
)  # fmt: skip
_ADDITIONS = (
    ", which was later confirmed by an independent study", ", mainly for financial reasons",
    ", and it received an international award for this", " and was soon copied by its rivals",
    ", a practice that was abandoned a few years later", " despite strong public opposition",
    ", according to a report by the World Bank", ", and this is taught in schools today",
    " at a cost of several million dollars", ", with the help of volunteers from Canada",
    ", as its inventors had predicted", ", which halved the cost", " under pressure from the press",
    ", and the results were published in Nature", " after a long dispute with the church",
)  # fmt: skip


def number(sentence: str, pool: Pool, rng: random.Random) -> str | None:
    """Another number in place of one: a digit changed, ten or a thousand times, a neighbour's."""
    spots = [
        m for m in _NUMBER.finditer(sentence)
        if not _YEAR.fullmatch(m.group()) and m.group().strip("0,.")
    ]  # fmt: skip
    if not spots:
        return _spelled_number(sentence, rng)
    spot = rng.choice(spots)
    old: str = spot.group()
    bare = old.replace(",", "")
    others = [n for n in _NUMBER.findall(pool.near) if n.replace(",", "") != bare]
    value = float(bare)
    options = [
        _like(old, value * 10), _like(old, value + rng.choice((1, 2, 3))), f"{old} thousand",
        _like(old, value * 2), _like(old, value / 10) if "." in old else _like(old, value * 1000),
        *rng.sample(others, min(2, len(others))),
    ]  # fmt: skip
    new = rng.choice([option for option in options if option.replace(",", "") != bare])
    return f"{sentence[: spot.start()]}{new}{sentence[spot.end() :]}"


def _spelled_number(sentence: str, rng: random.Random) -> str | None:
    spots = [m for m in re.finditer(r"\b\w+\b", sentence) if m.group().lower() in _SPELLED]
    if not spots:
        return None
    spot = rng.choice(spots)
    new = rng.choice([word for word in _SPELLED if word != spot.group().lower()])
    return _put(sentence, spot.start(), spot.end(), new)


def _like(old: str, value: float) -> str:
    decimals = len(old.partition(".")[2])
    return f"{value:,.{decimals}f}" if "," in old else f"{value:.{decimals}f}"


def unit(sentence: str, pool: Pool, rng: random.Random) -> str | None:
    """Another unit or magnitude after the same number."""
    found = [
        (match, rng.choice(others))
        for word, *others in _UNITS
        for match in re.finditer(
            rf"(?<=\d)(?P<s>[\s-]?){re.escape(word)}(?!\w)|(?P<c>(?<!\w){re.escape(word)})(?=\d)"
            rf"|\b(?:{'|'.join(_SPELLED)}) (?P<w>{re.escape(word)})\b",
            sentence,
        )
    ]
    if not found:
        return None
    match, new = rng.choice(found)
    if match.group("w"):
        return sentence[: match.start("w")] + new + sentence[match.end("w") :]
    return sentence[: match.start()] + (match.group("s") or "") + new + sentence[match.end() :]


def date(sentence: str, pool: Pool, rng: random.Random) -> str | None:
    """Another year, month or century."""
    spots = list(_YEAR.finditer(sentence))
    months = list(re.finditer(rf"\b(?:{'|'.join(_MONTHS)})\b", sentence))
    centuries = list(re.finditer(r"\b(\d\d?)(th|st|nd|rd)(?= century)", sentence))
    if spots:
        spot = rng.choice(spots)
        near = [year for year in _YEAR.findall(pool.near) if year != spot.group()]
        shifted = [str(int(spot.group()) + step) for step in (-100, -10, -1, 1, 3, 10, 20)]
        new = rng.choice(shifted + near[:3])
    elif centuries:
        spot, new = centuries[0], f"{int(centuries[0].group(1)) + 2}th"
    elif months:
        spot = rng.choice(months)
        new = rng.choice([month for month in _MONTHS if month != spot.group()])
    else:
        return None
    return f"{sentence[: spot.start()]}{new}{sentence[spot.end() :]}"


def name(sentence: str, pool: Pool, rng: random.Random) -> str | None:
    """Another name, from the passage or from elsewhere, in place of one."""
    spots = [m for m in names(sentence) if m.group() not in _MONTHS]
    others = [other for other in pool.names if other not in sentence]
    if not spots or not others:
        return None
    spot = rng.choice(spots)
    alike = [
        other for other in others
        if len(other.split()) == len(spot.group().split())
        and other.isupper() == spot.group().isupper()
    ]  # fmt: skip
    return sentence[: spot.start()] + rng.choice(alike or others) + sentence[spot.end() :]


def names(text: str) -> list[re.Match[str]]:
    """Runs of capitalised words that do not open a sentence."""
    pattern = r"(?<![.!?:]\s)(?<!^)\b[A-Z][\w-]+(?:\s[A-Z][\w-]+)*"
    return [
        match for match in re.finditer(pattern, text)
        if match.group().split()[0].lower() not in _NO_NAMES and len(match.group()) > 1
    ]  # fmt: skip


def negation(sentence: str, pool: Pool, rng: random.Random) -> str | None:
    """A negation put in or taken out."""
    out = re.search(r"\b(?:not|never|no longer)\s|n't\b|\bwithout\b|\bexcept(?: for)?\b", sentence)
    if out:
        new = {"without": "with", "except": "including", "except for": "including"}
        text = sentence[: out.start()] + new.get(out.group(), "") + sentence[out.end() :]
        return text.replace("ca ", "can ") if out.group() == "n't" else text
    spots = list(_AUXILIARY.finditer(sentence))
    if spots:
        spot = spots[0]
        word = rng.choice(["not", "never", "no longer", "not"])
        return f"{sentence[: spot.end()]} {word}{sentence[spot.end() :]}"
    verb = re.search(
        r"(?<=[a-z] )([a-z]{3,}[^s])s(?= (?:the|a|an|its|their|to|in|by|on)\b)", sentence
    )
    if verb:
        return f"{sentence[: verb.start()]}does not {verb.group(1)}{sentence[verb.end() :]}"
    return None


def quantifier(sentence: str, pool: Pool, rng: random.Random) -> str | None:
    """A quantifier or a bound exchanged, or one put in that is not there."""
    fitting = [(p, new) for p, new in _QUANTIFIERS if re.search(p, sentence)]
    if not fitting:
        return None
    pattern, new = rng.choice(fitting)
    changed = re.sub(pattern, new, sentence, count=1)
    return changed[0].upper() + changed[1:]


def direction(sentence: str, pool: Pool, rng: random.Random) -> str | None:
    """A comparison or a direction turned round."""
    pairs = [pair.split() for pair in _DIRECTIONS]
    found = [
        (match, new)
        for one, two in pairs
        for old, new in ((one, two), (two, one))
        for match in re.finditer(rf"\b{old}\b", sentence, re.IGNORECASE)
    ]
    if not found:
        return None
    match, new = rng.choice(found)
    return _put(sentence, match.start(), match.end(), new)


_TURNED = re.compile(
    r"^(?P<a>(?:(?:The|A|An|This|These|Many|Some) )?[\w' -]{2,60}?) "
    r"(?P<v>caused?|causes|led to|leads to|resulted in|results in|produced?s?|because of|"
    r"because|due to|"
    r"forced?s?|defeated|invented|created|founded|replaced?s?|conquered|influenced|attacked|"
    r"is part of|is a subset of|is a kind of|is larger than|is faster than|"
    r"contains?|teach(?:es)?|taught|"
    r"trains?|guides?|controls?|depends on|precedes?|follows?|supported|opposed|invaded|joined|"
    r"was caused by|were caused by|was founded by|was defeated by|was replaced by|was made by|"
    r"was written by|was created by|was developed by|was influenced by|"
    r"is generated by|is produced by|is caused by|come from|comes from) "
    r"(?P<b>[\w' -]{2,60}?)(?P<rest>[,.;].*|\s(?:in|on|at|during|after|from|and|when|which)\b.*)$"
)


_BECAUSE = re.compile(
    r"^(?P<a>[^,;]{12,120}?),? (?P<v>because|since|as a result of|because of|due to) "
    r"(?P<b>[^,;]{12,120})(?P<rest>)[.]$"
)
_BECAUSE_FIRST = re.compile(
    r"^(?P<v>Because|Since) (?P<a>[^,;]{12,120}), (?P<b>[^,;]{12,120})(?P<rest>)[.]$"
)
_THAN = re.compile(
    r"^(?P<a>[\w' -]{3,40}?) "
    r"(?P<v>(?:is|are|was|were|has|have|had|gives?|needs?|works?)\b[^,;]*? than)"
    r" (?P<b>[\w' -]{3,40}?)(?: (?:do|does|did))?(?P<rest>[.,].*)$"
)
_CONTRAST = re.compile(
    r"^(?P<a>[\w' -]{2,40}?) (?P<v>(?:is|are|was|were|has|have|uses?|needs?|gives?)\b[^,;]*, "
    r"(?:while|whereas|but)) (?P<b>[\w' -]{2,40}?)"
    r"(?P<rest> (?:is|are|was|were|has|have|uses?|needs?|gives?)\b.*)$"
)
# Said of two in either order it is as true as before.
_EITHER_WAY = re.compile(
    r"\b(?:and|or|between|same|equal|similar|different|differs?|connect\w*|link\w*|married|met"
    r"|contrast\w*|border\w*|shar\w+)\b|,"
)
_POINTING = frozenset("it they he she this that these those there who which".split())


def exchange(sentence: str, pool: Pool, rng: random.Random) -> str | None:
    """Cause and effect, the two sides of a comparison, or who did it and to whom, exchanged."""
    for pattern in (_THAN, _CONTRAST, _TURNED, _BECAUSE, _BECAUSE_FIRST):
        match = pattern.match(sentence)
        if match is None or match["a"].lower() in _POINTING or match["b"].lower() in _POINTING:
            continue
        if pattern is _BECAUSE_FIRST:
            second = _lowered(match["a"], pool)
            return f"{match['v']} {match['b']}, {second}."
        turned = f"{match['b']} {match['v']} {_lowered(match['a'], pool)}{match['rest']}"
        turned = turned if turned.endswith(".") else f"{turned}."
        return turned[0].upper() + turned[1:]
    return _names_exchanged(sentence, pool)


def _lowered(text: str, pool: Pool) -> str:
    """What opened a sentence as it is written inside one."""
    first = text.split()[0]
    named = any(first in name.split() for name in pool.names) or re.search(r"^\S+ [A-Z]", text)
    return text if named or first[1:] != first[1:].lower() else text[0].lower() + text[1:]


def _names_exchanged(sentence: str, pool: Pool) -> str | None:
    text = " " + sentence
    found = [m for m in names(text) if m.group() not in _MONTHS]
    if found and found[0].start() == 1 and not any(found[0].group() in n for n in pool.names):
        del found[0]  # only the first word of the sentence
    for order, one in enumerate(found):
        for two in found[order + 1 :]:
            between = text[one.end() : two.start()]
            if (
                one.group() != two.group()
                and re.search(r"[a-z]{3,}", between)
                and not _EITHER_WAY.search(between)
            ):
                return (
                    text[: one.start()] + two.group() + between + one.group() + text[two.end() :]
                ).strip()
    return None


def addition(sentence: str, pool: Pool, rng: random.Random) -> str | None:
    """A plausible clause that the passage does not hold."""
    body = sentence.rstrip(".")
    if pool.fragments and rng.random() < 0.5:
        fragment = rng.choice(pool.fragments).rstrip(".")
        if not re.match(r"[A-Z]{2}", fragment):
            fragment = fragment[0].lower() + fragment[1:]
        return f"{body}, and {fragment}."
    return f"{body}{rng.choice(_ADDITIONS)}."


def _put(sentence: str, start: int, end: int, new: str) -> str:
    if sentence[start].isupper():
        new = new[0].upper() + new[1:]
    return sentence[:start] + new + sentence[end:]


KINDS: Mapping[str, Corruption] = {
    "number": number, "unit": unit, "name": name, "date": date, "negation": negation,
    "quantifier": quantifier, "direction": direction, "exchange": exchange, "addition": addition,
}  # fmt: skip
