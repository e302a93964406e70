"""What tests of every part share: the corpus, the real embedding model, an index of the corpus."""

import os
import shutil
from pathlib import Path

import pytest
from filelock import FileLock

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

    All tests of a process share it, and have a copy of what the first process has made: copy it
    (`shutil.copytree`) to change anything.
    """
    place = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        place = place.parent
    made, home = place / "corpus-home", tmp_path_factory.mktemp("corpus") / "home"
    with FileLock(place / "corpus-home.lock"):
        if not made.is_dir():
            receipt = sync([corpus], home, embedder)
            assert receipt.failed == []
            shutil.copytree(home, place / "corpus-half")
            (place / "corpus-half").rename(made)
        else:
            shutil.copytree(made, home)
    return home
