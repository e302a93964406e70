from pathlib import Path
from types import SimpleNamespace
from typing import Any

import docx
import numpy as np
import pytest
from llama_index.core import MockEmbedding, SimpleDirectoryReader, VectorStoreIndex
from llama_index.core.llms import CompletionResponse, CustomLLM, LLMMetadata
from llama_index.core.llms.callbacks import llm_completion_callback
from reportlab.pdfgen import canvas

from eval.baselines.starter import Starter
from eval.baselines.vectors_alone import VectorsAlone
from eval.questions import Question
from ingest.errors import FootnoteError

TEXT = "# Normans\n\nRollo led the Normans. They sailed from the north.\n"
QUESTION = Question(id="1", kind="plain", question="Who led them?", answerable=False)


class Says(CustomLLM):
    """A model that says one thing, word by word."""

    words: str

    @property
    def metadata(self) -> LLMMetadata:
        return LLMMetadata()

    @llm_completion_callback()
    def complete(self, prompt: str, formatted: bool = False, **kwargs: Any) -> CompletionResponse:
        return CompletionResponse(text=self.words)

    @llm_completion_callback()
    def stream_complete(self, prompt: str, formatted: bool = False, **kwargs: Any) -> Any:
        for word in self.words.split(" "):
            yield CompletionResponse(text=self.words, delta=f"{word} ")


def starter(folder: Path, words: str) -> Starter:
    (folder / "normans.md").write_text(TEXT, "utf-8")
    model: Any = SimpleNamespace(
        llm=Says(words=words),
        choice=SimpleNamespace(name="says"),
        count_tokens=lambda text: len(text.split()),
    )
    made = Starter(folder, SimpleNamespace(folder=folder, name="fake"), model)  # type: ignore[arg-type]
    read = SimpleDirectoryReader(str(folder)).load_data()
    # A real index of its own kind, with vectors that cost nothing.
    made.__dict__["_index"] = VectorStoreIndex.from_documents(
        read, embed_model=MockEmbedding(embed_dim=4)
    )
    return made


def test_markers_of_the_starter_become_quotes_with_their_place(tmp_path: Path) -> None:
    answer = starter(tmp_path, "Rollo led them [Source 1]. They sailed. [1] [7]").answer(QUESTION)
    assert [(one.text, one.markers) for one in answer.sentences] == [
        ("\nRollo led them.", (1,)),
        ("They sailed.", (1,)),
    ]
    (citation,) = answer.citations
    assert citation.document == "normans.md"
    assert citation.quote == TEXT.strip() == TEXT[citation.start : citation.end]
    assert not answer.refused
    assert answer.tokens["answer"] == 9
    assert answer.timings["first_token_ms"] is not None


@pytest.mark.parametrize(
    ("words", "refused"),
    [
        ("None of the sources are helpful.", True),
        ("The provided sources do not mention who led them.", True),
        ("Rollo did not say so to Charles, but led them [1].", False),
        ("The source does not name him. It was Rollo.", False),
        ("It was Rollo. The sources do not mention others.", False),
    ],
)
def test_an_answer_that_begins_with_not_knowing_is_a_refusal(
    tmp_path: Path, words: str, refused: bool
) -> None:
    assert starter(tmp_path, words).answer(QUESTION).refused is refused


def test_the_starter_finds_chunks_with_their_place(tmp_path: Path) -> None:
    (hit,) = starter(tmp_path, "").search("Who?", 10)
    assert (hit.document, hit.text) == ("normans.md", TEXT.strip())


def test_the_starter_reads_word_and_pdf_with_its_own_readers(tmp_path: Path) -> None:
    word = docx.Document()
    word.add_paragraph(TEXT)
    word.save(str(tmp_path / "a.docx"))
    page = canvas.Canvas(str(tmp_path / "b.pdf"))
    page.drawString(72, 700, "Rollo led the Normans.")
    page.save()
    reads = Starter(tmp_path, SimpleNamespace())  # type: ignore[arg-type]
    assert "Rollo led the Normans." in (reads.text_of("a.docx") or "")
    assert "Rollo led the Normans." in (reads.text_of("b.pdf") or "")


def test_without_those_readers_it_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a.pdf").write_bytes(b"%PDF")
    monkeypatch.setattr("eval.baselines.starter.find_spec", lambda name: None)
    with pytest.raises(FootnoteError, match=r"pip install -e '\.\[eval\]'"):
        Starter(tmp_path, SimpleNamespace())  # type: ignore[arg-type]


class TwoDirections:
    """Texts about the sea point one way, all others the other way."""

    name = "two directions"

    def embed_query(self, text: str) -> Any:
        return SimpleNamespace(vector=self.embed([text])[0])

    def embed(self, texts: list[str]) -> Any:
        return np.array([[1.0, 0.0] if "sea" in text else [0.0, 1.0] for text in texts])


def test_vectors_alone_rank_by_cosine() -> None:
    def passage(text: str, start: int) -> Any:
        return SimpleNamespace(
            document="a.md", section="", start=start, end=start + len(text), text=text, header="A"
        )

    passages = [passage("the sky", 0), passage("the sea", 10)]
    catalogue: Any = SimpleNamespace(
        documents=lambda: [SimpleNamespace(name="a.md")], passages_of_document=lambda _: passages
    )
    embedder: Any = TwoDirections()
    alone = VectorsAlone(catalogue, embedder, {}.get, lambda question: question.question)
    assert [(hit.text, hit.score) for hit in alone.search("by the sea", 2)] == [
        ("the sea", 1.0),
        ("the sky", 0.0),
    ]
