"""Yes or no, asked of the model: do the passages hold the answer, do the quotes alone give it?

What the probabilities of one model mean is known from the questions a calibration was fitted on.
Another model is believed when it tells a question that a sentence answers from one that it does
not; a small one may say the same of both.
"""

from collections.abc import Sequence
from functools import cached_property

from app.answer import Citation
from app.models.generation import StopSignal
from app.models.providers import LanguageModel
from app.search.retriever import Found
from app.writing.prompts import held_messages, quoted_messages

_TELLS_APART = 0.5  # the least by which a believed model's yes differs from its no, in probability
_SENTENCE = "The ferry Alma crosses the sound in 35 minutes."
_ANSWERED = "How long does the ferry Alma need to cross the sound?"
_NOT_ANSWERED = "Which shipyard built the ferry Alma?"


class YesOrNo:
    """Asks a model; `fitted` says that the calibration in use was fitted on its answers."""

    def __init__(self, model: LanguageModel, fitted: bool) -> None:
        self._model = model
        self._fitted = fitted

    @cached_property
    def is_believed(self) -> bool:
        """Whether its yes and no tell anything. Raises ModelError when it cannot be asked."""
        if self._fitted:
            return True
        sentence = Citation(1, "", "Ferries", "", None, 0, len(_SENTENCE), _SENTENCE, "")
        yes, no = (self.answers(each, [sentence]) for each in (_ANSWERED, _NOT_ANSWERED))
        return yes is not None and no is not None and yes - no >= _TELLS_APART

    def holds(self, question: str, given: Sequence[Found], stop: StopSignal) -> float | None:
        """How likely the model says that the passages hold the answer, in [0, 1]; else None."""
        return self._model.affirms(held_messages(question, given), stop)

    def answers(
        self, question: str, cited: Sequence[Citation], stop: StopSignal | None = None
    ) -> float | None:
        """How likely it says that the quotes alone answer the question, in [0, 1]; else None."""
        return self._model.affirms(quoted_messages(question, cited), stop or StopSignal())
