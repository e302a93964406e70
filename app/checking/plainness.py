"""Plainness: what a claim denies or names and its best piece does not, whatever else excuses it.

For a text of which nobody knows from which passages it was written: there, what is not plainly said
counts as not said. Other rules let "none can do without" stand for "each needs", and a name for the
"he" of the sentence behind it.

Worth: contradictions of number, name, date and negation that pass .064 → .034 of 2,082; true
sentences of a paraphrase that pass .926 → .852 of 1,549.
"""

from collections.abc import Iterator, Sequence

from app.checking.case import Case, Conflict
from app.language.claims import Reading, Token, said
from app.language.lexicon import words

_COMPARED = 3  # words behind "than" that may name what something is compared with


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
    """A comparison with what the best piece compares nothing with."""
    theirs = {token.stem for each in _compared_with(case.chosen[0].reading) for token in each}
    if any(not theirs & {token.stem for token in each} for each in _compared_with(case.claim)):
        yield Conflict("contrast", "the quote does not compare the two")


def _compared_with(reading: Reading) -> Iterator[Sequence[Token]]:
    """Yield the first words of meaning behind each "than"; "than five" is a bound."""
    for place, token in enumerate(reading.tokens):
        bounds = any(0 <= number.start - token.end <= 2 for number in reading.quantities)
        if token.text.lower() == "than" and not bounds:
            behind = [each for each in reading.tokens[place + 1 :] if each.content]
            yield behind[:_COMPARED]
