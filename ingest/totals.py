"""Which rows of a table that has groups are about all of them: the sums below the last group."""

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal, InvalidOperation
from itertools import pairwise

_NUMBER = re.compile(r"(?<![\w.,])(\d{1,3}(?:[,’' \u00a0\u202f]\d{3})+|\d+)([.,]\d+)?(?![\w])")
_NEGATIVE = re.compile(r"^\W*[(\-\u2212\u2013]")

Amounts = dict[int, Decimal]
"""The numbers of a row, by column."""


def first_about_all(rows: Sequence[Sequence[str] | None]) -> int:
    """Return the number of the first of a table's `rows` that belongs to none of its groups.

    `rows` are the cells of each row, None for one that heads a group. A row below the last group's
    own rows is about all of them where its figures are theirs together, or those of the first
    group less the others'; so is what follows it. Their number where there is none.
    """
    heads = [number for number, row in enumerate(rows) if row is None]
    starts = [start + 1 for start, after in pairwise([*heads, len(rows)]) if after > start + 1]
    if len(starts) < 2:
        return len(rows)
    ends = [next((head for head in heads if head > start), len(rows)) for start in starts]
    groups = [list(_parts(rows[a:b])) for a, b in zip(starts[:-1], ends[:-1], strict=True)]
    for number in range(starts[-1] + 1, len(rows)):
        own = list(_parts(rows[starts[-1] : number]))
        total = _amounts(rows[number] or ())
        first, *others = groups
        rest = [part for group in (*others, own) for part in group]
        if _are(total, [*first, *rest]) or _are(total, first, less=rest):
            return number
    return len(rows)


def _parts(rows: Sequence[Sequence[str] | None]) -> Iterator[Amounts]:
    """The figures of a group's rows, but for those that sum up the ones above them."""
    above: list[Amounts] = []
    for row in rows:
        amounts = _amounts(row or ())
        if not (above and _are(amounts, above)):
            above.append(amounts)
            yield amounts


def _are(total: Amounts, parts: Sequence[Amounts], less: Sequence[Amounts] = ()) -> bool:
    """Whether most figures of a row are the sums of those of `parts`, and of more than nothing."""
    right = 0
    for column, amount in total.items():
        plus = [part[column] for part in parts if column in part]
        minus = [part[column] for part in less if column in part]
        difference = abs(sum(plus, Decimal()) - sum(minus, Decimal()) - amount)
        # Each of the figures may be rounded by half of its last digit.
        right += bool(plus) and difference * 2 <= len([*plus, *minus]) * _last_digit(amount)
    return any(total.values()) and 2 * right > len(total)


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
    try:
        amount = Decimal(re.sub(r"\D", "", whole) + (decimals or "").replace(",", "."))
    except InvalidOperation:
        return None
    return -amount if _NEGATIVE.match(cell) else amount
