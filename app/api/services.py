"""What the API's surfaces share: the same engine, library and journal that the page has."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from starlette.requests import Request

from app.api.asking import Asking
from app.api.keys import Keys
from app.api.problems import Refused
from app.collections import asked_in
from app.conversations import Conversations
from app.engine import Engine
from app.journal import Journal
from app.library import Library
from app.page.uploads import Uploads
from ingest.errors import DocumentError, SettingsError
from ingest.receipts import ReceiptLine


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
        journal = engine.journal or Journal.of(home)
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

    def close(self) -> None:
        """Free the model's memory, and what was uploaded and not taken in."""
        self.uploads.close()
        self.engine.close()

    def within(
        self, collections: Sequence[str] = (), documents: Sequence[str] = ()
    ) -> frozenset[str] | None:
        """Return the names of the documents to ask; None for all.

        Raises Refused for a collection or a document that is not there.
        """
        if not (collections or documents):
            return None
        catalogue = self.engine.retriever.index.catalogue
        try:
            return asked_in(catalogue, self.home, collections, documents)
        except (DocumentError, SettingsError) as error:
            raise Refused(404, str(error)) from error

    def ingest(self, token: str) -> ReceiptLine:
        """Bring in what was uploaded. Raises Refused where it cannot be read."""
        with self.uploads.given([token]) as files:
            [line] = self.library.add(files, lambda far: None).lines
        if line.action == "failed":
            raise Refused(422, f"{line.document}: {line.problem}")
        return line


def owner_of(request: Request) -> str:
    """Return whose conversations a request is about: its key's, or this machine's user's."""
    return str(getattr(request.state, "owner", ""))


def base_of(request: Request) -> str:
    """Return the address of this server as it was asked, to begin links with."""
    return f"{request.url.scheme}://{request.url.netloc}"
