"""Asking, stopping, asking again: what happens between the question box and the engine.

Nothing of a visitor is kept here but which conversation each tab shows. What a tab shows is read
from the journal, so that it is the same after a reload, in another tab, and after a restart.
"""

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from itertools import takewhile
from typing import Any

import gradio as gr

from app.conversations import Conversations
from app.engine import Engine
from app.journal import Complaint
from app.library import Library
from app.page import listed, render
from app.page.answering import Answering
from app.page.asking import asking
from app.page.judging import LONGEST_NOTE, Opinion, as_complaint
from app.page.render import Exchange, Shown
from app.page.sources import sources
from app.page.tabs import Tab
from app.page.visitors import Visitors
from app.scope import Scope
from app.understanding.follow_up import Turn
from ingest.catalogue import Document
from ingest.errors import FootnoteError

LINGER_S = 60.0
"""Seconds an answer goes on when no tab shows its conversation any more."""

View = tuple[Any, ...]
"""New values for: the chat, the sources, the spoken status, the question box, the model line, the
list of conversations, what is asked."""


class Chat:
    """The handlers of the chat. `_shown` has the conversation that each tab shows, by session.

    `engine_of` says what answers a visitor, with the model that they chose.
    """

    def __init__(
        self,
        engine_of: Callable[[str], Engine],
        conversations: Conversations,
        library: Library,
        visitors: Visitors,
        keep_days: int | None = None,
    ) -> None:
        self._engine_of = engine_of
        self._conversations = conversations
        self._library = library
        self._visitors = visitors
        self._keep_days = keep_days
        self._answering = Answering(conversations)
        self._shown: dict[str, Shown] = {}
        self._beginning = threading.Lock()  # a turn that is kept, and not yet being answered

    def visit(self, event: gr.EventData, request: gr.Request) -> Iterator[View]:
        """Show what is at an address, and what is being answered there."""
        self._forget_old()
        yield from self._told(self._watch(Tab.parse(str(event.at)), request), request)

    def ask(self, question: str, at: str, request: gr.Request) -> Iterator[View]:
        """Answer what is in the question box."""
        asked = self._ask(question, Tab.parse(at), request, clear_box=True)
        yield from self._told(asked, request)

    def ask_example(self, event: gr.EventData, request: gr.Request) -> Iterator[View]:
        """Answer the example that was chosen."""
        asked = self._ask(str(event.question), Tab.parse(str(event.at)), request)
        yield from self._told(asked, request)

    def retry(self, event: gr.EventData, request: gr.Request) -> Iterator[View]:
        """Answer an earlier question again; what came after it stays as a branch."""
        tab, turn = Tab.parse(str(event.at)), str(event.turn)
        yield from self._told(self._ask_again(tab, turn, request), request)

    def edit(self, event: gr.EventData, request: gr.Request) -> Iterator[View]:
        """Answer an earlier question as it is worded now; what came after it stays as a branch."""
        tab, turn = Tab.parse(str(event.at)), str(event.turn)
        yield from self._told(self._ask(str(event.question), tab, request, turn), request)

    def branch(self, event: gr.EventData, request: gr.Request) -> Iterator[View]:
        """Show what else was asked in the place of a turn, and what came after that."""
        chosen = self._choose(Tab.parse(str(event.at)), str(event.turn), request)
        yield from self._told(chosen, request)

    def narrow(self, event: gr.EventData, request: gr.Request) -> Iterator[View]:
        """Ask other documents from now on: those that the address names."""
        tab = Tab.parse(str(event.at))
        if tab.conversation:
            asked_in = Scope.parse(tab.asked_in).query
            with suppress(KeyError):
                self._conversations.ask_in(self._owner(request), tab.conversation, asked_in)
        yield from self._told(self._watch(tab, request), request)

    def show_sources(self, event: gr.EventData, request: gr.Request) -> str:
        """The sources of an earlier answer."""
        exchange = self._turn(Tab.parse(str(event.at)), str(event.turn), request)
        return self._sources(exchange, request)

    def judge(self, event: gr.EventData, request: gr.Request) -> str:
        """Keep what the visitor thinks of an answer, and show the chat with it."""
        shown = self._read(Tab.parse(str(event.at)), request)
        for exchange in shown.exchanges:
            if exchange.id == str(event.turn):
                complaint = as_complaint(str(event.complaint))
                opinion = self._keep(exchange, bool(event.good), complaint, str(event.note))
                exchange.opinion = opinion
        return render.conversation(shown)

    def stop(self, at: str, request: gr.Request) -> None:
        """Stop what is being answered in this conversation, also while the model still reads."""
        tab = Tab.parse(at)
        if self._conversations.has(self._owner(request), tab.conversation):
            self._answering.stop(tab.conversation)

    def left(self, request: gr.Request) -> None:
        """A tab was closed: what nobody looks at any more is stopped after a while."""
        shown = self._shown.pop(str(request.session_hash), None)
        if shown is not None and shown.id in self._answering.conversations():
            timer = threading.Timer(LINGER_S, self._stop_unseen, [shown.id])
            timer.daemon = True
            timer.start()

    def _stop_unseen(self, conversation: str) -> None:
        if all(shown.id != conversation for shown in list(self._shown.values())):
            self._answering.stop(conversation)

    def _told(self, views: Iterator[View], request: gr.Request) -> Iterator[View]:
        """Say in the page that what it asks for is not there."""
        try:
            yield from views
        except KeyError:
            self._shown.pop(str(request.session_hash), None)
            yield render.missing(), *(gr.skip() for _ in range(6))

    def _forget_old(self) -> None:
        """Keep what was asked no longer than it is said to be kept."""
        if self._keep_days is not None:
            self._conversations.forget_before(self._keep_days)

    def _ask_again(self, tab: Tab, turn: str, request: gr.Request) -> Iterator[View]:
        owner = self._owner(request)
        question = self._conversations.question(owner, tab.conversation, turn)
        yield from self._ask(question, tab, request, turn)

    def _choose(self, tab: Tab, turn: str, request: gr.Request) -> Iterator[View]:
        self._conversations.choose(self._owner(request), tab.conversation, turn)
        yield from self._watch(tab, request)

    def _ask(
        self,
        question: str,
        tab: Tab,
        request: gr.Request,
        instead_of: str = "",
        clear_box: bool = False,
    ) -> Iterator[View]:
        question = question.strip()
        if not question:
            return
        owner = self._owner(request)
        if instead_of:
            self._answering.stop(tab.conversation)
        has_begun = self._conversations.has(owner, tab.conversation)
        asked_in = tab.asked_in
        if has_begun:
            asked_in = self._conversations.asked_in(tab.conversation)
        # Before the question is kept: where the catalogue cannot be read, nobody would answer it.
        within = self._within(asked_in)
        if not has_begun:
            self._forget_old()
            tab = tab.at(self._conversations.begin(owner, Scope.parse(asked_in).query))
        with self._beginning:
            turn = self._conversations.ask(owner, tab.conversation, question, instead_of)
            turns = self._conversations.turns(owner, tab.conversation)
            earlier = [
                Turn.of(each.answer)
                for each in takewhile(lambda each: each.id != turn.id, turns)
                if each.answer is not None and each.answer.sentences
            ]
            exchange = Exchange(turn.id, question)
            engine = self._engine_of(owner)
            self._answering.begin(engine, tab.conversation, exchange, earlier, within, owner)
        yield from self._watch(tab, request, is_visit=False, clear_box=clear_box)

    def _watch(
        self,
        tab: Tab,
        request: gr.Request,
        is_visit: bool = True,
        clear_box: bool = False,
    ) -> Iterator[View]:
        """Show a conversation until nothing in it is being answered, or the tab shows another."""
        session = str(request.session_hash)
        while True:
            shown = self._shown[session] = self._read(tab, request)
            running = [each for each in shown.exchanges if each.running]  # before it is shown
            before = running[-1].answer if running else None
            yield self._view(shown, request, is_visit, clear_box)
            if not running:
                return
            exchange, is_visit, clear_box = running[-1], False, False
            for answer in self._answering.watch(exchange.id):
                if self._shown.get(session) is not shown:
                    return
                is_new_stage = before is None or before.state != answer.state
                is_news = is_new_stage or (before is not None and before.before != answer.before)
                is_cited = before is not None and before.citations != answer.citations
                before = answer
                yield (
                    render.conversation(shown),
                    self._sources(exchange, request) if is_new_stage or is_cited else gr.skip(),
                    render.status(exchange) if is_news else gr.skip(),
                    # Again: a visit that was under way may have arrived late, without its Stop.
                    _box(running=True) if is_new_stage else gr.skip(),
                    *(gr.skip() for _ in range(3)),
                )
            if self._shown.get(session) is not shown:
                return

    def _read(self, tab: Tab, request: gr.Request) -> Shown:
        owner = self._owner(request)
        with self._beginning:
            # First what is running: what ends meanwhile is kept by then.
            running = self._answering.exchanges(tab.conversation)
            turns = self._conversations.turns(owner, tab.conversation)
        exchanges = []
        for turn in turns:
            exchange = running.get(turn.id) or Exchange.of(turn)
            exchange.branches = turn.branches
            exchanges.append(exchange)
        title = self._conversations.title(tab.conversation) if turns else ""
        asked_in = self._conversations.asked_in(tab.conversation) if turns else tab.asked_in
        return Shown(tab.conversation, title, exchanges, asked_in)

    def _turn(self, tab: Tab, turn: str, request: gr.Request) -> Exchange | None:
        exchanges = self._read(tab, request).exchanges
        return next((each for each in exchanges if each.id == turn), None)

    def _keep(self, exchange: Exchange, good: bool, complaint: Complaint, note: str) -> Opinion:
        journal, answer = self._conversations.journal, exchange.answer
        if answer is None or not exchange.in_journal:
            return Opinion(good, "Only finished answers can be judged.")
        try:
            journal.judge(answer.id, good, complaint, note.strip()[:LONGEST_NOTE])
        except KeyError:
            return Opinion(good, "It could not be kept: the journal has forgotten the answer.")
        except FootnoteError as problem:
            return Opinion(good, f"It could not be kept. {problem}")
        return Opinion(good)

    def _owner(self, request: gr.Request) -> str:
        return self._visitors.owner(request.cookies, str(request.session_hash))

    def _sources(self, exchange: Exchange | None, request: gr.Request) -> str:
        return sources(exchange, self._engine_of(self._owner(request)).model_choice.context_window)

    def _view(
        self, shown: Shown, request: gr.Request, is_visit: bool, clear_box: bool = False
    ) -> View:
        """All that a tab shows; what is asked changes only with a visit."""
        latest = shown.exchanges[-1] if shown.exchanges else None
        running = any(exchange.running for exchange in shown.exchanges)
        return (
            render.conversation(shown) if shown.exchanges else self._nothing_asked(shown),
            self._sources(latest, request),
            render.status(latest),
            _box(running, clear_box),
            render.model_line(self._engine_of(self._owner(request)).model_choice),
            listed.conversations(self._conversations.all(self._owner(request))),
            self._asked_in(shown) if is_visit else gr.skip(),
        )

    def _asked_in(self, shown: Shown) -> str:
        documents = self._library.documents()
        within = self._library.collections(documents)
        return asking(Scope.parse(shown.asked_in), _readable(documents), within)

    def _nothing_asked(self, shown: Shown) -> str:
        if shown.id:
            return render.missing()
        within = self._within(shown.asked_in)
        many = len(_readable(self._library.documents())) if within is None else len(within)
        return render.welcome(list(self._library.example_questions(within)), many)

    def _within(self, asked_in: str) -> frozenset[str] | None:
        """The names of the documents that are asked; None for all of them."""
        scope = Scope.parse(asked_in)
        if scope == Scope():
            return None
        documents = self._library.documents()
        return scope.names(_readable(documents), self._library.collections(documents))


def _readable(documents: Sequence[Document]) -> list[Document]:
    """The documents that could be read, and can be asked."""
    return [each for each in documents if each.status != "failed"]


def _box(running: bool, clear: bool = False) -> gr.Textbox:
    """The question box with the button that goes with what is under way."""
    emptied: dict[str, Any] = {"value": ""} if clear else {}
    return gr.Textbox(
        submit_btn=False if running else "Ask", stop_btn="Stop" if running else False, **emptied
    )
