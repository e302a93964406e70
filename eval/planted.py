"""Planted errors: does the checker see what is wrong, and leave alone what is right?

    python -m eval.planted plant WRITTEN OUT --documents FOLDER… [--questions FILE]
    python -m eval.planted fit PLANTED… --embedding FOLDER
    python -m eval.planted measure PLANTED… [--half tuning|reported|both]
    python -m eval.planted essays PLANTED… --home HOME --documents FOLDER…

True sentences (eval/data/written.jsonl) are made false in nine ways (`corruptions.py`, `lies.py`)
and given to the checker (`caught.py`), or put into whole texts (`essays.py`).
"""

import json
import random
from collections.abc import Mapping, Sequence
from dataclasses import astuple
from pathlib import Path
from typing import Annotated

import typer

from app.checking.support import Embed, SupportChecker
from eval import caught
from eval.corruptions import KINDS, Pool
from eval.lies import Planted, Written, half, plant


def fit(records: Sequence[Planted], embed: Embed) -> tuple[float, list[float]]:
    """Intercept and weights for `app.checking.wording`, by logistic regression on the records.

    True sentences against those with an addition and those about other documents. The intercept
    puts 0.5 where 1 % of the true sentences score less.
    """
    import numpy as np
    from sklearn.linear_model import LogisticRegression

    checker, rng = SupportChecker(embed), random.Random(3)
    rows, true = [], []
    for record in records:
        evidence = [caught.evidence_of(text, embed) for text in record.passages]
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
    return -float(np.quantile(logits[labels], 0.01)), [float(w) for w in model.coef_[0]]


cli = typer.Typer(add_completion=False, help=__doc__)


def _embedder(folder: Path) -> Embed:
    from sentence_transformers import SentenceTransformer

    model = SentenceTransformer(str(folder), device="cpu")
    return lambda texts: model.encode(list(texts), normalize_embeddings=True)


def _lines(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8").splitlines()


@cli.command("plant")
def plant_command(
    written: Path,
    out: Path,
    documents: Annotated[list[Path], typer.Option()],
    questions: Path | None = None,
    seed: int = 5,
) -> None:
    """Make false sentences of the true ones whose documents are in one of the folders."""
    items = [
        item
        for item in map(Written.model_validate_json, _lines(written))
        if any((folder / item.document).is_file() for folder in documents)
    ]
    asked: Mapping[str, str] = {}
    if questions is not None:
        asked = {one["id"]: one["question"] for one in map(json.loads, _lines(questions))}
    records = list(plant(items, documents, seed, asked))
    out.write_text("".join(r.model_dump_json() + "\n" for r in records), encoding="utf-8")
    true = sum(record.task != "addition" for record in records)
    typer.echo(f"{true} true sentences, {sum(len(record.lies) for record in records)} false ones")


def _read(paths: Sequence[Path], which: str) -> list[Planted]:
    records = [Planted.model_validate_json(line) for path in paths for line in _lines(path)]
    return [record for record in records if which in (half(record.document), "both")]


@cli.command("fit")
def fit_command(planted: list[Path], embedding: Annotated[Path, typer.Option()]) -> None:
    """Print the constants of app/checking/wording.py, fitted on the tuning half."""
    intercept, weights = fit(_read(planted, "tuning"), _embedder(embedding))
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
    records = _read(planted, which)
    outcomes = list(caught.measure(records, _embedder(embedding) if embedding else None))
    typer.echo(caught.summary(outcomes))
    wrong = [outcome for outcome in outcomes if not outcome.right]
    for outcome in random.Random(1).sample(wrong, min(failures, len(wrong))):
        typer.echo(f"\n[{outcome.kind}] {outcome.verdict} {outcome.score} {outcome.reason}")
        typer.echo(f"  said:  {outcome.sentence}\n  was:   {outcome.record.sentence}")
        typer.echo(f"  quote: {outcome.quote}")


@cli.command("essays")
def essays_command(
    planted: list[Path],
    home: Annotated[Path, typer.Option(help="Its index has the documents.")],
    documents: Annotated[list[Path], typer.Option(help="The folders that it was made of.")],
    which: Annotated[str, typer.Option("--half")] = "both",
    most: Annotated[int, typer.Option(help="Contradictions counted of each.")] = 200,
    seed: int = 3,
    failures: int = 0,
) -> None:
    """Check whole texts of true and false sentences against all documents of a home."""
    from app.checking.support import SupportChecker
    from app.opening import open_embedder
    from app.settings import load_settings
    from eval import essays
    from ingest.index import open_current

    embedder = open_embedder(load_settings(home=home))
    index, records = open_current(home, embedder), _read(planted, which)
    texts = {
        "in other words": records,
        "in the documents' own words": essays.own_words(records, documents, seed),
    }
    for name, of in texts.items():
        written = list(essays.texts(of, seed, essays.EXACT))
        verdicts, a_second = essays.measure(index, SupportChecker(embedder.embed), written)
        typer.echo(f"{name}: {len(written)} texts, {a_second:.1f} sentences a second")
        for kind, found in essays.counts(verdicts).items():
            typer.echo(f"  {kind:10} " + ", ".join(f"{n} {what}" for what, n in found.items()))
        false = [each for each in verdicts if each.sentence.kind != "true"][:most]
        wrong = [each for each in false if each.found.finding == "supported"]
        typer.echo(f"  of {len(false)} contradictions {len(wrong)} are called supported")
        for each in wrong[:failures]:
            typer.echo(f"  [{each.sentence.kind}] {each.sentence.text}")


if __name__ == "__main__":
    cli()
