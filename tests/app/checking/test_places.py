"""What one document, section or row says, given to what only another one names."""

from dataclasses import replace

import pytest

from app.checking.evidence import Evidence, split_evidence
from app.checking.places import misplaced
from tests.app.checking.held import kinds, reasons


def of(document: str, header: str, text: str) -> Evidence:
    return replace(split_evidence(text), document=document, header=header)


VELO_3 = of("3.md", "Velo 3 prices", "The Velo 3 needs an annual service every 20,000 km.")
VELO_5 = of("5.md", "Velo 5 prices", "The Velo 5 needs an annual service every 30,000 km.")


def test_what_the_document_of_a_sibling_says_is_not_said_of_the_other() -> None:
    claim = "The Velo 5 needs a service every {} km."
    assert kinds(misplaced, claim.format("30,000"), VELO_3, VELO_5) == []
    found = reasons(misplaced, claim.format("20,000"), VELO_3, VELO_5)
    assert found == "the passage does not say this of “5”"


def test_a_section_that_names_another_is_another_place_of_the_same_document() -> None:
    amber = replace(split_evidence("Status: active."), context=("P-101 Amber",))
    basalt = replace(split_evidence("Status: completed."), context=("P-102 Basalt",))
    assert kinds(misplaced, "The status of Basalt is completed.", amber, basalt) == []
    assert kinds(misplaced, "The status of Amber is completed.", amber, basalt) == ["attribution"]


def test_a_claim_about_one_thing_is_not_pieced_together_from_two_documents() -> None:
    lease = of("lease.md", "", "Notice is given four weeks ahead.")
    guide = of("guide.md", "", "Probation lasts six months.")
    claim = "During six months of probation notice is four weeks."
    assert kinds(misplaced, claim, lease, guide) == ["attribution"]
    assert kinds(misplaced, claim, lease, replace(guide, document="lease.md")) == []
    two = "Probation is six months, and notice four weeks."
    assert kinds(misplaced, two, lease, guide) == []


def test_what_a_title_dates_is_not_said_of_another_month() -> None:
    june = of("june.md", "Minutes of 12 June 2025", "Present: Li (chair), Amir.")
    july = of("july.md", "Minutes of 10 July 2025", "Present: Amir (chair), Bea.")
    claim = "Li was present as chair in {} 2025."
    assert kinds(misplaced, claim.format("June"), june, july) == []
    assert kinds(misplaced, claim.format("July"), june, july) == ["attribution"]


def test_a_cell_of_another_row_is_not_taken_for_one_of_the_row_that_is_named() -> None:
    rows = "| Late rent | Fee | Agent |\n| Wet walls | Airing | Landlord |\n"
    table = f"| Problem | Remedy | Owner |\n|---|---|---|\n{rows}"
    assert kinds(misplaced, "The owner of wet walls is the agent.", table) == ["attribution"]
    assert kinds(misplaced, "The owner of wet walls is the landlord.", table) == []
    both = "Late rent is for the agent, and wet walls for the landlord."
    assert kinds(misplaced, both, table) == []


def test_what_stands_behind_another_label_is_not_taken_for_what_the_label_named() -> None:
    report = "Approved (by vote): the band. Refused: the anglers, the choir."
    assert kinds(misplaced, "The band was approved, the choir refused.", report) == []
    assert kinds(misplaced, "The choir was approved.", report) == ["attribution"]


@pytest.mark.parametrize(("source", "expected"), [("laboratory", ["attribution"]), ("field", [])])
def test_according_to_a_guide_means_what_that_guide_says(source: str, expected: list[str]) -> None:
    field = of("field.md", "Field guide", "Samples are kept cold for two days.")
    lab = of("lab.md", "Laboratory guide", "Gloves are worn at all times.")
    claim = f"According to the {source} guide, samples are kept cold for two days."
    assert kinds(misplaced, claim, field, lab) == expected
