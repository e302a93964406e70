"""Things set side by side: each has a quote of its own; a table that compares them comes first."""

from pathlib import Path

import pytest

from app.language.comparing import sides
from tests.app.quoting.test_quoting import shown
from tests.app.small_world import indexed

APART = """# Loans

Ploughs and harrows are both lent by the yard, ploughs as often as harrows.

## Ploughs

A plough turns the ground over. It is lent for a week.

## Harrows

A harrow breaks clods. It is lent for a day.
"""
ROWS = """# Tools

Ploughs and harrows are both old, ploughs as old as harrows.

| Tool | Rent |
|---|---|
| Plough | 40 euros |
| Harrow | 25 euros |
| Roller | 30 euros |
"""
COLUMNS = """# Plans

Basic and Plus are both monthly, Basic as much as Plus.

| Property | Basic | Plus |
|---|---|---|
| Price | 4 euros | 9 euros |
| Storage | 5 GB | 50 GB |
"""


@pytest.mark.parametrize(
    ("question", "found"),
    [
        ("plough vs harrow", ("plough", "harrow")),
        ("which is cheaper: plough, harrow or roller?", ("plough", "harrow", "roller")),
        ("difference between the Veltro 3 and the Veltro 5, and which is new?", 2),
        ("rent of the Veltro 3 vs Veltro 5 in May", ("Veltro 3", "Veltro 5")),
        ("compare Basic with Plus", ("Basic", "Plus")),
        ("Can employees or contractors stay?", ("employees", "contractors stay")),
        ("plan a or plan b", ("plan a", "plan b")),
        ("Which is cheaper, the Veltro 5 or the Corvan X?", ("Veltro 5", "Corvan X")),
        ("Which tool digs deeper, plough or harrow?", ("plough", "harrow")),
        ("Which of Alder, Birch or Cedar is best?", ("Alder", "Birch", "Cedar")),
        ("Do I rent the plough, the harrow or the roller?", ("plough", "harrow", "roller")),
        ("What is a plough for?", ()),
        ("Is the lease for one or two years?", ()),
        ("a room with one or more beds", ()),
    ],
)
def test_what_is_set_side_by_side_is_read_from_a_question(
    question: str, found: tuple[str, ...] | int
) -> None:
    assert sides(question) == found or len(sides(question)) == found


def test_each_side_has_a_quote_of_its_own(tmp_path: Path) -> None:
    [one, other] = shown("plough vs harrow", indexed(tmp_path, {"loans.md": APART}))[:2]
    assert {one.quote, other.quote} == {
        "A plough turns the ground over.",
        "A harrow breaks clods.",
    }


def test_rows_of_a_table_that_the_sides_head_come_first(tmp_path: Path) -> None:
    found = shown("harrow or plough?", indexed(tmp_path, {"tools.md": ROWS}))
    assert [each.quote for each in found][:2] == ["| Plough | 40 euros |", "| Harrow | 25 euros |"]


def test_a_table_with_the_sides_as_columns_shows_the_row_that_is_asked_for(tmp_path: Path) -> None:
    index = indexed(tmp_path, {"plans.md": COLUMNS})
    found = [each.quote for each in shown("difference between Basic and Plus", index)]
    assert found[:2] == ["| Price | 4 euros | 9 euros |", "| Storage | 5 GB | 50 GB |"]
    found = [each.quote for each in shown("difference between Basic and Plus in storage", index)]
    assert found[0] == "| Storage | 5 GB | 50 GB |"
