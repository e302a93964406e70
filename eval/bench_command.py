"""`footnote bench`: what the models at hand are worth on this machine."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from app.settings import Settings

app = typer.Typer(help="Compare the models at hand, on this machine.", no_args_is_help=True)


@app.callback()
def group() -> None:
    """Compare the models at hand, on this machine."""


@app.command()
def models(
    model: Annotated[
        list[str] | None,
        typer.Option(help="As in the setting `model`; may be repeated. Default: all on here."),
    ] = None,
    set_: Annotated[str, typer.Option("--set", help="A question set, as for eval.")] = "corpus",
    examples: Annotated[int, typer.Option(min=1, help="So many questions to each.")] = 20,
    seed: Annotated[int, typer.Option(help="Draws the same questions each time.")] = 0,
    output: Annotated[
        Path | None, typer.Option(help="Folder of the figures. Default: in the home, bench/.")
    ] = None,
) -> None:
    """Ask the models the same questions: right, withheld, first word, words per second, memory.

    Stopped with Ctrl-C, the same command goes on. The figures are a table here, and in the folder
    models.json, models.md and the plot models.svg.
    """
    from rich.console import Console
    from rich.table import Table

    from app.models.at_hand import everywhere
    from app.models.chosen import Chosen
    from app.opening import engine_over, open_embedder, open_retriever
    from app.settings import load_settings
    from eval import bench
    from eval.footnote import bring_in_line, home_of
    from eval.questions import load, sample

    console, settings = Console(), load_settings()
    folder = output or settings.home / "bench"
    asked = load(set_)
    questions = sample(asked.questions, examples, seed)
    of_set = _apart(settings, home_of(asked.documents, settings))
    embedder = open_embedder(of_set)
    bring_in_line(asked.documents, of_set.home, embedder, lambda far: None)
    engine = engine_over(open_retriever(of_set, embedder), of_set)
    wanted = Chosen.read(settings.home).over(settings)
    asked_of = model or [
        each.wish
        for place in everywhere(wanted)
        for each in place.models
        if each.is_here and not each.host
    ]
    wishes = list(dict.fromkeys(("none", *asked_of)))  # what each is held against
    with console.status("asking") as status:
        results, choices = bench.bench(
            engine,
            wanted,
            wishes,
            questions,
            folder / f"{Path(set_).stem}-{seed}.jsonl",
            lambda name, done, total: status.update(f"{name}: {done} of {total}"),
        )
    rows = bench.rows(results, choices)
    bench.save(rows, folder, {"set": Path(set_).stem, "seed": seed, "questions": len(questions)})
    head, *body = bench.table(rows)
    shown = Table(*head, title=f"{Path(set_).stem}, {len(questions)} questions")
    for cells in body:
        shown.add_row(*cells)
    console.print(shown)
    for file in ("models.md", "models.svg", "models.json"):
        console.print(str(folder / file), markup=False, highlight=False, soft_wrap=True)


def _apart(settings: "Settings", home: Path) -> "Settings":
    """The settings for a set's own home, in which nobody chose anything; no model is loaded."""
    return settings.model_copy(update={"home": home, "model": "none"})
