"""`footnote collections`: documents that are asked together, and what is said of them."""

from typing import Annotated

import typer

from app.commands.options import Home
from app.settings import load_settings
from ingest.errors import SettingsError


def collections(
    name: Annotated[str | None, typer.Argument(help="The collection to change.")] = None,
    add: Annotated[list[str] | None, typer.Option(help="Put this document into it.")] = None,
    take: Annotated[list[str] | None, typer.Option(help="Take this document out.")] = None,
    context: Annotated[
        str | None, typer.Option(help="What it is and how to read it, in a line.")
    ] = None,
    home: Home = None,
) -> None:
    """List the collections, or change one. A folder that was ingested is one by itself."""
    from app.collections import Collections, asked_in, tidy
    from ingest.index import open_catalogue

    settings = load_settings(home=home)
    catalogue = open_catalogue(settings.home)
    kept = Collections(settings.home)
    if name is not None:
        name = tidy(name)
        asked_in(catalogue, settings.home, [], add or [])
        if add:
            kept.put(name, add)
        if name not in kept.all(catalogue.documents(), catalogue.roots()):
            raise SettingsError(f"There is no collection {name}. `--add DOCUMENT` makes it.")
        if take:
            kept.take(name, take)
        if context is not None:
            kept.describe(name, context)
    contexts = kept.contexts()
    for each, members in kept.all(catalogue.documents(), catalogue.roots()).items():
        if name is None or each == name:
            typer.echo(": ".join(filter(None, [f"{each} ({len(members)})", contexts.get(each)])))
