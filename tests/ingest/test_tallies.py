"""The tallies of kills and removals, a few of each; `python -m` runs them at length."""

from pathlib import Path

from tests.ingest import kills, removals


def test_killed_at_random_moments_nothing_is_lost_doubled_or_changed(tmp_path: Path) -> None:
    counts = kills.tally(5, tmp_path)
    assert (counts["lost"], counts["doubled"], counts["changed"]) == (0, 0, 0)


def test_of_removed_documents_nothing_is_left(tmp_path: Path) -> None:
    counts = removals.tally(10, tmp_path)
    assert {what: count for what, count in counts.items() if count} == {"removed": 10}
