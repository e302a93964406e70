"""What is worked out by code from the rows, items or sentences quoted: how many, how much."""

from collections.abc import Sequence

from app.answer import Sentence
from app.language import answer_types, comparing
from app.quoting.asked import Asked
from app.quoting.choosing import Choice
from app.quoting.citing import Footnotes
from app.quoting.members import extremes, numbers, unit_of, written_like
from ingest.terms import terms

_NOUNS = {"row": "rows", "item": "items"}


def worked_out(asked: Asked, chosen: Sequence[Choice], footnotes: Footnotes) -> list[Sentence]:
    """Return the count, the extreme and the sum of what is quoted first, as far as asked for.

    Nothing where one row alone is meant, for then the number stands in it.
    """
    if not chosen or len(chosen[0].members) < 2:
        return []
    told = []
    if answer_types.counts(asked.question) and _are_what_is_counted(asked, chosen[0]):
        told.append(_counted(chosen[0], footnotes))
    extreme = comparing.extreme(asked.question)
    if extreme is not None:
        told += _compared(asked, extreme, chosen[0], footnotes)
    if comparing.totals(asked.question):
        told.append(_added_up(asked, chosen[0], footnotes))
    return told


def _are_what_is_counted(asked: Asked, choice: Choice) -> bool:
    """Say whether each says in its place what is to be counted, and not itself how many there are.

    Two sentences with a number each are two versions of a rule.
    """
    counted = terms(" ".join(answer_types.after_how_many(asked.question)))
    tell_it = all(
        unit.kind == "sentence" and answer_types.brings("number", unit.text, asked.question)
        for unit in choice.members
    )
    return not tell_it and all(unit.said & counted for unit in choice.members)


def _counted(choice: Choice, footnotes: Footnotes) -> Sentence:
    whole = "all of them" if choice.whole else "those that say what was asked"
    return _told(f"Counted: {len(choice.members)} {_noun(choice)}, {whole}.", choice, footnotes)


def _compared(
    asked: Asked, extreme: comparing.Extreme, choice: Choice, footnotes: Footnotes
) -> list[Sentence]:
    """Return which has the most or the least; that none was found, where something is measured."""
    best = extremes(choice.members, asked)
    if not best:
        words = "Not compared: these do not all tell a number."
        return [_told(words, choice, footnotes)] if extreme.dimensions else []
    number = next(filter(None, numbers(best, asked, extreme.dimensions)))
    words = f"Compared: {len(choice.members)} {_noun(choice)}; the {extreme.word} is {number.text}."
    return [Sentence(words, tuple(footnotes.cite(unit) for unit in best), 1.0, "supported")]


def _added_up(asked: Asked, choice: Choice, footnotes: Footnotes) -> Sentence:
    found = [number for number in numbers(choice.members, asked) if number]
    kinds = {unit_of(number) for number in found}
    if len(found) < len(choice.members) or len(kinds) != 1 or None in kinds:
        return _told("Not added up: these do not all tell a number.", choice, footnotes)
    total = sum(number.value for number in found)
    written = written_like(found, total)
    return _told(f"Added up: {len(found)} {_noun(choice)} come to {written}.", choice, footnotes)


def _noun(choice: Choice) -> str:
    return _NOUNS.get(choice.members[0].kind, "places")


def _told(words: str, choice: Choice, footnotes: Footnotes) -> Sentence:
    markers = tuple(footnotes.cite(unit) for unit in choice.listed)
    return Sentence(words, markers, 1.0, "supported")
