"""What was chosen on the page: it is kept in the home, and is what `auto` means from then on."""

import json
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from app.models.choosing import ModelChoice, choose
from ingest.errors import ModelError
from ingest.home import keep_private, make_private, write_whole

if TYPE_CHECKING:
    from app.settings import Settings

CHOSEN = "It was chosen on the page."


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

    def over(self, settings: "Settings") -> "Settings":
        """Return settings with what was chosen, where they leave it open."""
        auto = {name: getattr(self, name) or "auto" for name in ("model", "profile")}
        changed = {name: said for name, said in auto.items() if getattr(settings, name) == "auto"}
        url = settings.openai_url or self.openai_url
        return settings.model_copy(update={**changed, "openai_url": url})


def settled(settings: "Settings") -> "tuple[Settings, ModelChoice]":
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


def _file(home: Path) -> Path:
    return home / "chosen.json"
