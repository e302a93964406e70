"""A question's parts: what is asked at once, to be answered one after another."""

import re
from dataclasses import dataclass

from app.checking.claims import read
from app.conversation import Turn, joined_question, leans_on_conversation
from app.deciding import Signals
from app.retrieval import Found

_MOST = 3
_ASKING = (
    r"(?:(?:about|at|by|for|from|in|of|on|since|to|until|with)\s+)?"
    r"(?:what|which|who|whom|whose|when|where|why|how)\b"
)
_BETWEEN = re.compile(
    rf"\?\s+(?={_ASKING})|[,;]?\s+(?:and|but)\s+(?:also\s+)?(?={_ASKING})", re.IGNORECASE
)
_ASKS = re.compile(rf"^\W*{_ASKING}", re.IGNORECASE)
# "Is it larger than…", "A or B?": one question about two things, of which each has its passages.
_SEVERAL = re.compile(
    r"\b(?:and|or|both|between|than|vs|versus|unlike|compar\w+|contrast\w*|differ\w*)\b",
    re.IGNORECASE,
)

_OF_EACH = re.compile(
    r"\b(?:differences?|differs?|compar(?:e[ds]?|ing|ison)|contrast|versus|vs|respectively)\b"
    r"|\band (?:one|who|whom|what|which|when|where|why|how)\b",
    re.IGNORECASE,
)
# "How does it work?", "What are its risks?": more than one passage has a part of the answer.
_BROAD = re.compile(
    r"^\W*(?:please )?(?:what are|how (?:do|does|did) .*\bwork|explain|describe|outline|list|name"
    r"|enumerate|what should)\b"
    r"|(?<!how many )\b(?:types|kinds|sorts|steps|stages|reasons|causes|advantages|disadvantages"
    r"|benefits|drawbacks|limits|limitations|methods|features|effects|risks|pros)\b",
    re.IGNORECASE,
)
_WHETHER = re.compile(
    r"^(?:(?:and|but|so|then|well)\b,?\s+)?"
    r"(?:(?:if|when|as|since|because|after|before|while|with|in|on|for)\b[^,]*,\s+)?"
    r"(?:am|is|are|was|were|do|does|did|has|have|had|can|could|may|might|must|shall|should|will"
    r"|would|need)(?:n['’]t)?\s",
    re.IGNORECASE,
)
_TELL_ME = re.compile(
    r"(?:(?:please|can you|could you) )*(?:explain|describe|define|tell me about) "
    r"(?!(?:what|which|who|when|where|why|how|if|whether|it|this|that|these|those|more|me|my)\b)"
    r"(?P<thing>[\w'’-]+(?: [\w'’-]+){0,5}?)"
    r"(?: (?:please|briefly|to me|for me|to (?:a|an|my) \w+"
    r"|in (?:simple|plain|other|your own|a few) (?:words|terms|language|english)))*[.!?]*",
    re.IGNORECASE,
)
_SINGULAR_S = re.compile(r"(?:ss|us|is|as|os|ics)$", re.IGNORECASE)
# "A or B?" wants one of two; "can you explain…", "do you know how…" want no yes.
_NOT_WHETHER = re.compile(
    r"\bor\b|\b(?:do|does|did)\s\w+\s(?:know|say|tell)\b|\b(?:can|could|will|would)\s(?:you|we|i)\s"
    r"(?:please\s)?(?:tell|explain|give|list|show|describe|summar\w+|recommend|name|compare|define"
    r"|outline|elaborate|suggest|get|have|see)\b",
    re.IGNORECASE,
)
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+")


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


def as_question(message: str) -> str:
    """Return what "Explain tea in simple words." asks: "What is tea?"; others as they are.

    Asked whether the passages hold the answer to a command, a small model says no.
    """
    told = _TELL_ME.fullmatch(message.strip())
    if told is None:
        return message
    noun = re.split(r"\s(?:of|in|for|to|from|by|with|between)\s", told["thing"])[0]
    several = noun.endswith("s") and not _SINGULAR_S.search(noun)
    return f"What {'are' if several else 'is'} {told['thing']}?"


def names_several(question: str) -> bool:
    """Say whether a question may be about more than one thing, as every comparison is."""
    return _SEVERAL.search(question) is not None


def asks_broadly(question: str) -> bool:
    """Say whether a question wants an explanation or a list, rather than a fact or two."""
    return _BROAD.search(question) is not None


def asks_of_each(question: str) -> bool:
    """Say whether a question wants something said of each of several things.

    "How do Ada and C differ?" does; "In which year did Ada and Carl marry?" does not.
    """
    return _OF_EACH.search(question) is not None


def asks_whether(question: str) -> bool:
    """Say whether the last thing asked wants a yes or a no: "My son is ten. May he row?"."""
    sentences = _SENTENCE_END.split(question.strip())
    last = next((each for each in reversed(sentences) if each.endswith("?")), sentences[-1])
    return _WHETHER.match(last) is not None and _NOT_WHETHER.search(last) is None


def _asks_something(part: str) -> bool:
    reading = read(part)
    asks = _ASKS.match(part) or asks_whether(part)
    return bool(asks) and bool(reading.content or reading.quantities)
