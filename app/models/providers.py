"""Speaking to a language model: the three kinds behind one interface, each a LlamaIndex LLM.

What they share is here once: the prompt is held against the context window before it is sent,
control tokens in documents are broken up, temperature is 0, silence and broken streams end in a
ModelError. What differs is how a request is made, how a piece of the answer is read, and the words
for what went wrong.
"""

import json
import math
import re
import threading
from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
from llama_index.core.base.llms.types import ChatMessage

from app.models.choosing import ModelChoice
from app.models.embedded import PARALLEL, EmbeddedServer
from app.models.generation import (
    Background,
    BrokenOff,
    Delta,
    Generation,
    Message,
    StopSignal,
    Usage,
    whole,
)
from app.models.servers import is_loopback
from app.models.waiting import Line
from ingest.errors import ModelError

SEED = 0
LIKELIEST = 20  # as many as the protocol allows
UNKNOWN_OPTION = frozenset({400, 404, 422, 501})  # what servers say to an option they do not have

# What a chat template puts around each message (Qwen's 5 tokens), and around all of them: 3, and a
# system prompt of its own, 20, when it is given none. Another family may take twice that.
TOKENS_AROUND_A_MESSAGE = 10
TOKENS_AROUND_ALL = 45

# Waiting is limited by `patience` in generation.py, which also sees servers that only keep the
# connection warm; here only a connection that does not come about
NO_CONNECTION_AFTER = httpx.Timeout(None, connect=3)

_CONTROL = re.compile(r"<(?=\||/?s>|(?:start|end)_of_turn>)|\[(?=/?(?:INST|SYSTEM_PROMPT)\])")
_TOKENISH = re.compile(r"[A-Za-z]+|\d| (?=\S)|\s+|[\x21-\x7e]|[^\x00-\x7f]")


class LanguageModel(ABC):
    """A chat model that is ready to answer. `choice` says which, and why; `llm` is LlamaIndex's.

    Whose question it takes next is decided in `line`.
    """

    def __init__(self, choice: ModelChoice, patience: float) -> None:
        """`patience`: seconds without a new token until giving up."""
        self.choice = choice
        self.line = Line()
        self._patience = patience
        self._background = Background()
        self._holding = threading.Lock()
        self._holders = 0
        self._is_retired = False

    @contextmanager
    def held(self) -> Iterator[None]:
        """Answer with it meanwhile: one that is retired is closed when nobody holds it any more."""
        with self._holding:
            self._holders += 1
        try:
            yield
        finally:
            with self._holding:
                self._holders -= 1
            if self._is_retired:
                self.retire()

    def retire(self) -> None:
        """Close it, as soon as the answers that it is writing are finished."""
        with self._holding:
            self._is_retired = True
            is_idle = self._holders == 0
        if is_idle:
            self.close()

    def stream(
        self,
        messages: Sequence[Message],
        *,
        max_tokens: int,
        stop: Sequence[str] = (),
        thinking_tokens: int = 0,
    ) -> Generation:
        """Start answering, at temperature 0 with a fixed seed; `max_tokens` limit the answer.

        With `thinking_tokens` a model that can think does so before, for so many at most.

        Raises ModelError at once when prompt and answer do not fit in the context window, and
        while iterating when the model is gone, silent, or breaks off.
        """
        prompt = [_harmless(message) for message in messages]
        tokens = TOKENS_AROUND_ALL + sum(
            self.count_tokens(message.content or "") + TOKENS_AROUND_A_MESSAGE for message in prompt
        )
        if self.choice.can_think or self.choice.kind != "ollama":
            max_tokens += thinking_tokens
        if tokens + max_tokens > self.choice.context_window:
            raise ModelError(
                f"The prompt ({tokens} tokens) and the answer (up to {max_tokens}) do not fit in "
                f"the context window of {self.choice.name}, {self.choice.context_window} tokens. "
                "Ask about less at once, or raise the setting context_window."
            )
        return Generation(
            self._background,
            self._deltas(prompt, max_tokens, list(stop), bool(thinking_tokens)),
            Usage(prompt_tokens=tokens),
            self._patience,
            self._explain,
        )

    def complete(
        self, messages: Sequence[Message], *, max_tokens: int, stop: Sequence[str] = ()
    ) -> str:
        """The whole answer as one string; like `stream` otherwise."""
        return whole(self.stream(messages, max_tokens=max_tokens, stop=stop))

    def affirms(self, messages: Sequence[Message], stop: StopSignal) -> float | None:
        """How likely the model says yes rather than no, in [0, 1]; like `stream` otherwise.

        Where the server does not tell probabilities this is 1.0 for a yes and 0.0 for a no. None
        for a model that says neither (one that thinks aloud first, for instance).
        """
        generation = stop.watch(self.stream(messages, max_tokens=1))
        said = whole(generation)
        likely = generation.usage.likely or {said: 1.0}
        yes, no = (
            sum(chance for token, chance in likely.items() if token.strip().lower() == word)
            for word in ("yes", "no")
        )
        return yes / (yes + no) if yes + no else None

    def count_tokens(self, text: str) -> int:
        """Tokens of `text`: exact for the embedded model, elsewhere seldom too few."""
        return estimate_tokens(text)

    @property
    def memory(self) -> int:
        """Bytes of this machine's memory that it takes now, as far as that is known; else 0."""
        return 0

    def close(self) -> None:
        """Stop what is being generated and let go of connections and memory."""
        self._background.close(self._hang_up)

    @abstractmethod
    async def _hang_up(self) -> None:
        """Close the connections to the server."""

    @abstractmethod
    def _deltas(
        self, messages: list[ChatMessage], max_tokens: int, stop: list[str], is_to_think: bool
    ) -> AsyncIterator[Delta]:
        """Make the request and yield the answer's pieces; whatever it raises is explained."""

    def _explain(self, error: Exception) -> ModelError:
        """The user's sentence for what happened; the causes that all kinds share."""
        explained = ModelError(f"{self._who()} {self._what_happened(error)}")
        explained.__cause__ = error
        return explained

    @abstractmethod
    def _who(self) -> str:
        """The model and its place, as the subject of a sentence."""

    def _what_happened(self, error: Exception) -> str:
        chain = _causes(error)
        if isinstance(error, TimeoutError):
            return f"gave no new word for {self._patience:g} s. It may be overloaded: ask again."
        if any(isinstance(e, httpx.ConnectError | httpx.ConnectTimeout) for e in chain):
            return "cannot be reached. Is the server running?"
        if isinstance(error, ConnectionError):
            return "cannot be reached. Is the server running?"
        if isinstance(error, BrokenOff) or any(isinstance(e, httpx.HTTPError) for e in chain):
            return "broke off in the middle of the answer. Ask again."
        if isinstance(error, ValueError | TypeError | LookupError | AttributeError):
            return "sent something that is not its protocol, so the answer is incomplete."
        return f"failed: {error}"


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
        self, messages: list[ChatMessage], max_tokens: int, stop: list[str], is_to_think: bool
    ) -> AsyncIterator[Delta]:
        # LlamaIndex takes Ollama's options from the object alone, not from the call
        options = {"seed": SEED, "num_predict": max_tokens, "stop": stop}
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
        self, messages: list[ChatMessage], max_tokens: int, stop: list[str], is_to_think: bool
    ) -> AsyncIterator[Delta]:
        options: dict[str, Any] = {"max_tokens": max_tokens, "timeout": NO_CONNECTION_AFTER}
        if stop:
            options["stop"] = stop
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


def estimate_tokens(text: str) -> int:
    """Tokens that a tokenizer we do not know would make of `text`, rather too many than too few.

    A word counts one token for each five letters begun, and each digit, each sign, each run of
    blanks that is more than one space, and each byte beyond ASCII counts one.
    """
    total = 0
    for piece in _TOKENISH.findall(text):
        if piece[0].isalpha() and piece.isascii():
            total += (len(piece) + 4) // 5
        elif piece != " ":
            total += len(piece.encode()) if not piece.isspace() else 1
    return total


def _harmless(message: Message) -> ChatMessage:
    """Break up control tokens: a document that holds `<|im_end|>` must not end its message."""
    text = _CONTROL.sub(lambda found: found.group() + " ", message.content)
    return ChatMessage(role=message.role, content=text)


def _causes(error: BaseException) -> list[BaseException]:
    chain = [error]
    while (cause := chain[-1].__cause__ or chain[-1].__context__) is not None:
        chain.append(cause)
    return chain


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
