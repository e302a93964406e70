from eval.intervals import figure
from eval.measures.refusing import doubt_parts, refusal_parts, trade_off

# 4 questions without an answer, 3 of them refused; 6 with one, 1 of them refused.
CASES = [(False, True)] * 3 + [(False, False)] + [(True, True)] + [(True, False)] * 5


def value(measure: str) -> float:
    found = figure([refusal_parts(*case).get(measure) for case in CASES], "mean")
    assert found is not None
    return found.value


def test_refusals_are_counted_as_a_class_of_their_own() -> None:
    assert value("refusal precision") == 3 / 4
    assert value("refusal recall") == 3 / 4
    assert value("refusal F1") == 3 / 4
    assert value("answerable refused") == 1 / 6


def test_f1_is_the_harmonic_mean_when_precision_and_recall_differ() -> None:
    cases = [(False, True), (False, False), (False, False), (True, False)]
    parts = [refusal_parts(*case).get("refusal F1") for case in cases]
    found = figure(parts, "mean")
    assert found is not None
    assert found.value == 2 * 1 * (1 / 3) / (1 + 1 / 3)


def test_an_answered_answerable_question_says_nothing_about_precision() -> None:
    assert refusal_parts(True, False) == {"answerable refused": (0.0, 1.0)}


def test_each_threshold_has_its_price() -> None:
    scored = [(0.9, True), (0.4, True), (0.5, False), (0.1, False)]
    assert trade_off(scored) == [
        (0.1, 0.0, 0.0),
        (0.4, 0.0, 0.5),
        (0.5, 0.5, 0.5),
        (0.9, 0.5, 1.0),
        (float("inf"), 1.0, 1.0),
    ]


def test_one_kind_alone_has_no_trade_off() -> None:
    assert trade_off([(0.9, True)]) == []


def test_an_uncertain_answer_holds_back_what_has_none_and_is_a_doubt_about_what_has_one() -> None:
    assert doubt_parts(True, "uncertain") == {"answerable uncertain": (1.0, 1.0)}
    assert doubt_parts(True, "refused") == {"answerable uncertain": (0.0, 1.0)}
    assert [doubt_parts(False, outcome)["others held back"][0] for outcome in
            ("answered", "uncertain", "refused")] == [0.0, 1.0, 1.0]  # fmt: skip
