"""Cells are read by their columns."""

import pytest

from app.checking.cells import misread
from tests.app.checking.held import kinds, reasons

SYSTEMS = (
    "| System | Recovery time | Recovery point | Backup |\n|---|---|---|---|\n"
    "| Payroll | 24 hours | 4 hours | yes |\n| Mail | 8 hours | 1 hour | no |\n"
)
YEARS = "| Group | 2023 | 2024 |\n|---|---|---|\n| Adults | 40 euros | 45 euros |\n"


def test_a_value_is_that_of_its_column() -> None:
    assert kinds(misread, "The recovery time of payroll is 24 hours.", SYSTEMS) == []
    found = reasons(misread, "The recovery time of payroll is 4 hours.", SYSTEMS)
    assert found == "the table gives “4 hours” as “Recovery point”"


def test_last_years_figure_is_not_this_years() -> None:
    assert kinds(misread, "Adults pay 45 euros in 2024.", YEARS) == []
    assert kinds(misread, "Adults pay 40 euros in 2024.", YEARS) == ["attribution"]


@pytest.mark.parametrize(
    ("claim", "expected"),
    [
        ("Payroll has a backup.", []),
        ("Payroll has no backup.", ["negation"]),
        ("Mail has no backup.", []),
        ("Mail has a backup.", ["negation"]),
        ("There is a backup of mail.", ["negation"]),
    ],
)
def test_yes_and_no_answer_what_their_column_asks(claim: str, expected: list[str]) -> None:
    assert kinds(misread, claim, SYSTEMS) == expected


def test_a_columns_abbreviation_stands_for_its_words() -> None:
    table = "| System | RTO | RPO |\n|---|---|---|\n| Payroll | 24 hours | 4 hours |\n"
    claim = "The recovery time objective of payroll is {} hours."
    assert kinds(misread, claim.format(24), table) == []
    assert kinds(misread, claim.format(4), table) == ["attribution"]


def test_a_number_of_a_row_is_not_given_to_what_the_table_lacks() -> None:
    table = "| Sensor | Error |\n|---|---|\n| Oxygen | 0.4 mg |\n| Salt | 2 mg |\n"
    found = reasons(misread, "The error of the nitrate sensor is 0.4 mg.", table)
    assert found == "the table says 0.4 mg of “Oxygen”"
    assert kinds(misread, "The error of the oxygen sensor is 0.4 mg.", table) == []
