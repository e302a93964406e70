"""Whose question a model takes next, where it takes only so many at once."""

import math
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass


@dataclass(eq=False)
class Place:
    """A question's place in a line; whoever waits in it is let go by `close`, from any thread."""

    line: "Line"
    asker: str
    round: int
    is_served: bool = False
    has_left: bool = False

    def wait(self) -> Iterator[int]:
        """Yield how many have to be finished first, whenever that changes; ends when none has."""
        told = 0
        while (before := self.line.before(self, told)) > 0:
            yield before
            told = before

    def close(self) -> None:
        """Leave the line; leaving again does nothing."""
        self.line.leave(self)


class Line:
    """Takes each asker's first question before anybody's second, else in the order of asking.

    `at_once` are taken together; by default nobody waits.
    """

    def __init__(self, at_once: float = math.inf) -> None:
        self._at_once = at_once
        self._places: list[Place] = []  # as they came
        self._changed = threading.Condition()

    @contextmanager
    def place(self, asker: str = "") -> Iterator[Place]:
        """Stand in line meanwhile, also while being served."""
        with self._changed:
            rounds = [each.round for each in self._places if each.asker == asker]
            place = Place(self, asker, 1 + max(rounds, default=0))
            self._places.append(place)
            self._changed.notify_all()
        try:
            yield place
        finally:
            self.leave(place)

    def before(self, place: Place, told: int) -> int:
        """Wait until it is another number than `told` that comes before a place, and return it.

        With 0 it is served, or has left.
        """

        def has_changed() -> bool:
            return place.has_left or self._before(place) != (told or math.nan)

        with self._changed:
            self._changed.wait_for(has_changed)
            before = 0 if place.has_left else self._before(place)
            place.is_served = before == 0
            return before

    def leave(self, place: Place) -> None:
        """Take a place out of the line; the next one is served."""
        with self._changed:
            place.has_left = True
            if place in self._places:
                self._places.remove(place)
            self._changed.notify_all()

    def _before(self, place: Place) -> int:
        """How many have to be finished before a place is served."""
        order = sorted(self._places, key=lambda each: (not each.is_served, each.round))
        return int(max(0, order.index(place) - self._at_once + 1))
