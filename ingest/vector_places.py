"""Where an index keeps its vectors: in its folder, or on a Chroma server."""

import shutil
import uuid
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from ingest.errors import CatalogueError
from ingest.faults import told
from ingest.home import locked, write_whole
from ingest.seal import blank_what_is_free, is_intact, is_unwritten, seal, unseal
from ingest.vectors import DamagedVectors, VectorIndex, spans_in

if TYPE_CHECKING:
    from chromadb.api import ClientAPI

_PATIENCE_S = 60.0


@dataclass(frozen=True)
class ChromaServer:
    """A Chroma server, or Chroma Cloud; `token` is sent as a bearer and as Chroma Cloud's own."""

    url: str
    tenant: str = "default_tenant"
    database: str = "default_database"
    token: str = field(default="", repr=False)


class Place(Protocol):
    """Where vectors are kept, as far as an index has to know."""

    def open(self) -> VectorIndex:
        """Return the vectors as they are now; an empty index where there are none."""
        ...

    def is_intact(self) -> bool:
        """Whether nobody was stopped while writing, and nothing was changed behind our back."""
        ...

    def begin(self) -> None:
        """Note that the vectors are going to be changed."""
        ...

    def end(self) -> None:
        """Note that they have been changed whole."""
        ...

    def throw_away(self) -> None:
        """Remove them all."""
        ...


def place_of(folder: Path, server: ChromaServer | None) -> Place:
    """Return where the index in `folder` keeps its vectors."""
    return ServerPlace(folder, server) if server else FolderPlace(folder)


@dataclass(frozen=True)
class FolderPlace:
    """The folder of the index, where Chroma writes within this process."""

    index: Path

    @property
    def _folder(self) -> Path:
        return self.index / "vectors"

    def open(self) -> VectorIndex:
        vectors = VectorIndex(self._folder)
        with suppress(DamagedVectors):  # it is found again in use, and mended then
            vectors.count()  # it is now that Chroma makes files for a graph that it has not written
        with told("The vector index", self._folder, "Look after the disk and try again."):
            if is_unwritten(self._folder):
                with locked(self.index.parent, wait=False) as is_alone:
                    if is_alone:  # another blanks them when it has written
                        blank_what_is_free(self._folder)
        return vectors

    def is_intact(self) -> bool:
        # While a server had the vectors, those here were not kept in line.
        return is_intact(self._folder) and not _note_of(self.index).exists()

    def begin(self) -> None:
        unseal(self._folder)

    def end(self) -> None:
        with told("The vector index", self._folder, "Look after the disk and try again."):
            seal(self._folder)

    def throw_away(self) -> None:
        unseal(self._folder)
        shutil.rmtree(self._folder, ignore_errors=True)
        _note_of(self.index).unlink(missing_ok=True)


@dataclass(frozen=True)
class ServerPlace:
    """A collection on a server. Which, is noted in the folder of the index; no other has its name.

    The server answers for its own files; whether all vectors are there is seen by their number.
    """

    index: Path
    server: ChromaServer

    def open(self) -> VectorIndex:
        return ServedVectors(self.server, self._noted() or self._note())

    def is_intact(self) -> bool:
        return bool(self._noted())

    def begin(self) -> None:
        """A server takes a batch in whole or not at all; what it lacks the catalogue knows."""

    def end(self) -> None:
        """Nothing is to be noted."""

    def throw_away(self) -> None:
        if name := self._noted():
            with suppress(DamagedVectors):
                ServedVectors(self.server, name).delete()
        FolderPlace(self.index).throw_away()

    def _noted(self) -> str:
        """Return the name of the collection, or nothing where another place had the vectors."""
        try:
            place, name = _note_of(self.index).read_text("utf-8").splitlines()
        except (FileNotFoundError, ValueError):
            return ""
        return name if place == repr(self.server) else ""

    def _note(self) -> str:
        name = f"footnote-{uuid.uuid4().hex}"
        write_whole(_note_of(self.index), f"{self.server!r}\n{name}\n")
        return name


def _note_of(index: Path) -> Path:
    return index / "collection"


class ServedVectors(VectorIndex):
    """Vectors on a server. A CatalogueError says when it cannot be reached."""

    def __init__(self, server: ChromaServer, name: str) -> None:
        self._server = server
        self._name = name
        super().__init__(Path(name))

    def delete(self) -> None:
        """Remove them from the server."""
        with self._readable():
            _client(self._server).delete_collection(self._name)

    def _open(self) -> Any:
        with self._readable():
            return spans_in(_client(self._server), self._name)

    def _fault(self, error: BaseException) -> CatalogueError:
        from chromadb.errors import NotFoundError

        if isinstance(error, NotFoundError):
            return DamagedVectors(f"The vectors on {self._server.url} are gone ({error}).")
        return CatalogueError(
            f"The Chroma server at {self._server.url} does not answer as it should ({error}). "
            "Look after it and try again; all that it holds is in the catalogue, too."
        )


@cache
def _client(server: ChromaServer) -> "ClientAPI":
    """Return what speaks to a server, for all of this process; it finds one that is back again."""
    import chromadb
    import httpx
    from chromadb.config import Settings

    where = httpx.URL(server.url)
    token = server.token
    headers = {"Authorization": f"Bearer {token}", "x-chroma-token": token} if token else {}
    client: Any = chromadb.HttpClient(
        host=where.host,
        port=where.port or (443 if where.scheme == "https" else 8000),
        ssl=where.scheme == "https",
        headers=headers,
        settings=Settings(anonymized_telemetry=False),
        tenant=server.tenant,
        database=server.database,
    )
    client._server._session.timeout = _PATIENCE_S  # of itself it waits for ever, and has no setting
    return client  # type: ignore[no-any-return]
