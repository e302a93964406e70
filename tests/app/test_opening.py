"""From settings to things that work; what is named and missing is told with what to do."""

from pathlib import Path

import pytest

from app.opening import engine_over, open_embedder, open_retriever
from app.removing import remove
from app.search.retriever import PassageRetriever
from app.settings import Settings
from ingest.embedding import Embedder
from ingest.errors import CatalogueError, ModelError, SettingsError
from tests.app.small_world import DOCUMENTS, indexed


def test_a_folder_that_is_no_embedding_model_is_named(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"embedding_model = .*all-MiniLM-L6-v2"):
        open_embedder(Settings(embedding_model=str(tmp_path)))


def test_the_real_model_can_be_named_by_its_folder(embedder: Embedder) -> None:
    named = open_embedder(Settings(embedding_model=str(embedder.folder)))
    assert named.folder == embedder.folder.resolve()
    assert named.max_tokens == 256


def test_before_the_first_ingest_the_command_that_mends_it_is_named(
    tmp_path: Path, embedder: Embedder
) -> None:
    with pytest.raises(CatalogueError, match="footnote ingest"):
        open_retriever(Settings(home=tmp_path), embedder)


def test_a_cross_encoder_that_is_not_there_is_told_and_not_left_out(tmp_path: Path) -> None:
    index = indexed(tmp_path, DOCUMENTS)
    settings = Settings(home=tmp_path / "home", reranker=str(tmp_path / "no cross-encoder"))
    with pytest.raises(SettingsError, match="no cross-encoder cannot be loaded"):
        open_retriever(settings, index.embedder)


def test_without_a_model_the_engine_says_why_and_quotes(tmp_path: Path) -> None:
    retriever = PassageRetriever(indexed(tmp_path, DOCUMENTS))
    engine = engine_over(retriever, Settings(model="none", answer_tokens=50, passage_tokens=100))
    assert engine.model is None
    assert engine.model_choice.name == "none"
    assert (engine.profile.passage_tokens, engine.profile.answer_tokens) == (100, 50)
    assert engine.answer("Why is the sky blue?").citations


def test_an_engine_s_own_journal_keeps_no_words_of_what_was_removed(tmp_path: Path) -> None:
    index = indexed(tmp_path, DOCUMENTS)
    settings = Settings(model="none", home=tmp_path / "home")
    engine = engine_over(PassageRetriever(index), settings, keeps=True)
    answer = engine.answer("How many grams of salt does seawater hold per litre?")
    assert engine.journal is not None
    assert engine.journal.keep(answer)
    remove("sea.md", settings.home, index)
    assert not engine.journal.keep(answer)


def test_a_model_that_was_named_and_is_not_there_is_never_replaced(tmp_path: Path) -> None:
    retriever = PassageRetriever(indexed(tmp_path, DOCUMENTS))
    with pytest.raises(ModelError, match=r"no\.gguf"):
        engine_over(retriever, Settings(model=str(tmp_path / "no.gguf")))
