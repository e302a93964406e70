"""True sentences for the planted-error measure: what a model writes from a passage it was given.

Three ways of saying what a passage says: a sentence rewritten, a question and its answer made one
sentence, a table row put into words. A fourth task asks for a plausible detail that the passage
does not hold; that one is an error to be caught. A small model changes the meaning now and then,
so `kept` drops what fails rules that do not use the checker under test. What passes the rules was
read beside its source before anything was measured, and what its source does not say was dropped.
"""

import json
import random
import re
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

from ingest.sentences import sentence_spans

Task = Literal["paraphrase", "answer", "row", "addition"]

_PROMPTS: dict[Task, tuple[str, str]] = {
    "paraphrase": (
        "You rewrite sentences for a writer. Keep the meaning and every name and number exactly, "
        "but change the wording and the order of the words. Write one sentence only.",
        "Rewrite in other words: {source}",
    ),
    "answer": (
        "You turn a question and its answer into one full declarative sentence. Keep every name "
        "and number. Write the sentence only.",
        "Question: {question}\nAnswer: {answer}",
    ),
    "row": (
        "You put a table row into one plain sentence. Keep every name and number. "
        "Write the sentence only.",
        "{header}\n{source}",
    ),
    "addition": (
        "You extend sentences. Repeat the sentence and go on with one more concrete, plausible "
        "detail, so that it stays one sentence. Write the sentence only.",
        "{source}",
    ),
}


class Seed(BaseModel):
    """What a true sentence is made from: a stretch of a document, perhaps a question on it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    task: Task
    document: str
    passage: tuple[int, int]
    source: str = ""
    header: str = ""
    question: str = ""
    answer: str = ""


class Written(Seed):
    """A seed with the sentence that was made of it, and the model that wrote it."""

    sentence: str
    by: str = ""


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


def seeds(documents: Path, questions: Path | None, each: int, rng: random.Random) -> list[Seed]:
    """About `each` seeds of every task from every Markdown document of a folder.

    `questions` is a file of objects with `id`, `question`, `document`, `paragraph` and `answers`;
    without it there are no "answer" seeds.
    """
    found: list[Seed] = []
    for path in sorted(documents.glob("*.md")):
        text = path.read_text(encoding="utf-8")
        sentences, rows = _sources(path.name, text)
        rng.shuffle(sentences)
        found += sentences[:each]
        found += [
            seed.model_copy(update={"task": "addition", "id": f"{seed.id}-addition"})
            for seed in sentences[each : each + max(1, each // 3)]
        ]
        found += rng.sample(rows, min(len(rows), max(1, each // 3)))
    if questions is not None:
        found += _asked(questions, each, rng)
    rng.shuffle(found)
    return found


def _sources(document: str, text: str) -> tuple[list[Seed], list[Seed]]:
    sentences, rows = [], []
    for start, end in paragraphs(text):
        block = text[start:end]
        if block.startswith("|"):
            header, *lines = block.split("\n")
            rows += [
                Seed(id=f"{document}-{start}-row{number}", task="row", document=document,
                     passage=(start, end), source=line, header=header)
                for number, line in enumerate(lines[1:])
            ]  # fmt: skip
            continue
        for a, b in sentence_spans(block):
            sentence = block[a:b]
            if 8 <= len(sentence.split()) <= 34 and re.match(r"[A-Z].*[.]$", sentence):
                sentences.append(
                    Seed(id=f"{document}-{start + a}", task="paraphrase", document=document,
                         passage=(start, end), source=sentence)
                )  # fmt: skip
    return sentences, rows


def _asked(questions: Path, each: int, rng: random.Random) -> Iterator[Seed]:
    by_document: dict[str, list[dict[str, Any]]] = {}
    for line in questions.read_text(encoding="utf-8").splitlines():
        question = json.loads(line)
        if question["answers"]:
            by_document.setdefault(question["document"], []).append(question)
    for document, asked in by_document.items():
        for question in rng.sample(asked, min(each, len(asked))):
            yield Seed(
                id=question["id"], task="answer", document=document,
                passage=tuple(question["paragraph"]), question=question["question"],
                answer=max(question["answers"], key=len),
            )  # fmt: skip


def write(waiting: Iterable[Seed], url: str, out: Path, together: int = 6) -> None:
    """Have the model at `url` (OpenAI-compatible) write the seeds, adding each to `out` when done.

    Seeds that `out` holds already are not written again, so a run that was stopped goes on.
    """
    import httpx

    done = {written.id for written in read(out)}

    def ask(seed: Seed) -> Written:
        system, user = _PROMPTS[seed.task]
        reply = httpx.post(
            f"{url}/v1/chat/completions",
            json={
                "messages": [
                    {"role": "system", "content": system},
                    {"role": "user", "content": user.format(**seed.model_dump())},
                ],
                "max_tokens": 110,
                "temperature": 0.2 if seed.task == "answer" else 0.5,
                "seed": 7,
            },
            timeout=1800,
        )
        reply.raise_for_status()
        body = reply.json()
        text = " ".join(body["choices"][0]["message"]["content"].split())
        return Written(**seed.model_dump(), sentence=text, by=Path(str(body.get("model"))).stem)

    with ThreadPoolExecutor(together) as pool, out.open("a", encoding="utf-8") as file:
        asked = [pool.submit(ask, seed) for seed in waiting if seed.id not in done]
        for answer in as_completed(asked):
            file.write(answer.result().model_dump_json() + "\n")
            file.flush()


def read(path: Path) -> list[Written]:
    """The sentences a file holds, none if there is no file."""
    if not path.exists():
        return []
    lines = path.read_text(encoding="utf-8").splitlines()
    return [Written.model_validate_json(line) for line in lines]


def names_and_numbers(text: str) -> set[str]:
    """Words written like names inside a sentence, and digits, each in one form."""
    words = re.findall(r"(?<!^)(?<![.!?]\s)\b[A-Z][\w'’-]*|\d[\d.,]*\d|\d", text)
    return {re.sub(r"['’]s$|[,.]", "", word) for word in words}


def kept(written: Sequence[Written], similarity: Sequence[float]) -> list[Written]:
    """Those that by rule may count as what their task asks for.

    `similarity` is the cosine of each sentence with what it was made from. A paraphrase keeps
    every name and number and adds none, keeps its negations, is near in meaning, neither half as
    long nor a copy; an answer holds the gold answer's words. The rules know nothing of the checker.
    """
    return [
        item
        for item, near in zip(written, similarity, strict=True)
        if _one_sentence(item.sentence) and _true_to_task(item, near)
    ]


def _one_sentence(text: str) -> bool:
    return bool(re.match(r"[^a-z\s].{15,400}[.]$", text)) and len(sentence_spans(text)) == 1


def _true_to_task(item: Written, near: float) -> bool:
    said = names_and_numbers(item.sentence)
    if item.task == "answer":
        given = names_and_numbers("x " + item.question + " " + item.answer)
        words = {word.lower() for word in re.findall(r"\w+", item.answer)}
        present = {word.lower() for word in re.findall(r"\w+", item.sentence)}
        return (
            said <= given
            and words <= present
            and len(item.sentence) < 2.2 * (len(item.question) + len(item.answer))
        )
    if item.task == "row":
        return said <= names_and_numbers(f"x {item.header} {item.source}") and near > 0.6
    if item.task == "addition":
        return len(item.sentence) > len(item.source) + 20
    source = names_and_numbers(item.source)
    return (
        near >= 0.82
        and item.sentence != item.source
        and said == source
        and _denials(item.sentence) == _denials(item.source)
        and 0.6 <= len(item.sentence) / len(item.source) <= 1.5
    )


def _denials(text: str) -> int:
    return len(re.findall(r"\b(?:not|no|never|without|cannot|neither|nor)\b|n't\b", text.lower()))
