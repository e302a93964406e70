"""What is asked, above the question box: all documents, or which of them."""

import html
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet

from app.quoting.lines import counted
from app.scope import Scope
from ingest.catalogue import Document
from ingest.loaders import FORMATS

MOST = 500
"""Documents that can be ticked; of more, those in a collection are asked together."""


def asking(
    scope: Scope, documents: Sequence[Document], collections: Mapping[str, AbstractSet[str]]
) -> str:
    """What a conversation asks of the documents that were read, and the way to ask another."""
    if not documents:
        return ""
    names = scope.names(documents, collections)
    words = "All documents" if names is None else _words(scope, documents)
    many = str(len(documents)) if names is None else counted(len(names), "document")
    groups = [
        _checks("Collections", "in", scope.collections, _collections(collections)),
        _checks("Documents", "document", scope.documents, _documents(documents, scope)),
        _checks("Kinds", "type", scope.types, _types(documents)),
    ]
    return (
        f'<details data-query="{html.escape(scope.query)}"><summary><span class="what" dir="auto">'
        f'{words}</span> <span class="count">{many}</span></summary>'
        f'<form class="choices" aria-label="What is asked">{"".join(groups)}{_dates(scope)}'
        '<div class="tools"><button type="submit">Ask these</button>'
        '<button type="button" data-act="all">Ask all</button></div></form></details>'
    )


def _words(scope: Scope, documents: Sequence[Document]) -> str:
    titles = {document.name: document.title or document.name for document in documents}
    named = [*scope.collections, *(titles.get(name, name) for name in scope.documents)]
    kinds = [FORMATS.get(each, each) for each in scope.types]
    period = [f"from {scope.since}"] if scope.since else []
    period += [f"to {scope.until}"] if scope.until else []
    parts = [", ".join(named) or "All", ", ".join(kinds), " ".join(period)]
    return html.escape(" · ".join(part for part in parts if part))


def _collections(collections: Mapping[str, AbstractSet[str]]) -> list[tuple[str, str, str]]:
    return [(name, name, str(len(members))) for name, members in collections.items()]


def _documents(documents: Sequence[Document], scope: Scope) -> list[tuple[str, str, str]]:
    chosen = [each for each in documents if each.name in scope.documents]
    rest = [each for each in documents if each.name not in scope.documents]
    shown = [*chosen, *rest[:MOST]]
    return [(each.name, each.title or each.name, each.date or "") for each in shown]


def _types(documents: Sequence[Document]) -> list[tuple[str, str, str]]:
    types = sorted({each.type for each in documents})
    counts = {kind: sum(each.type == kind for each in documents) for kind in types}
    return [(kind, FORMATS.get(kind, kind), str(counts[kind])) for kind in types]


def _checks(
    legend: str, field: str, chosen: Sequence[str], choices: Sequence[tuple[str, str, str]]
) -> str:
    """A box to tick for each choice: (value, words, note)."""
    if not choices:
        return ""
    filtering = ""
    if len(choices) > 8:
        filtering = f'<input type="search" placeholder="Filter" aria-label="Filter: {legend}">'
    boxes = "".join(
        f'<li><label><input type="checkbox" name="{field}" value="{html.escape(value)}"'
        f'{" checked" if value in chosen else ""}> <span dir="auto">{html.escape(words)}</span>'
        f' <span class="count">{html.escape(note)}</span></label></li>'
        for value, words, note in choices
    )
    return f"<fieldset><legend>{legend}</legend>{filtering}<ul>{boxes}</ul></fieldset>"


def _dates(scope: Scope) -> str:
    fields = "".join(
        f'<label>{words} <input name="{name}" value="{html.escape(value)}" placeholder="2024-05"'
        ' pattern="[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?" size="10"></label>'
        for name, words, value in (("since", "From", scope.since), ("until", "To", scope.until))
    )
    return f'<fieldset class="dates"><legend>Dated</legend>{fields}</fieldset>'
