"""What a sentence states, as far as it can be compared: words, names, quantities, polarity.

Nothing here knows about passages or verdicts: a claim and its evidence are read with the same eyes.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from itertools import groupby

from app.language import lexicon
from app.language.quantities import Quantity, quantities
from ingest import terms

_BY = re.compile(r"(?<=\d)[x×](?=\d+\b)")  # "256x256" is read as "256 by 256" is
_WORD = re.compile(r"[^\W_]+(?:['’.&][^\W_]+|-\d\w*(?:\.\d+)*)*")
_BETWEEN_CLAUSES = re.compile(r"[,;:()–—|]")
_CONTRACTED = re.compile(r"'(?:s|ve|re|ll|d|m)$")
_ACRONYMS = re.compile(r"[A-Z]{2,}s|[b-df-hj-np-tv-xz]{2,}s")  # "LLMs", "pdfs"
# "cannot be more than five" bounds a number and denies nothing
_BOUNDED = re.compile(r"(?:\s\w+)?\s(?:(?:more|less|fewer|higher|lower|longer) than|exceed)")
_DIGITS = re.compile(r"[\d.]+(?:['’]s)?")
_UNDONE = re.compile(r"\s(?:un(?!der)\w{4,}|without)\b")
_REACH = 4  # content words a negation reaches at most


@dataclass(frozen=True)
class Token:
    """A word at `[start, end)` of its text.

    `stem` is what words are compared by. `name` says that the word is written like a name (capital
    inside a sentence, acronym, letters with digits), or is the number of one ("Windows 10").
    `negated` is the parity of the negations that reach it, and `depth` how many content words
    behind the negation it stands. `denies` marks the negation itself. `clause` counts the clauses
    of the sentence from 0.
    """

    text: str
    stem: str
    start: int
    end: int
    content: bool
    name: bool
    negated: bool = False
    clause: int = 0
    depth: int = 0
    denies: bool = False


@dataclass(frozen=True, eq=False)
class Reading:
    """A text read: its tokens in order and its quantities. Two readings are never equal."""

    text: str
    tokens: tuple[Token, ...]
    quantities: tuple[Quantity, ...]

    @cached_property
    def content(self) -> tuple[Token, ...]:
        """The words that carry meaning and are not part of a quantity."""
        return tuple(token for token in self.tokens if token.content)

    @cached_property
    def stems(self) -> frozenset[str]:
        """All stems of the text, function words too."""
        return frozenset(token.stem for token in self.tokens)

    @cached_property
    def beginnings(self) -> dict[str, list[int]]:
        """The first six letters of stems that have as many, with the lengths of those."""
        found: dict[str, list[int]] = {}
        for each in self.stems:
            if len(each) > 5:
                found.setdefault(each[:6], []).append(len(each))
        return found

    @cached_property
    def words(self) -> frozenset[str]:
        """All words of the text in lower case."""
        return frozenset(token.text.lower() for token in self.tokens)

    @cached_property
    def initials(self) -> tuple[str, str]:
        """First letters of all words and of the content words: what acronyms are made of.

        A blank stands between clauses, and between the cells of a row.
        """
        return _initials(self.tokens), _initials(self.content)

    @cached_property
    def acronyms(self) -> frozenset[str]:
        """The acronyms of three letters and more, in lower case."""
        letters = {token.text.removesuffix("s") for token in self.tokens}
        return frozenset(each.lower() for each in letters if 3 <= len(each) <= 6 and each.isupper())


def _initials(tokens: Sequence[Token]) -> str:
    clauses = groupby(tokens, key=lambda token: token.clause)
    return " ".join("".join(each.text[0].lower() for each in clause) for _, clause in clauses)


@lru_cache(maxsize=50_000)
def stem(word: str) -> str:
    """The form by which two words count as the same: a search's, and irregular forms' first one.

    "colours" and "color", "optimise" and "optimization", "Norwegian" and "Norway" are equal.
    """
    if _ACRONYMS.fullmatch(word):
        word = word[:-1]
    word = terms.folded(word).replace("’", "'").removesuffix("'s").replace(".", "").replace("'", "")
    for known in (lexicon.forms("demonyms"), lexicon.months()):
        if word in known:
            return known[word]
    return terms.stem(lexicon.forms("irregular").get(word, word))


def _is_name(text: str, first: bool) -> bool:
    letters = [char for char in text if char.isalpha()]
    lowered = text.lower()
    if not letters or lowered in lexicon.words("function") | lexicon.words("opening"):
        return len(letters) > 1 and all(char.isupper() for char in letters)
    if sum(char.isupper() for char in letters) > 1 or any(char.isdigit() for char in text):
        return True
    return letters[0].isupper() and text[0] == letters[0] and not first


def _carries_meaning(word: str) -> bool:
    lowered = word.lower().replace("’", "'")
    bare = _CONTRACTED.sub("", lowered)
    return bare not in lexicon.words("function") and not lowered.endswith("n't")


@lru_cache(maxsize=8192)
def read(text: str) -> Reading:
    """Read `text` (a sentence, a table row, a heading) into words and quantities."""
    apart = _BY.sub(" ", text)
    numbers: dict[int, Quantity] = {}
    for each in quantities(apart):
        numbers |= dict.fromkeys(range(each.start, each.end), each)
    tokens: list[Token] = []
    kept = {each.start: each for each in numbers.values()}
    clause, first = 0, True
    for match in _WORD.finditer(apart):
        word, (start, end) = match.group(), match.span()
        if tokens and (
            _BETWEEN_CLAUSES.search(text, tokens[-1].end, start)
            or word.lower() in lexicon.words("clause_starts")
        ):
            clause += 1
        number = numbers.get(start)
        if number is not None and _is_label(number, tokens, text):
            del kept[number.start]
            label = f"{tokens[-1].stem} {number.value:g}"
            tokens.append(Token(word, label, start, end, True, True, clause=clause))
            continue
        name = number is None and _is_name(word, first)
        content = number is None and (name or _carries_meaning(word))
        tokens.append(Token(word, stem(word), start, end, content, name, clause=clause))
        first = text[end : end + 1] in {".", "!", "?", "|"} or (first and not word[0].isalnum())
    return Reading(text, tuple(_with_polarity(text, tokens)), tuple(kept.values()))


def _is_label(number: Quantity, tokens: Sequence[Token], text: str) -> bool:
    """Whether a number belongs to the name right before it: "Windows 10", "section 5"."""
    if not tokens or number.kind != "count" or not _DIGITS.fullmatch(number.text):
        return False
    before = tokens[-1]
    if number.dimension or text[before.end : number.start] != " ":
        return False
    named = before.content and before.text[0].isupper() and before.stem not in lexicon.months()
    word = before.text.lower()
    return named or word in lexicon.words("numbered") | lexicon.words("parts")


def _with_polarity(text: str, tokens: Sequence[Token]) -> list[Token]:
    """Mark the tokens that a negation reaches: those after it, to the end of its clause."""
    lowered = text.lower()
    uncounted = {
        match.start()
        for phrase in lexicon.phrases("uncounted_negations")
        if phrase in lowered
        for match in re.finditer(rf"\b{phrase}\b", lowered)
    }
    negated, depth = [False] * len(tokens), [0] * len(tokens)
    cues = [
        place for place, token in enumerate(tokens)
        if (_denies(tokens, place) or _prefers(tokens, place)) and token.start not in uncounted
        and not lowered.startswith("no. ", token.start)
        and not _BOUNDED.match(lowered, token.end)
        and not _UNDONE.match(lowered, token.end)
    ]  # fmt: skip
    for order, place in enumerate(cues):
        if order and tokens[place].text.lower() in lexicon.words("exceptions"):
            continue  # "not used except in trains": used in trains
        reached = 0
        for later in range(place + 1, len(tokens)):
            if later == place + 1 and tokens[later].text.lower() in lexicon.words("after_negation"):
                continue  # "no longer", "rather than"
            if tokens[later].clause != tokens[place].clause and reached:
                break
            negated[later] = not negated[later]
            reached += tokens[later].content
            depth[later] = reached
            if reached >= (1 if tokens[place].text.lower() == "non" else _REACH):
                break
    return [
        replace(token, negated=negated[place], depth=depth[place], denies=place in cues)
        if depth[place] or negated[place] or place in cues
        else token
        for place, token in enumerate(tokens)
    ]


def _prefers(tokens: Sequence[Token], place: int) -> bool:
    """Whether "rather than", "instead of" or "far from" begins here: what follows is not so."""
    pair = " ".join(token.text.lower() for token in tokens[place : place + 2])
    return pair in lexicon.phrases("prefers")


def _denies(tokens: Sequence[Token], place: int) -> bool:
    lowered = tokens[place].text.lower().replace("’", "'")
    if lowered in lexicon.words("negations_before_to"):
        return [token.text for token in tokens[place + 1 : place + 2]] == ["to"]
    return lowered in lexicon.words("negations") or lowered.endswith("n't")


def without_negative_prefix(word: str) -> str | None:
    """The stem of "practical" for "impractical"; None when no negative prefix is there."""
    lowered = terms.folded(word)
    for prefix, letters in lexicon.values("negative_prefixes").items():
        if lowered.startswith(prefix) and len(lowered) >= len(prefix) + letters:
            return stem(lowered.removeprefix(prefix))
    return None


@lru_cache(maxsize=100_000)
def said(claim: Reading, by: Reading) -> frozenset[int]:
    """Where the content words of a claim begin that another reading has.

    A word is had where `matches` says so, and where it spells out an acronym: "mean time to repair"
    where MTTR stands.
    """
    found = {token.start for token in claim.content if matches(token, by)}
    for tokens in (claim.tokens, claim.content) if by.acronyms else ():
        letters = "".join(token.text[0].lower() for token in tokens)
        for acronym in by.acronyms:
            place = letters.find(acronym)
            if place >= 0 and tokens[place].clause == tokens[place + len(acronym) - 1].clause:
                found |= {token.start for token in tokens[place : place + len(acronym)]}
    return frozenset(found)


def matches(token: Token, reading: Reading) -> bool:
    """Whether a reading has the same word: same stem, or for common words the same beginning."""
    if " " in token.stem:
        return token.stem in reading.stems or _is_number_of_it(token, reading)
    if token.stem in reading.stems or terms.folded(token.text) in reading.words:
        return True
    for short, full in lexicon.in_full().items():
        if token.stem == short and full <= reading.stems:
            return True
        if token.name and token.stem in full and short in reading.stems:
            return True
    if token.name:
        return _abbreviates(token, reading) or any(
            _belongs(_bare(token.text), _bare(word))
            for word in reading.words
            if word[:3] == terms.folded(token.text)[:3]
        )
    return any(
        abs(length - len(token.stem)) <= 4 for length in reading.beginnings.get(token.stem[:6], ())
    )


def _is_number_of_it(token: Token, reading: Reading) -> bool:
    """Whether a reading numbers the name of a label elsewhere: "model" and "8 heads", "War I"."""
    name, _, number = token.stem.partition(" ")
    if name not in reading.stems or any(each.startswith(f"{name} ") for each in reading.stems):
        return False
    numerals = dict(enumerate(lexicon.in_order("roman"), 1))
    return numerals.get(int(float(number))) in reading.words or any(
        f"{each.value:g}" == number and not each.dimension for each in reading.quantities
    )


def _abbreviates(token: Token, reading: Reading) -> bool:
    """Whether it is short for a run of words: GAN, generative adversarial network; LoRA."""
    letters = re.sub(r"['’]?s$", "", token.text.replace(".", ""))
    if not 2 <= len(letters) <= 6:
        return False
    if letters.isupper():
        return any(letters.lower() in initials for initials in reading.initials)
    beginnings = re.findall(r"[A-Z][a-z]*", letters)
    return "".join(beginnings) == letters and _begin(beginnings, reading)


def _begin(beginnings: Sequence[str], reading: Reading) -> bool:
    """Whether neighbouring words begin so: "Vi" and "T", vision transformer."""
    words = [token.text.lower() for token in reading.tokens]
    runs = zip(*(words[place:] for place in range(len(beginnings))), strict=False)
    return len(beginnings) > 1 and any(
        all(word.startswith(begin.lower()) for word, begin in zip(run, beginnings, strict=True))
        for run in runs
    )


def _bare(word: str) -> str:
    """A name without the ending of the genitive or the plural."""
    word = terms.folded(word).replace("’", "'").removesuffix("'s")
    return word[:-1] if len(word) > 3 and word.endswith("s") and word[-2] != "s" else word


def _belongs(one: str, two: str) -> bool:
    """Whether a name is another with the ending of those who belong to it: Paris, Parisian."""
    short, long = sorted((one, two), key=len)
    return long.startswith(short) and long[len(short) :] in lexicon.words("belonging")
