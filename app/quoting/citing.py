"""The documents' own words as footnotes."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from app.answer import Citation, Kind
from app.quoting.units import Unit
from app.search.retriever import Found
from ingest.blocks import table_cells
from ingest.index import Index


@dataclass
class Footnotes:
    """Numbers quotes as they come, each once. `place` tells an offset's page and time."""

    place: Callable[[str, int], tuple[int | None, str]]
    citations: list[Citation] = field(default_factory=list)

    @classmethod
    def of(cls, index: Index, before: Sequence[Citation] = ()) -> "Footnotes":
        """Return footnotes to passages of `index`, counted on from those `before`."""
        return cls(index.catalogue.place, list(before))

    def cite(self, unit: Unit, with_subject: bool = False) -> int:
        """Return the marker of a unit.

        `with_subject` says that what opens its document is shown beside it: who speaks, of what.
        """
        return self.marker(unit.hit, *unit.span, unit.number, with_subject)

    def marker(
        self,
        hit: Found,
        start: int,
        end: int,
        number: int | None = None,
        with_subject: bool = False,
    ) -> int:
        """Return the number of a quote's footnote, a new one for a quote not cited before.

        `[start, end)` are offsets into the document's text, within the passage found; `number` is
        the span that tells its kind and context, by default the one that begins there.
        """
        passage = hit.passage
        for citation in self.citations:
            if (citation.document, citation.start, citation.end) == (passage.document, start, end):
                return citation.marker
        if number is None:
            number = next((n for n, span in enumerate(passage.spans) if span[1] > start), 0)
        kind: Kind = passage.kinds[number]
        columns = passage.header_of_row(start).partition("\n")[0] if kind == "row" else ""
        about = passage.about
        opens = about.opening is not None and about.opening[0] <= start < about.opening[1]
        subject = about.opening_words if with_subject and not opens else ""
        page, time = self.place(passage.document, start)
        self.citations.append(
            Citation(
                marker=len(self.citations) + 1,
                document=passage.document,
                title=passage.title,
                section=passage.section,
                page=page,
                time=time,
                start=start,
                end=end,
                quote=passage.text[start - passage.start : end - passage.start],
                document_sha256=passage.document_sha256,
                columns=tuple(table_cells(columns)) if columns else (),
                kind=kind,
                context="; ".join(filter(None, (subject, passage.contexts[number].words))),
            )
        )
        return len(self.citations)
