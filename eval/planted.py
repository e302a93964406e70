"""Planted errors: does the checker see what is wrong, and leave alone what is right?

    python -m eval.planted seeds DOCUMENTS OUT [--questions FILE] [--each N]
    python -m eval.planted write SEEDS OUT --url http://127.0.0.1:8080
    python -m eval.planted plant WRITTEN OUT --documents DOCUMENTS --embedding FOLDER
    python -m eval.planted fit PLANTED… --embedding FOLDER
    python -m eval.planted measure PLANTED… [--half tuning|reported|both] [--failures N]

True sentences are written by a model from passages (`truths.py`) and made false in nine ways
(`corruptions.py`). Documents fall into two halves by their name: one to tune on, one to report on.
"""

import hashlib
import random
import statistics
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import astuple, dataclass, replace
from pathlib import Path
from typing import Annotated, Literal

import typer
from pydantic import BaseModel, ConfigDict

from app.checking.support import Embed, Evidence, SupportChecker, split_evidence
from eval import truths
from eval.corruptions import KINDS, Pool, names
from eval.truths import Written, paragraphs
from ingest.sentences import sentence_spans

Half = Literal["tuning", "reported"]
EXACT = ("number", "unit", "name", "date", "negation")


class Lie(BaseModel):
    """A corrupted sentence and the way it was corrupted."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: str
    sentence: str


class Planted(BaseModel):
    """A true sentence (none for an addition the model wrote), its lies, and the passages given."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    document: str
    task: str
    question: str = ""
    sentence: str
    lies: tuple[Lie, ...]
    passages: tuple[str, ...]


@dataclass(frozen=True)
class Outcome:
    """What the checker made of one sentence; `kind` is "true", or how it was corrupted."""

    record: Planted
    kind: str
    sentence: str
    verdict: str
    score: float
    reason: str
    quote: str
    milliseconds: float

    @property
    def right(self) -> bool:
        return (self.verdict == "supported") == (self.kind == "true")


def half(document: str) -> Half:
    """The half a document belongs to, decided by its name alone."""
    return "tuning" if hashlib.sha256(document.encode()).digest()[0] % 2 else "reported"


def plant(written: Sequence[Written], documents: Path, rng: random.Random) -> Iterator[Planted]:
    """Each true sentence with its passage, two neighbours of it, and up to three lies."""
    texts = {
        name: (documents / name).read_text(encoding="utf-8")
        for name in dict.fromkeys(item.document for item in written)
    }
    used = dict.fromkeys(KINDS, 0)
    for item in written:
        text = texts[item.document]
        given = _passages(text, item.passage)
        if item.task == "addition":
            lie = Lie(kind="addition", sentence=item.sentence)
            yield Planted(id=item.id, document=item.document, task=item.task,
                          sentence=item.source, lies=(lie,), passages=given)  # fmt: skip
            continue
        pool = Pool(
            near=given[0],
            names=sorted({m.group() for p in given for m in names(p)})
            + sorted({m.group() for m in names(text[:20_000])})[:40],
            fragments=[
                text[a + s : a + e]
                for a, b in rng.sample(paragraphs(text), min(4, len(paragraphs(text))))
                if text[a:b] not in given and "|" not in text[a:b]
                for s, e in sentence_spans(text[a:b])[:1]
            ],
        )
        made = {kind: corrupt(item.sentence, pool, rng) for kind, corrupt in KINDS.items()}
        fitting = [k for k, lie in made.items() if lie and lie != item.sentence]
        chosen = sorted(fitting, key=lambda kind: used[kind])[:3]
        for kind in chosen:
            used[kind] += 1
        yield Planted(
            id=item.id, document=item.document, task=item.task, question=item.question,
            sentence=item.sentence, passages=given,
            lies=tuple(Lie(kind=kind, sentence=str(made[kind])) for kind in chosen),
        )  # fmt: skip


def _passages(text: str, gold: tuple[int, int]) -> tuple[str, ...]:
    """The gold passage first, then the paragraphs before and after it."""
    spans = paragraphs(text)
    place = min(range(len(spans)), key=lambda index: abs(spans[index][0] - gold[0]))
    around = [spans[i] for i in (place - 1, place + 1) if 0 <= i < len(spans)]
    return (text[gold[0] : gold[1]], *(text[a:b] for a, b in around))


def measure(records: Iterable[Planted], embed: Embed | None) -> Iterator[Outcome]:
    """Check every true sentence and every lie; the passages' vectors are known beforehand."""
    checker = SupportChecker(embed)
    for record in records:
        evidence = [_evidence(text, embed) for text in record.passages]
        sentences = [("true", record.sentence)] if record.task != "addition" else []
        sentences += [(lie.kind, lie.sentence) for lie in record.lies]
        for kind, sentence in sentences:
            started = time.perf_counter()
            found = checker.check(sentence, evidence, question=record.question)
            took = 1000 * (time.perf_counter() - started)
            quote = " … ".join(evidence[i].text[a:b] for i, a, b in found.quotes)
            yield Outcome(record, kind, sentence, found.verdict, found.score,
                          found.reason, quote, took)  # fmt: skip


def _evidence(text: str, embed: Embed | None) -> Evidence:
    split = split_evidence(text)
    if embed is None or not split.spans:
        return split
    return replace(split, vectors=embed([text[start:end] for start, end in split.spans]))


def summary(outcomes: Sequence[Outcome]) -> str:
    """The share caught of each kind, the false alarms, and the time a sentence took."""
    lines = [f"{'kind':14}{'n':>6}{'caught':>9}"]
    for kind in (*KINDS, "exact kinds", "all kinds"):
        of_kind = [
            outcome.right
            for outcome in outcomes
            if outcome.kind != "true"
            and (kind == "all kinds" or outcome.kind == kind or
                 (kind == "exact kinds" and outcome.kind in EXACT))
        ]  # fmt: skip
        if of_kind:
            lines.append(f"{kind:14}{len(of_kind):6}{statistics.mean(of_kind):9.3f}")
    for task in ("paraphrase", "answer", "row"):
        alarms = [not o.right for o in outcomes if o.kind == "true" and o.record.task == task]
        if alarms:
            lines.append(f"{'true ' + task:16}{len(alarms):4}{statistics.mean(alarms):9.3f} alarms")
    alarms = [not outcome.right for outcome in outcomes if outcome.kind == "true"]
    if alarms:
        lines.append(f"{'true, all':16}{len(alarms):4}{statistics.mean(alarms):9.3f} alarms")
    times = sorted(outcome.milliseconds for outcome in outcomes)
    lines.append(
        f"a sentence took {statistics.median(times):.1f} ms (median), "
        f"{times[int(0.95 * len(times))]:.1f} ms (95th percentile)"
    )
    return "\n".join(lines)


def fit(records: Sequence[Planted], embed: Embed) -> tuple[float, list[float]]:
    """Intercept and weights for `app.checking.wording`, by logistic regression on the records.

    True sentences against those with an addition and those about other documents. The intercept
    puts 0.5 where 2 % of the true sentences score less.
    """
    import numpy as np
    from sklearn.linear_model import LogisticRegression  # type: ignore[import-untyped]

    checker, rng = SupportChecker(embed), random.Random(3)
    rows, true = [], []
    for record in records:
        evidence = [_evidence(text, embed) for text in record.passages]
        other = rng.choice(records)
        sentences = [(lie.sentence, False) for lie in record.lies if lie.kind == "addition"]
        if record.task != "addition":
            sentences.append((record.sentence, True))
            added = KINDS["addition"](record.sentence, Pool("", [], []), rng)
            sentences.append((str(added), False))
        if other.document != record.document:
            sentences.append((other.sentence, False))
        for sentence, is_true in sentences:
            rows.append(astuple(checker.wording(sentence, evidence, record.question)))
            true.append(is_true)
    table, labels = np.array(rows, dtype=float), np.array(true)
    model = LogisticRegression(max_iter=3000).fit(table, labels)
    logits = table @ model.coef_[0]
    return -float(np.quantile(logits[labels], 0.02)), [float(w) for w in model.coef_[0]]


cli = typer.Typer(add_completion=False, help=__doc__)


def _embedder(folder: Path) -> Embed:
    from sentence_transformers import SentenceTransformer

    model = SentenceTransformer(str(folder), device="cpu")
    return lambda texts: model.encode(list(texts), normalize_embeddings=True)


@cli.command("seeds")
def seeds_command(
    documents: Path, out: Path, questions: Path | None = None, each: int = 14, seed: int = 5
) -> None:
    """Choose what true sentences are to be made from."""
    found = truths.seeds(documents, questions, each, random.Random(seed))
    out.write_text("".join(item.model_dump_json() + "\n" for item in found), encoding="utf-8")


@cli.command("write")
def write_command(seeds: Path, out: Path, url: Annotated[str, typer.Option()]) -> None:
    """Have the model behind an OpenAI-compatible URL write the sentences; goes on where it was."""
    lines = seeds.read_text(encoding="utf-8").splitlines()
    truths.write([truths.Seed.model_validate_json(line) for line in lines], url, out)


@cli.command("plant")
def plant_command(
    written: Path,
    out: Path,
    documents: Annotated[Path, typer.Option()],
    embedding: Annotated[Path, typer.Option()],
    seed: int = 5,
) -> None:
    """Keep the sentences that may count as true, and make false ones of them."""
    items = truths.read(written)
    embed = _embedder(embedding)
    made_from = [item.source or f"{item.question} {item.answer}" for item in items]
    near = (embed([item.sentence for item in items]) * embed(made_from)).sum(axis=1)
    good = truths.kept(items, [float(value) for value in near])
    records = list(plant(good, documents, random.Random(seed)))
    out.write_text("".join(r.model_dump_json() + "\n" for r in records), encoding="utf-8")
    typer.echo(
        f"{len(good)} of {len(items)} sentences kept, "
        f"{sum(len(record.lies) for record in records)} made false"
    )


def _read(paths: Sequence[Path]) -> list[Planted]:
    return [
        Planted.model_validate_json(line)
        for path in paths
        for line in path.read_text(encoding="utf-8").splitlines()
    ]


@cli.command("fit")
def fit_command(planted: list[Path], embedding: Annotated[Path, typer.Option()]) -> None:
    """Print the constants of app/checking/wording.py, fitted on the tuning half."""
    records = [record for record in _read(planted) if half(record.document) == "tuning"]
    intercept, weights = fit(records, _embedder(embedding))
    typer.echo(f"INTERCEPT = {intercept:.2f}")
    typer.echo(f"WEIGHTS = ({', '.join(f'{weight:.2f}' for weight in weights)})")


@cli.command("measure")
def measure_command(
    planted: list[Path],
    embedding: Annotated[Path | None, typer.Option()] = None,
    which: Annotated[str, typer.Option("--half")] = "reported",
    failures: int = 0,
) -> None:
    """Print what is caught and what is falsely alarmed about, and some failures to read."""
    records = _read(planted)
    chosen = [record for record in records if which in (half(record.document), "both")]
    outcomes = list(measure(chosen, _embedder(embedding) if embedding else None))
    typer.echo(summary(outcomes))
    wrong = [outcome for outcome in outcomes if not outcome.right]
    for outcome in random.Random(1).sample(wrong, min(failures, len(wrong))):
        typer.echo(f"\n[{outcome.kind}] {outcome.verdict} {outcome.score} {outcome.reason}")
        typer.echo(f"  said:  {outcome.sentence}\n  was:   {outcome.record.sentence}")
        typer.echo(f"  quote: {outcome.quote}")


if __name__ == "__main__":
    cli()
