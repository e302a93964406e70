"""`footnote journal`: what is kept of questions and answers, and forgetting it."""

import json
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from app.journal import Journal
from app.settings import load_settings
from ingest.errors import FootnoteError
from ingest.home import keep_private

app = typer.Typer(help="What was asked and answered: list, show, export, forget.")

Home = Annotated[Path | None, typer.Option(help="Holds catalogue, index and journal.")]
Before = Annotated[
    datetime | None,
    typer.Option(help="Only answers given before this day or moment.", metavar="DATE"),
]
Quoting = Annotated[str | None, typer.Option(help="Only answers that hold words of this document.")]
Json = Annotated[bool, typer.Option("--json", help="Print JSON, for programs.")]


@app.command("list")
def list_(
    before: Before = None, quoting: Quoting = None, home: Home = None, json_: Json = False
) -> None:
    """List the answers that are kept, oldest first."""
    entries = _journal(home).entries(_moment(before), quoting)
    if json_:
        typer.echo(json.dumps([vars(entry) for entry in entries], ensure_ascii=False, indent=2))
        return
    for entry in entries:
        question = " ".join(entry.question.split())
        typer.echo(f"{entry.id}  {entry.answered_at}  {question}")


@app.command()
def show(answer: str, home: Home = None, json_: Json = False) -> None:
    """Show an answer as it was given."""
    from app.terminal import show_answer

    kept = _journal(home).recall(answer)
    if kept is None:
        raise _unknown(answer)
    if json_:
        typer.echo(json.dumps(kept.answer.to_json(), ensure_ascii=False, indent=2))
    else:
        typer.echo(f"{kept.answered_at}  {kept.answer.question}")
        show_answer(kept.answer)


@app.command()
def export(home: Home = None) -> None:
    """Print all that is kept as JSON, one answer a line."""
    for record in _journal(home).records():
        typer.echo(json.dumps(record, ensure_ascii=False))


@app.command()
def forget(
    answers: Annotated[list[str] | None, typer.Argument(help="Their ids.")] = None,
    before: Before = None,
    quoting: Quoting = None,
    all_: Annotated[bool, typer.Option("--all", help="Every answer.")] = False,
    home: Home = None,
) -> None:
    """Take questions and answers off the disk, with what was thought of them."""
    from app.last_resort import forget_faults

    chosen = before is not None or quoting is not None
    if (bool(answers), chosen, all_).count(True) != 1:
        raise typer.BadParameter("Name answers, or say --before, --quoting or --all.")
    journal = _journal(home)
    ids = answers or [entry.id for entry in journal.entries(_moment(before), quoting)]
    try:
        journal.forget(list(dict.fromkeys(ids)))
    except KeyError as error:
        raise _unknown(error.args[0]) from error
    forget_faults()  # what is noted there may repeat a question
    typer.echo(f"Forgotten: {len(ids)} {'answer' if len(ids) == 1 else 'answers'}.")


def _journal(home: Path | None) -> Journal:
    settings = load_settings(home=home)
    keep_private(settings.home)
    return Journal(settings.home / "journal.sqlite")


def _moment(given: datetime | None) -> datetime | None:
    """A day begins, and a moment is, where the user is."""
    return given.astimezone() if given else None


def _unknown(answer: str) -> FootnoteError:
    return FootnoteError(
        f"The journal has no answer {answer}. `footnote journal list` lists those it has."
    )
