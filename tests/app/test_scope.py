"""What is asked is all that is searched, counted, told, suggested and quoted."""

import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from app.collections import Collections, Made
from app.scope import Scope
from ingest.catalogue import Document
from ingest.errors import CatalogueError
from ingest.index import Index
from ingest.within import IndexWithin
from tests.app.small_world import DOCUMENTS as SMALL
from tests.app.small_world import engine_on, indexed

ROOT = Path(__file__).parents[2]
SEA = frozenset({"sea.md"})


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Index:
    return indexed(tmp_path_factory.mktemp("world"), SMALL)


def document(name: str, date: str | None = None, root: str = "/corpus") -> Document:
    path = f"{root}/{name}"
    return Document(
        name=name, path=path, sha256="", type=name.rpartition(".")[2], title=name, date=date,
        metadata={}, warnings=(), page_starts=(), passages=1, read_at="", status="indexed",
    )  # fmt: skip


DOCUMENTS = [
    document("a.md", "2023"),
    document("laws/b.pdf", "2024-05-01"),
    document("laws/old/c.pdf", "1999-01"),
    document("d.md"),
]


def test_a_scope_is_read_from_the_address_that_it_wrote() -> None:
    scope = Scope(("A & B", "C"), ("ü=1.md",), ("pdf",), "2023", "2024-05")
    assert Scope.parse(scope.query) == scope
    assert Scope.parse(f"x=1&{scope.query}&y") == scope
    assert Scope().query == ""
    assert Scope.parse("") == Scope()


@pytest.mark.parametrize(
    ("scope", "names"),
    [
        (Scope(), None),
        (Scope(("laws",)), {"laws/b.pdf", "laws/old/c.pdf"}),
        (Scope(("laws",), ("d.md",)), {"laws/b.pdf", "laws/old/c.pdf", "d.md"}),
        (Scope(types=("md",)), {"a.md", "d.md"}),
        (Scope(("laws",), types=("md",)), set()),
        (Scope(since="2023"), {"a.md", "laws/b.pdf"}),
        (Scope(since="2023-06"), {"a.md", "laws/b.pdf"}),
        (Scope(until="2023"), {"a.md", "laws/old/c.pdf"}),
        (Scope(since="1998", until="1999"), {"laws/old/c.pdf"}),
        (Scope(("gone",)), set()),
    ],
)
def test_a_scope_names_the_documents_that_are_asked(scope: Scope, names: set[str] | None) -> None:
    there = {"laws": {"laws/b.pdf", "laws/old/c.pdf"}}
    assert scope.names(DOCUMENTS, there) == names


def test_a_folder_is_a_collection_by_itself_and_others_are_made(tmp_path: Path) -> None:
    collections = Collections(tmp_path / "home")
    roots = [Path("/corpus")]
    assert collections.all(DOCUMENTS, roots) == {
        "corpus": {"a.md", "d.md", "laws/b.pdf", "laws/old/c.pdf"},
        "corpus/laws": {"laws/b.pdf", "laws/old/c.pdf"},
        "corpus/laws/old": {"laws/old/c.pdf"},
    }
    collections.put(" My  own ", ["a.md", "gone.md"])
    collections.put("My own", ["d.md"])
    assert Collections(tmp_path / "home").all(DOCUMENTS, [])["My own"] == {"a.md", "d.md"}
    collections.take("My own", ["d.md", "gone.md"])
    assert collections.made() == {"My own": Made(("a.md",))}
    collections.take("My own", ["a.md"])
    assert collections.made() == {}
    for name in ("collections.json", "collections.lock"):
        assert (tmp_path / "home" / name).stat().st_mode & 0o077 == 0


def test_a_collection_has_a_line_about_it_and_a_folder_can_have_one_too(tmp_path: Path) -> None:
    collections = Collections(tmp_path)
    collections.describe("corpus/laws", "  In force\nsince 1998. ")
    assert collections.contexts() == {"corpus/laws": "In force since 1998."}
    there = collections.all(DOCUMENTS, [Path("/corpus")])
    assert there["corpus/laws"] == {"laws/b.pdf", "laws/old/c.pdf"}
    collections.put("Mine", ["a.md"])
    collections.describe("Mine", "Drafts.")
    collections.take("Mine")
    collections.describe("corpus/laws", "")
    assert collections.made() == {}


def test_collections_of_before_there_were_lines_are_read(tmp_path: Path) -> None:
    (tmp_path / "collections.json").write_text('{"Mine": ["a.md"]}')
    assert Collections(tmp_path).made() == {"Mine": Made(("a.md",))}


def test_processes_that_change_collections_at_once_lose_nothing(tmp_path: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from app.collections import Collections\n"
        "for n in range(20): Collections(Path(sys.argv[1])).put('Mine', [f'{sys.argv[2]}{n}'])"
    )
    running = [
        subprocess.Popen([sys.executable, "-c", code, str(tmp_path), each], cwd=ROOT)
        for each in "ab"
    ]
    assert [each.wait(60) for each in running] == [0, 0]
    assert len(Collections(tmp_path).made()["Mine"].documents) == 40


def test_collections_that_cannot_be_read_are_told_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "collections.json").write_text("[1")
    with pytest.raises(CatalogueError, match="Mend the file"):
        Collections(tmp_path).made()


def test_an_index_within_knows_only_its_documents(index: Index) -> None:
    within = IndexWithin(index, SEA)
    catalogue = within.catalogue
    assert [each.name for each in catalogue.documents()] == ["sea.md"]
    assert catalogue.document("sky.md") is None
    assert catalogue.passage_count() == len(catalogue.passages_of_document("sea.md"))
    assert catalogue.passages_with("sky") == 0 < index.catalogue.passages_with("sky")
    assert catalogue.search_words(["sky"], 9) == {}
    assert len(catalogue.search_words(["salt"], 9)) == 1
    assert {
        event.document for event in catalogue.changes_since(datetime(2000, 1, 1, tzinfo=UTC))
    } == {"sea.md"}
    spans = within.nearest(index.embedder.embed(["the sky is blue"])[0], 50)
    assert set(catalogue.passages_of_spans(spans)) == set(spans)
    assert len(spans) == len(catalogue.span_ids()) < len(index.catalogue.passages_of_spans(
        index.nearest(index.embedder.embed(["the sky is blue"])[0], 50)
    ))  # fmt: skip
    nothing = IndexWithin(index, frozenset())
    assert nothing.nearest(index.embedder.embed(["sky"])[0], 5) == {}
    assert nothing.catalogue.passage_count() == 0


def test_answers_quotes_refusals_and_suggestions_keep_to_what_is_asked(index: Index) -> None:
    engine: Any = engine_on(index, None)
    question = "Why is the sky blue?"
    assert {each.document for each in engine.answer(question).citations} == {"sky.md"}
    refused = engine.answer(question, within=SEA)
    assert refused.outcome == "refused"
    assert {passage.document for passage in refused.passages} <= SEA
    assert not any("sky" in each.lower() for each in refused.suggestions)
    salt = engine.answer("How many grams of salt does seawater hold per litre?", within=SEA)
    assert {each.document for each in salt.citations} == {"sea.md"}


def test_what_is_in_here_is_told_of_what_is_asked(index: Index) -> None:
    engine: Any = engine_on(index, None)
    told = engine.answer("What documents do you have?", within=SEA)
    assert "There is 1 document" in told.text
    assert "sea.md" in told.text
    assert "sky.md" not in told.text
    about = engine.answer("Which documents are about clouds?", within=SEA)
    assert "No document mentions" in about.text


def test_nothing_is_found_in_nothing(index: Index) -> None:
    engine: Any = engine_on(index, None)
    assert engine.answer("Why is the sky blue?", within=frozenset()).outcome == "refused"
