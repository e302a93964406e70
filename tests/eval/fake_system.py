"""A system so simple that every figure of it can be worked out by hand.

Its passages are the sentences of two documents. It finds those that share a word with the query,
most shared words first, answers with the best one, and refuses when there is none.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from app.answer import Answer, Citation, Sentence
from eval.questions import Gold, Question
from eval.systems import Hit

DOCUMENTS = {
    "sky.md": "The sky is blue. Grass grows green. A <script>alert(1)</script> does nothing.",
    "sea.md": "Seawater holds salt. Whales sing songs.",
}

QUESTIONS = (
    Question(
        id="sky",
        kind="plain",
        question="what colour has the sky",
        answerable=True,
        gold=(Gold(document="sky.md", quote="sky is blue"),),
        answers=("blue",),
    ),
    Question(
        id="whales",
        kind="plain",
        question="what do whales sing",
        answerable=True,
        gold=(Gold(document="sea.md", quote="Whales sing songs"),),
        answers=("songs",),
    ),
    Question(
        id="script",
        kind="plain",
        question="what does a script do, nothing or everything",
        answerable=True,
        gold=(Gold(document="sea.md", quote="Seawater holds salt"),),
        answers=("salt",),
    ),
    Question(id="moon", kind="far", question="who built moonbases", answerable=False),
    Question(id="grass", kind="near", question="who sells grass", answerable=False),
)


@dataclass
class FakeSystem:
    """`dies_at` is a question id at which the process is "killed"; `breaks_at` one that fails."""

    name: str = "fake"
    dies_at: str = ""
    breaks_at: str = ""
    backwards: bool = False

    def __post_init__(self) -> None:
        self.asked: list[str] = []

    @property
    def settings(self) -> dict[str, Any]:
        return {"backwards": self.backwards}

    def text_of(self, document: str) -> str | None:
        return DOCUMENTS.get(document)

    def count_tokens(self, texts: Sequence[str]) -> int:
        return sum(len(text.split()) for text in texts)

    def searched_for(self, question: Question) -> str:
        return question.question

    def search(self, query: str, top: int) -> list[Hit]:
        found = sorted(self._scored(query), key=lambda one: one.score, reverse=not self.backwards)
        return [one for one in found if one.score > 0 or self.backwards][:top]

    def _scored(self, query: str) -> list[Hit]:
        asked = set(re.findall(r"\w+", query.lower())) - {"what", "who", "the", "a", "is"}
        return [
            Hit(
                document=name,
                section="",
                start=match.start(),
                end=match.end(),
                text=match.group(),
                score=(score := float(len(asked & set(re.findall(r"\w+", match.group().lower()))))),
                confidence=score,
            )
            for name, text in DOCUMENTS.items()
            for match in re.finditer(r"[A-Z][^.]*\.", text)
        ]

    def answer(self, question: Question) -> Answer:
        if question.id == self.dies_at:
            raise KeyboardInterrupt
        if question.id == self.breaks_at:
            raise RuntimeError("it broke <b>badly</b>")
        self.asked.append(question.id)
        found = self.search(question.question, 1)
        if not found:
            return Answer(question.id, question.question, question.question, outcome="refused")
        best = found[0]
        return Answer(
            id=question.id,
            question=question.question,
            searched_for=question.question,
            prose=(Sentence(best.text, (1,), 1.0, "supported"),),
            citations=(
                Citation(
                    marker=1,
                    document=best.document,
                    title=best.document,
                    section="",
                    page=None,
                    start=best.start,
                    end=best.end,
                    quote=best.text,
                    document_sha256="",
                ),
            ),
            timings={"retrieve_ms": 5.0, "first_token_ms": 100.0, "total_ms": 1100.0},
            tokens={"prompt": 50, "answer": 20},
        )


class WordJudge:
    """Quotes support a statement when they hold each of its words; a colon claims nothing."""

    def claims_something(self, statement: str) -> bool:
        return not statement.endswith(":")

    def supports(self, statement: str, quotes: Sequence[Citation], question: str) -> bool:
        held = set(re.findall(r"\w+", " ".join(one.quote for one in quotes).lower()))
        return set(re.findall(r"\w+", statement.lower())) <= held
