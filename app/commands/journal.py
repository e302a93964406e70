"""`footnote journal`: what is kept of questions and answers, and forgetting it."""

from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from app.commands.files import print_json
from app.commands.options import Home, Json
from app.conversations import Conversations, KeptTurn
from app.journal import Entry, Journal, unknown
from app.settings import load_settings
from ingest.home import keep_private

app = typer.Typer(help="What was asked and answered: list, show, export, forget.")

Before = Annotated[
    datetime | None,
    typer.Option(help="Only answers given before this day or moment.", metavar="DATE"),
]
Quoting = Annotated[str | None, typer.Option(help="Only answers that hold words of this document.")]


@app.command("list")
def list_(
    before: Before = None, quoting: Quoting = None, home: Home = None, json_: Json = False
) -> None:
    """List the answers that are kept, oldest first."""
    entries = _entries(_journal(home), before, quoting)
    if json_:
        print_json([vars(entry) for entry in entries])
        return
    for entry in entries:
        question = " ".join(entry.question.split())
        typer.echo(f"{entry.id}  {entry.answered_at}  {question}")


@app.command()
def conversations(
    find: Annotated[str, typer.Option(help="Only those with a turn that has these words.")] = "",
    home: Home = None,
    json_: Json = False,
) -> None:
    """List the conversations, as the page does: pinned ones first, then the latest."""
    found = Conversations(_journal(home)).search(None, find)
    if json_:
        print_json([vars(each) for each in found])
        return
    for each in found:
        typer.echo(f"{each.id}  {each.asked_at}  {' '.join(each.title.split())}")


@app.command()
def show(
    answer: Annotated[str, typer.Argument(help="The id of an answer, or of a conversation.")],
    home: Home = None,
    json_: Json = False,
) -> None:
    """Show an answer as it was given, or a conversation from its first turn to its last."""
    from app.commands.terminal import show_answer

    journal = _journal(home)
    turns = Conversations(journal).turns(None, answer)
    if turns:
        if json_:
            records = [_turn_record(turn) for turn in turns]
            print_json(records)
        for turn in turns if not json_ else ():
            typer.echo(f"{turn.asked_at}  {turn.question}")
            if turn.answer is not None:
                show_answer(turn.answer)
        return
    kept = journal.recall(answer)
    if kept is None:
        raise unknown(answer)
    if json_:
        print_json(kept.answer.to_json())
    else:
        typer.echo(f"{kept.answered_at}  {kept.answer.question}")
        show_answer(kept.answer)


@app.command()
def export(home: Home = None) -> None:
    """Print all that is kept as JSON, one answer a line."""
    for record in _journal(home).records():
        print_json(record, one_line=True)


@app.command()
def forget(
    answers: Annotated[
        list[str] | None, typer.Argument(help="Ids of answers, or of conversations.")
    ] = None,
    before: Before = None,
    quoting: Quoting = None,
    all_: Annotated[bool, typer.Option("--all", help="Everything.")] = False,
    home: Home = None,
) -> None:
    """Delete questions and answers from the disk, with the feedback on them."""
    from app.last_resort import forget_faults

    chosen = before is not None or quoting is not None
    if (bool(answers), chosen, all_).count(True) != 1:
        raise typer.BadParameter("Name answers, or say --before, --quoting or --all.")
    journal = _journal(home)
    ids = list(dict.fromkeys(answers or (e.id for e in _entries(journal, before, quoting))))
    kept = Conversations(journal)
    whole = [id for id in ids if kept.has(None, id)]
    try:
        if all_:
            kept.forget_all()
        else:
            journal.forget([id for id in ids if id not in whole])
            kept.forget(None, whole)
    except KeyError as error:
        raise unknown(error.args[0]) from error
    forget_faults()  # what is noted there may repeat a question
    noun = "conversation" if whole else "answer"
    typer.echo(f"Forgotten: {len(ids)} {noun if len(ids) == 1 else f'{noun}s'}.")


def _journal(home: Path | None) -> Journal:
    settings = load_settings(home=home)
    keep_private(settings.home)
    return Journal.of(settings.home)


def _entries(journal: Journal, before: datetime | None, quoting: str | None) -> list[Entry]:
    return journal.entries(_moment(before), None if quoting is None else [quoting])


def _turn_record(turn: KeptTurn) -> dict[str, Any]:
    answer = turn.answer.to_json() if turn.answer is not None else None
    return {"question": turn.question, "asked_at": turn.asked_at, "answer": answer}


def _moment(given: datetime | None) -> datetime | None:
    """A day begins, and a moment is, where the user is."""
    return given.astimezone() if given else None
