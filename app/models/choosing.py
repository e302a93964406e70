"""Which language model answers, and why.

`choose` looks around and loads nothing. Only Ollama is looked for unasked. What is named and
missing raises ModelError with the command that mends it: nothing is ever replaced in silence by
something else.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import psutil

from app.models import compatible, gguf, ollama
from app.models.servers import is_loopback
from app.settings import Settings
from ingest.errors import ModelError

if TYPE_CHECKING:
    from ingest.known_weights import Weights

# The 1.5B takes 1.6 GB with two context windows of 4,096 tokens, the embedding model 0.5 GB, and
# the rest of the machine must not start swapping
MEMORY_FOR_1_5B = 3_000_000_000

EMBEDDED = {
    "embedded:1.5b": "Qwen2.5-Coder-1.5B-Instruct",
    "embedded:0.5b": "Qwen2.5-Coder-0.5B-Instruct",
}


@dataclass(frozen=True)
class ModelChoice:
    """A model, not yet loaded. `why` is a sentence for the user; windows are in tokens.

    `parameters` and `quantisation` are what its server or file says of it, empty where nothing.
    `loaded_window` is that with which Ollama has it in memory: with another it would load it anew.
    `host` is the other machine that it runs on, or empty.
    """

    kind: Literal["ollama", "openai", "embedded", "none"]
    name: str
    why: str
    context_window: int
    parameters: str = ""
    quantisation: str = ""
    loaded_window: int = 0
    can_think: bool = False
    host: str = ""

    @property
    def wish(self) -> str:
        """What the setting `model` says to have this one."""
        if self.kind in ("none", "embedded"):
            return next((key for key, name in EMBEDDED.items() if name == self.name), self.name)
        return f"{self.kind}:{self.name}"

    @property
    def spoken_of(self) -> str:
        """Its name as an answer has it: of a file not where it lies."""
        return Path(self.name).name if self.name.lower().endswith(".gguf") else self.name

    @property
    def where(self) -> str:
        """Where it runs, in words."""
        return f"at {self.host}" if self.host else "on this machine"

    @property
    def label(self) -> str:
        """What people call it."""
        return label_of(self.kind, self.name)

    @property
    def billions(self) -> float | None:
        """Parameters in billions, as far as the server, the file or the name tells."""
        return billions_in(self.parameters) or billions_in(self.name)


_SIZE = re.compile(r"(?<![\w.])(?:(\d+)x)?(\d+(?:\.\d+)?)\s*([bm])\b", re.IGNORECASE)
_OF_NO_INTEREST = re.compile(r"[-_ .](?:instruct|it|chat|gguf|awq|q\d\w*|latest)\b", re.IGNORECASE)


def billions_in(words: str) -> float | None:
    """Return the largest number of parameters that is named, in billions: 3.1B, 490M, 8x7B."""
    sizes = [
        int(times or 1) * float(number) / (1 if unit in "bB" else 1000)
        for times, number, unit in _SIZE.findall(re.sub(r"[-_:/]", " ", words))
    ]
    return max(sizes, default=None)


def label_of(kind: str, name: str) -> str:
    """Return what people call a model: of a file or release the family and its size."""
    if kind != "embedded":
        return name.removesuffix(":latest")
    release = Path(name).stem if name.lower().endswith(".gguf") else name
    return _OF_NO_INTEREST.sub("", release).replace("-", " ").replace("_", " ")


def choose(settings: Settings) -> ModelChoice:
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
        return _of_server(settings, wish.partition(":")[2])
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

    known = known_weights()
    return installed(known[choice.name]) if choice.name in known else Path(choice.name)


def embedded_weights(
    choice: ModelChoice, progress: Callable[[str, int, int], None] | None = None
) -> Path:
    """The GGUF file of an embedded model, fetched when it is not installed."""
    from ingest.weights import fetch

    return installed_weights(choice) or fetch(known_weights()[choice.name], progress)


def known_weights() -> "Mapping[str, Weights]":
    """The model files that Footnote fetches by itself, by the names of their models."""
    from ingest.known_weights import QWEN_0_5B, QWEN_1_5B

    return {EMBEDDED["embedded:1.5b"]: QWEN_1_5B, EMBEDDED["embedded:0.5b"]: QWEN_0_5B}


# -- Embedded ------------------------------------------------------------------------------------


def _found_by_itself(settings: Settings) -> ModelChoice:
    try:
        return _best_of_ollama(settings, is_sought=True)
    except ModelError as error:
        name, memory = _embedded_that_fits()
        return _embedded(settings, name, f"{error} So the embedded {name} is used; {memory}")


def _embedded_that_fits() -> tuple[str, str]:
    free = psutil.virtual_memory().available
    key = "embedded:1.5b" if free >= MEMORY_FOR_1_5B else "embedded:0.5b"
    return EMBEDDED[key], f"{free / 1e9:.1f} GB of memory are free."


def _embedded(settings: Settings, name: str, why: str) -> ModelChoice:
    window = settings.context_window
    return ModelChoice("embedded", name, why, window, quantisation="Q4_K_M")


def _weights_file(settings: Settings, path: Path) -> ModelChoice:
    if not path.is_file():
        raise ModelError(f"There is no file {path}, which the setting model names.")
    said = gguf.read_header(path)
    return ModelChoice(
        kind="embedded",
        name=str(path),
        why="It was chosen by the setting model, as a file.",
        context_window=_within(settings, said.window),
        parameters=said.parameters,
        quantisation=said.quantisation,
    )


def _within(settings: Settings, limit: int) -> int:
    """The window that is set, or what the model can, where that is less and known."""
    return min(settings.context_window, limit or settings.context_window)


# -- Ollama --------------------------------------------------------------------------------------


def _best_of_ollama(settings: Settings, is_sought: bool = False) -> ModelChoice:
    """The chat model that Ollama has loaded, else the one changed last. ModelError if none."""
    url = ollama.address_of(settings.ollama_url)
    for model in ollama.models_of(url, is_sought):
        # Models that Ollama only passes on to its cloud would send the documents away
        if model.can_chat and not model.host:
            reason = "already loaded" if model.is_loaded else "changed last"
            why = f"Ollama answers at {url}, and of its chat models this one was {reason}."
            return _ollama(settings, model, why)
    raise ModelError(
        f"Ollama at {url} has no local chat model (`footnote pull qwen2.5:3b` would get one)."
    )


def _ollama_as_named(settings: Settings, name: str) -> ModelChoice:
    if not name:
        return _best_of_ollama(settings)
    model = ollama.model_named(ollama.address_of(settings.ollama_url), name)
    if not model.can_chat:
        raise ModelError(
            f"{model.name} is an embedding model and cannot answer. Choose a chat model."
        )
    why = f"It was chosen by the setting model = {settings.model}."
    if model.host:
        why += f" Ollama runs it at {model.host}, not on this machine."
    return _ollama(settings, model, why)


def _ollama(settings: Settings, model: ollama.OllamaModelInfo, why: str) -> ModelChoice:
    """Ollama lowers num_ctx to what the model was trained for, in silence: so do we, in words."""
    url = ollama.address_of(settings.ollama_url)
    return ModelChoice(
        kind="ollama",
        name=model.name,
        why=why,
        context_window=_within(settings, model.window),
        parameters=model.parameters,
        quantisation=model.quantisation,
        loaded_window=model.loaded_window,
        can_think=model.can_think,
        host=model.host or ("" if is_loopback(url) else url),
    )


# -- OpenAI-compatible servers -------------------------------------------------------------------


def _of_server(settings: Settings, name: str) -> ModelChoice:
    if not settings.openai_url:
        raise ModelError(
            f"The setting model = {settings.model} needs the server's address too: set openai_url, "
            "for instance FOOTNOTE_OPENAI_URL=http://127.0.0.1:1234/v1."
        )
    url = compatible.base_of(settings.openai_url)
    windows = compatible.models_of(url, settings.openai_key)
    if not name and len(windows) == 1:
        name = next(iter(windows))
    if name not in windows:
        raise ModelError(
            f"The server at {url} has no model {name or 'by itself'}. It has: "
            f"{', '.join(sorted(windows)) or 'none at all'}. Choose one with model = openai:NAME."
        )
    why = f"It was chosen by the setting model = {settings.model}, at {url}."
    host = "" if is_loopback(url) else url
    return ModelChoice("openai", name, why, _within(settings, windows[name]), host=host)
