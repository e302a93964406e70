"""A document's receipt in words, for the page and the terminal."""

from collections.abc import Iterator
from dataclasses import dataclass

from ingest.advance import Advance
from ingest.catalogue import Catalogue
from ingest.receipts import ReceiptLine

TO_TRY = 2


@dataclass(frozen=True)
class Skipped:
    """A file that was not read, and why."""

    document: str
    path: str
    why: str


def skipped(catalogue: Catalogue) -> list[Skipped]:
    """Return what was not read: what failed, what is no format of ours, what was removed."""
    failed = [one for one in catalogue.documents() if one.status == "failed"]
    return [
        *(Skipped(one.name, one.path, " ".join(one.warnings)) for one in failed),
        *left_out(catalogue),
    ]


def left_out(catalogue: Catalogue) -> list[Skipped]:
    """Return what is no document: what is no format of ours, what was removed."""
    return [
        *(Skipped(name, path, "This format is not read.") for name, path in catalogue.skipped()),
        *(
            Skipped(
                path.name, str(path), f"You removed it; `footnote ingest {path}` brings it back."
            )
            for path in sorted(catalogue.removed())
        ),
    ]


def how_far(far: Advance) -> str:
    """Say how far a run has come: "12 of 50 documents, 340 pages, 96 KB/s, 40 s left"."""
    told = [f"{far.done:,} of {far.documents:,} documents" if far.documents else ""]
    told += [_many(far.pages, "page"), f"{far.speed / 1000:,.0f} KB/s" if far.seconds > 1 else ""]
    if far.left is not None:
        left = round(far.left)
        told.append(f"{left // 60} min {left % 60:02} s left" if left >= 60 else f"{left} s left")
    return ", ".join(filter(None, told))


def what_was_read(line: ReceiptLine) -> str:
    """Say how much there is in it: "3 pages, 1 table, 812 words, language: en, 9 passages"."""
    facts = line.facts
    counted = [
        _many(line.pages, "page"),
        _many(facts.tables, "table"),
        _many(facts.words, "word"),
        f"language: {facts.language}" if facts.language else "",
        _many(line.passages, "passage"),
    ]
    return ", ".join(filter(None, counted))


def remarks(line: ReceiptLine) -> Iterator[str]:
    """Yield what is to be known of it: what was not read, what is nearly the same, what changed."""
    if line.problem:
        yield line.problem
    yield from line.warnings
    for name, share in line.nearly:
        yield f"{share:.0%} of it is the same as in {name}."
    if line.changes is not None:
        new, gone = len(line.changes.new), len(line.changes.gone)
        yield f"Sentences since the version before: {new:,} added, {gone:,} removed."


def questions_to_try(name: str, catalogue: Catalogue, most: int = TO_TRY) -> list[str]:
    """Return questions that a document answers: what its headings ask, then what they name."""
    from app.quoting.suggesting import asks, heading_question

    document = catalogue.document(name)
    if document is None or document.status == "failed":
        return []
    sections = sorted(catalogue.sections(document.name), key=lambda section: not asks(section))
    asked = [heading_question(document.title, section) for section in sections]
    about = f"What is {document.title} about?"
    return list(dict.fromkeys([*filter(None, asked), about]))[:most]


def _many(number: int, what: str) -> str:
    return f"{number:,} {what}{'' if number == 1 else 's'}" if number else ""
