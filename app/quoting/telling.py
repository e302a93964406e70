"""Questions about the documents, answered from the catalogue: no search, no model.

Every document that is named has a footnote to its own words, its title where the text shows it.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from app.answer import Citation, Sentence
from app.quoting.citing import Footnotes
from app.quoting.quoted import Quoted
from app.quoting.summary import opening_passages, opening_quotes
from app.understanding.collection import (
    Changes,
    CorpusQuestion,
    Greeting,
    Summary,
    WhichDocument,
    stems,
)
from app.understanding.headed import Place, Placed, headed
from ingest.catalogue import Catalogue, Document
from ingest.history import Event, What
from ingest.index import Index
from ingest.loaders import FORMATS
from ingest.passages import page_at
from ingest.stored_passages import StoredPassage

_LISTED = 40
_FOR_A_SUMMARY = 640  # tokens of passages
_TITLE_WITHIN = 5_000
_PASSAGES_LOOKED_AT = 1_000
_DONE: dict[What, str] = {
    "added": "was added",
    "changed": "was changed",
    "renamed": "was renamed",
    "removed": "was removed",
    "failed": "could not be read",
    "read": "was read",
}


def told(asked: CorpusQuestion, index: Index) -> Quoted:
    """Answer from the catalogue; what one document is about is told by how its sections begin."""
    if isinstance(asked, Summary):
        return _summary(asked, index)
    telling = _Telling(index.catalogue)
    if isinstance(asked, Greeting):
        _tell_how_to_ask(telling)
    elif isinstance(asked, Changes):
        _tell_changes(asked, telling)
    elif isinstance(asked, WhichDocument):
        _tell_candidates(asked, telling)
    elif asked.about:
        _tell_about(asked.about, telling)
    else:
        _tell_all(telling)
    return Quoted(citations=tuple(telling.citations), told=tuple(telling.sentences))


def _summary(asked: Summary, index: Index) -> Quoted:
    found = opening_passages(asked.document.name, index, _FOR_A_SUMMARY)
    footnotes = Footnotes.of(found, index)
    quotes = tuple(opening_quotes(found, footnotes))
    return Quoted(quotes=quotes, citations=tuple(footnotes.citations), found=tuple(found))


@dataclass
class _Telling:
    """The answer as it grows."""

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
        self.citations.append(
            Citation(
                marker=marker,
                document=document.name,
                title=document.title,
                section=place.section,
                page=page_at(document.page_starts, place.start),
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
                f"{number} more {_are(number)} not named here: the Documents tab and "
                "`footnote documents` list all."
            )


def _tell_how_to_ask(telling: _Telling) -> None:
    count = len(telling.catalogue.documents())
    if not count:
        _tell_all(telling)
        return
    telling.say(f"Footnote answers from the {_counted(count, 'document')} here and nothing else.")
    telling.say("Each sentence has a footnote: click it to read the words that it rests on.")
    telling.say("What the documents do not say is not answered.")
    telling.say("Ask anything about them, or “What documents do you have?”.")


def _tell_all(telling: _Telling) -> None:
    documents = telling.catalogue.documents()
    failed = [document for document in documents if document.status == "failed"]
    read = [document for document in documents if document.status != "failed"]
    if not documents:
        telling.say("There are no documents yet.")
        telling.say("Add some on the Documents tab, or with `footnote ingest`.")
        return
    unread = f", and {len(failed)} more that could not be read" if failed else ""
    telling.say(f"There {_are(len(read))} {_counted(len(read), 'document')}{unread}.")
    # What could not be read needs something to be done: it is never cut off with the rest.
    for document in failed[:_LISTED]:
        _tell_failure(document, telling)
    for document in read[:_LISTED]:
        telling.say_of(document, f"{_name(document)}: {_facts(document)}.")
    telling.say_rest(len(read[_LISTED:]) + len(failed[_LISTED:]))


def _tell_failure(document: Document, telling: _Telling) -> None:
    telling.say_line(f"{document.name} could not be read: {' '.join(document.warnings)}")


def _tell_about(about: str, telling: _Telling) -> None:
    topic = stems(about)
    under_it = headed(topic, telling.catalogue)
    known = {document.name for document, _ in under_it}
    mentioning = [
        (document, place)
        for document, place in _mentioning(about, topic, telling.catalogue)
        if document.name not in known
    ]
    n, more = len(under_it), len(mentioning)
    if not n and not more:
        telling.say(f"No document is about “{about}”, and none mentions it.")
        return
    if n:
        verb = "has" if n == 1 else "have"
        others = f", and {more} more {'mentions' if more == 1 else 'mention'} it" if more else ""
        telling.say(
            f"{_counted(n, 'document')} {verb} “{about}” in the title, name or headings{others}."
        )
    else:
        verb = "mentions" if more == 1 else "mention"
        telling.say(f"No document has “{about}” in its title, name or headings; {more} {verb} it.")
    placed = [*under_it, *mentioning]
    for document, place in placed[:_LISTED]:
        where = f", under “{place.section}”" if place and place.section else ""
        telling.say_of(document, f"{_name(document)}{where}.", place)
    telling.say_rest(len(placed) - _LISTED)


def _tell_changes(asked: Changes, telling: _Telling) -> None:
    since, until = asked.period.since, asked.period.until
    when = _when(since, until)
    events = [
        event
        for event in telling.catalogue.changes_since(since, until)
        if asked.only in (None, event.what) or (event.what == "read" and asked.only != "removed")
    ]
    if not events:
        telling.say(f"{when}, no document was {asked.only or 'added, changed or removed'}.")
        return
    telling.say(f"{when}, {_sum(events)}.")
    documents = {document.name: document for document in telling.catalogue.documents()}
    for event in events[:_LISTED]:
        day = _day(datetime.fromisoformat(event.at).astimezone(since.tzinfo))
        document = documents.get(event.document)
        name = _name(document) if document and document.status != "failed" else event.document
        words = f"{name} {_DONE[event.what]} on {day}."
        if document and event.what not in ("removed", "failed"):
            telling.say_of(document, words)
        else:
            telling.say_line(words)
    telling.say_rest(len(events) - _LISTED)
    if any(event.what == "read" for event in events):
        telling.say(
            "Whether what was read then was new or changed is not known: no history was kept yet."
        )


def _tell_candidates(asked: WhichDocument, telling: _Telling) -> None:
    candidates = asked.candidates
    if asked.named and not candidates:
        _tell_about(asked.named, telling)
        return
    if not candidates:
        _tell_all(telling)
        return
    if len(candidates) > 1:
        unclear = f"“{asked.named}” may be any of these." if asked.named else "Which document?"
        telling.say(f"{unclear} Name one of them.")
    for document in candidates[:_LISTED]:
        if document.status == "failed":
            _tell_failure(document, telling)
        else:
            telling.say_of(document, f"{_name(document)}.")
    telling.say_rest(len(candidates) - _LISTED)


def _mentioning(about: str, topic: frozenset[str], catalogue: Catalogue) -> Iterable[Placed]:
    """Return the documents with a passage that has all the words, and its best sentence."""
    words = [word for word in re.findall(r"\w+", about) if stems(word)]
    total = catalogue.passage_count()
    having = [set(catalogue.search_words([word], total)) for word in words]
    ids = sorted(set.intersection(*having))[:_PASSAGES_LOOKED_AT] if having else []
    best: dict[str, tuple[int, Place]] = {}
    for passage in catalogue.passages(ids).values():
        held, place = _best_span(passage, topic)
        if held > best.get(passage.document, (-1, place))[0]:
            best[passage.document] = held, place
    documents = (document for document in catalogue.documents() if document.name in best)
    return [(document, best[document.name][1]) for document in documents]


def _best_span(passage: StoredPassage, topic: frozenset[str]) -> tuple[int, Place]:
    def held(span: tuple[int, int]) -> int:
        return len(topic & stems(passage.text[span[0] - passage.start : span[1] - passage.start]))

    best = max(passage.spans, key=held)
    return held(best), Place(*best, passage.section)


def _opening(document: Document, text: str, catalogue: Catalogue) -> Place | None:
    """Return where the title stands on a line of its own, or else the first sentence."""
    line = rf"^[#*_\s]*({re.escape(document.title)})[#*_ \t]*$"
    found = re.search(line, text[:_TITLE_WITHIN], re.MULTILINE) if document.title else None
    if found:
        return Place(*found.span(1))
    for passage in catalogue.passages_of_document(document.name):
        if passage.spans:
            return Place(*passage.spans[0], passage.section)
    return None


def _name(document: Document) -> str:
    same = document.title in ("", document.name)
    return document.name if same else f"{document.title} ({document.name})"


def _facts(document: Document) -> str:
    size = (document.pages, "page") if document.pages else (document.passages, "passage")
    facts = [FORMATS.get(document.type, document.type), document.date, _counted(*size)]
    return ", ".join(fact for fact in facts if fact)


def _sum(events: Sequence[Event]) -> str:
    """Say how many documents were added, how many changed, and so on."""
    parts: list[str] = []
    for what, done in _DONE.items():
        number = sum(event.what == what for event in events)
        if number:
            counted = str(number) if parts else _counted(number, "document")
            parts.append(f"{counted} {done if number == 1 else done.replace('was', 'were')}")
    return " and ".join([", ".join(parts[:-1]), parts[-1]] if parts[1:] else parts)


def _when(since: datetime, until: datetime | None) -> str:
    if until is None:
        at = f", {since:%H:%M}" if since.hour or since.minute else ""
        return f"Since {_day(since)}{at}"
    last = until - timedelta(days=1)
    return f"On {_day(since)}" if last <= since else f"From {_day(since)} to {_day(last)}"


def _day(moment: datetime) -> str:
    return f"{moment.day} {moment:%B %Y}"


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"


def _are(number: int) -> str:
    return "is" if number == 1 else "are"
