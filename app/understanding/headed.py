"""Which document a question about the documents means, where only a heading of it tells."""

from dataclasses import dataclass
from datetime import datetime

from app.understanding.collection import CorpusQuestion, Summary, WhichDocument, recognised, stems
from ingest.catalogue import Catalogue, Document


@dataclass(frozen=True)
class Place:
    """`[start, end)` of a document's text, in a section of it."""

    start: int
    end: int
    section: str = ""


Placed = tuple[Document, Place | None]


def corpus_question(
    question: str, catalogue: Catalogue, now: datetime | None = None
) -> CorpusQuestion | None:
    """Return what is asked about the documents themselves, or None for any other question.

    A document that its title and name do not give away is looked for by its headings. `now` knows
    its time zone, and is this moment here when it is not given.
    """
    asked = recognised(question, catalogue.documents, now or datetime.now().astimezone())
    if isinstance(asked, WhichDocument) and asked.named and not asked.candidates:
        found = [document for document, _ in headed(stems(asked.named), catalogue)]
        if len(found) == 1:
            return Summary(found[0])
        return WhichDocument(asked.named, tuple(found))
    return asked


def headed(topic: frozenset[str], catalogue: Catalogue) -> list[Placed]:
    """Return the documents whose title, name or a heading has all of the topic's words.

    Those with a heading alone come last, each with the first sentence below it.
    """
    if not topic:
        return []
    titled: list[Placed] = []
    below: list[Placed] = []
    for document in catalogue.documents():
        if topic <= stems(f"{document.title} {document.name}"):
            titled.append((document, None))
            continue
        sections = [name for name in catalogue.sections(document.name) if topic <= stems(name)]
        if sections:
            passages = catalogue.passages_of_document(document.name)
            passage = next(each for each in passages if each.section == sections[0])
            below.append((document, Place(*passage.spans[0], passage.section)))
    return [*titled, *below]
