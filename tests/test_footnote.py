"""The public module, as a program uses it."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from llama_index.core import PromptTemplate
from llama_index.core.base.response.schema import AsyncStreamingResponse, StreamingResponse
from llama_index.core.evaluation import FaithfulnessEvaluator, RelevancyEvaluator
from llama_index.core.llms import MockLLM
from llama_index.core.query_engine import RetrieverQueryEngine
from llama_index.core.response_synthesizers import ResponseMode
from llama_index.core.schema import QueryBundle

from footnote import Answer, CatalogueError, DocumentError, Footnote, SettingsError
from tests.app.small_world import DOCUMENTS, WordEmbedder, write_documents
from tests.loops import awaited

SALT = "Seawater holds 35 grams of salt per litre."
HOW_SALTY = "How many grams of salt does seawater hold per litre?"


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Footnote]:
    place = tmp_path_factory.mktemp("public")
    words: Any = WordEmbedder()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("app.opening.open_embedder", lambda *_: words)
        with Footnote(place / "home", model="none") as footnote:
            footnote.add(write_documents(place / "documents", DOCUMENTS))
            yield footnote


def test_importing_it_loads_nothing_heavy() -> None:
    heavy = "gradio torch llama_index chromadb onnxruntime docling transformers fastapi".split()
    code = f"import footnote, sys; print([m for m in {heavy} if m in sys.modules])"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"


def test_every_quote_is_exactly_the_text_of_its_document(opened: Footnote) -> None:
    answer = opened.ask(HOW_SALTY)
    assert answer.outcome != "refused"
    assert SALT in [quote.quote for quote in answer.quoted]
    for quote in answer.citations:
        assert opened.text(quote.document)[quote.start : quote.end] == quote.quote


def test_a_stream_ends_with_the_finished_answer(opened: Footnote) -> None:
    *_, last = opened.stream(HOW_SALTY)
    assert last.state == "done"
    assert last.quoted[0].quote == SALT


def test_a_follow_up_is_asked_after_the_answers_before_it(opened: Footnote) -> None:
    first = opened.ask("How long do bakers knead dough?")
    second = opened.ask("And how salty is seawater?", after=[first])
    assert isinstance(second, Answer)
    assert second.question == "And how salty is seawater?"


def test_search_needs_no_engine_and_gives_exact_passages(opened: Footnote) -> None:
    [best, *_] = opened.search("salt per litre", top=2)
    assert best.document == "sea.md"
    assert opened.text("sea.md")[best.start : best.end] == best.text
    with pytest.raises(ValueError, match="top"):
        opened.search("salt", top=0)


def test_some_of_the_documents_are_asked_where_these_are_named(opened: Footnote) -> None:
    [found] = opened.search("salt per litre", documents=["bread.md"])
    assert found.document == "bread.md"
    answer = opened.ask(HOW_SALTY, documents=["bread.md"])
    assert {passage.document for passage in answer.passages} <= {"bread.md"}
    assert opened.ask(HOW_SALTY, collections=["documents"]).quoted[0].quote == SALT
    with pytest.raises(SettingsError, match="no collection"):
        opened.ask(HOW_SALTY, collections=["nowhere"])


def test_any_text_is_held_against_the_documents(opened: Footnote) -> None:
    checked = opened.check(f"{SALT} Whales play chess on Sundays.")
    assert [each.finding for each in checked.sentences] == ["supported", "not said"]
    assert checked.citations[0].quote == SALT


def test_documents_are_added_listed_and_removed(opened: Footnote, tmp_path: Path) -> None:
    folder = write_documents(tmp_path, {"tea.md": "# Tea\n\nGreen tea steeps at 80 degrees.\n"})
    receipt = opened.add(folder)
    assert [(line.document, line.action) for line in receipt.lines] == [("tea.md", "added")]
    assert "tea.md" in [document.name for document in opened.documents()]
    assert opened.search("green tea", 1)[0].document == "tea.md"
    assert opened.remove("tea.md").title == "Tea"
    assert (folder / "tea.md").exists()
    assert "tea.md" not in [document.name for document in opened.documents()]


def test_what_is_not_there_is_an_error_that_says_what_to_do(
    opened: Footnote, tmp_path: Path
) -> None:
    with pytest.raises(DocumentError, match="not in the catalogue"):
        opened.text("no.md")
    with pytest.raises(DocumentError, match="not in the catalogue"):
        opened.remove("no.md")
    with pytest.raises(DocumentError, match="not there"):
        opened.add(tmp_path / "nowhere")
    with pytest.raises(CatalogueError, match="ingest"):
        Footnote(tmp_path / "empty").documents()
    with pytest.raises(SettingsError, match="modle"):
        Footnote(tmp_path, modle="none")


# -- LlamaIndex ------------------------------------------------------------------------------------


def test_a_retriever_s_nodes_stand_where_they_say(opened: Footnote) -> None:
    retriever = opened.as_retriever(similarity_top_k=2)
    nodes = retriever.retrieve("salt per litre")
    assert 1 <= len(nodes) <= 2
    assert nodes == awaited(retriever.aretrieve("salt per litre"))
    for each in nodes:
        node: Any = each.node
        whole = opened.text(node.metadata["document"])
        assert whole[node.start_char_idx : node.end_char_idx] == node.text
        assert each.score is not None


def test_what_llama_index_has_fits_around_the_retriever(opened: Footnote) -> None:
    engine = RetrieverQueryEngine.from_args(
        opened.as_retriever(), llm=MockLLM(), response_mode=ResponseMode.COMPACT
    )
    assert SALT in str(engine.query("salt per litre"))  # the mock repeats its prompt


def test_a_query_engine_s_sources_are_the_quotes_with_offsets_and_scores(opened: Footnote) -> None:
    engine = opened.as_query_engine()
    for response in (engine.query(HOW_SALTY), awaited(engine.aquery(HOW_SALTY))):
        assert SALT in str(response)
        [first, *_] = response.source_nodes
        node: Any = first.node
        assert node.text == SALT
        assert opened.text("sea.md")[node.start_char_idx : node.end_char_idx] == SALT
        assert first.score is not None
        assert response.metadata is not None
        assert response.metadata["answer"]["citations"][0]["quote"] == SALT
    assert [first.node] == [each.node for each in engine.retrieve(QueryBundle(HOW_SALTY))][:1]


def test_a_query_engine_streams(opened: Footnote) -> None:
    engine = opened.as_query_engine(streaming=True)
    response = engine.query(HOW_SALTY)
    assert isinstance(response, StreamingResponse)
    assert SALT in str(response)

    async def read() -> str:
        found = await engine.aquery(HOW_SALTY)
        assert isinstance(found, AsyncStreamingResponse)
        return "".join([piece async for piece in found.async_response_gen()])

    assert awaited(read()) == str(response)


def test_a_chat_engine_remembers_until_it_is_reset(opened: Footnote) -> None:
    chat = opened.as_chat_engine()
    assert SALT in str(chat.chat(HOW_SALTY))
    streamed = chat.stream_chat("How long do bakers knead dough?")
    assert "ten minutes" in "".join(streamed.response_gen)
    assert streamed.source_nodes
    roles = [message.role.value for message in chat.chat_history]
    assert roles == ["user", "assistant", "user", "assistant"]
    assert "ten minutes" in str(chat.chat_history[-1].content)
    chat.reset()
    assert chat.chat_history == []


def test_a_chat_engine_answers_without_holding_up_the_event_loop(opened: Footnote) -> None:
    async def talk() -> tuple[str, str]:
        chat = opened.as_chat_engine()
        whole = str(await chat.achat(HOW_SALTY))
        streamed = await chat.astream_chat("How long do bakers knead dough?")
        return whole, "".join([piece async for piece in streamed.async_response_gen()])

    whole, streamed = awaited(talk())
    assert SALT in whole
    assert "ten minutes" in streamed


def test_llama_index_s_evaluators_read_the_query_engine_s_responses(opened: Footnote) -> None:
    response = opened.as_query_engine().query(HOW_SALTY)
    judge = MockLLM()  # repeats its prompt, which says YES and NO
    template = PromptTemplate("YES {query_str} {context_str}")
    faithful = FaithfulnessEvaluator(llm=judge, eval_template=template, refine_template=template)
    relevant = RelevancyEvaluator(llm=judge, eval_template=template, refine_template=template)
    for verdict in (
        faithful.evaluate_response(response=response),
        relevant.evaluate_response(query=HOW_SALTY, response=response),
    ):
        assert verdict.passing
        assert verdict.contexts is not None
        assert SALT in verdict.contexts[0]
        assert SALT in str(verdict.feedback)
