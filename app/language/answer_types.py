"""What kind of thing a question asks for, and whether a text brings one that the question lacks."""

import re
from typing import Literal

from app.language import lexicon
from app.language.quantities import quantities

Kind = Literal["number", "date", "name"]

_WANTED: dict[Kind, str] = {
    "date": r"\b(?:when|(?:what|which) (?:year|date|day|month|century|decade)|how long ago)\b",
    "number": r"\b(?:how (?:many|much|long|far|old|big|large|tall|high|fast|often|deep|wide|heavy)"
    r"|(?:what|which) (?:percentage|number|amount|size|share))\b",
    "name": r"\b(?:who|whom|whose|where)\b",
}
_NAMED_WITHIN = 2  # words after "how many": "paid days"
_COUNTED = re.compile(r"\b(?:how many|number of|count)\b", re.IGNORECASE)
_CHOSEN = re.compile(r"\b(?:which|who|whom|whose)\b", re.IGNORECASE)
_WHETHER = re.compile(
    r"\W*(?:is|are|was|were|do|does|did|has|have|had|can|could|will|would|should|may|must)\b",
    re.IGNORECASE,
)
_DIGITS = re.compile(r"\d[\d.,]*")
_WORDED = re.compile(
    r"\b(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|dozen|hundreds?|thousands?"
    r"|millions?|billions?|half|thirds?|quarters?|once|twice|percent)\b",
    re.IGNORECASE,
)
_DATED = re.compile(
    r"\b(?:1\d|20)\d\d\b|\b(?:January|February|March|April|May|June|July|August|September|October"
    r"|November|December)\b|\bcentury\b"
)
_NAMED = re.compile(r"(?<![.!?] )(?<!^)\b[A-Z][\w’'-]+")


def wanted(question: str) -> Kind | None:
    """Return what kind of thing a question asks for; None where its words do not say."""
    found = (kind for kind, words in _WANTED.items() if re.search(words, question, re.IGNORECASE))
    return next(found, None)


def counts(question: str) -> bool:
    """Say whether a question asks how many there are of something; "how many days" measures."""
    named = after_how_many(question)
    return bool(named) and not any(
        each.dimension for word in named for each in quantities(f"2 {word}")
    )


def after_how_many(question: str) -> list[str]:
    """Return the words right after "how many": what is to be counted, or measured, is among them.

    None where a question asks for no number.
    """
    found = _COUNTED.search(question)
    return re.findall(r"\w+", question[found.end() :])[:_NAMED_WITHIN] if found else []


def enumerates(question: str) -> bool:
    """Say whether a question asks for all there are of something."""
    words = re.findall(r"\w+", question.lower())
    return not lexicon.words("enumerated").isdisjoint(words)


def chooses(question: str) -> bool:
    """Say whether a question asks which of several, or who."""
    return _CHOSEN.search(question) is not None


def asks_whether(question: str) -> bool:
    """Say whether a question begins as one does that is answered by yes or no."""
    return _WHETHER.match(question) is not None


def brings(kind: Kind, text: str, question: str) -> bool:
    """Say whether a text has something of a kind that the question does not have already."""
    if kind == "number":
        digits = _DIGITS.findall(text)
        return any(each not in question for each in digits) or _WORDED.search(text) is not None
    pattern = _DATED if kind == "date" else _NAMED
    return any(each not in question for each in pattern.findall(text))
