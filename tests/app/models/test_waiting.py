"""Whose question a model takes next."""

import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import pytest

from app.models.waiting import Line, Place


class Crowd:
    """Questions that wait in one line, each on a thread of its own."""

    def __init__(self, at_once: float) -> None:
        self.line = Line(at_once)
        self.heard: dict[str, list[int]] = {}
        self.served: list[str] = []
        self._places: dict[str, ExitStack] = {}
        self._news = threading.Condition()
        self._threads: list[threading.Thread] = []

    def ask(self, question: str) -> Place:
        """Ask as the asker that the question begins with."""
        stack = self._places[question] = ExitStack()
        place = stack.enter_context(self.line.place(question[0]))
        self.heard[question] = []
        self._threads.append(threading.Thread(target=self._wait, args=(question, place)))
        self._threads[-1].start()
        return place

    def finish(self, question: str) -> None:
        self._places[question].close()

    def _wait(self, question: str, place: Place) -> None:
        for before in place.wait():
            with self._news:
                self.heard[question].append(before)
                self._news.notify_all()
        with self._news:
            if not place.has_left:
                self.served.append(question)
            self._news.notify_all()

    def expect(self, question: str, before: int) -> None:
        """Wait until a question was told that so many come before it; 0 is that it is served."""

        def is_told() -> bool:
            return question in self.served if not before else before in self.heard[question][-1:]

        with self._news:
            assert self._news.wait_for(is_told, 10), (question, self.heard, self.served)

    def end(self) -> None:
        for stack in self._places.values():
            stack.close()
        for thread in self._threads:
            thread.join(10)


@contextmanager
def crowd(at_once: float) -> Iterator[Crowd]:
    waiting = Crowd(at_once)
    try:
        yield waiting
    finally:
        waiting.end()


def test_who_comes_first_is_served_first_and_everybody_sees_their_place() -> None:
    with crowd(1) as waiting:
        for before, question in enumerate(("a", "b", "c")):
            waiting.ask(question)
            waiting.expect(question, before)
        waiting.finish("a")
        waiting.expect("b", 0)
        waiting.expect("c", 1)
        waiting.finish("b")
        waiting.expect("c", 0)
        assert waiting.heard == {"a": [], "b": [1], "c": [2, 1]}


def test_as_many_are_served_at_once_as_the_model_takes() -> None:
    with crowd(2) as waiting:
        for question, before in (("a", 0), ("b", 0), ("c", 1), ("d", 2)):
            waiting.ask(question)
            waiting.expect(question, before)


def test_a_visitor_with_many_questions_is_not_before_those_with_one() -> None:
    with crowd(1) as waiting:
        for before, question in enumerate(("a1", "a2", "a3")):
            waiting.ask(question)
            waiting.expect(question, before)
        waiting.ask("b1")
        waiting.expect("b1", 1)
        waiting.expect("a2", 2)
        waiting.expect("a3", 3)
        for one, next_one in (("a1", "b1"), ("b1", "a2"), ("a2", "a3")):
            waiting.finish(one)
            waiting.expect(next_one, 0)


def test_who_leaves_lets_the_others_move_up() -> None:
    with crowd(1) as waiting:
        waiting.ask("a")
        waiting.expect("a", 0)
        left = waiting.ask("b")
        waiting.expect("b", 1)
        waiting.ask("c")
        waiting.expect("c", 2)
        left.close()
        waiting.expect("c", 1)
        waiting.finish("a")
        waiting.expect("c", 0)
        assert waiting.served == ["a", "c"]


@pytest.mark.parametrize("times", [1, 50])
def test_a_line_without_a_limit_keeps_nobody_waiting(times: int) -> None:
    line = Line()
    with ExitStack() as stack:
        for _ in range(times):
            assert list(stack.enter_context(line.place("a")).wait()) == []
