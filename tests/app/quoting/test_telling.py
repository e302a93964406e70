"""Questions about the documents, answered from a catalogue of three and a broken one."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest

from app.quoting import telling
from app.quoting.quoted import Quoted
from app.quoting.telling import told
from app.understanding.collection import (
    Changes,
    CorpusQuestion,
    Greeting,
    Listing,
    Summary,
    WhichDocument,
)
from app.understanding.headed import corpus_question
from app.understanding.periods import Period
from ingest.catalogue import Catalogue
from ingest.history import Event
from ingest.index import Index
from ingest.pipeline import sync
from tests.app.small_world import DOCUMENTS, WordEmbedder, indexed, write_documents

NOW = datetime(2026, 11, 22, 15, 0, tzinfo=UTC)
EVER = Period(datetime(2000, 1, 1, tzinfo=UTC))


@pytest.fixture
def index(tmp_path: Path) -> Index:
    return indexed(tmp_path, DOCUMENTS)


@pytest.fixture
def catalogue(index: Index) -> Catalogue:
    return index.catalogue


def said(asked: CorpusQuestion, catalogue: Catalogue) -> Quoted:
    return told(asked, SimpleNamespace(catalogue=catalogue))  # type: ignore[arg-type]


def words(answer: Quoted) -> list[str]:
    return [sentence.text.strip() for sentence in answer.told]


def assert_exact(answer: Quoted, catalogue: Catalogue) -> None:
    assert [each.marker for each in answer.citations] == list(range(1, len(answer.citations) + 1))
    for citation in answer.citations:
        text = catalogue.text(citation.document)
        assert text is not None
        assert text[citation.start : citation.end] == citation.quote != ""


def test_the_documents_are_listed_each_with_its_title_for_a_footnote(catalogue: Catalogue) -> None:
    answer = said(Listing(), catalogue)
    assert words(answer) == [
        "There are 3 documents.",
        "- Bread (bread.md): Markdown, 1 passage.",
        "- The sea (sea.md): Markdown, 1 passage.",
        "- The sky (sky.md): Markdown, 2 passages.",
    ]
    assert [sentence.markers for sentence in answer.told] == [(), (1,), (2,), (3,)]
    assert [citation.quote for citation in answer.citations] == ["Bread", "The sea", "The sky"]
    assert_exact(answer, catalogue)


def test_a_document_without_a_title_in_its_text_is_cited_by_its_first_sentence(
    tmp_path: Path,
) -> None:
    catalogue = indexed(
        tmp_path, {"moss.txt": "Moss grows slowly. It likes the shade.\n"}
    ).catalogue
    answer = said(Listing(), catalogue)
    assert [citation.quote for citation in answer.citations] == ["Moss grows slowly."]
    assert_exact(answer, catalogue)


def test_what_could_not_be_read_is_named_with_why(catalogue: Catalogue) -> None:
    catalogue.fail("torn.pdf", Path("/docs/torn.pdf"), "1", "is torn.", "Print it again.")
    answer = said(Listing(), catalogue)
    assert words(answer)[:2] == [
        "There are 3 documents, and 1 more that could not be read.",
        "- torn.pdf could not be read: is torn. Print it again.",
    ]
    assert len(answer.citations) == 3


def test_an_empty_catalogue_says_how_to_fill_it(tmp_path: Path) -> None:
    catalogue = Catalogue(tmp_path / "catalogue.sqlite", create=True)
    assert words(said(Listing(), catalogue))[0] == "There are no documents yet."
    assert words(said(Greeting(), catalogue)) == words(said(Listing(), catalogue))


def test_a_long_list_says_how_much_more_there_is(
    catalogue: Catalogue, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(telling, "_LISTED", 1)
    answer = said(Listing(), catalogue)
    assert words(answer)[2] == (
        "- 2 more are not named here: the Documents tab and `footnote documents` list all."
    )
    assert len(answer.citations) == 1


def test_documents_about_something_have_it_in_the_title_a_heading_or_the_text(
    catalogue: Catalogue,
) -> None:
    titled = said(Listing("bread"), catalogue)
    assert words(titled) == [
        "1 document has “bread” in the title, name or headings.",
        "- Bread (bread.md).",
    ]
    headed = said(Listing("clouds"), catalogue)
    assert words(headed)[1] == "- The sky (sky.md), under “Clouds”."
    assert headed.citations[0].quote == "Clouds consist of water droplets."
    mentioned = said(Listing("wild yeast"), catalogue)
    assert words(mentioned)[0] == (
        "No document has “wild yeast” in its title, name or headings; 1 mentions it."
    )
    assert mentioned.citations[0].quote == "Sourdough rises with wild yeast."
    nothing = said(Listing("zebras"), catalogue)
    assert words(nothing) == ["No document is about “zebras”, and none mentions it."]
    for answer in (titled, headed, mentioned, nothing):
        assert_exact(answer, catalogue)


def test_changes_are_counted_and_named_and_what_is_gone_has_no_footnote(
    index: Index, tmp_path: Path
) -> None:
    folder = write_documents(tmp_path / "documents", {"sea.md": "# The sea\n\nIt is salt.\n"})
    (folder / "bread.md").unlink()
    sync([folder], tmp_path / "home", index.embedder)
    since = datetime.now(UTC) - timedelta(hours=1)
    answer = said(Changes(Period(since)), index.catalogue)
    # Added and changed within the hour is added.
    assert words(answer)[0].endswith(", 2 documents were added and 1 was removed.")
    [gone] = [each for each in answer.told if "bread.md was removed on" in each.text]
    assert gone.markers == ()
    assert {citation.document for citation in answer.citations} == {"sea.md", "sky.md"}
    assert_exact(answer, index.catalogue)
    only = said(Changes(Period(since), "removed"), index.catalogue)
    assert words(only)[0].endswith(", 1 document was removed.")
    assert len(only.told) == 2


def test_the_days_are_said(tmp_path: Path) -> None:
    catalogue = Catalogue(tmp_path / "catalogue.sqlite", create=True)
    catalogue.take_over([Event("a.md", "added", "1", "2026-11-12T12:00:00+00:00")])
    week = Period(datetime(2026, 11, 9, tzinfo=UTC), datetime(2026, 11, 16, tzinfo=UTC))
    assert words(said(Changes(week), catalogue)) == [
        "From 9 November 2026 to 15 November 2026, 1 document was added.",
        "- a.md was added on 12 November 2026.",
    ]
    day = Period(datetime(2026, 11, 9, tzinfo=UTC), datetime(2026, 11, 10, tzinfo=UTC))
    assert words(said(Changes(day, "changed"), catalogue)) == [
        "On 9 November 2026, no document was changed."
    ]
    assert words(said(Changes(Period(NOW)), catalogue)) == [
        "Since 22 November 2026, 15:00, no document was added, changed or removed."
    ]


def test_where_several_may_be_meant_they_are_named(catalogue: Catalogue) -> None:
    sea, sky = (catalogue.document(name) for name in ("sea.md", "sky.md"))
    assert sea is not None
    assert sky is not None
    answer = said(WhichDocument("the blue one", (sea, sky)), catalogue)
    assert words(answer) == [
        "“the blue one” may be any of these. Name one of them.",
        "- The sea (sea.md).",
        "- The sky (sky.md).",
    ]
    assert_exact(answer, catalogue)


def test_a_document_is_found_by_its_headings_where_its_title_does_not_tell(
    catalogue: Catalogue,
) -> None:
    sky = catalogue.document("sky.md")
    assert sky is not None
    assert corpus_question("Summarise the document on clouds", catalogue, NOW) == Summary(sky)
    asked = corpus_question("Summarise the document on wild yeast", catalogue, NOW)
    assert asked == WhichDocument("wild yeast")
    assert words(said(asked, catalogue))[1] == "- Bread (bread.md)."
    assert corpus_question("Why is the sky blue?", catalogue, NOW) is None


def test_a_rebuilt_index_has_nothing_new(index: Index, tmp_path: Path) -> None:
    assert len(index.catalogue.changes_since(EVER.since)) == 3
    later = datetime.now(UTC) + timedelta(seconds=2)
    embedder = WordEmbedder()
    embedder.max_tokens = 128
    sync([], tmp_path / "home", embedder)  # type: ignore[arg-type]
    answer = said(Changes(Period(later)), index.catalogue)
    assert words(answer)[0].endswith("no document was added, changed or removed.")
