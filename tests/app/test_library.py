"""The library: what is in the index, what comes in, what goes out."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from app.library import Library, received, remove_unlisted
from ingest.advance import Advance
from ingest.catalogue import Catalogue
from ingest.errors import DocumentError
from ingest.index import open_current
from ingest.pipeline import sync
from ingest.reading import Reader
from tests.app.small_world import DOCUMENTS, indexed, write_documents
from tests.fakes import FakeEmbedder, Given
from tests.ingest.building import make_old


@pytest.fixture
def library(tmp_path: Path) -> Library:
    return Library(tmp_path / "home", indexed(tmp_path, DOCUMENTS))


def given(place: Path, documents: Mapping[str, str]) -> list[Given]:
    folder = write_documents(place / "given", documents)
    return [Given(name, folder / name) for name in documents]


def ignore(far: Advance) -> None:
    """Nobody watches."""


def names(library: Library) -> list[str]:
    return [document.name for document in library.documents() if document.status != "failed"]


def unread(library: Library) -> list[str]:
    return [file.document for file in library.skipped()]


def test_a_document_comes_with_its_canonical_text(library: Library) -> None:
    found = library.text("sky.md")
    assert found is not None
    assert found.text == DOCUMENTS["sky.md"]
    assert found.document.title == "The sky"
    assert library.text("nothing.md") is None


def test_what_is_added_is_kept_at_home_and_what_is_removed_is_deleted_there(
    library: Library, tmp_path: Path
) -> None:
    shares: list[float] = []
    moss = given(tmp_path, {"moss.md": "# Moss\n\nMoss grows slowly.\n"})
    (line,) = library.add(moss, lambda far: shares.append(far.share)).lines
    assert (line.document, line.action) == ("moss.md", "added")
    assert shares[-1] == 1.0
    assert "moss.md" in names(library)
    assert (tmp_path / "home" / "added" / "moss.md").exists()
    library.remove("moss.md")
    assert names(library) == sorted(DOCUMENTS)
    assert not (tmp_path / "home" / "added" / "moss.md").exists()


def test_a_file_of_the_same_name_replaces_the_one_that_was_added(
    library: Library, tmp_path: Path
) -> None:
    for words in ("Moss grows slowly.", "Moss grows in the shade."):
        (line,) = library.add(given(tmp_path, {"moss.md": f"# Moss\n\n{words}\n"}), ignore).lines
    assert line.action == "changed"
    found = library.text("moss.md")
    assert found is not None
    assert "in the shade" in found.text


def test_files_of_one_name_that_come_together_are_numbered_past_all_that_are_there(
    library: Library, tmp_path: Path
) -> None:
    texts = {str(number): f"# Fees\n\nOf office {number}.\n" for number in range(5)}
    paths = [each.path for each in given(tmp_path, texts)]
    library.add([Given("fees (2).md", paths[0])], ignore)
    called = ["fees.md", "fees.md", "fees (3).md", "fees.md"]
    lines = library.add(list(map(Given, called, paths[1:])), ignore).lines
    kept = ["fees.md", "fees (3).md", "fees (3) (2).md", "fees (4).md"]
    assert [(line.document, line.action) for line in lines] == [(name, "added") for name in kept]
    assert [bool(line.warnings) for line in lines] == [False, True, True, True]
    for number, name in enumerate(["fees (2).md", *kept]):
        found = library.text(name)
        assert found is not None
        assert found.text == texts[str(number)]


def test_a_bad_file_is_a_line_of_the_receipt_and_leaves_the_good_one_of_its_name(
    library: Library, tmp_path: Path
) -> None:
    library.add(given(tmp_path, {"moss.md": "# Moss\n\nMoss grows slowly.\n"}), ignore)
    files = given(tmp_path, {"moss.md": " ", "bad.pdf": "no PDF", "good.md": "# Good\n\nYes.\n"})
    moss, bad, good = library.add(files, ignore).lines
    assert [line.action for line in (moss, bad, good)] == ["failed", "failed", "added"]
    assert moss.problem
    assert bad.problem
    found = library.text("moss.md")
    assert found is not None
    assert "slowly" in found.text
    assert names(library) == sorted([*DOCUMENTS, "moss.md", "good.md"])
    assert sorted(path.name for path in (tmp_path / "home" / "added").iterdir()) == [
        "good.md",
        "moss.md",
    ]
    assert unread(library) == ["bad.pdf", "moss.md (new version)"]
    assert all(file.why for file in library.skipped())
    (line,) = library.add(given(tmp_path, {"moss.md": "# Moss\n\nIt grows.\n"}), ignore).lines
    assert (line.document, line.action) == ("moss.md", "changed")
    assert unread(library) == ["bad.pdf"]
    library.remove("bad.pdf")
    assert unread(library) == []


def test_a_file_that_is_not_even_taken_is_listed_until_it_comes_in(
    library: Library, tmp_path: Path
) -> None:
    library.refuse("big.md", DocumentError("big.md", "it is too large.", "Split it."))
    library.refuse("sky.md", DocumentError("sky.md", "it is too large.", "Split it."))
    assert [(one.document, one.why) for one in library.skipped()] == [
        ("added/sky.md", "it is too large. Split it."),
        ("big.md", "it is too large. Split it."),
    ]
    (line,) = library.add(given(tmp_path, {"big.md": "# Small\n\nNow.\n"}), ignore).lines
    assert (line.document, line.action) == ("big.md", "changed")
    assert unread(library) == ["added/sky.md"]
    assert "sky.md" in names(library)


def test_what_was_given_and_could_not_be_read_is_listed_by_an_index_that_is_built_anew(
    library: Library, tmp_path: Path
) -> None:
    library.add(given(tmp_path, {"bad.pdf": "no PDF"}), ignore)
    make_old(tmp_path / "home")
    for _ in range(2):
        anew = sync([], tmp_path / "home", FakeEmbedder())
        library = Library(tmp_path / "home", open_current(tmp_path / "home", FakeEmbedder()))
        assert unread(library) == ["bad.pdf"]
        assert names(library) == sorted(DOCUMENTS)
    assert not anew.rebuilt_because


def test_a_document_that_is_read_again_keeps_its_names_and_is_read_from_its_file(
    library: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "documents"
    write_documents(folder, {"heaven.md": DOCUMENTS["sky.md"]})
    library.follow(folder)
    read: list[str] = []
    really = Reader.read
    monkeypatch.setattr(
        Reader, "read", lambda self, content, name: read.append(name) or really(self, content, name)
    )
    stamp, before = library.stamp(), library.documents()
    (line,) = library.read_again(["heaven.md"], ignore).lines
    assert (line.document, line.action) == ("sky.md", "read again")
    assert read == ["sky.md"]
    assert library.stamp() != stamp
    after = library.documents()
    assert [each.names for each in after] == [each.names for each in before]
    (folder / "sea.md").unlink()
    (line,) = library.read_again(["sea.md", "sea.md", "nothing.md"], ignore).lines
    assert (line.document, line.action) == ("sea.md", "failed")
    assert "Add it again" in line.problem
    assert library.bring_back([str(folder / "bread.md"), "/etc/hostname"], ignore).lines == []
    assert names(library) == sorted(DOCUMENTS)
    library.add(given(tmp_path, {"moss.md": "# Moss\n\nIt grows.\n"}), ignore)
    assert library.stamp() != stamp


def test_other_tabs_can_see_that_a_collection_has_changed(library: Library) -> None:
    before = library.stamp()
    library.gather("Heavens", ["sky.md"])
    gathered = library.stamp()
    assert before != gathered == library.stamp()
    library.describe("Heavens", "What is above.")
    assert library.stamp() != gathered


def test_small_files_come_in_first_and_are_told_of_in_the_order_they_have(
    library: Library, tmp_path: Path
) -> None:
    sizes = {"large.md": 90, "small.md": 1, "middle.md": 9}
    files = given(tmp_path, {name: f"# {name}\n\n{'Moss. ' * n}\n" for name, n in sizes.items()})
    met: list[str] = []
    receipt = library.add(files, lambda far: met.append(far.document))
    assert list(dict.fromkeys(filter(None, met))) == ["small.md", "middle.md", "large.md"]
    assert [line.document for line in receipt.lines] == list(sizes)


def test_a_document_of_marks_alone_says_nothing_and_the_others_do(
    library: Library, tmp_path: Path
) -> None:
    library.add(given(tmp_path, {"nested.md": "> " * 200}), ignore)
    assert "nested.md" in names(library)
    assert library.abouts().keys() == DOCUMENTS.keys()
    assert library.passages("nested.md") == []


def test_a_document_says_what_it_is_about_in_its_first_whole_sentence(
    library: Library, tmp_path: Path
) -> None:
    assert library.abouts()["sky.md"] in DOCUMENTS["sky.md"]
    files = given(tmp_path, {"moss.md": "# Moss\n\nMoss.\n\nMoss grows slowly in the shade.\n"})
    library.add(files, ignore)
    assert library.abouts()["moss.md"] == "Moss grows slowly in the shade."


def test_what_a_document_is_about_waits_for_one_that_is_just_coming_in(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as while_it_comes:
        really = Catalogue._rows
        while_it_comes.setattr(
            Catalogue,
            "_rows",
            lambda catalogue, query, *asked: (
                [] if "FROM spans" in query else really(catalogue, query, *asked)
            ),
        )
        assert library.abouts() == {}
    assert library.abouts().keys() == DOCUMENTS.keys()


def test_what_was_dropped_is_neither_doubled_nor_removed_when_the_home_has_moved(
    library: Library, tmp_path: Path
) -> None:
    library.add(given(tmp_path, {"moss.md": "# Moss\n\nMoss grows slowly.\n"}), ignore)
    moved = (tmp_path / "home").rename(tmp_path / "moved")
    new = moved / "added" / "new.md"
    new.write_text("# New\n\nIt is in no list.\n")
    assert received(moved) == {new: new}
    assert remove_unlisted(moved) == ["new.md"]
    assert (moved / "added" / "moss.md").exists()


def test_removing_what_is_not_there_is_told(library: Library) -> None:
    with pytest.raises(DocumentError, match=r"nothing\.md"):
        library.remove("nothing.md")


def test_examples_ask_what_the_documents_ask_first(tmp_path: Path) -> None:
    asking = "# Cats\n\nThey purr.\n\n## Food\n\nFish.\n\n## Why do cats purr?\n\nNobody knows.\n"
    asking += "\n## Why do cats hiss?\n\nThey are afraid.\n"
    library = Library(tmp_path / "home", indexed(tmp_path, {**DOCUMENTS, "cats.md": asking}))
    questions = library.example_questions()
    assert questions[:2] == ["Why do cats purr?", "Why do cats hiss?"]
    assert "cats" not in questions[2]  # of what is made of headings, each document's first
    assert len(questions) == len(set(questions)) <= 4
    assert all(question.endswith("?") for question in questions)
