"""The panel of models: which can answer, choosing one, fetching one, another server's address."""

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from typing import Any

import gradio as gr

from app.engine import Engine
from app.models.at_hand import in_words
from app.models.ollama import Pulled
from app.models.servers import is_loopback
from app.page import render
from app.page.background import Background
from app.page.telling import UNKNOWN
from app.page.visitors import Visitors
from app.quoting.lines import counted
from app.speakers import NOT_YOURS, Speakers
from app.templating import template
from ingest.errors import FootnoteError

_PROFILES = (
    ("auto", "As suits it"),
    ("small", "Prose below the quotes"),
    ("capable", "Prose above the quotes"),
)
_PAUSE_S = 0.3  # between two drawings of the panel

log = logging.getLogger(__name__)


class _Pull:
    """A model that is being fetched, on a thread of its own; it goes on when the panel is shut."""

    def __init__(self, name: str, speakers: Speakers) -> None:
        self.name = name
        self.far = Pulled("asking for it")
        self._speakers = speakers
        self.work: Background[Pulled] = Background(self._run, pause=_PAUSE_S)

    def _run(self, report: Callable[[Pulled], bool]) -> None:
        with closing(self._speakers.pull(self.name)) as steps:
            for self.far in steps:
                if not report(self.far):
                    return

    @property
    def share(self) -> float | None:
        return round(self.far.done / self.far.total, 4) if self.far.total else None

    @property
    def words(self) -> str:
        if not self.far.total:
            return self.far.status
        return f"{self.far.done / 1e9:.2f} of {self.far.total / 1e9:.2f} GB"


class Speaking:
    """The handlers of the panel. What they return is the panel, and the line that opens it."""

    def __init__(self, speakers: Speakers, visitors: Visitors) -> None:
        self._speakers = speakers
        self._visitors = visitors
        self._pulling: _Pull | None = None
        self._told = ""  # of what was fetched last, until something else is done
        self._beginning = threading.Lock()

    def look(self, request: gr.Request) -> Iterator[tuple[str, str]]:
        """Show what is at hand now, and what is being fetched while it is."""
        if self._pulling is None:
            yield self._shown(request, said=self._told)
        else:
            yield from self._watched(self._pulling, request)

    def speak(self, event: gr.EventData, request: gr.Request) -> tuple[str, str]:
        """Have another model word the answers from now on."""
        owner = self._owner(request)
        return self._after(request, lambda: self._speakers.choose(owner, str(event.wish)))

    def set_profile(self, event: gr.EventData, request: gr.Request) -> tuple[str, str]:
        """Have the prose of models stand elsewhere."""
        return self._after(request, lambda: self._speakers.set_profile(str(event.profile)))

    def connect(self, event: gr.EventData, request: gr.Request) -> tuple[str, str]:
        """List the models of a server at an address."""
        return self._after(request, lambda: self._speakers.connect(str(event.address)))

    def _after(self, request: gr.Request, change: Callable[[], None]) -> tuple[str, str]:
        self._told = ""
        try:
            change()
        except FootnoteError as problem:
            return self._shown(request, problem=str(problem))
        return self._shown(request)

    def pull(self, event: gr.EventData, request: gr.Request) -> Iterator[tuple[str, str]]:
        """Fetch a model, and show how far it is; one at a time."""
        if self._speakers.is_shared:
            yield self._shown(request, problem=NOT_YOURS)
            return
        with self._beginning:
            pull = self._pulling or _Pull(str(event.name).strip(), self._speakers)
            self._pulling = pull
        yield from self._watched(pull, request)

    def stop_pull(self, request: gr.Request) -> None:
        """Cancel it. What was fetched stays with Ollama, which goes on from there another time."""
        if self._pulling is not None and not self._speakers.is_shared:
            self._pulling.work.stop()

    def _watched(self, pull: _Pull, request: gr.Request) -> Iterator[tuple[str, str]]:
        providers = self._speakers.at_hand()
        problem = said = ""
        try:
            yield self._shown(request, providers=providers)
            for _ in pull.work:
                yield self._shown(request, providers=providers)
            said = f"{pull.name} is here now: choose it below."
        except FootnoteError as fault:
            problem = str(fault)
        except Exception:
            log.exception("Fetching a model failed")
            problem = UNKNOWN
        if pull.work.stopped:
            said, problem = f"{pull.name} was not fetched to its end.", ""
        if self._pulling is pull:
            self._pulling, self._told = None, said
        yield self._shown(request, problem, said)

    def _shown(
        self, request: gr.Request, problem: str = "", said: str = "", providers: Any = None
    ) -> tuple[str, str]:
        speakers, owner = self._speakers, self._owner(request)
        now = speakers.engine_of(owner).model_choice
        _, why = speakers.profile(owner)
        address = speakers.settings.openai_url
        panel = template("app.page", "models.html").render(
            now=now,
            said=said,
            problem=problem,
            providers=speakers.at_hand() if providers is None else providers,
            pulling=self._pulling,
            is_shared=speakers.is_shared,
            not_yours=NOT_YOURS,
            address=address,
            has_key=bool(speakers.settings.openai_key),
            leaves=bool(address) and not is_loopback(address),
            profile_why=why,
            profile_set=speakers.settings.profile,
            profiles=_PROFILES,
            facts=_facts(speakers.engine_of(owner), speakers.settings.threads),
        )
        return panel, render.model_line(now)

    def _owner(self, request: gr.Request) -> str:
        return self._visitors.owner(request.cookies, str(request.session_hash))


def _facts(engine: Engine, threads: int | None) -> str:
    """What its model is given and takes, for who wants to know."""
    choice, model = engine.model_choice, engine.model
    reads = f"It reads and writes about {in_words(choice.context_window)} at most."
    if choice.kind != "embedded" or model is None:
        return reads
    from app.models.embedded import physical_cores

    computes = f"computes on {counted(threads or physical_cores(), 'thread')}"
    return f"{reads} It takes {model.memory / 1e9:.1f} GB of memory now, and {computes}."
