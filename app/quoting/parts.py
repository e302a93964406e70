"""What a document, or a page or numbered part of it, is about: in its own words."""

from app.answer import Sentence
from app.quoting.citing import Footnotes
from app.quoting.quoted import Quoted
from app.quoting.summary import opening_passages, opening_quotes
from app.search.retriever import Found
from app.understanding.collection import OfDocuments
from app.understanding.mentions import is_part
from ingest.catalogue import Document
from ingest.index import Index
from ingest.places import page_at
from ingest.stored_passages import StoredPassage

_QUOTED = 12  # sentences of a page or part
_FOR_A_SUMMARY = 640  # tokens of passages


def told_in_words(asked: OfDocuments, index: Index) -> Quoted | None:
    """Return how one document's sections begin, or what stands on a page or in a part; or None."""
    readable = [each for each in asked.documents if each.status != "failed"]
    if asked.kind == "about" and len(readable) == len(asked.documents) == 1:
        return _summary(readable[0], index)
    return _quoted_part(asked, index) if asked.kind in ("page", "part") else None


def _summary(document: Document, index: Index) -> Quoted:
    found = opening_passages(document.name, index, _FOR_A_SUMMARY)
    footnotes = Footnotes.of(index)
    quotes = tuple(opening_quotes(found, footnotes))
    return Quoted(quotes=quotes, citations=tuple(footnotes.citations), found=tuple(found))


def _quoted_part(asked: OfDocuments, index: Index) -> Quoted | None:
    """Return what stands on a page or in a numbered part of the documents, or None for nothing."""
    spans = [
        (Found(passage, 1.0, 1.0, 1.0, number), number)
        for document in asked.documents
        for passage in index.catalogue.passages_of_document(document.name)
        for number, span in enumerate(passage.spans)
        if passage.kinds[number] != "heading" and _is_in(asked, document, passage, span[0])
    ]
    if not spans:
        return None
    footnotes = Footnotes.of(index)
    quotes = [footnotes.marker(hit, *hit.passage.spans[n], n) for hit, n in spans[:_QUOTED]]
    cut = f"The first {_QUOTED} of {len(spans)} are shown." if len(spans) > _QUOTED else ""
    said = (Sentence(cut, (), 1.0, "supported"),) if cut else ()
    found = {hit.passage.id: hit for hit, _ in reversed(spans[:_QUOTED])}
    return Quoted(
        quotes=tuple(quotes),
        citations=tuple(footnotes.citations),
        told=said,
        found=tuple(reversed(found.values())),
    )


def _is_in(asked: OfDocuments, document: Document, passage: StoredPassage, start: int) -> bool:
    if asked.kind == "page":
        return str(page_at(document.page_starts, start)) == asked.number
    return is_part(passage.section, asked.number)
