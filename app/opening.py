"""From settings to things that work: the embedding model, the index, the engine."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from app.settings import Settings
from ingest import int8_model
from ingest.embedding import Embedder
from ingest.errors import SettingsError
from ingest.index import open_current
from ingest.known_weights import MINILM
from ingest.vector_places import ChromaServer
from ingest.weights import fetch, installed

if TYPE_CHECKING:
    from app.engine import Engine
    from app.models.at_hand import AtHand
    from app.models.choosing import ModelChoice
    from app.models.language_model import LanguageModel
    from app.search.retriever import PassageRetriever, Reranker
    from app.writing.profiles import Profile

WeightsProgress = Callable[[str, int, int], None]


def open_embedder(settings: Settings, progress: WeightsProgress | None = None) -> Embedder:
    """Return the embedding model, its weights fetched and prepared if need be; nothing is loaded.

    Raises WeightsError when the weights cannot be had, SettingsError for a folder that is no model.
    """
    if settings.embedding_model == MINILM.name:
        folder = installed(MINILM) or fetch(MINILM, progress)
        int8_model.prepare(progress)
        return Embedder(folder, chroma_server(settings))
    folder = Path(settings.embedding_model).expanduser()
    if not (folder / "sentence_bert_config.json").is_file():
        raise SettingsError(
            f"embedding_model = {settings.embedding_model} is not the folder of a "
            f"sentence-transformers model. Name one, or {MINILM.name}."
        )
    return Embedder(folder.resolve(), chroma_server(settings))


def chroma_server(settings: Settings) -> ChromaServer | None:
    """Return the server that keeps the vectors; None where the home does."""
    if not settings.chroma_url:
        return None
    return ChromaServer(
        settings.chroma_url, settings.chroma_tenant, settings.chroma_database, settings.chroma_token
    )


def open_retriever(settings: Settings, embedder: Embedder) -> "PassageRetriever":
    """Open the index that answers questions. Raises CatalogueError before the first ingest."""
    from app.search.retriever import PassageRetriever

    return PassageRetriever(open_current(settings.home, embedder), reranker=_reranker(settings))


def open_engine(settings: Settings, progress: WeightsProgress | None = None) -> "Engine":
    """Open the index and the model, and return what answers questions and keeps a journal.

    Raises ModelError for a model that was named and is not there; without one the engine quotes.
    """
    retriever = open_retriever(settings, open_embedder(settings, progress))
    return engine_over(retriever, settings, progress, keeps=True)


def engine_over(
    retriever: "PassageRetriever",
    settings: Settings,
    progress: WeightsProgress | None = None,
    keeps: bool = False,
) -> "Engine":
    """Return an engine that answers from what `retriever` finds, with the model of `settings`.

    With `keeps` it keeps a journal in the home.
    """
    from app.checking.support import SupportChecker
    from app.engine import Engine
    from app.journal import Journal
    from app.models.chosen import settled
    from app.quoting.judging import load_calibration, own_calibration
    from app.telemetry import observer_of

    settings, choice = settled(settings)
    return Engine(
        retriever=retriever,
        checker=SupportChecker(retriever.index.embedder.embed),
        model=open_model(choice, settings, progress),
        model_choice=choice,
        profile=profile_for(choice, settings)[0],
        calibration=load_calibration(settings.calibration or own_calibration(settings.home)),
        journal=Journal.of(settings.home, retriever.index) if keeps else None,
        observer=observer_of(settings),
    )


def profile_for(choice: "ModelChoice | AtHand", settings: Settings) -> "tuple[Profile, str]":
    """Return how a model is asked, with what the settings say of it, and why, in a sentence."""
    from app.models.benched import measured
    from app.writing.profiles import profile_of

    found = measured(settings.home, choice.wish)
    profile, why = profile_of(choice.billions, choice.kind, settings.profile, found)
    limits = (settings.passage_tokens, settings.answer_tokens, settings.thinking_tokens)
    return profile.within(*limits), why


def open_model(
    choice: "ModelChoice",
    settings: Settings,
    progress: WeightsProgress | None = None,
) -> "LanguageModel | None":
    """Load the chosen model; None for the kind "none".

    Embedded weights that are not installed are fetched first; `progress` is handed to
    ingest.weights.fetch. Raises ModelError, or WeightsError for weights that cannot be had.
    """
    from app.models import compatible, ollama
    from app.models.choosing import embedded_weights
    from app.models.providers import EmbeddedModel, OllamaModel, OpenAIModel

    patience = settings.model_timeout_s
    if choice.kind == "ollama":
        url = ollama.address_of(settings.ollama_url)
        return OllamaModel(choice, url, patience, settings.keep_alive)
    if choice.kind == "openai":
        url = compatible.base_of(settings.openai_url)
        return OpenAIModel(choice, url, settings.openai_key, patience)
    if choice.kind == "embedded":
        return EmbeddedModel(choice, embedded_weights(choice, progress), patience, settings.threads)
    return None


def _reranker(settings: Settings) -> "Reranker | None":
    if not settings.reranker:
        return None
    from llama_index.core.postprocessor import SentenceTransformerRerank

    from app.search.reranking import reranker

    try:
        return reranker(SentenceTransformerRerank(model=settings.reranker, top_n=30))
    except Exception as error:  # whatever the hub and the model loader raise
        raise SettingsError(
            f"The cross-encoder {settings.reranker} cannot be loaded ({error}). "
            "Name the folder of one, or leave the setting reranker empty."
        ) from error
