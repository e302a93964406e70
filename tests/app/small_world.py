"""A world small enough to work out by hand: three documents, vectors that count words, a scripted
model. The catalogue, Chroma, the checker and everything in `app` are the real ones.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import Any

from app.checking.support import SupportChecker
from app.engine import Engine
from app.models.choosing import ModelChoice
from app.models.generation import Usage
from app.models.waiting import Line
from app.quoting.judging import Calibration, Scale
from app.search.retriever import PassageRetriever
from app.writing.profiles import SMALL
from ingest.errors import ModelError
from ingest.index import Index, open_current
from ingest.pipeline import sync
from tests.fakes import WordEmbedder

DOCUMENTS = {
    "sky.md": "# The sky\n\nThe sky is blue because air scatters blue light. At sunset the sky "
    "turns red.\n\n## Clouds\n\nClouds consist of water droplets. A cumulus cloud weighs 500 "
    "tonnes.\n",
    "sea.md": "# The sea\n\nSeawater holds 35 grams of salt per litre. Whales sing songs to each "
    "other.\n",
    "bread.md": "# Bread\n\nBakers knead dough for ten minutes. Sourdough rises with wild yeast.\n",
}


# A question whose words nearly all stand in one sentence is answered.
CALIBRATION = Calibration(
    fitted_on="2026-11-22",
    data=("worked out by hand",),
    scale=Scale(bias=-5, weights={"similarity": 14}, refuse_below=0.5, doubt_below=0.6, curve=()),
)


class ScriptedGeneration(Iterator[str]):
    """Yields its pieces; an exception among them is raised in its turn.

    What was said before a piece "</think>" was a thought.
    """

    def __init__(self, pieces: Sequence[str | Exception]) -> None:
        self._pieces = iter(pieces)
        self.usage = Usage(prompt_tokens=11)
        self.closed = False

    def __next__(self) -> str:
        piece = next(self._pieces)
        if isinstance(piece, Exception):
            raise piece
        self.usage.answer_tokens += 1
        if piece == "</think>":
            self.usage.said, self.usage.thought = "", self.usage.said
        else:
            self.usage.said += piece
        return piece

    def retire(self) -> None:
        self.closed = True

    def close(self) -> None:
        self.closed = True


class ScriptedModel:
    """Gives its answers in turn, and remembers what it was asked."""

    def __init__(self, *answers: str | Sequence[str | Exception]) -> None:
        self._answers = iter(answers)
        self.asked: list[str] = []
        self.limits: list[int] = []
        self.generations: list[ScriptedGeneration] = []
        self.affirmed = 1.0
        self.doubted: list[str] = []
        self.closed = False
        self.line = Line()

    def stream(
        self,
        messages: Sequence[Any],
        *,
        max_tokens: int,
        stop: Sequence[str] = (),
        thinking_tokens: int = 0,
    ) -> ScriptedGeneration:
        self.asked.append(str(messages[-1].content))
        self.limits.append(max_tokens)
        answer = next(self._answers)
        pieces = re.findall(r".{1,7}", answer, re.DOTALL) if isinstance(answer, str) else answer
        if pieces and isinstance(pieces[0], ModelError) and pieces[0].args[0].startswith("Refused"):
            raise pieces[0]
        self.generations.append(ScriptedGeneration(pieces))
        return self.generations[-1]

    def affirms(self, messages: Sequence[Any], stop: Any) -> float:
        self.doubted.append(str(messages[-1].content))
        return self.affirmed

    def held(self) -> AbstractContextManager[None]:
        return nullcontext()

    def retire(self) -> None:
        self.closed = True

    def close(self) -> None:
        self.closed = True


def write_documents(folder: Path, documents: Mapping[str, str]) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in documents.items():
        (folder / name).write_text(text, "utf-8")
    return folder


def indexed(place: Path, documents: Mapping[str, str], embedder: Any = None) -> Index:
    """An index of these documents in `place`/home, made the way the product makes it."""
    embedder = embedder or WordEmbedder()
    receipt = sync([write_documents(place / "documents", documents)], place / "home", embedder)
    assert not receipt.failed
    return open_current(place / "home", embedder)


def engine_on(
    index: Index,
    model: Any = None,
    journal: Any = None,
    calibration: Calibration = CALIBRATION,
) -> Engine:
    kind: Any = "none" if model is None else "embedded"
    return Engine(
        retriever=PassageRetriever(index),
        checker=SupportChecker(index.embedder.embed),
        model=model,
        model_choice=ModelChoice(kind, "scripted" if model else "none", "For a test.", 4096),
        profile=SMALL,
        calibration=calibration,
        journal=journal,
    )
