"""Taking a document out, with the kept answers that hold words of it; showing that it is gone."""

from dataclasses import dataclass
from pathlib import Path

from app.journal import Journal
from app.last_resort import forget_faults
from ingest import pipeline
from ingest.catalogue import Document
from ingest.index import Index
from ingest.remains import Remains, Searched


@dataclass(frozen=True)
class Removed:
    """What was taken out, how many answers were forgotten with it, and how many were kept."""

    document: Document
    forgotten: int
    kept: int


def remove(name: str, home: Path, index: Index, keep_answers: bool = False) -> Removed:
    """Take a document out of catalogue, index and, unless told to keep them, kept answers.

    Raises DocumentError where there is no such document.
    """
    document = index.catalogue.document(name)
    journal = Journal.of(home)
    known_by = (*document.names.values(), document.sha256) if document else ()
    holding = {entry.id for each in known_by for entry in journal.entries(quoting=each)}
    # Before the document goes: who is stopped between the two can say it again.
    if holding and not keep_answers:
        journal.forget(sorted(holding))
        forget_faults()  # what is noted there may repeat what was said
    removed = pipeline.remove(name, home, index)
    kept = len(holding) if keep_answers else 0
    return Removed(removed, len(holding) - kept, kept)


def remains_of(name: str, index: Index) -> Remains:
    """Return what to look for once a document is removed: what no other one says too."""
    catalogue = index.catalogue
    document = catalogue.document(name)
    known = document.name if document else name
    text = "\n".join((catalogue.text(known) or "", *catalogue.hidden(known)))
    rest = [one.name for one in catalogue.documents() if one.name != known]
    return Remains(text, (catalogue.text(other) or "" for other in rest))


def verdict(searched: Searched, home: Path) -> str:
    """Say in a sentence what a search after a removal has found."""
    where = f"{searched.files} files ({searched.bytes / 1e6:.1f} MB) under {home}"
    if not searched.runs:
        return "Nothing to look for: all it says, other documents say too."
    if not searched.left:
        return f"Verified: none of its {searched.runs:,} runs of words is left in {where}."
    names = ", ".join(str(path.relative_to(home)) for path in searched.left)
    return f"Not gone: {sum(map(len, searched.left.values())):,} runs of its words are in {names}."
