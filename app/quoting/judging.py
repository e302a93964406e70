"""Do the quotes answer? One score, decided before any model is asked.

The score is a logistic regression on a few signals, all of them in [0, 1]. `footnote eval
--calibrate` fits its weights and thresholds on questions whose answers are known; they are kept
with their date, data and curve.
"""

import json
import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields
from importlib.resources import files
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError, field_validator

from app.answer import Outcome
from app.quoting.asked import Asked
from app.quoting.choosing import Choice
from app.quoting.needs import worst_needed
from app.quoting.units import Unit
from ingest.errors import SettingsError
from ingest.index import Index

# Passages between which a collection's size counts, and words between which a question's length:
# as far as questions with known answers go.
_SMALL, _LARGE = 60, 1000
_SHORT, _LONG = 8, 20
_ENDS = ("?", ".", "!", "？", "。", "！", "؟", "।")
_CLOSING = "\"'”’»)]"


@dataclass(frozen=True)
class Signals:
    """What tells whether the quotes answer a question; each in [0, 1].

    `similarity` is the cosine of the nearest unit to the question, `weakest` how well the word of
    the question that is matched worst is matched in the best quote: by late interaction, or by what
    the quote says in its place. `demanded`
    is the share of the question's numbers and names, by rarity, that the quotes say in their
    places; `needed` how well that word is matched in any quote which the question would miss most.
    `size`, `length` and `hurried` say what the others are worth: in a large collection something
    is always near, a long question is near to nothing, and who types without capitals or marks
    does not choose words either. What the quotes cover of its other words, and by how much the
    best stands out, told nothing more on seven sets (eval/LOG.md).
    """

    similarity: float
    weakest: float
    demanded: float
    needed: float
    size: float
    length: float
    hurried: float


class Scale(BaseModel):
    """A fitted score. Below `refuse_below` is a refusal, below `doubt_below` an uncertain answer.

    `curve` has (threshold, answerable questions refused, others refused), shares of their kind.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    bias: float
    weights: dict[str, float]
    refuse_below: float
    doubt_below: float
    curve: tuple[tuple[float, float, float], ...]

    @field_validator("weights")
    @classmethod
    def _of_signals(cls, weights: dict[str, float]) -> dict[str, float]:
        others = sorted(weights.keys() - {field.name for field in fields(Signals)})
        if others:
            raise ValueError(f"this version of Footnote has no signal {', '.join(others)}")
        return weights

    def score(self, signals: Signals) -> float:
        """Return how likely the quotes answer the question, in [0, 1]."""
        values = asdict(signals)
        logit = self.bias + sum(weight * values[name] for name, weight in self.weights.items())
        return 1 / (1 + math.exp(-logit))

    def outcome(self, score: float) -> Outcome:
        """Return what becomes of a question with that score."""
        if score < self.refuse_below:
            return "refused"
        return "uncertain" if score < self.doubt_below else "answered"


class Calibration(BaseModel):
    """When to refuse, and `data`: which questions that was fitted on."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    fitted_on: str
    data: tuple[str, ...]
    scale: Scale


def own_calibration(home: Path) -> Path | None:
    """Return the file of the calibration made for this home, where there is one."""
    file = home / "calibration.json"
    return file if file.is_file() else None


def load_calibration(file: Path | None = None) -> Calibration:
    """Return the calibration in a file, or the one that is shipped.

    Raises SettingsError for a file that is none.
    """
    if file is None:
        shipped = files("app").joinpath("calibration.json").read_text("utf-8")
        return Calibration.model_validate_json(shipped)
    try:
        return Calibration.model_validate(json.loads(file.read_text("utf-8")))
    except ValidationError as error:
        why = "; ".join(each["msg"].removeprefix("Value error, ") for each in error.errors())
        raise _no_calibration(file, why) from error
    except (OSError, ValueError) as error:
        raise _no_calibration(file, str(error)) from error


def _no_calibration(file: Path, why: str) -> SettingsError:
    return SettingsError(
        f"{file} does not hold a calibration ({why}). Remove it, name another, or make it again "
        "with footnote eval --calibrate."
    )


def signals(asked: Asked, units: Sequence[Unit], chosen: Sequence[Choice], index: Index) -> Signals:
    """Return what the units, and those chosen of them, say of whether they answer."""
    question, passages = asked.question.strip(), index.catalogue.passage_count()
    size = math.log(min(max(passages, _SMALL), _LARGE) / _SMALL) / math.log(_LARGE / _SMALL)
    length = (min(max(len(question.split()), _SHORT), _LONG) - _SHORT) / (_LONG - _SHORT)
    hurried = float(question[:1].islower() or not question.rstrip(_CLOSING).endswith(_ENDS))
    if not chosen:
        return Signals(0.0, 0.0, 0.0, 0.0, size, length, hurried)
    shown = [unit for choice in chosen for unit in choice.listed]
    said = frozenset[str]().union(*(unit.said for choice in chosen for unit in choice.units))
    return Signals(
        similarity=max(0.0, *(unit.similarity for unit in units)),
        weakest=chosen[0].best.weakest,
        demanded=1.0 - asked.share(asked.demanded - said) / (asked.share(asked.demanded) or 1.0),
        needed=worst_needed(asked, shown, index.embedder),
        size=size,
        length=length,
        hurried=hurried,
    )


def unsaid(asked: Asked, found_terms: frozenset[str], outcome: Outcome) -> list[str]:
    """Return the terms of a question that nothing found has: its numbers and names.

    Where it may not be answered, also those that no document has.
    """
    lacking = asked.demanded - found_terms - asked.parts
    if outcome != "answered":
        lacking |= asked.unknown
    return [term for term in asked.written if term in lacking]
