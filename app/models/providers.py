"""The kinds of language model: in Ollama, behind a server that speaks OpenAI's protocol, embedded.

They differ in how a request is made, how a piece of the answer is read, and in the words for what
went wrong.
"""

import json
import math
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
from llama_index.core.base.llms.types import ChatMessage

from app.models.choosing import ModelChoice
from app.models.embedded import PARALLEL, EmbeddedServer
from app.models.generation import Delta
from app.models.language_model import LanguageModel
from app.models.servers import is_loopback
from app.models.waiting import Line

SEED = 0
LIKELIEST = 20  # as many as the protocol allows
UNKNOWN_OPTION = frozenset({400, 404, 422, 501})  # what servers say to an option they do not have

# Waiting is limited by `patience` in generation.py, which also sees servers that only keep the
# connection warm; here only a connection that does not come about
NO_CONNECTION_AFTER = httpx.Timeout(None, connect=3)


class OllamaModel(LanguageModel):
    """A model in Ollama, by the native API, with the context window always set."""

    def __init__(self, choice: ModelChoice, url: str, patience: float, keep_alive: str) -> None:
        """`keep_alive`: how long Ollama keeps it loaded, in Ollama's words; "" as Ollama does."""
        from llama_index.llms.ollama import Ollama
        from ollama import AsyncClient

        super().__init__(choice, patience)
        self._url = url
        self._client = AsyncClient(
            host=url, timeout=NO_CONNECTION_AFTER, trust_env=not is_loopback(url)
        )
        self.llm = Ollama(
            model=choice.name,
            base_url=url,
            temperature=0.0,
            # Always the same one: for another Ollama loads the model anew
            context_window=max(choice.context_window, choice.loaded_window),
            keep_alive=_seconds_or_words(keep_alive),
            # Minutes of hidden thoughts on a CPU; models that cannot think ignore it
            thinking=False,
            async_client=self._client,
        )

    async def _deltas(
        self, messages: list[ChatMessage], max_tokens: int, is_to_think: bool
    ) -> AsyncIterator[Delta]:
        # LlamaIndex takes Ollama's options from the object alone, not from the call
        options = {"seed": SEED, "num_predict": max_tokens}
        llm = self.llm.model_copy(update={"additional_kwargs": options})
        thinking = {"think": True} if is_to_think and self.choice.can_think else {}
        async for response in await llm.astream_chat(messages, **thinking):
            raw: Any = response.raw
            read = raw.get("prompt_eval_count")
            yield Delta(
                text=response.delta or "",
                thought=response.additional_kwargs.get("thinking_delta") or "",
                finish=(raw.get("done_reason") or "stop") if raw.get("done") else None,
                prompt_tokens=read,
                answer_tokens=raw.get("eval_count"),
            )
            if read is not None and read >= self.llm.context_window:
                raise PromptCut(read)

    async def _hang_up(self) -> None:
        await self._client.close()  # type: ignore[no-untyped-call]

    def _who(self) -> str:
        return f"{self.choice.name} in Ollama at {self._url}"

    def _what_happened(self, error: Exception) -> str:
        from ollama import ResponseError

        if isinstance(error, PromptCut):
            return (
                f"read {error} tokens, its whole context window: the prompt was cut and the answer "
                "cannot be trusted. Ask about less at once, or raise the setting context_window."
            )
        if isinstance(error, ResponseError):
            if error.status_code == 404:
                return f"is not there any more. Get it with `ollama pull {self.choice.name}`."
            return f"reported an error: {_message(error.error)}"
        return super()._what_happened(error)


class PromptCut(Exception):
    """Ollama read a full context window, which it only does after cutting the prompt."""


class OpenAIModel(LanguageModel):
    """A model behind any server that speaks the OpenAI protocol; `url` ends in /v1."""

    def __init__(self, choice: ModelChoice, url: str, key: str, patience: float) -> None:
        from llama_index.llms.openai_like import OpenAILike

        super().__init__(choice, patience)
        self._url = url
        self._client = httpx.AsyncClient(trust_env=not is_loopback(url))
        self.llm = OpenAILike(
            model=choice.name,
            api_base=url,
            # An empty key would be replaced by the OPENAI_API_KEY of the environment, and sent
            api_key=key or "none",
            context_window=choice.context_window,
            is_chat_model=True,
            temperature=0.0,
            max_retries=0,
            additional_kwargs={"seed": SEED, "stream_options": {"include_usage": True}},
            async_http_client=self._client,  # type: ignore[call-arg]  # of its base class
        )

    async def _deltas(
        self, messages: list[ChatMessage], max_tokens: int, is_to_think: bool
    ) -> AsyncIterator[Delta]:
        options: dict[str, Any] = {"max_tokens": max_tokens, "timeout": NO_CONNECTION_AFTER}
        async for response in self._responses(messages, options):
            raw: Any = response.raw
            usage = raw.usage
            yield Delta(
                text=response.delta or "",
                thought=response.additional_kwargs.get("thinking_delta") or "",
                finish=raw.choices[0].finish_reason if raw.choices else None,
                prompt_tokens=usage.prompt_tokens if usage else None,
                answer_tokens=usage.completion_tokens if usage else None,
                likely=_likely(raw.choices[0]) if raw.choices else None,
            )

    async def _responses(
        self, messages: list[ChatMessage], options: dict[str, Any]
    ) -> AsyncIterator[Any]:
        """Ask, for a single word with its probabilities where the server knows how to tell them."""
        from openai import APIStatusError

        if options["max_tokens"] == 1:
            weighed = {**options, "logprobs": True, "top_logprobs": LIKELIEST}
            try:
                async for response in await self.llm.astream_chat(messages, **weighed):
                    yield response
                return
            except APIStatusError as error:
                if error.status_code not in UNKNOWN_OPTION:
                    raise
        async for response in await self.llm.astream_chat(messages, **options):
            yield response

    async def _hang_up(self) -> None:
        await self._client.aclose()

    def _who(self) -> str:
        return f"{self.choice.name} at {self._url}"

    def _what_happened(self, error: Exception) -> str:
        from openai import APIError, APIStatusError

        if isinstance(error, APIStatusError):
            return f"answered {error.status_code}: {_message(error.body or error.message)}"
        if isinstance(error, APIError) and error.body is not None:
            return f"reported an error: {_message(error.body)}"
        return super()._what_happened(error)


class EmbeddedModel(OpenAIModel):
    """llama.cpp with GGUF weights, in a child process; tokens are counted by its own tokenizer."""

    def __init__(
        self, choice: ModelChoice, weights: Path, patience: float, threads: int | None = None
    ) -> None:
        self._server = EmbeddedServer(weights, choice.context_window, threads)
        super().__init__(choice, self._server.url, self._server.key, patience)
        self.line = Line(PARALLEL)
        self._tokenizer = httpx.Client(
            base_url=self._server.root,
            headers={"Authorization": f"Bearer {self._server.key}"},
            timeout=self._patience,
            trust_env=False,
        )

    def count_tokens(self, text: str) -> int:
        """Tokens of `text`, exactly. Raises ModelError when the model has ended."""
        try:
            response = self._tokenizer.post("/tokenize", json={"content": text})
            response.raise_for_status()
        except httpx.HTTPError as error:
            raise self._explain(error) from error
        return len(response.json()["tokens"])

    @property
    def memory(self) -> int:
        return self._server.memory

    def close(self) -> None:
        super().close()
        self._tokenizer.close()
        self._server.close()

    def _who(self) -> str:
        return f"The embedded model {self.choice.name}"

    def _what_happened(self, error: Exception) -> str:
        if (ended := self._server.ending()) is not None:
            return f"{ended} Start Footnote again; model = embedded:0.5b needs less memory."
        return super()._what_happened(error)


def _seconds_or_words(keep_alive: str) -> float | str | None:
    """Ollama takes a bare number as one only, and "30m" as a text only."""
    try:
        return float(keep_alive)
    except ValueError:
        return keep_alive or None


def _likely(choice: Any) -> dict[str, float] | None:
    """The likeliest tokens of a piece with their probabilities, where the server sent them."""
    if not choice.logprobs or not choice.logprobs.content:
        return None
    first = choice.logprobs.content[0]
    return {one.token: math.exp(one.logprob) for one in first.top_logprobs}


def _message(body: Any) -> str:
    """The human part of an error body, whichever of the usual shapes it has."""
    if isinstance(body, str):
        try:
            body = json.loads(body)
        except ValueError:
            return str(body).strip()[:300]
    while isinstance(body, dict):
        body = body.get("error") or body.get("message") or body.get("detail") or str(body)
    return str(body)[:300]
