"""A visit to a running page, as a browser makes it: the page, its queue, its heartbeat."""

import asyncio
import contextlib
import json
import uuid
from dataclasses import dataclass
from types import TracebackType
from typing import Self

import httpx
from bs4 import BeautifulSoup, Tag

from tests.handlers import handlers

PATIENCE = httpx.Timeout(60.0)


@dataclass(frozen=True)
class Turn:
    """One question of the chat and all that is shown below it, as text."""

    question: str
    answer: str


class Visit:
    """One browser tab on the page at the client's address; a context manager.

    It keeps the heartbeat open that tells the server of an open tab, and closes it on leaving.
    """

    def __init__(self, client: httpx.AsyncClient) -> None:
        self._client = client
        self._session = uuid.uuid4().hex[:10]
        self._ask = -1
        self._at = "/"
        self._heart: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        page = (await self._client.get("/", timeout=PATIENCE)).raise_for_status()
        assert "<gradio-app" in page.text
        self._ask = handlers(page.text)["ask"]["id"]
        self._heart = asyncio.create_task(self._beat())
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._heart is not None:
            self._heart.cancel()
            with contextlib.suppress(asyncio.CancelledError, httpx.HTTPError):
                await self._heart

    async def _beat(self) -> None:
        url = f"/gradio_api/heartbeat/{self._session}"
        async with self._client.stream("GET", url, timeout=None) as beats:
            async for _ in beats.aiter_bytes():
                pass

    async def ask(self, question: str) -> list[Turn]:
        """Put a question and return the whole chat once it is answered."""
        asked = {
            "data": [question, self._at],
            "event_data": None,
            "fn_index": self._ask,
            "session_hash": self._session,
        }
        joined = await self._client.post("/gradio_api/queue/join", json=asked, timeout=PATIENCE)
        joined.raise_for_status()
        event = joined.json()["event_id"]
        where = {"session_hash": self._session}
        async with self._client.stream(
            "GET", "/gradio_api/queue/data", params=where, timeout=PATIENCE
        ) as messages:
            async for line in messages.aiter_lines():
                message = json.loads(line[6:]) if line.startswith("data: ") else {}
                if message.get("event_id") == event and message["msg"] == "process_completed":
                    soup = BeautifulSoup(message["output"]["data"][0], "html.parser")
                    shown = soup.select_one(".turns")
                    self._at = f"/c/{shown['data-conversation']}" if shown else "/"
                    return _turns(soup)
        raise ConnectionError("The page ended the answer without finishing it.")


def _turns(soup: BeautifulSoup) -> list[Turn]:
    for beside in soup.select(".foot, form"):  # how long it took, and what can be done with it
        beside.decompose()
    return [
        Turn(_text(turn, ".asked"), _text(turn, ".answer")) for turn in soup.select("article.turn")
    ]


def _text(turn: Tag, selector: str) -> str:
    found = turn.select_one(selector)
    return " ".join(found.text.split()) if found else ""
