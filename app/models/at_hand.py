"""The models that can be chosen: built in, in Ollama, behind another server. Nothing is loaded."""

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from app.models import compatible, gguf, ollama
from app.models.choosing import (
    EMBEDDED,
    ModelChoice,
    billions_in,
    installed_weights,
    known_weights,
    label_of,
)
from app.models.servers import is_loopback
from ingest.errors import ModelError

if TYPE_CHECKING:
    from app.settings import Settings


def in_words(tokens: int) -> str:
    """What so many tokens are to people: of English about three words in four, "3,100 words"."""
    words = 0.75 * tokens
    return f"{round(words, 1 - math.floor(math.log10(max(words, 1)))):,.0f} words"


@dataclass(frozen=True)
class AtHand:
    """A model that can be chosen by the setting `wish`; what nobody tells of it is 0 or empty.

    `window` is what it was made to read, in tokens. `host` is the other machine that it runs on.
    `is_here` is whether it can answer at once; else it has yet to be fetched.
    """

    wish: str
    name: str
    kind: str
    bytes: int = 0
    parameters: str = ""
    quantisation: str = ""
    window: int = 0
    host: str = ""
    is_here: bool = True

    @property
    def billions(self) -> float | None:
        """Parameters in billions, as far as its server, its file or its name tells."""
        return billions_in(self.parameters) or billions_in(self.wish)

    @property
    def facts(self) -> tuple[str, ...]:
        """What there is to say of it, in words."""
        facts = (
            f"{self.parameters} parameters" if self.parameters else "",
            f"{self.bytes / 1e9:.1f} GB" if self.bytes else "",
            self.quantisation,
            f"reads about {in_words(self.window)} at once" if self.window else "",
            f"runs at {self.host}" if self.host else "",
            "the documents’ own words alone" if self.kind == "none" else "",
        )
        return tuple(filter(None, facts))


@dataclass(frozen=True)
class Provider:
    """Where models are, and which; `problem` says why there are none.

    `can_fetch` says that it fetches one that is named, `is_named` that its address is given here.
    """

    name: str
    models: tuple[AtHand, ...] = ()
    problem: str = ""
    can_fetch: bool = False
    is_named: bool = False


def everywhere(settings: "Settings", own: ModelChoice | None = None) -> list[Provider]:
    """Look where the settings say that models are; servers are asked, for seconds at most.

    `own` is the model that Footnote was started with: where that is a file, it stays at hand.
    """
    return [built_in(own), of_ollama(settings.ollama_url), of_server(settings)]


def built_in(own: ModelChoice | None = None) -> Provider:
    """What needs no server."""
    found = [
        _of_file(ModelChoice("embedded", name, "", 0, "", "Q4_K_M"), known_weights()[name].size)
        for name in EMBEDDED.values()
    ]
    if own is not None and own.kind == "embedded" and own.wish not in EMBEDDED:
        found.append(_of_file(own, 0))
    return Provider("Built in", (*found, AtHand("none", "No model", "none")))


def of_ollama(setting: str) -> Provider:
    """What Ollama has that can answer; `setting` is its address, as far as one is set."""
    try:
        url = ollama.address_of(setting)
        elsewhere = "" if is_loopback(url) else url
        models = tuple(
            AtHand(
                wish=f"ollama:{each.name}",
                name=label_of("ollama", each.name),
                kind="ollama",
                bytes=each.bytes,
                parameters=each.parameters,
                quantisation=each.quantisation,
                window=each.window,
                host=each.host or elsewhere,
            )
            for each in ollama.models_of(url, is_sought=True)
            if each.can_chat
        )
    except ModelError as error:
        return Provider("Ollama", problem=str(error))
    problem = "" if models else "It has no model that can answer yet."
    return Provider("Ollama", models, problem, can_fetch=True)


def of_server(settings: "Settings") -> Provider:
    """What the server lists whose address is set, where one is."""
    provider = Provider("Another server", is_named=True)
    if not settings.openai_url:
        return provider
    url = compatible.base_of(settings.openai_url)
    try:
        windows = compatible.models_of(url, settings.openai_key)
    except ModelError as error:
        return replace(provider, problem=str(error))
    host = "" if is_loopback(url) else url
    models = tuple(
        AtHand(f"openai:{name}", name, "openai", window=window, host=host)
        for name, window in sorted(windows.items())
    )
    return replace(provider, models=models, problem="" if models else "It lists no models.")


def _of_file(choice: ModelChoice, size: int) -> AtHand:
    """A model in a file, of `size` bytes once it is here."""
    file = installed_weights(choice)
    said = gguf.read_header(file) if file else gguf.Header()
    return AtHand(
        wish=choice.wish,
        name=choice.label,
        kind="embedded",
        bytes=file.stat().st_size if file and file.is_file() else size,
        parameters=said.parameters,
        quantisation=said.quantisation or choice.quantisation,
        window=said.window,
        is_here=file is not None,
    )
