"""A model's word on quotes: asked, short, whether those that are on screen answer the question."""

from typing import TYPE_CHECKING

from app.answer import Answer, Outcome
from app.models.generation import StopSignal
from app.writing.profiles import Profile
from app.writing.prompts import doubt_messages

if TYPE_CHECKING:
    from app.models.language_model import LanguageModel


def believed(answer: Answer, model: "LanguageModel", profile: Profile, stop: StopSignal) -> Outcome:
    """Return what becomes of an answer once a model has said whether its quotes answer.

    It stays as it is where the model is not sure, or cannot say. Raises ModelError.
    """
    likely = model.affirms(doubt_messages(answer.searched_for, answer.quoted), stop)
    if likely is None:
        return answer.outcome
    if likely < profile.doubt_below:
        return "uncertain"
    return "answered" if likely >= profile.sure_from else answer.outcome
