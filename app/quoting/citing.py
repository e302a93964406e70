"""Sentence by sentence: what supports it, and the footnotes that say so."""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from app.answer import Citation, GivenPassage, LeftOut, Sentence
from app.checking.support import Evidence, SupportChecker
from app.search.retriever import Found
from ingest.blocks import table_cells
from ingest.passages import page_at
from ingest.sentences import sentence_spans

# [2], [1, 2], [^3], 【4】, [passage 2]: whatever models write for a footnote.
_MARKERS = re.compile(
    r"\s*(?:\[(?:(?:passage|source|document)s? )?\^?\d+(?:\s*[,–-]\s*\^?\d+)*\]|【[^】\n]{0,20}】)",
    re.IGNORECASE,
)
_BEGUN_MARKER = re.compile(r"\s*(?:\[(?:[a-z]* ?)\^?[\d,–\s^-]*|【[^】\n]{0,20})$", re.IGNORECASE)
_LIST_NUMBER = re.compile(r"\d{1,2}[.)]")
_BULLET = rf"[-*•]|{_LIST_NUMBER.pattern}"
_ITEM = re.compile(rf"^\s*(?:{_BULLET})\s+")
_LIST_MARKER = re.compile(rf"^\s*(?:{_BULLET}|#{{1,6}})\s+")
# "According to the passage from “Tea”, …", "The passage states that …": readers see no passages,
# and the footnote says where.
_THE_PASSAGE = (
    r"(?:the )?(?:given |provided )?passages?"
    r"(?: from (?:[\"“][^\"”]*[\"”]|[^,]{1,60}?))?(?: provided| given| above)?"
)
_FRAME = re.compile(
    rf"^(?:(?:According to|Based on|As (?:stated|mentioned) in) {_THE_PASSAGE}, "
    rf"|{_THE_PASSAGE} (?:states?|says?|mentions?|explains?|notes?|indicates?)(?: that|:|,) )"
    r"(?=\S)",
    re.IGNORECASE,
)
# "The passage from “Which tea?”" ends like a sentence where the title does.
_BEGUN_FRAME = re.compile(r"(?:\w+ ){0,3}passages? from [\"“][^\"”]*[\"”]?", re.IGNORECASE)
_OF_SOURCES = re.compile(
    r"(?:[\d.]+ )?(?:references|bibliography|works cited|literature|further reading"
    r"|sources(?: cited)?)(?:,? (?:and|&) \w+)?",
    re.IGNORECASE,
)
# "Lin et al., 2023, AWQ: …", "Vaswani, A. (2017). …"
_ENTRY = re.compile(r"[^\n]{2,120}?[,.]? \(?(?:19|20)\d\d[a-z]?\)?[,.:](?:\s|$)")
_IN_QUOTES = re.compile(r"^[\"“]([^\"“”]+)[\"”]\.?$")
_EMPHASIS = re.compile(r"(\*\*|__|`)(.+?)\1")
_LABEL = 3  # words at most that say nothing without what they lead up to: "§ 4 Rent."

Placed = TypeVar("Placed")


@dataclass(frozen=True)
class Place:
    """What can be quoted: `[start, end)` into the text of the passage that was found."""

    hit: Found
    start: int
    end: int

    @classmethod
    def at(cls, hit: Found, first: int, last: int | None = None) -> "Place":
        """Return where a span of the passage stands, or all from the first to the last of them."""
        passage = hit.passage
        start, end = passage.spans[first][0], passage.spans[first if last is None else last][1]
        return cls(hit, start - passage.start, end - passage.start)

    @property
    def text(self) -> str:
        """The words that stand there."""
        return self.hit.passage.text[self.start : self.end]

    def overlaps(self, other: "Place") -> bool:
        """Say whether both share words of one passage."""
        same = self.hit.passage.id == other.hit.passage.id
        return same and self.start < other.end and other.start < self.end

    def goes_on_in(self, following: "Place") -> bool:
        """Say whether no line ends between it and the next one of its passage."""
        return "\n" not in self.hit.passage.text[self.end : following.start]


@dataclass
class Footnotes:
    """Checks the sentences of one answer in turn and numbers their quotes as they come.

    `spoken_of` is where the passages speak of what the sentences say, whether they bear it out or
    not.
    """

    question: str
    given: Sequence[Found]
    checker: SupportChecker
    page_starts: dict[str, tuple[int, ...]]
    citations: list[Citation] = field(default_factory=list)
    spoken_of: list[Place] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._evidence = [_evidence(hit) for hit in self.given]

    def check(self, text: str) -> Sentence:
        """Return the sentence with its verdict and markers; its quotes join `citations`."""
        begin = text[: len(text) - len(text.removeprefix("\n").removeprefix("- "))]
        words = plain_sentence(text)
        support = self.checker.check(words, self._evidence, question=self.question)
        places = [Place(self.given[number], start, end) for number, start, end in support.quotes]
        self.spoken_of += [place for place in places if not is_entry(place)]
        shown = places if support.verdict != "not supported" else []
        markers = [self._marker(place) for place in shown]
        return Sentence(
            text=begin + words,
            markers=tuple(dict.fromkeys(markers)),
            support=round(support.score, 3),
            verdict=support.verdict,
            reason=support.reason,
            conflicts=support.conflicts,
        )

    def quote(self, place: Place) -> Sentence:
        """Return a quote as a sentence of its own; of a table row each cell with its column."""
        words = _without_signs(place.text)
        marker = self._marker(place)
        if words.startswith("|"):
            words = _told_row(words, self.citations[marker - 1].columns)
        return Sentence(words, (marker,), 1.0, "supported")

    def _marker(self, place: Place) -> int:
        """Return the number of a quote's footnote, a new one for a quote not cited before."""
        passage = place.hit.passage
        start, end = passage.start + place.start, passage.start + place.end
        for citation in self.citations:
            if (citation.document, citation.start, citation.end) == (passage.document, start, end):
                return citation.marker
        columns = passage.header_of_row(start).partition("\n")[0]
        self.citations.append(
            Citation(
                marker=len(self.citations) + 1,
                document=passage.document,
                title=passage.title,
                section=passage.section,
                page=page_at(self.page_starts.get(passage.document, ()), start),
                start=start,
                end=end,
                quote=place.text,
                document_sha256=passage.document_sha256,
                columns=tuple(table_cells(columns)) if columns else (),
            )
        )
        return len(self.citations)


def apart(found: Iterable[Placed], place_of: Callable[[Placed], Place]) -> list[Placed]:
    """Return what shares no words with one before it."""
    kept: list[Placed] = []
    for each in found:
        if not any(place_of(each).overlaps(place_of(one)) for one in kept):
            kept.append(each)
    return kept


def is_heading(hit: Found, number: int) -> bool:
    """Say whether a span of a passage is the title or a heading that the passage stands under."""
    words = Place.at(hit, number).text
    return words == hit.passage.title or words in hit.passage.section.split(" › ")


def last_needed(hit: Found, number: int) -> int:
    """Return the last span that one needs beside it: a question its answer, a label what follows.

    "Is it safe? No. It melts." are three spans, of which none says anything by itself.
    """
    if number + 1 == len(hit.passage.spans):
        return number
    place, following = Place.at(hit, number), Place.at(hit, number + 1)
    if is_question(place.text) and not is_question(following.text):
        return last_needed(hit, number + 1)
    is_label = len(place.text.split()) <= _LABEL and place.goes_on_in(following)
    return number + 1 if is_label else number


def is_question(text: str) -> bool:
    """Say whether a document's sentence or heading asks something, as those of a FAQ do."""
    return _without_signs(text).rstrip('"”’*_ ').endswith("?")


def is_entry(place: Place) -> bool:
    """Say whether a place belongs to an entry of a list of sources, which states nothing else."""
    passage = place.hit.passage
    if not _OF_SOURCES.fullmatch(passage.heading):
        return False
    text = passage.text
    line = text[: place.end].rpartition("\n")[-1] + text[place.end :].partition("\n")[0]
    return _ENTRY.match(_without_signs(line)) is not None


def given_passage(hit: Found) -> GivenPassage:
    """Return a found passage as the answer's record keeps it."""
    passage = hit.passage
    return GivenPassage(
        document=passage.document,
        title=passage.title,
        section=passage.section,
        page=passage.page,
        start=passage.start,
        end=passage.end,
        text=passage.text,
        score=round(hit.score, 4),
        document_sha256=passage.document_sha256,
    )


def left_out_passage(hit: Found, reason: str) -> LeftOut:
    """Return a found passage that was not given, as the answer's record keeps it."""
    passage = hit.passage
    return LeftOut(
        document=passage.document,
        title=passage.title,
        section=passage.section,
        page=passage.page,
        start=passage.start,
        end=passage.end,
        document_sha256=passage.document_sha256,
        reason=reason,
    )


def finished_sentences(written: str, ended: bool) -> tuple[list[str], str]:
    """Split what a model has written so far into finished sentences and the one being written.

    A sentence is finished when a word of the next one is whole, or when the model has `ended`.
    What has no words (a marker after the full stop, the number of a list item) is no sentence. An
    item of a list begins with "\\n- ", a new paragraph with "\\n". The one being written comes
    without markers, for nothing has checked them.
    """
    spans = _sentence_spans(written)
    done = spans if ended else spans[:-1]
    if not ended and done and not re.search(r"\S\s", written[spans[-1][0] :]):
        done = done[:-1]
    rest = written[done[-1][1] :] if done else written
    sentences: list[str] = []
    numbered, read_to = False, 0
    for number, (start, end) in enumerate(done, 1):
        text = written[start:end]
        if _LIST_NUMBER.fullmatch(text) and number < len(spans):
            numbered = True
        elif plain_sentence(text):
            new_line = sentences and "\n" in written[read_to:start]
            begin = "\n- " if numbered or _ITEM.match(text) else "\n" if new_line else ""
            sentences.append(begin + _ITEM.sub("", text))
            numbered, read_to = False, end
    return sentences, _BEGUN_MARKER.sub("", plain_sentence(rest))


def _sentence_spans(written: str) -> list[tuple[int, int]]:
    """Return `[start, end)` of each sentence; one that a passage's title seems to end goes on."""
    spans: list[tuple[int, int]] = []
    for start, end in sentence_spans(written):
        if spans and _BEGUN_FRAME.fullmatch(_without_signs(written[slice(*spans[-1])])):
            start, _ = spans.pop()
        spans.append((start, end))
    return spans


def plain_sentence(text: str) -> str:
    """Return a model's sentence without markers, list signs and emphasis: code adds its own.

    What leads up to it with "according to the passage" goes, too.
    """
    text = _without_signs(text)
    said = _FRAME.sub("", text)
    if said == text:
        return text
    said = _IN_QUOTES.sub(r"\1", said)
    return said[0].upper() + said[1:]


def _without_signs(text: str) -> str:
    text = _LIST_MARKER.sub("", _MARKERS.sub("", text))
    return " ".join(_EMPHASIS.sub(r"\2", text).split())


def _told_row(row: str, columns: Sequence[str]) -> str:
    """Return a table row on one line. Its first cell says what it is about, and needs no column."""
    subject, *cells = table_cells(row)
    named = zip(cells, [*columns[1:], *("" for _ in cells)], strict=False)
    told = [f"{column}: {cell}" if column else cell for cell, column in named if cell]
    return " · ".join([subject, *told] if subject else told)


def _evidence(hit: Found) -> Evidence:
    passage = hit.passage
    return Evidence(
        text=passage.text,
        spans=tuple((start - passage.start, end - passage.start) for start, end in passage.spans),
        header=passage.header,
        columns=tuple(passage.header_of_row(start) for start, _ in passage.spans),
        vectors=passage.vectors,
        document=passage.document,
    )
