"""Percent of marks on a reference form against quadrature, closed forms and simulated candidates."""

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.optimize import brentq
from scipy.stats import norm

from irt.ability import Grid, LogLikTable, posterior
from irt.domain import domain_score, expected_score
from irt.models import Items, log_prob, prob

RNG = np.random.default_rng(60)
GRID = Grid()
REFERENCE = Items(RNG.lognormal(0.2, 0.3, 60), RNG.normal(size=60), RNG.beta(20, 80, 60), np.ones(60))
POOL = Items(RNG.lognormal(0.2, 0.3, 200), RNG.normal(size=200), RNG.beta(20, 80, 200), np.ones(200))
PRIOR = np.exp(GRID.log_prior)


def test_expected_score_is_the_mean_probability() -> None:
    np.testing.assert_allclose(
        expected_score([0.0, 1.0], REFERENCE), prob([0.0, 1.0], REFERENCE).mean(axis=1)
    )


def test_under_a_symmetric_prior_a_symmetric_form_gives_half() -> None:
    score = domain_score(GRID, PRIOR, Items.from_lists([1.0], [0.0]), cuts=[50])
    assert score.percent == pytest.approx(50)
    assert score.at_least == (pytest.approx(0.5, abs=1e-6),)


@pytest.mark.parametrize("cut", [30.0, 50.0, 60.0, 75.0, 90.0])
def test_prior_probabilities_are_those_of_the_normal(cut: float) -> None:
    theta_cut = brentq(lambda theta: float(expected_score(theta, REFERENCE)[0]) * 100 - cut, -6, 6)
    score = domain_score(GRID, PRIOR, REFERENCE, cuts=[cut])
    assert score.at_least[0] == pytest.approx(norm.sf(theta_cut), abs=2e-5)


@pytest.mark.parametrize("n_answers", [1, 10, 40, 120])
def test_a_posterior_gives_what_quadrature_gives(n_answers: int) -> None:
    x = (RNG.random(200) < prob(0.4, POOL)[0]).astype(int)[:n_answers]
    items = POOL.take(range(n_answers))

    def log_posterior(theta: float) -> float:
        logs = log_prob(theta, items)[0]
        return float(np.where(x == 1, logs[:, 1], logs[:, 0]).sum()) + norm.logpdf(theta)

    peak = max(map(log_posterior, np.linspace(-3, 3, 601)))

    def integral(lower: float, power: int) -> float:
        def integrand(theta: float) -> float:
            return float(
                np.exp(log_posterior(theta) - peak) * (100 * expected_score(theta, REFERENCE)[0]) ** power
            )

        return quad(integrand, lower, 6, points=[max(lower, 0.4)], epsrel=1e-9, limit=500)[0]

    total = integral(-6, 0)
    score = domain_score(GRID, posterior(LogLikTable.of(POOL, GRID), range(n_answers), x), REFERENCE)
    mean = integral(-6, 1) / total
    assert score.percent == pytest.approx(mean, abs=1e-3)
    assert score.sd == pytest.approx(np.sqrt(integral(-6, 2) / total - mean**2), abs=1e-2)
    for cut, at_least in zip(score.cuts, score.at_least, strict=True):
        theta_cut = brentq(
            lambda theta, cut=cut: float(expected_score(theta, REFERENCE)[0]) * 100 - cut, -6, 6
        )
        assert at_least == pytest.approx(integral(theta_cut, 0) / total, abs=1e-3)


def test_cuts_outside_the_form_are_certain() -> None:
    form = Items.from_lists([1.0], [0.0], [0.2], [0.9])
    assert domain_score(GRID, PRIOR, form, cuts=[0, 10, 95, 100]).at_least == (1.0, 1.0, 0.0, 0.0)


def test_probabilities_fall_with_the_cut() -> None:
    score = domain_score(GRID, PRIOR, REFERENCE, cuts=np.linspace(0, 100, 201).tolist())
    assert (np.diff(score.at_least) <= 1e-15).all()
    assert all(0 <= p <= 1 for p in score.at_least)
