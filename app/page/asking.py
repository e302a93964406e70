"""What is asked, above the question box: all documents, or which of them."""

from collections import Counter
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet

from app.quoting.lines import counted
from app.scope import Scope
from app.templating import template
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
    chosen = [each for each in documents if each.name in scope.documents]
    rest = [each for each in documents if each.name not in scope.documents]
    kinds = Counter(each.type for each in documents)
    return template("app.page", "asking.html").render(
        scope=scope,
        words=words,
        many=many,
        collections=[(name, name, len(members)) for name, members in collections.items()],
        documents=[
            (each.name, each.title or each.name, each.date or "")
            for each in (*chosen, *rest[:MOST])
        ],
        kinds=[(kind, FORMATS.get(kind, kind), kinds[kind]) for kind in sorted(kinds)],
    )


def _words(scope: Scope, documents: Sequence[Document]) -> str:
    titles = {document.name: document.title or document.name for document in documents}
    named = [*scope.collections, *(titles.get(name, name) for name in scope.documents)]
    kinds = [FORMATS.get(each, each) for each in scope.types]
    period = [f"from {scope.since}"] if scope.since else []
    period += [f"to {scope.until}"] if scope.until else []
    parts = [", ".join(named) or "All", ", ".join(kinds), " ".join(period)]
    return " · ".join(filter(None, parts))
