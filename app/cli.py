"""The `footnote` command. Programs get JSON on standard output, people get the rest."""

import io
import os
import sqlite3
import sys

import typer

from app.commands import (
    asking,
    chatting,
    checking,
    collections,
    documents,
    exporting,
    journal,
    machine,
    serving,
)
from eval.bench_command import app as bench_app
from eval.cli import app as eval_app
from ingest.errors import FootnoteError

# No library may call home, and nothing of theirs belongs on our standard output.
os.environ.update(
    ANONYMIZED_TELEMETRY="False",
    DO_NOT_TRACK="1",
    GRADIO_ANALYTICS_ENABLED="False",
    HF_HUB_DISABLE_TELEMETRY="1",
    TOKENIZERS_PARALLELISM="false",
)
# torch's threads would spin while the language model computes on the same cores.
os.environ.setdefault("OMP_WAIT_POLICY", "passive")

app = typer.Typer(
    help="Answers from your own documents, each sentence with a footnote you can check.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.command()(chatting.chat)
app.command()(documents.ingest)
app.command()(asking.ask)
app.command()(asking.search)
app.command()(documents.documents)
app.command()(documents.text)
app.command()(documents.remove)
app.command()(collections.collections)
app.command()(checking.check)
app.command()(exporting.export)
app.command()(exporting.verify)
app.command()(serving.serve)
app.command()(serving.mcp)
app.command()(machine.doctor)
app.command()(machine.models)
app.command()(machine.weights)
app.command()(machine.pull)
app.add_typer(journal.app, name="journal")
app.add_typer(serving.keys, name="key")
app.add_typer(eval_app, name="eval")
app.add_typer(bench_app, name="bench")


def main() -> None:
    """Run the command; an error that a user can meet is one sentence and exit code 1."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        # JSON is UTF-8, also where the terminal's own encoding could not write it (Windows).
        sys.stdout.reconfigure(encoding="utf-8")
    try:
        app()
    except FootnoteError as error:
        typer.echo(f"footnote: {error}", err=True)
        sys.exit(1)
    except (OSError, sqlite3.Error) as error:
        typer.echo(
            f"footnote: The system says: {error}. `footnote doctor` may know more.", err=True
        )
        sys.exit(1)
    except SystemExit as end:
        if end.code == 130:  # what Typer makes of Ctrl-C
            typer.echo("Stopped. What was finished is kept; run it again to go on.", err=True)
        raise
    except Exception as error:
        from app.last_resort import in_one_sentence

        typer.echo(f"footnote: {in_one_sentence(error)}", err=True)
        sys.exit(1)
