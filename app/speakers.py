"""Which models answer: who chose what, and one that is fetched meanwhile.

Where only the user of this machine reaches the page, a choice is theirs: it holds for every tab and
program, is kept in the home, and is what `model = auto` means from then on. Where others reach it,
each visitor chooses for themselves, and only among the models that Ollama runs here: nobody has the
server load weights, fetch a model, ask an address, or send documents to another machine.
"""

import threading
from collections.abc import Generator
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from app.engine import Engine
from app.models import compatible, ollama
from app.models.at_hand import Provider, everywhere, of_ollama
from app.models.choosing import EMBEDDED, ModelChoice, choose, installed_weights
from app.models.chosen import CHOSEN, Chosen
from app.opening import open_model, profile_for
from app.settings import Settings
from ingest.errors import ModelError

if TYPE_CHECKING:
    from app.models.language_model import LanguageModel

NOT_YOURS = "Which models there are is decided by whoever runs Footnote."


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
        found, why = profile_for(self.engine_of(owner).model_choice, self.settings)
        return found.name, why

    def at_hand(self) -> list[Provider]:
        """Look around for models; servers are asked, for seconds at most."""
        if not self.is_shared:
            return everywhere(self.settings, self._at_start)
        found = of_ollama(self.settings.ollama_url)
        models = tuple(each for each in found.models if not each.host)
        return [replace(found, models=models, can_fetch=False)]

    def choose(self, owner: str, wish: str) -> None:
        """Have a visitor answered by another model from their next question on.

        Raises ModelError where it cannot be had, or is none of those that they can choose.
        """
        settings = self.settings.model_copy(update={"model": wish})
        choice = replace(self._allowed(wish, settings), why=CHOSEN)
        profile, _ = profile_for(choice, settings)
        with self._changing:
            if self.is_shared:
                if wish not in self._opened:
                    self._opened[wish] = open_model(choice, settings)
                self._own[owner] = replace(
                    self.engine, model=self._opened[wish], model_choice=choice, profile=profile
                )
                return
            engine, before = self.engine, self.engine.model
            engine.model = open_model(choice, settings)
            engine.model_choice, engine.profile = choice, profile
            if before is not None:
                before.retire()  # once it has finished what it is at
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
            self.engine.profile, _ = profile_for(self.engine.model_choice, self.settings)

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

    def _allowed(self, wish: str, settings: Settings) -> ModelChoice:
        """The model that is wished for, where it is one that can be chosen here."""
        offered = ("ollama:",) if self.is_shared else ("ollama:", "openai:")
        own = set() if self.is_shared else {*EMBEDDED, "none", self._at_start.wish}
        if wish.startswith(offered) or wish in own:
            choice = choose(settings)
            is_here = choice.kind != "embedded" or installed_weights(choice) is not None
            if choice.wish == wish and is_here and not (self.is_shared and choice.host):
                return choice
        raise ModelError(f"There is no model {wish} here. Choose another.")

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
