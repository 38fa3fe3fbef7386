"""The lognormal model of times: calibration against direct maximisation and truth, seconds and budgets simulated."""

import warnings

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import quad
from scipy.optimize import LinearConstraint, milp, minimize
from scipy.stats import lognorm, multivariate_normal, norm

from irt.ability import NotConvergedWarning
from irt.assembly import Constraints, Feasible, Infeasible, feasibility
from irt.models import Items, info
from irt.response_times import (
    TimeParameters,
    calibrate_times,
    expected_seconds,
    form_time,
    log_seconds,
    speed_of,
    speeds,
    time_budget,
)
from tests.factories.response_times import SIGMA, a_bank, some, times

# --- calibration ----------------------------------------------------------------------------------------------


def negative_log_lik(vector: np.ndarray, logs: np.ndarray) -> float:
    """The marginal likelihood written out: every person's timed items are jointly normal."""
    n_items = logs.shape[1]
    beta, v, s = vector[:n_items], np.exp(vector[n_items:-1]), np.exp(vector[-1])
    patterns, of_person = np.unique(~np.isnan(logs), axis=0, return_inverse=True)
    total = 0.0
    for number, seen in enumerate(patterns):
        rows = logs[of_person == number][:, seen]
        total -= multivariate_normal.logpdf(rows, beta[seen], np.diag(v[seen]) + s).sum()
    return float(total)


def test_the_maximum_is_that_of_the_written_out_likelihood() -> None:
    rng = np.random.default_rng(2)
    seconds = some(times(a_bank(4), rng.normal(0, SIGMA, 60), rng), 3, rng)
    fit = calibrate_times(seconds, tolerance=1e-10)
    vector = np.concatenate((fit.beta, -2 * np.log(fit.alpha), [2 * np.log(fit.sigma)]))
    assert fit.log_lik == pytest.approx(-negative_log_lik(vector, np.log(seconds)), abs=1e-8)
    start = np.concatenate((np.full(4, 4.0), np.zeros(4), [-1.0]))
    best = minimize(negative_log_lik, start, args=(np.log(seconds),), options={"gtol": 1e-4})
    assert fit.log_lik == pytest.approx(-best.fun, abs=1e-6)
    np.testing.assert_allclose(vector, best.x, atol=1e-3)


@pytest.mark.parametrize("n_given", [40, 8])
def test_truth_is_recovered_within_the_stated_errors(n_given: int) -> None:
    rng = np.random.default_rng(3)
    truth = a_bank(40)
    seconds = some(times(truth, rng.normal(0, SIGMA, 3000), rng), n_given, rng)
    fit = calibrate_times(seconds)
    assert fit.converged
    assert fit.refused == ()
    z_alpha, z_beta = (fit.alpha - truth.alpha) / fit.alpha_se, (fit.beta - truth.beta) / fit.beta_se
    assert 0.6 < np.sqrt((z_alpha**2).mean()) < 1.4
    # beta shares one shift, the mean speed of this sample; about its own mean each is an estimate of its own.
    assert abs(z_beta.mean()) < 4
    assert np.sqrt((z_beta**2).mean()) < 2.5
    assert abs(fit.sigma - SIGMA) < 4 * fit.sigma_se


def test_standard_errors_are_the_spread_over_replications() -> None:
    rng = np.random.default_rng(4)
    truth = a_bank(6)
    fits = []
    for _ in range(300):
        seconds = some(times(truth, rng.normal(0, SIGMA, 250), rng), 4, rng)
        fits.append(calibrate_times(seconds, tolerance=1e-6))
    for name in ("alpha", "beta"):
        spread = np.std([getattr(fit, name) for fit in fits], axis=0)
        stated = np.mean([getattr(fit, f"{name}_se") for fit in fits], axis=0)
        np.testing.assert_allclose(stated, spread, rtol=0.2)  # a spread over 300 has an error of 4 %
    spread, stated = np.std([fit.sigma for fit in fits]), np.mean([fit.sigma_se for fit in fits])
    assert stated == pytest.approx(spread, rel=0.2)


def test_sparse_and_dense_data_go_the_same_way() -> None:
    rng = np.random.default_rng(5)
    seconds = some(times(a_bank(10), rng.normal(0, SIGMA, 400), rng), 5, rng)
    alone = calibrate_times(seconds)
    # Five times as many items, none of them shared, make the matrix sparse and each block its own problem.
    blocks = np.full((2000, 50), np.nan)
    for block in range(5):
        blocks[400 * block : 400 * (block + 1), 10 * block : 10 * (block + 1)] = seconds
    fit = calibrate_times(blocks)
    np.testing.assert_allclose(fit.alpha, np.tile(alone.alpha, 5), rtol=1e-5)
    np.testing.assert_allclose(fit.beta, np.tile(alone.beta, 5), rtol=1e-5)
    np.testing.assert_allclose(fit.beta_se, np.tile(alone.beta_se, 5), rtol=1e-4)
    assert fit.sigma_se == pytest.approx(alone.sigma_se / np.sqrt(5), rel=1e-4)
    assert fit.log_lik == pytest.approx(5 * alone.log_lik, rel=1e-9)


def test_a_weight_of_two_is_a_row_twice_and_empty_rows_are_none() -> None:
    rng = np.random.default_rng(6)
    seconds = some(times(a_bank(8), rng.normal(0, SIGMA, 200), rng), 6, rng)
    weights = np.where(np.arange(200) < 50, 2.0, 1.0)
    weighted = calibrate_times(np.vstack((seconds, np.full((5, 8), np.nan))), np.append(weights, np.ones(5)))
    doubled = calibrate_times(np.vstack((seconds, seconds[:50])))
    for name in ("alpha", "beta", "alpha_se", "beta_se"):
        np.testing.assert_allclose(getattr(weighted, name), getattr(doubled, name), rtol=1e-6)
    assert weighted.log_lik == pytest.approx(doubled.log_lik)


@settings(max_examples=15, deadline=None)
@given(st.floats(0.05, 20), st.permutations(range(6)))
def test_another_unit_shifts_beta_and_another_order_reorders(unit: float, order: list[int]) -> None:
    rng = np.random.default_rng(7)
    seconds = some(times(a_bank(6), rng.normal(0, SIGMA, 100), rng), 5, rng)
    fit, other = calibrate_times(seconds), calibrate_times(seconds[:, order] * unit)
    np.testing.assert_allclose(other.beta, fit.beta[order] + np.log(unit), atol=1e-6)
    np.testing.assert_allclose(other.alpha, fit.alpha[order], rtol=1e-6)
    assert other.sigma == pytest.approx(fit.sigma, rel=1e-6)


def test_items_without_an_estimate_are_named() -> None:
    rng = np.random.default_rng(8)
    seconds = times(a_bank(7), rng.normal(0, SIGMA, 100), rng)
    seconds[:, 1] = np.nan
    seconds[2:, 3] = np.nan
    seconds[:, 5] = 60.0
    fit = calibrate_times(seconds)
    named = [(refusal.item, refusal.reason) for refusal in fit.refused]
    assert named == [(1, "not_timed"), (3, "too_few_times"), (5, "constant_times")]
    assert np.flatnonzero(np.isnan(fit.alpha)).tolist() == [1, 3, 5]
    with pytest.raises(ValueError, match=r"item 5 \(constant_times\)"):
        fit.parameters()
    np.testing.assert_allclose(fit.beta[[0, 2, 4, 6]], calibrate_times(seconds[:, [0, 2, 4, 6]]).beta)


def test_times_that_follow_speed_exactly_are_refused() -> None:
    rng = np.random.default_rng(9)
    tau = rng.normal(0, SIGMA, 200)
    seconds = times(a_bank(5), tau, rng)
    seconds[:, 2] = np.exp(4 - tau)
    seconds[:, 4] = np.exp(5 - tau)
    with pytest.warns(NotConvergedWarning):
        fit = calibrate_times(seconds)
    assert not fit.converged
    assert "no_residual" in {refusal.reason for refusal in fit.refused}


def test_speeds_that_do_not_differ_are_a_flag() -> None:
    rng = np.random.default_rng(10)
    seconds = times(a_bank(4), rng.normal(0, SIGMA, 200), rng)
    seconds[:, [1, 3]] = 1000 / seconds[:, [1, 3]]  # who is fast on two items is slow on the others
    with pytest.warns(NotConvergedWarning):
        fit = calibrate_times(seconds)
    assert not fit.converged


@pytest.mark.parametrize(
    ("seconds", "weights", "message"),
    [
        ([[1.0, 0.0], [2.0, 3.0]], None, "items 1"),
        ([[1.0, -5.0], [2.0, 3.0]], None, "items 1"),
        ([[np.inf, 1.0], [2.0, 3.0]], None, "items 0"),
        ([1.0, 2.0], None, "matrix"),
        (np.empty((0, 3)), None, "not_timed"),
        (np.empty((4, 0)), None, "no item"),
        (np.full((1000, 3), np.nan), None, "not_timed"),
        (np.full((1000, 3), 30.0), None, "constant_times"),
        ([[30.0, 20.0, 10.0]], None, "too_few_times"),
        ([[30.0, 20.0, 10.0]], [1e6], "constant_times"),
        ([[3.0], [4.0], [5.0]], None, "two times"),
        (np.diag([3.0, 4.0, 5.0]) + np.where(np.eye(3), 0, np.nan), None, "too_few_times"),
        (np.ones((3, 2)), [1.0, np.nan, 1.0], "weights"),
        (np.ones((3, 2)), [1.0, -1.0, 1.0], "weights"),
        (np.ones((3, 2)), [1.0], "weights"),
        (np.ones((3, 2)), [0.0] * 3, "all zero"),
        ([["a", "b"]], None, "must be numbers"),
        (np.ma.masked_greater([[3.0, 40.0], [5.0, 7.0]], 30), None, "without a mask"),
    ],
)
def test_hostile_times_are_refused_by_name(seconds: object, weights: object, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        calibrate_times(seconds, weights)


@settings(max_examples=150, deadline=None)
@given(
    st.integers(1, 4).flatmap(
        lambda n_items: st.lists(
            st.lists(
                st.sampled_from([np.nan, 1e-300, 0.5, 20.0, 20.0, 21.0, 60.0, 1e300]),
                min_size=n_items,
                max_size=n_items,
            ),
            min_size=1,
            max_size=12,
        )
    )
)
def test_any_times_give_a_refusal_or_a_flag_or_sound_numbers(seconds: list[list[float]]) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        warnings.simplefilter("ignore", NotConvergedWarning)
        try:
            fit = calibrate_times(seconds, max_cycles=300)
        except ValueError:  # named, as the cases above show
            return
    refused = [refusal.item for refusal in fit.refused]
    kept = np.setdiff1d(np.arange(fit.alpha.size), refused)
    assert np.isnan(fit.alpha[refused]).all()
    assert np.isfinite([fit.alpha[kept], fit.beta[kept]]).all()
    if fit.converged:
        assert (np.concatenate((fit.alpha_se[kept], fit.beta_se[kept], [fit.sigma_se])) > 0).all()


def test_items_whose_times_say_nothing_are_named() -> None:
    rng = np.random.default_rng(20)
    seconds = times(a_bank(6), rng.normal(0, SIGMA, 300), rng)
    seconds[:, 4] = np.exp(rng.normal(0, 15, 300))
    fit = calibrate_times(seconds)
    assert [(refusal.item, refusal.reason) for refusal in fit.refused] == [(4, "too_noisy")]


def test_stopping_before_the_maximum_is_a_flag() -> None:
    rng = np.random.default_rng(21)
    with pytest.warns(NotConvergedWarning):
        fit = calibrate_times(times(a_bank(6), rng.normal(0, SIGMA, 300), rng), max_cycles=2)
    assert (fit.converged, fit.n_cycles) == (False, 2)
    for wrong in ({"max_cycles": 0}, {"max_cycles": 2.5}, {"tolerance": np.nan}):
        with pytest.raises(ValueError, match="max_cycles must be a whole number"):
            calibrate_times([[3.0, 4.0], [5.0, 7.0], [8.0, 4.0]], **wrong)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("alpha", "beta", "sigma"),
    [
        ([0.0], [4.0], 0.3),
        ([2.0], [60.0], 0.3),
        ([2.0], [4.0], 0.0),
        ([2.0], [4.0, 4.0], 0.3),
        ([np.nan], [4.0], 0.3),
    ],
)
def test_impossible_parameters_are_refused(alpha: list[float], beta: list[float], sigma: float) -> None:
    with pytest.raises(ValueError):
        TimeParameters(np.array(alpha), np.array(beta), sigma)


# --- speed and seconds ----------------------------------------------------------------------------------------


def test_speed_is_the_posterior_by_quadrature() -> None:
    bank = a_bank(4)
    seconds = np.array([50.0, 20.0, 90.0])

    def density(tau: float) -> float:
        residual = np.log(seconds) - bank.beta[[3, 0, 2]] + tau
        return float(
            np.exp(norm.logpdf(tau, 0, SIGMA) + norm.logpdf(residual, 0, 1 / bank.alpha[[3, 0, 2]]).sum())
        )

    total = quad(density, -4, 4)[0]
    mean = quad(lambda tau: tau * density(tau), -4, 4)[0] / total
    variance = quad(lambda tau: (tau - mean) ** 2 * density(tau), -4, 4)[0] / total
    speed = speed_of(bank, [3, 0, 2], seconds)
    assert speed.tau[0] == pytest.approx(mean)
    assert speed.se[0] == pytest.approx(np.sqrt(variance))
    row = np.full((2, 4), np.nan)
    row[0, [3, 0, 2]] = seconds
    both = speeds(bank, row)
    np.testing.assert_allclose(both.tau, [mean, 0.0], atol=1e-9)
    np.testing.assert_allclose(both.se, [np.sqrt(variance), SIGMA])
    assert both.at(0.05)[1] == pytest.approx(bank.speed_at(0.05))
    assert both.at(0.5)[0] == pytest.approx(mean)


def test_expected_seconds_are_the_mean_of_the_lognormal() -> None:
    bank = a_bank(3)
    for tau, sd in ((0.0, 0.0), (-0.4, 0.0), (0.2, 0.3)):
        scale = np.sqrt(sd**2 + bank.alpha**-2)
        np.testing.assert_allclose(
            expected_seconds(bank, tau, sd), lognorm.mean(scale, scale=np.exp(bank.beta - tau))
        )
    with pytest.raises(ValueError):
        expected_seconds(bank, np.nan)
    with pytest.raises(ValueError):
        expected_seconds(bank, 0.0, -0.1)


@pytest.mark.parametrize(("tau", "sd"), [(0.0, 0.0), (-0.5, 0.0), (0.1, 0.2), (0.0, SIGMA)])
def test_the_total_of_a_form_has_the_simulated_moments_and_quantile(tau: float, sd: float) -> None:
    rng = np.random.default_rng(11)
    bank = a_bank(30)
    totals = times(bank, rng.normal(tau, sd, 40_000), rng).sum(axis=1)
    total = form_time(bank, tau, sd)
    assert total.mean == pytest.approx(totals.mean(), abs=5 * totals.std() / 200)
    assert total.sd == pytest.approx(totals.std(), rel=0.04)
    assert np.mean(totals <= total.quantile(0.95)) == pytest.approx(0.95, abs=0.01)


def test_every_test_within_the_budget_fits_the_limit_for_the_slow() -> None:
    rng = np.random.default_rng(12)
    bank = a_bank(300, seed=13)
    slow, length, limit = bank.speed_at(0.05), 30, 3600.0
    budget = time_budget(bank, limit, length, slow, coverage=0.95)
    fullest = []
    for trial in range(200):  # long items first, short, steady, unsteady and random ones, up to the budget
        keys = [bank.beta, -bank.beta, bank.alpha, -bank.alpha][trial % 4] + rng.normal(0, 0.5, 300)
        order = np.argsort(keys)
        fits = np.cumsum(budget.expected[order]) <= budget.seconds
        chosen = order[fits]
        finish = form_time(bank.take(chosen), slow)
        assert (
            finish.quantile(0.95) <= limit * 1.01
        )  # the tangent is exact, the lognormal's k of second order
        fullest.append(finish.quantile(0.95))
    assert max(fullest) > 0.97 * limit  # and it is not merely timid
    chosen = np.argsort(rng.random(300))
    chosen = chosen[np.cumsum(budget.expected[chosen]) <= budget.seconds]
    totals = times(bank.take(chosen), np.full(20_000, slow), rng).sum(axis=1)
    assert np.mean(totals <= limit) >= 0.945


def best_test(informative: np.ndarray, costs: np.ndarray, budget: float) -> np.ndarray:
    """The most informative 30 items within the budget, by integer programming."""
    rows = LinearConstraint(np.vstack((np.ones_like(costs), costs)), [30, 0], [30, budget])
    chosen = milp(-informative, constraints=rows, integrality=1, bounds=(0, 1)).x
    return np.flatnonzero(np.rint(chosen))


def test_no_candidate_is_handed_a_slower_test() -> None:
    """Where hard items take longer, free tests of the able overrun; within the budget everybody's test fits."""
    rng = np.random.default_rng(14)
    b = rng.normal(size=250)
    bank = TimeParameters(rng.uniform(1.2, 2.8, 250), 4 + 0.4 * b + rng.normal(0, 0.2, 250), SIGMA)
    slow = bank.speed_at(0.05)
    items = Items(rng.lognormal(0.2, 0.3, 250), b, np.zeros(250), np.ones(250))
    limit = form_time(bank.take(np.argsort(np.abs(b))[:30]), slow).quantile(0.95)
    allowed = time_budget(bank, limit, 30, slow)
    free_s, kept_s, kept_info = [], [], []
    for theta in (-2.0, 0.0, 2.0):
        informative = info(theta, items)[0]
        free = best_test(informative, allowed.expected, 1e9)
        kept = best_test(informative, allowed.expected, allowed.seconds)
        free_s.append(form_time(bank.take(free), slow).quantile(0.95) / limit)
        kept_s.append(form_time(bank.take(kept), slow).quantile(0.95) / limit)
        kept_info.append(informative[kept].sum() / informative[free].sum())
    assert free_s[2] > 1.3
    assert max(kept_s) < 1.01
    assert np.mean(times(bank.take(kept), np.full(5000, slow), rng).sum(axis=1) <= limit) > 0.935
    assert min(kept_info) > 0.5


def test_a_blueprint_takes_the_budget_and_is_proved_with_it() -> None:
    bank = a_bank(60)
    slow = bank.speed_at(0.05)
    quickest = form_time(bank.take(np.argsort(bank.beta)[:20]), slow).quantile(0.95)
    proof = feasibility(Constraints(60, 20, time=time_budget(bank, 1.1 * quickest, 20, slow)))
    assert isinstance(proof, Feasible)
    assert form_time(bank.take(proof.example), slow).quantile(0.95) <= 1.11 * quickest
    tight = time_budget(bank, 0.9 * quickest, 20, slow)
    assert isinstance(feasibility(Constraints(60, 20, time=tight)), Infeasible)


@pytest.mark.parametrize(
    ("limit", "length", "tau", "coverage"),
    [
        (0.0, 30, 0.0, 0.9),
        (np.nan, 30, 0.0, 0.9),
        (60.0, 0, 0.0, 0.9),
        (60.0, 2.5, 0.0, 0.9),
        (60.0, 3, 0.0, 1.0),
        (60.0, 3, np.inf, 0.9),
    ],
)
def test_impossible_budgets_are_refused(limit: float, length: int, tau: float, coverage: float) -> None:
    with pytest.raises(ValueError):
        time_budget(a_bank(50), limit, length, tau, coverage)


@pytest.mark.parametrize("indices", [[9], [-1], [0.5], [True, False]])
def test_items_that_do_not_exist_cannot_be_taken(indices: list[int]) -> None:
    with pytest.raises(ValueError, match="item indices"):
        a_bank(3).take(indices)


def test_a_limit_below_all_allowance_is_refused() -> None:
    with pytest.raises(ValueError, match="leaves no time"):
        time_budget(a_bank(50), 1.0, 30, 0.0)


def test_a_million_equal_rows_are_no_trouble() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert np.isfinite(speeds(a_bank(3), np.full((1_000_000, 3), 30.0)).tau).all()
    with pytest.raises(ValueError, match="constant_times"):
        calibrate_times(np.full((1_000_000, 3), 30.0))
    assert log_seconds([[np.e]])[0, 0] == 1.0
