"""What a claim takes from the rows of a table, or the items of a list, and gives to another."""

import re
from collections.abc import Iterator, Sequence
from itertools import groupby

from app.checking.alignment import Conflict, Read, enumerated
from app.language.claims import Reading, Token, matches
from app.language.quantities import same_value

# "Common (up to 1 in 10 people): …"
_LABEL = re.compile(r"\W*(\w[\w-]*(?: [\w-]+){0,2})(?: \([^()]*\))?\W{0,2}:\W{0,2}\s")


def of_another_row(claim: Reading, chosen: Sequence[Read]) -> Iterator[Conflict]:
    """What the claim gives to the row it names, and the table to one it does not name.

    So it is with what stands behind a label: "Common: nausea." "Rare: rash."
    """
    rows = [(span, key) for span in chosen if (key := _key(span))]
    named = [span for span, key in rows if any(matches(t, claim) for t in key)]
    for span, key in rows:
        if not named or span in named:
            continue
        for token in claim.content:
            here = matches(token, span.reading) and not matches(token, span.header)
            if here and not any(matches(token, one.reading) for one in named):
                of = span.reading.text[key[0].start : key[-1].end]
                whose = "table" if span.reading.text.startswith("|") else "list"
                yield Conflict("attribution", f"the {whose} says “{token.text}” of “{of}”")
                return


def of_no_row(
    claim: Reading, chosen: Sequence[Read], missing: Sequence[Token]
) -> Iterator[Conflict]:
    """A number from a table row that the claim does not name, given to what the table lacks."""
    if not missing or not all(span.reading.text.startswith("|") for span in chosen):
        return
    for span in chosen:
        key = _key(span)
        theirs = [n for n in claim.quantities for q in span.reading.quantities if same_value(n, q)]
        if key and theirs and not any(matches(token, claim) for token in key):
            of = span.reading.text[key[0].start : key[-1].end]
            yield Conflict("attribution", f"the table says {theirs[0].text} of “{of}”")
            return


def listed_nowhere(
    claim: Reading, chosen: Sequence[Read], missing: Sequence[Token]
) -> Iterator[Conflict]:
    """What a claim enumerates among the rows or items of a list, and no passage has."""
    if not enumerated(claim, chosen):
        return
    for _, item in groupby(claim.content, key=lambda token: token.clause):
        words = list(item)
        if all(token in missing for token in words):
            text = claim.text[words[0].start : words[-1].end]
            yield Conflict("attribution", f"the list does not have “{text}”")


def _key(span: Read) -> list[Token]:
    """The content words of a row's first cell, or of a label, which say what it is about."""
    text = span.reading.text
    label = _LABEL.match(text)
    end = text.find("|", 1) if text.startswith("|") else label.end(1) if label else 0
    return [token for token in span.reading.content if token.end <= end]
