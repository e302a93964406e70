"""Vectors on a real Chroma server of this machine, and in the home."""

import signal
import struct
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from ingest.errors import CatalogueError
from ingest.home import writing
from ingest.index import Index, open_current
from ingest.pipeline import remove, sync
from ingest.seal import blank_what_is_free, is_unwritten
from ingest.vector_places import ChromaServer
from tests.app.small_world import DOCUMENTS, WordEmbedder, engine_on, write_documents
from tests.chroma import Chroma, running

QUERIES = [
    "Why is the sky blue?", "salt per litre", "songs of whales", "wild yeast", "sunset",
    "a cumulus cloud", "kneading dough", "water droplets", "tonnes", "ten minutes of bread",
]  # fmt: skip


@pytest.fixture(scope="module")
def chroma(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chroma]:
    with running(tmp_path_factory.mktemp("chroma")) as chroma:
        yield chroma


def home_at(place: Path, server: ChromaServer | None, embedder: Any = None) -> Index:
    """A home of three documents, its vectors kept there."""
    embedder = embedder or WordEmbedder()
    embedder.server = server
    receipt = sync([write_documents(place / "documents", DOCUMENTS)], place / "home", embedder)
    assert not receipt.failed
    return open_current(place / "home", embedder)


def nearest(index: Index, top: int = 5) -> list[list[tuple[str, int, float]]]:
    """What is nearest to each query: document and place of each sentence, and how near."""
    found = []
    for query in QUERIES:
        hits = index.nearest(index.embedder.embed_query(query).vector, top)
        near = {id: cosine for id, cosine in hits.items() if cosine > 0.01}  # else a draw
        passages = index.catalogue.passages(set(index.catalogue.passages_of_spans(near).values()))
        named = {id: passages[p] for id, p in index.catalogue.passages_of_spans(near).items()}
        found.append(
            sorted((named[id].document, named[id].start, round(near[id], 4)) for id in near)
        )
    return found


def test_what_chroma_took_from_memory_with_its_places_is_not_left_in_its_files(
    tmp_path: Path,
) -> None:
    """A new graph has a hundred places that nothing has taken, with what was in memory there."""
    index = home_at(tmp_path, None)
    assert index.vectors.count()
    [level] = index.folder.rglob("data_level0.bin")
    assert level.stat().st_size > 0
    assert set(level.read_bytes()) == {0}
    level.write_bytes(b"The sky is blue." * (level.stat().st_size // 16))
    again = open_current(tmp_path / "home", index.embedder)
    assert nearest(again) == nearest(index)
    assert set(level.read_bytes()) == {0}
    assert set((level.parent / "length.bin").read_bytes()) == {0}


def test_while_another_writes_nothing_of_a_graph_is_blanked(tmp_path: Path) -> None:
    index = home_at(tmp_path, None)
    before = nearest(index)
    level = graph_at(index.folder / "vectors" / "graph", taken=0)
    with ThreadPoolExecutor(1) as another, writing(tmp_path / "home"):
        again = another.submit(open_current, tmp_path / "home", index.embedder).result()
        assert another.submit(nearest, again).result() == before
        assert level.read_bytes() == b"word" * 10
    nearest(open_current(tmp_path / "home", index.embedder))
    assert level.read_bytes() == bytes(40)


def graph_at(folder: Path, taken: int) -> Path:
    """A graph with ten places of four bytes; where its vectors are."""
    folder.mkdir(parents=True)
    (folder / "header.bin").write_bytes(struct.pack("<iQQQQ", 1, 0, 10, taken, 4))
    (folder / "length.bin").write_bytes(b"word" * 10)
    (folder / "data_level0.bin").write_bytes(b"word" * 10)
    return folder / "data_level0.bin"


def test_places_that_are_taken_are_left_as_they_are(tmp_path: Path) -> None:
    level = graph_at(tmp_path / "vectors" / "graph", taken=3)
    assert not is_unwritten(tmp_path / "vectors")
    blank_what_is_free(tmp_path / "vectors")
    for file in (level, level.with_name("length.bin")):
        assert file.read_bytes() == b"word" * 3 + bytes(28)


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


def test_a_server_that_hangs_is_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ingest.vector_places._PATIENCE_S", 1.0)
    with running(tmp_path / "chroma") as chroma:
        index = home_at(tmp_path, chroma.server)
        before = nearest(index)
        assert chroma.process is not None
        chroma.process.send_signal(signal.SIGSTOP)
        with pytest.raises(CatalogueError, match="timed out"):
            nearest(index)
        chroma.process.send_signal(signal.SIGCONT)
        assert nearest(index) == before


def test_a_server_killed_in_the_middle_of_ingest_costs_no_document(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ingest.pipeline.MAY_WAIT", 0)  # to the server after each document
    home, embedder = tmp_path / "home", WordEmbedder()
    with running(tmp_path / "chroma") as chroma:
        embedder.server = chroma.server
        index = home_at(tmp_path, chroma.server, embedder)
        more = {f"tea {n}.md": f"# Tea {n}\n\nTea {n} steeps {n} minutes.\n" for n in range(6)}
        folder = write_documents(tmp_path / "more", more)

        def kill(far: Any) -> None:
            if far.document == "tea 3.md" and chroma.is_running:
                chroma.kill()

        with pytest.raises(CatalogueError) as said:
            sync([folder], home, embedder, kill)
        assert chroma.server.url in str(said.value)
        assert "\n" not in str(said.value)
        assert {"tea 0.md", "tea 1.md"} <= {each.name for each in index.catalogue.documents()}
        chroma.start()
        assert not sync([folder], home, embedder).failed
        after = nearest(open_current(home, embedder), top=99)
        assert index.vectors.count() == index.catalogue.vector_count()
    write_documents(tmp_path / "undisturbed" / "documents", DOCUMENTS | more)
    assert after == nearest(home_at(tmp_path / "undisturbed", None), top=99)


def test_a_server_that_restarts_under_questions_fails_those_in_a_sentence_and_no_others(
    tmp_path: Path,
) -> None:
    asked, heard = "How many grams of salt does seawater hold per litre?", threading.Event()
    told: list[str] = []
    wrong: list[BaseException] = []
    with running(tmp_path / "chroma") as chroma:
        engine = engine_on(home_at(tmp_path, chroma.server))
        right = engine.answer(asked).text

        def ask() -> None:
            while not heard.is_set():
                try:
                    told.append(engine.answer(asked).text)
                except CatalogueError as error:
                    told.append(str(error))
                except BaseException as error:
                    wrong.append(error)
                    return

        asking = threading.Thread(target=ask, daemon=True)
        asking.start()
        wait_until(lambda: told or wrong)
        chroma.kill()
        wait_until(lambda: told[-1] != right or wrong)
        chroma.start()
        wait_until(lambda: told[-1] == right or wrong)
        heard.set()
        asking.join(60)
    assert not wrong
    refused = set(told) - {right}
    assert refused
    assert all(chroma.server.url in each and "\n" not in each for each in refused)


def wait_until(is_so: Callable[[], object]) -> None:
    for _ in range(600):
        if is_so():
            return
        time.sleep(0.1)
    raise AssertionError("it did not come about in a minute")


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
