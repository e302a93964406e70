"""Where documents speak of something: in title, name or headings, or in their text."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePath

from app.language.lexicon import small_terms
from ingest.catalogue import Catalogue, Document
from ingest.stored_passages import StoredPassage
from ingest.terms import read_terms, terms

_PASSAGES_LOOKED_AT = 1_000
_ISO = re.compile(r"\d{4}-\d\d")
_NUMBERED = re.compile(r"(?:[^\W\d_]+\s+)?[§#*]*\s*(\d+\w?(?:\.\d+\w?)*)\b")
_OR = re.compile(r"\s+or\s+")


@dataclass(frozen=True)
class Place:
    """`[start, end)` of a document's text, in a section of it."""

    start: int
    end: int
    section: str = ""


@dataclass(frozen=True)
class Placed:
    """A document, and where in it: None for its title or name."""

    document: Document
    place: Place | None = None


def topic_terms(topic: str) -> frozenset[str]:
    """Return the terms of what is named that carry meaning, each by itself; of a date its month."""
    read = [term for term in read_terms(spelt(topic)) if not term.whole or _ISO.match(term.text)]
    found = frozenset(term.text for term in read)
    return found - small_terms() or found


def spelt(name: str) -> str:
    """Return a file's name as words: "okafor-2023.md" has a name and a year."""
    return re.sub(r"[-_./\\]+", " ", name)


def names_of(document: Document) -> set[str]:
    """Return what a document is called, in lower case."""
    path = PurePath(document.name)
    return {each.casefold() for each in (document.name, path.name, path.stem, document.title)}


def about(document: Document) -> frozenset[str]:
    """Return the terms of a document's title, name, author and date."""
    said = (document.title, spelt(document.name), document.author, document.date or "")
    return terms("\n".join(said))


def titled(topic: str, documents: Sequence[Document]) -> list[Document]:
    """Return the documents that are called so, or else that say it in title, name or date."""
    wanted = topic_terms(topic)
    exact = [each for each in documents if topic.casefold() in names_of(each)]
    return exact or [each for each in documents if wanted and wanted <= about(each)]


def headed(topic: str, documents: Sequence[Document], catalogue: Catalogue) -> list[Placed]:
    """Return the documents with a heading that says it, each with what stands first below it."""
    wanted = topic_terms(topic)
    found = []
    for document in documents:
        sections = [each for each in catalogue.sections(document.name) if wanted <= terms(each)]
        if wanted and sections:
            passages = catalogue.passages_of_document(document.name)
            passage = next(each for each in passages if each.section == sections[0])
            found.append(Placed(document, Place(*passage.spans[0], passage.section)))
    return found


def with_part(number: str, documents: Sequence[Document], catalogue: Catalogue) -> list[Document]:
    """Return the documents with a heading of that number."""
    return [
        each
        for each in documents
        if any(is_part(section, number) for section in catalogue.sections(each.name))
    ]


def is_part(section: str, number: str) -> bool:
    """Say whether a section, or one that it is in, has that number ("5a", "Chapter 3: …")."""
    found = (_NUMBERED.match(heading) for heading in section.split(" › "))
    return any(each[1].lower() == number.lower() for each in found if each)


def mentioned(topic: str, documents: Sequence[Document], catalogue: Catalogue) -> list[Placed]:
    """Return the documents with a passage that says it, each with the sentence that says most."""
    best: dict[str, tuple[int, Place]] = {}
    for one in _OR.split(topic):
        wanted = topic_terms(one)
        for passage in _passages(one, wanted, catalogue):
            held, place = _best_span(passage, wanted)
            if held > best.get(passage.document, (0, place))[0]:
                best[passage.document] = held, place
    return [Placed(each, best[each.name][1]) for each in documents if each.name in best]


def written_by(name: str, documents: Sequence[Document], catalogue: Catalogue) -> list[Placed]:
    """Return the documents whose author is called so, as they say themselves or open with."""
    wanted = topic_terms(name)
    named = [Placed(each) for each in documents if wanted and wanted <= terms(each.author)]
    known = {each.document.name for each in named}
    opening: dict[str, Place] = {}
    for passage in _passages(name, wanted, catalogue):
        span = passage.about.opening
        if span and wanted <= terms(passage.about.opening_words):
            opening[passage.document] = Place(*span)
    others = (each for each in documents if each.name in opening and each.name not in known)
    return [*named, *(Placed(each, opening[each.name]) for each in others)]


def _passages(topic: str, wanted: frozenset[str], catalogue: Catalogue) -> list[StoredPassage]:
    """Return the passages whose text, under its headings, has all that is wanted."""
    total = catalogue.passage_count()
    found = [word for word in re.findall(r"\w+", topic) if topic_terms(word) & wanted]
    having = [set(catalogue.search_words([word], total)) for word in found]
    ids = sorted(set.intersection(*having))[:_PASSAGES_LOOKED_AT] if having else []
    passages = catalogue.passages(ids).values()
    return [each for each in passages if wanted <= terms(f"{each.section}\n{each.text}")]


def _best_span(passage: StoredPassage, wanted: frozenset[str]) -> tuple[int, Place]:
    held = [len(wanted & said) for said in passage.terms]
    best = max(range(len(held)), key=held.__getitem__)
    return held[best], Place(*passage.spans[best], passage.section)
