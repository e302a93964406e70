"""Vectors on a real Chroma server of this machine, and in the home."""

import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest

from ingest.errors import CatalogueError
from ingest.index import Index, open_current
from ingest.pipeline import remove, sync
from ingest.vector_places import ChromaServer
from tests.app.small_world import DOCUMENTS, WordEmbedder, write_documents

RUN = "import sys; from chromadb.cli.cli import app; sys.argv[0] = 'chroma'; app()"
QUERIES = [
    "Why is the sky blue?", "salt per litre", "songs of whales", "wild yeast", "sunset",
    "a cumulus cloud", "kneading dough", "water droplets", "tonnes", "ten minutes of bread",
]  # fmt: skip


@dataclass
class Chroma:
    """A `chroma run` with a folder of its own, which can be ended and started again."""

    folder: Path
    port: int = 0
    process: subprocess.Popen[bytes] | None = field(default=None)

    @property
    def server(self) -> ChromaServer:
        return ChromaServer(f"http://127.0.0.1:{self.port}")

    def start(self) -> None:
        if not self.port:
            with socket.socket() as free:
                free.bind(("127.0.0.1", 0))
                self.port = free.getsockname()[1]
        options = ["run", "--path", str(self.folder), "--host", "127.0.0.1"]
        self.process = subprocess.Popen(
            [sys.executable, "-c", RUN, *options, "--port", str(self.port)],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        for _ in range(600):
            try:
                if httpx.get(f"{self.server.url}/api/v2/heartbeat", trust_env=False).is_success:
                    return
            except httpx.TransportError:
                assert self.process.poll() is None, "chroma did not start"
            time.sleep(0.1)
        raise AssertionError("chroma did not start")

    def kill(self) -> None:
        assert self.process is not None
        self.process.kill()
        self.process.wait()


@pytest.fixture(scope="module")
def chroma(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chroma]:
    chroma = Chroma(tmp_path_factory.mktemp("chroma"))
    chroma.start()
    yield chroma
    chroma.kill()


def home_at(place: Path, server: ChromaServer | None, embedder: Any = None) -> Index:
    """A home of three documents, its vectors kept there."""
    embedder = embedder or WordEmbedder()
    embedder.server = server
    receipt = sync([write_documents(place / "documents", DOCUMENTS)], place / "home", embedder)
    assert not receipt.failed
    return open_current(place / "home", embedder)


def nearest(index: Index) -> list[list[tuple[str, int, float]]]:
    """What is nearest to each query: document and place of each sentence, and how near."""
    found = []
    for query in QUERIES:
        hits = index.nearest(index.embedder.embed_query(query).vector, 5)
        near = {id: cosine for id, cosine in hits.items() if cosine > 0.01}  # else a draw
        passages = index.catalogue.passages(set(index.catalogue.passages_of_spans(near).values()))
        named = {id: passages[p] for id, p in index.catalogue.passages_of_spans(near).items()}
        found.append(
            sorted((named[id].document, named[id].start, round(near[id], 4)) for id in near)
        )
    return found


def test_a_server_finds_what_the_home_finds_and_the_home_has_no_vectors(
    chroma: Chroma, tmp_path: Path
) -> None:
    words: Any = WordEmbedder()
    embedded = nearest(home_at(tmp_path / "one", None, words))
    served = home_at(tmp_path / "other", chroma.server, words)
    assert nearest(served) == embedded
    assert not (served.folder / "vectors").exists()


def test_homes_on_one_server_do_not_see_each_other(chroma: Chroma, tmp_path: Path) -> None:
    one = home_at(tmp_path / "one", chroma.server)
    other = home_at(tmp_path / "other", chroma.server)
    before = nearest(one)
    remove("sea.md", tmp_path / "other" / "home", other)
    assert nearest(one) == before


def test_a_server_that_is_gone_is_named_and_missed_only_until_it_is_back(tmp_path: Path) -> None:
    chroma = Chroma(tmp_path / "chroma")
    chroma.start()
    try:
        index = home_at(tmp_path, chroma.server)
        before = nearest(index)
        chroma.kill()
        with pytest.raises(CatalogueError, match=str(chroma.port)):
            nearest(index)
        tea = {"tea.md": "# Tea\n\nGreen tea steeps at eighty degrees.\n"}
        folder = write_documents(tmp_path / "more", tea)
        with pytest.raises(CatalogueError, match=str(chroma.port)):
            sync([folder], tmp_path / "home", index.embedder)
        chroma.start()
        again = nearest(index)
        assert [[each for each in found if each[0] != "tea.md"] for found in again] == before
        assert index.catalogue.document("tea.md") is not None
        vector = index.embedder.embed_query("green tea steeps").vector
        best = next(iter(index.nearest(vector, 1)))
        [passage] = index.catalogue.passages_of_spans([best]).values()
        assert index.catalogue.passages([passage])[passage].document == "tea.md"
    finally:
        chroma.kill()


def test_vectors_move_between_home_and_server_and_none_is_stale(
    chroma: Chroma, tmp_path: Path
) -> None:
    words: Any = WordEmbedder()
    home_at(tmp_path, None, words)
    served = home_at(tmp_path, chroma.server, words)
    remove("sea.md", tmp_path / "home", served)
    write_documents(tmp_path / "documents", {"sky.md": "# The sky\n\nThe sky is grey today.\n"})
    words.server = None
    sync([tmp_path / "documents"], tmp_path / "home", words)
    back = open_current(tmp_path / "home", words)
    assert back.vectors.count() == back.catalogue.vector_count()
    assert "sea.md" not in {each[0] for found in nearest(back) for each in found}
    assert {each[0] for found in nearest(back) for each in found} == {"bread.md", "sky.md"}
