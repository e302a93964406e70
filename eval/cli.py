"""`footnote eval`: run a set of questions, compare two runs, measure against a baseline."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ingest.errors import FootnoteError

if TYPE_CHECKING:
    from rich.console import Console

    from app.engine import Engine
    from app.settings import Settings
    from eval.results import Results
    from eval.run import Plan
    from eval.systems import Retriever

SHAPE_AN_ANSWER = {"reranker", "context_window", "passage_tokens", "answer_tokens"}

app = typer.Typer(help="Measure answers to questions whose answers are known.")


class Baseline(StrEnum):
    """What Footnote can be measured against."""

    starter = "starter"
    vectors = "vectors"


@app.callback(invoke_without_command=True)
def evaluate(
    set_: Annotated[
        str, typer.Option("--set", help="corpus, squad, or a path to a set of their shapes.")
    ] = "corpus",
    examples: Annotated[
        int | None, typer.Option(min=1, help="Ask only so many questions, drawn by the seed.")
    ] = None,
    seed: Annotated[int, typer.Option(help="Draws the same questions each time.")] = 0,
    answerable: Annotated[
        float | None,
        typer.Option(min=0, max=1, help="Share with an answer, 1 for all; default: the set's own."),
    ] = None,
    retrieval_only: Annotated[
        bool, typer.Option("--retrieval-only", help="Measure the search; no model is loaded.")
    ] = False,
    model: Annotated[
        str | None, typer.Option(help="The language model, as in the setting of that name.")
    ] = None,
    against: Annotated[
        Baseline | None,
        typer.Option(
            help="Ask a baseline the same questions: the LlamaIndex starter, or vectors "
            "alone (search only)."
        ),
    ] = None,
    from_feedback: Annotated[
        bool,
        typer.Option(
            "--from-feedback",
            help="Ask also what people complained about, all of it of the home's own index.",
        ),
    ] = False,
    compare: Annotated[
        tuple[Path, Path] | None,
        typer.Option(help="Two run folders: which measures moved, and is it more than noise?"),
    ] = None,
    refuse_nothing: Annotated[
        bool,
        typer.Option(
            "--refuse-nothing", help="Have everything answered, as a run for --calibrate needs it."
        ),
    ] = False,
    calibrate: Annotated[
        list[Path] | None,
        typer.Option(
            help="Folder of a run, may be repeated: fit on its answers when to refuse, for this "
            "home, or into the file --output."
        ),
    ] = None,
    may_refuse: Annotated[
        float,
        typer.Option(min=0, max=1, help="With --calibrate: share of answerable ones refused."),
    ] = 0.05,
    may_doubt: Annotated[
        float,
        typer.Option(
            min=0, max=1, help="With --calibrate: share of answerable ones refused or uncertain."
        ),
    ] = 0.25,
    output: Annotated[
        Path | None, typer.Option(help="Folder of the run. Default: in the home's eval/ folder.")
    ] = None,
) -> None:
    """Ask questions with known answers, and show what the answers are worth.

    A run that was stopped goes on with the same command. Results are a table here, and in the
    run's folder results.json and report.html, with every failure to be read.
    """
    from rich.console import Console

    console = Console()
    try:
        if compare is not None:
            _compare(console, *compare)
            return
        if calibrate:
            _calibrate(console, calibrate, (may_refuse, may_doubt), output)
            return
        only_search = retrieval_only or against is Baseline.vectors
        about = {"set": set_, "examples": examples, "seed": seed, "answerable": answerable}
        if refuse_nothing:
            about["refused"] = "nothing"
        with _planned(console, about, only_search, model, against, from_feedback) as (plan, runs):
            folder = output or runs / f"{Path(set_).stem}-{plan.key}"
            results = _run(console, plan, folder)
        _show(console, results, folder)
    except FootnoteError as error:
        Console(stderr=True, style="red").print(str(error), markup=False, highlight=False)
        raise typer.Exit(1) from error


@contextmanager
def _planned(
    console: "Console",
    about: dict[str, Any],
    only_search: bool,
    model_name: str | None,
    against: Baseline | None,
    from_feedback: bool,
) -> Iterator[tuple["Plan", Path]]:
    """The plan and the folder for runs; the language model is closed afterwards."""
    from app.journal import Journal
    from app.opening import open_embedder, open_engine, open_retriever
    from app.quoting.judging import own_calibration
    from app.settings import load_settings
    from eval.feedback import cases_from
    from eval.footnote import CheckerJudge, Footnote, home_of
    from eval.questions import load, sample
    from eval.run import Plan, check_gold

    settings = load_settings(model=model_name)
    runs = settings.home / "eval"
    asked = load(about["set"])
    questions = sample(asked.questions, about["examples"], about["seed"], about["answerable"])
    if from_feedback:
        questions += cases_from(Journal.of(settings.home))
    else:
        fitted = settings.calibration or own_calibration(settings.home)
        home = home_of(asked.documents, settings)
        settings = load_settings(model=model_name, home=home, calibration=fitted)
        _bring_in_line(console, asked.documents, settings)
    embedder = open_embedder(settings)
    retriever = open_retriever(settings, embedder)
    engine: Engine | None = None
    check_gold(questions, Footnote(retriever))
    try:
        if not only_search:
            engine = open_engine(settings)
            engine.journal = None  # the journal is for what people asked
            if about.get("refused") == "nothing":
                from eval.calibrate import never_refusing

                engine.calibration = never_refusing(engine.calibration)
            choice = engine.model_choice
            console.print(f"{choice.name}: {choice.why}", markup=False, highlight=False)
        configured = settings.model_dump(mode="json", include=SHAPE_AN_ANSWER)
        footnote = Footnote(engine.retriever if engine else retriever, engine, configured)
        systems: list[Retriever] = [footnote]
        if against is Baseline.vectors:
            from eval.baselines.vectors_alone import VectorsAlone

            catalogue = retriever.index.catalogue
            systems.append(
                VectorsAlone(catalogue, embedder, footnote.text_of, footnote.searched_for)
            )
        if against is Baseline.starter:
            from eval.baselines.starter import Starter

            systems.append(Starter(asked.documents, embedder, engine.model if engine else None))
        judge = CheckerJudge(engine.checker) if engine else None
        yield Plan(questions, systems, about, judge), runs
    finally:
        if engine is not None:
            engine.close()


def _bring_in_line(console: "Console", documents: Path, settings: "Settings") -> None:
    from app.opening import open_embedder
    from eval.footnote import bring_in_line

    with _bar(console) as bar:
        task = bar.add_task("indexing", total=1.0)
        bring_in_line(
            documents,
            settings.home,
            open_embedder(settings),
            lambda far: bar.update(task, completed=far.share),
        )


def _run(console: "Console", plan: "Plan", folder: Path) -> "Results":
    from eval import report, results
    from eval.run import run

    with _bar(console) as bar:
        task = bar.add_task("asking")

        def watch(done: int, total: int, system: str) -> None:
            bar.update(task, completed=done, total=total, description=f"asking {system}")

        run(plan, folder, watch)
    finished = results.collect(folder)
    results.write(finished, folder / "results.json")
    report.write(finished, folder / "report.html")
    return finished


def _bar(console: "Console") -> Any:
    from rich.progress import (
        BarColumn,
        Progress,
        TaskProgressColumn,
        TextColumn,
        TimeElapsedColumn,
        TimeRemainingColumn,
    )

    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        TaskProgressColumn(),
        TimeElapsedColumn(),
        TextColumn("left"),
        # A question takes seconds; over the last half minute alone the estimate would jump.
        TimeRemainingColumn(),
        console=console,
        speed_estimate_period=600,
    )


def _show(console: "Console", results: "Results", folder: Path) -> None:
    from eval import cases, compare
    from eval.results import table

    console.print(table(results))
    systems = list(results.figures)
    for other in systems[1:]:
        changes = compare.compare(
            cases.of_system(results.cases, other), cases.of_system(results.cases, systems[0])
        )
        console.print(compare.table(changes, other, systems[0]))
    _warn(console, results)
    console.print(str(folder / "report.html"), markup=False, highlight=False, soft_wrap=True)


def _warn(console: "Console", results: "Results") -> None:
    """Say what makes the figures stand on less than they seem to."""
    broken = sum(bool(case.error) for case in results.cases)
    lost = sum(bool(case.lost) for case in results.cases)
    if broken:
        console.print(f"[red]{broken} questions ended in an error[/] and count as empty answers.")
    if lost:
        console.print(
            f"[yellow]{lost} gold quotes are not in a system's own text of the document[/]; what "
            "needs their place leaves these questions out."
        )


def _compare(console: "Console", before: Path, after: Path) -> None:
    from eval import cases, compare, results

    runs = [results.collect(folder) for folder in (before, after)]
    names = _distinct([run.name for run in runs])
    for system in runs[0].figures:
        if system not in runs[1].figures:
            continue
        changes = compare.compare(*(cases.of_system(run.cases, system) for run in runs))
        console.print(f"{system}: {before} → {after}", markup=False, highlight=False)
        console.print(compare.table(changes, *names))


def _calibrate(
    console: "Console", runs: Sequence[Path], may: tuple[float, float], output: Path | None
) -> None:
    from datetime import UTC, datetime

    from app.settings import load_settings
    from eval.calibrate import calibrate, operating_point

    fitted = calibrate(runs, *may, datetime.now(UTC).date())
    file = output or load_settings().home / "calibration.json"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(fitted.model_dump_json(indent=1) + "\n", "utf-8")
    scale = fitted.scale
    for what, threshold in (("refused", scale.refuse_below), ("uncertain", scale.doubt_below)):
        answerable, others = operating_point(scale, threshold)
        console.print(
            f"Below {threshold:.3f} is {what}: {answerable:.1%} of the answerable questions and "
            f"{others:.1%} of the others."
        )
    console.print(str(file), markup=False, highlight=False, soft_wrap=True)


def _distinct(names: Sequence[str]) -> tuple[str, str]:
    before, after = names
    return ("before", "after") if before == after else (before, after)


if __name__ == "__main__":
    app()
