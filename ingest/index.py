"""One built index: a catalogue and its vectors, in a folder named for the fingerprint that made it.

    index-<fingerprint>/
        catalogue.sqlite
        fingerprint.json
        vectors/                    Chroma's
        vectors.seal                what Chroma wrote; away while it is being written

Another fingerprint builds a second folder beside the first, which goes on serving until the new one
is whole.
"""

import hashlib
import json
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from ingest.catalogue import Catalogue
from ingest.embedded import Vectors
from ingest.embedding import EMBEDDING_VERSION, Embedder
from ingest.errors import CatalogueError
from ingest.faults import told
from ingest.home import (
    current_folder,
    is_current_damaged,
    keep_private,
    write_whole,
    writing,
)
from ingest.loaders import LOADER_VERSION
from ingest.passages import JOIN_UP_TO, SPLITTER_VERSION
from ingest.vector_places import place_of
from ingest.vectors import DamagedVectors, VectorIndex

# Vectors that Chroma may lack: opening it takes a second, and who searches opens it anyway and
# brings them in first, in 0.3 s on an idle machine. Fewer would have its files sealed too often.
MAY_WAIT = 500


@dataclass(frozen=True)
class Fingerprint:
    """What an index was built with. Two indexes with one fingerprint hold the same passages."""

    embedding_model: str
    max_tokens: int
    join_up_to: int
    splitter: int
    loaders: int
    embedding: int = 1  # not written down before there was another
    precision: str = "fp32"  # likewise

    @classmethod
    def of(cls, embedder: Embedder) -> "Fingerprint":
        """Return the fingerprint of what would be built today with this embedding model."""
        return cls(
            embedding_model=str(embedder.folder),
            max_tokens=embedder.max_tokens,
            join_up_to=JOIN_UP_TO,
            splitter=SPLITTER_VERSION,
            loaders=LOADER_VERSION,
            embedding=EMBEDDING_VERSION,
            precision=embedder.precision,
        )

    @property
    def digest(self) -> str:
        """A short name for it, stable across machines: the model counts by its folder's name."""
        values = {**asdict(self), "embedding_model": Path(self.embedding_model).name}
        return hashlib.sha256(json.dumps(values, sort_keys=True).encode()).hexdigest()[:12]

    def differences(self, other: "Fingerprint") -> list[str]:
        """Say, one line each, in what this fingerprint differs from another."""
        mine, theirs = asdict(self), asdict(other)
        return [
            f"{name.replace('_', ' ')}: {theirs[name]} → {mine[name]}"
            for name in mine
            if self.digest != other.digest and mine[name] != theirs[name]
        ]


class Index:
    """A catalogue and its vectors, opened for questions or for changes.

    One that `follows` goes over to the folder that another process makes current, whose documents
    are then the ones that are asked: the folder it was opened on is cleared away.
    """

    def __init__(
        self, folder: Path, embedder: Embedder, create: bool = False, follows: bool = False
    ) -> None:
        if create:
            with told("The folder", folder, "Move it away and run `footnote ingest`."):
                folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            written = json.dumps(asdict(Fingerprint.of(embedder)), indent=2)
            write_whole(folder / "fingerprint.json", written)
        self.folder = folder
        self.embedder = embedder
        self._place = place_of(folder, embedder.server)
        self._follows = follows
        self._catalogue = Catalogue(folder / "catalogue.sqlite", create=create)
        self._opened: tuple[int, VectorIndex] | None = None
        self._opening = threading.RLock()

    @property
    def catalogue(self) -> Catalogue:
        """The catalogue.

        Raises CatalogueError where the index was built again with another embedding model, whose
        vectors cannot be compared with this one's.
        """
        if self._follows:
            self._follow()
        return self._catalogue

    def _follow(self) -> None:
        folder = current_folder(self.folder.parent)
        if folder is None or folder.name == self.folder.name:
            return
        built_with, mine = read_fingerprint(folder), Fingerprint.of(self.embedder)
        if Path(built_with.embedding_model).name != self.embedder.name:
            raise CatalogueError(
                "The index was built again with another embedding model "
                f"({'; '.join(built_with.differences(mine))}). "
                "Stop Footnote and start it again to answer from it."
            )
        before, self._catalogue = self._catalogue, Catalogue(folder / "catalogue.sqlite")
        before.close()
        self.folder, self._opened = folder, None
        self._place = place_of(folder, self.embedder.server)

    @property
    def vectors(self) -> VectorIndex:
        """The vector index; opened when first needed, because opening Chroma takes a second.

        It is opened again when it was changed elsewhere, which an open Chroma does not notice, and
        brought in line with the catalogue where a killed process, damage or a lost folder left it
        behind.
        """
        with self._opening:
            if self._opened is None or self._is_behind():
                with writing(self.folder.parent, wait=False) as writes:
                    # Whoever holds the lock lets go of it soon; what is new is found then.
                    if writes:
                        self.catch_up()
                        self.settle()
            return self._newest_vectors()

    def _is_behind(self) -> bool:
        is_whole = self.catalogue.is_scrubbed() and not any(self.catalogue.unindexed(1))
        return not (is_whole and self._is_newest())

    def _is_newest(self) -> bool:
        return self._opened is not None and self._opened[0] == self.catalogue.index_version()

    def _newest_vectors(self) -> VectorIndex:
        if self._opened is None or not self._is_newest():
            version = self.catalogue.index_version()
            self._opened = version, self._place.open()
        return self._opened[1]

    def nearest(
        self, vector: Vectors, top: int, among: Sequence[int] | None = None
    ) -> dict[int, float]:
        """Return the spans with the `top` vectors nearest to a unit `vector`, the nearest first.

        Each by its id with its cosine similarity; spans with equal vectors are there together. Only
        those of `among`, where it is given. An index that is found to be damaged is made anew
        first.
        """
        vectors = self.vectors
        try:
            return self._spans_near(vectors, vector, top, among)
        except DamagedVectors:
            with writing(self.folder.parent, wait=False) as writes:
                if not writes:
                    raise
                with self._opening:
                    if self._opened is None or self._opened[1] is vectors:
                        self.rebuild_vectors()
            return self._spans_near(self.vectors, vector, top, among)

    def _spans_near(
        self, vectors: VectorIndex, vector: Vectors, top: int, among: Sequence[int] | None
    ) -> dict[int, float]:
        keys = None if among is None else self.catalogue.vectors_of(among)
        near = vectors.nearest(vector, top, keys)
        wanted = None if among is None else set(among)
        spans = {
            id: near[key]
            for id, key in self.catalogue.spans_with(near)
            if wanted is None or id in wanted
        }
        return dict(sorted(spans.items(), key=lambda each: (-each[1], each[0])))

    @contextmanager
    def changing(self) -> Iterator[None]:
        """Hold the lock for writing, for an index that is still there.

        Raises CatalogueError where another process has put one with another fingerprint in its
        place: what is written to this one would be lost.
        """
        with writing(self.folder.parent):
            if not self._catalogue.path.exists():
                raise CatalogueError(
                    "The index was built again by another Footnote, with other models or of "
                    "another version. Stop this one, start it again, and add the rest."
                )
            yield

    def settle(self) -> None:
        """Leave all in line and nothing readable of what was deleted, under the lock for writing.

        A few new vectors may wait for the next search, where Chroma is there and not open here.
        """
        new, gone = self.catalogue.unindexed(MAY_WAIT + 1)
        may_wait = self._opened is None and not gone and len(new) <= MAY_WAIT
        if not self._place.is_intact() or ((new or gone) and not may_wait):
            self.catch_up()
        if not self.catalogue.is_scrubbed():
            self.catalogue.scrub()

    def catch_up(self) -> None:
        """Bring the vector index in line with the catalogue, under the lock for writing.

        One that is damaged is made anew from the catalogue; nothing is embedded for it.
        """
        with self._opening:
            if not self._place.is_intact():
                self._throw_vectors_away()
            try:
                is_whole = self._take_in_changes()
            except DamagedVectors:
                is_whole = False
            if not is_whole:
                self._throw_vectors_away()
                self._take_in_changes()

    def _take_in_changes(self) -> bool:
        """Have Chroma take in what it lacks; say whether it then holds what it should."""
        vectors = self._newest_vectors()
        if any(self.catalogue.unindexed(1)):
            self._place.begin()
            vectors.catch_up(self.catalogue)
            self._place.end()
        self._opened = self.catalogue.index_version(), vectors
        return vectors.count() == self.catalogue.vector_count()

    def rebuild_vectors(self) -> None:
        """Throw the vector index away and fill it again from the catalogue, embedding nothing.

        The caller holds the lock for writing.
        """
        with self._opening:
            self._throw_vectors_away()
            self.catch_up()

    def _throw_vectors_away(self) -> None:
        self._opened = None
        self._place.throw_away()
        self.catalogue.unindex_all()


def open_catalogue(home: Path) -> Catalogue:
    """Open the catalogue that answers questions; no model and no vectors are loaded.

    Raises CatalogueError before the first ingest.
    """
    return Catalogue(_folder_or_error(home) / "catalogue.sqlite")


def open_current(home: Path, embedder: Embedder) -> Index:
    """Open the index that answers questions, with the embedding model that built it.

    Raises CatalogueError before the first ingest, or when that model is not there any more.
    """
    folder = _folder_or_error(home)
    built_with = read_fingerprint(folder)
    if built_with.digest != Fingerprint.of(embedder).digest:
        model = Path(built_with.embedding_model)
        if model.name != embedder.name:
            if not model.is_dir():
                raise CatalogueError(
                    f"The index was built with the embedding model {model}, which is not there "
                    "any more. Run `footnote ingest` to build it again with the present one."
                )
            embedder = Embedder(model, embedder.server)
    return Index(folder, embedder, follows=True)


def _folder_or_error(home: Path) -> Path:
    folder = current_folder(home)
    keep_private(home)
    if folder is None and is_current_damaged(home):
        raise CatalogueError(
            f"The catalogue that {home / 'current'} names is gone. Run `footnote ingest` with your "
            "folders to build it again."
        )
    if folder is None:
        raise CatalogueError(
            f"There is nothing in {home} to answer from yet. Run `footnote ingest FOLDER` first."
        )
    return folder


def read_fingerprint(folder: Path) -> Fingerprint:
    """Return what the index in `folder` was built with."""
    try:
        return Fingerprint(**json.loads((folder / "fingerprint.json").read_text("utf-8")))
    except (OSError, TypeError, ValueError) as error:
        raise CatalogueError(
            f"What built the index in {folder} cannot be read ({error}). "
            "Move the folder away and run `footnote ingest` again."
        ) from error
