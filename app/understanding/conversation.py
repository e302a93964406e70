"""Follow-ups: what was said before, and the question as it reads without it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from app.language.claims import read
from app.understanding.asking import as_question, names_its_topic


@dataclass(frozen=True)
class Turn:
    """An earlier question of this visitor, and the answer in words."""

    question: str
    answer: str


_LEANING = frozenset(
    "it its itself they them their theirs this that these those he him his she her hers one ones "
    "there former latter both either neither other others another same such so".split()
)
_FILLERS = frozenset("ok okay well now please too also".split())
_ARTICLE = re.compile(r"\b(?:an?|the)\s$", re.IGNORECASE)
_COMPOUND = re.compile(r"(?:-\w+)+")
_OF_A_THING = re.compile(r"\b(?:at|by|for|from|in|of|on|to|with)\s+$", re.IGNORECASE)
_DEFINED = re.compile(
    r"\W*what(?:['’]s| is| are) "
    r"(?P<thing>(?:(?:an?|the) )?[\w-]+(?: (?!(?:of|for|in)\b)[\w-]+){0,3})\W*$",
    re.IGNORECASE,
)
_INTRODUCES = re.compile(r"\b(?:an?|any|each|every|my|our|some|the|your)\b", re.IGNORECASE)
_POINTER = re.compile(
    # Not "is it possible to", which points to nothing.
    r"\b(?:it(?!(?<=[ia]s it)\s\w+\s(?:if|that|to|whether)\b)|they|them|he|she|him"
    r"|(?P<whose>its|their|his|her))\b",
    re.IGNORECASE,
)
# "Who may park there?", not "Is there a place to park?".
_POINTS_TO_PLACE = re.compile(
    r"(?<!\bis )(?<!\bare )(?<!\bwas )(?<!\bwere )(?<!\bbe )\bthere\b"
    r"(?! (?:is|are|was|were|will|must|may|might|can|could|would|should|exists?)\b)",
    re.IGNORECASE,
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
    first, _, more = question.partition("?")
    if more.strip():
        return leans_on_conversation(f"{first}?")  # "Which kinds of tea exist? Name all of them."
    reading = read(question)
    topic = question.partition(",")[0]
    if names_its_topic(question) and not read(topic).words & _LEANING:
        return False
    if reading.words & _LEANING or _CONNECTED.search(question) or _WITHOUT_VERB.search(question):
        return True
    return len(reading.content) < 3 and not any(token.name for token in reading.tokens)


def resolved_question(question: str, conversation: Sequence[Turn]) -> str | None:
    """The question with what "it" stands for in its place; None where that is not plain.

    It is plain where this question points back once, and not to a thing of its own, and the one
    before asks what a thing is or is about one thing with a name: "What is tea?", "And its use?".
    "The capital of France" is two.
    """
    pointers = list(_POINTER.finditer(question))
    if not conversation or len(pointers) != 1:
        return None
    ahead = question[: pointers[0].start()]
    if _named(ahead) or _INTRODUCES.search(ahead):
        return None
    *earlier, last = conversation
    before = last.question
    if leans_on_conversation(before):
        before = resolved_question(before, earlier) or before
    thing = _thing(as_question(before))
    if thing is None:
        return None
    whose = f"{thing}'" if thing.endswith("s") else f"{thing}'s"
    return _POINTER.sub(lambda found: whose if found["whose"] else thing, question)


def joined_question(question: str, conversation: Sequence[Turn]) -> str:
    """The question for when no model can rewrite it: resolved, or with the one before it."""
    if not conversation:
        return question
    resolved = resolved_question(question, conversation)
    return resolved or f"{conversation[-1].question} {question}"


def _thing(question: str) -> str | None:
    """The one thing that a question is plainly about."""
    if defined := _DEFINED.match(question):
        return defined["thing"]
    named = _named(question)
    if len(named) != 1 or _OF_A_THING.search(question[: named[0][0]]):
        return None
    return question[slice(*named[0])]


def _named(question: str) -> list[tuple[int, int]]:
    """`[start, end)` of what has a name in a question, "the Wasserstein GAN" or "Phi-3-mini"."""
    runs: list[tuple[int, int]] = []
    for token in (token for token in read(question).tokens if token.name):
        compound = _COMPOUND.match(question, token.end)
        end = compound.end() if compound else token.end
        if runs and not question[runs[-1][1] : token.start].strip():
            runs[-1] = runs[-1][0], end
        else:
            article = _ARTICLE.search(question[: token.start])
            runs.append((article.start() if article else token.start, end))
    return runs


def usable_rewrite(rewritten: str, question: str, conversation: Sequence[Turn]) -> bool:
    """Say whether a rewriting is one question, about what was asked and said.

    It keeps at least half of what the question itself says, or it is another, earlier question. To
    put a question as a statement is to answer it, and "there" needs a place.
    """
    if not rewritten or "\n" in rewritten or len(rewritten) > 300:
        return False
    if question.rstrip().endswith("?") and not rewritten.endswith("?"):
        return False
    said = " ".join(f"{turn.question} {turn.answer}" for turn in conversation)
    known = read(f"{said} {question}").stems
    new = {token.stem for token in read(rewritten).content}
    idle = _LEANING | _FILLERS
    own = {token.stem for token in read(question).content if token.text.lower() not in idle}
    if _POINTS_TO_PLACE.search(question) and new <= own:
        return False
    return bool(new) and len(new & known) >= 0.6 * len(new) and len(own & new) >= 0.5 * len(own)
