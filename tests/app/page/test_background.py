import threading
from collections.abc import Callable

import pytest

from app.page.background import Background


def test_only_the_newest_report_is_seen() -> None:
    reported = threading.Event()

    def work(report: Callable[[int], bool]) -> None:
        for number in range(100):
            report(number)
        reported.set()

    background = Background(work)
    assert reported.wait(10)
    assert list(background) == [99]


def test_stopping_ends_the_watching_at_once_and_the_work_at_its_next_report() -> None:
    may_go_on, ended = threading.Event(), threading.Event()

    def work(report: Callable[[int], bool]) -> None:
        report(1)
        may_go_on.wait(10)
        assert not report(2)
        ended.set()

    background = Background(work)
    watching = iter(background)
    assert next(watching) == 1
    background.stop()
    assert list(watching) == []
    may_go_on.set()
    assert ended.wait(10)


def test_what_the_work_raises_reaches_the_watcher() -> None:
    def work(report: Callable[[int], bool]) -> None:
        raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        list(Background(work))
