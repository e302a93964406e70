"""The rules that a claim must not break, in the order in which their reasons are told.

A rule that is not listed is not run. Each module says what it is worth: what changes
when it alone is taken out (`python -m eval.planted measure … --half both`, eval/LOG.md).
"""

from app.checking.case import Case, Conflict, Rule
from app.checking.causes import causes_exchanged
from app.checking.cells import misread
from app.checking.denials import denied
from app.checking.echoes import echoed
from app.checking.names import misnamed
from app.checking.numbers import misnumbered
from app.checking.opposites import opposed
from app.checking.places import misplaced
from app.checking.plainness import (
    compared_otherwise,
    denied_otherwise,
    named_elsewhere,
    pieced_together,
    says_all,
)
from app.checking.quantifiers import miscounted
from app.checking.roles import roles_exchanged
from app.language.lexicon import pattern

RULES: tuple[Rule, ...] = (
    misnumbered,
    misnamed,
    misplaced,
    misread,
    denied,
    miscounted,
    opposed,
    roles_exchanged,
    causes_exchanged,
    echoed,
)
PLAIN: tuple[Rule, ...] = (
    denied_otherwise,
    named_elsewhere,
    pieced_together,
    compared_otherwise,
)
"""What is said plainly must not break besides."""


def plainly_said(case: Case) -> bool:
    """Say whether one piece, with what belongs to it, says all of a claim in its own words.

    What a small model words anew is often false and breaks no rule (eval/LOG.md, 30 November).
    """
    if pattern("answers_yes_or_no").match(case.claim.text):
        return False  # no quote says "yes" to this question
    return any(says_all(case.claim, piece) for piece in case.chosen) and not any(
        found for rule in PLAIN for found in rule(case)
    )


def find_conflicts(case: Case) -> list[Conflict]:
    """Return everything in a claim that its pieces contradict or do not license."""
    found = [conflict for rule in RULES for conflict in rule(case)]
    if {"exchange", "contrast"} <= {each.kind for each in found}:
        # "A defeated B" and "B lost to A" say the same.
        return [each for each in found if each.kind not in {"exchange", "contrast"}]
    return found
