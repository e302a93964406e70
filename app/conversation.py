"""Follow-ups: what was said before, and the question as it reads without it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from app.checking.claims import read


@dataclass(frozen=True)
class Turn:
    """An earlier question of this visitor, and the answer in words."""

    question: str
    answer: str


_LEANING = frozenset(
    "it its itself they them their theirs this that these those he him his she her hers one ones "
    "there former latter both either neither other others another same such so".split()
)
_CONNECTED = re.compile(
    r"^\W*(?:and|but|or|so|then|also|what about|how about|why(?: not)?\W*$|in what way|else|"
    r"(?:can|could) you|give|explain|elaborate|tell me more|more|continue|go on|examples?)\b",
    re.IGNORECASE,
)
# "Where in models of today?": the verb is that of the question before.
_WITHOUT_VERB = re.compile(
    r"^\W*(?:where|when|why|how)\s(?:in|on|at|for|with|by|under|during|after|before|among)\b"
    r"(?!.*\b(?:is|are|was|were|do|does|did|can|could|will|would|has|have|had|may|must|should)\b)",
    re.IGNORECASE,
)


def leans_on_conversation(question: str) -> bool:
    """Say whether a question may not be understood without what was said before it.

    It leans when it points back ("its drawbacks"), goes on ("and…"), lacks a verb, or names too
    little.
    """
    reading = read(question)
    words = {token.text.lower() for token in reading.tokens}
    if words & _LEANING or _CONNECTED.search(question) or _WITHOUT_VERB.search(question):
        return True
    return len(reading.content) < 3 and not any(token.name for token in reading.tokens)


def joined_question(question: str, conversation: Sequence[Turn]) -> str:
    """The question with the one before it, for when no model can rewrite it."""
    return f"{conversation[-1].question} {question}" if conversation else question


def usable_rewrite(rewritten: str, question: str, conversation: Sequence[Turn]) -> bool:
    """Say whether a rewriting is one question, about what was asked and said.

    It keeps at least half of what the question itself says, or it is another, earlier question.
    """
    if not rewritten or "\n" in rewritten or len(rewritten) > 300:
        return False
    said = " ".join(f"{turn.question} {turn.answer}" for turn in conversation)
    known = read(f"{said} {question}").stems
    new = {token.stem for token in read(rewritten).content}
    own = {token.stem for token in read(question).content if token.text.lower() not in _LEANING}
    return bool(new) and len(new & known) >= 0.7 * len(new) and len(own & new) >= 0.5 * len(own)
