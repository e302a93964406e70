"""A claim about one thing, pieced together from documents of which each speaks of another."""

import re
from collections.abc import Iterator, Sequence

from app.checking.alignment import Conflict, Read
from app.language.claims import Reading, matches
from app.language.quantities import Quantity, same_value

# "Blue costs 4 and Green costs 5": two claims, each of which may have a document of its own.
_SEVERAL = re.compile(
    r"\b(?:and|or|but|both|while|whereas|than|unlike|compared|respectively)\b|;", re.IGNORECASE
)


def stitched(claim: Reading, chosen: Sequence[Read]) -> Iterator[Conflict]:
    """A number that one document gives, said of what only another one names or numbers.

    "Four weeks' notice in six months of probation", of a lease and of a handbook.
    """
    if len({span.document for span in chosen}) < 2 or _SEVERAL.search(claim.text):
        return
    numbers = {number.text: _numbering(number, chosen) for number in claim.quantities}
    names = {
        token.text: {
            span.document
            for span in chosen
            if any(matches(token, each) for each in (span.reading, span.context, span.header))
        }
        for token in claim.content
        if token.name
    }
    for number, given_by in numbers.items():
        for other, known_by in {**numbers, **names}.items():
            if given_by and known_by and given_by.isdisjoint(known_by):
                reason = f"“{number}” is of one document, “{other}” of another"
                yield Conflict("attribution", reason)
                return


def _numbering(number: Quantity, chosen: Sequence[Read]) -> set[str]:
    """The documents that have a number."""
    return {
        span.document
        for span in chosen
        if any(
            same_value(number, other)
            for each in (span.reading, span.header)
            for other in each.quantities
        )
    }
