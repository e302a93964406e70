"""What a claim of a text from elsewhere denies or names, and the quote does not say plainly."""

import pytest

from app.checking.evidence import split_evidence
from app.checking.plainness import denied_otherwise, named_elsewhere
from app.checking.support import SupportChecker
from tests.app.checking.held import kinds


@pytest.mark.parametrize(
    ("claim", "passage", "expected"),
    [
        ("No rule can do without a test.", "Each rule needs a test.", ["negation"]),
        ("Its use is never uncertain.", "Its use is uncertain.", ["negation"]),
        ("The lamp does not burn.", "The lamp doesn't burn.", []),
        ("The lamp burns at night.", "The lamp burns at night.", []),
    ],
)
def test_the_quote_denies_as_often_as_the_claim(
    claim: str, passage: str, expected: list[str]
) -> None:
    assert kinds(denied_otherwise, claim, passage) == expected


def test_the_quote_itself_or_what_belongs_to_it_has_each_name() -> None:
    passage = "Ann Berg founded a school in Oslo. She taught there for ten years."
    assert kinds(named_elsewhere, "Ann Berg founded a school in Oslo.", passage) == []
    assert kinds(named_elsewhere, "Berg taught there for ten years.", passage) == ["attribution"]


def test_only_a_text_from_elsewhere_has_to_be_said_plainly() -> None:
    evidence = [split_evidence("Each rule needs a test.")]
    check = SupportChecker(None).check
    claim = "No rule can do without a test."
    assert check(claim, evidence).conflicts == ()
    assert check(claim, evidence, plainly=True).conflicts == ("negation",)
