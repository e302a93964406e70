"""What is said about the last answer, told with its own quotes: shorter, more, as a table, …"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cache

from app.answer import Answer, Citation, Outcome, Sentence, shown_words, source_name
from app.quoting.asked import Asked
from app.quoting.choosing import choose
from app.quoting.citing import Footnotes
from app.quoting.disagreement import disagreements
from app.quoting.lines import LISTED
from app.quoting.quoted import Quoted
from app.quoting.units import units_of
from app.search.retriever import Found
from app.understanding.answered import OfAnswer
from app.understanding.ordinals import LAST
from ingest.context import Context
from ingest.index import Index
from ingest.stored_passages import StoredPassage
from ingest.terms import terms

_SEARCHED_FOR_MORE = 20  # passages
_MEMBERS = ("item", "row")
_AROUND = 2  # sentences before and after a quote


def retold(asked: OfAnswer, index: Index, search: Callable[[str, int], list[Found]]) -> Quoted:
    """Return what is wanted of the last answer: its quotes again, fewer, more, or otherwise shown.

    `search` finds so many passages for a question, best first. What a model alone can do (another
    language, simpler words) is left to it; the quotes stand as they are.
    """
    answer = asked.answer
    if asked.kind == "more":
        return _more(asked, index, search)
    if answer.told and not answer.quotes:
        return Quoted(answer.outcome, citations=answer.citations, told=answer.told)
    passages = cache(index.catalogue.passages_of_document)  # most quotes are of few documents
    there = [(each, hit) for each in answer.quoted if (hit := _hit(each, passages)) is not None]
    if not there:
        return _said("The documents that were quoted have changed since.")
    if asked.kind == "one":
        return _one(asked, there, index)
    hits = [hit for _, hit in there]
    if asked.kind in ("shorter", "simpler"):
        hits = hits[:1]
    elif asked.kind in ("table", "list"):
        hits = _list_of(hits, index) or hits
    cut = f"The first {LISTED} of {len(hits)} are shown." if len(hits) > LISTED else ""
    hits = hits[:LISTED]
    footnotes = Footnotes.of(index)
    markers = [footnotes.marker(hit, *hit.passage.spans[hit.nearest], hit.nearest) for hit in hits]
    cited = [footnotes.citations[marker - 1] for marker in markers]
    told: list[Sentence] = []
    if asked.kind in ("table", "list") and not all(each.kind == "row" for each in cited):
        told, markers = [_line(shown_words(each), each) for each in cited], []
    elif asked.kind == "source":
        told = [_line(f"{source_name(each)} ({each.document})", each) for each in cited]
    elif asked.kind == "sure":
        told = _how_sure(answer, index, search, footnotes)
    if cut:
        told.append(Sentence(cut, (), 1.0, "supported"))
    return Quoted(
        answer.outcome,
        tuple(markers),
        tuple(footnotes.citations),
        tuple(told),
        score=answer.score,
        found=tuple({hit.passage.id: hit for hit in hits}.values()),
    )


def _hit(cited: Citation, passages_of: Callable[[str], Sequence[StoredPassage]]) -> Found | None:
    """Return the passage that a quote is in, or None where its document is not what it was."""
    for passage in passages_of(cited.document):
        unchanged = passage.document_sha256 == cited.document_sha256
        if unchanged and passage.start <= cited.start and cited.end <= passage.end:
            number = next(n for n, span in enumerate(passage.spans) if span[1] > cited.start)
            return Found(passage, 1.0, 1.0, 1.0, number)
    return None


def _more(asked: OfAnswer, index: Index, search: Callable[[str, int], list[Found]]) -> Quoted:
    """Return the quotes that come next in the same search."""
    question = asked.answer.searched_for
    shown = {(each.document, each.start) for answer in asked.shown for each in answer.quoted}
    found = search(question, _SEARCHED_FOR_MORE)
    held = Asked.of(question, index)
    units = [unit for unit in units_of(held, found) if unit.where not in shown]
    listed = [unit for choice in choose(units, held, index) for unit in choice.listed]
    new = [unit for unit in listed if unit.where not in shown]
    if not new:
        return _said("Nothing more was found on this.")
    footnotes = Footnotes.of(index)
    markers = dict.fromkeys(footnotes.cite(unit) for unit in new)
    passages = {unit.hit.passage.id: unit.hit for unit in new}
    outcome = asked.answer.outcome
    return Quoted(
        outcome, tuple(markers), tuple(footnotes.citations), found=tuple(passages.values())
    )


def _one(asked: OfAnswer, there: Sequence[tuple[Citation, Found]], index: Index) -> Quoted:
    """Return one of the quotes, or of the list that the best is from, with what is around it."""
    hits = list(
        {
            (each.passage.id, _item(each.passage, each.nearest).start): each
            for each in reversed(_listed(there, index))
        }.values()
    )[::-1]
    if asked.number != LAST and asked.number >= len(hits):
        return _said(f"There are {len(hits)} of them.")
    hit = hits[asked.number]
    footnotes = Footnotes.of(index)
    passage = hit.passage
    first, last = max(0, hit.nearest - _AROUND), hit.nearest + _AROUND + 1
    if passage.kinds[hit.nearest] in _MEMBERS:
        item = _item(passage, hit.nearest)
        first, last = item.start, item.stop
    around = [
        number
        for number in range(first, min(last, len(passage.spans)))
        if passage.kinds[number] != "heading" and number != hit.nearest
    ]
    numbers = [hit.nearest, *around]
    markers = [footnotes.marker(hit, *passage.spans[number], number) for number in numbers]
    return Quoted(
        _outcome_of_one(asked, footnotes.citations, passage),
        tuple(dict.fromkeys(markers)),
        tuple(footnotes.citations),
        found=(hit,),
    )


def _outcome_of_one(asked: OfAnswer, shown: Sequence[Citation], passage: StoredPassage) -> Outcome:
    """Return how sure one of several quotes is as an answer: less so, if it lacks what is asked."""
    said = (f"{each.quote} {each.context} {' '.join(each.columns)}" for each in shown)
    lacking = asked.topic - terms("\n".join((passage.title, passage.section, *said)))
    return "uncertain" if lacking and asked.answer.outcome == "answered" else asked.answer.outcome


def _item(passage: StoredPassage, number: int) -> range:
    """Return the numbers of the sentences of the item that one is of; of all else it alone."""
    first = last = number
    while first and _on_a_line(passage, first - 1):
        first -= 1
    while last + 1 < len(passage.spans) and _on_a_line(passage, last):
        last += 1
    return range(first, last + 1)


def _on_a_line(passage: StoredPassage, number: int) -> bool:
    """Say whether two neighbouring spans are of one item, which is one line."""
    start, end = passage.spans[number][0], passage.spans[number + 1][1]
    words = passage.text[start - passage.start : end - passage.start]
    return {*passage.kinds[number : number + 2]} == {"item"} and "\n" not in words


def _listed(there: Sequence[tuple[Citation, Found]], index: Index) -> list[Found]:
    """Return what may be counted off: quoted items or rows, or those of their list, or quotes."""
    shown = [hit for cited, hit in there if cited.kind in _MEMBERS]
    hits = [hit for _, hit in there]
    return shown if len(shown) > 1 else _list_of(hits[:1], index) or hits


def _list_of(hits: Sequence[Found], index: Index) -> list[Found]:
    """Return the whole list or table that the first of these is from, or leads into; or none."""
    for hit in hits:
        passage, number = hit.passage, hit.nearest
        is_member = passage.kinds[number] in _MEMBERS
        span, context = passage.spans[number], passage.contexts[number]
        members = [
            replace(hit, passage=each, nearest=n)
            for each in index.catalogue.passages_of_document(passage.document)
            for n, other in enumerate(each.contexts)
            if each.kinds[n] in _MEMBERS
            and (_group(other) == _group(context) if is_member else other.lead_in == span)
        ]
        if len(members) > 1:
            return members
    return []


def _group(context: Context) -> tuple[object, ...]:
    return context.columns, context.lead_in, context.headings


def _line(words: str, cited: Citation) -> Sentence:
    return Sentence(f"\n- {words}", (cited.marker,), 1.0, "supported")


def _how_sure(
    answer: Answer, index: Index, search: Callable[[str, int], list[Found]], footnotes: Footnotes
) -> list[Sentence]:
    """Say how well the quotes answer, and where documents disagree."""
    held = Asked.of(answer.searched_for, index)
    found = search(answer.searched_for, _SEARCHED_FOR_MORE)
    against = disagreements(units_of(held, found), footnotes, index.catalogue)
    likely = f"{answer.score:.0%}" if answer.score is not None else "not known"
    said = f"These are the documents' own words. How likely they answer the question: {likely}."
    if not against:
        said += " Nothing was found that says otherwise."
    return [Sentence(said, (), 1.0, "supported"), *against]


def _said(words: str) -> Quoted:
    return Quoted("uncertain", told=(Sentence(words, (), 1.0, "supported"),))
