"""A true sentence with the false ones made of it, and the passages they are held against.

A language model wrote the true ones; eval/data/README.md says how. Documents fall into two halves
by their name: one to tune on, one to report on.
"""

import hashlib
import random
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict

from eval.corruptions import KINDS, Pool, names
from ingest.sentences import sentence_spans

Half = Literal["tuning", "reported"]
_EACH = 3  # lies made of one sentence at most


class Written(BaseModel):
    """A true sentence, the model that wrote it, and where it is from: `[start, end)` of a document.

    What has the task "addition" holds a detail that its passage does not.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    task: Literal["paraphrase", "answer", "row", "addition"]
    document: str
    passage: tuple[int, int]
    sentence: str
    by: str = ""


class Lie(BaseModel):
    """A corrupted sentence and the way it was corrupted."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: str
    sentence: str


class Planted(BaseModel):
    """A true sentence (none for an addition the model wrote), its lies, and the passages given.

    `by` names the model that wrote the sentence.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    document: str
    task: str
    by: str = ""
    question: str = ""
    sentence: str
    lies: tuple[Lie, ...]
    passages: tuple[str, ...]


def half(document: str) -> Half:
    """The half a document belongs to, decided by its name alone."""
    return "tuning" if hashlib.sha256(document.encode()).digest()[0] % 2 else "reported"


def plant(
    written: Sequence[Written],
    folders: Sequence[Path],
    seed: int,
    questions: Mapping[str, str] | None = None,
) -> Iterator[Planted]:
    """Each true sentence with its passage, two neighbours of it, and up to three lies.

    `questions` are those that sentences answer, by the sentence's id.
    Each sentence has a generator of its own, so adding sentences leaves the lies of others alone
    but for the choice among the kinds that apply: the rarest so far are taken.
    """
    texts = {
        name: _find(name, folders).read_text(encoding="utf-8")
        for name in dict.fromkeys(item.document for item in written)
    }
    used = dict.fromkeys(KINDS, 0)
    for item in written:
        text, rng = texts[item.document], random.Random(f"{seed} {item.id}")
        given = _passages(text, item.passage)
        record = Planted(
            id=item.id,
            document=item.document,
            task=item.task,
            by=item.by,
            question=(questions or {}).get(item.id, ""),
            sentence=item.sentence,
            lies=(),
            passages=given,
        )
        if item.task == "addition":
            lie = Lie(kind="addition", sentence=item.sentence)
            yield record.model_copy(update={"sentence": "", "lies": (lie,)})
            continue
        pool = _pool(text, given, rng)
        made = {kind: corrupt(item.sentence, pool, rng) for kind, corrupt in KINDS.items()}
        fitting = [k for k, lie in made.items() if lie and lie != item.sentence]
        chosen = sorted(fitting, key=lambda kind: used[kind])[:_EACH]
        for kind in chosen:
            used[kind] += 1
        lies = tuple(Lie(kind=kind, sentence=str(made[kind])) for kind in chosen)
        yield record.model_copy(update={"lies": lies})


def paragraphs(text: str) -> list[tuple[int, int]]:
    """`[start, end)` of the paragraphs and tables of a Markdown text, without its front matter."""
    body = re.match(r"---\n.*?\n---\n", text, re.DOTALL)
    begin = body.end() if body else 0
    blocks = re.finditer(r"[^\n]+(?:\n[^\n]+)*", text[begin:])
    return [
        (begin + block.start(), begin + block.end())
        for block in blocks
        if not block.group().startswith("#")
    ]


def _find(name: str, folders: Sequence[Path]) -> Path:
    for folder in folders:
        if (folder / name).is_file():
            return folder / name
    raise FileNotFoundError(f"{name} is in none of {', '.join(map(str, folders))}")


def _pool(text: str, given: Sequence[str], rng: random.Random) -> Pool:
    places = paragraphs(text)
    return Pool(
        near=given[0],
        names=[*_names(given, text), *_names([text[:20_000]], text)[:40]],
        fragments=[
            text[a + s : a + e]
            for a, b in rng.sample(places, min(4, len(places)))
            if text[a:b] not in given and "|" not in text[a:b]
            for s, e in sentence_spans(text[a:b])[:1]
        ],
    )


def _names(texts: Sequence[str], whole: str) -> list[str]:
    """The names of some texts, without words that only opened a sentence."""
    found = sorted({match.group() for text in texts for match in names(text)})
    return [name for name in found if not re.search(rf"\b{re.escape(name.lower())}\b", whole)]


def _passages(text: str, gold: tuple[int, int]) -> tuple[str, ...]:
    """The gold passage first, then the paragraphs before and after it."""
    spans = paragraphs(text)
    place = min(range(len(spans)), key=lambda index: abs(spans[index][0] - gold[0]))
    around = [spans[i] for i in (place - 1, place + 1) if 0 <= i < len(spans)]
    return (text[gold[0] : gold[1]], *(text[a:b] for a, b in around))
