"""What the catalogue remembers of documents that came, changed and went."""

import sqlite3
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import numpy as np
import pytest

from ingest.catalogue import Catalogue
from ingest.history import Event
from ingest.index import open_catalogue, open_current
from ingest.loaders import LoadedDocument
from ingest.pipeline import remove, sync
from tests.fakes import FakeEmbedder, one_token_each, passage
from tests.ingest.building import write

PETS = Path("/docs/pets.md")


@pytest.fixture
def catalogue(tmp_path: Path) -> Catalogue:
    return Catalogue(tmp_path / "catalogue.sqlite", create=True)


def put(catalogue: Catalogue, sha256: str = "1") -> None:
    loaded = LoadedDocument(text="Cats purr.", title="Pets", type="markdown")
    passages = [passage(0, 10, "", ((0, 10),))]
    spans = one_token_each(np.eye(1, dtype=np.float32))
    catalogue.put("pets.md", PETS, sha256, loaded, passages, spans)


def whats(catalogue: Catalogue) -> list[str]:
    return [event.what for event in catalogue.history()]


def event(day: int, what: str, document: str = "a.md", sha256: str = "1") -> Event:
    return Event(document, what, sha256, f"2026-11-{day:02}T12:00:00+00:00")  # type: ignore[arg-type]


def day(number: int) -> datetime:
    return datetime(2026, 11, number, tzinfo=UTC)


def test_what_comes_changes_fails_and_goes_is_an_event_each(catalogue: Catalogue) -> None:
    put(catalogue)
    put(catalogue, "2")
    catalogue.fail("pets.md", PETS, "3", "is broken.", "Mend it.")
    put(catalogue, "4")
    catalogue.delete(PETS)
    assert whats(catalogue) == ["added", "changed", "failed", "added", "removed"]


def test_what_the_user_takes_out_goes_too(catalogue: Catalogue) -> None:
    put(catalogue)
    catalogue.remove([PETS])
    assert whats(catalogue) == ["added", "removed"]


def test_the_same_bytes_again_are_no_event(catalogue: Catalogue) -> None:
    put(catalogue)
    put(catalogue)
    assert whats(catalogue) == ["added"]


def test_what_was_never_there_does_not_go(catalogue: Catalogue) -> None:
    catalogue.delete(PETS)
    catalogue.remove([PETS])
    assert catalogue.history() == []


def test_a_change_that_fails_half_way_is_no_event(catalogue: Catalogue) -> None:
    loaded = LoadedDocument(text="Cats purr.", title="Pets", type="markdown")
    passages = [passage(0, 10, "", ((0, 10),))]
    with pytest.raises(StopIteration):
        catalogue.put("pets.md", PETS, "1", loaded, passages, [])
    assert catalogue.history() == []


def test_each_document_is_told_once_newest_first_as_it_looks_in_sum(catalogue: Catalogue) -> None:
    catalogue.take_over(
        [
            event(1, "added"),
            event(3, "changed", sha256="2"),
            event(4, "added", "b.md"),
            event(5, "changed", "b.md", "2"),
            event(6, "removed", "c.md", ""),
            event(7, "added", "c.md"),
            event(8, "added", "d.md"),
            event(9, "removed", "d.md", ""),
        ]
    )
    assert [(one.document, one.what) for one in catalogue.changes_since(day(2))] == [
        ("d.md", "removed"), ("c.md", "changed"), ("b.md", "added"), ("a.md", "changed"),
    ]  # fmt: skip
    assert [one.document for one in catalogue.changes_since(day(4), day(5))] == ["b.md"]
    assert catalogue.changes_since(day(10)) == []


def test_moments_of_any_time_zone_are_compared(catalogue: Catalogue) -> None:
    catalogue.take_over([event(1, "added")])  # at noon in UTC
    tokyo = timezone(timedelta(hours=9))
    assert catalogue.changes_since(datetime(2026, 11, 1, 20, tzinfo=tokyo)) != []
    assert catalogue.changes_since(datetime(2026, 11, 1, 22, tzinfo=tokyo)) == []


def test_a_catalogue_from_before_there_was_a_history_goes_on_working(tmp_path: Path) -> None:
    path = tmp_path / "catalogue.sqlite"
    catalogue = Catalogue(path, create=True)
    put(catalogue)
    catalogue.close()
    with sqlite3.connect(path) as old:
        old.execute("DROP TABLE history")
    old.close()
    catalogue = Catalogue(path)
    [document] = catalogue.documents()
    assert catalogue.history() == [Event("pets.md", "read", "1", document.read_at)]
    put(catalogue, "2")
    assert whats(catalogue) == ["read", "changed"]


def test_taking_a_history_over_twice_changes_nothing(catalogue: Catalogue) -> None:
    catalogue.take_over([event(1, "added")])
    catalogue.take_over([event(1, "added")])
    assert len(catalogue.history()) == 1


def test_an_index_built_anew_tells_only_what_has_really_changed(tmp_path: Path) -> None:
    docs, home = tmp_path / "docs", tmp_path / "home"
    write(docs, a="# A\n\nCats.\n", b="# B\n\nDogs.\n", c="# C\n\nFish.\n", d="# D\n\nHens.\n")
    sync([docs], home, FakeEmbedder())
    remove("d.md", home, open_current(home, FakeEmbedder()))
    before = open_catalogue(home).history()
    (docs / "c.md").unlink()
    write(docs, b="# B\n\nWolves.\n")
    assert sync([docs], home, FakeEmbedder("larger", 80)).rebuilt_because
    after = open_catalogue(home).history()
    assert after[: len(before)] == before
    assert {(one.document, one.what) for one in after[len(before) :]} == {
        ("b.md", "changed"), ("c.md", "removed"),
    }  # fmt: skip
