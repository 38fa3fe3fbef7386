"""Published calibrations of LSAT6 and LSAT7, and the likelihood they maximise computed another way.

Values: R mirt 1.47, `mirt(expand.table(LSAT7), 1, SE = TRUE, TOL = 1e-6)`, `mirt(LSAT6, 1, "Rasch")`, `mirt(LSAT6, 1)`.
The patterns are those of Bock & Lieberman (1970), Psychometrika 35, 179-197.
"""

from itertools import product
from pathlib import Path

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.special import expit
from scipy.stats import norm

from irt.calibration import Lognormal, Priors, Settings, calibrate
from irt.calibration._problem import Problem

DATA = Path(__file__).parent / "data"
EXACT = Settings(tolerance=1e-7)


def lsat(name: str) -> tuple[np.ndarray, np.ndarray]:
    """Answers (32, 5) and how many persons gave them (32,)."""
    table = np.loadtxt(DATA / f"{name}.csv", delimiter=",", skiprows=1)
    return table[:, :5], table[:, 5]


def test_lsat7_2pl_is_as_published():
    x, weights = lsat("lsat7")
    found = calibrate(x, "2PL", weights=weights, settings=EXACT)
    assert found.converged
    assert not found.refused
    np.testing.assert_allclose(found.items.a, [0.9875, 1.0808, 1.7075, 0.7650, 0.7357], atol=5e-4)
    np.testing.assert_allclose(found.items.b, [-1.8793, -0.7475, -1.0572, -0.6353, -2.5208], atol=5e-4)
    assert found.log_likelihood == pytest.approx(-2658.805, abs=0.001)
    assert found.se["a"][0] == pytest.approx(0.1772, abs=5e-4)


def test_lsat6_log_likelihoods_are_as_published():
    x, weights = lsat("lsat6")
    for model, log_likelihood in (("Rasch", -2466.938), ("1PL", -2466.938), ("2PL", -2466.653)):
        found = calibrate(x, model, weights=weights, settings=EXACT)
        assert found.converged
        assert found.log_likelihood == pytest.approx(log_likelihood, abs=0.001)


def test_rasch_and_1pl_are_one_model_in_two_units():
    x, weights = lsat("lsat6")
    rasch = calibrate(x, "Rasch", weights=weights, settings=EXACT)
    common = calibrate(x, "1PL", weights=weights, settings=EXACT)
    sd = rasch.populations[0].sd
    np.testing.assert_allclose(common.items.a, sd, atol=1e-5)
    np.testing.assert_allclose(common.items.b * sd, rasch.items.b, atol=1e-5)
    assert rasch.populations[0].se_sd == pytest.approx(common.se["a"][0], rel=1e-4)
    assert set(rasch.items.a) == {1.0}


def test_log_likelihood_is_the_integral_over_theta():
    x, weights = lsat("lsat7")
    found = calibrate(x, "2PL", weights=weights)
    a, b = found.items.a, found.items.b

    def pattern_probability(pattern: np.ndarray) -> float:
        def density(theta: float) -> float:
            p = expit(a * (theta - b))
            return float(np.prod(np.where(pattern == 1, p, 1 - p)) * norm.pdf(theta))

        return quad(density, -10, 10, epsabs=1e-12)[0]

    total = sum(n * np.log(pattern_probability(row)) for row, n in zip(x, weights, strict=True))
    assert found.log_likelihood == pytest.approx(total, abs=1e-6)


def test_no_neighbouring_point_is_more_likely():
    """At the maximum of the log posterior every small step down each axis loses (brute force, 3PL with priors)."""
    rng = np.random.default_rng(5)
    theta, b = rng.normal(size=400), np.array([-1.0, -0.3, 0.2, 0.8])
    x = (rng.random((400, 4)) < 0.2 + 0.8 * expit(1.3 * (theta[:, None] - b))).astype(float)
    found = calibrate(x, "3PL", settings=EXACT)
    nodes = np.linspace(-6, 6, 241)
    mass = norm.pdf(nodes) / norm.pdf(nodes).sum()
    log_prior = Priors().guessing_slope, Priors().lower
    assert log_prior[0] is not None
    assert log_prior[1] is not None

    def log_posterior(a: np.ndarray, e: np.ndarray, g: np.ndarray) -> float:
        p = expit(g) + (1 - expit(g)) * expit(a * nodes[:, None] + e)
        likelihood = np.exp(x @ np.log(p).T + (1 - x) @ np.log(1 - p).T) @ mass
        lognormal, beta = log_prior
        on_a = -0.5 * ((np.log(a) - lognormal.mean) / lognormal.sd) ** 2
        on_c = (beta.alpha - 1) * np.log(expit(g)) + (beta.beta - 1) * np.log(1 - expit(g))
        return float(np.log(likelihood).sum() + on_a.sum() + on_c.sum())

    a, c = found.items.a, found.items.c
    best = [a, -a * found.items.b, np.log(c / (1 - c))]
    for kind, item, step in product(range(3), range(4), (-0.02, 0.02)):
        moved = [values.copy() for values in best]
        moved[kind][item] += step
        assert log_posterior(*moved) < log_posterior(*best)


def test_standard_errors_invert_the_hessian_of_the_marginal_likelihood():
    """Louis's identity against second differences of the marginal log-likelihood, populations included."""
    rng = np.random.default_rng(8)
    groups = np.repeat([0, 1], 300)
    theta = rng.normal(np.where(groups, 0.6, 0.0), np.where(groups, 1.3, 1.0))
    b = np.array([-0.8, 0.0, 0.5, 1.0, -0.2])
    x = (rng.random((600, 5)) < expit(1.2 * (theta[:, None] - b))).astype(float)
    x[::7, 2] = np.nan
    found = calibrate(x, "2PL", groups=groups, settings=EXACT)
    nodes = np.linspace(-6, 6, 61)

    def log_likelihood(v: np.ndarray) -> float:
        p = expit(v[:5] * nodes[:, None] + v[5:10])
        logs = np.nan_to_num(x) @ np.log(p).T + np.where(np.isnan(x), 0, 1 - x) @ np.log(1 - p).T
        total = 0.0
        for group, (mean, sd) in enumerate(((0.0, 1.0), (v[10], v[11]))):
            mass = norm.pdf(nodes, mean, sd)
            total += np.log(np.exp(logs[groups == group]) @ (mass / mass.sum())).sum()
        return total

    a = found.items.a
    v = np.concatenate([a, -a * found.items.b, [found.populations[1].mean, found.populations[1].sd]])
    h, n = 1e-3, v.size
    hessian = np.empty((n, n))
    for i, j in product(range(n), range(n)):
        step_i, step_j = h * np.eye(n)[i], h * np.eye(n)[j]
        hessian[i, j] = (
            log_likelihood(v + step_i + step_j)
            - log_likelihood(v + step_i - step_j)
            - log_likelihood(v - step_i + step_j)
            + log_likelihood(v - step_i - step_j)
        ) / (4 * h * h)
    covariance = np.linalg.inv(-hessian)
    np.testing.assert_allclose(found.se["a"], np.sqrt(np.diag(covariance)[:5]), rtol=1e-3)
    of_b = np.stack([-v[5:10] * -1 / a**2, -1 / a], axis=1)
    expected = [np.sqrt(row @ covariance[np.ix_([k, k + 5], [k, k + 5])] @ row) for k, row in enumerate(of_b)]
    np.testing.assert_allclose(found.se["b"], expected, rtol=1e-3)
    assert found.populations[1].se_mean == pytest.approx(np.sqrt(covariance[10, 10]), rel=1e-3)
    assert found.populations[1].se_sd == pytest.approx(np.sqrt(covariance[11, 11]), rel=1e-3)


def test_every_em_cycle_raises_the_log_posterior(monkeypatch):
    x, weights = lsat("lsat7")
    seen: list[float] = []
    plain = Problem.maximised

    def noted(problem, point, expectation):
        seen.append(expectation.log_likelihood + problem.log_prior(point))
        return plain(problem, point, expectation)

    monkeypatch.setattr(Problem, "maximised", noted)
    calibrate(x, "2PL", weights=weights, priors=Priors(slope=Lognormal()), settings=EXACT)
    assert len(seen) > 5
    assert (np.diff(seen) > -1e-8).all()


def test_too_few_iterations_are_told():
    x, weights = lsat("lsat7")
    with pytest.warns(RuntimeWarning, match="not converged"):
        found = calibrate(x, "2PL", weights=weights, settings=Settings(tolerance=1e-9, max_iterations=3))
    assert not found.converged
    assert found.last_change > 1e-9
