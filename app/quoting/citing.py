"""The documents' own words as footnotes."""

from dataclasses import dataclass, field

from app.answer import Citation, GivenPassage, Kind
from app.quoting.units import Unit
from app.search.retriever import Found
from ingest.blocks import table_cells
from ingest.passages import page_at


@dataclass
class Footnotes:
    """Numbers quotes as they come, each once. `page_starts` are offsets by document."""

    page_starts: dict[str, tuple[int, ...]]
    citations: list[Citation] = field(default_factory=list)

    def cite(self, unit: Unit, first: int | None = None) -> int:
        """Return the marker of a unit, with the spans of its passage from `first` on."""
        start = unit.span[0] if first is None else unit.hit.passage.spans[first][0]
        return self.marker(unit.hit, start, unit.span[1], unit.number)

    def marker(self, hit: Found, start: int, end: int, number: int | None = None) -> int:
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
        self.citations.append(
            Citation(
                marker=len(self.citations) + 1,
                document=passage.document,
                title=passage.title,
                section=passage.section,
                page=page_at(self.page_starts.get(passage.document, ()), start),
                start=start,
                end=end,
                quote=passage.text[start - passage.start : end - passage.start],
                document_sha256=passage.document_sha256,
                columns=tuple(table_cells(columns)) if columns else (),
                kind=kind,
                context=passage.contexts[number].words,
            )
        )
        return len(self.citations)


def given_passage(hit: Found) -> GivenPassage:
    """Return a found passage as the answer's record keeps it."""
    passage = hit.passage
    return GivenPassage(
        document=passage.document,
        title=passage.title,
        section=passage.section,
        page=passage.page,
        start=passage.start,
        end=passage.end,
        text=passage.text,
        score=round(hit.score, 4),
        document_sha256=passage.document_sha256,
    )
