"""Cause and effect."""

from app.checking.causes import causes_exchanged
from tests.app.checking.held import kinds, reasons

COLLISIONS = "Collisions cause slower lookups."


def test_cause_and_effect_must_not_change_places() -> None:
    assert kinds(causes_exchanged, "Lookups become slower because of collisions.", COLLISIONS) == []
    found = reasons(causes_exchanged, "Slower lookups cause collisions.", COLLISIONS)
    assert "the other way round: “Slower, lookups” and “collisions”" in found


def test_an_opening_link_takes_its_clause_for_the_cause() -> None:
    passage = "Because rents rose sharply, tenants left the old town."
    assert kinds(causes_exchanged, "Tenants left because rents rose sharply.", passage) == []
    turned = "Because tenants left the old town, rents rose sharply."
    assert kinds(causes_exchanged, turned, passage) == ["exchange"]


def test_a_cause_is_not_exchanged_where_another_link_of_the_sentence_keeps_it() -> None:
    passage = (
        "Pattern lock is the best-known loom failure: the shuttle produces only a few kinds of "
        "cloth and ignores the rest of the plan."
    )
    claim = (
        "A loom can produce the same rug again because of pattern lock, in which the shuttle "
        "produces only a few kinds of cloth and ignores the rest."
    )
    assert kinds(causes_exchanged, claim, passage) == []
