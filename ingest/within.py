"""A part of an index: what is searched, counted and told is what these documents hold, and no more.

It is asked as the whole is, so that nobody who asks has to know of it.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime

from ingest.catalogue import Catalogue, Document
from ingest.embedded import Vectors
from ingest.history import Event
from ingest.index import Index

_OF_THESE = (
    "(SELECT passages.id FROM passages JOIN documents ON documents.id = document_id"
    " WHERE name IN (SELECT value FROM json_each(?)))"
)


class CatalogueWithin(Catalogue):
    """A catalogue as if there were only the documents of these names; for reading alone."""

    def __init__(self, whole: Catalogue, names: frozenset[str]) -> None:
        vars(self).update(vars(whole))  # the connections are those of the whole
        self._names = names
        self._listed = json.dumps(sorted(names))

    def _find(self, column: str = "1", value: str | int = 1) -> Iterator[Document]:
        found = super()._find(column, value)
        return (document for document in found if document.name in self._names)

    def passage_count(self) -> int:
        return self._count(f"SELECT count(*) FROM {_OF_THESE}", self._listed)

    def passages_of_spans(self, span_ids: Iterable[int]) -> dict[int, int]:
        rows = self._rows(
            "SELECT id, passage_id FROM spans WHERE id IN (SELECT value FROM json_each(?))"
            f" AND passage_id IN {_OF_THESE}",
            (json.dumps(list(span_ids)), self._listed),
        )
        return {row["id"]: row["passage_id"] for row in rows}

    def span_ids(self) -> list[int]:
        """Return the ids of all spans of these documents."""
        query = f"SELECT id FROM spans WHERE passage_id IN {_OF_THESE}"
        return [row["id"] for row in self._rows(query, (self._listed,))]

    def search_terms(self, terms: Iterable[str], top: int) -> dict[int, float]:
        found = super().search_terms(terms, super().passage_count())
        rows = self._rows(f"SELECT id FROM {_OF_THESE}", (self._listed,))
        ids = {row["id"] for row in rows}
        return dict([each for each in found.items() if each[0] in ids][:top])

    def frequencies(self, terms: Iterable[str]) -> Mapping[str, int]:
        return {term: self._matching(f'"{term}"') for term in terms}

    def _matching(self, query: str) -> int:
        counted = f"SELECT count(*) FROM words WHERE words MATCH ? AND rowid IN {_OF_THESE}"
        return self._count(counted, query, self._listed)

    def changes_since(self, when: datetime, until: datetime | None = None) -> list[Event]:
        changes = super().changes_since(when, until)
        return [event for event in changes if event.document in self._names]

    def _count(self, query: str, *values: str) -> int:
        return int(self._rows(query, values)[0][0])


class IndexWithin(Index):
    """An index as if there were only the documents of these names; for questions alone."""

    def __init__(self, whole: Index, names: frozenset[str]) -> None:
        self._whole = whole
        self._names = names
        self.folder, self.embedder = whole.folder, whole.embedder

    @property
    def catalogue(self) -> CatalogueWithin:
        return CatalogueWithin(self._whole.catalogue, self._names)

    def nearest(
        self, vector: Vectors, top: int, among: Sequence[int] | None = None
    ) -> dict[int, float]:
        return self._whole.nearest(vector, top, self.catalogue.span_ids())
