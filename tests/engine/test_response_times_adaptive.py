"""Calibration of times where ability decides which items a person gets, and goes with speed."""

import numpy as np
import pytest
from scipy.optimize import minimize
from scipy.stats import multivariate_normal

from irt.response_times import calibrate_times
from tests.factories.response_times import SIGMA, a_bank, times

RHO = 0.5


def people(n_persons: int, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Abilities with speeds that correlate with them by RHO."""
    theta = rng.normal(size=n_persons)
    return theta, SIGMA * (RHO * theta + np.sqrt(1 - RHO**2) * rng.normal(size=n_persons))


def nearest(seconds: np.ndarray, theta: np.ndarray, b: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """The times of the 15 items of each person whose difficulty is about the ability."""
    away = np.abs(b - theta[:, None] + rng.normal(0, 0.4, seconds.shape))
    return np.where(away.argsort(axis=1).argsort(axis=1) < 15, seconds, np.nan)


def test_with_ability_the_times_of_an_adaptive_test_are_recovered() -> None:
    rng = np.random.default_rng(1)
    bank, b = a_bank(100, 2), rng.normal(size=100)
    theta, tau = people(5000, rng)
    seconds = nearest(times(bank, tau, rng), theta, b, rng)
    told, alone = calibrate_times(seconds, ability=theta), calibrate_times(seconds)
    error = told.beta - bank.beta
    # Without ability beta takes over that hard items are met by the able, who are faster.
    assert np.polyfit(b, alone.beta - bank.beta, 1)[0] < -0.03
    assert abs(np.polyfit(b, error, 1)[0]) < 0.015
    assert np.sqrt(((error - error.mean()) ** 2).mean()) < 1.3 * told.beta_se.mean()
    assert abs(told.slope - RHO * SIGMA) < 4 * told.slope_se
    assert abs(told.sigma - SIGMA) < 4 * told.sigma_se + 0.01  # 0.01: the sample's own variance of ability
    assert told.log_lik > alone.log_lik + 100
    assert (alone.slope, alone.slope_se) == (0.0, 0.0)


def test_the_maximum_is_that_of_the_written_out_likelihood() -> None:
    rng = np.random.default_rng(3)
    theta, tau = people(80, rng)
    seconds = times(a_bank(4, 4), tau, rng)
    seconds[:40, 0] = np.nan
    seconds[40:, 3] = np.nan
    z = theta - theta.mean()

    def negative_log_lik(vector: np.ndarray) -> float:
        beta, v, s, slope = vector[:4], np.exp(vector[4:8]), np.exp(vector[8]), vector[9]
        total = 0.0
        for rows, seen in ((slice(0, 40), [1, 2, 3]), (slice(40, 80), [0, 1, 2])):
            about = np.log(seconds[rows][:, seen]) + slope * z[rows, None]
            total -= multivariate_normal.logpdf(about, beta[seen], np.diag(v[seen]) + s).sum()
        return float(total)

    fit = calibrate_times(seconds, ability=theta, tolerance=1e-10)
    best = minimize(negative_log_lik, np.concatenate((np.full(4, 4.0), np.zeros(4), [-1.0, 0.0])))
    assert fit.log_lik == pytest.approx(-best.fun, abs=1e-6)
    np.testing.assert_allclose(fit.beta, best.x[:4], atol=1e-3)
    np.testing.assert_allclose(fit.alpha, np.exp(-best.x[4:8] / 2), atol=1e-3)
    assert fit.slope == pytest.approx(best.x[9], abs=1e-3)
    assert fit.sigma**2 == pytest.approx(np.exp(best.x[8]) + fit.slope**2 * z.var(), abs=1e-3)


def test_standard_errors_are_the_spread_over_replications() -> None:
    rng = np.random.default_rng(5)
    bank, b = a_bank(30, 6), rng.normal(size=30)
    theta = np.random.default_rng(7).normal(size=300)
    fits = []
    for _ in range(250):
        tau = SIGMA * (RHO * theta + np.sqrt(1 - RHO**2) * rng.normal(size=300))
        fits.append(
            calibrate_times(nearest(times(bank, tau, rng), theta, b, rng), ability=theta, tolerance=1e-6)
        )
    spread = np.std([fit.beta for fit in fits], axis=0)
    np.testing.assert_allclose(np.mean([fit.beta_se for fit in fits], axis=0), spread, rtol=0.3)
    assert np.mean([fit.slope_se for fit in fits]) == pytest.approx(
        np.std([fit.slope for fit in fits]), rel=0.2
    )
    assert np.mean([fit.sigma_se for fit in fits]) == pytest.approx(
        np.std([fit.sigma for fit in fits]), rel=0.2
    )


def test_the_origin_of_ability_does_not_matter_and_its_unit_only_to_the_slope() -> None:
    rng = np.random.default_rng(8)
    theta, tau = people(300, rng)
    seconds = times(a_bank(8, 9), tau, rng)
    fit, other = calibrate_times(seconds, ability=theta), calibrate_times(seconds, ability=10 * theta + 500)
    np.testing.assert_allclose(other.beta, fit.beta, rtol=1e-6)
    np.testing.assert_allclose(other.beta_se, fit.beta_se, rtol=1e-5)
    assert 10 * other.slope == pytest.approx(fit.slope, rel=1e-5)
    same = calibrate_times(seconds, ability=np.full(300, 0.7))
    np.testing.assert_array_equal(same.beta, calibrate_times(seconds).beta)


@pytest.mark.parametrize("ability", [[0.0], [0.0, np.nan, 1.0], [0.0, np.inf, 1.0], [0, 1e200, 1], [[0.0, 1.0, 2.0]]])
def test_hostile_abilities_are_refused(ability: object) -> None:
    with pytest.raises(ValueError, match="ability"):
        calibrate_times([[3.0, 4.0], [5.0, 7.0], [8.0, 4.0]], ability=ability)
