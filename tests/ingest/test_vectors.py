import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import chromadb
import numpy as np
import pytest

from ingest.catalogue import Catalogue
from ingest.embedding import Embedder
from ingest.errors import CatalogueError
from ingest.index import Index, open_current
from ingest.loaders import LoadedDocument
from ingest.stored_vectors import key_of
from ingest.vectors import VectorIndex
from tests.fakes import one_token_each, passage

BASIS = np.eye(4, dtype=np.float32)


@pytest.fixture
def catalogue(tmp_path: Path) -> Catalogue:
    """Three spans with the ids 1, 2, 3 and the first three basis vectors."""
    catalogue = Catalogue(tmp_path / "catalogue.sqlite", create=True)
    put(catalogue, "a.md", BASIS[:3])
    return catalogue


def put(catalogue: Catalogue, name: str, vectors: np.ndarray) -> None:
    spans = tuple((at, at + 1) for at in range(len(vectors)))
    loaded = LoadedDocument(text="x" * len(vectors), title="A", type="text")
    whole = passage(0, len(vectors), "", spans)
    catalogue.put(name, Path("/", name), name, loaded, [whole], one_token_each(vectors))


def random_vectors(number: int, dimensions: int = 384) -> np.ndarray:
    vectors = np.random.default_rng(number).normal(size=(number, dimensions)).astype(np.float32)
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def test_the_nearest_come_with_their_cosine_similarity(
    tmp_path: Path, catalogue: Catalogue
) -> None:
    vectors = VectorIndex(tmp_path / "vectors")
    assert vectors.nearest(BASIS[0], 5) == {}
    vectors.catch_up(catalogue)
    asked = np.array([0.6, 0.8, 0, 0], dtype=np.float32)
    nearest = vectors.nearest(asked, 2)
    assert list(nearest) == [key_of(BASIS[1]), key_of(BASIS[0])]
    assert list(nearest.values()) == pytest.approx([0.8, 0.6], abs=1e-6)
    assert len(vectors.nearest(asked, 50)) == vectors.count() == 3


def test_an_index_from_before_finds_the_nearest_once_it_is_opened_again(tmp_path: Path) -> None:
    many = random_vectors(5_000, 64)
    client = chromadb.PersistentClient(
        str(tmp_path / "vectors"), chromadb.config.Settings(anonymized_telemetry=False)
    )
    spans = client.get_or_create_collection(
        "spans", embedding_function=None, configuration={"hnsw": {"space": "cosine"}}
    )
    spans.upsert(ids=[key_of(each) for each in many], embeddings=many)
    vectors = VectorIndex(tmp_path / "vectors")
    shares = []
    for asked in random_vectors(50, 64):
        nearest = {key_of(each) for each in many[np.argsort(-(many @ asked))[:200]]}
        shares.append(len(nearest & vectors.nearest(asked, 200).keys()) / 200)
    assert np.mean(shares) > 0.999  # 0.96 with Chroma's own width of search


def test_catching_up_takes_in_what_changed_and_can_be_repeated(
    tmp_path: Path, catalogue: Catalogue
) -> None:
    vectors = VectorIndex(tmp_path / "vectors")
    vectors.catch_up(catalogue)
    version = catalogue.index_version()
    vectors.catch_up(catalogue)
    assert catalogue.index_version() == version
    catalogue.delete(Path("/a.md"))
    put(catalogue, "b.md", BASIS[3:])
    vectors.catch_up(catalogue)
    assert vectors.nearest(BASIS[3], 9) == pytest.approx({key_of(BASIS[3]): 1.0}, abs=1e-6)


def test_an_index_that_starts_empty_takes_in_everything_not_only_what_is_new(
    tmp_path: Path, catalogue: Catalogue
) -> None:
    VectorIndex(tmp_path / "vectors").catch_up(catalogue)
    put(catalogue, "b.md", BASIS[3:])
    vectors = VectorIndex(tmp_path / "other")
    vectors.catch_up(catalogue)
    assert vectors.count() == 4


def test_what_many_sentences_have_in_common_hides_no_other_sentence(tmp_path: Path) -> None:
    catalogue = Catalogue(tmp_path / "catalogue.sqlite", create=True)
    others, equal = random_vectors(1_000), random_vectors(5)
    put(catalogue, "others.md", others)
    put(catalogue, "equal.md", np.repeat(equal, 200, axis=0))
    vectors = VectorIndex(tmp_path / "vectors")
    vectors.catch_up(catalogue)
    assert vectors.count() == catalogue.vector_count() == 1_005
    for vector in others[:200]:
        assert key_of(vector) in vectors.nearest(vector, 10)


def test_equal_vectors_are_there_until_the_last_of_their_spans_is_gone(
    tmp_path: Path, catalogue: Catalogue
) -> None:
    vectors = VectorIndex(tmp_path / "vectors")
    put(catalogue, "b.md", BASIS[2:])
    vectors.catch_up(catalogue)
    shared = key_of(BASIS[2])
    assert (vectors.count(), catalogue.vector_count()) == (4, 4)
    assert sorted(catalogue.spans_with([shared])) == [(3, shared), (4, shared)]
    catalogue.delete(Path("/a.md"))
    vectors.catch_up(catalogue)
    assert shared in vectors.nearest(BASIS[2], 9)
    assert catalogue.spans_with([shared]) == [(4, shared)]
    put(catalogue, "b.md", BASIS[2:])  # the same words again, in other spans
    vectors.catch_up(catalogue)
    assert shared in vectors.nearest(BASIS[2], 9)
    catalogue.delete(Path("/b.md"))
    vectors.catch_up(catalogue)
    assert (vectors.count(), catalogue.vector_count()) == (0, 0)


def test_the_index_holds_no_text(tmp_path: Path, corpus_home: Path) -> None:
    text = b"diffusion"
    held = [
        file.name
        for file in corpus_home.glob("index-*/vectors/**/*")
        if file.is_file() and text in file.read_bytes().lower()
    ]
    assert held == []


@pytest.mark.parametrize("part", ["chroma.sqlite3", "header.bin"])
def test_a_damaged_folder_is_a_catalogue_error_that_names_the_remedy(
    tmp_path: Path, catalogue: Catalogue, part: str
) -> None:
    folder = tmp_path / "vectors"
    vectors = VectorIndex(folder)
    put(catalogue, "many.md", random_vectors(1_200, 4))  # enough for Chroma to write its graph
    vectors.catch_up(catalogue)
    [file] = folder.rglob(part)
    file.write_bytes(b"garbage!" * (file.stat().st_size // 8))
    with pytest.raises(CatalogueError, match=r"vector index in .*--rebuild-index"):
        VectorIndex(folder).nearest(BASIS[0], 5)


# The real model and the corpus


def test_the_nearest_neighbour_of_a_sentence_of_the_corpus_is_itself(
    corpus_home: Path, embedder: Embedder
) -> None:
    index = open_current(corpus_home, embedder)
    assert index.vectors.count() == index.catalogue.vector_count() > 1_000
    checked = 0
    for document in index.catalogue.documents():
        passage = index.catalogue.passages_of_document(document.name)[3]
        nearest = index.nearest(passage.vectors[0], 5)
        owners = index.catalogue.passages_of_spans(nearest)
        assert max(nearest.values()) == pytest.approx(1, abs=1e-4)
        assert passage.id in [owners[span] for span, near in nearest.items() if near > 0.9999]
        checked += 1
    assert checked >= 22


def test_a_question_finds_what_the_corpus_says(corpus_home: Path, embedder: Embedder) -> None:
    index = open_current(corpus_home, embedder)
    assert _documents_near(index, "How does a diffusion model turn noise into an image?") & {
        "diffusion-models.md",
        "image-generation.md",
    }


def _documents_near(index: Index, question: str) -> set[str]:
    nearest = index.nearest(index.embedder.embed_query(question).vector, 3)
    ids = index.catalogue.passages_of_spans(nearest).values()
    return {passage.document for passage in index.catalogue.passages(ids).values()}


def test_several_threads_may_be_the_first_to_search(corpus_home: Path, embedder: Embedder) -> None:
    index = open_current(corpus_home, Embedder(embedder.folder))
    query = embedder.embed_query("What is a token?").vector
    together = threading.Barrier(4)

    def search(_: int) -> list[int]:
        together.wait()
        return list(index.nearest(query, 3))

    with ThreadPoolExecutor(4) as threads:
        first, *others = threads.map(search, range(4))
    assert len(first) == 3
    assert others == [first] * 3
