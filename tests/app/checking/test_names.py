"""Names that no piece has, and names of which another is said to do this."""

from dataclasses import replace

import pytest

from app.checking.evidence import split_evidence
from app.checking.names import misnamed
from tests.app.checking.held import kinds, reasons


def test_a_name_that_nobody_gave_is_told() -> None:
    found = reasons(
        misnamed, "Late payments incur a fee in Scotland.", "Late payments incur a fee."
    )
    assert found == "the passage does not name “Scotland”"


def test_a_name_that_the_question_brings_along_is_doubted_and_not_called_invented() -> None:
    claim, passage = "The tram of Alba turns left at the mill.", "The tram turns left at the mill."
    assert kinds(misnamed, claim, passage) == ["name"]
    asked = "Where does the tram of Alba turn?"
    assert kinds(misnamed, claim, passage, question=asked) == ["attribution"]


def test_a_name_that_opens_a_sentence_must_be_the_one_that_the_quote_has() -> None:
    passage = "Firms of Alba fear Brio. Experts named Caro as the origin of all the trams in 1912."
    claim = "{} was named as the origin of all the trams in 1912."
    assert kinds(misnamed, claim.format("Brio"), passage) == ["attribution"]
    assert kinds(misnamed, claim.format("Caro"), passage) == []


def test_a_name_that_the_passage_gives_elsewhere_is_not_invented() -> None:
    passage = "Trams of Alba are red. Fares rose in 1912. The depot was built again in stone."
    claim = "Its depot was built again in stone by {}."
    assert kinds(misnamed, claim.format("Alba"), passage) == ["attribution"]
    assert kinds(misnamed, claim.format("Brio"), passage) == ["name"]


def test_what_authors_report_is_said_of_what_the_sentence_before_is_about() -> None:
    passage = "FlashLoom spares thread in all mills. Berg et al. (2022) saw work at Alba halve."
    claim = "FlashLoom saw work at Alba halve."
    assert kinds(misnamed, claim, passage) == []
    other = passage.replace("saw work at Alba", "saw work of HandLoom at Alba")
    assert kinds(misnamed, claim, other) != []


def test_who_is_cited_with_a_year_is_not_whom_the_sentence_is_of() -> None:
    passage = "The Veltro 5 is a boiler. According to Meier (2020), the boiler heats the hall."
    assert kinds(misnamed, "The Veltro 5 heats the hall.", passage) == []
    of_another = passage.replace("Meier (2020), the", "Meier, the")
    assert kinds(misnamed, "The Veltro 5 heats the hall.", of_another) != []


def test_an_acronym_is_made_of_words_that_stand_together() -> None:
    claim = "Input isolation belongs to IT."
    assert kinds(misnamed, claim, "| Input isolation | Tool tests | Security |") == ["name"]
    assert kinds(misnamed, claim, "Input isolation belongs to information technology.") == []


@pytest.mark.parametrize(
    ("passage", "sentence", "expected"),
    [
        ("Tram drivers learn how bells sound.", "DALL-E learns how bells sound.", ["attribution"]),
        ("The model learns how bells sound.", "DALL-E learns how bells sound.", []),
        ("A single label hides the cost.", "A single AI label hides the cost.", []),
    ],
)
def test_under_a_title_that_names_it_a_sentence_may_speak_of_it_but_not_of_another(
    passage: str, sentence: str, expected: list[str]
) -> None:
    evidence = replace(split_evidence(passage), header="DALL-E and AI")
    assert kinds(misnamed, sentence, evidence) == expected


def test_a_party_is_known_by_what_its_document_calls_it() -> None:
    clause = split_evidence("The Carrier's liability is limited to £250 per event.")
    claim = "Alba's liability is limited to £250 per event."
    contract = replace(clause, header="Between Brio Ltd (the Customer) and Alba Ltd (the Carrier)")
    assert kinds(misnamed, claim, contract) == []
    turned = replace(clause, header="Between Alba Ltd (the Customer) and Brio Ltd (the Carrier)")
    assert kinds(misnamed, claim, turned) == ["attribution"]


def test_the_number_of_a_name_is_part_of_it() -> None:
    service = "The Velo 5 is serviced every year."
    assert kinds(misnamed, "The Velo 5 needs a service every year.", service) == []
    found = reasons(misnamed, "The Velo 3 needs a service every year.", service)
    assert found == "the passage does not name “Velo 3”"
