"""Which language model answers, and why.

`choose` looks around and loads nothing. Only Ollama is looked for unasked. What is named and
missing raises ModelError with the command that mends it: nothing is ever replaced in silence by
something else.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, Protocol
from urllib.parse import urlsplit

import httpx
import psutil

from ingest.errors import ModelError

if TYPE_CHECKING:
    from ingest.known_weights import Weights

# The 1.5B takes 1.6 GB with two context windows of 4,096 tokens, the embedding model 0.5 GB, and
# the rest of the machine must not start swapping
MEMORY_FOR_1_5B = 3_000_000_000

# Of the local kind, Ollama answers in milliseconds; without one the user should hardly wait
LOOK_FOR_OLLAMA = httpx.Timeout(0.5)
ASK_A_SERVER = httpx.Timeout(10, connect=3)

EMBEDDED = {
    "embedded:1.5b": "Qwen2.5-Coder-1.5B-Instruct",
    "embedded:0.5b": "Qwen2.5-Coder-0.5B-Instruct",
}


class ModelSettings(Protocol):
    """The settings that matter here; tokens, seconds."""

    @property
    def model(self) -> str: ...
    @property
    def ollama_url(self) -> str: ...
    @property
    def openai_url(self) -> str: ...
    @property
    def openai_key(self) -> str: ...
    @property
    def context_window(self) -> int: ...
    @property
    def model_timeout_s(self) -> float: ...


@dataclass(frozen=True)
class ModelChoice:
    """A model, not yet loaded. `why` is a sentence for the user; the window is in tokens."""

    kind: Literal["ollama", "openai", "embedded", "none"]
    name: str
    why: str
    context_window: int


def choose(settings: ModelSettings) -> ModelChoice:
    """Decide which model answers. Asks servers, at most for seconds; loads nothing.

    Raises ModelError when the model that the settings name is not there.
    """
    wish = settings.model.strip()
    if wish == "auto":
        return _found_by_itself(settings)
    if wish == "none":
        why = "The setting model = none was made: answers are the best verified quotes."
        return ModelChoice("none", "none", why, settings.context_window)
    if wish == "ollama" or wish.startswith("ollama:"):
        return _ollama_as_named(settings, wish.partition(":")[2])
    if wish == "openai" or wish.startswith("openai:"):
        return _openai_as_named(settings, wish.partition(":")[2])
    if wish == "embedded":
        name, memory = _embedded_that_fits()
        return _embedded(settings, name, f"It was chosen by the setting model = embedded; {memory}")
    if wish in EMBEDDED:
        return _embedded(settings, EMBEDDED[wish], f"It was chosen by the setting model = {wish}.")
    if wish.lower().endswith(".gguf"):
        return _weights_file(settings, Path(wish).expanduser())
    raise ModelError(
        f"The setting model = {wish!r} names no model. It can be auto, none, embedded, "
        "embedded:0.5b, embedded:1.5b, ollama, ollama:NAME, openai:NAME, or a path to a .gguf file."
    )


def installed_weights(choice: ModelChoice) -> Path | None:
    """The GGUF file of an embedded model; None when it has yet to be fetched."""
    from ingest.weights import installed

    known = _known_weights()
    return installed(known[choice.name]) if choice.name in known else Path(choice.name)


def embedded_weights(
    choice: ModelChoice, progress: Callable[[str, int, int], None] | None = None
) -> Path:
    """The GGUF file of an embedded model, fetched when it is not installed."""
    from ingest.weights import fetch

    return installed_weights(choice) or fetch(_known_weights()[choice.name], progress)


def _known_weights() -> "dict[str, Weights]":
    from ingest.known_weights import QWEN_0_5B, QWEN_1_5B

    return {EMBEDDED["embedded:1.5b"]: QWEN_1_5B, EMBEDDED["embedded:0.5b"]: QWEN_0_5B}


def is_loopback(url: str) -> bool:
    """Whether the address is this machine's; a proxy has no business in between then."""
    return (urlsplit(url).hostname or "") in {"localhost", "127.0.0.1", "::1", "0.0.0.0"}


def openai_base(url: str) -> str:
    """The address with the /v1 that people forget; one with a path of its own is left alone."""
    url = url.rstrip("/")
    return url if urlsplit(url).path else f"{url}/v1"


# -- Embedded ------------------------------------------------------------------------------------


def _found_by_itself(settings: ModelSettings) -> ModelChoice:
    try:
        return _best_of_ollama(settings)
    except ModelError as error:
        name, memory = _embedded_that_fits()
        return _embedded(settings, name, f"{error} So the embedded {name} is used; {memory}")


def _embedded_that_fits() -> tuple[str, str]:
    free = psutil.virtual_memory().available
    key = "embedded:1.5b" if free >= MEMORY_FOR_1_5B else "embedded:0.5b"
    return EMBEDDED[key], f"{free / 1e9:.1f} GB of memory are free."


def _embedded(settings: ModelSettings, name: str, why: str) -> ModelChoice:
    return ModelChoice("embedded", name, why, settings.context_window)


def _weights_file(settings: ModelSettings, path: Path) -> ModelChoice:
    if not path.is_file():
        raise ModelError(f"There is no file {path}, which the setting model names.")
    return _embedded(settings, str(path), "It was chosen by the setting model, as a file.")


# -- Ollama --------------------------------------------------------------------------------------


def _best_of_ollama(settings: ModelSettings) -> ModelChoice:
    """The chat model that Ollama has loaded, else the one changed last. ModelError if none."""
    url = settings.ollama_url
    with _client(url, LOOK_FOR_OLLAMA) as client:
        models = _ollama_models(client, url)
        client.timeout = ASK_A_SERVER
        loaded = [m["name"] for m in _get(client, "/api/ps", url).get("models") or []]
        # Models that Ollama only passes on to its cloud would send the documents away
        local = [m for m in models if not m.get("remote_host") and not m.get("remote_model")]
        local.sort(key=_changed, reverse=True)
        local.sort(key=lambda model: model["name"] not in loaded)
        for model in local:
            about = _post(client, "/api/show", {"model": model["name"]}, url)
            if _can_chat(model["name"], about):
                reason = "already loaded" if model["name"] in loaded else "changed last"
                why = f"Ollama answers at {url}, and of its chat models this one was {reason}."
                return _ollama(settings, model["name"], about, why)
    raise ModelError(
        f"Ollama at {url} has no local chat model (`ollama pull qwen2.5:3b` would get one)."
    )


def _ollama_as_named(settings: ModelSettings, name: str) -> ModelChoice:
    if not name:
        return _best_of_ollama(settings)
    url = settings.ollama_url
    with _client(url, ASK_A_SERVER) as client:
        names = {model["name"]: model for model in _ollama_models(client, url)}
        full = name if name in names else f"{name}:latest"
        if full not in names:
            raise ModelError(
                f"Ollama at {url} has no model {name}. Get it with `ollama pull {name}`."
            )
        about = _post(client, "/api/show", {"model": full}, url)
    if not _can_chat(full, about):
        raise ModelError(f"{full} is an embedding model and cannot answer. Choose a chat model.")
    why = f"It was chosen by the setting model = {settings.model}."
    if host := names[full].get("remote_host"):
        why += f" Ollama runs it at {host}, not on this machine."
    return _ollama(settings, full, about, why)


def _ollama(settings: ModelSettings, name: str, about: dict[str, Any], why: str) -> ModelChoice:
    """Ollama lowers num_ctx to what the model was trained for, in silence: so do we, in words."""
    trained = [
        value
        for key, value in (about.get("model_info") or {}).items()
        if key.endswith(".context_length") and isinstance(value, int)
    ]
    return ModelChoice("ollama", name, why, min([settings.context_window, *trained]))


def _ollama_models(client: httpx.Client, url: str) -> list[dict[str, Any]]:
    models = _get(client, "/api/tags", url).get("models")
    if not isinstance(models, list):
        raise ModelError(f"What answers at {url} is not Ollama.")
    return models


def _can_chat(name: str, about: dict[str, Any]) -> bool:
    """By the capabilities Ollama lists; versions before 0.6 list none, there the family decides."""
    if capabilities := about.get("capabilities"):
        return "completion" in capabilities
    family = str((about.get("details") or {}).get("family", ""))
    return "bert" not in family and "embed" not in name


def _changed(model: dict[str, Any]) -> float:
    try:
        return datetime.fromisoformat(model["modified_at"]).timestamp()
    except (KeyError, TypeError, ValueError):
        return 0.0


# -- OpenAI-compatible servers -------------------------------------------------------------------


def _openai_as_named(settings: ModelSettings, name: str) -> ModelChoice:
    if not settings.openai_url:
        raise ModelError(
            f"The setting model = {settings.model} needs the server's address too: set openai_url, "
            "for instance FOOTNOTE_OPENAI_URL=http://127.0.0.1:1234/v1."
        )
    url = openai_base(settings.openai_url)
    headers = {"Authorization": f"Bearer {settings.openai_key}"} if settings.openai_key else {}
    with _client(url, ASK_A_SERVER, headers) as client:
        listed = _get(client, "/models", url).get("data") or []
    models = {model["id"]: model for model in listed}
    if not name and len(models) == 1:
        name = next(iter(models))
    if name not in models:
        raise ModelError(
            f"The server at {url} has no model {name or 'by itself'}. It has: "
            f"{', '.join(sorted(models)) or 'none at all'}. Choose one with model = openai:NAME."
        )
    limit = models[name].get("max_model_len")  # vLLM says so, others refuse what is too long
    window = min([settings.context_window, *([limit] if isinstance(limit, int) else [])])
    why = f"It was chosen by the setting model = {settings.model}, at {url}."
    return ModelChoice("openai", name, why, window)


# -- HTTP ----------------------------------------------------------------------------------------


def _client(
    url: str, timeout: httpx.Timeout, headers: dict[str, str] | None = None
) -> httpx.Client:
    if urlsplit(url).scheme not in {"http", "https"}:
        raise ModelError(f"{url!r} is not the address of a server; it must begin with http://.")
    return httpx.Client(
        base_url=url, timeout=timeout, headers=headers, trust_env=not is_loopback(url)
    )


def _get(client: httpx.Client, path: str, url: str) -> dict[str, Any]:
    return _json(lambda: client.get(path), url)


def _post(client: httpx.Client, path: str, body: dict[str, str], url: str) -> dict[str, Any]:
    return _json(lambda: client.post(path, json=body), url)


def _json(request: Callable[[], httpx.Response], url: str) -> dict[str, Any]:
    try:
        response = request()
        response.raise_for_status()
        found = response.json()
    except httpx.HTTPStatusError as error:
        raise ModelError(
            f"The model server at {url} answered {error.response.status_code}: "
            f"{error.response.text.strip()[:200]}"
        ) from error
    except httpx.TimeoutException as error:
        raise ModelError(f"No model server answered at {url} in time.") from error
    except httpx.HTTPError as error:
        raise ModelError(f"No model server was found at {url}.") from error
    except ValueError as error:
        raise ModelError(f"What answers at {url} is not a model server.") from error
    if not isinstance(found, dict):
        raise ModelError(f"What answers at {url} is not a model server.")
    return found
