"""A case: what one system made of one question, and what that adds to each measure.

Cases are kept one a line, written when they are finished, so that a run that is stopped goes on
where it was. A measure that does not apply to a case is absent from it, never 0.
"""

import json
import os
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from eval.measures.refusing import Part
from eval.questions import Question, QuestionsError, Record


class FoundPassage(Record):
    """A passage of the search, best first; `hit` says that it holds gold.

    Only the first few keep their text: enough to read a failure, and the file stays small.
    """

    document: str
    section: str
    start: int
    end: int
    score: float
    hit: bool
    text: str = ""


class Case(Record):
    """What `system` made of `question`; `answer` is `Answer.to_json()`, None if none was asked for.

    `parts` are (numerator, denominator) by measure. `confidence` is what a refusal threshold would
    be held against. `lost` are gold documents whose quote is not in the system's own text.
    `memory_mb` is what the process and its children held when the case was finished.
    """

    system: str
    question: Question
    searched_for: str
    found: tuple[FoundPassage, ...]
    parts: dict[str, Part]
    answer: dict[str, Any] | None = None
    confidence: float | None = None
    lost: tuple[str, ...] = ()
    memory_mb: float = 0.0
    error: str = ""

    def value(self, measure: str) -> float | None:
        """The measure's value for this case alone, or None where it does not apply."""
        numerator, denominator = self.parts.get(measure, (0.0, 0.0))
        return numerator / denominator if denominator else None


def faults(case: Case) -> list[str]:
    """What is wrong with a case, in words; empty for one that went well."""
    checks = (
        (bool(case.error), f"stopped with an error: {case.error}"),
        (case.value("answerable refused") == 1, "refused, and should have answered"),
        (case.value("refusal recall") == 0, "answered, and should have refused"),
        (case.value("hit@5") == 0, "gold not among the first five"),
        (_below(case, "recall@5") and case.value("hit@5") == 1, "only part of the gold found"),
        (_answered_below(case, "gold held"), "gold string not in the answer"),
        (_answered_below(case, "key facts held"), "key facts missing"),
        (case.value("gold quoted when right") == 0, "right, but no quote holds the gold"),
        (_answered_below(case, "gold cited"), "gold place not cited"),
        (_below(case, "citation recall"), "sentences without a supporting quote"),
        (_below(case, "quote exactness"), "a quote is not what stands in its document"),
    )
    return [words for wrong, words in checks if wrong]


def _below(case: Case, measure: str) -> bool:
    value = case.value(measure)
    return value is not None and value < 1


def _answered_below(case: Case, measure: str) -> bool:
    return _below(case, measure) and case.value("answerable refused") != 1


def append(path: Path, case: Case) -> None:
    """Add a finished case to the file; it is on the disk when this returns."""
    with path.open("a", encoding="utf-8") as file:
        file.write(case.model_dump_json() + "\n")
        file.flush()
        os.fsync(file.fileno())


def read(path: Path) -> list[Case]:
    """The finished cases of a file, none if there is no file.

    A last line that a kill cut short is removed from the file; anything else that cannot be read
    raises `QuestionsError`.
    """
    if not path.exists():
        return []
    whole = path.read_bytes()
    complete = whole[: whole.rfind(b"\n") + 1]
    if len(complete) < len(whole):
        with path.open("r+b") as file:
            file.truncate(len(complete))
    try:
        return [Case.model_validate(json.loads(line)) for line in complete.splitlines()]
    except (ValidationError, json.JSONDecodeError) as error:
        raise QuestionsError(
            f"{path} does not hold finished cases of this version ({error}). "
            "Remove its folder, or give another one with --output."
        ) from error


def of_system(cases: Iterable[Case], system: str) -> list[Case]:
    """The cases of one system, in the order they were finished."""
    return [case for case in cases if case.system == system]


def systems(cases: Sequence[Case]) -> list[str]:
    """The systems that ran, in the order they began."""
    return list(dict.fromkeys(case.system for case in cases))
