"""Servers that speak Ollama's and OpenAI's protocols over real HTTP, with a brain to choose.

A brain gets the request's messages, token limit and stop strings, and yields what happens next:
text, or a `Mishap`. `Script` is a list of those; `Thinker` is a real model. No brain sleeps: a
slow one is silent until the client hangs up, which the server notices and tells (`hung_up`).
"""

import json
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import Enum, auto
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self

from app.models.generation import Message
from app.models.language_model import LanguageModel


class Mishap(Enum):
    SILENCE = auto()  # nothing more, until the client hangs up
    DROP = auto()  # the connection breaks in the middle of the stream
    END = auto()  # the stream ends in good order, but not the answer
    GARBAGE = auto()  # a line that is not of the protocol
    ERROR = auto()  # an error object in the middle of the stream


@dataclass
class Thought:
    """What a model thinks aloud, in the field that the protocol has for it."""

    text: str


@dataclass
class Script:
    """Says its lines; with `status`, refuses with that HTTP status and `error` instead."""

    lines: Sequence[str | Thought | Mishap] = ()
    status: int = 200
    error: str = ""
    prompt_tokens: int = 11

    def answer(self, messages: list[dict[str, str]], limit: int) -> Iterator[Any]:
        yield from self.lines


@dataclass
class Chatterbox(Script):
    """Never stops by itself."""

    def answer(self, messages: list[dict[str, str]], limit: int) -> Iterator[Any]:
        while True:
            yield "and so on "


@dataclass
class Thinker:
    """Real inference: a model of ours answers what comes in over the other protocol."""

    model: LanguageModel
    status: int = 200
    error: str = ""
    prompt_tokens: int = 0

    def answer(self, messages: list[dict[str, str]], limit: int) -> Iterator[Any]:
        prompt = [Message(role=m["role"], content=m["content"]) for m in messages]
        generation = self.model.stream(prompt, max_tokens=limit)
        try:
            yield from generation
        finally:
            generation.close()
            self.prompt_tokens = generation.usage.prompt_tokens


@dataclass
class Request:
    path: str
    body: dict[str, Any]
    headers: dict[str, str] = field(repr=False)


class ModelServer:
    """Use as a context manager; `url` is its root, `requests` what was asked, in order."""

    def __init__(self, brain: Any = None) -> None:
        self.brain = brain or Script(["Hello", " there."])
        self.requests: list[Request] = []
        self.hung_up = threading.Event()
        server = self

        class Handler(_Handler):
            owner = server

        self._http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._http.server_address[1]}"

    def __enter__(self) -> Self:
        threading.Thread(target=self._http.serve_forever, args=(0.01,), daemon=True).start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._http.shutdown()
        self._http.server_close()

    def asked(self, path: str) -> list[dict[str, Any]]:
        """The bodies of the requests to `path`."""
        return [request.body for request in self.requests if request.path == path]

    def respond(self, handler: "_Handler", request: Request) -> None:
        raise NotImplementedError


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    owner: ModelServer

    def do_GET(self) -> None:
        self._respond({})

    def do_POST(self) -> None:
        self._respond(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))

    def _respond(self, body: dict[str, Any]) -> None:
        request = Request(self.path, body, dict(self.headers))
        self.owner.requests.append(request)
        self.owner.respond(self, request)

    def send_json(self, body: Any, status: int = 200) -> None:
        content = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def send_stream(self, kind: str, lines: Iterator[str | Mishap]) -> None:
        """Send the lines, chunked, as they come; a client that hangs up ends the brain."""
        self.close_connection = True
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Transfer-Encoding", "chunked")
        self.send_header("Connection", "close")
        self.end_headers()
        try:
            for line in lines:
                if line is Mishap.SILENCE:
                    self.connection.recv(1)  # returns when the other side closes
                    raise BrokenPipeError
                if line is Mishap.DROP:
                    return
                if line is Mishap.END:
                    break
                data = str(line).encode()
                self.wfile.write(b"%x\r\n%s\r\n" % (len(data), data))
            self.wfile.write(b"0\r\n\r\n")
        except (BrokenPipeError, ConnectionResetError):
            lines.close()  # type: ignore[attr-defined]  # they are generators
            self.owner.hung_up.set()

    def log_message(self, format: str, *args: Any) -> None:
        pass


@dataclass
class OllamaTag:
    """One model as Ollama describes it."""

    name: str
    modified_at: str = "2026-01-01T00:00:00.123456789+01:00"
    capabilities: Sequence[str] | None = ("completion", "tools")
    family: str = "qwen2"
    context_length: int = 32768
    remote_host: str = ""
    parameter_size: str = "3.1B"
    licence: str = "Apache License, Version 2.0"

    @property
    def _details(self) -> dict[str, str]:
        return {
            "format": "gguf",
            "family": self.family,
            "parameter_size": self.parameter_size,
            "quantization_level": "Q4_K_M",
        }

    def listed(self) -> dict[str, Any]:
        listed: dict[str, Any] = {
            "name": self.name,
            "model": self.name,
            "modified_at": self.modified_at,
            "size": 1_929_912_432,
            "digest": "357c53fb659c5076de1d65ccb0b397446227b71a42be9d1603d46168015c9e4b",
            "details": self._details,
        }
        return listed | ({"remote_host": self.remote_host} if self.remote_host else {})

    def shown(self) -> dict[str, Any]:
        shown: dict[str, Any] = {
            "template": "{{ .Prompt }}",
            "license": self.licence,
            "details": self._details,
            "model_info": {
                "general.architecture": self.family,
                f"{self.family}.context_length": self.context_length,
            },
        }
        return shown | ({"capabilities": list(self.capabilities)} if self.capabilities else {})


class OllamaSpeaker(ModelServer):
    """GET /api/version, /api/tags, /api/ps; POST /api/show, /api/chat, /api/pull.

    What is in `shelf` can be pulled: its layers come in four steps each, and wait at `gate`.
    """

    def __init__(
        self,
        models: Sequence[OllamaTag] = (),
        brain: Any = None,
        loaded: Sequence[str] = (),
        loaded_window: int = 4096,
    ) -> None:
        super().__init__(brain)
        self.models = {model.name: model for model in models}
        self.loaded = loaded
        self.loaded_window = loaded_window
        self.shelf: dict[str, OllamaTag] = {}
        self.pull_ends: Mishap | None = None
        self.gate = threading.Event()
        self.gate.set()

    def respond(self, handler: _Handler, request: Request) -> None:
        name = request.body.get("model", "")
        answers: dict[str, Callable[[], Any]] = {
            "/api/version": lambda: {"version": "0.12.6"},
            "/api/tags": lambda: {"models": [m.listed() for m in self.models.values()]},
            "/api/ps": lambda: {"models": [self._in_memory(name) for name in self.loaded]},
            "/api/show": lambda: self.models[name].shown(),
        }
        if request.path == "/api/pull":
            handler.send_stream("application/x-ndjson", self._pulled(name))
        elif name and name not in self.models:
            handler.send_json({"error": f"model '{name}' not found"}, 404)
        elif request.path in answers:
            handler.send_json(answers[request.path]())
        elif request.path != "/api/chat":
            handler.send_json({"error": "not found"}, 404)
        elif self.brain.status != 200:
            handler.send_json({"error": self.brain.error}, self.brain.status)
        else:
            handler.send_stream("application/x-ndjson", self._lines(name, request.body))

    def _pulled(self, name: str) -> Iterator[str | Mishap]:
        yield json.dumps({"status": "pulling manifest"}) + "\n"
        if name not in self.shelf:
            yield json.dumps({"error": "pull model manifest: file does not exist"}) + "\n"
            return
        for digest, total in (("sha256:aa", 3000), ("sha256:bb", 1000)):
            for done in range(0, total + 1, total // 4):
                if digest == "sha256:bb":
                    while not self.gate.wait(0.02):
                        yield "\n"  # so that a client that hangs up is noticed
                far = {"digest": digest, "total": total, "completed": done}
                yield json.dumps({"status": f"pulling {digest[7:]}", **far}) + "\n"
        if self.pull_ends is not None:
            yield self.pull_ends
        yield json.dumps({"status": "verifying sha256 digest"}) + "\n"
        self.models[name] = self.shelf[name]
        yield json.dumps({"status": "success"}) + "\n"

    def _in_memory(self, name: str) -> dict[str, Any]:
        return {**self.models[name].listed(), "context_length": self.loaded_window}

    def _lines(self, name: str, body: dict[str, Any]) -> Iterator[str | Mishap]:
        options = body["options"]
        said = self.brain.answer(body["messages"], options["num_predict"])
        count = 0
        try:
            for piece in said:
                if piece is Mishap.GARBAGE:
                    yield "<html>Bad gateway</html>\n"
                elif piece is Mishap.ERROR:
                    yield json.dumps({"error": "llama runner process no longer running"}) + "\n"
                elif isinstance(piece, Mishap):
                    yield piece
                elif isinstance(piece, Thought):
                    yield self._line(name, "", thinking=piece.text)
                else:
                    count += 1
                    yield self._line(name, piece)
        finally:
            said.close()
        yield self._line(
            name,
            "",
            done=True,
            done_reason="stop",
            prompt_eval_count=self.brain.prompt_tokens,
            eval_count=count,
            total_duration=1,
        )

    def _line(
        self, name: str, text: str, done: bool = False, thinking: str = "", **more: Any
    ) -> str:
        message = {"role": "assistant", "content": text}
        message |= {"thinking": thinking} if thinking else {}
        head = {"model": name, "created_at": "2026-01-01T00:00:00.5Z", "message": message}
        return json.dumps({**head, "done": done, **more}) + "\n"


class OpenAISpeaker(ModelServer):
    """GET /v1/models; POST /v1/chat/completions, streamed with a usage chunk and [DONE]."""

    def __init__(
        self, models: Sequence[str] = ("qwen",), brain: Any = None, **description: Any
    ) -> None:
        super().__init__(brain)
        self.models = models
        self.description = description

    def respond(self, handler: _Handler, request: Request) -> None:
        if request.path == "/v1/models":
            data = [{"id": name, "object": "model", **self.description} for name in self.models]
            handler.send_json({"object": "list", "data": data})
        elif request.path != "/v1/chat/completions":
            handler.send_json({"error": {"message": "Not Found", "type": "invalid_request"}}, 404)
        elif self.brain.status != 200:
            error = {"message": self.brain.error, "type": "server_error", "code": None}
            handler.send_json({"error": error}, self.brain.status)
        else:
            handler.send_stream("text/event-stream", self._lines(request.body))

    def _lines(self, body: dict[str, Any]) -> Iterator[str | Mishap]:
        said = self.brain.answer(body["messages"], body["max_tokens"])
        count = 0
        yield self._chunk({"role": "assistant", "content": None})
        try:
            for piece in said:
                if piece is Mishap.GARBAGE:
                    yield "data: <html>Bad gateway</html>\n\n"
                elif piece is Mishap.ERROR:
                    yield 'data: {"error": {"message": "CUDA out of memory", "code": 500}}\n\n'
                elif isinstance(piece, Mishap):
                    yield piece
                elif isinstance(piece, Thought):
                    yield self._chunk({"reasoning_content": piece.text})
                else:
                    count += 1
                    yield self._chunk({"content": piece})
        finally:
            said.close()
        yield self._chunk({}, finish="stop")
        read = self.brain.prompt_tokens
        usage = {"prompt_tokens": read, "completion_tokens": count, "total_tokens": read + count}
        yield self._chunk(None, usage=usage)
        yield "data: [DONE]\n\n"

    def _chunk(self, delta: dict[str, Any] | None, finish: str | None = None, **more: Any) -> str:
        choices = [{"index": 0, "delta": delta, "finish_reason": finish}]
        head = {
            "id": "chatcmpl-1",
            "object": "chat.completion.chunk",
            "created": 1,
            "model": "qwen",
        }
        body = {**head, "choices": choices if delta is not None else [], **more}
        return f"data: {json.dumps(body)}\n\n"
