"""Graded and partial credit items against their defining formulas, the 2PL, numeric derivatives and closed forms."""

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import binom, expit, logsumexp

from irt import models
from irt.models import Items
from irt.polytomous import (
    Graded,
    PartialCredit,
    expected_score,
    info,
    info_slope_term,
    log_prob,
    log_prob_slope,
)

THETA = np.linspace(-4, 4, 33)
SLOPES = [0.5, 1.0, 1.7, 2.5]
GRADED = Graded.from_lists(SLOPES, [[-2, -0.5, 1], [0.3], [-1, 1.5], [-1.5, -1, 0.2, 0.9]])
PARTIAL = PartialCredit.from_lists(SLOPES, [[-2, 1, -0.5], [0.3], [1.5, -1], [-1, 0.2, -1.5, 0.9]])
BOTH = pytest.mark.parametrize("items", [GRADED, PARTIAL], ids=["graded", "partial"])
KINDS = pytest.mark.parametrize("kind", [Graded, PartialCredit])


@st.composite
def item_sets(draw: st.DrawFn) -> Graded | PartialCredit:
    """One to four items of either kind, ragged, with slopes up to 4 and boundaries up to 5."""
    kind = draw(st.sampled_from([Graded, PartialCredit]))
    steps = st.lists(st.floats(-5, 5).map(lambda b: round(b, 2)), min_size=1, max_size=5, unique=True)
    b = draw(st.lists(steps, min_size=1, max_size=4))
    a = draw(st.lists(st.floats(0.05, 4), min_size=len(b), max_size=len(b)))
    return kind.from_lists(a, [sorted(row) for row in b] if kind is Graded else b)


def test_graded_categories_are_differences_of_cumulative_logistics() -> None:
    p = np.exp(log_prob(THETA, GRADED))
    for item, (a, row) in enumerate(zip(GRADED.a, GRADED.b, strict=True)):
        b = row[~np.isnan(row)]
        reached = np.column_stack((np.ones(33), expit(a * (THETA[:, None] - b)), np.zeros(33)))
        np.testing.assert_allclose(p[:, item, : b.size + 1], -np.diff(reached, axis=1), rtol=1e-9)


def test_partial_credit_categories_are_the_defining_ratios() -> None:
    p = np.exp(log_prob(THETA, PARTIAL))
    for item, (a, row) in enumerate(zip(PARTIAL.a, PARTIAL.b, strict=True)):
        b = row[~np.isnan(row)]
        over = np.exp([[(a * (theta - b[:k])).sum() for k in range(b.size + 1)] for theta in THETA])
        np.testing.assert_allclose(
            p[:, item, : b.size + 1], over / over.sum(axis=1, keepdims=True), rtol=1e-12
        )


def test_neighbouring_categories_of_the_partial_credit_model_follow_rasch() -> None:
    # Masters (1982): given k - 1 or k, the chance of k is a Rasch item at step difficulty b_k.
    items = PartialCredit.from_lists([1.0], [[0.4, -0.8, 1.1]])
    p = np.exp(log_prob(THETA, items))[:, 0]
    for k, b in enumerate(items.b[0], start=1):
        np.testing.assert_allclose(p[:, k] / (p[:, k - 1] + p[:, k]), expit(THETA - b), rtol=1e-12)


@KINDS
@pytest.mark.parametrize("function", ["log_prob", "log_prob_slope", "info", "info_slope_term"])
def test_two_categories_are_the_2pl(kind: type[Graded], function: str) -> None:
    theta = np.concatenate((THETA, [-40, -12, 15, 40]))
    b = [-1.0, 0.0, 0.7, 2.0]
    found = globals()[function](theta, kind.from_lists(SLOPES, [[one] for one in b]))
    np.testing.assert_allclose(
        found, getattr(models, function)(theta, Items.from_lists(SLOPES, b)), rtol=1e-11, atol=1e-300
    )


@BOTH
def test_only_existing_categories_have_probability(items: Graded | PartialCredit) -> None:
    logs = log_prob(THETA, items)
    assert logs.shape == (33, 4, 5)
    assert items.n_categories.tolist() == [4, 2, 3, 5]
    assert (np.isfinite(logs) == (np.arange(5) < items.n_categories[:, None])).all()
    np.testing.assert_allclose(logsumexp(logs, axis=2), 0, atol=1e-12)
    assert (log_prob_slope(THETA, items)[:, ~items.exists] == 0).all()


@BOTH
def test_log_prob_slope_is_the_numeric_derivative(items: Graded | PartialCredit) -> None:
    step = 1e-5
    above, below = (log_prob(THETA + shift, items)[:, items.exists] for shift in (step, -step))
    found = log_prob_slope(THETA, items)[:, items.exists]
    np.testing.assert_allclose(found, (above - below) / (2 * step), rtol=1e-6, atol=1e-8)


@BOTH
def test_info_and_warms_term_are_made_of_numeric_derivatives(items: Graded | PartialCredit) -> None:
    step = 1e-4
    above, at, below = (np.exp(log_prob(THETA + shift, items)) for shift in (step, 0, -step))
    first, second = (above - below) / (2 * step), (above - 2 * at + below) / step**2
    at[:, ~items.exists] = 1.0
    np.testing.assert_allclose(info(THETA, items), (first**2 / at).sum(axis=2), rtol=1e-6, atol=1e-12)
    np.testing.assert_allclose(
        info_slope_term(THETA, items), (first * second / at).sum(axis=2), rtol=1e-4, atol=1e-5
    )


@BOTH
def test_warms_term_is_the_slope_of_the_information(items: Graded | PartialCredit) -> None:
    step = 1e-5
    slope = (info(THETA + step, items) - info(THETA - step, items)) / (2 * step)
    np.testing.assert_allclose(info_slope_term(THETA, items), slope, rtol=1e-6, atol=1e-8)


@BOTH
def test_info_is_the_expected_fall_of_the_slope(items: Graded | PartialCredit) -> None:
    step = 1e-5
    fall = (log_prob_slope(THETA - step, items) - log_prob_slope(THETA + step, items)) / (2 * step)
    expected = (np.exp(log_prob(THETA, items)) * fall).sum(axis=2)
    np.testing.assert_allclose(info(THETA, items), expected, rtol=1e-6, atol=1e-9)


def test_partial_credit_info_is_the_squared_slope_times_the_variance_of_the_score() -> None:
    # Muraki (1993), eq. 12: what makes the sum score sufficient for theta.
    p, k = np.exp(log_prob(THETA, PARTIAL)), np.arange(5)
    mean = expected_score(THETA, PARTIAL)
    np.testing.assert_allclose(info(THETA, PARTIAL), PARTIAL.a**2 * (p @ k**2 - mean**2), rtol=1e-9)
    step = 1e-5
    rise = (expected_score(THETA + step, PARTIAL) - expected_score(THETA - step, PARTIAL)) / (2 * step)
    np.testing.assert_allclose(info(THETA, PARTIAL), PARTIAL.a * rise, rtol=1e-7)


def test_graded_expected_score_counts_the_thresholds_passed() -> None:
    passed = expit(GRADED.a[:, None] * (THETA[:, None, None] - GRADED.b))
    np.testing.assert_allclose(expected_score(THETA, GRADED), np.nansum(passed, axis=2), rtol=1e-12)


@pytest.mark.parametrize("n_steps", [1, 2, 4, 7])
def test_binomial_steps_make_one_item_of_several_rasch_items(n_steps: int) -> None:
    # exp(k theta) C(n, k): the number right on n Rasch items of difficulty 0 is a partial credit item.
    k = np.arange(n_steps + 1)
    item = PartialCredit.from_lists([1.0], [-np.diff(np.log(binom(n_steps, k)))])
    p = expit(THETA)
    np.testing.assert_allclose(
        np.exp(log_prob(THETA, item))[:, 0],
        binom(n_steps, k) * p[:, None] ** k * (1 - p[:, None]) ** (n_steps - k),
        rtol=1e-11,
    )
    np.testing.assert_allclose(info(THETA, item)[:, 0], n_steps * p * (1 - p), rtol=1e-11)
    np.testing.assert_allclose(
        info_slope_term(THETA, item)[:, 0], n_steps * p * (1 - p) * (1 - 2 * p), rtol=1e-9, atol=1e-14
    )


def test_splitting_a_graded_category_never_loses_information() -> None:
    coarse = Graded.from_lists([1.3], [[-1.0, 1.0]])
    fine = Graded.from_lists([1.3], [[-1.0, 0.0, 1.0]])
    assert (info(THETA, fine) > info(THETA, coarse)).all()
    np.testing.assert_allclose(
        np.exp(log_prob(THETA, fine))[:, 0, 1:3].sum(axis=1),
        np.exp(log_prob(THETA, coarse))[:, 0, 1],
        rtol=1e-12,
    )


@settings(derandomize=True, deadline=None, max_examples=60)
@given(item_sets(), st.floats(-40, 40))
def test_nothing_breaks_at_the_ends_of_the_scale(items: Graded | PartialCredit, theta: float) -> None:
    with np.errstate(all="raise", under="ignore"):
        logs, slopes = log_prob(theta, items), log_prob_slope(theta, items)
        information, term = info(theta, items), info_slope_term(theta, items)
        expected = expected_score(theta, items)
    assert (np.isfinite(logs) == items.exists).all()
    assert (logs[:, items.exists] <= 0).all()
    np.testing.assert_allclose(logsumexp(logs, axis=2), 0, atol=1e-10)
    assert np.isfinite(slopes).all()
    assert np.isfinite(term).all()
    assert (np.isfinite(information) & (information >= 0)).all()
    assert ((expected >= 0) & (expected <= items.n_categories - 1 + 1e-12)).all()


@settings(derandomize=True, deadline=None, max_examples=60)
@given(item_sets(), st.floats(-40, 40))
def test_slopes_average_to_nothing_and_the_top_category_rises(
    items: Graded | PartialCredit, theta: float
) -> None:
    p, slopes = np.exp(log_prob(theta, items))[0], log_prob_slope(theta, items)[0]
    np.testing.assert_allclose((p * slopes).sum(axis=1), 0, atol=1e-12)
    rows = np.arange(len(items))
    assert (slopes[rows, items.n_categories - 1] >= 0).all()
    assert (slopes[rows, 0] <= 0).all()


@settings(derandomize=True, deadline=None, max_examples=40)
@given(item_sets(), st.floats(-6, 6), st.floats(-20, 20), st.floats(0.2, 5))
def test_the_origin_and_unit_of_theta_are_free(
    items: Graded | PartialCredit, theta: float, origin: float, unit: float
) -> None:
    moved = type(items)(items.a / unit, items.b * unit + origin)
    np.testing.assert_allclose(
        np.exp(log_prob(theta * unit + origin, moved)), np.exp(log_prob(theta, items)), atol=1e-9
    )
    np.testing.assert_allclose(
        info(theta * unit + origin, moved) * unit**2, info(theta, items), rtol=1e-6, atol=1e-9
    )


@KINDS
def test_rare_categories_keep_their_precision(kind: type[Graded]) -> None:
    # Far above, the lowest category has log P = -a sum (theta - b) for partial credit, -a (theta - b_1) for graded.
    item = kind.from_lists([4.0], [[-1.0, 0.0, 1.0]])
    fall = 4 * (40.0 - -1.0) if kind is Graded else 4 * 3 * 40.0
    assert log_prob(40.0, item)[0, 0, 0] == pytest.approx(-fall, rel=1e-14)
    # The top category is missed by exp(-4 * 39): far below what 1 - P could hold.
    assert log_prob(40.0, item)[0, 0, 3] == pytest.approx(-np.exp(-4 * 39.0), rel=1e-11)
    assert info(40.0, item)[0, 0] == pytest.approx(16 * np.exp(-4 * 39.0), rel=1e-10)


def test_mirrored_steps_mirror_the_scores() -> None:
    for items in (GRADED, PARTIAL):
        mirrored = type(items).from_lists(items.a, [(-row[~np.isnan(row)])[::-1] for row in items.b])
        top = items.n_categories - 1
        np.testing.assert_allclose(
            expected_score(-THETA, mirrored), top - expected_score(THETA, items), atol=1e-12
        )
        np.testing.assert_allclose(info(-THETA, mirrored), info(THETA, items), rtol=1e-10)
        np.testing.assert_allclose(
            info_slope_term(-THETA, mirrored), -info_slope_term(THETA, items), atol=1e-12
        )


@BOTH
def test_items_take_and_index_as_items(items: Graded | PartialCredit) -> None:
    taken = items.take([3, 1])
    assert type(taken) is type(items)
    assert taken.n_categories.tolist() == [5, 2]
    np.testing.assert_array_equal(log_prob(THETA, taken), log_prob(THETA, items)[:, [3, 1]])
    np.testing.assert_array_equal(items[items.a > 1].a, [1.7, 2.5])
    assert log_prob(THETA, items[:0]).shape == (33, 0, 5)


@KINDS
def test_items_copy_and_freeze_what_they_are_given(kind: type[Graded]) -> None:
    b = np.array([[-1.0, 1.0]])
    items = kind(np.ones(1), b)
    b[0, 0] = 9
    assert items.b[0, 0] == -1
    for array in (items.a, items.b, items.n_categories, items.exists):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 0


NAN, INF = float("nan"), float("inf")


@KINDS
@pytest.mark.parametrize(
    ("a", "b", "reason"),
    [
        ([0.0], [[0.0]], "positive"),
        ([-1.0], [[0.0]], "positive"),
        ([NAN], [[0.0]], "finite"),
        ([1.0], [[NAN]], "at least one"),
        ([1.0], [[0.0, NAN, 1.0]], "nan only after the last"),
        ([1.0], [[0.0, INF]], "finite"),
        ([1.0], [[]], "at least one column"),
        ([1.0], [0.0], "2 dimensions"),
        ([1.0, 1.0], [[0.0]], "number of items"),
        ([1.0], [["0"]], "numbers"),
        ([1.0], [[None]], "numbers"),
    ],
)
def test_what_is_no_item_is_refused(kind: type[Graded], a: list[float], b: object, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        kind(np.asarray(a), np.asarray(b))


@pytest.mark.parametrize("b", [[[1.0, 0.0]], [[0.0, 0.0]], [[0.0, 1.0, 1.0]], [[0.0, 5e-324]]])
def test_graded_thresholds_that_do_not_increase_are_refused(b: list[list[float]]) -> None:
    with pytest.raises(ValueError, match="must increase"):
        Graded.from_lists([0.4], b)


@KINDS
@pytest.mark.parametrize("b", [[[]], [["1"]], [[None, 0.0]], [[0.0], [1.0]], [[0.0, NAN]]])
def test_lists_that_make_no_item_are_refused(kind: type[Graded], b: list[list[float]]) -> None:
    with pytest.raises(ValueError):
        kind.from_lists([1.0], b)


@pytest.mark.parametrize("function", [log_prob, log_prob_slope, info, info_slope_term, expected_score])
@pytest.mark.parametrize("theta", [NAN, INF, [0.0, NAN], [[0.0]]])
def test_theta_must_be_finite(function: Callable[..., object], theta: float) -> None:
    for items in (GRADED, PARTIAL):
        with pytest.raises(ValueError):
            function(theta, items)
