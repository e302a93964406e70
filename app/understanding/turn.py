"""A turn of a conversation → a request: what is wanted, searched for what."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from app.answer import Citation
from app.language.languages import language_of
from app.language.turns import named
from app.understanding.answered import OfAnswer, counted_off, of_answer
from app.understanding.collection import OfDocuments, of_documents
from app.understanding.follow_up import Reading, Turn, reading
from app.understanding.likeness import Kind, kinds
from app.understanding.pastes import asks, question_and_story, within_limit
from app.understanding.shape import Shape, shape_of
from app.understanding.spelling import mended
from ingest.index import Index

_CLAUSE = re.compile(r"[^,;:.!?\n–—]+[.!?]*(?=[,;:.!?\s–—]|$)|\S+")
_LONGEST = 24  # words of what is said about an answer, or in passing

Heard = Mapping[str, tuple[Shape, Sequence[Kind]]]


@dataclass(frozen=True)
class Request:
    """What somebody wants with a turn.

    `asked` is what they said, `question` what they ask of the documents and what it stands behind,
    `story` what else of a long turn is searched for, `near` the best quote of the answer before.
    `searched_for` is the question as it stands on its own. `of_documents` is what they ask of the
    catalogue, `of_answer` what they want of the last answer, `talk` a kind of small talk.
    `language` is theirs, in English, where its words tell. `notices` are what they must be told.
    """

    asked: str
    searched_for: str = ""
    question: Reading = field(default_factory=Reading)
    story: str = ""
    near: Citation | None = None
    of_documents: OfDocuments | None = None
    of_answer: OfAnswer | None = None
    talk: str = ""
    language: str = ""
    notices: tuple[str, ...] = ()


def understand(question: str, conversation: Sequence[Turn], index: Index) -> Request:
    """Return what is wanted; no model is asked."""
    text, notice = within_limit(question)
    language = language_of(text)
    asked, story = question_and_story(text, index)
    asked = mended(asked, index.catalogue)
    heard = _heard(asked, index)
    known = _of_a_kind(asked, heard, conversation, index)
    if known is None:
        earlier = [turn for turn in conversation if turn.searched_for]
        read = reading(_without_talk(asked, heard), earlier, index.embedder.embed)
        if read.alone != asked:
            known = _of_a_kind(read.alone, _heard(read.alone, index), (), index)
        near = _best_quote(earlier) if read.before or read.goes_on else None
        known = known or Request(question, read.alone, read, near=near)
    notices = (notice,) if notice else ()
    return replace(known, asked=question, story=story, language=language, notices=notices)


def _heard(turn: str, index: Index) -> Heard:
    """Return a turn and each of its clauses with shape and likely kinds; nothing of a long one."""
    if not 0 < len(turn.split()) <= _LONGEST:
        return {}
    clauses = list(dict.fromkeys([turn, *_clauses(turn)]))
    shapes = [shape_of(clause) for clause in clauses]
    found = kinds(shapes, index.embedder)
    return dict(zip(clauses, zip(shapes, found, strict=True), strict=True))


def _of_a_kind(
    turn: str, heard: Heard, conversation: Sequence[Turn], index: Index
) -> Request | None:
    """Return what is wanted by a turn that is no question to the documents, or None for one."""
    if not heard:
        return None
    one = counted_off(heard[turn][0], turn, conversation)
    if one is not None:
        return Request(turn, one.answer.searched_for, of_answer=one)
    requests = [
        _first(turn, clause, shape, likely, conversation, index)
        for clause, (shape, likely) in heard.items()
    ]
    whole, *parts = requests
    if whole is not None or not parts:
        return whole
    # "too long, one sentence please": each of its parts is of a kind, or asks nothing.
    told = [each for each in parts if each is not None and not each.of_documents]
    rest = [c for c, each in zip(list(heard)[1:], parts, strict=True) if each is None]
    wants = [each for each in told if each.of_answer]
    if wants and not any(asks(clause) for clause in rest):
        return wants[-1]
    return told[-1] if told and not rest else None


def _clauses(turn: str) -> list[str]:
    found = [each.group().strip(" ,;:–—") for each in _CLAUSE.finditer(turn)]
    clauses = [each for each in found if re.search(r"\w", each)]
    return clauses if len(clauses) > 1 else []


def _first(
    turn: str,
    clause: str,
    shape: Shape,
    likely: Sequence[Kind],
    conversation: Sequence[Turn],
    index: Index,
) -> Request | None:
    """Return what a clause of a turn wants by the likeliest kind that it can be of."""
    for kind in likely:
        if kind.group == "talk" and _is_talk(kind, shape, conversation):
            return Request(turn, talk=kind.name)
        if kind.group == "answer":
            wanted = of_answer(kind, shape, clause, conversation)
            if wanted is not None:
                return Request(turn, wanted.answer.searched_for, of_answer=wanted)
        if kind.group == "documents":
            asked = of_documents(kind, shape, clause, index.catalogue, _quoted(conversation))
            if asked is not None:
                return Request(turn, clause, of_documents=asked)
    return None


def _is_talk(kind: Kind, shape: Shape, conversation: Sequence[Turn]) -> bool:
    """Say whether it is said in passing; "how does this work?" after an answer is about that."""
    points = named("pointing") & set(shape.words.split())
    return not shape.topic and not (kind.name == "ability" and points and conversation)


def _quoted(conversation: Sequence[Turn]) -> list[str]:
    """Return the names of the documents that the last answer quotes, the best first."""
    answer = conversation[-1].record if conversation else None
    return list(dict.fromkeys(each.document for each in answer.citations)) if answer else []


def _best_quote(conversation: Sequence[Turn]) -> Citation | None:
    """Return what the last answer quotes first."""
    answer = conversation[-1].record if conversation else None
    return answer.quoted[0] if answer and answer.quoted else None


def _without_talk(turn: str, heard: Heard) -> str:
    """Return a question without what is only said in passing before it ("Thanks! And …")."""
    for clause in _clauses(turn)[:-1] if heard else ():
        shape, likely = heard[clause]
        if not likely or likely[0].group != "talk" or shape.topic:
            break
        turn = turn[turn.index(clause) + len(clause) :].lstrip(" ,;:.!?–—")
    return turn
