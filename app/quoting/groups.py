"""Lists and tables: which of their items or rows are asked for, all of them or some.

What the question shares with everything around a group does not tell its members apart; what only
some members say themselves does. So "Which systems are on hold?" takes the rows that say "on hold",
"tyre change on the Veltro 3" one row, and "which systems are there?" the whole table.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from app.quoting.asked import Asked
from app.quoting.units import Unit

_TIED = 0.99
_SHORT = 3  # members; of fewer, nothing that one of them says is said by most


@dataclass(frozen=True)
class Group:
    """The rows of one table or the items of one list, all of them, in the document's order."""

    members: tuple[Unit, ...]

    @classmethod
    def around(cls, unit: Unit, of_document: Sequence[Unit]) -> "Group":
        """Return the group that a row or an item is in, over all passages of its document."""
        return cls(tuple(each for each in of_document if each.group == unit.group))

    def asked_for(self, asked: Asked) -> list[Unit]:
        """Return the members that the question asks for; all, where it tells none apart.

        Members are taken as those that say most of what tells them apart, then those that say what
        these do not, until all of it is said. What is then said by more than have been taken tells
        nothing apart.
        """
        left = set(self._telling() - asked.parts)
        taken: list[Unit] = []
        while left:
            worth = {each: asked.share(each.own & left) for each in self.members}
            best = max(worth.values())
            new = [each for each in self.members if worth[each] >= _TIED * best > 0]
            if not new or (taken and len(new) > max(len(taken), 2)):
                break
            taken += [each for each in new if each not in taken]
            left -= frozenset[str]().union(*(each.own for each in new))
        return sorted(taken, key=lambda each: each.span) or list(self.members)

    def _telling(self) -> frozenset[str]:
        """Return the question's terms that some members say themselves and most do not."""
        said = Counter(term for each in self.members for term in each.own)
        most = max(_SHORT, len(self.members)) / 2
        return frozenset(term for term, times in said.items() if times <= most)
