"""What a question would miss, told by the real embedding model."""

import pytest

from app.quoting.quoting import quote
from app.search.retriever import PassageRetriever
from ingest.embedding import Embedder
from ingest.index import Index
from tests.app.small_world import CALIBRATION, indexed

CAR = "# Workshop\n\nAn annual service of the car costs 249 euros. New tyres cost 92 euros each.\n"


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory, embedder: Embedder) -> Index:
    return indexed(tmp_path_factory.mktemp("needs"), {"car.md": CAR}, embedder)


def needed(question: str, index: Index) -> float:
    found = PassageRetriever(index).search(question, 8)
    return quote(question, found, index, CALIBRATION).signals["needed"]


def test_a_word_that_the_question_would_hardly_miss_need_not_be_matched(index: Index) -> None:
    plain = needed("What does an annual service of the car cost?", index)
    assert needed("So what would an annual service of the car actually cost?", index) > 0.6
    assert plain > 0.6


def test_a_word_that_it_would_miss_has_to_be_matched(index: Index) -> None:
    assert needed("What does an annual service of the submarine cost?", index) < 0.5
