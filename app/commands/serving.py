"""`footnote serve`, `footnote mcp` and `footnote key`: what programs ask, and who may."""

from contextlib import closing
from typing import TYPE_CHECKING, Annotated

import typer

from app.commands.options import Home, Host, Model, Port
from app.settings import Settings, load_settings
from ingest.errors import SettingsError

if TYPE_CHECKING:
    from app.api.services import Services

keys = typer.Typer(help="Keys for programs: add, list, remove.", no_args_is_help=True)


def serve(
    home: Home = None,
    model: Model = None,
    host: Host = None,
    port: Port = None,
) -> None:
    """Serve the API alone, for programs and agents; the page is `footnote chat`."""
    from app.api.keys import Keys
    from app.api.server import needs_key, serve_api
    from app.memory import give_back
    from app.page.guard import Doors, in_url

    give_back()
    settings = load_settings(home=home, model=model, host=host, port=port)
    doors = Doors(
        (*settings.allowed_hosts, settings.host),
        settings.allowed_origins,
        settings.trusted_proxies,
    )
    is_locked = needs_key(settings.host, doors)
    if is_locked and not Keys(settings.home).all():
        raise SettingsError(
            f"At {settings.host} other machines reach the API, and nobody has a key yet. "
            "Make one with `footnote key add NAME`."
        )

    def ready() -> None:
        at = in_url(settings.host, settings.port)
        typer.echo(f"Footnote's API is at {at}/api/v1 — Ctrl-C ends it.")

    with closing(open_services(settings, is_locked)) as services:
        try:
            serve_api(services, doors, settings.host, settings.port, ready)
        except OSError as error:
            raise SettingsError(
                f"The API cannot be at {settings.host}:{settings.port} ({error.strerror}). "
                "Is Footnote running already? Another place is named with --host and --port."
            ) from error


def mcp(
    home: Home = None,
    model: Model = None,
    read_only: Annotated[
        bool, typer.Option("--read-only", help="Offer no tool that adds a document.")
    ] = False,
) -> None:
    """Answer an agent, such as Claude Desktop, over standard input and output (MCP)."""
    from app.api.mcp import Agents

    settings = load_settings(home=home, model=model)
    with closing(open_services(settings, needs_key=False)) as services:
        Agents(services, read_only).run("stdio")


def open_services(settings: Settings, needs_key: bool) -> "Services":
    """Bring the corpus into the index, and open what answers programs."""
    from app.api.services import Services
    from app.library import Library
    from app.opening import open_embedder, open_engine
    from app.page.uploads import Uploads
    from ingest.pipeline import sync

    folders = [settings.corpus] if settings.corpus.is_dir() else []
    for line in sync(folders, settings.home, open_embedder(settings)).failed:
        typer.echo(f"{line.document}: {line.problem}", err=True)
    engine = open_engine(settings)
    library = Library(settings.home, engine.retriever.index)
    return Services.over(engine, library, Uploads(settings.home), settings.home, needs_key)


@keys.command("add")
def add_key(name: str, home: Home = None) -> None:
    """Make a key and print it, once; NAME says whose it is."""
    from app.api.keys import Keys

    typer.echo(Keys(load_settings(home=home).home).add(name))


@keys.command("list")
def list_keys(home: Home = None) -> None:
    """List whose keys there are, and since when."""
    from app.api.keys import Keys

    for key in Keys(load_settings(home=home).home).all():
        typer.echo(f"{key.made_at}  {key.name}")


@keys.command("remove")
def remove_key(name: str, home: Home = None) -> None:
    """Revoke a key, at once."""
    from app.api.keys import Keys

    Keys(load_settings(home=home).home).remove(name)
    typer.echo(f"The key “{name}” is revoked.")
