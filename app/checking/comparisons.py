"""Comparisons: which of two things is said to be more."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from app.checking.alignment import Conflict, Read
from app.language.claims import Reading, Token

_DEGREES = frozenset("more less fewer greater higher lower better worse".split())
_COMPARATIVES = _DEGREES | frozenset(
    "older younger newer earlier later larger bigger smaller longer shorter taller wider narrower "
    "deeper shallower thicker thinner heavier lighter faster quicker slower harder easier simpler "
    "cheaper dearer richer poorer stronger weaker hotter colder warmer cooler drier wetter safer "
    "cleaner closer nearer farther further brighter darker louder quieter smarter denser sharper "
    "smoother rougher rarer broader busier healthier blurrier noisier tighter looser".split()
)
_WINDOW = 4  # words at most between a comparative and its "than"
_WITHIN = frozenset("the a an of its their his her that those other".split())


@dataclass(frozen=True)
class _Comparison:
    """ "A is harder to train than B": its comparative, of what, and the two that are compared."""

    comparative: Token
    of: frozenset[str]
    more: tuple[Token, ...]
    less: tuple[Token, ...]


def compared_otherwise(claim: Reading, chosen: Sequence[Read]) -> Iterator[Conflict]:
    """What a claim says is more, and a passage says is less: "B is older", but A is older than B.

    Silent where the claim does not open with what the passage has behind "than".
    """
    for span in chosen:
        for found in _comparisons(span.reading):
            if more := next((t for t in claim.tokens if _turns(found, claim, t)), None):
                reason = f"the passage says “{more.text}” the other way round"
                yield Conflict("exchange", reason, whole=True)
                return


def _turns(found: _Comparison, claim: Reading, token: Token) -> bool:
    """Whether a word of the claim is the comparative, said of the lesser of the two."""
    same = token.text.lower() == found.comparative.text.lower()
    if not same or token.negated != found.comparative.negated:
        return False
    lesser = {t.stem for t in found.less} - {t.stem for t in found.more}
    subject = _before(claim, token)[:1]
    return any(t.stem in lesser for t in subject) and _of_the_same(claim, token, found)


def _comparisons(reading: Reading) -> Iterator[_Comparison]:
    tokens = reading.tokens
    for place, token in enumerate(tokens):
        if token.text.lower() != "than":
            continue
        less: list[Token] = []
        for after in tokens[place + 1 :]:
            if after.content and after.clause == token.clause:
                less.append(after)
            elif after.clause != token.clause or after.text.lower() not in _WITHIN:
                break
        for comparative in tokens[max(0, place - _WINDOW) : place]:
            if _is_comparative(comparative) and comparative.clause == token.clause:
                between = (t for t in reading.content if comparative.end <= t.start < token.start)
                of = frozenset(t.stem for t in between)
                more = _before(reading, comparative)
                yield _Comparison(comparative, of, more, tuple(less))


def _is_comparative(token: Token) -> bool:
    return token.text.lower() in _COMPARATIVES


def _before(reading: Reading, comparative: Token) -> tuple[Token, ...]:
    """The words before a comparative in its clause, without other comparatives.

    The second one of "faster and cheaper" has those of the first.
    """
    opening = next(t for t in reading.tokens if t.clause == comparative.clause)
    clauses = {comparative.clause, comparative.clause - (opening.text.lower() in {"and", "or"})}
    return tuple(
        t
        for t in reading.content
        if t.clause in clauses and t.end <= comparative.start and not _is_comparative(t)
    )


def _of_the_same(claim: Reading, token: Token, found: _Comparison) -> bool:
    """Whether both compare the same: more memory, not more time. "Longer" says it by itself."""
    if token.text.lower() not in _DEGREES or not found.of:
        return True
    after = [t.stem for t in claim.content if t.start >= token.end][:2]
    return bool(found.of & set(after))
