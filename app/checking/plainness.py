"""Plainness: does one piece say all of a claim in its own words?

What is said plainly has no word that the piece has not in some form, small ones that count or place
included, and all in one stretch; each name as it is written there, each number of the same thing,
and none beside which the piece has others of its kind. It denies, names and compares as its best
piece does, whatever else excuses it: other rules let "none can do without" stand for "each needs",
and a name for the "he" of the sentence behind it.

Worth: of 998 contradictions of number, name, date and negation in whole texts 55 break no other
rule, and none of them is said plainly; 483 of 484 true sentences in the documents' own words are,
and 111 of 556 paraphrases.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import takewhile

from app.checking.case import Case, Conflict
from app.checking.evidence import Piece
from app.language.claims import Reading, Token, said, stem
from app.language.lexicon import kinds, licences, words
from app.language.quantities import Quantity, same_value

_STEM = 3  # letters that two forms of a word have in common, at least
_STRETCH = 2  # times the words of a claim
_COMPARED = 3  # words on either side of "than" that may name what is compared, and by what


def says_all(claim: Reading, piece: Piece) -> bool:
    """Say whether a piece, with what belongs to it, has every word, name and number of a claim."""
    theirs = (*piece.reading.tokens, *piece.context.tokens)
    had = said(claim, piece.reading) | said(claim, piece.context)
    written = piece.reading.words | piece.context.words
    return (
        all(token.start in had for token in claim.content)
        and all(any(same_word(t.text, each.text) for each in theirs) for t in claim.content)
        and all(t.text.lower() in written for t in claim.tokens if _is_exact(t, claim))
        and _has_numbers(claim, piece)
        and _stand_together(claim, piece)
    )


def _stand_together(claim: Reading, piece: Piece) -> bool:
    """Whether the words of a claim are in one stretch of a piece: a long one has most words."""
    wanted, seen = {token.stem for token in claim.content} & piece.reading.stems, dict[str, int]()
    for at, token in enumerate(piece.reading.tokens):
        if token.stem in wanted:
            seen[token.stem] = at
            first = min(seen.values())
            if len(seen) == len(wanted) and at - first < _STRETCH * len(claim.tokens):
                return True
    return not wanted


def same_word(one: str, other: str) -> bool:
    """Say whether two are forms of one word: "makes" and "making", not "token" and "tokenizer".

    "Tokenizer is the unit of text" has the stems of "A token is the unit of text".
    """
    one, other = one.lower(), other.lower()
    if one == other:
        return True
    pairs = takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False))
    shared = sum(1 for _ in pairs)
    if shared < _STEM:
        return False
    ends = words("inflections") | {""}
    # "run" and "running": the last letter is doubled
    doubled = {each[shared:].removeprefix(one[shared - 1]) for each in (one, other)}
    return doubled <= ends or {one[shared:], other[shared:]} <= ends


def _is_exact(token: Token, claim: Reading) -> bool:
    """Whether no other form will do: a name inside the sentence, a word that counts or places."""
    word = token.text.lower()
    counts = word in kinds("counted") or any(word in own for own, _ in licences().values())
    return counts or word in words("placing") or (token.text[0].isupper() and token.start > 0)


def _has_numbers(claim: Reading, piece: Piece) -> bool:
    """Whether a piece has each number as often, and no other that might be meant."""
    mine, own = claim.quantities, piece.reading.quantities
    return all(
        _times(number, mine) <= _times(number, (*own, *piece.context.quantities))
        and all(_times(other, mine) for other in own if other.dimension == number.dimension)
        for number in mine
    )


def _times(number: Quantity, among: Iterable[Quantity]) -> int:
    """How often a number is stated of the same thing."""
    return sum(
        same_value(number, other)
        and number.dimension == other.dimension
        and (stem(number.noun) == stem(other.noun) or not (number.noun and other.noun))
        for other in among
    )


def denied_otherwise(case: Case) -> Iterator[Conflict]:
    """Another number of denials than the best piece has."""
    if _denials(case.claim) != _denials(case.chosen[0].reading):
        yield Conflict("negation", "the quote does not say plainly what is denied")


def _denials(reading: Reading) -> int:
    """How many words deny something, also those that "un-" behind them undoes."""
    lowered = [token.text.lower().replace("’", "'") for token in reading.tokens]
    return sum(word in words("negations") or word.endswith("n't") for word in lowered)


def named_elsewhere(case: Case) -> Iterator[Conflict]:
    """A name that neither the best piece has nor what belongs to it."""
    claim, best = case.claim, case.chosen[0]
    had = said(claim, best.reading) | said(claim, best.context)
    for place, token in enumerate(claim.tokens):
        opens = place == 0 and token.text[0].isupper() and token.stem in best.names
        if token.content and (token.name or opens) and token.start not in had:
            yield Conflict("attribution", f"the quote does not name “{token.text}”")
            return


def pieced_together(case: Case) -> Iterator[Conflict]:
    """A claim that takes pieces of several documents, none of which says it."""
    if len({piece.document for piece in case.chosen}) > 1:
        yield Conflict("attribution", "no document says all of this by itself")


def compared_otherwise(case: Case) -> Iterator[Conflict]:
    """A comparison with what the best piece compares nothing with, or by another measure."""
    theirs = list(_comparisons(case.chosen[0].reading))
    for by, than in _comparisons(case.claim):
        if not any(than & other and set(by[-1:]) <= set(their) for their, other in theirs):
            yield Conflict("contrast", "the quote does not compare the two")
            return


def _comparisons(reading: Reading) -> Iterator[tuple[Sequence[str], frozenset[str]]]:
    """Yield the words of meaning on both sides of each "than"; "than five" is a bound."""
    for place, token in enumerate(reading.tokens):
        bounds = any(0 <= number.start - token.end <= 2 for number in reading.quantities)
        if token.text.lower() == "than" and not bounds:
            before = [each.stem for each in reading.tokens[:place] if each.content]
            behind = [each.stem for each in reading.tokens[place + 1 :] if each.content]
            yield before[-_COMPARED:], frozenset(behind[:_COMPARED])
