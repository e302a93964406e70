"""Footnote as LlamaIndex knows such things: a retriever, a query engine, a chat engine.

Source nodes are exact: `text[start_char_idx:end_char_idx]` of the document that is named in the
metadata is the node's text.
"""

import asyncio
from collections.abc import AsyncGenerator, Generator, Iterator, Sequence
from contextlib import aclosing
from threading import Thread
from typing import Any

from llama_index.core.base.base_query_engine import BaseQueryEngine
from llama_index.core.base.llms.types import ChatMessage, ChatResponse, MessageRole
from llama_index.core.base.response.schema import (
    RESPONSE_TYPE,
    AsyncStreamingResponse,
    Response,
    StreamingResponse,
)
from llama_index.core.chat_engine.types import (
    AgentChatResponse,
    BaseChatEngine,
    StreamingAgentChatResponse,
)
from llama_index.core.memory import ChatMemoryBuffer
from llama_index.core.retrievers import BaseRetriever
from llama_index.core.schema import NodeWithScore, QueryBundle, TextNode

from app.answer import Answer, Citation, GivenPassage, Location
from app.engine import Engine
from app.export.growing import growing
from app.search.record import find
from app.search.retriever import PassageRetriever
from app.understanding.follow_up import Turn

_METADATA = ("document", "title", "section", "page", "document_sha256")
# Where a node's text stands is for programs; a model is told the title and the section alone.
_FOR_PROGRAMS = ["document", "page", "document_sha256", "marker"]


class Retriever(BaseRetriever):
    """The passages that Footnote finds, best first."""

    def __init__(self, retriever: PassageRetriever, top: int) -> None:
        super().__init__()
        self._retriever = retriever
        self._top = top

    def _retrieve(self, query_bundle: QueryBundle) -> list[NodeWithScore]:
        found = find(self._retriever, query_bundle.query_str, self._top).passages
        return [_passage_node(passage) for passage in found]

    async def _aretrieve(self, query_bundle: QueryBundle) -> list[NodeWithScore]:
        return await asyncio.to_thread(self._retrieve, query_bundle)


class QueryEngine(BaseQueryEngine):
    """Answers each question by itself. `metadata["answer"]` of a response is the whole record."""

    def __init__(self, engine: Engine, streaming: bool) -> None:
        super().__init__(callback_manager=None)
        self._engine = engine
        self._streaming = streaming

    def _get_prompt_modules(self) -> dict[str, Any]:
        return {}

    def retrieve(self, query_bundle: QueryBundle) -> list[NodeWithScore]:
        """Return the sources of an answer without a model's prose."""
        return source_nodes(next(self._engine.stream(query_bundle.query_str)))

    def _query(self, query_bundle: QueryBundle) -> RESPONSE_TYPE:
        if not self._streaming:
            return _response(self._engine.answer(query_bundle.query_str))
        first, pieces = _begun(self._engine, query_bundle.query_str, [])
        return StreamingResponse(pieces, source_nodes(first), _metadata(first))

    async def _aquery(self, query_bundle: QueryBundle) -> RESPONSE_TYPE:
        if not self._streaming:
            return await asyncio.to_thread(self._query, query_bundle)
        begun = await asyncio.to_thread(_begun, self._engine, query_bundle.query_str, [])
        first, pieces = begun
        return AsyncStreamingResponse(_in_thread(pieces), source_nodes(first), _metadata(first))


class ChatEngine(BaseChatEngine):
    """Answers turn after turn, each in the light of those before it."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._memory = ChatMemoryBuffer.from_defaults(token_limit=1_000_000)

    @property
    def chat_history(self) -> list[ChatMessage]:
        """What was said so far."""
        return self._memory.get_all()

    def reset(self) -> None:
        """Forget what was said."""
        self._memory.reset()

    def chat(self, message: str, chat_history: list[ChatMessage] | None = None) -> Any:
        """Return the answer to a turn."""
        turns = self._turns(message, chat_history)
        response = _response(self._engine.answer(message, turns))
        self._memory.put(ChatMessage(role=MessageRole.ASSISTANT, content=response.response))
        return AgentChatResponse(
            response.response or "", source_nodes=response.source_nodes, metadata=response.metadata
        )

    async def achat(self, message: str, chat_history: list[ChatMessage] | None = None) -> Any:
        """Return the answer to a turn, without holding up the event loop."""
        return await asyncio.to_thread(self.chat, message, chat_history)

    def stream_chat(
        self, message: str, chat_history: list[ChatMessage] | None = None
    ) -> StreamingAgentChatResponse:
        """Return an answer that is read from `response_gen` as it is written."""
        turns = self._turns(message, chat_history)
        first, pieces = _begun(self._engine, message, turns)
        response = StreamingAgentChatResponse(
            chat_stream=(_chat_piece(text) for text in pieces), source_nodes=source_nodes(first)
        )
        writing = Thread(
            target=response.write_response_to_history, args=(self._memory,), daemon=True
        )
        response.write_response_to_history_thread = writing
        writing.start()
        return response

    async def astream_chat(
        self, message: str, chat_history: list[ChatMessage] | None = None
    ) -> StreamingAgentChatResponse:
        """Return an answer that is read from `async_response_gen()` as it is written."""
        turns = self._turns(message, chat_history)
        first, pieces = await asyncio.to_thread(_begun, self._engine, message, turns)

        async def said() -> AsyncGenerator[ChatResponse, None]:
            async with aclosing(_in_thread(pieces)) as texts:
                async for text in texts:
                    yield _chat_piece(text)

        response = StreamingAgentChatResponse(
            achat_stream=said(),
            source_nodes=source_nodes(first),
        )
        response._ensure_async_setup()
        response.awrite_response_to_history_task = asyncio.create_task(
            response.awrite_response_to_history(self._memory)
        )
        return response

    def _turns(self, message: str, chat_history: list[ChatMessage] | None) -> list[Turn]:
        """Return the turns before this one, and keep the message."""
        if chat_history is not None:
            self._memory.set(list(chat_history))
        turns = [
            Turn(each.content or "")
            for each in self._memory.get_all()
            if each.role == MessageRole.USER
        ]
        self._memory.put(ChatMessage(role=MessageRole.USER, content=message))
        return turns


def source_nodes(answer: Answer) -> list[NodeWithScore]:
    """Return the quotes of an answer, or, where it refuses, the nearest passages.

    A quote's score is that of the passage it stands in.
    """
    if answer.refused:
        return [_passage_node(passage) for passage in answer.passages]
    return [_quote_node(citation, answer.passages) for citation in answer.citations]


def _passage_node(passage: GivenPassage) -> NodeWithScore:
    return NodeWithScore(node=_node(passage, passage.text), score=passage.score)


def _quote_node(citation: Citation, passages: Sequence[GivenPassage]) -> NodeWithScore:
    around = [
        passage.score
        for passage in passages
        if passage.document == citation.document
        and passage.start <= citation.start
        and citation.end <= passage.end
    ]
    node = _node(citation, citation.quote, marker=citation.marker)
    return NodeWithScore(node=node, score=max(around, default=None))


def _node(place: Location, text: str, **more: Any) -> TextNode:
    return TextNode(
        id_=f"{place.document}:{place.start}-{place.end}",
        text=text,
        metadata={**{name: getattr(place, name) for name in _METADATA}, **more},
        start_char_idx=place.start,
        end_char_idx=place.end,
        excluded_embed_metadata_keys=_FOR_PROGRAMS,
        excluded_llm_metadata_keys=_FOR_PROGRAMS,
    )


def _metadata(answer: Answer) -> dict[str, Any]:
    return {"outcome": answer.outcome, "answer": answer.to_json()}


def _response(answer: Answer) -> Response:
    return Response(answer.text, source_nodes(answer), _metadata(answer))


def _begun(
    engine: Engine, question: str, turns: Sequence[Turn]
) -> tuple[Answer, Generator[str, None, None]]:
    """Return the answer as far as its quotes, and its text, piece by piece."""
    answers = growing(engine.stream(question, turns))
    first, piece = next(answers)

    def pieces() -> Generator[str, None, None]:
        yield piece.text
        for _, later in answers:
            if later.text:
                yield later.text

    return first, pieces()


async def _in_thread(pieces: Iterator[str]) -> AsyncGenerator[str, None]:
    while (piece := await asyncio.to_thread(next, pieces, None)) is not None:
        yield piece


def _chat_piece(text: str) -> ChatResponse:
    return ChatResponse(message=ChatMessage(role=MessageRole.ASSISTANT, content=text), delta=text)
