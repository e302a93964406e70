"""The tallies of kills and removals, a few of each; `python -m` runs them at length."""

import subprocess
import sys
from pathlib import Path

from tests.ingest import removals


def test_killed_at_random_moments_nothing_is_lost_doubled_or_changed() -> None:
    # In a process of its own: one whose threads have locks, as those of Chroma, forks badly.
    tally = [sys.executable, "-m", "tests.ingest.kills", "5"]
    ran = subprocess.run(tally, capture_output=True, text=True, timeout=300, check=True)
    counts = {
        what: int(times)
        for times, what in (line.split(maxsplit=1) for line in ran.stdout.splitlines())
    }
    assert (counts["lost"], counts["doubled"], counts["changed"]) == (0, 0, 0)


def test_of_removed_documents_nothing_is_left(tmp_path: Path) -> None:
    counts = removals.tally(10, tmp_path)
    assert {what: count for what, count in counts.items() if count} == {"removed": 10}
