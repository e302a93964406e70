"""What a question takes from the one before it, and what it must not take."""

import pytest

from app.engine import Engine
from app.opening import engine_over, open_retriever
from app.quoting.asked import Asked
from app.settings import load_settings
from ingest.embedding import Embedder
from ingest.pipeline import sync
from tests.app.small_world import write_documents

CABINS = """# Cabins

| Cabin | Rent | Heated |
|---|---|---|
| Birch | 40 euros | yes |
| Cedar | 21 euros | no |
| Elm | 95 euros | yes |
"""


@pytest.fixture(scope="module")
def engine(embedder: Embedder, tmp_path_factory: pytest.TempPathFactory) -> Engine:
    place = tmp_path_factory.mktemp("cabins")
    sync([write_documents(place / "documents", {"cabins.md": CABINS})], place / "home", embedder)
    settings = load_settings(home=place / "home", model="none")
    return engine_over(open_retriever(settings, embedder), settings)


def rows(engine: Engine, *turns: str) -> list[str]:
    quoted = engine.converse(turns).quoted
    return [each.quote.split()[1] for each in quoted if each.kind == "row"]


@pytest.mark.parametrize(
    ("question", "named"),
    [
        ("Which cabins are there?", ["Birch", "Cedar", "Elm"]),
        ("Which cabins are heated?", ["Birch", "Elm"]),
    ],
)
def test_a_complete_question_is_not_answered_with_the_row_that_the_one_before_asked_for(
    engine: Engine, question: str, named: list[str]
) -> None:
    before = "What is the rent of the cabin Cedar?"
    assert rows(engine, before) == ["Cedar"]
    assert rows(engine, before, question) == rows(engine, question) == named


def test_the_names_of_the_question_before_weigh_whole_where_what_is_asked_has_none(
    engine: Engine,
) -> None:
    before = "What is the rent of the cabin Cedar?"
    cabins = engine.retriever.index
    alone = Asked.of(before, cabins).weights
    behind = Asked.of("and is it heated?", cabins, before=before).weights
    assert behind["cedar"] == alone["cedar"]
    assert behind["rent"] < alone["rent"]
    other = Asked.of("and is it heated like Birch?", cabins, before=before).weights
    assert other["cedar"] < alone["cedar"]


def test_one_of_several_that_lacks_what_is_asked_of_it_is_no_certain_answer(
    engine: Engine,
) -> None:
    certain, lacking = (
        engine.converse(["Which cabins are there?", asked])
        for asked in ("the second one", "May dogs sleep in the second one?")
    )
    assert (certain.outcome, lacking.outcome) == ("answered", "uncertain")
    assert certain.quoted == lacking.quoted != []
