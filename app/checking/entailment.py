"""A second opinion on support: a cross-encoder that reads the quote and the sentence together."""

import math
from pathlib import Path
from typing import Any

from ingest.errors import SettingsError


class CrossEncoderEntailment:
    """The probability that a premise entails a sentence, by a sentence-transformers CrossEncoder.

    The model has either three labels, one of them called entailment in its `id2label` (NLI), or
    one score, which is taken as a logit. Raises SettingsError for a folder that holds neither.
    """

    def __init__(self, folder: Path) -> None:
        try:
            from sentence_transformers import CrossEncoder

            self._model = CrossEncoder(str(folder), device="cpu", local_files_only=True)
        except Exception as error:  # whatever the loader of an unknown folder raises
            raise SettingsError(
                f"The entailment model {folder} cannot be loaded ({error}). Name the folder of a "
                "sentence-transformers cross-encoder, or leave the setting entailment empty."
            ) from error
        self._entails = _place_of_entailment(self._model.config, folder)

    def __call__(self, premise: str, sentence: str) -> float:
        """The probability in [0, 1] that `premise` entails `sentence`."""
        import torch

        [row] = self._model.predict(
            [(premise, sentence)], activation_fn=torch.nn.Identity(), show_progress_bar=False
        )
        if self._entails is None:
            return 1 / (1 + math.exp(-float(row)))
        return float(torch.softmax(torch.as_tensor(row), dim=-1)[self._entails])


def _place_of_entailment(config: Any, folder: Path) -> int | None:
    """The index of the label for entailment, None for a model with a single score."""
    labels = {int(place): str(name).lower() for place, name in config.id2label.items()}
    if len(labels) == 1:
        return None
    for place, name in labels.items():
        if name in {"entailment", "entails"}:
            return place
    raise SettingsError(
        f"The entailment model {folder} has the labels {', '.join(labels.values())}; one of them "
        "has to be entailment, or there has to be one score alone."
    )
