"""The same questions over vectors in the home and on a real Chroma server: the same quotes?

    python -m tests.eval.served [HOW MANY]

All documents of eval/'s own sets, and a seeded sample of their questions, 500 unless said
otherwise, without a language model. Prints each answer that differs and how many do not; the exit
code says whether all are the same.
"""

import random
import sys
import tempfile
from pathlib import Path
from typing import Any

from app.answer import Answer
from app.opening import open_embedder, open_engine
from app.settings import load_settings
from eval.questions import KNOWN_SETS, QuestionSet, load
from ingest.pipeline import sync
from tests.chroma import running

OWN = [load(name) for name in KNOWN_SETS if name != "squad"]


def main(many: int) -> int:
    asked = [one.question for each in OWN for one in each.questions]
    asked = random.Random(0).sample(asked, min(many, len(asked)))
    with tempfile.TemporaryDirectory() as place, running(Path(place) / "chroma") as chroma:
        embedded = answers(OWN, asked, Path(place) / "embedded")
        served = answers(OWN, asked, Path(place) / "served", chroma_url=chroma.server.url)
    same = 0
    for one, other in zip(embedded, served, strict=True):
        differing = [name for name in said(one) if said(one)[name] != said(other)[name]]
        same += not differing
        if differing:
            print(f"{one.question}: {', '.join(differing)} differ")
    print(f"{same} of {len(asked)} answers are the same.")
    return same < len(asked)


def answers(sets: list[QuestionSet], questions: list[str], home: Path, **more: Any) -> list[Answer]:
    """Bring all documents into a home, and ask."""
    settings = load_settings(home=home, model="none", **more)
    folders = sorted({each.documents for each in sets})
    assert not sync(folders, home, open_embedder(settings)).failed
    engine = open_engine(settings)
    return [engine.answer(each) for each in questions]


def said(answer: Answer) -> dict[str, Any]:
    """What an answer says, without what differs from run to run."""
    record = answer.to_json()
    return {name: record[name] for name in record.keys() - {"id", "timings"}}


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 500))
