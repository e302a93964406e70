"""Visitors who leave are forgotten; Gradio itself would keep what it knows of 10,000 of them."""

import threading
from collections import deque
from datetime import datetime, timedelta

import gradio as gr

REMEMBERED = 20
"""Tabs that were closed of late: one that only lost its connection may come back."""
MOST = 1_000
"""Tabs at once; what the one that was used least recently had asked is forgotten first."""

_MOMENT = timedelta(seconds=5)


class Leaving:
    """What is done about tabs that are closed.

    A tab that asked one question holds 0.2 MB, with all that it shows.
    """

    def __init__(self, page: gr.Blocks) -> None:
        self._page = page
        self._left: deque[tuple[str, datetime]] = deque()
        self._changing = threading.Lock()
        page.state_session_capacity = MOST

    def left(self, request: gr.Request) -> None:
        """Note that a tab was closed, and forget the one that was closed long before."""
        with self._changing:
            self._left.append((str(request.session_hash), datetime.now()))
            if len(self._left) > REMEMBERED:
                self._forget(*self._left.popleft())

    def _forget(self, session: str, left_at: datetime) -> None:
        states = self._page.state_holder
        last_used = states.time_last_used.get(session, left_at)
        if last_used <= left_at + _MOMENT:  # else it has come back
            states.session_data.pop(session, None)
            states.time_last_used.pop(session, None)
            self._page._queue.pending_messages_per_session.pop(session, None)
