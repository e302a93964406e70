"""`footnote chat`: the page."""

import threading
import webbrowser
from typing import TYPE_CHECKING, Annotated

import typer

from app.commands.documents import bring_in
from app.commands.options import Home, Host, Model, Port
from app.settings import Settings, load_settings
from ingest.errors import DocumentError, SettingsError

if TYPE_CHECKING:
    from app.library import Library
    from app.watching import Watch


def chat(
    home: Home = None,
    model: Model = None,
    host: Host = None,
    port: Port = None,
    browser: Annotated[bool, typer.Option(help="Open the page in a browser.")] = True,
    watch: Annotated[
        bool, typer.Option("--watch", help="Bring in what changes in the corpus, by itself.")
    ] = False,
    is_open: Annotated[
        bool,
        typer.Option("--open", help="Let other machines in: they can read, add and remove."),
    ] = False,
) -> None:
    """Bring the corpus into the index and open the page to ask questions on."""
    from app.api.server import needs_key
    from app.api.services import Services
    from app.commands.terminal import weights_bar
    from app.library import Library
    from app.memory import give_back
    from app.opening import open_engine
    from app.page.guard import Doors, in_url, is_beyond_this_machine
    from app.page.server import serve as serve_page
    from app.page.uploads import Uploads
    from app.speakers import Speakers

    give_back()
    settings = load_settings(home=home, model=model, host=host, port=port)
    if is_beyond_this_machine(settings.host):
        _warn_of_others(settings, is_open)
    _bring_in_corpus(settings)
    engine = open_engine(settings, weights_bar())
    typer.echo(f"{engine.model_choice.name}: {engine.model_choice.why}")
    threading.Thread(target=engine.warm_up, daemon=True).start()
    library = Library(settings.home, engine.retriever.index)
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

    following = _followed(settings, library) if watch else None
    try:
        serve_page(speakers, library, uploads, doors, ready, services)
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


def _warn_of_others(settings: Settings, is_open: bool) -> None:
    meaning = "whoever reaches it can read, add and remove documents, and there are no accounts"
    if not is_open:
        raise SettingsError(
            f"At {settings.host} other machines reach the page: {meaning}. "
            "Say --open if that is meant."
        )
    typer.echo(f"Open: other machines reach the page; {meaning}.", err=True)


def _bring_in_corpus(settings: Settings) -> None:
    """Bring in the corpus and what was dropped on the page."""
    from app.commands.terminal import show_receipt
    from app.library import received, remove_unlisted

    folders = [settings.corpus] if settings.corpus.is_dir() else []
    dropped = received(settings.home)
    show_receipt(bring_in(settings, [*folders, *dropped], dropped), brief=True)
    for name in remove_unlisted(settings.home):
        typer.echo(f"Removed {name}: it was dropped on the page, and could not be read.")


def _followed(settings: Settings, library: "Library") -> "Watch":
    from app.commands.terminal import show_receipt
    from app.watching import Watch

    if not settings.corpus.is_dir():
        remedy = "Make it, or set `corpus`."
        raise DocumentError(str(settings.corpus), "is no folder that can be followed.", remedy)
    typer.echo(f"Following {settings.corpus}: what changes in it comes in by itself.")
    return Watch(
        settings.corpus.absolute(),
        library,
        lambda receipt: show_receipt(receipt, brief=True),
        lambda problem: typer.echo(f"footnote: {problem}", err=True),
    )
