"""Documents: adding them, listing them, reading one, taking one out."""

import shlex
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from app.commands.files import print_json
from app.commands.options import Home, Json
from app.settings import Settings, load_settings
from ingest.errors import DocumentError

if TYPE_CHECKING:
    from ingest.receipts import Receipt


def ingest(
    paths: Annotated[
        list[str] | None,
        typer.Argument(help="Folders, files, addresses of the web; the corpus when none is named."),
    ] = None,
    home: Home = None,
    refresh: Annotated[
        bool, typer.Option("--refresh", help="Ask the addresses of documents again for changes.")
    ] = False,
    again: Annotated[
        bool, typer.Option("--again", help="Read files anew, those too that have not changed.")
    ] = False,
    rebuild_index: Annotated[
        bool, typer.Option("--rebuild-index", help="Rebuild the vector index; nothing is embedded.")
    ] = False,
    json_: Json = False,
) -> None:
    """Bring the index in line with folders or files: new, changed and deleted documents."""
    from app.commands.terminal import show_receipt
    from app.opening import open_embedder
    from ingest.home import writing
    from ingest.index import open_catalogue, open_current
    from ingest.origins import addresses_of, is_address

    settings = load_settings(home=home)
    if rebuild_index:
        with writing(settings.home):
            open_current(settings.home, open_embedder(settings)).rebuild_vectors()
        typer.echo("The vector index was rebuilt from the catalogue.", err=True)
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
    receipt = bring_in(settings, wanted, addresses=addresses, again=again)
    if json_:
        print_json([line.record() for line in receipt.lines])
    else:
        show_receipt(receipt, open_catalogue(settings.home))
    if receipt.failed:
        raise typer.Exit(1)


def documents(
    skipped: Annotated[
        bool, typer.Option("--skipped", help="List the files that were not read, and why.")
    ] = False,
    home: Home = None,
    json_: Json = False,
) -> None:
    """List the documents in the catalogue."""
    from app import receipts
    from app.commands import terminal
    from ingest.index import open_catalogue

    catalogue = open_catalogue(load_settings(home=home).home)
    if skipped:
        files = receipts.skipped(catalogue)
        print_json([vars(file) for file in files]) if json_ else terminal.show_skipped(files)
        return
    found = catalogue.documents()
    if json_:
        print_json([terminal.document_record(document) for document in found])
    else:
        terminal.show_documents(found)


def text(
    document: str,
    home: Home = None,
    hidden: Annotated[
        bool, typer.Option("--hidden", help="Print what its readers do not see instead.")
    ] = False,
) -> None:
    """Print exactly the canonical text of a document, which offsets point into."""
    from ingest.index import open_catalogue

    catalogue = open_catalogue(load_settings(home=home).home)
    known = catalogue.document(document)
    found = catalogue.text(known.name) if known else None
    if known is None or found is None:
        raise DocumentError(document, "is not in the catalogue.", "`footnote documents` lists all.")
    if hidden:
        found = "".join(f"{words}\n" for words in catalogue.hidden(known.name))
    sys.stdout.buffer.write(found.encode())
    sys.stdout.buffer.flush()


def remove(
    document: str,
    forget: Annotated[
        bool,
        typer.Option(
            "--forget/--keep-answers", help="Also forget the kept answers that hold its words."
        ),
    ] = True,
    verify: Annotated[
        bool, typer.Option("--verify", help="Search every byte of the home for its words.")
    ] = False,
    home: Home = None,
) -> None:
    """Take a document out and leave nothing of it here; a file of your own stays on disk."""
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


def bring_in(
    settings: Settings,
    paths: list[Path],
    given: Mapping[Path, Path] | None = None,
    addresses: Sequence[str] = (),
    again: bool = False,
) -> "Receipt":
    """Bring the index in line with paths and addresses, with a bar; return what was done."""
    from app.commands.terminal import progress_bar, weights_bar
    from app.opening import open_embedder
    from ingest.pipeline import sync
    from ingest.receipts import Receipt

    embedder = open_embedder(settings, weights_bar())
    receipt = Receipt()
    with progress_bar() as report:
        if paths or not addresses:
            receipt = sync(paths, settings.home, embedder, report, given, again=again)
        if addresses:
            from ingest.addresses import ingest_addresses

            fetched = ingest_addresses(addresses, settings.home, embedder, report)
            receipt.lines += fetched.lines
    return receipt
