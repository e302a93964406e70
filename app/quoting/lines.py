"""Answers that code gives, line by line: each names a document and has a footnote to its words."""

import re
from dataclasses import dataclass, field

from app.answer import Citation, Sentence
from app.understanding.mentions import Place
from ingest.catalogue import Catalogue, Document

LISTED = 40
"""Lines at most; of more it is said how many there are."""

_TITLE_WITHIN = 5_000


@dataclass
class Telling:
    """An answer in lines as it grows, each of a document with a footnote to its words."""

    catalogue: Catalogue
    sentences: list[Sentence] = field(default_factory=list)
    citations: list[Citation] = field(default_factory=list)

    def say(self, words: str) -> None:
        """Add a sentence that only counts, or speaks of what has no text."""
        self.sentences.append(Sentence(" ".join(words.split()), (), 1.0, "supported"))

    def say_of(self, document: Document, words: str, place: Place | None = None) -> None:
        """Add a line about a document, with a footnote to `place` or to its title."""
        text = self.catalogue.text(document.name)
        place = place or (_opening(document, text, self.catalogue) if text else None)
        if text is None or place is None:
            self.say_line(words)
            return
        marker = len(self.citations) + 1
        page, time = self.catalogue.place(document.name, place.start)
        self.citations.append(
            Citation(
                marker=marker,
                document=document.name,
                title=document.title,
                section=place.section,
                page=page,
                time=time,
                start=place.start,
                end=place.end,
                quote=text[place.start : place.end],
                document_sha256=document.sha256,
            )
        )
        self.say_line(words, marker)

    def say_line(self, words: str, *markers: int) -> None:
        """Add a line of a list."""
        line = f"\n- {' '.join(words.split())}"
        self.sentences.append(Sentence(line, markers, 1.0, "supported"))

    def say_rest(self, number: int) -> None:
        """Say how many lines were left out, where any were."""
        if number > 0:
            self.say_line(
                f"{number} more {are(number)} not named here: the Documents tab and "
                "`footnote documents` list all."
            )


def _opening(document: Document, text: str, catalogue: Catalogue) -> Place | None:
    """Return where the title stands on a line of its own, or else the first sentence."""
    line = rf"^[#*_\s]*({re.escape(document.title)})[#*_ \t]*$"
    found = re.search(line, text[:_TITLE_WITHIN], re.MULTILINE) if document.title else None
    if found:
        return Place(*found.span(1))
    passages = catalogue.passages_of_document(document.name)
    return Place(*passages[0].spans[0], passages[0].section) if passages else None


def name_of(document: Document) -> str:
    """Return what a document is called: its title, and its name where that is another."""
    same = document.title in ("", document.name)
    return document.name if same else f"{document.title} ({document.name})"


def counted(number: int, noun: str) -> str:
    """Return a number with its noun."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def are(number: int) -> str:
    """Return the verb that goes with so many."""
    return "is" if number == 1 else "are"
