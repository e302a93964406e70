"""The `footnote` command. Programs get JSON on standard output, people get the rest."""

import io
import os
import shlex
import sqlite3
import sys
import threading
import webbrowser
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from app.api.commands import key_app, mcp, serve
from app.batches import print_json, read_batch
from app.check_command import check
from app.collections_command import collections
from app.export_commands import export, verify
from app.journal_commands import app as journal_app
from app.model_commands import models, pull
from app.settings import Settings, load_settings
from eval.bench_command import app as bench_app
from eval.cli import app as eval_app
from ingest.errors import DocumentError, FootnoteError, SettingsError

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
app.add_typer(eval_app, name="eval")
app.add_typer(bench_app, name="bench")
app.add_typer(journal_app, name="journal")
app.command()(check)
app.command()(collections)
app.command()(export)
app.command()(verify)
app.add_typer(key_app, name="key")
app.command()(serve)
app.command()(mcp)
app.command()(models)
app.command()(pull)

Home = Annotated[Path | None, typer.Option(help="Holds catalogue, index and journal.")]
Model = Annotated[str | None, typer.Option(help="The language model; see the setting `model`.")]
Json = Annotated[bool, typer.Option("--json", help="Print JSON, for programs.")]
In = Annotated[
    list[str] | None, typer.Option("--in", help="Ask this collection alone; may be repeated.")
]
Named = Annotated[
    list[str] | None, typer.Option("--document", help="Ask this document alone; may be repeated.")
]
Batch = Annotated[
    Path | None,
    typer.Option(help="Read one JSON object a line, print one a line in the same order."),
]


@app.command()
def chat(
    home: Home = None,
    model: Model = None,
    host: Annotated[str | None, typer.Option(help="Address to listen on.")] = None,
    port: Annotated[int | None, typer.Option(help="Port to listen on.")] = None,
    browser: Annotated[bool, typer.Option(help="Open the page in a browser.")] = True,
    watch: Annotated[
        bool, typer.Option("--watch", help="Bring in what changes in the corpus, by itself.")
    ] = False,
    is_open: Annotated[
        bool,
        typer.Option("--open", help="Let other machines in: they can read, add and remove."),
    ] = False,
) -> None:
    """Bring the corpus into the index, and open the page to ask questions on."""
    from app.api.server import needs_key
    from app.api.services import Services
    from app.library import Library, received, remove_unlisted
    from app.memory import give_back
    from app.opening import open_engine
    from app.page.guard import Doors, in_url, is_beyond_this_machine
    from app.page.server import serve as serve_page
    from app.page.uploads import Uploads
    from app.speakers import Speakers
    from app.terminal import show_receipt
    from app.watching import Watch

    give_back()
    settings = load_settings(home=home, model=model, host=host, port=port)
    if is_beyond_this_machine(settings.host):
        meaning = "whoever reaches it can read, add and remove documents, and there are no accounts"
        if not is_open:
            raise SettingsError(
                f"At {settings.host} other machines reach the page: {meaning}. "
                "Say --open if that is meant."
            )
        typer.echo(f"Open: other machines reach the page; {meaning}.", err=True)
    folders = [settings.corpus] if settings.corpus.is_dir() else []
    dropped = received(settings.home)
    show_receipt(_ingest(settings, [*folders, *dropped], dropped), brief=True)
    for name in remove_unlisted(settings.home):
        typer.echo(f"Removed {name}: it was dropped on the page, and could not be read.")
    engine = open_engine(settings, _weights_bar())
    typer.echo(f"{engine.model_choice.name}: {engine.model_choice.why}")
    threading.Thread(target=engine.warm_up, daemon=True).start()
    library = Library(settings.home, engine.retriever.index, is_following=watch)
    uploads = Uploads(settings.home)
    if uploads.removed:
        typer.echo(f"Removed what was left of uploads that were cut off: {uploads.removed}.")
    hosts = (*settings.allowed_hosts, settings.host)
    doors = Doors(hosts, settings.allowed_origins, settings.trusted_proxies)
    is_locked = needs_key(settings.host, doors)
    services = Services.over(engine, library, uploads, settings.home, is_locked)
    speakers = Speakers(engine, settings, is_shared=is_locked)

    def ready() -> None:
        typer.echo(f"Footnote is at {in_url(settings.host, settings.port)} — Ctrl-C ends it.")
        if browser:
            here = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(settings.host, settings.host)
            webbrowser.open(in_url(here, settings.port))

    following = None
    if watch:
        if not settings.corpus.is_dir():
            remedy = "Make it, or set `corpus`."
            raise DocumentError(str(settings.corpus), "is no folder that can be followed.", remedy)
        following = Watch(
            settings.corpus.absolute(),
            library,
            lambda receipt: show_receipt(receipt, brief=True),
            lambda problem: typer.echo(f"footnote: {problem}", err=True),
        )
        typer.echo(f"Following {settings.corpus}: what changes in it comes in by itself.")
    try:
        serve_page(
            speakers,
            library,
            uploads,
            doors,
            ready,
            services,
        )
    except OSError as error:
        raise SettingsError(
            f"The page cannot be at {settings.host}:{settings.port} ({error.strerror}). "
            "Is Footnote running already? Another place is named with --host and --port."
        ) from error
    finally:
        if following is not None:
            following.close()
        uploads.close()
        speakers.close()


@app.command()
def ingest(
    paths: Annotated[
        list[str] | None,
        typer.Argument(help="Folders, files, addresses of the web; the corpus when none is named."),
    ] = None,
    home: Home = None,
    refresh: Annotated[
        bool, typer.Option("--refresh", help="Ask the addresses of documents again for changes.")
    ] = False,
    rebuild_index: Annotated[
        bool, typer.Option("--rebuild-index", help="Make the vector index anew; embeds nothing.")
    ] = False,
    json_: Json = False,
) -> None:
    """Bring the index in line with folders or files: new, changed and deleted documents."""
    from app.opening import open_embedder
    from app.terminal import show_receipt
    from ingest.home import writing
    from ingest.index import open_current
    from ingest.origins import addresses_of, is_address

    settings = load_settings(home=home)
    if rebuild_index:
        with writing(settings.home):
            open_current(settings.home, open_embedder(settings)).rebuild_vectors()
        typer.echo("The vector index was made anew from the catalogue.", err=True)
    given = paths or []
    addresses = [each for each in given if is_address(each)]
    wanted = [Path(each) for each in given if not is_address(each)]
    if not given and not refresh:
        wanted = [settings.corpus]
        if not settings.corpus.exists():
            remedy = "Name the folder or files to ingest, or set `corpus`."
            raise DocumentError(str(settings.corpus), "is not there.", remedy)
    if refresh:
        addresses += addresses_of(settings.home)
    receipt = _ingest(settings, wanted, addresses=addresses)
    if json_:
        print_json([line.record() for line in receipt.lines])
    else:
        show_receipt(receipt, _catalogue(settings))
    if receipt.failed:
        raise typer.Exit(1)


@app.command()
def ask(
    question: Annotated[str | None, typer.Argument(help="What to ask.")] = None,
    batch: Batch = None,
    in_: In = None,
    document: Named = None,
    home: Home = None,
    model: Model = None,
    json_: Json = False,
) -> None:
    """Answer a question, or, with --batch, each `question` or conversation (`turns`) of a file."""
    from app.opening import open_engine
    from app.terminal import show_answer

    if (question is None) == (batch is None):
        raise typer.BadParameter("Give a question, or a file of them with --batch.")
    settings = load_settings(home=home, model=model)
    records = read_batch(batch, "question", "turns") if batch else []
    within = _within(settings, in_ or [], document or [])
    engine = open_engine(settings, _weights_bar())
    try:
        for record in records:
            answer = engine.converse(record.get("turns") or [record["question"]], within)
            print_json({**answer.to_json(), "id": record["id"]}, one_line=True)
        if question is not None:
            answer = engine.answer(question, within=within)
            print_json(answer.to_json()) if json_ else show_answer(answer)
    finally:
        engine.close()


@app.command()
def search(
    query: Annotated[str | None, typer.Argument(help="What to look for.")] = None,
    batch: Batch = None,
    top: Annotated[int, typer.Option(min=1, help="How many passages.")] = 5,
    in_: In = None,
    document: Named = None,
    home: Home = None,
    json_: Json = False,
) -> None:
    """Find passages; no language model is loaded."""
    from app.opening import open_embedder, open_retriever
    from app.search.record import find
    from app.terminal import show_passages

    if (query is None) == (batch is None):
        raise typer.BadParameter("Give a query, or a file of them with --batch.")
    settings = load_settings(home=home)
    records = read_batch(batch, "query", "question") if batch else []
    within = _within(settings, in_ or [], document or [])
    retriever = open_retriever(settings, open_embedder(settings, _weights_bar()))
    if within is not None:
        retriever = retriever.within(within)
    for record in records:
        words = record["query"] if isinstance(record.get("query"), str) else record["question"]
        found = find(retriever, words, top).to_json()
        print_json({"id": record["id"], **found}, one_line=True)
    if query is not None:
        found = {"id": None, **find(retriever, query, top).to_json()}
        print_json(found) if json_ else show_passages(found)


@app.command()
def documents(
    skipped: Annotated[
        bool, typer.Option("--skipped", help="List the files that were not read, and why.")
    ] = False,
    home: Home = None,
    json_: Json = False,
) -> None:
    """List the documents in the catalogue."""
    from app import receipts, terminal

    catalogue = _catalogue(load_settings(home=home))
    if skipped:
        files = receipts.skipped(catalogue)
        print_json([vars(file) for file in files]) if json_ else terminal.show_skipped(files)
        return
    found = catalogue.documents()
    if json_:
        print_json([terminal.document_record(document) for document in found])
    else:
        terminal.show_documents(found)


@app.command()
def text(
    document: str,
    home: Home = None,
    hidden: Annotated[
        bool, typer.Option("--hidden", help="Print what its readers do not see instead.")
    ] = False,
) -> None:
    """Print exactly the canonical text of a document, which offsets point into."""
    catalogue = _catalogue(load_settings(home=home))
    known = catalogue.document(document)
    found = catalogue.text(known.name) if known else None
    if known is None or found is None:
        raise DocumentError(document, "is not in the catalogue.", "`footnote documents` lists all.")
    if hidden:
        found = "".join(f"{words}\n" for words in catalogue.hidden(known.name))
    sys.stdout.buffer.write(found.encode())
    sys.stdout.buffer.flush()


@app.command()
def remove(
    document: str,
    forget: Annotated[
        bool,
        typer.Option(
            "--forget/--keep-answers", help="The kept answers that hold words of it, too."
        ),
    ] = True,
    verify: Annotated[
        bool, typer.Option("--verify", help="Search every byte of the home for its words.")
    ] = False,
    home: Home = None,
) -> None:
    """Take a document out, so that nothing of it is left here; a file of yours stays on disk."""
    from app import removing
    from app.opening import open_embedder
    from ingest.index import open_current

    settings = load_settings(home=home)
    index = open_current(settings.home, open_embedder(settings))
    remains = removing.remains_of(document, index) if verify else None
    removed = removing.remove(document, settings.home, index, keep_answers=not forget)
    left = [path for path in removed.document.names if Path(path).exists()]
    files = "Its file {} was" if len(left) == 1 else "Its files {} were"
    alone = f" {files.format(', '.join(left))} left alone." if left else ""
    typer.echo(f"{', '.join(removed.document.names.values())} is out of the catalogue.{alone}")
    if removed.forgotten:
        typer.echo(f"Kept answers that held words of it are forgotten: {removed.forgotten}.")
    if removed.kept:
        how = f"footnote journal forget --quoting {shlex.quote(document)}"
        typer.echo(
            f"Kept answers that still hold words of it: {removed.kept}. `{how}` forgets them."
        )
    if remains is not None:
        searched = remains.search(settings.home)
        typer.echo(removing.verdict(searched, settings.home))
        if searched.left:
            raise typer.Exit(1)


@app.command()
def doctor(home: Home = None, model: Model = None, json_: Json = False) -> None:
    """Check models, catalogue and index, and say what to do."""
    from app.doctor import examine
    from app.terminal import show_findings

    findings = examine(load_settings(home=home, model=model))
    print_json([vars(finding) for finding in findings]) if json_ else show_findings(findings)
    if any(not finding.well for finding in findings):
        raise typer.Exit(1)


@app.command()
def weights(model: Model = None) -> None:
    """Fetch the model files that the settings ask for, verified by SHA-256."""
    from app.models.choosing import choose, embedded_weights
    from app.opening import open_embedder

    settings = load_settings(model=model)
    bar = _weights_bar()
    typer.echo(f"Embedding model: {open_embedder(settings, bar).folder}")
    choice = choose(settings)
    if choice.kind == "embedded":
        typer.echo(f"Language model: {embedded_weights(choice, bar)}")
    else:
        typer.echo(f"Language model: {choice.name}. {choice.why}")


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


def _ingest(
    settings: Settings,
    paths: list[Path],
    given: Mapping[Path, Path] | None = None,
    addresses: Sequence[str] = (),
) -> Any:
    from app.opening import open_embedder
    from app.terminal import progress_bar
    from ingest.pipeline import sync
    from ingest.receipts import Receipt

    embedder = open_embedder(settings, _weights_bar())
    receipt = Receipt()
    with progress_bar() as report:
        if paths or not addresses:
            receipt = sync(paths, settings.home, embedder, report, given)
        if addresses:
            from ingest.addresses import ingest_addresses

            fetched = ingest_addresses(addresses, settings.home, embedder, report)
            receipt.lines += fetched.lines
    return receipt


def _catalogue(settings: Settings) -> Any:
    from ingest.index import open_catalogue

    return open_catalogue(settings.home)


def _within(
    settings: Settings, collections: list[str], documents: list[str]
) -> frozenset[str] | None:
    from app.collections import asked_in

    if not (collections or documents):
        return None
    return asked_in(_catalogue(settings), settings.home, collections, documents)


def _weights_bar() -> Any:
    from app.terminal import weights_bar

    return weights_bar()
