"""A document is its content: what its files are called, and how many there are, is beside it."""

import shutil
import unicodedata
from pathlib import Path

import pytest

from ingest.catalogue import Catalogue
from ingest.index import open_catalogue, open_current
from ingest.pipeline import remove, sync
from ingest.receipts import Receipt
from tests.fakes import FakeEmbedder
from tests.ingest.building import actions, everything, found, write


@pytest.fixture
def docs(tmp_path: Path) -> Path:
    return write(
        tmp_path / "docs",
        a="# A\n\nThe cat purrs.\n",
        b="The dog barks, and it has no title of its own.\n",
    )


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


def run(home: Path, *paths: Path) -> tuple[Receipt, list[str]]:
    """Ingests; gives the receipt, and what was embedded."""
    embedder = FakeEmbedder()
    return sync(paths, home, embedder), embedder.embedded


def names(home: Path) -> dict[str, tuple[str, ...]]:
    return {one.name: one.other_names for one in open_catalogue(home).documents()}


def test_a_renamed_file_is_the_same_document_and_is_not_embedded_again(
    docs: Path, home: Path
) -> None:
    run(home, docs)
    before = open_catalogue(home).document("a.md")
    (docs / "a.md").rename(docs / "z.md")
    receipt, embedded = run(home, docs)
    assert actions(receipt) == {"b.md": "unchanged", "z.md": "renamed"}
    assert receipt.lines[-1].warnings == ("It was a.md before.",)
    assert embedded == []
    after = open_catalogue(home).document("z.md")
    assert before
    assert after
    assert (after.sha256, after.read_at) == (before.sha256, before.read_at)
    assert found(open_current(home, FakeEmbedder()), "cat", 1) == [("z.md", "The cat purrs.")]


def test_a_renamed_document_is_as_one_that_came_in_under_that_name(
    docs: Path, tmp_path: Path, home: Path
) -> None:
    run(home, docs)
    for old, new in (("a", "z"), ("b", "dogs")):
        (docs / f"{old}.md").rename(docs / f"{new}.md")
    run(home, docs)
    run(tmp_path / "fresh", docs)
    assert everything(home, FakeEmbedder()) == everything(tmp_path / "fresh", FakeEmbedder())
    catalogues = [open_catalogue(home), open_catalogue(tmp_path / "fresh")]
    seen = [[one.search_words([word], 9) for word in ("dogs", "b", "bark")] for one in catalogues]
    assert [len(found) for found in seen[0]] == [1, 0, 1]
    assert [[*found.values()] for found in seen[0]] == [[*found.values()] for found in seen[1]]
    told = [_about(catalogue, "dogs.md") for catalogue in catalogues]
    assert told[0] == told[1]


def _about(catalogue: Catalogue, name: str) -> list[object]:
    return [one.about for one in catalogue.passages_of_document(name)]


def test_a_moved_folder_keeps_the_names_and_embeds_nothing(
    docs: Path, tmp_path: Path, home: Path
) -> None:
    run(home, docs)
    moved = tmp_path / "elsewhere"
    docs.rename(moved)
    receipt, embedded = run(home, moved)
    assert actions(receipt) == {"a.md": "renamed", "b.md": "renamed"}
    assert embedded == []
    assert [one.path for one in open_catalogue(home).documents()] == [
        str(moved / "a.md"),
        str(moved / "b.md"),
    ]


def test_two_that_exchange_their_names_are_both_kept_whole(
    docs: Path, tmp_path: Path, home: Path
) -> None:
    run(home, docs)
    (docs / "a.md").rename(docs / "x")
    (docs / "b.md").rename(docs / "a.md")
    (docs / "x").rename(docs / "b.md")
    assert run(home, docs)[0].failed == []
    run(tmp_path / "fresh", docs)
    assert everything(home, FakeEmbedder()) == everything(tmp_path / "fresh", FakeEmbedder())


def test_the_same_content_under_two_names_is_kept_once_with_both(docs: Path, home: Path) -> None:
    shutil.copy(docs / "a.md", docs / "c.md")
    receipt, embedded = run(home, docs)
    assert actions(receipt) == {"a.md": "added", "b.md": "added", "c.md": "added"}
    assert receipt.lines[-1].warnings == (
        "Its content is that of a.md: it is kept once, under all its names.",
    )
    assert embedded.count("The cat purrs.") == 1
    assert names(home) == {"a.md": ("c.md",), "b.md": ()}
    index = open_current(home, FakeEmbedder())
    assert [quote for _, quote in found(index, "cat")].count("The cat purrs.") == 1
    known = index.catalogue.document("c.md")
    assert known
    assert known.name == "a.md"
    assert set(actions(run(home, docs)[0]).values()) == {"unchanged"}


def test_of_two_names_the_one_whose_file_goes_or_changes_leaves_the_content_to_the_other(
    docs: Path, tmp_path: Path, home: Path
) -> None:
    shutil.copy(docs / "a.md", docs / "c.md")
    run(home, docs)
    (docs / "a.md").write_text("# A\n\nThe bird sings.\n")
    receipt, embedded = run(home, docs)
    assert actions(receipt)["a.md"] == "changed"
    assert embedded == ["The bird sings."]
    assert names(home) == {"a.md": (), "b.md": (), "c.md": ()}
    shutil.copy(docs / "b.md", docs / "d.md")
    run(home, docs)
    (docs / "b.md").unlink()
    receipt, embedded = run(home, docs)
    assert (actions(receipt)["b.md"], embedded) == ("deleted", [])
    run(tmp_path / "fresh", docs)
    assert everything(home, FakeEmbedder()) == everything(tmp_path / "fresh", FakeEmbedder())


def test_a_removed_document_goes_with_all_its_names(docs: Path, home: Path) -> None:
    shutil.copy(docs / "a.md", docs / "c.md")
    run(home, docs)
    remove("c.md", home, open_current(home, FakeEmbedder()))
    assert names(home) == {"b.md": ()}
    done = actions(run(home, docs)[0])
    assert done == {"a.md": "left out", "b.md": "unchanged", "c.md": "left out"}


def test_the_same_bytes_in_another_format_are_another_document(docs: Path, home: Path) -> None:
    shutil.copy(docs / "a.md", docs / "a.txt")
    run(home, docs)
    assert names(home) == {"a.md": (), "a.txt": (), "b.md": ()}


def test_a_name_is_found_in_whatever_unicode_form_it_is_spelt(docs: Path, home: Path) -> None:
    composed, decomposed = (unicodedata.normalize(form, "café.md") for form in ("NFC", "NFD"))
    write(docs, **{decomposed.removesuffix(".md"): "# Café\n\nThe bird sings.\n"})
    run(home, docs)
    catalogue = open_catalogue(home)
    assert composed in names(home)
    assert catalogue.document(decomposed) == catalogue.document(composed) is not None
    (docs / decomposed).rename(docs / composed)
    receipt, embedded = run(home, docs)
    assert (actions(receipt)[composed], embedded) == ("renamed", [])


def test_two_files_whose_names_differ_only_in_their_unicode_form_are_both_there(
    docs: Path, home: Path
) -> None:
    for form, animal in (("NFC", "bird"), ("NFD", "fish")):
        write(docs, **{unicodedata.normalize(form, "é"): f"# É\n\nThe {animal} sings.\n"})
    assert run(home, docs)[0].failed == []
    assert list(names(home)) == ["a.md", "b.md", "docs/é.md", "é.md"]


def test_a_rename_is_told_as_one(docs: Path, home: Path) -> None:
    run(home, docs)
    (docs / "a.md").rename(docs / "z.md")
    run(home, docs)
    assert [(event.document, event.what) for event in open_catalogue(home).history()] == [
        ("z.md", "added"),
        ("b.md", "added"),
        ("z.md", "renamed"),
    ]


def test_what_has_two_names_is_read_again_once_and_stays_one(docs: Path, home: Path) -> None:
    shutil.copy(docs / "a.md", docs / "c.md")
    run(home, docs)
    for asked, done in (
        (docs, ["read again", "read again", "unchanged"]),
        (docs / "c.md", ["read again"]),
    ):
        receipt = sync([asked], home, FakeEmbedder(), again=True)
        assert sorted(line.action for line in receipt.lines) == done
        assert names(home) == {"a.md": ("c.md",), "b.md": ()}
