"""What is asked: which of the documents, by collection, by name, by type and by date.

A scope is small enough for an address (`in=Papers&document=a.md`), and says nothing of what the
documents are now; `names` does.
"""

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Self
from urllib.parse import parse_qsl, urlencode

from ingest.catalogue import Document


@dataclass(frozen=True)
class Scope:
    """Documents of any of these collections, or of these names; all, where none are named.

    Of these only what has one of the `types`, and a date from `since` to `until` (ISO 8601, as far
    as it is given: "2024" is the whole year), where these are given.
    """

    collections: tuple[str, ...] = ()
    documents: tuple[str, ...] = ()
    types: tuple[str, ...] = ()
    since: str = ""
    until: str = ""

    @classmethod
    def parse(cls, query: str) -> Self:
        """Read what `query` wrote; what else an address says is left."""
        fields = parse_qsl(query)
        named = {
            name: tuple(dict.fromkeys(value for key, value in fields if key == name))
            for name in ("in", "document", "type", "since", "until")
        }
        since, until = (("", *named[name])[-1] for name in ("since", "until"))
        return cls(named["in"], named["document"], named["type"], since, until)

    @property
    def query(self) -> str:
        """The scope as part of an address; empty for all documents."""
        fields = [("in", each) for each in self.collections]
        fields += [("document", each) for each in self.documents]
        fields += [("type", each) for each in self.types]
        fields += [(name, value) for name, value in (("since", self.since), ("until", self.until))]
        return urlencode([(name, value) for name, value in fields if value])

    def names(
        self, documents: Sequence[Document], collections: Mapping[str, AbstractSet[str]]
    ) -> frozenset[str] | None:
        """Return the names of the documents that are asked, or None for all of them.

        `collections` has the names of the documents of each.
        """
        if self == Scope():
            return None
        chosen = {name for each in self.collections for name in collections.get(each, ())}
        chosen |= set(self.documents)
        is_any = not (self.collections or self.documents)
        return frozenset(
            document.name
            for document in documents
            if (is_any or document.name in chosen)
            and (not self.types or document.type in self.types)
            and self._is_within(document.date or "")
        )

    def _is_within(self, date: str) -> bool:
        """Whether a date, which may be a year alone, lies in the period; none lies in no period."""
        if not (self.since or self.until):
            return True
        starts = not self.since or date[: len(self.since)] >= self.since[: len(date)]
        ends = not self.until or date[: len(self.until)] <= self.until
        return bool(date) and starts and ends
