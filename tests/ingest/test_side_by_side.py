"""While one brings documents in, others write too: nothing waits, nothing is lost or goes back."""

import threading
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from ingest.embedded import EmbeddedText
from ingest.errors import CatalogueError
from ingest.index import current_folder, open_catalogue, open_current, writing
from ingest.pipeline import remove, sync
from ingest.receipts import Receipt
from tests.fakes import FakeEmbedder
from tests.ingest.building import actions, everything, found, write

Meanwhile = Callable[[Callable[[], None]], None]


@pytest.fixture
def docs(tmp_path: Path) -> Path:
    return write(tmp_path / "docs", a="# A\n\nThe cat purrs.\n", b="# B\n\nThe dog barks.\n")


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


@pytest.fixture
def meanwhile(monkeypatch: pytest.MonkeyPatch) -> Meanwhile:
    """Have something happen when the next document has been read and is about to be embedded."""

    def arrange(happen: Callable[[], None]) -> None:
        embed = FakeEmbedder.embed_spans

        def once(self: FakeEmbedder, texts: Sequence[str]) -> list[EmbeddedText]:
            monkeypatch.setattr(FakeEmbedder, "embed_spans", embed)
            elsewhere = threading.Thread(target=happen)
            elsewhere.start()
            elsewhere.join()
            return embed(self, texts)

        monkeypatch.setattr(FakeEmbedder, "embed_spans", once)

    return arrange


def run(home: Path, *paths: Path, embedder: FakeEmbedder | None = None) -> Receipt:
    return sync(paths, home, embedder or FakeEmbedder())


def problems(receipt: Receipt) -> dict[str, str]:
    return {line.document: line.problem for line in receipt.failed}


def test_another_adds_and_asks_while_a_document_is_embedded(
    docs: Path, tmp_path: Path, home: Path, meanwhile: Meanwhile
) -> None:
    run(home, docs)
    write(docs, c="# C\n\nOne fish.\n")
    other = write(tmp_path / "other", d="# D\n\nBird bird bird.\n")
    seen = []

    def add_and_ask() -> None:
        seen.append(actions(run(home, other)))
        seen.append(found(open_current(home, FakeEmbedder()), "bird", 1))

    meanwhile(add_and_ask)
    assert actions(run(home, docs)) == {"a.md": "unchanged", "b.md": "unchanged", "c.md": "added"}
    assert seen == [{"d.md": "added"}, [("d.md", "Bird bird bird.")]]
    index = open_current(home, FakeEmbedder())
    assert index.vectors.count() == index.catalogue.vector_count() == 4


def test_two_that_bring_in_the_same_folder_end_as_one_would(
    docs: Path, tmp_path: Path, home: Path, meanwhile: Meanwhile
) -> None:
    run(tmp_path / "whole", docs)
    meanwhile(lambda: run(home, docs) and None)
    assert run(home, docs).failed == []
    assert everything(home, FakeEmbedder()) == everything(tmp_path / "whole", FakeEmbedder())


def test_what_is_removed_meanwhile_does_not_come_back(
    docs: Path, home: Path, meanwhile: Meanwhile
) -> None:
    run(home, docs)
    (docs / "a.md").write_text("# A\n\nThe bird sings.\n")
    meanwhile(lambda: remove("a.md", home, open_current(home, FakeEmbedder())) and None)
    assert actions(run(home, docs)) == {"a.md": "left out", "b.md": "unchanged"}
    assert open_catalogue(home).document("a.md") is None


def test_what_is_deleted_meanwhile_does_not_come_in(
    docs: Path, home: Path, meanwhile: Meanwhile
) -> None:
    meanwhile((docs / "a.md").unlink)
    receipt = run(home, docs)
    assert actions(receipt) == {"a.md": "failed", "b.md": "added"}
    assert "is not there" in problems(receipt)["a.md"]
    assert [one.name for one in open_catalogue(home).documents()] == ["b.md"]


def test_a_newer_version_that_another_brought_in_meanwhile_stays(
    docs: Path, home: Path, meanwhile: Meanwhile
) -> None:
    def change() -> None:
        (docs / "a.md").write_text("# A\n\nThe bird sings.\n")
        run(home, docs / "a.md")

    meanwhile(change)
    assert "changed while it was being read" in problems(run(home, docs))["a.md"]
    assert open_catalogue(home).text("a.md") == "# A\n\nThe bird sings.\n"


def test_a_version_that_was_read_comes_in_although_the_file_has_changed_since(
    docs: Path, home: Path, meanwhile: Meanwhile
) -> None:
    meanwhile(lambda: (docs / "a.md").write_text("# A\n\nThe bird sings.\n") and None)
    assert run(home, docs).failed == []
    assert open_catalogue(home).text("a.md") == "# A\n\nThe cat purrs.\n"
    assert actions(run(home, docs))["a.md"] == "changed"


def test_a_name_that_another_takes_meanwhile_is_not_given_twice(
    docs: Path, tmp_path: Path, home: Path, meanwhile: Meanwhile
) -> None:
    other = write(tmp_path / "other", a="# A\n\nThe bird sings.\n")
    meanwhile(lambda: run(home, other) and None)
    assert actions(run(home, docs)) == {"docs/a.md": "added", "b.md": "added"}
    catalogue = open_catalogue(home)
    assert catalogue.text("a.md") == "# A\n\nThe bird sings.\n"
    assert catalogue.text("docs/a.md") == "# A\n\nThe cat purrs.\n"


def test_nothing_is_written_to_an_index_that_another_has_replaced_meanwhile(
    docs: Path, home: Path, meanwhile: Meanwhile
) -> None:
    run(home, docs)
    write(docs, c="# C\n\nOne fish.\n")
    other = FakeEmbedder("other")
    meanwhile(lambda: run(home, embedder=other) and None)
    with pytest.raises(CatalogueError, match="built again by another Footnote"):
        run(home, docs)
    assert len(list(home.glob("index-*"))) == 1
    assert [one.name for one in open_catalogue(home).documents()] == ["a.md", "b.md", "c.md"]
    assert found(open_current(home, other), "fish", 1) == [("c.md", "One fish.")]


def test_building_anew_has_the_lock_for_itself_and_the_old_index_answers(
    docs: Path, home: Path, meanwhile: Meanwhile
) -> None:
    run(home, docs)
    old = current_folder(home)
    seen = []

    def try_to_write() -> None:
        with writing(home, wait=False) as writes:
            seen.append(writes)
        seen.append(current_folder(home) == old)
        seen.append(found(open_current(home, FakeEmbedder()), "cat", 1))

    meanwhile(try_to_write)
    assert run(home, embedder=FakeEmbedder("other")).rebuilt_because
    assert seen == [False, True, [("a.md", "The cat purrs.")]]
