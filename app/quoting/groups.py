"""Lists and tables: which of their items or rows are asked for, all of them or some.

What the question shares with everything around a group does not tell its members apart; what only
some members say themselves does. So "Which systems are on hold?" takes the rows that say "on hold",
"tyre change on the Veltro 3" one row, and "which systems are there?" the whole table.
"""

from collections import Counter
from dataclasses import dataclass

from app.quoting.asked import Asked
from app.quoting.units import Unit
from ingest.blocks import table_cells
from ingest.terms import terms

_TIED = 0.99
# Of what the question asks besides names: what weighs less tells no members apart.
_TELLS = 0.12
_SHORT = 3  # members; of fewer, nothing that one of them says is said by most


@dataclass(frozen=True)
class Group:
    """The rows of one table or the items of one list, all of them, in the document's order."""

    members: tuple[Unit, ...]

    def asked_for(self, asked: Asked) -> list[Unit]:
        """Return the members that the question asks for; all, where it tells none apart.

        Members are taken as those that say most of what tells them apart, then those that say what
        these do not, until all of it is said. What is then said by more than have been taken tells
        nothing apart. What heads another row is that row's to say, whoever else mentions it. What
        stands above all of them tells none apart, be it in some of them too; a name does.
        """
        above = asked.heard(self.members[0].context.terms) - asked.demanded
        left = self._telling() - asked.parts - above
        others = frozenset(asked.weights) - asked.demanded - asked.unknown
        if not left & asked.demanded and asked.share(left) < _TELLS * asked.share(others):
            return list(self.members)
        labels = {each: asked.heard(label_of(each)) for each in self.members}
        taken: list[Unit] = []
        rest = list(self.members)
        while left and rest:
            worth = {each: asked.share(each.own & left) for each in rest}
            best = max(worth.values())
            new = [each for each in rest if worth[each] >= _TIED * best > 0]
            if not new or (taken and len(new) > max(len(taken), 2)):
                break
            taken += new
            rest = [each for each in rest if each not in new]
            of_others = frozenset[str]().union(*(labels[each] for each in rest))
            of_these = frozenset[str]().union(*(labels[each] for each in new))
            left -= frozenset[str]().union(*(each.own for each in new)) - (of_others - of_these)
        return sorted(taken, key=lambda each: each.span) or list(self.members)

    def _telling(self) -> frozenset[str]:
        """Return the question's terms that some members say themselves and most do not."""
        said = Counter(term for each in self.members for term in each.own)
        most = max(_SHORT, len(self.members)) / 2
        return frozenset(term for term, times in said.items() if times <= most)


def label_of(unit: Unit) -> frozenset[str]:
    """Return the terms of the cell that heads a row; an item has none."""
    cells = table_cells(unit.text) if unit.kind == "row" else []
    return terms(cells[0]) if cells else frozenset()


def columns_of(row: Unit) -> list[str]:
    """Return what heads each column of a row's table; none where nothing does."""
    header = row.hit.passage.header_of_row(row.span[0]).partition("\n")[0]
    return table_cells(header) if header else []
