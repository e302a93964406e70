"""A model's doubt: asked, short, whether the quotes that are on screen answer the question."""

from typing import TYPE_CHECKING

from app.answer import Answer
from app.models.generation import StopSignal
from app.writing.profiles import Profile
from app.writing.prompts import doubt_messages

if TYPE_CHECKING:
    from app.models.language_model import LanguageModel


def doubted(answer: Answer, model: "LanguageModel", profile: Profile, stop: StopSignal) -> bool:
    """Say whether a model doubts that an answer's quotes answer its question. Raises ModelError."""
    likely = model.affirms(doubt_messages(answer.searched_for, answer.quoted), stop)
    return likely is not None and likely < profile.doubt_below
