"""What Ollama has: its models, what it says of each, and fetching one that is missing."""

import json
import os
import re
from collections.abc import Generator, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

import httpx

from app.models.servers import ASK_A_SERVER, LOOK_AROUND, ask, client_of, told
from ingest.errors import ModelError

_PORT = 11434
# Between two lines of a download, on a slow line to a slow registry
_PULLING = httpx.Timeout(120, connect=3)
_MODEL_NAME = re.compile(r"[A-Za-z0-9][\w.-]*(?:/[\w.-]+){0,3}(?::[\w.-]+)?")


@dataclass(frozen=True)
class OllamaModelInfo:
    """A model of Ollama; sizes in bytes and tokens, 0 for what it does not tell.

    `parameters` is its size in the server's own words ("3.1B"). `host` is where a model runs that
    Ollama only passes on to. `loaded_window` is that with which it is in memory now.
    """

    name: str
    bytes: int = 0
    parameters: str = ""
    quantisation: str = ""
    digest: str = ""
    licence: str = ""
    window: int = 0
    loaded_window: int = 0
    is_loaded: bool = False
    can_chat: bool = True
    can_think: bool = False
    host: str = ""


@dataclass(frozen=True)
class Pulled:
    """How far a download is; bytes, of the whole model as far as that is known yet."""

    status: str
    done: int = 0
    total: int = 0


def address_of(setting: str) -> str:
    """Where Ollama listens: by the setting, else by OLLAMA_HOST as Ollama reads it, else here."""
    if setting:
        return setting
    host = os.environ.get("OLLAMA_HOST", "").strip().strip("\"'").rstrip("/")
    parts = urlsplit(host if "://" in host else f"//{host}", scheme="http")
    try:
        port = parts.port or (_PORT if "://" not in host else None)
    except ValueError as error:
        raise ModelError(f"OLLAMA_HOST = {host} is not an address ({error}).") from error
    # What it listens on everywhere is asked here
    name = {"": "127.0.0.1", "0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(
        parts.hostname or "", parts.hostname or ""
    )
    name = f"[{name}]" if ":" in name and not name.startswith("[") else name
    return f"{parts.scheme}://{name}{f':{port}' if port else ''}{parts.path}"


def models_of(url: str, is_sought: bool = False) -> Iterator[OllamaModelInfo]:
    """Yield the models that Ollama has: the loaded ones first, then the one changed last.

    Each is asked about when it is its turn. `is_sought` says that nobody named this server, so that
    it is not waited for. Raises ModelError when it does
    not answer.
    """
    with client_of(url, LOOK_AROUND if is_sought else ASK_A_SERVER) as client:
        listed = _listed(client, url)
        client.timeout = ASK_A_SERVER
        loaded = _loaded(client, url)
        for each in sorted(listed, key=lambda one: (one["name"] not in loaded, -_changed(one))):
            yield _info(client, url, each, loaded.get(each["name"]))


def model_named(url: str, name: str) -> OllamaModelInfo:
    """Return a model of Ollama by its name, with or without `:latest`. Raises ModelError."""
    with client_of(url, ASK_A_SERVER) as client:
        listed = {each["name"]: each for each in _listed(client, url)}
        full = name if name in listed else f"{name}:latest"
        if full not in listed:
            raise ModelError(
                f"Ollama at {url} has no model {name}. Get it with `footnote pull {name}`, on the "
                f"page under the model's name, or with `ollama pull {name}`."
            )
        loaded = _loaded(client, url)
        return _info(client, url, listed[full], loaded.get(full))


def memory_of(url: str, name: str) -> int:
    """Return the bytes that a model takes in memory now; 0 where it is not loaded."""
    with client_of(url, ASK_A_SERVER) as client:
        return int(_loaded(client, url).get(name, {}).get("size") or 0)


def pull(url: str, name: str) -> Generator[Pulled, None, None]:
    """Have Ollama fetch a model, and yield how far it is; closing it hangs up.

    What was fetched of it stays with Ollama, which goes on from there the next time. Raises
    ModelError when it fails.
    """
    if not _MODEL_NAME.fullmatch(name):
        raise ModelError(f"“{name}” is not the name of a model, such as qwen2.5:3b.")
    layers: dict[str, tuple[int, int]] = {}
    with (
        client_of(url, _PULLING) as client,
        told(url),
        client.stream("POST", "/api/pull", json={"model": name, "stream": True}) as response,
    ):
        if response.is_error:
            response.read()
        response.raise_for_status()
        status = ""
        for line in response.iter_lines():
            news = json.loads(line) if line.strip() else {}
            if error := news.get("error"):
                raise ModelError(f"Ollama could not fetch {name}: {str(error)[:300]}")
            status = str(news.get("status") or status)
            if layer := news.get("digest"):
                layers[layer] = (int(news.get("completed") or 0), int(news.get("total") or 0))
            done, total = (sum(each[at] for each in layers.values()) for at in (0, 1))
            yield Pulled(status, done, total)
        if status != "success":
            raise ModelError(f"Ollama broke off while it fetched {name}. Try again: it goes on.")


def _listed(client: httpx.Client, url: str) -> list[dict[str, Any]]:
    models = ask(client, url, "/api/tags").get("models")
    if not isinstance(models, list):
        raise ModelError(f"What answers at {url} is not Ollama.")
    return models


def _loaded(client: httpx.Client, url: str) -> dict[str, dict[str, Any]]:
    return {each["name"]: each for each in ask(client, url, "/api/ps").get("models") or []}


def _info(
    client: httpx.Client, url: str, listed: dict[str, Any], loaded: dict[str, Any] | None
) -> OllamaModelInfo:
    about = ask(client, url, "/api/show", {"model": listed["name"]})
    details = {**(listed.get("details") or {}), **(about.get("details") or {})}
    capabilities = about.get("capabilities")
    trained = [
        value
        for key, value in (about.get("model_info") or {}).items()
        if key.endswith(".context_length") and isinstance(value, int)
    ]
    return OllamaModelInfo(
        name=listed["name"],
        bytes=int(listed.get("size") or 0),
        parameters=str(details.get("parameter_size") or ""),
        quantisation=str(details.get("quantization_level") or ""),
        digest=str(listed.get("digest") or ""),
        licence=str(about.get("license") or "").strip(),
        window=min(trained, default=0),
        loaded_window=int((loaded or {}).get("context_length") or 0),
        is_loaded=loaded is not None,
        can_chat=_can_chat(listed["name"], str(details.get("family") or ""), capabilities),
        can_think="thinking" in (capabilities or ()),
        host=str(listed.get("remote_host") or listed.get("remote_model") or ""),
    )


def _can_chat(name: str, family: str, capabilities: list[str] | None) -> bool:
    """By the capabilities Ollama lists; versions before 0.6 list none, there the family decides."""
    if capabilities:
        return "completion" in capabilities
    return "bert" not in family and "embed" not in name


def _changed(model: dict[str, Any]) -> float:
    try:
        return datetime.fromisoformat(model["modified_at"]).timestamp()
    except (KeyError, TypeError, ValueError):
        return 0.0
