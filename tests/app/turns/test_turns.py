"""Conversations as people have them, over five small folders and the corpus, without a model.

`turns.jsonl` was written before anything was tuned. An answer is right when it is no refusal and
has every `must` and no `must_not` in what is shown; what is not `answerable` is to be refused or
shown as uncertain.
"""

import json
import re
from collections import Counter
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from app.answer import Answer
from app.engine import Engine
from app.opening import engine_over, open_retriever
from app.settings import load_settings
from ingest.embedding import Embedder
from ingest.pipeline import sync

HERE = Path(__file__).parent
TURNS = [json.loads(line) for line in (HERE / "turns.jsonl").read_text("utf-8").splitlines()]
# Of each kind at least so many, of all. When this was written 68 of 76 were right, two more in most
# kinds: how a turn is understood is held here, not how each sentence is chosen.
RIGHT = {
    "about-answer": (11, 17),
    "small-talk": (7, 8),
    "collection": (21, 24),
    "question": (5, 7),
    "follow-up": (10, 11),
    "paste": (5, 7),
    "language": (2, 6),
    "code": (5, 6),
}


@pytest.fixture(scope="module")
def engine_of(
    embedder: Embedder, corpus_home: Path, tmp_path_factory: pytest.TempPathFactory
) -> Callable[[str], Engine]:
    @cache
    def engine(folder: str) -> Engine:
        home = corpus_home
        if folder != "corpus":
            home = tmp_path_factory.mktemp(folder) / "home"
            sync([HERE / "documents" / folder], home, embedder)
        settings = load_settings(home=home, model="none")
        return engine_over(open_retriever(settings, embedder), settings)

    return engine


def is_right(expected: dict[str, Any], answer: Answer) -> bool:
    if not expected["answerable"]:
        return answer.outcome != "answered"
    quotes = [f"{each.quote} {each.context}" for each in answer.citations]
    said = " ".join(answer.text.split())
    shown = " ".join(" ".join([said, *quotes, *answer.notices]).split())
    return (
        answer.outcome != "refused"
        and all(re.search(each, shown, re.IGNORECASE) for each in expected["must"])
        and not any(re.search(each, said, re.IGNORECASE) for each in expected["must_not"])
        and any(re.search(expected.get("quote", ""), each, re.IGNORECASE) for each in [*quotes, ""])
    )


def test_of_each_kind_of_turn_most_are_understood(
    engine_of: Callable[[str], Engine],
) -> None:
    right: Counter[str] = Counter()
    wrong: list[str] = []
    for turn in TURNS:
        answer = engine_of(turn["folder"]).converse(turn["turns"])
        right[turn["kind"]] += is_right(turn, answer)
        if not is_right(turn, answer):
            wrong.append(f"{turn['id']}: {' / '.join(turn['turns'])[:200]}\n{answer.text[:300]}")
    assert Counter(each["kind"] for each in TURNS) == {k: all_ for k, (_, all_) in RIGHT.items()}
    fewer = {kind: right[kind] for kind, (least, _) in RIGHT.items() if right[kind] < least}
    assert not fewer, "\n".join(wrong)
