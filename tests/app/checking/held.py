"""A claim held against texts by one rule alone."""

from app.checking.case import Case, Conflict, Rule
from app.checking.choosing import choose
from app.checking.evidence import Evidence, pieces_of, split_evidence
from app.language.claims import read


def conflicts(rule: Rule, claim: str, *given: str | Evidence, question: str = "") -> list[Conflict]:
    """What a rule finds in a claim beside the pieces that words alone choose for it."""
    evidence = [split_evidence(each) if isinstance(each, str) else each for each in given]
    pieces, said, asked = pieces_of(evidence), read(claim), read(question)
    chosen = choose(said, pieces, [0.0] * len(pieces), asked)
    return list(rule(Case.of(said, chosen, asked, pieces)))


def kinds(rule: Rule, claim: str, *given: str | Evidence, question: str = "") -> list[str]:
    return [each.kind for each in conflicts(rule, claim, *given, question=question)]


def reasons(rule: Rule, claim: str, *given: str | Evidence, question: str = "") -> str:
    return "; ".join(each.reason for each in conflicts(rule, claim, *given, question=question))
