"""A question's parts: what is asked at once, to be answered one after another."""

import re
from dataclasses import dataclass

from app.language.claims import read
from app.quoting.deciding import Signals
from app.search.retriever import Found
from app.understanding.asking import asks_whether
from app.understanding.conversation import Turn, joined_question, leans_on_conversation

_MOST = 3
_ASKING = (
    r"(?:(?:about|at|by|for|from|in|of|on|since|to|until|with)\s+)?"
    r"(?:what|which|who|whom|whose|when|where|why|how)\b"
)
_BETWEEN = re.compile(
    rf"\?\s+(?={_ASKING})|[,;]?\s+(?:and|but)\s+(?:also\s+)?(?={_ASKING})", re.IGNORECASE
)
_ASKS = re.compile(rf"^\W*{_ASKING}", re.IGNORECASE)


@dataclass(frozen=True)
class Part:
    """One of the things asked, for people to read.

    `searched_for` is with the part before it when it leans on that, and what a model is asked.
    """

    question: str
    searched_for: str


@dataclass(frozen=True)
class LookedUp(Part):
    """A part with what was found for it; `left_out` has the reason beside each passage.

    `whole` says that what was found is how the sections of a whole document begin.
    """

    given: tuple[Found, ...]
    left_out: tuple[tuple[Found, str], ...]
    signals: Signals
    whole: bool = False

    @property
    def asks_whether(self) -> bool:
        """Whether it asks for a yes or a no about what was looked up."""
        return not self.whole and asks_whether(self.searched_for)

    @property
    def found(self) -> list[Found]:
        """What was found in all, best first."""
        return [*self.given, *(hit for hit, _ in self.left_out)]


def parts_of(question: str) -> list[Part]:
    """Return the questions that a question consists of; most often it is one.

    "When was it built, and who owns it?" asks two things, of which the documents may hold one.
    More than three are left together.
    """
    found = [part.strip().rstrip("?") for part in _BETWEEN.split(question)]
    if not 1 < len(found) <= _MOST or not all(_asks_something(part) for part in found):
        return [Part(question, question)]
    parts: list[Part] = []
    for words in found:
        asked = f"{words[:1].upper()}{words[1:]}?"
        leans = parts and leans_on_conversation(asked)
        before = [Turn(parts[-1].question, "")] if leans else []
        parts.append(Part(asked, joined_question(asked, before) if leans else asked))
    return parts


def _asks_something(part: str) -> bool:
    reading = read(part)
    asks = _ASKS.match(part) or asks_whether(part)
    return bool(asks) and bool(reading.content or reading.quantities)
