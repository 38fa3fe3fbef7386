"""Response functions against numeric differentiation, and where naive formulas break."""

from collections.abc import Callable

import numpy as np
import pytest
from scipy.special import logsumexp
from scipy.stats import norm

from irt.models import Items, info, info_slope_term, log_prob, log_prob_slope, logistic_slopes, prob

THETA = np.linspace(-4, 4, 33)
ITEMS = Items.from_lists(
    a=[0.5, 1.0, 1.7, 2.5, 1.2],
    b=[-2.0, 0.0, 0.7, 2.0, -0.3],
    c=[0, 0.2, 0, 0.25, 0.1],
    d=[1, 1, 0.95, 0.98, 1],
)


def test_prob_is_the_defining_formula() -> None:
    expected = ITEMS.c + (ITEMS.d - ITEMS.c) / (1 + np.exp(-ITEMS.a * (THETA[:, None] - ITEMS.b)))
    np.testing.assert_allclose(prob(THETA, ITEMS), expected, rtol=1e-13)


def test_log_prob_are_the_logs_of_probabilities_that_sum_to_one() -> None:
    logs = log_prob(THETA, ITEMS)
    np.testing.assert_allclose(np.exp(logs[..., 1]), prob(THETA, ITEMS), rtol=1e-12)
    np.testing.assert_allclose(logsumexp(logs, axis=2), 0, atol=1e-12)


def test_log_prob_slope_is_the_numeric_derivative() -> None:
    step = 1e-5
    numeric = (log_prob(THETA + step, ITEMS) - log_prob(THETA - step, ITEMS)) / (2 * step)
    np.testing.assert_allclose(log_prob_slope(THETA, ITEMS), numeric, rtol=1e-6, atol=1e-8)


def test_info_is_squared_numeric_slope_over_variance() -> None:
    step = 1e-5
    slope = (prob(THETA + step, ITEMS) - prob(THETA - step, ITEMS)) / (2 * step)
    p = prob(THETA, ITEMS)
    np.testing.assert_allclose(info(THETA, ITEMS), slope**2 / (p * (1 - p)), rtol=1e-6, atol=1e-15)


def test_info_is_the_expected_squared_score() -> None:
    logs, slopes = log_prob(THETA, ITEMS), log_prob_slope(THETA, ITEMS)
    np.testing.assert_allclose(info(THETA, ITEMS), (np.exp(logs) * slopes**2).sum(axis=2), rtol=1e-12)


def test_warms_term_is_made_of_numeric_derivatives() -> None:
    step = 1e-4
    above, at, below = (prob(THETA + shift, ITEMS) for shift in (step, 0, -step))
    first, second = (above - below) / (2 * step), (above - 2 * at + below) / step**2
    np.testing.assert_allclose(
        info_slope_term(THETA, ITEMS), first * second / (at * (1 - at)), rtol=1e-4, atol=1e-6
    )


def test_3pl_info_has_its_maximum_where_birnbaum_says() -> None:
    item = Items.from_lists([1.4], [0.3], [0.2])
    peak = 0.3 + np.log((1 + np.sqrt(1 + 8 * 0.2)) / 2) / 1.4
    points = np.linspace(-2, 3, 50_001)
    assert abs(points[np.argmax(info(points, item)[:, 0])] - peak) < 1e-4


@pytest.mark.parametrize("theta", [-500.0, -50.0, 50.0, 500.0])
@pytest.mark.parametrize(("c", "d"), [(0.0, 1.0), (0.2, 1.0), (0.0, 0.95), (0.2, 0.95)])
def test_nothing_breaks_at_the_ends_of_the_scale(theta: float, c: float, d: float) -> None:
    items = Items.from_lists([0.3, 4.0], [0.0, 1.0], [c, c], [d, d])
    with np.errstate(all="raise", under="ignore"):
        p, logs, slopes = prob(theta, items), log_prob(theta, items), log_prob_slope(theta, items)
        information = info(theta, items)
    assert ((p >= 0) & (p <= 1)).all()
    assert np.isfinite(logs).all()
    assert (logs <= 1e-15).all()
    assert np.isfinite(slopes).all()
    assert np.isfinite(information).all()
    assert (information >= 0).all()


def test_log_prob_keeps_precision_where_prob_rounds_to_one() -> None:
    items = Items.from_lists([4.0], [0.0])
    assert prob(50.0, items)[0, 0] == 1.0
    assert log_prob(50.0, items)[0, 0, 0] == pytest.approx(-200.0, rel=1e-14)


def test_2pl_info_keeps_precision_far_from_the_item() -> None:
    items = Items.from_lists([4.0], [0.0])
    assert info(50.0, items)[0, 0] == pytest.approx(16 * np.exp(-200.0), rel=1e-12)


def test_items_take_and_index_as_items() -> None:
    assert len(ITEMS) == 5
    np.testing.assert_array_equal(ITEMS.take([3, 0]).b, [2.0, -2.0])
    np.testing.assert_array_equal(ITEMS[1:3].a, [1.0, 1.7])
    np.testing.assert_array_equal(ITEMS[ITEMS.c > 0].c, [0.2, 0.25, 0.1])


def test_items_copy_and_freeze_what_they_are_given() -> None:
    a = np.ones(2)
    items = Items(a, np.zeros(2), np.zeros(2), np.ones(2))
    a[0] = 9
    assert items.a[0] == 1
    with pytest.raises(ValueError, match="read-only"):
        items.a[0] = 2


def test_slopes_of_the_normal_metric_give_the_normal_ogive_within_a_hundredth() -> None:
    # Haley (1952): with D = 1.702 the two curves differ by less than .01 everywhere.
    a = np.array([0.5, 1.0, 2.0])
    theta = np.linspace(-8, 8, 1601)
    gap = prob(theta, Items.from_lists(logistic_slopes(a), [0.3] * 3)) - norm.cdf(a * (theta[:, None] - 0.3))
    assert (np.abs(gap) < 0.01).all()
    assert (np.abs(gap).max(axis=0) > 0.009).all()
    with pytest.raises(ValueError, match="finite"):
        logistic_slopes([np.nan])


def test_each_dichotomous_item_has_two_categories() -> None:
    assert ITEMS.n_categories.tolist() == [2] * 5
    assert ITEMS[:0].n_categories.size == 0
    with pytest.raises(ValueError, match="read-only"):
        ITEMS.n_categories[0] = 3


@pytest.mark.parametrize(
    "call",
    [
        lambda: Items.from_lists([1e300], [0.0]),
        lambda: Items.from_lists([1.0], [1e300]),
        lambda: Items(np.ma.masked_less([1.0, 2.0], 1.5), np.zeros(2), np.zeros(2), np.ones(2)),
        lambda: prob(1e300, ITEMS),
        lambda: prob(np.inf, ITEMS),
        lambda: Items.from_lists([1.0, 2.0], [0.0, 1.0]).take([0.5]),
        lambda: Items.from_lists([1.0, 2.0], [0.0, 1.0]).take([True, False]),
        lambda: Items.from_lists([1.0, 2.0], [0.0, 1.0]).take([2]),
        lambda: Items.from_lists([1.0, 2.0], [0.0, 1.0]).take([-1]),
    ],
)
def test_what_would_give_a_silent_number_is_refused(call: Callable[[], object]) -> None:
    with pytest.raises(ValueError, match=r"below 1e\+100|masked|integers|0 .. 1"):
        call()


def test_the_largest_numbers_allowed_break_nothing() -> None:
    items = Items.from_lists([1e99, 1e99, 1e-99], [9e99, -9e99, 0.0], [0.0, 0.2, 0.0])
    for function in (prob, log_prob, log_prob_slope, info, info_slope_term):
        for values in (function([-9e99, 0.0, 9e99], items), function(9e99, items.take([0, 0]))):
            assert np.isfinite(values).all()
