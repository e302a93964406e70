"""An answer as text that only grows, for those who read along and cannot take words back.

Whoever joins all pieces has the whole answer, and the places of its footnotes count in that text.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from app.answer import REFUSAL, UNCERTAIN, Answer, Citation, Sentence, shown_words, source_name

DOUBTED = "The model doubts that these words answer the question."
SURE = "The model finds that these words answer the question."


@dataclass(frozen=True)
class Note:
    """A footnote's `[n]`: `text[start:end]` of all the text so far."""

    start: int
    end: int
    citation: Citation


@dataclass(frozen=True)
class Piece:
    """What is to be added, and the footnotes in it."""

    text: str
    notes: tuple[Note, ...] = ()


@dataclass
class Growing:
    """Takes an answer, ever more complete, and gives what is new of it.

    Quotes come at once, but after a capable model's prose. Of prose, only sentences that were
    checked come.
    """

    _length: int = 0
    _sentences: int = 0
    _is_opened: bool = False
    _is_doubted: bool = False
    _text: list[str] = field(default_factory=list)
    _notes: list[Note] = field(default_factory=list)

    def take(self, answer: Answer) -> Piece:
        """Return what this answer has beyond the one taken before; the text may be empty."""
        self._text, self._notes = [], []
        if not self._is_opened and answer.state != "searching":
            self._open(answer)
        is_doubted = answer.outcome == "uncertain"
        if self._is_opened and is_doubted != self._is_doubted:
            self._is_doubted = is_doubted
            if is_doubted or not answer.prose_first:  # nothing is taken back of what comes last
                self._paragraph(DOUBTED if is_doubted else SURE)
        self._prose(answer)
        if answer.state == "done":
            if answer.prose_first:
                self._quotes(answer)
            if answer.missing:
                self._paragraph(answer.missing)
        return Piece("".join(self._text), tuple(self._notes))

    def _open(self, answer: Answer) -> None:
        self._is_opened = True
        self._is_doubted = answer.outcome == "uncertain"
        if answer.refused:
            self._paragraph(REFUSAL)
        for sentence in answer.told:
            self._paragraph("")
            self._sentence(answer, sentence)
        if not answer.prose_first:
            self._quotes(answer)

    def _quotes(self, answer: Answer) -> None:
        if answer.refused:
            return
        if answer.outcome == "uncertain" and answer.quotes:
            self._paragraph(UNCERTAIN)
        for citation in answer.quoted:
            self._paragraph(f"{shown_words(citation)} ")
            self._mark(citation)
            self._say(f" ({source_name(citation)})")

    def _prose(self, answer: Answer) -> None:
        for sentence in answer.prose[self._sentences :]:
            if self._sentences == 0 or sentence.text.startswith("\n"):
                self._paragraph("")
            else:
                self._say(" ")
            self._sentence(answer, sentence)
            self._sentences += 1

    def _sentence(self, answer: Answer, sentence: Sentence) -> None:
        self._say(sentence.text.strip())
        citations = {each.marker: each for each in answer.citations}
        for marker in filter(citations.get, sentence.markers):
            self._say(" ")
            self._mark(citations[marker])

    def _mark(self, citation: Citation) -> None:
        start = self._length
        self._say(f"[{citation.marker}]")
        self._notes.append(Note(start, self._length, citation))

    def _paragraph(self, words: str) -> None:
        self._say(f"\n\n{words}" if self._length else words)

    def _say(self, words: str) -> None:
        self._text.append(words)
        self._length += len(words)


def growing(answers: Iterable[Answer]) -> Iterator[tuple[Answer, Piece]]:
    """Yield each answer with what is new of it."""
    text = Growing()
    for answer in answers:
        yield answer, text.take(answer)
