"""Runs whose answers are known → the calibration that decides whether quotes answer.

A logistic regression over the signals of `app.quoting.judging`, in which answerable questions and
others weigh the same, and each run the same, so that a score of 0.5 means even odds. The thresholds
are the highest that refuse, or doubt, no more of the answerable questions than asked for.
"""

from collections.abc import Sequence
from dataclasses import fields
from datetime import date
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from app.quoting.judging import Calibration, Scale, Signals
from eval import results
from eval.cases import Case
from eval.measures.refusing import trade_off
from eval.questions import QuestionsError

CURVE_POINTS = 60
NAMES = tuple(field.name for field in fields(Signals))


def calibrate(
    runs: Sequence[Path], answerable_refused: float, answerable_doubted: float, today: date
) -> Calibration:
    """Return the calibration fitted on the runs in these folders.

    `answerable_refused` and `answerable_doubted` are the shares in [0, 1] of answerable questions
    that may be refused, and refused or uncertain. Raises QuestionsError where the runs do not hold
    both kinds of questions.
    """
    finished = [results.collect(folder) for folder in runs]
    known = [_judged(run) for run in finished]
    with_answer, without = _of_kind(known)
    if not with_answer or not without:
        raise QuestionsError(
            "To calibrate takes questions with an answer and questions without one, answered by "
            f"Footnote; these runs have {with_answer} of the first and {without} of the second."
        )
    return Calibration(
        fitted_on=today.isoformat(),
        data=tuple(_described(run, cases) for run, cases in zip(finished, known, strict=True)),
        scale=_scale(known, answerable_refused, answerable_doubted),
    )


def _of_kind(known: Sequence[Sequence[Case]]) -> tuple[int, int]:
    """Return how many questions have an answer, and how many have none."""
    answerable = [case.question.answerable for cases in known for case in cases]
    return sum(answerable), len(answerable) - sum(answerable)


def _scale(
    known: Sequence[Sequence[Case]], answerable_refused: float, answerable_doubted: float
) -> Scale:
    cases = [case for run in known for case in run]
    answerable = np.array([case.question.answerable for case in cases])
    signals = np.array([_values(case) for case in cases])
    bias, fitted = _fitted(signals, answerable, _balanced(known))
    scores = 1 / (1 + np.exp(-(bias + signals @ fitted)))
    curve = trade_off(list(zip(scores.tolist(), answerable.tolist(), strict=True)))
    refuse, doubt = (
        max(point[0] for point in curve if point[1] <= share)
        for share in (answerable_refused, answerable_doubted)
    )
    return Scale(
        bias=round(bias, 4),
        weights={name: round(float(w), 4) for name, w in zip(NAMES, fitted, strict=True)},
        refuse_below=_between(refuse, curve),
        doubt_below=_between(max(refuse, doubt), curve),
        curve=_thinned(curve, refuse),
    )


def _between(threshold: float, curve: Sequence[tuple[float, float, float]]) -> float:
    """Half-way to the case below a threshold, so that rounding changes nothing."""
    below = max((point[0] for point in curve if point[0] < threshold), default=0.0)
    return round((threshold + below) / 2, 4)


def never_refusing(calibration: Calibration) -> Calibration:
    """Return the same score with thresholds that refuse and doubt nothing."""
    scale = calibration.scale.model_copy(update={"refuse_below": 0.0, "doubt_below": 0.0})
    return calibration.model_copy(update={"scale": scale})


def operating_point(fitted: Scale, threshold: float) -> tuple[float, float]:
    """Return the shares of answerable questions and of others below a threshold."""
    return next((a, o) for score, a, o in fitted.curve if score >= threshold)


def _judged(run: results.Results) -> list[Case]:
    """Return Footnote's cases that have signals."""
    return [
        case
        for case in run.cases
        if case.system == "footnote" and case.answer and case.answer.get("signals")
    ]


def _values(case: Case) -> list[float]:
    assert case.answer is not None
    return [float(case.answer["signals"][name]) for name in NAMES]


def _balanced(known: Sequence[Sequence[Case]]) -> NDArray[np.float64]:
    """Return a weight a case: each run sums to 1, half of it for each kind of question."""
    weights = []
    for cases in known:
        of_kind = {
            kind: sum(c.question.answerable == kind for c in cases) for kind in (True, False)
        }
        weights += [0.5 / of_kind[case.question.answerable] for case in cases]
    return np.array(weights) * len(weights) / sum(bool(cases) for cases in known)


def _fitted(
    signals: NDArray[np.float64], answerable: NDArray[np.bool_], weights: NDArray[np.float64]
) -> tuple[float, NDArray[np.float64]]:
    from sklearn.linear_model import LogisticRegression
    from sklearn.preprocessing import StandardScaler

    # Signals of a narrow range would else be held back by the regularisation.
    scaler = StandardScaler().fit(signals)
    model = LogisticRegression(C=1.0, max_iter=1000)
    model.fit(scaler.transform(signals), answerable, sample_weight=weights)
    slopes = model.coef_[0] / scaler.scale_
    return float(model.intercept_[0] - slopes @ scaler.mean_), slopes


def _described(run: results.Results, cases: Sequence[Case]) -> str:
    answerable = sum(case.question.answerable for case in cases)
    about = Path(run.about.get("set", "run")).stem
    return f"{about}: {answerable} answerable questions, {len(cases) - answerable} others"


def _thinned(
    curve: Sequence[tuple[float, float, float]], threshold: float
) -> tuple[tuple[float, float, float], ...]:
    """Return some points of the curve, that of the threshold among them."""
    step = max(1, len(curve) // CURVE_POINTS)
    kept = [p for n, p in enumerate(curve) if (n % step == 0 or p[0] == threshold) and p[0] <= 1]
    return tuple((round(t, 4), round(a, 4), round(o, 4)) for t, a, o in kept)
