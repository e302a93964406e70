"""An answer as server-sent events: quotes, prose, withheld, done; or error."""

import json
from collections.abc import AsyncGenerator, AsyncIterator, Iterator
from contextlib import aclosing
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel

from app.answer import Answer, Sentence
from app.api.problems import Refused, status_of
from app.api.records import ProseEvent, QuotesEvent, WithheldEvent, answer_links, answer_record
from ingest.errors import FootnoteError


@dataclass
class Events:
    """Takes an answer, ever more complete, and gives the events for what is new of it."""

    base: str
    citations: str = "footnote"
    _outcome: str = ""
    _prose: int = 0
    _withheld: int = 0

    def take(self, answer: Answer) -> Iterator[str]:
        """Yield the events of an answer that has not been told yet."""
        if answer.state != "searching" and answer.outcome != self._outcome:
            self._outcome = answer.outcome
            yield event("quotes", self._quotes(answer, answer_links(answer, self.base)))
        for sentence in answer.prose[self._prose :]:
            yield event("prose", _prose(answer, sentence, answer_links(answer, self.base)))
        for sentence in answer.withheld[self._withheld :]:
            yield event("withheld", WithheldEvent(sentence=sentence))
        self._prose, self._withheld = len(answer.prose), len(answer.withheld)
        if answer.state == "done":
            yield event("done", answer_record(answer, self.base, self.citations))

    @staticmethod
    def _quotes(answer: Answer, links: dict[str, str]) -> QuotesEvent:
        shown = {str(marker) for marker in answer.quotes}
        return QuotesEvent(
            id=answer.id,
            outcome=answer.outcome,
            searched_for=answer.searched_for,
            told=list(answer.told),
            citations=answer.quoted,
            missing=answer.missing,
            links={marker: link for marker, link in links.items() if marker in shown},
        )


def _prose(answer: Answer, sentence: Sentence, links: dict[str, str]) -> ProseEvent:
    cited = [each for each in answer.citations if each.marker in sentence.markers]
    return ProseEvent(
        sentence=sentence,
        citations=cited,
        links={str(each.marker): links[str(each.marker)] for each in cited},
    )


def event(name: str, data: BaseModel | dict[str, Any]) -> str:
    """Return a server-sent event; its data is JSON on one line."""
    value = data.model_dump(mode="json") if isinstance(data, BaseModel) else data
    return f"event: {name}\ndata: {json.dumps(value, ensure_ascii=False)}\n\n"


async def as_events(
    answers: AsyncGenerator[Answer, None], base: str, citations: str
) -> AsyncIterator[str]:
    """Yield the events of an answer as it is made; an error is the last of them."""
    events = Events(base, citations)
    try:
        async with aclosing(answers):
            async for answer in answers:
                for each in events.take(answer):
                    yield each
    except (FootnoteError, Refused) as error:
        status = error.status if isinstance(error, Refused) else status_of(error)
        yield event("error", {"status": status, "detail": str(error)})
