"""The library: what is in the index, what comes in, what goes out."""

from pathlib import Path

import pytest

from app.library import Library
from ingest.errors import DocumentError
from tests.app.small_world import DOCUMENTS, indexed, write_documents


@pytest.fixture
def library(tmp_path: Path) -> Library:
    return Library(tmp_path / "home", indexed(tmp_path, DOCUMENTS))


def names(library: Library) -> list[str]:
    return [document.name for document in library.documents()]


def test_a_document_comes_with_its_canonical_text(library: Library) -> None:
    found = library.text("sky.md")
    assert found is not None
    assert found.text == DOCUMENTS["sky.md"]
    assert found.document.title == "The sky"
    assert library.text("nothing.md") is None


def test_what_is_added_is_kept_at_home_and_what_is_removed_is_deleted_there(
    library: Library, tmp_path: Path
) -> None:
    given = write_documents(tmp_path / "given", {"moss.md": "# Moss\n\nMoss grows slowly.\n"})
    shares: list[float] = []
    (line,) = library.add([given / "moss.md"], lambda _, share: shares.append(share))
    assert (line.document, line.action) == ("moss.md", "added")
    assert shares[-1] == 1.0
    assert "moss.md" in names(library)
    assert (tmp_path / "home" / "added" / "moss.md").exists()
    library.remove("moss.md")
    assert names(library) == sorted(DOCUMENTS)
    assert not (tmp_path / "home" / "added" / "moss.md").exists()
    assert (given / "moss.md").exists()


def test_a_file_of_the_same_name_replaces_the_one_that_was_added(
    library: Library, tmp_path: Path
) -> None:
    for words in ("Moss grows slowly.", "Moss grows in the shade."):
        given = write_documents(tmp_path / "given", {"moss.md": f"# Moss\n\n{words}\n"})
        (line,) = library.add([given / "moss.md"], lambda *_: None)
    assert line.action == "changed"
    found = library.text("moss.md")
    assert found is not None
    assert "in the shade" in found.text


def test_a_bad_file_is_a_line_of_the_receipt(library: Library, tmp_path: Path) -> None:
    given = write_documents(
        tmp_path / "given", {"moss.pdf": "no PDF", "good.md": "# Good\n\nYes.\n"}
    )
    bad, good = library.add([given / "moss.pdf", given / "good.md"], lambda *_: None)
    assert (bad.action, good.action) == ("failed", "added")
    assert bad.problem


def test_removing_what_is_not_there_is_told(library: Library) -> None:
    with pytest.raises(DocumentError, match=r"nothing\.md"):
        library.remove("nothing.md")


def test_examples_ask_what_the_documents_ask_first(tmp_path: Path) -> None:
    asking = "# Cats\n\nThey purr.\n\n## Why do cats purr?\n\nNobody knows.\n\n## Food\n\nFish.\n"
    library = Library(tmp_path / "home", indexed(tmp_path, {**DOCUMENTS, "cats.md": asking}))
    questions = library.example_questions()
    assert questions[0] == "Why do cats purr?"
    assert len(questions) == len(set(questions)) <= 4
    assert all(question.endswith("?") for question in questions)
