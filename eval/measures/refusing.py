"""Does it say so when the documents do not answer: precision, recall and F1 of refusals.

A refusal is the positive class: recall is the share of questions without an answer that were
refused, precision the share of refusals that were right. Every one of them is written as a pair
(numerator, denominator) that one question adds, and a set's figure is the one sum over the other.
"""

from app.answer import Outcome

Part = tuple[float, float]


def refusal_parts(answerable: bool, refused: bool) -> dict[str, Part]:
    """What one question adds to each measure it applies to.

    F1 is 2TP / (2TP + FP + FN), whose denominator counts a question once for being refused and
    once for having no answer.
    """
    parts: dict[str, Part] = {}
    if refused:
        parts["refusal precision"] = (float(not answerable), 1.0)
    if refused or not answerable:
        right = refused and not answerable
        parts["refusal F1"] = (2.0 * right, float(refused) + float(not answerable))
    if answerable:
        parts["answerable refused"] = (float(refused), 1.0)
    else:
        parts["refusal recall"] = (float(refused), 1.0)
    return parts


def doubt_parts(answerable: bool, outcome: Outcome) -> dict[str, Part]:
    """What one question adds to what is shown as perhaps not answering, or is refused."""
    if answerable:
        return {"answerable uncertain": (float(outcome == "uncertain"), 1.0)}
    return {"others held back": (float(outcome != "answered"), 1.0)}


def trade_off(scored: list[tuple[float, bool]]) -> list[tuple[float, float, float]]:
    """Every threshold t with (t, answerable refused, others refused) if scores below t refuse.

    `scored` holds, for each question, the system's confidence and whether it has an answer. Shares
    are of the questions of their kind; needs at least one of each, else the list is empty.
    """
    answerable = sorted(score for score, has_answer in scored if has_answer)
    others = sorted(score for score, has_answer in scored if not has_answer)
    if not answerable or not others:
        return []
    thresholds = sorted({score for score, _ in scored})
    thresholds.append(float("inf"))
    return [
        (
            threshold,
            sum(score < threshold for score in answerable) / len(answerable),
            sum(score < threshold for score in others) / len(others),
        )
        for threshold in thresholds
    ]
