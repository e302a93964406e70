"""A language model that is ready to answer, whichever kind it is: each is a LlamaIndex LLM.

What they share is here once: the prompt is held against the context window before it is sent,
control tokens in documents are broken up, temperature is 0, silence and broken streams end in a
ModelError. `providers.py` has the kinds.
"""

import re
import threading
from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import contextmanager

import httpx
from llama_index.core.base.llms.types import ChatMessage

from app.models.choosing import ModelChoice
from app.models.generation import (
    BrokenOff,
    Delta,
    Generation,
    Loop,
    Message,
    StopSignal,
    Usage,
    whole,
)
from app.models.waiting import Line
from ingest.errors import ModelError

# What a chat template puts around each message (Qwen's 5 tokens), and around all of them: 3, and a
# system prompt of its own, 20, when it is given none. Another family may take twice that.
TOKENS_AROUND_A_MESSAGE = 10
TOKENS_AROUND_ALL = 45

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
        self._loop = Loop()
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
            self._loop,
            self._deltas(prompt, max_tokens, bool(thinking_tokens)),
            Usage(prompt_tokens=tokens),
            self._patience,
            self._explain,
        )

    def complete(self, messages: Sequence[Message], *, max_tokens: int) -> str:
        """The whole answer as one string; like `stream` otherwise."""
        return whole(self.stream(messages, max_tokens=max_tokens))

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
        self._loop.close(self._hang_up)

    @abstractmethod
    async def _hang_up(self) -> None:
        """Close the connections to the server."""

    @abstractmethod
    def _deltas(
        self, messages: list[ChatMessage], max_tokens: int, is_to_think: bool
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
