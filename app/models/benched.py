"""What `footnote bench models` measured of the models on this machine: it is kept in the home."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Measured:
    """The figures of one model, and of the quotes alone on the same questions, where they are.

    They have the names of `eval.bench.Row`; a figure that was not seen is None. `where` says on
    which questions.
    """

    where: str
    own: Mapping[str, Any]
    quotes: Mapping[str, Any]

    def figure(self, name: str) -> float | None:
        """A figure of the model."""
        return _number(self.own, name)

    def of_quotes(self, name: str) -> float | None:
        """A figure of the quotes alone."""
        return _number(self.quotes, name)


def measured(home: Path, wish: str) -> Measured | None:
    """Return what was last measured of the model that `wish` means; None where nothing was."""
    try:
        bench = json.loads((home / "bench" / "models.json").read_text("utf-8"))
        rows = {row["model"]: row for row in bench["models"]}
        where = f"{bench.get('set')}, {rows[wish].get('questions')} questions"
    except (OSError, ValueError, LookupError, TypeError, AttributeError):
        return None
    return Measured(f"{where}, {str(bench.get('at'))[:10]}", rows[wish], rows.get("none", {}))


def _number(row: Mapping[str, Any], name: str) -> float | None:
    value = row.get(name)
    return float(value) if isinstance(value, int | float) else None
