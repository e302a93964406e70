"""How a model is to word its answer, and a question put into the documents' language by it."""

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from app.language.languages import ENGLISH, language_of
from app.models.generation import StopSignal, whole
from app.search.retriever import Found
from app.understanding.follow_up import Reading
from app.understanding.turn import Request
from app.writing.prompts import translation_messages
from ingest.errors import ModelError

if TYPE_CHECKING:
    from app.models.language_model import LanguageModel

NOT_TRANSLATED = (
    "This was asked in {} and searched as it stands: the documents are in {}, and only a language "
    "model could translate it."
)
NOT_WORDED = "Without a language model this cannot be {}; these are the documents' own words."
_LOOKED_AT = 3  # passages
_TRANSLATED = 200  # tokens
_BY_A_MODEL = {"simpler": "put more simply", "language": "put into {}"}
_MANNERS = {
    "shorter": "Answer in one short sentence.",
    "list": "Answer as a list, one item a line.",
    "table": "Answer as a table.",
    "simpler": "Answer in simple words.",
}


def manner_of(request: Request) -> str:
    """Return what a model is told about the wording that is wanted; mostly nothing."""
    of_answer = request.of_answer
    language = of_answer.language if of_answer and of_answer.language else request.language
    wanted = _MANNERS.get(of_answer.kind, "") if of_answer else ""
    foreign = f"Answer in {language}." if language not in ("", ENGLISH) else ""
    return f"{wanted} {foreign}".strip()


def left_undone(request: Request) -> tuple[str, ...]:
    """Return what must be said where no model is there to do what is wanted; mostly nothing."""
    asked = request.of_answer
    if asked is None or asked.kind not in _BY_A_MODEL:
        return ()
    return (NOT_WORDED.format(_BY_A_MODEL[asked.kind].format(asked.language)),)


def other_language(asked_in: str, found: Sequence[Found]) -> str:
    """Return the language of the best passages, if it is known and not what was asked in."""
    spoken = [language_of(hit.passage.text) for hit in found[:_LOOKED_AT]]
    others = [language for language in spoken if language]
    return others[0] if asked_in and others and asked_in not in spoken else ""


def translated(
    request: Request, language: str, model: "LanguageModel | None", stop: StopSignal
) -> Request:
    """Return a request whose question a model has put into a language, or a word on why not."""
    why = NOT_TRANSLATED.format(request.language, language)
    if model is None:
        return replace(request, notices=(*request.notices, why))
    messages = translation_messages(request.searched_for, language)
    try:
        generation = stop.watch(model.stream(messages, max_tokens=_TRANSLATED))
        line = whole(generation).strip().partition("\n")[0].strip(' "“”')
    except ModelError as error:
        return replace(request, notices=(*request.notices, f"{error} {why}"))
    return replace(request, searched_for=line, question=Reading(line)) if line else request
