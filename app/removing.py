"""Taking a document out, with the kept answers that hold words of it; showing that it is gone."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path

from app.conversations import Conversations
from app.journal import Journal
from app.last_resort import forget_faults
from ingest import pipeline
from ingest.catalogue import Document
from ingest.index import Index
from ingest.remains import RUN, Remains, Searched


@dataclass(frozen=True)
class Removed:
    """What was taken out, how many answers were forgotten with it, and how many were kept."""

    document: Document
    forgotten: int
    kept: int


def remove(name: str, home: Path, index: Index, keep_answers: bool = False) -> Removed:
    """Take a document out of catalogue, index and, unless told to keep them, kept answers.

    Answers that quote any version of it go, and so does whatever else in conversations repeats
    twelve words in a row that only this document says: questions, titles, notes. Raises
    DocumentError where there is no such document.
    """
    document = index.catalogue.document(name)
    kept = Conversations(Journal.of(home))
    known_by = _known_by(document, index) if document else ()
    if keep_answers or document is None:
        removed = pipeline.remove(name, home, index)
        return Removed(removed, 0, len(kept.quoting(known_by)))
    repeats = _repeats(document.name, index, kept.journal.quoted_of(known_by))
    # Before the document goes: who is stopped between the two can say it again. And after it: an
    # answer may have been under way.
    forgotten = kept.forget_quoting(known_by, repeats)
    removed = pipeline.remove(name, home, index)
    forgotten += kept.forget_quoting(known_by, repeats)
    if forgotten:
        forget_faults()  # what is noted there may repeat what was said
    return Removed(removed, forgotten, 0)


def _known_by(document: Document, index: Index) -> set[str]:
    """The names of a document, and the hashes that its files have had."""
    names = {document.name, *document.names.values()}
    had = {each.sha256 for each in index.catalogue.history() if each.document in names}
    return {*names, *had, document.sha256} - {""}


def _repeats(name: str, index: Index, quoted: Sequence[str]) -> Callable[[str], bool]:
    """Say of a text whether it repeats a run of words that this document alone says, or said.

    Of what it said before it was changed only that is known which was `quoted`.
    """
    said = "\n".join((index.catalogue.text(name) or "", *quoted))
    if len(said.split()) < RUN:
        return lambda _: False  # fewer words are anybody's
    alone = Remains(said)
    # Both are taken before the document goes; to say what is its alone takes all documents.
    whole = "\n".join((said, *index.catalogue.hidden(name)))
    unique = cache(partial(_alone, whole, name, index))
    return lambda words: alone.is_in(words) and unique().is_in(words)


def remains_of(name: str, index: Index) -> Remains:
    """Return what to look for once a document is removed: what no other one says too."""
    catalogue = index.catalogue
    document = catalogue.document(name)
    known = document.name if document else name
    text = "\n".join((catalogue.text(known) or "", *catalogue.hidden(known)))
    return _alone(text, known, index)


def _alone(text: str, name: str, index: Index) -> Remains:
    catalogue = index.catalogue
    rest = [one.name for one in catalogue.documents() if one.name != name]
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
