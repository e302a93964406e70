"""What the API's surfaces share: the same engine, library and journal that the page has."""

from dataclasses import dataclass
from pathlib import Path

from starlette.requests import Request

from app.api.asking import Asking
from app.api.keys import Keys
from app.conversations import Conversations
from app.engine import Engine
from app.journal import Journal
from app.library import Library
from app.page.uploads import Uploads


@dataclass(frozen=True)
class Services:
    """Everything that answers a program. `needs_key` says that others reach this machine."""

    home: Path
    engine: Engine
    library: Library
    uploads: Uploads
    asking: Asking
    journal: Journal
    conversations: Conversations
    keys: Keys
    needs_key: bool

    @classmethod
    def over(
        cls, engine: Engine, library: Library, uploads: Uploads, home: Path, needs_key: bool = False
    ) -> "Services":
        """Return what answers from an engine and its library, in their home."""
        journal = engine.journal or Journal(home / "journal.sqlite")
        return cls(
            home=home,
            engine=engine,
            library=library,
            uploads=uploads,
            asking=Asking(engine),
            journal=journal,
            conversations=Conversations(journal),
            keys=Keys(home),
            needs_key=needs_key,
        )


def owner_of(request: Request) -> str:
    """Return whose conversations a request is about: its key's, or this machine's user's."""
    return str(getattr(request.state, "owner", ""))


def base_of(request: Request) -> str:
    """Return the address of this server as it was asked, to begin links with."""
    return f"{request.url.scheme}://{request.url.netloc}"
