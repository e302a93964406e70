"""Passages → the documents' own words that answer a question, and whether they answer it at all."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, replace

from app.answer import Citation, Sentence
from app.language import answer_types
from app.quoting.asked import Asked
from app.quoting.choosing import MOST, Choice, apart, choose, nearest
from app.quoting.citing import Footnotes
from app.quoting.counting import worked_out
from app.quoting.differences import difference
from app.quoting.disagreement import disagreements
from app.quoting.judging import Calibration, signals, unsaid
from app.quoting.quoted import Quoted
from app.quoting.suggesting import suggested_questions
from app.quoting.twofold import questions_in
from app.quoting.units import Unit, units_of
from app.quoting.versions import in_force_first, superseded
from app.search.retriever import Found
from ingest.index import Index

# In log-odds, of which a question that points back has all, and one that may only go on a share.
_SAME_DOCUMENT, _SAME_SECTION = 1.0, 0.5
_GOING_ON = 0.5


def quote(
    question: str,
    found: Sequence[Found],
    index: Index,
    calibration: Calibration,
    beside: str = "",
    before: str = "",
    near: Citation | None = None,
) -> Quoted:
    """Return the quotes that answer a question from the passages found, best first.

    `beside` is what was told with the question; it weighs little, and demands nothing. `before` is
    the question that it cannot be understood without: the quotes are chosen for the one, and judged
    by both. What stands where the last answer's quote `near` stands is likelier.
    """
    texts = [hit.passage.text for hit in found]
    asked = Asked.of(question, index, beside, before).with_names_in(texts)
    units = units_of(asked, found)
    if near is not None:
        units = _nearer(units, near, 1.0 if before else _GOING_ON)
    aside = f"{before} {beside}"
    chosen = in_force_first(_each_answered(asked, found, units, index, aside), units, asked)
    judged = signals(asked, units, chosen, index)
    if before:
        both = replace(Asked.of(f"{before} {question}", index), demanded=asked.demanded)
        read = units_of(both, found)
        judged = signals(both, read, [_among(read, choice) for choice in chosen], index)
    score = round(calibration.scale.score(judged), 4)
    outcome = calibration.scale.outcome(score)
    said = frozenset[str]().union(*(unit.said for unit in units))
    missing = _missing(asked, unsaid(asked, said, outcome))
    record = {name: round(float(value), 4) for name, value in asdict(judged).items()}
    if outcome == "refused":
        suggestions = suggested_questions(found, question, index.catalogue.sections)
        return Quoted(outcome, (), (), (), missing, tuple(suggestions), score, record)
    if outcome == "uncertain":
        chosen = nearest(chosen)
    footnotes = Footnotes.of(index)
    shown = [unit for choice in chosen for unit in choice.listed]
    quotes = [
        footnotes.cite(unit, _needs_its_subject(choice, question))
        for choice in chosen
        for unit in choice.listed
    ]
    told = [
        *worked_out(asked, chosen, footnotes),
        *difference(asked, chosen, footnotes),
        *superseded(chosen, asked, footnotes),
        *disagreements(units, footnotes, index.catalogue, shown),
        *(_cut(choice) for choice in chosen if choice.listed != choice.units),
    ]
    return Quoted(
        outcome,
        tuple(dict.fromkeys(quotes)),
        tuple(footnotes.citations),
        tuple(told),
        missing,
        (),
        score,
        record,
        tuple(_passages(chosen)),
    )


def _nearer(units: Sequence[Unit], near: Citation, share: float) -> list[Unit]:
    """Return the units, those of the document and section of a quote worth more."""
    return [
        replace(
            unit,
            worth=unit.worth
            + share * _SAME_DOCUMENT * (unit.document == near.document)
            + share * _SAME_SECTION * (_section(unit) == (near.document, near.section)),
        )
        for unit in units
    ]


def _section(unit: Unit) -> tuple[str, str]:
    return unit.document, unit.hit.passage.section


def _among(units: Sequence[Unit], choice: Choice) -> Choice:
    """Return a choice with those units in it that are the same in another reading."""
    read = {unit.where: unit for unit in units}
    shown = tuple(read.get(unit.where, unit) for unit in choice.units)
    return replace(choice, best=read.get(choice.best.where, choice.best), units=shown)


def _each_answered(
    asked: Asked, found: Sequence[Found], units: Sequence[Unit], index: Index, aside: str
) -> list[Choice]:
    """Return what answers a question; of several in one, first what answers each."""
    chosen = choose(units, asked, index)
    parts = questions_in(asked.question)
    if len(parts) == 1:
        return chosen
    first: list[Choice] = []
    for part in parts:
        rest = f"{asked.question.replace(part, ' ', 1)} {aside}"
        alone = Asked.of(part, index, rest).with_names_in(hit.passage.text for hit in found)
        first += choose(units_of(alone, found), alone, index)[:1]
    return apart([*chosen[:1], *first, *chosen[1:]])[: MOST + len(parts) - 1]


def _needs_its_subject(choice: Choice, question: str) -> bool:
    """Say whether it is to be told of what quotes speak: which is asked, or there are several."""
    documents = {unit.document for unit in choice.units}
    return len(documents) > 1 or answer_types.chooses(question)


def _cut(choice: Choice) -> Sentence:
    words = f"The first {len(choice.listed)} of {len(choice.units)} are shown."
    return Sentence(words, (), 1.0, "supported")


def _missing(asked: Asked, terms: Sequence[str]) -> str:
    if not terms:
        return ""
    codes = [asked.written[term] for term in terms if any(map(str.isdigit, asked.written[term]))]
    written = dict.fromkeys(asked.written[term] for term in terms)
    parts = {part for part in written for code in codes if part != code and part in code}
    *others, last = (f"“{each}”" for each in written if each not in parts)
    listed = f"{', '.join(others)} or {last}" if others else last
    if asked.unknown.issuperset(terms):
        return f"The documents do not mention {listed}."
    return f"Nothing that was found mentions {listed}."


def _passages(chosen: Sequence[Choice]) -> Iterable[Found]:
    """Return the passages that are quoted, each once, as they are quoted: the best quote's first.

    What a table or list has in further passages was not found by itself, and is as likely as the
    row or item that brought it.
    """
    hits: dict[int, Found] = {}
    for choice in chosen:
        score = choice.best.hit.score
        for unit in (choice.best, *choice.units):
            hit = replace(unit.hit, nearest=unit.number, score=unit.hit.score or score)
            hits.setdefault(hit.passage.id, hit)
    return hits.values()
