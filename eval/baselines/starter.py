"""What a LlamaIndex user would write first: `first_ten_lines`, and what it takes to measure it.

Fair to it: every setting is the library's default (chunks of 1,024 tokens overlapping by 200, two
of them retrieved, sources of 512 tokens, its own prompts), and the embedding and the language model
are the ones Footnote uses. Where a default would only hide what it can do, the kinder way is taken:

- the answer is streamed, which it is not by default, so that its first token can be timed;
- for the ranking measures it is asked for as many chunks as they need, not for two;
- a source is credited as an exact quote wherever its text stands, and "[Source 2]" counts as "[2]";
- it has no refusals: an answer whose first sentence says that the sources do not help is one;
- the server is given ten minutes instead of one before it is said to hang.

It does not know conversations: a follow-up reaches it as it is asked.
"""

import re
import time
from collections.abc import Iterator, Sequence
from functools import cached_property
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from app.answer import Answer, Citation, GivenPassage, Sentence
from eval.questions import Question
from eval.spans import find_all
from eval.systems import Hit
from ingest.embedding import Embedder
from ingest.errors import FootnoteError
from ingest.sentences import sentence_spans

if TYPE_CHECKING:
    from llama_index.core import VectorStoreIndex
    from llama_index.core.schema import Document, NodeWithScore

    from app.models.language_model import LanguageModel

NEEDS_A_READER = {".pdf", ".docx"}
MARKER = re.compile(r"\s*\[(?:Source )?(\d+)\]")
MARKERS_AFTER_THE_STOP = re.compile(r"([.!?])((?:\s*\[(?:Source )?\d+\])+)")
SAYS_IT_DOES_NOT_KNOW = re.compile(
    r"\b(none of the|no) (provided |given |available |relevant )*(sources?|information)\b"
    r"|\b(sources?|texts?|passages?|context|information)\b[^.]{0,30}"
    r"\b(do(es)? not|don't|doesn't|did not|cannot) (\w+ly )?"
    r"(mention|provide|contain|specify|state|include|answer|say)"
    r"|\b(is|are) (not|n't) (\w+ly )?(mentioned|provided|specified|stated)"
    r"|\bI (do not|don't|cannot|can't) (know|answer|find|determine)",
    re.IGNORECASE,
)


def first_ten_lines(documents: "list[Document]", model: Path) -> "VectorStoreIndex":
    """Index what SimpleDirectoryReader read, in Chroma, with an embedding model in a folder."""
    import chromadb
    from chromadb.config import Settings
    from llama_index.core import StorageContext, VectorStoreIndex
    from llama_index.embeddings.huggingface import HuggingFaceEmbedding
    from llama_index.vector_stores.chroma import ChromaVectorStore

    settings = Settings(anonymized_telemetry=False)
    collection = chromadb.EphemeralClient(settings).get_or_create_collection("starter")
    store = ChromaVectorStore(chroma_collection=collection)
    return VectorStoreIndex.from_documents(
        documents,
        storage_context=StorageContext.from_defaults(vector_store=store),
        embed_model=HuggingFaceEmbedding(model_name=str(model), device="cpu"),
    )


class Starter:
    """The starter over a folder, as a system to be measured; `model` None measures search alone.

    Raises FootnoteError when the folder holds PDF or Word and its readers are not installed: it
    would index their bytes as text, which nobody who uses it in earnest would let it do.
    """

    name = "starter"

    def __init__(
        self, documents: Path, embedder: Embedder, model: "LanguageModel | None" = None
    ) -> None:
        suffixes = {file.suffix.lower() for file in documents.rglob("*")}
        if suffixes & NEEDS_A_READER and find_spec("llama_index.readers") is None:
            raise FootnoteError(
                "The starter reads PDF and Word with packages that are not installed. Run "
                "`pip install -e '.[eval]'`, and this again."
            )
        self._folder = documents
        self._embedder = embedder
        self._model = model

    @property
    def settings(self) -> dict[str, Any]:
        """Versions and models; everything else is the library's default."""
        from importlib.metadata import version

        return {
            "llama-index-core": version("llama-index-core"),
            "chromadb": version("chromadb"),
            "embedding model": self._embedder.name,
            "language model": self._model.choice.name if self._model else None,
            "chunks given": 2,
        }

    @cached_property
    def _documents(self) -> "list[Document]":
        from llama_index.core import SimpleDirectoryReader

        reader = SimpleDirectoryReader(str(self._folder), recursive=True)
        return reader.load_data()

    @cached_property
    def _texts(self) -> dict[str, str]:
        """Its text of each file; a PDF's pages, which it reads apart, one after the other."""
        texts: dict[str, list[str]] = {}
        for document in self._documents:
            texts.setdefault(self._file_of(document.metadata), []).append(document.text)
        return {name: "\n\n".join(parts) for name, parts in texts.items()}

    @cached_property
    def _index(self) -> "VectorStoreIndex":
        return first_ten_lines(self._documents, self._embedder.folder)

    def _file_of(self, metadata: dict[str, Any]) -> str:
        file = Path(metadata["file_path"])
        return file.relative_to(self._folder.absolute()).as_posix()

    def text_of(self, document: str) -> str | None:
        """What its reader made of a file."""
        return self._texts.get(document)

    def count_tokens(self, texts: Sequence[str]) -> int:
        """Tokens of all the texts together, in the embedding model's own tokens."""
        return sum(self._embedder.count_tokens(texts))

    def searched_for(self, question: Question) -> str:
        """The question as it is asked."""
        return question.question

    def search(self, query: str, top: int) -> list[Hit]:
        """The `top` best chunks; score and confidence are Chroma's similarity."""
        nodes = self._index.as_retriever(similarity_top_k=top).retrieve(query)
        return [
            Hit(one.document, "", one.start, one.end, one.text, one.score, one.score)
            for one in map(self._placed, nodes)
        ]

    def answer(self, question: Question) -> Answer:
        """What CitationQueryEngine says, as a record; the model must have been given."""
        from llama_index.core import QueryBundle
        from llama_index.core.query_engine import CitationQueryEngine
        from llama_index.core.query_engine.citation_query_engine import CITATION_QA_TEMPLATE

        assert self._model is not None
        llm = cast(Any, self._model).llm.model_copy(update={"timeout": 600.0})
        engine = CitationQueryEngine.from_args(self._index, llm=llm, streaming=True)
        started = time.perf_counter()
        query = QueryBundle(question.question)
        nodes = engine.retrieve(query)
        retrieved = time.perf_counter()
        response: Any = engine.synthesize(query, nodes)
        pieces = list(_timed(response.response_gen))
        text = "".join(piece for piece, _ in pieces)
        first = next((when for piece, when in pieces if piece.strip()), None)
        context = "\n\n".join(node.node.get_content() for node in response.source_nodes)
        prompt = CITATION_QA_TEMPLATE.format(context_str=context, query_str=question.question)
        citations = self._citations(text, response.source_nodes)
        sentences = tuple(_sentences(text, {one.marker for one in citations}))
        return Answer(
            id=question.id,
            question=question.question,
            searched_for=question.question,
            prose=sentences,
            citations=citations,
            passages=tuple(map(self._placed, nodes)),
            outcome="refused" if _refuses(sentences) else "answered",
            model=self._model.choice.name,
            state="done",
            timings={
                "retrieve_ms": (retrieved - started) * 1000,
                "first_token_ms": (first - started) * 1000 if first else None,
                "total_ms": (time.perf_counter() - started) * 1000,
            },
            tokens={
                "prompt": self._model.count_tokens(prompt),
                "answer": self._model.count_tokens(text),
            },
        )

    def _placed(self, node: "NodeWithScore") -> GivenPassage:
        return self._passage(node.node.get_content(), node.node.metadata, node.score or 0.0)

    def _passage(self, text: str, metadata: dict[str, Any], score: float) -> GivenPassage:
        """A chunk with its place in the text of its file, or [0, 0) where it does not stand."""
        document = self._file_of(metadata)
        whole = self._texts[document]
        places = find_all(text, whole)
        start, end = places[0] if places else (0, 0)
        return GivenPassage(
            document=document,
            title=document,
            section="",
            page=None,
            start=start,
            end=end,
            text=whole[start:end] if places else text,
            score=score,
            document_sha256="",
        )

    def _citations(self, text: str, sources: "list[NodeWithScore]") -> tuple[Citation, ...]:
        """One for each source that a marker names; markers that name none are left out."""
        named = {int(match.group(1)) for match in MARKER.finditer(text)}
        citations = []
        for number, source in enumerate(sources, start=1):
            if number not in named:
                continue
            quote = source.node.get_content().removeprefix(f"Source {number}:\n").removesuffix("\n")
            place = self._passage(quote, source.node.metadata, 0.0)
            citations.append(
                Citation(
                    marker=number,
                    document=place.document,
                    title=place.title,
                    section="",
                    page=None,
                    start=place.start,
                    end=place.end,
                    quote=place.text,
                    document_sha256="",
                )
            )
        return tuple(citations)


def _timed(pieces: Iterator[str]) -> Iterator[tuple[str, float]]:
    for piece in pieces:
        yield piece, time.perf_counter()


def _refuses(sentences: Sequence[Sentence]) -> bool:
    return bool(sentences and SAYS_IT_DOES_NOT_KNOW.search(sentences[0].text))


def _sentences(text: str, known: set[int]) -> Iterator[Sentence]:
    """The answer's sentences with the markers they hold, also those set after the full stop."""
    tidy = MARKERS_AFTER_THE_STOP.sub(r"\2\1", text)
    for start, end in sentence_spans(tidy):
        sentence = tidy[start:end]
        markers = [int(match.group(1)) for match in MARKER.finditer(sentence)]
        bare = MARKER.sub("", sentence).strip()
        if bare:
            yield Sentence(
                bare, tuple(dict.fromkeys(m for m in markers if m in known)), 0.0, "not supported"
            )
