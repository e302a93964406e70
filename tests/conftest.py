"""What tests of every part share: the corpus, the real embedding model, an index of the corpus."""

from pathlib import Path

import pytest

from ingest.embedding import Embedder
from ingest.errors import WeightsError
from ingest.known_weights import MINILM
from ingest.pipeline import sync
from ingest.weights import fetch

_REPOSITORY = Path(__file__).parents[1]


@pytest.fixture(scope="session")
def corpus() -> Path:
    """The folder of documents that Footnote comes with. Change nothing in it."""
    return _REPOSITORY / "corpus"


@pytest.fixture(scope="session")
def squad() -> Path:
    """SQuAD's 36 articles and their questions, where they are beside the repository."""
    folder = _REPOSITORY.parent / "shared" / "squad"
    if not folder.is_dir():
        pytest.skip(f"{folder} is not there: the tests on SQuAD need it")
    return folder


@pytest.fixture(scope="session")
def embedder() -> Embedder:
    """The real embedding model, its weights fetched where they are not there yet."""
    try:
        return Embedder(fetch(MINILM))
    except WeightsError as error:
        pytest.skip(f"the embedding model cannot be had: {error}")


@pytest.fixture(scope="session")
def corpus_home(corpus: Path, embedder: Embedder, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with the corpus in it, made once by the real model and the real Chroma.

    All tests share it: copy it (`shutil.copytree`) to change anything.
    """
    home = tmp_path_factory.mktemp("corpus") / "home"
    receipt = sync([corpus], home, embedder)
    assert receipt.failed == []
    return home
