"""Questions about the documents, answered from the catalogue: no search, no model.

Every document that is named has a footnote to its own words, its title where the text shows it.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date

from app.quoting.changes import tell_changes
from app.quoting.lines import LISTED, Telling, are, counted, name_of
from app.quoting.parts import told_in_words
from app.quoting.quoted import Quoted
from app.understanding.collection import BY_LENGTH, OfDocuments, words_of
from app.understanding.mentions import Place, Placed
from ingest.catalogue import Document
from ingest.index import Index
from ingest.loaders import FORMATS
from ingest.stored_passages import StoredPassage


def told(asked: OfDocuments, index: Index) -> Quoted:
    """Answer from the catalogue; what a document or a part of it is about is told in its words."""
    in_words = told_in_words(asked, index)
    telling = Telling(index.catalogue)
    if asked.superlative:
        _tell_which(asked, telling)
    if in_words is not None:
        return replace(in_words, told=(*telling.sentences, *in_words.told))
    _TELLS[asked.kind](asked, telling)
    nothing = asked.kind in ("mention", "page") and not telling.citations
    return Quoted(
        "uncertain" if nothing else "answered",
        citations=tuple(telling.citations),
        told=tuple(telling.sentences),
    )


def _tell_all(asked: OfDocuments, telling: Telling) -> None:
    documents = asked.documents
    failed = [document for document in documents if document.status == "failed"]
    read = [document for document in documents if document.status != "failed"]
    if not documents:
        telling.say("There are no documents yet.")
        telling.say("Add some on the Documents tab, or with `footnote ingest`.")
        return
    unread = f", and {len(failed)} more that could not be read" if failed else ""
    telling.say(f"There {are(len(read))} {counted(len(read), 'document')}{unread}.")
    # What could not be read needs something to be done: it is never cut off with the rest.
    for document in failed[:LISTED]:
        _tell_failure(document, telling)
    for document in read[:LISTED]:
        telling.say_of(document, f"{name_of(document)}: {_facts(document, telling)}.")
    telling.say_rest(len(read[LISTED:]) + len(failed[LISTED:]))


def _tell_failure(document: Document, telling: Telling) -> None:
    telling.say_line(f"{document.name} could not be read: {' '.join(document.warnings)}")


def _tell_mentions(asked: OfDocuments, telling: Telling) -> None:
    found = asked.found
    if not found:
        telling.say(f"No document mentions “{asked.topic}”.")
        return
    verb = "mentions" if len(found) == 1 else "mention"
    telling.say(f"{counted(len(found), 'document')} {verb} “{asked.topic}”.")
    _tell_places(found, telling)


def _tell_by(asked: OfDocuments, telling: Telling) -> None:
    number = len(asked.found)
    telling.say(f"{counted(number, 'document')} {are(number)} by “{asked.topic}”.")
    _tell_places(asked.found, telling)


def _tell_places(found: Sequence[Placed], telling: Telling) -> None:
    for each in found[:LISTED]:
        place = each.place
        where = f", under “{place.section}”" if place and place.section else ""
        telling.say_of(each.document, f"{name_of(each.document)}{where}.", place)
    telling.say_rest(len(found) - LISTED)


def _tell_about(asked: OfDocuments, telling: Telling) -> None:
    """Name the documents that may be meant, where not one of them is."""
    if len(asked.found) > 1:
        unclear = f"“{asked.topic}” may be any of these." if asked.topic else "Which document?"
        telling.say(f"{unclear} Name one of them.")
    _tell_each(asked, telling, lambda document: "")


def _tell_each(asked: OfDocuments, telling: Telling, fact: Callable[[Document], str]) -> None:
    """Tell one fact of each document."""
    for document in asked.documents[:LISTED]:
        if document.status == "failed":
            _tell_failure(document, telling)
            continue
        words = fact(document)
        told = f": {words}" if words else ""
        telling.say_of(document, f"{name_of(document)}{told}.")
    telling.say_rest(len(asked.documents) - LISTED)


def _tell_author(asked: OfDocuments, telling: Telling) -> None:
    _tell_each(asked, telling, lambda each: each.author or _as_it_opens(each, telling))


def _as_it_opens(document: Document, telling: Telling) -> str:
    passages = telling.catalogue.passages_of_document(document.name)[:1]
    words = passages[0].about.opening_words if passages else ""
    return f"no author is named; it opens with “{words}”" if words else "no author is named"


def _tell_date(asked: OfDocuments, telling: Telling) -> None:
    _tell_each(asked, telling, lambda each: _dated(each) or "no date is stated")


def _tell_which(asked: OfDocuments, telling: Telling) -> None:
    """Say by what they are the newest or the longest, and how many are so alike."""
    number = len(asked.documents)
    if asked.superlative in BY_LENGTH:
        by = "its words" if number == 1 else "their words"
    else:
        stated = "the date that it states" if number == 1 else "the date that they state"
        by = f"{stated}, {_dated(asked.documents[0])}"
    even = "" if number == 1 else f" {number:,}"
    telling.say(f"The{even} {asked.superlative} by {by}:")


def _tell_length(asked: OfDocuments, telling: Telling) -> None:
    _tell_each(asked, telling, lambda each: _length(each, telling))


def _length(document: Document, telling: Telling) -> str:
    words = counted(words_of(document, telling.catalogue), "word")
    return f"{counted(document.pages, 'page')}, {words}" if document.pages else words


def _tell_contents(asked: OfDocuments, telling: Telling) -> None:
    if len(asked.documents) > 1:
        _tell_about(asked, telling)
        return
    for document in asked.documents:
        telling.say(f"{name_of(document)} has these headings:")
        firsts: dict[str, StoredPassage] = {}
        for passage in telling.catalogue.passages_of_document(document.name):
            if passage.section:
                firsts.setdefault(passage.section, passage)
        for section, passage in list(firsts.items())[:LISTED]:
            telling.say_of(document, section, Place(*passage.spans[0], section))
        telling.say_rest(len(firsts) - LISTED)
        if not firsts:
            telling.say_line("none: it has no headings.")


def _tell_missing_page(asked: OfDocuments, telling: Telling) -> None:
    names = " or ".join(name_of(each) for each in asked.documents[:3])
    telling.say(f"There is no page {asked.number} in {names}.")


def _facts(document: Document, telling: Telling) -> str:
    kind = FORMATS.get(document.type, document.type)
    facts = [kind, document.date, _length(document, telling)]
    return ", ".join(fact for fact in facts if fact)


def _dated(document: Document) -> str:
    """Return a document's date as people write it; as it stands where it is no whole day."""
    try:
        day = date.fromisoformat(document.date or "")
    except ValueError:
        return document.date or ""
    return f"{day.day} {day:%B %Y}"


_TELLS: Mapping[str, Callable[[OfDocuments, Telling], None]] = {
    "all": _tell_all,
    "mention": _tell_mentions,
    "by": _tell_by,
    "author": _tell_author,
    "date": _tell_date,
    "newest": _tell_date,
    "oldest": _tell_date,
    "longest": _tell_length,
    "shortest": _tell_length,
    "length": _tell_length,
    "contents": _tell_contents,
    "about": _tell_about,
    "page": _tell_missing_page,
    "changes": tell_changes,
}
