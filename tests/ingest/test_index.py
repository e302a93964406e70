import json
import os
import shutil
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from ingest import index as index_module
from ingest.errors import CatalogueError
from ingest.home import current_folder, make_current, writing
from ingest.index import (
    Fingerprint,
    Index,
    open_catalogue,
    open_current,
    read_fingerprint,
)
from ingest.pipeline import remove, sync
from ingest.vectors import VectorIndex
from tests.fakes import FakeEmbedder
from tests.ingest.building import everything, found, write


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A home with two documents in it."""
    docs = write(tmp_path / "docs", a="The cat purrs.\n\nThe dog barks.", b="The fish swims.")
    sync([docs], tmp_path / "home", FakeEmbedder())
    return tmp_path / "home"


def vectors_folder(home: Path) -> Path:
    folder = current_folder(home)
    assert folder is not None
    return folder / "vectors"


# Fingerprints


def test_fingerprints_name_their_differences_and_only_those_that_count() -> None:
    ours = Fingerprint("/here/minilm", 256, 160, 1, 1)
    moved = Fingerprint("/there/minilm", 256, 160, 1, 1)
    other = Fingerprint("/here/e5", 512, 160, 2, 1)
    assert ours.digest == moved.digest != other.digest
    assert ours.differences(moved) == []
    assert other.differences(ours) == [
        "embedding model: /here/minilm → /here/e5",
        "max tokens: 256 → 512",
        "splitter: 1 → 2",
    ]


def test_a_fingerprint_is_kept_with_its_index(home: Path) -> None:
    folder = current_folder(home)
    assert folder is not None
    assert read_fingerprint(folder) == Fingerprint.of(FakeEmbedder())
    assert folder.name == f"index-{Fingerprint.of(FakeEmbedder()).digest}"
    assert [path.name for path in home.glob("**/*.new")] == []


@pytest.mark.parametrize("content", ["", "{}", "garbage", '{"embedding_model": 1, "x": 2}'])
def test_an_unreadable_fingerprint_is_a_catalogue_error(home: Path, content: str) -> None:
    folder = current_folder(home)
    assert folder is not None
    (folder / "fingerprint.json").write_text(content)
    with pytest.raises(CatalogueError, match="cannot be read"):
        read_fingerprint(folder)


# Which index answers


def test_before_the_first_ingest_there_is_nothing_to_open(tmp_path: Path) -> None:
    assert current_folder(tmp_path) is None
    for opening in (open_catalogue, lambda home: open_current(home, FakeEmbedder())):
        with pytest.raises(CatalogueError, match="Run `footnote ingest FOLDER` first"):
            opening(tmp_path)


def test_making_an_index_current_clears_others_away_also_by_a_relative_path(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("index-1", "index-2"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "catalogue.sqlite").write_bytes(b"not empty")
    monkeypatch.chdir(tmp_path.parent)
    make_current(Path(tmp_path.name), tmp_path / "index-2")
    assert current_folder(tmp_path) == tmp_path / "index-2"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["current", "index-2"]


def test_an_index_is_opened_with_the_model_that_built_it_or_says_that_it_is_gone(
    home: Path, tmp_path: Path
) -> None:
    with pytest.raises(CatalogueError, match=r"models/fake, which is not there any more"):
        open_current(home, FakeEmbedder("another"))
    folder = current_folder(home)
    assert folder is not None
    (tmp_path / "fake").mkdir()
    kept = json.loads((folder / "fingerprint.json").read_text())
    kept["embedding_model"] = str(tmp_path / "fake")
    (folder / "fingerprint.json").write_text(json.dumps(kept))
    assert open_current(home, FakeEmbedder("another")).embedder.folder == tmp_path / "fake"
    assert open_current(home, FakeEmbedder()).embedder.name == "fake"


# The lock


def test_an_open_index_goes_over_to_the_one_that_was_built_beside_it(home: Path) -> None:
    index = open_current(home, FakeEmbedder())
    before = index.folder
    sync([write(home.parent / "docs", b="The bird sings.")], home, FakeEmbedder(max_tokens=41))
    assert current_folder(home) != before
    text = index.catalogue.text("b.md")
    assert text is not None
    assert "The bird sings." in text
    assert index.folder == current_folder(home)
    assert "The bird sings." in found(index, "bird")[0]


def test_an_open_index_does_not_answer_from_what_another_model_built(home: Path) -> None:
    index = open_current(home, FakeEmbedder())
    sync([], home, FakeEmbedder("other"))
    with pytest.raises(CatalogueError, match=r"fake → .*other.* start it again"):
        index.catalogue.documents()


@contextmanager
def another_writing(home: Path) -> Iterator[None]:
    """Another thread holds the lock."""
    holds, enough = threading.Event(), threading.Event()

    def hold() -> None:
        with writing(home):
            holds.set()
            enough.wait(60)

    thread = threading.Thread(target=hold)
    thread.start()
    assert holds.wait(60)
    yield
    enough.set()
    thread.join()


def test_only_one_writes_at_a_time_and_that_one_may_take_the_lock_again(tmp_path: Path) -> None:
    home = tmp_path / "home"
    with another_writing(home), writing(home, wait=False) as mine:
        assert not mine
    with writing(home), writing(home, wait=False) as again:
        assert again
    with another_writing(home), writing(home, wait=False) as mine:
        assert not mine


# The vector index is derived


def rebuild(home: Path) -> None:
    """What `footnote ingest --rebuild-index` does."""
    embedder = FakeEmbedder()
    with writing(home):
        open_current(home, embedder).rebuild_vectors()
    assert embedder.embedded == []


def test_a_lost_vector_folder_is_filled_again_without_embedding(home: Path) -> None:
    before = everything(home, FakeEmbedder())
    folder = vectors_folder(home)
    folder.rename(folder.with_name("gone"))
    embedder = FakeEmbedder()
    assert everything(home, embedder) == before
    assert embedder.embedded == []


def break_graph(folder: Path, part: str, content: bytes | None) -> None:
    """Put other bytes into a file of Chroma's graph, or take it away."""
    [file] = folder.rglob(part)
    if content is None:
        file.unlink()
    else:
        file.write_bytes(content)


def half(folder: Path, part: str) -> bytes:
    [file] = folder.rglob(part)
    return file.read_bytes()[: file.stat().st_size // 2]


PARTS = ("data_level0.bin", "link_lists.bin", "length.bin", "header.bin", "index_metadata.pickle")


@pytest.fixture(scope="module")
def large_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with enough in it for Chroma to write its graph to files."""
    place = tmp_path_factory.mktemp("large")
    text = "\n\n".join(_about_animals(number) for number in range(1_200))
    sync([write(place / "docs", many=text)], place / "home", FakeEmbedder())
    assert list((place / "home").glob("index-*/vectors/*/index_metadata.pickle"))
    return place / "home"


def _about_animals(number: int) -> str:
    """A sentence that is mostly about one animal, and has a vector that no other number's has."""
    animals = ("cat", "dog", "fish", "bird")
    main, *others = animals[number % 4 :] + animals[: number % 4]
    rest, few = divmod(number // 4, 8)
    counts = (few, rest % 8, rest // 8)
    beside = [animal for animal, many in zip(others, counts, strict=True) for _ in range(many)]
    return f"Number {number} is a {' '.join([main] * 10 + beside)}."


@pytest.fixture
def graph(large_home: Path, tmp_path: Path) -> Path:
    """A copy of it."""
    shutil.copytree(large_home, tmp_path / "large")
    return tmp_path / "large"


@pytest.mark.parametrize("part", PARTS)
@pytest.mark.parametrize("damage", ["random", "half", "gone"])
def test_a_damaged_graph_is_made_anew_before_chroma_reads_it(
    graph: Path, part: str, damage: str
) -> None:
    """Some of these end the process when they are read; others find the wrong neighbours."""
    folder = vectors_folder(graph)
    contents = {"random": os.urandom(50_000), "half": half(folder, part), "gone": None}
    break_graph(folder, part, contents[damage])
    embedder = FakeEmbedder()
    index = open_current(graph, embedder)
    assert "a cat" in found(index, "cat", 1)[0][1]
    assert index.vectors.count() == index.catalogue.vector_count() == 1_200
    assert embedder.embedded == []


def test_a_graph_without_its_folder_is_made_anew(graph: Path) -> None:
    [folder] = [path for path in vectors_folder(graph).iterdir() if path.is_dir()]
    shutil.rmtree(folder)
    assert "a cat" in found(open_current(graph, FakeEmbedder()), "cat", 1)[0][1]


def test_a_graph_that_is_whole_is_not_made_anew(graph: Path) -> None:
    before = [path.name for path in vectors_folder(graph).iterdir() if path.is_dir()]
    for _ in range(2):
        assert "a dog" in found(open_current(graph, FakeEmbedder()), "dog", 1)[0][1]
        sync([], graph, FakeEmbedder())
    assert [path.name for path in vectors_folder(graph).iterdir() if path.is_dir()] == before


@pytest.mark.parametrize("damage", ["garbage", "half", "empty", "a few blocks"])
def test_a_damaged_database_of_the_vectors_is_made_anew_without_embedding(
    graph: Path, damage: str
) -> None:
    file = vectors_folder(graph) / "chroma.sqlite3"
    whole = file.read_bytes()
    scattered = bytearray(whole)
    for at in range(5_000, len(whole) - 2_000, 40_000):
        scattered[at : at + 1_000] = os.urandom(1_000)
    contents = {"half": whole[: len(whole) // 2], "empty": b"", "a few blocks": bytes(scattered)}
    file.write_bytes(contents.get(damage, b"garbage" * 10_000))
    embedder = FakeEmbedder()
    for _ in range(2):
        index = open_current(graph, embedder)
        assert "a fish" in found(index, "fish", 1)[0][1]
        assert index.vectors.count() == 1_200
    assert embedder.embedded == []


def test_ingest_mends_a_damaged_vector_index_too(home: Path) -> None:
    before = everything(home, FakeEmbedder())
    (vectors_folder(home) / "chroma.sqlite3").write_bytes(b"garbage" * 10_000)
    embedder = FakeEmbedder()
    sync([], home, embedder)
    assert embedder.embedded == []
    assert everything(home, FakeEmbedder()) == before


def test_an_index_that_is_damaged_while_it_is_open_is_made_anew(graph: Path) -> None:
    index = open_current(graph, FakeEmbedder())
    assert "a cat" in found(index, "cat", 1)[0][1]
    file = vectors_folder(graph) / "chroma.sqlite3"
    with file.open("r+b") as content:
        content.write(b"garbage" * (file.stat().st_size // 7))
    assert "a dog" in found(index, "dog", 1)[0][1]
    assert "a dog" in found(open_current(graph, FakeEmbedder()), "dog", 1)[0][1]


def test_vectors_under_names_that_the_catalogue_does_not_know_are_filled_anew(home: Path) -> None:
    before = everything(home, FakeEmbedder())
    with closing(sqlite3.connect(vectors_folder(home).with_name("catalogue.sqlite"))) as sql:
        sql.execute("DROP TABLE indexed")  # as it was when a vector had the name of its span
        sql.commit()
    embedder = FakeEmbedder()
    assert everything(home, embedder) == before
    assert embedder.embedded == []


def test_rebuilding_by_command_embeds_nothing(home: Path) -> None:
    before = everything(home, FakeEmbedder())
    rebuild(home)
    assert everything(home, FakeEmbedder()) == before


def test_torn_files_of_a_killed_writer_are_never_read_again(home: Path) -> None:
    before = everything(home, FakeEmbedder())
    index = open_current(home, FakeEmbedder())
    index.catalogue.unindex_all()
    (index.folder / "vectors.seal").unlink()
    for file in index.folder.glob("vectors/**/*"):
        if file.is_file():
            file.write_bytes(b"torn" * 5_000)
    assert everything(home, FakeEmbedder()) == before
    assert (index.folder / "vectors.seal").exists()


def test_an_index_that_is_behind_is_brought_in_line_when_it_is_first_searched(
    home: Path,
) -> None:
    index = open_current(home, FakeEmbedder())
    [passage] = index.catalogue.passages_of_document("b.md")
    index.catalogue.delete(Path(index.catalogue.documents()[1].path))
    assert passage.document not in {document for document, _ in found(index, "fish")}
    assert index.vectors.count() == 2


def test_a_page_more_opens_no_chroma_and_is_found_by_the_next_search(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_page = open_current(home, FakeEmbedder())
    assert open_page.vectors.count() == 3
    opened = open_page._opened
    with monkeypatch.context() as patch:
        patch.setattr(VectorIndex, "_open", lambda self: pytest.fail("Chroma was opened"))
        more = write(tmp_path / "more", c="The bird sings.")
        sync([more], home, FakeEmbedder())
        assert found(open_page, "bird", 1) == [("c.md", "The bird sings.")]
    assert opened is not None
    assert open_page.vectors is opened[1]
    assert found(open_current(home, FakeEmbedder()), "bird", 1) == [("c.md", "The bird sings.")]


def test_many_new_vectors_do_not_wait(home: Path, tmp_path: Path) -> None:
    assert open_current(home, FakeEmbedder()).vectors.count() == 3
    lines = "\n\n".join(map(_about_animals, range(index_module.MAY_WAIT + 1)))
    sync([write(tmp_path / "more", c=lines)], home, FakeEmbedder())
    assert open_catalogue(home).unindexed_count() == 0


def test_what_is_taken_out_does_not_wait(home: Path) -> None:
    index = open_current(home, FakeEmbedder())
    assert index.vectors.count() == 3
    remove("b.md", home, open_current(home, FakeEmbedder()))
    assert index.catalogue.unindexed_count() == 0
    assert index.vectors.count() == 2


def test_while_another_holds_the_lock_an_index_that_is_behind_still_answers(home: Path) -> None:
    index = open_current(home, FakeEmbedder())
    assert index.vectors.count() == 3
    index.catalogue.delete(Path(index.catalogue.documents()[1].path))
    with another_writing(home):
        assert [document for document, _ in found(index, "fish")] == ["a.md", "a.md"]
        assert index.vectors.count() == 3
    assert index.vectors.count() == 2


def test_what_the_catalogue_does_not_know_is_not_found_whatever_the_index_holds(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    index = open_current(home, FakeEmbedder())
    assert found(index, "fish")[0] == ("b.md", "The fish swims.")
    monkeypatch.setattr(index_module.Index, "_is_behind", lambda self: False)
    index.catalogue.delete(Path(index.catalogue.documents()[1].path))
    assert index.vectors.count() == 3
    assert [document for document, _ in found(index, "fish")] == ["a.md", "a.md"]
    assert index.catalogue.search_words(["fish"], 5) == {}


def test_a_fingerprint_file_is_replaced_whole(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = current_folder(home)
    assert folder is not None

    def killed(source: Path, target: Path) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "replace", killed)
    with pytest.raises(KeyboardInterrupt):
        Index(folder, FakeEmbedder(), create=True)
    assert read_fingerprint(folder) == Fingerprint.of(FakeEmbedder())
