"""Which models answer: what is at hand, who chose what, and one that is fetched meanwhile.

Where only the user of this machine reaches the page, a choice is theirs: it holds for every tab and
program, is kept in the home, and is what `model = auto` means from then on. Where others reach it,
each visitor chooses for themselves, and only among the models that Ollama runs here: nobody has the
server load weights, fetch a model, ask an address, or send documents to another machine.
"""

import json
import threading
from collections.abc import Generator
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from app.engine import Engine
from app.models import compatible, ollama
from app.models.choosing import (
    EMBEDDED,
    ModelChoice,
    choose,
    installed_weights,
    known_weights,
    label_of,
)
from app.models.servers import is_loopback
from app.opening import open_model, open_profile
from app.settings import Settings
from app.writing.profiles import profile_of
from ingest.errors import ModelError
from ingest.home import keep_private, make_private, write_whole

if TYPE_CHECKING:
    from app.models.providers import LanguageModel

CHOSEN = "It was chosen on the page."
NOT_YOURS = "Which models there are is decided by whoever runs Footnote."


@dataclass(frozen=True)
class AtHand:
    """A model that can be chosen by the setting `wish`. `facts` are words about it.

    `is_here` is whether it can answer at once; else it has yet to be fetched. `is_local` is whether
    it runs on this machine.
    """

    wish: str
    name: str
    facts: tuple[str, ...] = ()
    is_here: bool = True
    is_local: bool = True


@dataclass(frozen=True)
class Place:
    """Where models are, and which; `problem` says why there are none."""

    name: str
    models: tuple[AtHand, ...] = ()
    problem: str = ""


@dataclass(frozen=True)
class Chosen:
    """What was chosen on the page, and outlasts it; all empty at first."""

    model: str = ""
    openai_url: str = ""
    profile: str = ""

    @classmethod
    def read(cls, home: Path) -> "Chosen":
        """Return what was chosen in this home; what cannot be read was not."""
        with suppress(OSError, ValueError, TypeError):
            return cls(**json.loads(_file(home).read_text("utf-8")))
        return cls()

    def write(self, home: Path) -> None:
        """Keep it, for the home's owner alone. Raises CatalogueError where that cannot be."""
        make_private(home)
        write_whole(_file(home), json.dumps(vars(self)))
        keep_private(home)

    def over(self, settings: Settings) -> Settings:
        """Return settings with what was chosen, where they leave it open."""
        return settings.model_copy(
            update={
                "model": self.model if settings.model == "auto" and self.model else settings.model,
                "openai_url": settings.openai_url or self.openai_url,
                "profile": self.profile
                if settings.profile == "auto" and self.profile
                else settings.profile,
            }
        )


def settled(settings: Settings) -> tuple[Settings, ModelChoice]:
    """Return the settings with what was chosen on the page, and the model that answers by them.

    One that was chosen and is not there now is said, and `auto` decides as if nothing had been.
    """
    chosen = Chosen.read(settings.home)
    wanted = chosen.over(settings)
    if wanted.model == settings.model:
        return wanted, choose(wanted)
    try:
        return wanted, replace(choose(wanted), why=CHOSEN)
    except ModelError as error:
        wanted = wanted.model_copy(update={"model": settings.model})
        choice = choose(wanted)
        why = f"{chosen.model} was chosen on the page, and is not there now. {error} {choice.why}"
        return wanted, replace(choice, why=why)


@dataclass
class Speakers:
    """The models over one engine. `is_shared` says that others than its user reach the page."""

    engine: Engine
    settings: Settings
    is_shared: bool = False
    _own: dict[str, Engine] = field(default_factory=dict)
    _opened: "dict[str, LanguageModel | None]" = field(default_factory=dict)
    _changing: threading.Lock = field(default_factory=threading.Lock)

    def __post_init__(self) -> None:
        self._as_set = self.settings
        self._at_start = self.engine.model_choice
        self.settings = Chosen.read(self.settings.home).over(self.settings)

    def engine_of(self, owner: str) -> Engine:
        """Return what answers this visitor, with the model that they chose."""
        return self._own.get(owner, self.engine)

    def profile(self, owner: str) -> tuple[str, str]:
        """Return the name of the profile of a visitor's model, and why it has this one."""
        choice = self.engine_of(owner).model_choice
        found, why = profile_of(choice.billions, choice.kind, self.settings.profile)
        return found.name, why

    def at_hand(self) -> list[Place]:
        """Look around for models; servers are asked, for seconds at most."""
        if self.is_shared:
            return [self._of_ollama()]
        return [self._embedded(), self._of_ollama(), self._of_server()]

    def choose(self, owner: str, wish: str) -> None:
        """Have a visitor answered by another model from their next question on.

        Raises ModelError where it cannot be had, or is none of those that they can choose.
        """
        known = {each.wish for place in self.at_hand() for each in place.models if each.is_here}
        if wish not in known:
            raise ModelError(f"There is no model {wish} here. Choose another.")
        settings = self.settings.model_copy(update={"model": wish})
        choice = replace(choose(settings), why=CHOSEN)
        with self._changing:
            if self.is_shared:
                if wish not in self._opened:
                    self._opened[wish] = open_model(choice, settings)
                self._own[owner] = replace(
                    self.engine,
                    model=self._opened[wish],
                    model_choice=choice,
                    profile=open_profile(choice, settings),
                )
                return
            model = open_model(choice, settings)
            self.engine.speak_by(model, choice, open_profile(choice, settings))
            self._keep(model=wish)

    def set_profile(self, profile: str) -> None:
        """Have the model's prose stand where a small or a capable one's does; "auto" by its size.

        Raises ModelError for anybody but the user of this machine.
        """
        self._only_its_user()
        if profile not in ("auto", "small", "capable"):
            raise ModelError(f"There is no profile {profile}.")
        with self._changing:
            self._keep(profile="" if profile == "auto" else profile)
            self.engine.profile = open_profile(self.engine.model_choice, self.settings)

    def connect(self, typed: str) -> None:
        """List the models of the server at an address from now on; none where it is empty.

        Raises ModelError for what is no address, where nothing answers there, and for anybody but
        the user of this machine.
        """
        self._only_its_user()
        address = compatible.checked_address(typed) if typed.strip() else ""
        if address:
            compatible.models_of(address, self._key_for(address))
        with self._changing:
            self._keep(openai_url=address)

    def pull(self, name: str) -> Generator[ollama.Pulled, None, None]:
        """Have Ollama fetch a model. Raises ModelError, also for anybody but its user."""
        self._only_its_user()
        yield from ollama.pull(ollama.address_of(self.settings.ollama_url), name.strip())

    def close(self) -> None:
        """Let go of the models, the engine's own and those that visitors chose."""
        self.engine.close()
        for model in self._opened.values():
            if model is not None:
                model.close()

    def _only_its_user(self) -> None:
        if self.is_shared:
            raise ModelError(NOT_YOURS)

    def _keep(self, **changes: str) -> None:
        chosen = replace(Chosen.read(self.settings.home), **changes)
        chosen.write(self.settings.home)
        server = changes.get("openai_url", self.settings.openai_url)
        self.settings = chosen.over(self._as_set).model_copy(
            update={"openai_url": server, "openai_key": self._key_for(server)}
        )

    def _key_for(self, address: str) -> str:
        """The key that is set is for the server that is set, or, where none is, for any."""
        own = self._as_set.openai_url
        is_own = not own or compatible.base_of(own) == compatible.base_of(address or own)
        return self._as_set.openai_key if is_own else ""

    def _embedded(self) -> Place:
        found = []
        for wish, name in EMBEDDED.items():
            weights = known_weights()[name]
            is_here = installed_weights(ModelChoice("embedded", name, "", 0)) is not None
            found.append(
                AtHand(
                    wish,
                    label_of("embedded", name),
                    _facts(weights.size, quantisation="Q4_K_M"),
                    is_here,
                )
            )
        own = self._at_start  # a file of weights: what else is chosen, it stays at hand
        if own.kind == "embedded" and own.wish not in EMBEDDED:
            size = Path(own.name).stat().st_size if Path(own.name).is_file() else 0
            found.append(
                AtHand(own.wish, own.label, _facts(size, own.parameters, own.quantisation))
            )
        found.append(AtHand("none", "No model", ("the documents’ own words alone",)))
        return Place("Built in", tuple(found))

    def _of_ollama(self) -> Place:
        try:
            url = ollama.address_of(self.settings.ollama_url)
            found = [each for each in ollama.models_of(url, is_sought=True) if each.can_chat]
        except ModelError as error:
            return Place("Ollama", problem=str(error))
        if self.is_shared:
            found = [each for each in found if not each.host]
        models = tuple(
            AtHand(
                f"ollama:{each.name}",
                label_of("ollama", each.name),
                (f"runs at {each.host}",)
                if each.host
                else _facts(each.bytes, each.parameters, each.quantisation, each.window),
                is_local=not each.host and is_loopback(url),
            )
            for each in found
        )
        return Place("Ollama", models, "" if models else "It has no model that can answer yet.")

    def _of_server(self) -> Place:
        place = "Another server"
        if not self.settings.openai_url:
            return Place(place)
        url = compatible.base_of(self.settings.openai_url)
        try:
            windows = compatible.models_of(url, self._key_for(url))
        except ModelError as error:
            return Place(place, problem=str(error))
        models = tuple(
            AtHand(f"openai:{name}", name, _facts(window=window), is_local=is_loopback(url))
            for name, window in sorted(windows.items())
        )
        return Place(place, models, "" if models else "It lists no models.")


def _facts(
    size: int = 0, parameters: str = "", quantisation: str = "", window: int = 0
) -> tuple[str, ...]:
    facts = (
        f"{parameters} parameters" if parameters else "",
        f"{size / 1e9:.1f} GB" if size else "",
        quantisation,
        f"reads {window:,} tokens" if window else "",
    )
    return tuple(filter(None, facts))


def _file(home: Path) -> Path:
    return home / "chosen.json"
