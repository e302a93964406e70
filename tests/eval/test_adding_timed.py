import subprocess
import sys

import pytest

from eval.adding import Taken, compared, run


def test_a_command_is_timed_with_all_that_it_starts() -> None:
    child = "sum(range(3_000_000))"
    code = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {child!r}])"
    taken = run([sys.executable, "-c", code])
    assert taken.computed > 0
    assert taken.wall > 0
    assert taken.memory > 1_000_000


def test_a_command_that_fails_is_not_timed() -> None:
    with pytest.raises(subprocess.CalledProcessError) as failed:
        run([sys.executable, "-c", "raise SystemExit('no such folder')"])
    assert b"no such folder" in failed.value.stdout


def test_what_was_measured_is_told_with_its_ratio() -> None:
    told = compared("a folder", Taken(1.0, 2.0, 300_000_000), "the starter's", Taken(4.0, 5.0))
    assert told == (
        "a folder: 1.00 s, 2.00 of computing, 300 MB; "
        "the starter's: 4.00 s, 5.00 of computing; ratios 0.25 and 0.40"
    )
