"""How sure a figure is: bootstrap intervals over questions, paired where two runs are compared.

Percentile bootstrap (Efron and Tibshirani, "An Introduction to the Bootstrap", 1993, chapter 13):
questions are drawn with replacement, the figure is computed again, and the middle 95 % of the
outcomes is the interval. Two runs share each draw, so what makes a question hard for both cancels.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from eval.measures.refusing import Part
from eval.measures.register import Statistic

DRAWS = 2000
LEVEL = 0.95
SEED = 20261121
Numbers = NDArray[np.float64]
AT_ONCE = 2_000_000
# Below six questions that all moved one way, a sign test finds nothing either: 2 · 0.5**5 > 0.05.
FEWEST_MOVED = 6


@dataclass(frozen=True)
class Figure:
    """A set's value of a measure, its interval, and the number of questions it applies to."""

    value: float
    low: float
    high: float
    count: int


def figure(parts: Sequence[Part | None], statistic: Statistic) -> Figure | None:
    """The figure of a set from what each question adds; None if it applies to none of them."""
    table = _table(parts)
    applies = table[:, 1] > 0
    if not applies.any():
        return None
    low, high = _middle(_outcomes(table, statistic))
    return Figure(_statistic(table[None], statistic)[0].item(), low, high, int(applies.sum()))


@dataclass(frozen=True)
class Shift:
    """How a figure moved between two runs over the same questions, and within which interval.

    `moved` is the number of questions of which the measure says something else than before.
    """

    before: float
    after: float
    low: float
    high: float
    moved: int

    @property
    def is_more_than_noise(self) -> bool:
        """Whether the interval leaves out "no change" by more than rounding.

        A handful of questions can have an interval of no width at all, so some must have moved.
        """
        return self.moved >= FEWEST_MOVED and (self.low > 1e-9 or self.high < -1e-9)


def difference(
    before: Sequence[Part | None], after: Sequence[Part | None], statistic: Statistic
) -> Shift | None:
    """After minus before, over the same questions in the same order; None if one has no figure."""
    return _shift(before, after, statistic, np.subtract)


def ratio(
    before: Sequence[Part | None], after: Sequence[Part | None], statistic: Statistic
) -> Shift | None:
    """After over before; the interval is that of the ratio's logarithm, so 0 means no change."""
    return _shift(before, after, statistic, lambda a, b: np.log(a) - np.log(b))


def _shift(
    before: Sequence[Part | None],
    after: Sequence[Part | None],
    statistic: Statistic,
    apart: Callable[[Numbers, Numbers], Numbers],
) -> Shift | None:
    if len(before) != len(after):
        raise ValueError("paired figures need the same questions on both sides")
    tables = [_table(before), _table(after)]
    if any(not (table[:, 1] > 0).any() for table in tables):
        return None
    with np.errstate(divide="ignore", invalid="ignore"):
        moved = apart(_outcomes(tables[1], statistic), _outcomes(tables[0], statistic))
    low, high = _middle(moved)
    values = [_statistic(table[None], statistic)[0].item() for table in tables]
    return Shift(values[0], values[1], low, high, int((tables[0] != tables[1]).any(axis=1).sum()))


def _table(parts: Sequence[Part | None]) -> Numbers:
    return np.array([part or (0.0, 0.0) for part in parts], dtype=float).reshape(-1, 2)


def _outcomes(table: Numbers, statistic: Statistic) -> Numbers:
    """The statistic of each draw; the same draws for every table of the same length."""
    rng = np.random.default_rng(SEED)
    count = len(table)
    step = max(1, AT_ONCE // count)
    return np.concatenate(
        [
            _statistic(table[rng.integers(0, count, (min(step, DRAWS - done), count))], statistic)
            for done in range(0, DRAWS, step)
        ]
    )


def _statistic(tables: Numbers, statistic: Statistic) -> Numbers:
    """One number for each [question, 2] table of `tables`; NaN where it applies to no question."""
    over, under = tables[..., 0], tables[..., 1]
    with np.errstate(divide="ignore", invalid="ignore"):
        if statistic == "mean":
            return np.asarray(over.sum(axis=-1) / under.sum(axis=-1))
        values = np.sort(over / under, axis=-1)  # NaN, where it does not apply, comes last
    applying = (under > 0).sum(axis=-1)
    rows = np.arange(len(values))
    lower, upper = values[rows, (applying - 1) // 2], values[rows, applying // 2]
    return np.where(applying > 0, (lower + upper) / 2, np.nan)


def _middle(outcomes: Numbers) -> tuple[float, float]:
    edge = (1 - LEVEL) / 2
    low, high = np.nanquantile(outcomes, [edge, 1 - edge])
    return float(low), float(high)
