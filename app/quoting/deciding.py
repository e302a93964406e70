"""Answer or refuse: one calibrated score of how likely the documents answer a question at all.

The score is a logistic regression on a few signals, all of them in [0, 1]. `footnote eval
--calibrate` fits its weights and threshold on runs over questions whose answers are known; they are
kept with their date, data and curve.
"""

import json
import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from importlib.resources import files
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from app.answer import Sentence
from app.language.claims import Reading, Token, matches, read
from app.language.quantities import Quantity, same_value
from app.search.retriever import Found
from ingest.errors import SettingsError

# What a question says of how it is asked and to be answered.
_ASKING = read(
    "ask tell say give show list name outline explain describe define compare need want look help "
    "know think understand please pls thanks question answer sentence word line point example "
    "short brief quick simple plain plus remark option order way thing someone something"
).stems
_INVENTED = frozenset({"name", "number", "unit"})


@dataclass(frozen=True)
class Signals:
    """What speaks for and against the documents answering a question; each in [0, 1].

    `similarity` and `coverage` are those of the best passages found, `named` the share of the
    question's names and years that the passages hold (1 when it has none). `affirmed` is how
    likely the model says that they hold the answer, and `confirmed` that what its answer quotes
    answers the question by itself; both are 1 before it is asked. The others speak against, and
    are 0 before a model has written: `declined` is 1 when it found no answer, `unsupported` is the
    share of its sentences that no passage supports.
    """

    similarity: float
    coverage: float
    named: float
    affirmed: float = 1.0
    confirmed: float = 1.0
    declined: float = 0.0
    unsupported: float = 0.0


class Scale(BaseModel):
    """A fitted score. Below `refuse_below` is a refusal, below `doubt_below` a doubtful answer.

    `curve` has (threshold, answerable questions refused, others refused), shares of their kind.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    bias: float
    weights: dict[str, float]
    refuse_below: float
    doubt_below: float
    curve: tuple[tuple[float, float, float], ...]

    def score(self, signals: Signals) -> float:
        """Return how likely the documents answer the question, in [0, 1]."""
        values = asdict(signals)
        logit = self.bias + sum(weight * values[name] for name, weight in self.weights.items())
        return 1 / (1 + math.exp(-logit))

    def refuses(self, signals: Signals) -> bool:
        """Say whether the documents most likely do not answer."""
        return self.score(signals) < self.refuse_below


class Calibration(BaseModel):
    """When to refuse: by what the search found alone, and by what a model made of it.

    The first spares the model a hopeless question, and decides where there is no model. `whether`
    is the second for what wants a yes or a no, where there are enough such questions to fit it on.
    `data` says which questions they were fitted on, and `model` whose answers.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    fitted_on: str
    data: tuple[str, ...]
    model: str
    search: Scale
    answer: Scale
    whether: Scale | None = None


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
    except (OSError, ValueError, ValidationError) as error:
        raise SettingsError(
            f"{file} does not hold a calibration ({error}). Name another, or make it again with "
            "footnote eval --calibrate."
        ) from error


def signals_before(question: str, found: Sequence[Found]) -> Signals:
    """Return what the passages that were found say by themselves."""
    asked = _asked_about(read(question))
    return Signals(
        similarity=max((max(hit.similarity, 0.0) for hit in found), default=0.0),
        coverage=max((hit.coverage for hit in found), default=0.0),
        named=1 - len(absent(question, found)) / len(asked) if asked else 1.0,
    )


def signals_after(before: Signals, sentences: Sequence[Sentence]) -> Signals:
    """Return the same with what a model made of the passages; to claim nothing is to decline."""
    total = len(sentences) or 1
    claims = any(each.markers or each.verdict != "supported" for each in sentences)
    return replace(
        before,
        declined=float(not claims),
        unsupported=sum(each.verdict != "supported" for each in sentences) / total,
    )


def is_invented(sentence: Sentence) -> bool:
    """Say whether it states a name or a number that the passages do not have."""
    return bool(_INVENTED & set(sentence.conflicts))


def absent(question: str, found: Sequence[Found]) -> list[str]:
    """Return the names and numbers of a question that no passage holds, as they are written."""
    return _held_by_none(_asked_about(read(question)), found)


def unspoken(question: str, found: Sequence[Found]) -> list[str]:
    """Return the words of a question that no passage holds in any form, as they are written.

    Those that only ask are not among them.
    """
    return _held_by_none([t for t in read(question).content if t.stem not in _ASKING], found)


def _held_by_none(asked: Sequence[Token | Quantity], found: Sequence[Found]) -> list[str]:
    readings = [read(f"{hit.passage.header}\n{hit.passage.table_header}\n{hit.passage.text}")
                for hit in found]  # fmt: skip
    return [one.text for one in asked if not any(_holds(each, one) for each in readings)]


def _asked_about(question: Reading) -> list[Token | Quantity]:
    """Names, years, and the numbers of names ("Llama 2").

    Other numbers say how many are wanted ("three kinds") or what the asker has ("on 24 GB").
    """
    names = [token for token in question.tokens if token.name]
    numbered = {token.end for token in names}
    numbers = [
        number
        for number in question.quantities
        if number.kind == "year" or len(question.text[: number.start].rstrip()) in numbered
    ]
    return [*names, *numbers]


def _holds(reading: Reading, one: Token | Quantity) -> bool:
    if isinstance(one, Token):
        return matches(one, reading)
    return any(same_value(one, other) for other in reading.quantities)
