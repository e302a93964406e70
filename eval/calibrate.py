"""Runs whose answers are known → the calibration that decides between answering and refusing.

A logistic regression over the signals of `app.quoting.deciding`, in which answerable questions and
others weigh the same, and each run the same, so that a score of 0.5 means even odds. Questions that
want a yes or a no have one of their own. The threshold is the
highest that refuses no more of the answerable questions than asked for.
"""

from collections.abc import Sequence
from dataclasses import fields
from datetime import date
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from app.quoting.deciding import Calibration, Scale, Signals
from app.understanding.asking import asks_whether
from eval import results
from eval.cases import Case
from eval.measures.refusing import trade_off
from eval.questions import QuestionsError

EVEN_ODDS = 0.5
CURVE_POINTS = 60
HOPELESS = 0.02
"""Share of answerable questions that the search alone may refuse, before a model is asked."""
OF_SEARCH = ("similarity", "coverage", "named")
OF_WHETHER = ("confirmed",)
FEWEST = 10
"""Questions that want a yes or a no, of those with an answer and of the others each."""
NAMES = tuple(field.name for field in fields(Signals))


def calibrate(runs: Sequence[Path], answerable_refused: float, today: date) -> Calibration:
    """Return the calibration fitted on the runs in these folders.

    `answerable_refused` is the share in [0, 1] of answerable questions that may be refused. Raises
    QuestionsError where the runs do not hold both kinds of questions, answered with a model.
    """
    finished = [results.collect(folder) for folder in runs]
    known = [_judged(run) for run in finished]
    whether = [[case for case in cases if asks_whether(case.searched_for)] for cases in known]
    others = [[case for case in cases if not asks_whether(case.searched_for)] for cases in known]
    with_answer, without = _of_kind(others)
    if not with_answer or not without:
        raise QuestionsError(
            "To calibrate takes questions with an answer and questions without one, answered by "
            f"Footnote; these runs have {with_answer} of the first and {without} of the second, "
            "those that want a yes or a no left out."
        )
    models = {str(case.answer["model"]) for cases in known for case in cases if case.answer}
    return Calibration(
        fitted_on=today.isoformat(),
        data=tuple(_described(run, cases) for run, cases in zip(finished, known, strict=True)),
        model=", ".join(sorted(models)),
        search=_scale(OF_SEARCH, known, HOPELESS),
        answer=_scale(NAMES, others, answerable_refused),
        whether=_scale(OF_WHETHER, whether, answerable_refused)
        if min(_of_kind(whether)) >= FEWEST
        else None,
    )


def _of_kind(known: Sequence[Sequence[Case]]) -> tuple[int, int]:
    """Return how many questions have an answer, and how many have none."""
    answerable = [case.question.answerable for cases in known for case in cases]
    return sum(answerable), len(answerable) - sum(answerable)


def _scale(
    names: Sequence[str], known: Sequence[Sequence[Case]], answerable_refused: float
) -> Scale:
    cases = [case for run in known for case in run]
    answerable = np.array([case.question.answerable for case in cases])
    signals = np.array([_values(case, names) for case in cases])
    bias, fitted = _fitted(signals, answerable, _balanced(known))
    scores = 1 / (1 + np.exp(-(bias + signals @ fitted)))
    curve = trade_off(list(zip(scores.tolist(), answerable.tolist(), strict=True)))
    threshold = max(point[0] for point in curve if point[1] <= answerable_refused)
    # Half-way to the case below it, so that rounding changes nothing.
    between = round((threshold + max((p[0] for p in curve if p[0] < threshold), default=0)) / 2, 4)
    return Scale(
        bias=round(bias, 4),
        weights={name: round(float(w), 4) for name, w in zip(names, fitted, strict=True)},
        refuse_below=between,
        doubt_below=max(EVEN_ODDS, between),
        curve=_thinned(curve, threshold),
    )


def never_refusing(calibration: Calibration) -> Calibration:
    """Return the same scores with thresholds that refuse nothing."""
    scales = {
        name: scale.model_copy(update={"refuse_below": 0.0})
        for name in ("search", "answer", "whether")
        if (scale := getattr(calibration, name)) is not None
    }
    return calibration.model_copy(update=scales)


def operating_point(fitted: Scale) -> tuple[float, float]:
    """Return the shares of answerable questions and of others that the threshold refuses."""
    return next((a, o) for score, a, o in fitted.curve if score >= fitted.refuse_below)


def _judged(run: results.Results) -> list[Case]:
    """Return Footnote's cases that have signals."""
    return [
        case
        for case in run.cases
        if case.system == "footnote" and case.answer and case.answer.get("signals")
    ]


def _values(case: Case, names: Sequence[str]) -> list[float]:
    assert case.answer is not None
    return [float(case.answer["signals"][name]) for name in names]


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
