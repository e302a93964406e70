"""Questions about the documents, answered from a catalogue of three and a broken one."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from app.language.periods import Period
from app.quoting import lines, telling
from app.quoting.quoted import Quoted
from app.quoting.talking import said_in_passing
from app.quoting.telling import told
from app.understanding.collection import OfDocuments, of_documents
from app.understanding.likeness import Kind
from app.understanding.shape import shape_of
from ingest.catalogue import Catalogue
from ingest.history import Event, What
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


def said(
    kind: str, turn: str, catalogue: Catalogue, embedder: Any = None, superlative: str = ""
) -> Quoted:
    """What is told to a turn that is known to be of that kind."""
    likely = Kind("documents", kind, 1.0, superlative)
    asked = of_documents(likely, shape_of(turn), turn, catalogue, now=NOW)
    assert asked is not None
    index: Any = SimpleNamespace(catalogue=catalogue, embedder=embedder or WordEmbedder())
    return told(asked, index)


def of_changes(period: Period, catalogue: Catalogue, only: What | None = None) -> Quoted:
    index: Any = SimpleNamespace(catalogue=catalogue)
    return told(OfDocuments("changes", period=period, only=only), index)


def words(answer: Quoted) -> list[str]:
    return [sentence.text.strip() for sentence in answer.told]


def assert_exact(answer: Quoted, catalogue: Catalogue) -> None:
    assert [each.marker for each in answer.citations] == list(range(1, len(answer.citations) + 1))
    for citation in answer.citations:
        text = catalogue.text(citation.document)
        assert text is not None
        assert text[citation.start : citation.end] == citation.quote != ""


def test_the_documents_are_listed_each_with_its_title_for_a_footnote(world: Catalogue) -> None:
    answer = said("all", "what is in here?", world)
    assert words(answer) == [
        "There are 3 documents.",
        "- Bread (bread.md): Markdown, 13 words.",
        "- The sea (sea.md): Markdown, 17 words.",
        "- The sky (sky.md): Markdown, 31 words.",
    ]
    assert [sentence.markers for sentence in answer.told] == [(), (1,), (2,), (3,)]
    assert [citation.quote for citation in answer.citations] == ["Bread", "The sea", "The sky"]
    assert_exact(answer, world)


def test_a_document_without_a_title_in_its_text_is_cited_by_its_first_sentence(
    tmp_path: Path,
) -> None:
    catalogue = indexed(
        tmp_path, {"moss.txt": "Moss grows slowly. It likes the shade.\n"}
    ).catalogue
    answer = said("all", "what is in here?", catalogue)
    assert [citation.quote for citation in answer.citations] == ["Moss grows slowly."]
    assert_exact(answer, catalogue)


def test_what_could_not_be_read_is_named_with_why(catalogue: Catalogue) -> None:
    catalogue.fail("torn.pdf", Path("/docs/torn.pdf"), "1", "is torn.", "Print it again.")
    answer = said("all", "what is in here?", catalogue)
    assert words(answer)[:2] == [
        "There are 3 documents, and 1 more that could not be read.",
        "- torn.pdf could not be read: is torn. Print it again.",
    ]
    assert len(answer.citations) == 3


def test_an_empty_catalogue_says_how_to_fill_it(tmp_path: Path) -> None:
    catalogue = Catalogue(tmp_path / "catalogue.sqlite", create=True)
    assert words(said("all", "what is in here?", catalogue))[0] == "There are no documents yet."
    assert "no documents yet" in words(said_in_passing("greeting", catalogue))[1]


def test_a_long_list_says_how_much_more_there_is(
    world: Catalogue, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lines, "LISTED", 1)
    monkeypatch.setattr(telling, "LISTED", 1)
    answer = said("all", "what is in here?", world)
    assert words(answer)[2] == (
        "- 2 more are not named here: the Documents tab and `footnote documents` list all."
    )
    assert len(answer.citations) == 1


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Catalogue:
    """The same catalogue, for what changes nothing."""
    return indexed(tmp_path_factory.mktemp("world"), DOCUMENTS).catalogue


LETTERS = {
    "letter-2024.md": "---\ntitle: Letter on tea\nauthor: Ada Moss\ndate: 2024-05-02\n---\n\n"
    "# Letter on tea\n\nTea is late.\n\n## 1 Prices\n\nTea costs 4 euros.\n\n## 2a Taste\n\n"
    "It is bitter.\n",
    "letter-2025.md": "---\ntitle: Letter on salt\ndate: 2025-01-09\n---\n\n"
    "# Letter on salt\n\nBo Fenn and Ada Moss\n\n## Prices\n\nSalt costs 1 euro or tea.\n",
    "list.txt": "Coffee is there.\n",
}


@pytest.fixture(scope="module")
def letters(tmp_path_factory: pytest.TempPathFactory) -> Catalogue:
    return indexed(tmp_path_factory.mktemp("letters"), LETTERS).catalogue


@pytest.mark.parametrize(
    ("kind", "turn", "named"),
    [
        ("mention", "which letters mention tea?", ["Letter on tea", "Letter on salt"]),
        ("mention", "where is coffee or bitterness mentioned", ["Letter on tea", "list"]),
        ("by", "what did Moss write?", ["Letter on tea", "Letter on salt"]),
        ("by", "which letters are by Fenn?", ["Letter on salt"]),
        ("author", "who wrote the letter on tea?", ["Letter on tea"]),
        ("date", "when was the letter of 2025 written?", ["Letter on salt"]),
        ("newest", "what is the latest letter?", ["Letter on salt"]),
        ("oldest", "what is the oldest document?", ["Letter on tea"]),
        ("longest", "which letter is the longest?", ["Letter on tea"]),
        ("shortest", "what is the smallest document?", ["list"]),
        ("contents", "what chapters does the letter on tea have?", ["1 Prices", "2a Taste"]),
        ("length", "how long is list.txt?", ["list"]),
        ("all", "how many letters are there?", ["Letter on tea", "Letter on salt"]),
        ("about", "what are the letters about?", ["Letter on tea", "Letter on salt"]),
    ],
)  # fmt: skip
def test_the_catalogue_s_columns_answer_whatever_documents_are_called(
    letters: Catalogue, kind: str, turn: str, named: list[str]
) -> None:
    answer = said(kind, turn, letters)
    listed = [line for line in words(answer) if line.startswith("- ")]
    assert len(listed) == len(named)
    for line, expected in zip(listed, named, strict=True):
        assert expected in line
    assert_exact(answer, letters)


def test_by_what_a_document_is_the_newest_or_longest_is_said_whatever_is_asked_of_it(
    letters: Catalogue,
) -> None:
    newest = said("author", "who wrote the latest letter?", letters, superlative="newest")
    assert words(newest)[0] == "The newest by the date that it states, 9 January 2025:"
    longest = said("date", "how old is the longest letter?", letters, superlative="longest")
    assert words(longest)[0] == "The longest by its words:"


def test_of_documents_that_are_newest_alike_it_is_said_how_many_they_are(tmp_path: Path) -> None:
    dated = "---\ndate: 2025-01-09\n---\n\nTea is late.\n"
    alike = indexed(tmp_path, {"one.md": dated, "two.md": dated.replace("Tea", "Salt")}).catalogue
    answer = said("length", "how long is the newest document?", alike, superlative="newest")
    assert words(answer)[0] == "The 2 newest by the date that they state, 9 January 2025:"
    assert len(answer.citations) == 2


def test_what_could_not_be_read_is_not_the_shortest(catalogue: Catalogue) -> None:
    catalogue.fail("torn.pdf", Path("/docs/torn.pdf"), "1", "is torn.", "Print it again.")
    answer = said("shortest", "which document is the shortest?", catalogue)
    assert words(answer)[1:] == ["- Bread (bread.md): 13 words."]


def test_author_and_date_are_told_or_that_there_is_none(letters: Catalogue) -> None:
    assert "Ada Moss" in words(said("author", "who wrote the letter on tea?", letters))[0]
    assert (
        "“Bo Fenn and Ada Moss”" in words(said("author", "who wrote letter-2025.md?", letters))[0]
    )
    assert "9 January 2025" in words(said("date", "when is letter-2025.md from?", letters))[0]
    assert "no date is stated" in words(said("date", "how old is list.txt?", letters))[0]


def test_a_numbered_part_is_quoted(
    letters: Catalogue,
) -> None:
    part = said("part", "what does section 2a of the letter on tea say?", letters)
    assert [each.quote for each in part.citations] == ["It is bitter."]
    assert_exact(part, letters)


def test_what_nothing_mentions_is_said_and_is_no_certain_answer(world: Catalogue) -> None:
    nothing = said("mention", "which documents mention zebras?", world)
    assert words(nothing) == ["No document mentions “zebras”."]
    assert nothing.outcome == "uncertain"


def test_a_mention_is_cited_where_it_stands(world: Catalogue) -> None:
    headed = said("mention", "which documents are about clouds?", world)
    assert words(headed)[1] == "- The sky (sky.md), under “Clouds”."
    assert headed.citations[0].quote == "Clouds consist of water droplets."
    mentioned = said("mention", "where is wild yeast mentioned?", world)
    assert mentioned.citations[0].quote == "Sourdough rises with wild yeast."
    assert_exact(mentioned, world)


@pytest.mark.parametrize(
    ("kind", "turn"),
    [
        ("author", "who wrote Hamlet?"),
        ("about", "what is attention about?"),
        ("date", "when was the treaty written?"),
        ("part", "what does section say?"),
        ("part", "what does section 9 say?"),
        ("page", "what is on page 2?"),
        ("changes", "what changed in the treaty?"),
        ("newest", "what is the newest document?"),
        ("all", "what zebras are there?"),
        ("author", "who wrote the contract?"),
        ("length", "how long is the agreement?"),
        ("longest", "how long is the agreement?"),
        ("mention", "which directive contains clouds?"),
    ],
)
def test_what_names_no_document_is_left_to_the_documents(
    world: Catalogue, kind: str, turn: str
) -> None:
    likely = Kind("documents", kind, 0.8)
    assert of_documents(likely, shape_of(turn), turn, world, now=NOW) is None


def test_this_document_is_the_one_quoted_last(letters: Catalogue) -> None:
    turn = "who wrote this document?"
    likely = Kind("documents", "author", 0.9)
    asked = of_documents(likely, shape_of(turn), turn, letters, ["letter-2025.md"], NOW)
    assert asked is not None
    assert [each.name for each in asked.documents] == ["letter-2025.md"]


@pytest.mark.parametrize(
    ("turn", "period", "only"),
    [
        ("what has changed since last week?", Period(datetime(2026, 11, 9, tzinfo=UTC)), None),
        ("which documents were added today?", Period(datetime(2026, 11, 22, tzinfo=UTC)), "added"),
        (
            "what was deleted in the last 3 days?",
            Period(NOW - timedelta(days=3)),
            "removed",
        ),
        ("what is new?", Period(NOW - timedelta(days=7)), None),
    ],
)
def test_the_time_of_a_change_is_read_from_the_turn(
    world: Catalogue, turn: str, period: Period, only: What | None
) -> None:
    likely = Kind("documents", "changes", 0.9)
    asked = of_documents(likely, shape_of(turn), turn, world, now=NOW)
    assert asked is not None
    assert (asked.period, asked.only) == (period, only)


def test_a_failed_document_has_no_summary_but_its_fault(catalogue: Catalogue) -> None:
    catalogue.fail("torn.pdf", Path("/docs/torn.pdf"), "1", "is torn.", "Print it again.")
    answer = said("about", "summarise torn.pdf", catalogue)
    assert words(answer) == ["- torn.pdf could not be read: is torn. Print it again."]


def test_changes_are_counted_and_named_and_what_is_gone_has_no_footnote(
    index: Index, tmp_path: Path
) -> None:
    folder = write_documents(tmp_path / "documents", {"sea.md": "# The sea\n\nIt is salt.\n"})
    (folder / "bread.md").unlink()
    sync([folder], tmp_path / "home", index.embedder)
    since = datetime.now(UTC) - timedelta(hours=1)
    answer = of_changes(Period(since), index.catalogue)
    # Added and changed within the hour is added.
    assert words(answer)[0].endswith(", 2 documents were added and 1 was removed.")
    [gone] = [each for each in answer.told if "bread.md was removed on" in each.text]
    assert gone.markers == ()
    assert {citation.document for citation in answer.citations} == {"sea.md", "sky.md"}
    assert_exact(answer, index.catalogue)
    only = of_changes(Period(since), index.catalogue, "removed")
    assert words(only)[0].endswith(", 1 document was removed.")
    assert len(only.told) == 2


def test_the_days_are_said(tmp_path: Path) -> None:
    catalogue = Catalogue(tmp_path / "catalogue.sqlite", create=True)
    catalogue.take_over([Event("a.md", "added", "1", "2026-11-12T12:00:00+00:00")])
    week = Period(datetime(2026, 11, 9, tzinfo=UTC), datetime(2026, 11, 16, tzinfo=UTC))
    assert words(of_changes(week, catalogue)) == [
        "From 9 November 2026 to 15 November 2026, 1 document was added.",
        "- a.md was added on 12 November 2026.",
    ]
    day = Period(datetime(2026, 11, 9, tzinfo=UTC), datetime(2026, 11, 10, tzinfo=UTC))
    assert words(of_changes(day, catalogue, "changed")) == [
        "On 9 November 2026, no document was changed."
    ]
    assert words(of_changes(Period(NOW), catalogue)) == [
        "Since 22 November 2026, 15:00, no document was added, changed or removed."
    ]


def test_a_rebuilt_index_has_nothing_new(index: Index, tmp_path: Path) -> None:
    assert len(index.catalogue.changes_since(EVER.since)) == 3
    later = datetime.now(UTC) + timedelta(seconds=2)
    embedder = WordEmbedder()
    embedder.max_tokens = 128
    sync([], tmp_path / "home", embedder)  # type: ignore[arg-type]
    answer = of_changes(Period(later), index.catalogue)
    assert words(answer)[0].endswith("no document was added, changed or removed.")
