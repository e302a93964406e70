"""One self-contained HTML page of a run: figures, what refusing costs, every failure to be read.

Everything that came out of a document, a question or a model is escaped; nothing is loaded.
"""

import json
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app.templating import template
from eval import cases
from eval.cases import Case, faults
from eval.intervals import Figure
from eval.measures.refusing import trade_off
from eval.measures.register import MEASURES, Measure
from eval.measures.wording import holds_fact
from eval.results import Results, by_kind, words

BY_KIND = (
    "hit@1",
    "hit@5",
    "key facts held",
    "gold held",
    "gold cited",
    "citation recall",
    "answerable refused",
    "refusal recall",
)
Point = tuple[float, float]
GROUPS = ("retrieval", "answers", "citations", "refusal", "cost")


@dataclass(frozen=True)
class Failure:
    """A case that went wrong, what was wrong with it, and which key facts its answer holds."""

    case: Case
    faults: list[str]
    facts: list[tuple[str, bool]]


def write(results: Results, file: Path) -> None:
    """Write the page of a run to `file`."""
    file.write_text(render(results), "utf-8")


def render(results: Results) -> str:
    """The page of a run as HTML."""
    failures = [
        Failure(case, found, _facts(case)) for case in results.cases if (found := faults(case))
    ]
    return template("eval", "report.html").render(
        results=results,
        settings=json.dumps(results.about.get("systems", {}), indent=2, ensure_ascii=False),
        words=words,
        systems=list(results.figures),
        groups=[(group, _measures_of(results, group)) for group in GROUPS],
        kinds={system: _kinds(results, system) for system in results.figures},
        kind_measures=[measure for measure in MEASURES if measure.name in BY_KIND],
        trade_offs=_trade_offs(results),
        failures=failures,
        counts=Counter(fault.split(":")[0] for one in failures for fault in one.faults),
    )


def _measures_of(results: Results, group: str) -> list[Measure]:
    return [
        measure
        for measure in MEASURES
        if measure.group == group
        and any(measure.name in figures for figures in results.figures.values())
    ]


def _kinds(results: Results, system: str) -> dict[str, dict[str, Figure]]:
    """The figures by kind of question; none where there is only one kind."""
    found = by_kind(cases.of_system(results.cases, system))
    return found if len(found) > 1 else {}


def _facts(case: Case) -> list[tuple[str, bool]]:
    answer = case.answer or {}
    said = "" if answer.get("refused") else _said(answer)
    return [(" / ".join(variants), holds_fact(said, variants)) for variants in case.question.facts]


def _said(answer: dict[str, Any]) -> str:
    return " ".join(sentence["text"] for sentence in answer.get("sentences", ()))


def _trade_offs(results: Results) -> list[tuple[list[Point], Point | None]]:
    """What a threshold on each system's confidence would refuse, and what the run refused.

    Points are shares of answerable questions and of others; nothing where no system could refuse.
    """
    by_system = [cases.of_system(results.cases, system) for system in results.figures]
    found = [(_curve(of_one), _operating_point(of_one)) for of_one in by_system]
    return found if any(curve for curve, _ in found) and any(stood for _, stood in found) else []


def _curve(of_one: list[Case]) -> list[Point]:
    scored = [
        (case.confidence, case.question.answerable)
        for case in of_one
        if case.confidence is not None
    ]
    return [(wrong, right) for _, wrong, right in trade_off(scored)]


def _operating_point(of_one: list[Case]) -> Point | None:
    wrong = [value for case in of_one if (value := case.value("answerable refused")) is not None]
    right = [value for case in of_one if (value := case.value("refusal recall")) is not None]
    return (sum(wrong) / len(wrong), sum(right) / len(right)) if wrong and right else None
