import sqlite3
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from ingest.catalogue import Catalogue
from ingest.errors import CatalogueError
from ingest.loaders import LoadedDocument
from ingest.stored_vectors import key_of
from tests.fakes import one_token_each, passage
from tests.ingest.building import make_wordless

TEXT = "Cats purr. Dogs bark.\n\n| a | b |\n|---|---|\n| c | zanzibar |\n"
LOADED = LoadedDocument(
    text=TEXT, title="Pets", type="markdown", date="2026-11-21", metadata={"licence": "CC0"}
)
PROSE = passage(0, 21, "Sounds", ((0, 10), (11, 21)))
ROW = passage(43, 59, "Table", ((43, 59),), table_header=(23, 42))
VECTORS = np.eye(3, dtype=np.float32)
SPANS = one_token_each(VECTORS)
SECRET = "xylophonist"


@pytest.fixture
def catalogue(tmp_path: Path) -> Catalogue:
    return Catalogue(tmp_path / "catalogue.sqlite", create=True)


def put(catalogue: Catalogue, name: str = "pets.md", sha256: str = "1") -> None:
    catalogue.put(name, Path("/docs", name), sha256, LOADED, [PROSE, ROW], SPANS)


def test_a_document_comes_back_as_it_was_put(catalogue: Catalogue) -> None:
    put(catalogue)
    [document] = catalogue.documents()
    assert (document.name, document.path, document.sha256) == ("pets.md", "/docs/pets.md", "1")
    assert (document.title, document.date, document.metadata) == (
        "Pets",
        "2026-11-21",
        {"licence": "CC0"},
    )
    assert (document.passages, document.pages, document.status) == (2, None, "indexed")
    assert catalogue.text("pets.md") == TEXT
    assert catalogue.sections("pets.md") == ["Sounds", "Table"]
    assert catalogue.document("pets.md") == catalogue.document_at(Path("/docs/pets.md")) == document
    same = catalogue.document_with("1")
    assert same
    assert same.names == {"/docs/pets.md": "pets.md"}


def test_what_is_not_there_is_none_and_nothing(catalogue: Catalogue) -> None:
    assert catalogue.document("no.md") is catalogue.text("no.md") is None
    assert catalogue.document_at(Path("/no.md")) is None
    assert catalogue.passages_of_document("no.md") == []
    assert catalogue.document_with("2") is None
    assert catalogue.passages([99]) == catalogue.passages_of_spans([99]) == {}


def test_passages_hold_their_exact_text_spans_and_vectors(catalogue: Catalogue) -> None:
    put(catalogue)
    prose, row = catalogue.passages_of_document("pets.md")
    assert (prose.text, prose.spans, prose.table_header) == (TEXT[:21], ((0, 10), (11, 21)), "")
    assert (row.text, row.table_header) == ("| c | zanzibar |", "| a | b |\n|---|---|")
    assert (prose.header, row.document_sha256) == ("Pets › Sounds", "1")
    np.testing.assert_array_equal(prose.vectors, VECTORS[:2])
    assert [signs.tolist() for signs in prose.signs] == [[0b10000000], [0b01000000]]
    assert [signs.tolist() for signs in row.signs] == [[0b00100000]]


def test_offsets_count_characters_also_beyond_the_basic_plane(catalogue: Catalogue) -> None:
    text = "🐈 é Cats purr."
    loaded = LoadedDocument(text=text, title="T", type="text")
    catalogue.put("a.txt", Path("/a.txt"), "1", loaded, [passage(4, 14, "", ((4, 14),))], SPANS[:1])
    assert [one.text for one in catalogue.passages_of_document("a.txt")] == [text[4:14]]


def test_words_are_found_by_stem_in_a_passage_and_in_what_belongs_to_it(
    catalogue: Catalogue,
) -> None:
    """What opens a document, its title among it, belongs to all of its passages."""
    put(catalogue)
    prose, row = catalogue.passages_of_document("pets.md")
    assert list(catalogue.search_words(["barking"], 9)) == [prose.id, row.id]
    assert list(catalogue.search_words(["sound"], 9)) == [prose.id]
    assert set(catalogue.search_words(["pets"], 9)) == {prose.id, row.id}
    assert len(catalogue.search_words(["pets"], 1)) == 1
    assert catalogue.search_words(["zanzibar"], 9)[row.id] > 0
    assert (catalogue.passages_with("pet"), catalogue.passages_with("zebra")) == (2, 0)


def test_the_vocabulary_has_words_as_they_are_spelt(catalogue: Catalogue) -> None:
    put(catalogue)
    assert list(catalogue.vocabulary("pet", 3, 4)) == [("pets", 2)]
    assert list(catalogue.vocabulary("b", 4, 9)) == [("bark", 1)]
    assert list(catalogue.vocabulary("pet", 5, 9)) == []
    catalogue.delete(Path("/docs/pets.md"))
    assert list(catalogue.vocabulary("", 1, 99)) == []


def test_terms_are_counted_by_passage_and_looked_up_as_they_are(catalogue: Catalogue) -> None:
    put(catalogue)
    assert catalogue.frequencies(["zanzibar", "pet", "purring"]) == {
        "zanzibar": 1,
        "pet": 2,
        "purring": 0,
    }
    assert list(catalogue.search_terms(["zanzibar", "purring"], 9)) == [2]


def test_a_number_makes_a_series_of_what_it_is_with(catalogue: Catalogue) -> None:
    loaded = LoadedDocument(text="See zone 4.", title="T", type="text")
    catalogue.put("a.txt", Path("/a.txt"), "1", loaded, [passage(0, 11, "", ((0, 11),))], SPANS[:1])
    assert catalogue.numbered("zone")
    assert not catalogue.numbered("see")


def test_a_catalogue_from_before_passages_kept_their_words_is_searched_still(
    catalogue: Catalogue,
) -> None:
    put(catalogue)
    catalogue.close()
    make_wordless(catalogue.path)
    opened = Catalogue(catalogue.path)
    prose, row = opened.passages_of_document("pets.md")
    assert (prose.text, row.table_header) == (TEXT[:21], "| a | b |\n|---|---|")
    assert list(opened.search_words(["barking"], 9)) == [prose.id]
    assert list(opened.vocabulary("zan", 1, 99)) == [("zanzibar", 1)]
    opened.delete(Path("/docs/pets.md"))
    assert opened.search_words(["barking"], 9) == {}
    assert list(opened.vocabulary("zan", 1, 99)) == []


def test_documents_are_listed_without_passing_over_their_texts_in_an_old_catalogue_too(
    catalogue: Catalogue,
) -> None:
    put(catalogue)
    listed = catalogue.documents()
    catalogue.close()
    columns = "name, title, metadata, warnings, pages, read_at"
    with closing(sqlite3.connect(catalogue.path)) as sql:
        sql.execute("DROP INDEX documents_listed")
        sql.commit()
    assert Catalogue(catalogue.path).documents() == listed
    with closing(sqlite3.connect(catalogue.path)) as sql:
        plan = sql.execute(f"EXPLAIN QUERY PLAN SELECT {columns} FROM documents").fetchall()
    assert [step[-1] for step in plan] == ["SCAN documents USING COVERING INDEX documents_listed"]


@pytest.mark.parametrize("word", ['"', "p* OR q", "NEAR(", "*", "", "x'; DROP INDEX x; --"])
def test_a_word_is_never_a_query(catalogue: Catalogue, word: str) -> None:
    put(catalogue)
    assert catalogue.search_words([word], 9) == {}
    assert catalogue.passages_with(word) == 0


def test_replacing_forgets_the_old_passages_and_tells_the_vector_index(
    catalogue: Catalogue,
) -> None:
    put(catalogue)
    old = [passage.id for passage in catalogue.passages_of_document("pets.md")]
    add, delete = catalogue.unindexed(10)
    assert (sorted(add), delete) == ([1, 2, 3], [])
    catalogue.mark_indexed({id: key_of(add[id]) for id in add}, delete)
    put(catalogue, sha256="2")
    add, delete = catalogue.unindexed(10)
    assert (sorted(add), delete) == ([4, 5, 6], [1, 2, 3])
    assert catalogue.passages(old) == {}
    assert (catalogue.passage_count(), catalogue.span_count()) == (2, 3)
    assert len(catalogue.documents()) == 1


def test_a_failure_takes_the_place_of_the_document_and_the_reverse(catalogue: Catalogue) -> None:
    put(catalogue)
    catalogue.fail("pets.md", Path("/docs/pets.md"), "3", "it is binary.", "Save it as text.")
    [document] = catalogue.documents()
    assert (document.status, document.warnings) == ("failed", ("it is binary. Save it as text.",))
    assert catalogue.document_at(Path("/docs/pets.md")) == document
    assert (catalogue.passage_count(), catalogue.text("pets.md")) == (0, None)
    put(catalogue)
    assert [one.status for one in catalogue.documents()] == ["indexed"]


def test_a_put_that_fails_half_way_changes_nothing(catalogue: Catalogue) -> None:
    put(catalogue)
    before = catalogue.documents(), catalogue.passages_of_document("pets.md")[0].id
    with pytest.raises(StopIteration):
        catalogue.put("pets.md", Path("/docs/pets.md"), "2", LOADED, [PROSE, ROW], SPANS[:2])
    assert (catalogue.documents(), catalogue.passages_of_document("pets.md")[0].id) == before


def test_removed_files_are_kept_in_mind_until_they_are_restored(catalogue: Catalogue) -> None:
    put(catalogue)
    catalogue.remove([Path("/docs/pets.md")])
    assert (catalogue.documents(), catalogue.removed()) == ([], {Path("/docs/pets.md")})
    catalogue.restore(Path("/docs/pets.md"))
    assert catalogue.removed() == set()


def test_the_index_version_rises_with_what_was_taken_in(catalogue: Catalogue) -> None:
    assert catalogue.index_version() == 0
    catalogue.mark_indexed({1: "a"}, [])
    catalogue.mark_indexed({}, [2])
    assert catalogue.index_version() == 2


def test_nothing_of_a_deleted_text_is_left_in_the_files(
    catalogue: Catalogue, tmp_path: Path
) -> None:
    put(catalogue)
    text = f"The {SECRET} keeps a secret. " * 400
    loaded = LoadedDocument(text=text, title="Secret", type="markdown")
    whole = passage(0, len(text), "", ((0, len(text)),))
    catalogue.put("s.md", Path("/s.md"), "9", loaded, [whole], SPANS[:1])

    def files_with_secret() -> list[str]:
        return [
            file.name for file in tmp_path.iterdir() if SECRET[1:8].encode() in file.read_bytes()
        ]

    assert files_with_secret()
    catalogue.delete(Path("/s.md"))
    catalogue.scrub()
    assert files_with_secret() == []
    assert catalogue.passages_with("zanzibar") == 1


def test_there_is_no_catalogue_before_it_is_made(tmp_path: Path) -> None:
    with pytest.raises(CatalogueError, match="Run `footnote ingest`"):
        Catalogue(tmp_path / "no.sqlite")
    assert not (tmp_path / "no.sqlite").exists()


def test_an_empty_file_is_no_catalogue(tmp_path: Path) -> None:
    (tmp_path / "empty.sqlite").touch()
    with pytest.raises(CatalogueError, match="holds no catalogue"):
        Catalogue(tmp_path / "empty.sqlite")


@pytest.mark.parametrize("create", [False, True])
def test_garbage_is_a_catalogue_error_with_the_remedy(tmp_path: Path, create: bool) -> None:
    path = tmp_path / "catalogue.sqlite"
    path.write_bytes(b"garbage" * 1_000)
    with pytest.raises(CatalogueError, match=r"catalogue\.sqlite cannot be read .* Move it away"):
        Catalogue(path, create=create)


def test_damage_in_the_middle_is_a_catalogue_error_wherever_it_is_noticed(
    catalogue: Catalogue,
) -> None:
    put(catalogue)
    catalogue.scrub()
    catalogue.close()
    with closing(sqlite3.connect(catalogue.path)) as sql:
        [page] = sql.execute("SELECT rootpage FROM sqlite_master WHERE name = 'documents'")
    with catalogue.path.open("r+b") as file:
        file.seek((page[0] - 1) * 4096)
        file.write(b"\xff" * 4096)
    assert Catalogue(catalogue.path).damage()
    with pytest.raises(CatalogueError, match="Move it away"):
        Catalogue(catalogue.path).text("pets.md")
