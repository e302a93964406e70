"""`footnote check`: a text, or single claims, held against documents."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from app.commands.exporting import kind_of
from app.commands.files import content_of, print_json, read_batch, write
from app.commands.options import Home, Json
from app.settings import Settings, load_settings
from ingest.errors import DocumentError

if TYPE_CHECKING:
    from app.checking.checked_text import CheckedText
    from ingest.catalogue import Catalogue


def check(
    file: Annotated[
        str | None, typer.Argument(help="A text to check (Markdown, Word, …); - reads Markdown.")
    ] = None,
    batch: Annotated[
        Path | None, typer.Option(help="JSONL of objects with `id`, `sentence` and `passages`.")
    ] = None,
    to: Annotated[
        Path | None, typer.Option(help="Write this file: .md, .html, .pdf or .docx.")
    ] = None,
    fail_under: Annotated[
        float | None,
        typer.Option(min=0, max=1, help="Exit with 1 where a smaller share is borne out."),
    ] = None,
    lenient: Annotated[
        bool, typer.Option("--lenient", help="Count what is borne out in other words, too.")
    ] = False,
    home: Home = None,
    json_: Json = False,
) -> None:
    """Hold a text against the documents, sentence by sentence. No language model is loaded."""
    if (file is None) == (batch is None):
        raise typer.BadParameter("Give a text, or a file of claims with --batch.")
    kind = kind_of(to) if to is not None else None
    settings = load_settings(home=home)
    if batch is not None:
        _check_claims(batch, settings)
        return
    checked, catalogue = _checked(str(file), settings)
    if to is not None and kind is not None:
        from app.export.checked import file_of

        title = "A checked text" if file == "-" else Path(str(file)).name
        write(to, file_of(checked, kind, title, catalogue.documents(), catalogue.text_of))
    if json_:
        print_json(checked.to_json())
    else:
        from app.commands.terminal import show_checked

        show_checked(checked)
    share = checked.lenient_share if lenient else checked.share
    if fail_under is not None and share < fail_under:
        typer.echo(f"{share:.0%} is less than {fail_under:.0%}.", err=True)
        raise typer.Exit(1)


def _checked(file: str, settings: Settings) -> "tuple[CheckedText, Catalogue]":
    from app.checking.files import read_file
    from app.checking.support import SupportChecker
    from app.checking.text import check_text
    from app.commands.terminal import weights_bar
    from app.opening import open_embedder
    from ingest.index import open_current

    embedder = open_embedder(settings, weights_bar())
    index = open_current(settings.home, embedder)
    checker = SupportChecker(embedder.embed)
    if file == "-":
        return check_text(sys.stdin.read(), index, checker), index.catalogue
    content = content_of(Path(file), "Name a file, or - for standard input.")
    text, kind = read_file(content, Path(file).name)
    return check_text(text, index, checker, kind), index.catalogue


def _check_claims(batch: Path, settings: Settings) -> None:
    from app.checking.support import SupportChecker, check_batch
    from app.commands.terminal import weights_bar
    from app.opening import open_embedder

    records = read_batch(batch, "sentence")
    if not all(isinstance(record.get("passages"), list) for record in records):
        problem = "has an object without `passages`, a list of strings."
        raise DocumentError(str(batch), problem, "Mend it and run it again.")
    embedder = open_embedder(settings, weights_bar())
    for verdict in check_batch(records, SupportChecker(embedder.embed)):
        print_json(verdict, one_line=True)
