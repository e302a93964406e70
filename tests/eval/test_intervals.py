from math import exp

import pytest

from eval.intervals import difference, figure, ratio

ONE, NOUGHT = (1.0, 1.0), (0.0, 1.0)


def test_a_case_that_a_measure_does_not_apply_to_is_left_out() -> None:
    found = figure([ONE, None, NOUGHT, ONE, None], "mean")
    assert found is not None
    assert found.value == pytest.approx(2 / 3)
    assert found.count == 3


def test_a_measure_that_applies_nowhere_has_no_figure() -> None:
    assert figure([None, None], "mean") is None
    assert figure([], "mean") is None


def test_the_interval_of_a_share_is_near_the_binomial_one() -> None:
    # 100 questions, half right: the standard error is 0.05, so 0.5 ± 1.96 · 0.05.
    found = figure([ONE, NOUGHT] * 50, "mean")
    assert found is not None
    assert (found.low, found.high) == (
        pytest.approx(0.402, abs=0.02),
        pytest.approx(0.598, abs=0.02),
    )


def test_the_median_ignores_the_tail() -> None:
    found = figure([(1.0, 1.0), (3.0, 1.0), None, (2.0, 1.0), (900.0, 1.0)], "median")
    assert found is not None
    assert found.value == 2.5


def test_identical_runs_have_no_difference_at_all() -> None:
    same = [ONE, NOUGHT, ONE, None] * 10
    shift = difference(same, same, "mean")
    assert shift is not None
    assert (shift.low, shift.high) == (0.0, 0.0)
    assert not shift.is_more_than_noise


def test_pairing_proves_a_small_worsening_that_the_two_intervals_would_hide() -> None:
    before = [ONE] * 120 + [NOUGHT] * 80
    after = [ONE] * 108 + [NOUGHT] * 92
    shift = difference(before, after, "mean")
    assert shift is not None
    assert shift.after - shift.before == pytest.approx(-0.06)
    assert shift.high < 0
    assert shift.is_more_than_noise


def test_a_change_both_ways_is_noise() -> None:
    before = [ONE, NOUGHT] * 20
    after = [NOUGHT, ONE] * 20
    shift = difference(before, after, "mean")
    assert shift is not None
    assert not shift.is_more_than_noise


def test_five_questions_prove_nothing_even_if_all_of_them_moved() -> None:
    shift = difference([NOUGHT] * 5, [ONE] * 5, "mean")
    assert shift is not None
    assert shift.moved == 5
    assert not shift.is_more_than_noise
    six = difference([NOUGHT] * 6, [ONE] * 6, "mean")
    assert six is not None
    assert six.is_more_than_noise


def test_a_ratio_of_medians_says_how_many_times_slower() -> None:
    before = [(float(ms), 1.0) for ms in range(10, 60)]
    after = [(3.0 * ms, 1.0) for ms in range(10, 60)]
    shift = ratio(before, after, "median")
    assert shift is not None
    assert exp(shift.low) == pytest.approx(3) == exp(shift.high)


def test_runs_of_different_length_cannot_be_paired() -> None:
    with pytest.raises(ValueError, match="same questions"):
        difference([ONE], [ONE, ONE], "mean")
