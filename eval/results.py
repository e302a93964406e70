"""What a run comes to: each measure's figure with its interval, as JSON and as a table."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from eval import cases
from eval.cases import Case
from eval.intervals import Figure, figure
from eval.measures.register import MEASURES, Measure
from eval.questions import QuestionsError

if TYPE_CHECKING:
    from rich.table import Table


@dataclass(frozen=True)
class Results:
    """A finished run: what was run, its cases, and the figures of each system by measure."""

    about: dict[str, Any]
    cases: list[Case]
    figures: dict[str, dict[str, Figure]]

    @property
    def name(self) -> str:
        """How the run is called in tables: its set and its key."""
        return f"{self.about.get('set', 'run')} {self.about.get('key', '')}".strip()

    @property
    def peak_memory(self) -> dict[str, float]:
        """The most memory each system was seen to hold, in MB; one number a run, so no interval.

        Systems of one run share a process: a later one's figure holds what the earlier one left.
        """
        return {
            system: max(case.memory_mb for case in cases.of_system(self.cases, system))
            for system in self.figures
        }


def figures_of(finished: Sequence[Case]) -> dict[str, Figure]:
    """The figure of each measure that applies to at least one of the cases of one system."""
    found: dict[str, Figure] = {}
    for measure in MEASURES:
        one = figure([case.parts.get(measure.name) for case in finished], measure.statistic)
        if one is not None:
            found[measure.name] = one
    return found


def by_kind(finished: Sequence[Case]) -> dict[str, dict[str, Figure]]:
    """The figures of one system for each kind of question, by the kind's name."""
    kinds = sorted({case.question.kind for case in finished})
    return {
        kind: figures_of([case for case in finished if case.question.kind == kind])
        for kind in kinds
    }


def collect(folder: Path) -> Results:
    """Read a run folder, finished or not, and work out its figures."""
    plan = folder / "run.json"
    finished = cases.read(folder / "cases.jsonl")
    if not plan.exists() or not finished:
        raise QuestionsError(f"{folder} holds no run. Give a folder that `footnote eval` wrote.")
    return Results(
        json.loads(plan.read_text("utf-8")),
        finished,
        {
            system: figures_of(cases.of_system(finished, system))
            for system in cases.systems(finished)
        },
    )


def write(results: Results, file: Path) -> None:
    """Write what was run and its figures, and whatever went wrong, as JSON."""
    record = {
        **results.about,
        "figures": {
            system: {name: asdict(one) for name, one in figures.items()}
            for system, figures in results.figures.items()
        },
        "peak memory MB": results.peak_memory,
        "errors": [
            {"system": case.system, "id": case.question.id, "error": case.error}
            for case in results.cases
            if case.error
        ],
    }
    file.write_text(json.dumps(record, indent=2, ensure_ascii=False), "utf-8")


def words(value: float, measure: Measure) -> str:
    """A value as it is shown: shares with three digits, everything else with what is needed."""
    if not measure.unit:
        return f"{value:.3f}"
    return f"{value:,.{0 if abs(value) >= 100 else 1}f}"


def table(results: Results) -> "Table":
    """The figures for a terminal: one row a measure, one column a system."""
    from rich.table import Table

    systems = list(results.figures)
    shown = Table(title=results.name, title_justify="left")
    shown.add_column("measure")
    for system in systems:
        shown.add_column(system, justify="right")
        shown.add_column("95 % interval", justify="right", style="dim", no_wrap=True)
        shown.add_column("questions", justify="right", style="dim")
    group = ""
    for measure in MEASURES:
        row = [results.figures[system].get(measure.name) for system in systems]
        if not any(row):
            continue
        if group and group != measure.group:
            shown.add_section()
        group = measure.group
        cells = [cell for one in row for cell in _cells(one, measure)]
        shown.add_row(measure.label, *cells)
    memory = [(f"{peak:,.0f}", "", "") for peak in results.peak_memory.values()]
    shown.add_row("peak memory (MB)", *(cell for cells in memory for cell in cells))
    return shown


def _cells(one: Figure | None, measure: Measure) -> tuple[str, str, str]:
    if one is None:
        return "–", "", ""
    low, high = words(one.low, measure), words(one.high, measure)
    return words(one.value, measure), f"{low} – {high}", str(one.count)
