"""Sentence by sentence: what of the passages bears out what somebody wrote."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from app.answer import Citation, Sentence
from app.checking.support import SupportChecker, evidence_of
from app.quoting.citing import Footnotes
from app.search.retriever import Found
from app.writing.sentences import plain_sentence


@dataclass
class Checked:
    """Checks what somebody writes against passages; what bears it out joins the footnotes.

    `rewords` says that they are to be believed where they say it in words of their own.
    """

    question: str
    given: Sequence[Found]
    checker: SupportChecker
    footnotes: Footnotes
    rewords: bool = False

    def __post_init__(self) -> None:
        self._evidence = [evidence_of(hit.passage) for hit in self.given]

    @property
    def citations(self) -> list[Citation]:
        return self.footnotes.citations

    def check(self, text: str) -> Sentence:
        """Return a sentence with its verdict and the markers of what bears it out."""
        begin = text[: len(text) - len(text.removeprefix("\n").removeprefix("- "))]
        words = plain_sentence(text)
        support = self.checker.check(words, self._evidence, question=self.question)
        places = support.quotes if support.verdict == "supported" else ()
        return Sentence(
            text=begin + words,
            markers=tuple(dict.fromkeys(self._markers(places))),
            support=round(support.score, 3),
            verdict=support.verdict,
            reason=support.reason,
            conflicts=support.conflicts,
            doubted=support.verdict == "supported" and not (support.plain or self.rewords),
        )

    def _markers(self, places: Iterable[tuple[int, int, int]]) -> Iterable[int]:
        for number, start, end in places:
            hit = self.given[number]
            yield self.footnotes.marker(hit, hit.passage.start + start, hit.passage.start + end)
