"""What is asked about the documents themselves: of which of them, and what the catalogue knows.

The kind of a turn says what is wanted; what it names says of which documents. Where none can be
found by that, it is a question that the documents are to answer. `telling.py` answers.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from app.language.periods import Period, period
from app.language.turns import named
from app.understanding.likeness import Kind
from app.understanding.mentions import (
    Placed,
    headed,
    mentioned,
    spelt,
    titled,
    topic_terms,
    with_part,
    written_by,
)
from app.understanding.shape import DOCUMENT, DOCUMENTS, SUPERLATIVES, THIS, Shape
from ingest.catalogue import Catalogue, Document
from ingest.history import What
from ingest.terms import stem, terms

_SURE = 0.85  # cosine: what no document has is then said, not searched for
_WITHIN_A_WEEK = timedelta(days=7)
_LONGEST_TURN, _LONGEST_PERIOD = 30, 6  # words
BY_LENGTH = ("longest", "shortest")
_NEW = "new"
# "Which directive contains …?" asks for a directive.
_OF_ANOTHER_KIND = re.compile(rf"(?:(?:in|from) )?(?:which|what) {THIS} (?!{DOCUMENT})")
_DONE: tuple[What, ...] = ("added", "changed", "removed")


@dataclass(frozen=True)
class OfDocuments:
    """What is asked of the catalogue: a `kind` of the group "documents" in `turns.toml`.

    `found` are the documents that are meant, and where in them; `topic` is what was named. `number`
    is that of a page or part; `superlative` says which of all they are ("newest"). Of changes,
    `period` says when, `only` which.
    """

    kind: str
    found: tuple[Placed, ...] = ()
    topic: str = ""
    number: str = ""
    superlative: str = ""
    period: Period | None = None
    only: What | None = None

    @property
    def documents(self) -> list[Document]:
        return [each.document for each in self.found]


def of_documents(
    kind: Kind,
    shape: Shape,
    turn: str,
    catalogue: Catalogue,
    quoted: Sequence[str] = (),
    now: datetime | None = None,
) -> OfDocuments | None:
    """Return what a turn of such a kind and shape asks of the documents, or None.

    `quoted` names the documents that the last answer quotes: "this document" is one of them. `now`
    knows its time zone, and is this moment here when it is not given.
    """
    if kind.name == "changes":
        return _changes(shape, turn, now or datetime.now().astimezone())
    everything = catalogue.documents()
    called = _called(shape.nouns, everything)
    if kind.name == "all":
        return None if shape.topic else OfDocuments("all", _placed(called))
    if kind.name == "mention" and _OF_ANOTHER_KIND.match(shape.words):
        return None
    superlative = kind.superlative or (kind.name if kind.name in SUPERLATIVES else "")
    if superlative in BY_LENGTH and _is_strange(shape, called, everything):
        return None
    if kind.name in ("mention", "by"):
        return _sought(kind, shape.topic, called, everything, catalogue)
    if kind.name in ("page", "part") and not (shape.number and shape.counts == kind.name):
        return None
    if superlative and not shape.topic:
        meant = called
    elif shape.topic:
        meant = _named(shape.topic, called, everything, catalogue)
    else:
        meant = _pointed_at(shape, called, everything, quoted)
    if superlative:
        meant = _extreme(superlative, meant, catalogue)
    if kind.name == "page":
        meant = [each for each in meant if each.pages]
    elif kind.name == "part":
        meant = with_part(shape.number, meant, catalogue)
    if not meant:
        return None
    return OfDocuments(kind.name, _placed(meant), shape.topic, shape.number, superlative)


def _extreme(
    superlative: str, documents: Sequence[Document], catalogue: Catalogue
) -> list[Document]:
    """Return the newest, oldest, longest or shortest of these: more than one where they are even.

    Documents without a date are neither new nor old, unread ones neither long nor short.
    """
    if superlative in BY_LENGTH:
        sizes = {d.name: words_of(d, catalogue) for d in documents if d.status != "failed"}
    else:
        dates = sorted({each.date for each in documents if each.date})
        sizes = {d.name: dates.index(d.date) for d in documents if d.date}
    most = superlative in ("newest", "longest")
    wanted = (max if most else min)(sizes.values(), default=0)
    return [each for each in documents if sizes.get(each.name) == wanted]


def words_of(document: Document, catalogue: Catalogue) -> int:
    """Return how many words a document has."""
    return len((catalogue.text(document.name) or "").split())


def _pointed_at(
    shape: Shape,
    called: Sequence[Document],
    everything: Sequence[Document],
    quoted: Sequence[str],
) -> list[Document]:
    """Return the documents that are meant without a name: the one quoted last, or those called so.

    None where it is one ("the letter"), and none of several documents is called that.
    """
    if DOCUMENTS in shape.words.split():
        return list(called)
    last = [each for each in everything if each.name in quoted[:1]]
    return last or ([] if _is_strange(shape, called, everything) else list(called))


def _is_strange(shape: Shape, called: Sequence[Document], everything: Sequence[Document]) -> bool:
    """Say whether what a turn calls a document is what none of several is called."""
    nouns = [noun for noun in shape.nouns if noun not in named("any")]
    return bool(nouns) and len(called) == len(everything) > 1


def _placed(documents: Iterable[Document]) -> tuple[Placed, ...]:
    return tuple(map(Placed, documents))


def _called(called: Iterable[str], documents: Sequence[Document]) -> list[Document]:
    """Return the documents that are called so in their title or name; all, where none is."""
    nouns = {stem(noun) for noun in called}
    found = [each for each in documents if nouns & terms(f"{each.title} {spelt(each.name)}")]
    return found or list(documents)


def _named(
    topic: str, called: Sequence[Document], everything: Sequence[Document], catalogue: Catalogue
) -> list[Document]:
    """Return the documents that are named: by title, name, author or date, or by a heading."""
    for some in (called, everything):
        if found := titled(topic, some):
            return found
    for some in (called, everything):
        if below := headed(topic, some, catalogue):
            return [each.document for each in below]
    return []


def _sought(
    kind: Kind,
    topic: str,
    called: Sequence[Document],
    everything: Sequence[Document],
    catalogue: Catalogue,
) -> OfDocuments | None:
    """Return where something is mentioned, or what somebody wrote, or None where nowhere is."""
    if not topic_terms(topic):
        return None
    for some in (called, everything):
        found = (
            written_by(topic, some, catalogue)
            if kind.name == "by"
            else _mentioning(topic, some, catalogue)
        )
        if found:
            return OfDocuments(kind.name, tuple(found), topic)
    sure = kind.likeness >= _SURE and kind.name == "mention"
    return OfDocuments(kind.name, (), topic) if sure else None


def _mentioning(topic: str, some: Sequence[Document], catalogue: Catalogue) -> list[Placed]:
    """Return those titled so first, then those with a heading, then those that only mention it."""
    found: dict[str, Placed] = {}
    for each in (
        *_placed(titled(topic, some)),
        *headed(topic, some, catalogue),
        *mentioned(topic, some, catalogue),
    ):
        found.setdefault(each.document.name, each)
    return list(found.values())


def _changes(shape: Shape, turn: str, now: datetime) -> OfDocuments | None:
    when, words = _when(turn, now)
    if topic_terms(shape.topic) - terms(words):
        return None
    said = [stem(word) for word in shape.words.split()]
    done = (what for word in said for what in _DONE if word in map(stem, named(what)))
    only = next(done, None)
    if f"{_NEW} {DOCUMENTS}" in shape.words:
        only = "added"
    return OfDocuments("changes", period=when or Period(now - _WITHIN_A_WEEK), only=only)


def _when(turn: str, now: datetime) -> tuple[Period | None, str]:
    """Return the time that a turn names, and the words that name it."""
    found = re.findall(r"[\w-]+", turn)[:_LONGEST_TURN]
    for length in range(min(_LONGEST_PERIOD, len(found)), 0, -1):
        for start in range(len(found) - length + 1):
            named = " ".join(found[start : start + length])
            when = period(named, now)
            if when is not None:
                return when, named
    return None, ""
