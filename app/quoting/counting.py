"""How many: counted by code from the rows or items that are asked for, each of them quoted."""

from collections.abc import Sequence

from app.answer import Sentence
from app.language import answer_types
from app.quoting.asked import Asked
from app.quoting.choosing import Choice
from app.quoting.citing import Footnotes


def counted(asked: Asked, chosen: Sequence[Choice], footnotes: Footnotes) -> list[Sentence]:
    """Return the count of the best rows or items, where a number of things is asked for.

    Nothing where one row alone is meant, for then the number stands in it.
    """
    if not chosen or not answer_types.counts(asked.question):
        return []
    members = chosen[0].units
    if len(members) < 2:
        return []
    noun = {"row": "rows", "item": "items"}.get(members[0].kind, "places")
    whole = "all of them" if chosen[0].whole else "those that say what was asked"
    markers = tuple(footnotes.cite(unit) for unit in chosen[0].listed)
    words = f"Counted: {len(members)} {noun}, {whole}."
    return [Sentence(words, markers, 1.0, "supported")]
