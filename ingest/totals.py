"""Which rows of a table that has groups are about all of them: the sums below the last group."""

import re
from collections.abc import Sequence
from decimal import Decimal
from itertools import pairwise

_NUMBER = re.compile(r"(?<![\w.,])(\d{1,3}(?:[,’' \u00a0\u202f]\d{3})+|\d+)([.,]\d+)?(?![\w])")
_NEGATIVE = re.compile(r"^\W*[(\-\u2212\u2013]")

Amounts = dict[int, Decimal]
"""The numbers of a row, by column."""


class _Sums:
    """The sums of the figures of rows, and how many they are, by column."""

    def __init__(self) -> None:
        self._sums: dict[int, tuple[Decimal, int]] = {}

    def add(self, amounts: Amounts) -> None:
        for column, amount in amounts.items():
            total, count = self.of(column)
            self._sums[column] = total + amount, count + 1

    def of(self, column: int) -> tuple[Decimal, int]:
        return self._sums.get(column, (Decimal(), 0))


def first_about_all(rows: Sequence[Sequence[str] | None]) -> int:
    """Return the number of the first of a table's `rows` that belongs to none of its groups.

    `rows` are the cells of each row, None for one that heads a group. A row below the last group's
    own rows is about all of them where its figures are theirs together, or those of the first
    group less the others'; so is what follows it. A single figure may be so by chance: then what
    follows has to be such sums too. Their number where there is none.
    """
    heads = [number for number, row in enumerate(rows) if row is None]
    groups = [(a + 1, b) for a, b in pairwise([*heads, len(rows)]) if b > a + 1]
    if len(groups) < 2:
        return len(rows)
    amounts = [_amounts(row or ()) for row in rows]
    first, rest, own = _Sums(), _Sums(), _Sums()
    for number, (start, end) in enumerate(groups[:-1]):
        within = _Sums()
        for row in amounts[start:end]:
            _add(row, within, rest if number else first)
    start, _ = groups[-1]
    _add(amounts[start], own, rest)
    sums: list[int] = []
    for number in range(start + 1, len(rows)):
        right = _right_of_all(amounts[number], first, rest)
        if sums and amounts[number] and not right:
            for each in sums:
                _add(amounts[each], own, rest)
            sums.clear()
            right = _right_of_all(amounts[number], first, rest)
        if right:
            sums.append(number)
        else:
            _add(amounts[number], own, rest)
        if right > 1:
            break
    return sums[0] if sums else len(rows)


def _add(row: Amounts, within: _Sums, to: _Sums) -> None:
    """Add a row to those of its group and to others, unless it sums up those of its group."""
    if not _right(row, within):
        within.add(row)
        to.add(row)


def _right_of_all(total: Amounts, first: _Sums, rest: _Sums) -> int:
    return max(_right(total, first, rest), _right(total, first, rest, -1))


def _right(total: Amounts, first: _Sums, rest: _Sums | None = None, sign: int = 1) -> int:
    """How many figures of a row are the sums of others; 0 where most are not, or all are 0."""
    right = 0
    for column, amount in total.items():
        plus, count = first.of(column)
        more, others = rest.of(column) if rest else (Decimal(), 0)
        difference = abs(plus + sign * more - amount)
        # Each of the figures may be rounded by half of its last digit.
        is_sum = difference * 2 <= (count + others) * _last_digit(amount)
        right += is_sum and (count > 0 or (sign > 0 and others > 0))
    return right if any(total.values()) and 2 * right > len(total) else 0


def _last_digit(amount: Decimal) -> Decimal:
    exponent = amount.as_tuple().exponent
    places = exponent if isinstance(exponent, int) else 0
    return Decimal(1).scaleb(places) if places < 0 else Decimal()


def _amounts(row: Sequence[str]) -> Amounts:
    found = ((column, _amount(cell)) for column, cell in enumerate(row))
    return {column: amount for column, amount in found if amount is not None}


def _amount(cell: str) -> Decimal | None:
    """The one number of a cell that says no more than a sign and a unit besides."""
    numbers = list(_NUMBER.finditer(cell))
    if len(numbers) != 1 or len(_NUMBER.sub("", cell).split()) > 2:
        return None
    whole, decimals = numbers[0].groups()
    amount = Decimal(re.sub(r"\D", "", whole) + (decimals or "").replace(",", "."))
    return -amount if _NEGATIVE.match(cell) else amount
