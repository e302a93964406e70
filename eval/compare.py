"""Which measures moved between two runs over the same questions, and whether it is more than noise.

One in twenty of the measures that did not change will look moved at 95 %: read several together.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp
from typing import TYPE_CHECKING, Literal

from eval.cases import Case
from eval.intervals import Shift, difference, ratio
from eval.measures.register import MEASURES, Measure
from eval.questions import QuestionsError
from eval.results import words

if TYPE_CHECKING:
    from rich.table import Table

Verdict = Literal["better", "worse", "moved", "noise"]


@dataclass(frozen=True)
class Change:
    """How one measure moved. Costs are compared as ratios, everything else as differences."""

    measure: Measure
    shift: Shift

    @property
    def verdict(self) -> Verdict:
        """Better or worse where the measure has a good end, "noise" where nothing is proven."""
        if not self.shift.is_more_than_noise:
            return "noise"
        if not self.measure.better:
            return "moved"
        rose = self.shift.low > 0
        return "better" if rose == (self.measure.better == "higher") else "worse"

    @property
    def by(self) -> str:
        """The size of the change with its interval, in words."""
        shift = self.shift
        if self.measure.group == "cost":
            size = f"× {shift.after / shift.before:.2f}" if shift.before else "–"
            return f"{size} ({exp(shift.low):.2f} – {exp(shift.high):.2f})"
        return f"{shift.after - shift.before:+.3f} ({shift.low:+.3f} – {shift.high:+.3f})"


def compare(before: Sequence[Case], after: Sequence[Case]) -> list[Change]:
    """Every measure that both runs have, over the questions that both have finished.

    Each side holds the cases of one system. Raises `QuestionsError` when they share no question.
    """
    earlier = {case.question.id: case for case in before}
    later = {case.question.id: case for case in after}
    shared = [
        one
        for one, case in earlier.items()
        if one in later and later[one].question == case.question
    ]
    if not shared:
        raise QuestionsError(
            "These runs have no question in common. Compare runs of the same set, sample and seed."
        )
    changes: list[Change] = []
    for measure in MEASURES:
        shift = (ratio if measure.group == "cost" else difference)(
            [earlier[one].parts.get(measure.name) for one in shared],
            [later[one].parts.get(measure.name) for one in shared],
            measure.statistic,
        )
        if shift is not None:
            changes.append(Change(measure, shift))
    return changes


def table(changes: Sequence[Change], before: str, after: str) -> "Table":
    """The changes for a terminal, proven ones in colour."""
    from rich.table import Table

    shown = Table(title=f"{before} → {after}", title_justify="left")
    for column in ("measure", before, after, "change (95 % interval)", "verdict"):
        shown.add_column(column, justify="left" if column in ("measure", "verdict") else "right")
    colours = {"better": "green", "worse": "red", "moved": "yellow", "noise": "dim"}
    for change in changes:
        shown.add_row(
            change.measure.label,
            words(change.shift.before, change.measure),
            words(change.shift.after, change.measure),
            change.by,
            f"[{colours[change.verdict]}]{change.verdict}[/]",
        )
    return shown
