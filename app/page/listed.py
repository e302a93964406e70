"""The conversations as a list, and what can be done with them there."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from itertools import groupby

import gradio as gr

from app.conversations import Conversations, Summary
from app.last_resort import forget_faults
from app.page.visitors import Visitors
from app.templating import template

MOST = 100
"""Conversations in the list: it comes with every answer, and each tab's is kept for a while."""


class Listed:
    """The handlers of the list of conversations; each returns the list as it is then."""

    def __init__(self, kept: Conversations, visitors: Visitors) -> None:
        self._kept = kept
        self._visitors = visitors

    def find(self, event: gr.EventData, request: gr.Request) -> str:
        """Those that hold some words; all of them without words."""
        words = str(event.words)
        found = self._kept.search(self._owner(request), words)
        return conversations(found, words)

    def rename(self, event: gr.EventData, request: gr.Request) -> str:
        """Give a conversation another title."""
        with suppress(KeyError):  # forgotten in another tab
            self._kept.rename(self._owner(request), str(event.conversation), str(event.title))
        return self._all(request)

    def pin(self, event: gr.EventData, request: gr.Request) -> str:
        """Put a conversation at the top, or back."""
        with suppress(KeyError):
            self._kept.pin(self._owner(request), str(event.conversation), bool(event.pinned))
        return self._all(request)

    def forget(self, event: gr.EventData, request: gr.Request) -> str:
        """Take a conversation off the disk; all of them, where none is named."""
        owner, named = self._owner(request), str(event.conversation)
        gone = [named] if named else [each.id for each in self._kept.all(owner)]
        with suppress(KeyError):
            self._kept.forget(owner, gone)
            forget_faults()  # what is noted there may repeat a question
        return self._all(request)

    def _all(self, request: gr.Request) -> str:
        return conversations(self._kept.all(self._owner(request)))

    def _owner(self, request: gr.Request) -> str:
        return self._visitors.owner(request.cookies, str(request.session_hash))


def conversations(found: Sequence[Summary], words: str = "") -> str:
    """Conversations under when they were last asked something; what was searched for as it came."""
    groups: Iterable[tuple[str, Iterable[Summary]]] = _by_time(found[:MOST])
    said = "Older ones are found by a word of theirs." if len(found) > MOST else ""
    if words:
        groups, said = [("Found", found)], ""
    if not found:
        none = "No conversation has these words." if words else "What you ask is kept here."
        groups, said = (), none
    return template("app.page", "listed.html").render(groups=groups, words=said)


def _by_time(found: Sequence[Summary]) -> Iterator[tuple[str, Iterator[Summary]]]:
    now = datetime.now(UTC).astimezone()
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)

    def when(each: Summary) -> str:
        asked = datetime.fromisoformat(each.asked_at)
        if each.pinned:
            return "Pinned"
        if asked >= midnight:
            return "Today"
        return "This week" if asked >= midnight - timedelta(days=6) else "Older"

    return groupby(found, when)
