"""An answer as HTML: the documents' own words, and what a model made of them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from app.answer import REFUSAL, REWORDED, UNCERTAIN, Answer, Citation, Sentence, source_name
from app.export.written import blocks, withheld_words
from app.page import markdown
from app.page.links import citation_link
from app.quoting.lines import counted
from app.templating import template
from ingest.blocks import table_cells

_FIRST = 2  # places that are shown of an uncertain answer; the others are folded


@dataclass(frozen=True)
class _Quote:
    """A quote as the template shows it; `words` is safe HTML."""

    marker: int
    href: str
    label: str
    words: Any
    cells: Sequence[str]


def answered(answer: Answer, running: bool) -> str:
    """Return what an answer says, in the order in which its voices speak."""
    notes = {each.marker: _quote(answer, each) for each in answer.citations}
    groups, is_sure = _groups(answer, notes), answer.outcome != "uncertain"
    shown = len(groups) if is_sure else _FIRST
    return template("app.page", "answer.html").render(
        refusal=REFUSAL if answer.refused else "",
        uncertain=UNCERTAIN if answer.outcome == "uncertain" and answer.quotes else "",
        told=list(_paragraphs(answer.told, notes)),
        groups=groups,
        shown=shown,
        further=counted(len(groups) - shown, "more place"),
        paragraphs=list(_paragraphs(answer.prose, notes)),
        pending=answer.pending if running else "",
        model=f"In the words of {answer.model}" if answer.model not in ("", "none") else "",
        prose_first=answer.prose_first,
        thought=answer.thought,
        thinking=running and not (answer.prose or answer.pending or answer.withheld),
        speaker=answer.model,
        withheld=answer.withheld,
        withheld_words=withheld_words(answer),
        show="Show it" if len(answer.withheld) == 1 else "Show them",
    )


def _groups(answer: Answer, notes: Mapping[int, _Quote]) -> list[dict[str, Any]]:
    """Return the quotes, those of one table or list together, with where they stand."""
    first: dict[tuple[object, ...], int] = {}
    for place, each in enumerate(answer.quoted):
        first.setdefault(_group_of(each), place)
    quoted = sorted(
        enumerate(answer.quoted),
        key=lambda each: each[0] if each[1].kind == "sentence" else first[_group_of(each[1])],
    )
    return [
        {
            "kind": kind,
            "columns": columns,
            "place": place,
            "context": context,
            "quotes": [notes[each.marker] for each in members],
        }
        for (kind, columns, place, context), members in groupby(
            (each for _, each in quoted), key=_group_of
        )
    ]


def _group_of(citation: Citation) -> tuple[str, tuple[str, ...], str, str]:
    place = source_name(citation)
    beside = [each for each in citation.context.split("; ") if each not in place]
    context = "; ".join(beside) if citation.kind == "item" else ""
    return citation.kind, citation.columns, place, context


def _paragraphs(
    sentences: Sequence[Sentence], notes: Mapping[int, _Quote]
) -> Iterator[dict[str, Any]]:
    for kind, members in blocks(sentences):
        yield {
            "kind": "item" if kind == "item" else "prose",
            "sentences": [
                {
                    "text": each.text,
                    "notes": [notes[m] for m in each.markers if m in notes],
                    "doubt": REWORDED if each.doubted else "",
                }
                for each in members
            ],
        }


def _quote(answer: Answer, citation: Citation) -> _Quote:
    from markupsafe import Markup

    is_row = citation.kind == "row"
    return _Quote(
        marker=citation.marker,
        href=citation_link(answer, citation).href,
        label=f"Footnote {citation.marker}: {source_name(citation)}",
        words="" if is_row else Markup(markdown.render_fragment(citation.quote, [])),
        cells=table_cells(citation.quote) if is_row else (),
    )
