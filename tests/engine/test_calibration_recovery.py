"""Parameters that made the answers are found again, within the standard errors that are claimed."""

import numpy as np
import pytest
from scipy.special import expit

from irt.calibration import Settings, calibrate, calibrate_pretest
from irt.draws import Draws
from irt.models import Items, prob

PLAIN = Settings(standard_errors=False)


def items(n: int, seed: int, guessing: bool = False) -> Items:
    rng = np.random.default_rng(seed)
    c = np.clip(rng.beta(20, 80, n), 0.05, 0.35) if guessing else np.zeros(n)
    a, b = np.clip(rng.lognormal(0.2, 0.3, n), 0.5, 2.5), np.clip(rng.normal(size=n), -2, 2)
    return Items(a, b, c, np.ones(n))


def answers(theta: np.ndarray, pool: Items, seed: int) -> np.ndarray:
    rng = np.random.default_rng(seed)
    return (rng.random((theta.size, len(pool))) < prob(theta, pool)).astype(float)


def z_scores(found, truth: Items, names: str) -> np.ndarray:
    """Errors in units of their standard errors, all parameters together."""
    return np.concatenate(
        [(found.estimates[name] - getattr(truth, name)[found.indices]) / found.se[name] for name in names]
    )


@pytest.mark.parametrize("share_missing", [0.0, 0.4])
def test_2pl_errors_are_as_large_as_their_standard_errors(share_missing):
    truth = items(30, seed=1)
    rng = np.random.default_rng(2)
    x = answers(rng.normal(size=3000), truth, seed=3)
    x[rng.random(x.shape) < share_missing] = np.nan
    found = calibrate(x, "2PL")
    assert found.converged
    assert not found.refused
    z = z_scores(found, truth, "ab")
    assert 0.75 < np.sqrt(np.mean(z**2)) < 1.25
    assert np.abs(z).max() < 4.5


def test_3pl_is_recovered_with_its_default_priors():
    truth = items(40, seed=4, guessing=True)
    found = calibrate(answers(np.random.default_rng(5).normal(size=5000), truth, seed=6), "3PL")
    assert found.converged
    assert not found.refused
    errors = {name: found.estimates[name] - getattr(truth, name) for name in "abc"}
    assert np.sqrt(np.mean(errors["a"] ** 2)) < 1.5 * np.sqrt(np.mean(found.se["a"] ** 2))
    assert np.sqrt(np.mean(errors["b"] ** 2)) < 1.5 * np.sqrt(np.mean(found.se["b"] ** 2))
    assert np.sqrt(np.mean(errors["c"] ** 2)) < 0.06
    assert abs(errors["b"].mean()) < 0.06


def test_4pl_finds_who_slips():
    rng = np.random.default_rng(7)
    truth = Items(
        rng.uniform(1.2, 2.0, 20), rng.uniform(-1, 1, 20), np.full(20, 0.15), np.tile([0.85, 0.97], 10)
    )
    found = calibrate(answers(rng.normal(size=20_000), truth, seed=8), "4PL", settings=PLAIN)
    assert found.converged
    assert not found.refused
    assert np.sqrt(np.mean((found.items.d - truth.d) ** 2)) < 0.03
    assert np.sqrt(np.mean((found.items.b - truth.b) ** 2)) < 0.15


def test_standard_errors_are_the_spread_over_replications():
    """60 calibrations of new answers to the same 2PL items; a sd of 60 values has a standard error of 9 %."""
    truth = items(8, seed=9)
    a, b, se_a, se_b = [], [], [], []
    for seed in range(60):
        theta = np.random.default_rng(1000 + seed).normal(size=1500)
        found = calibrate(answers(theta, truth, seed=2000 + seed), "2PL")
        assert found.converged
        assert not found.refused
        a.append(found.items.a)
        b.append(found.items.b)
        se_a.append(found.se["a"])
        se_b.append(found.se["b"])
    ratio_a = np.std(a, axis=0, ddof=1) / np.median(se_a, axis=0)
    ratio_b = np.std(b, axis=0, ddof=1) / np.median(se_b, axis=0)
    for ratio in (ratio_a, ratio_b):
        assert 0.88 < np.sqrt(np.mean(ratio**2)) < 1.15
        assert ((ratio > 0.65) & (ratio < 1.4)).all()


def test_means_and_sds_of_other_groups_are_recovered():
    truth = items(25, seed=10)
    rng = np.random.default_rng(11)
    groups = np.repeat([0, 1, 2], 2000)
    mean, sd = np.array([0.0, 0.8, -0.5]), np.array([1.0, 0.7, 1.4])
    theta = rng.normal(mean[groups], sd[groups])
    found = calibrate(answers(theta, truth, seed=12), "2PL", groups=groups)
    assert found.converged
    first, *others = found.populations
    assert (first.mean, first.sd, first.se_mean, first.se_sd) == (0.0, 1.0, 0.0, 0.0)
    for population, true_mean, true_sd in zip(others, mean[1:], sd[1:], strict=True):
        assert abs(population.mean - true_mean) < 4 * population.se_mean < 0.25
        assert abs(population.sd - true_sd) < 4 * population.se_sd < 0.25
    assert 0.75 < np.sqrt(np.mean(z_scores(found, truth, "ab") ** 2)) < 1.3


def adaptive(theta: np.ndarray, pool: Items, n_given: int, seed: int) -> np.ndarray:
    """Answers to tests that give, after each answer, the easiest step up or down: b follows the score."""
    x = np.full((theta.size, len(pool)), np.nan)
    p = prob(theta, pool)
    for person in range(theta.size):
        draws, level, left = Draws(seed, person), 0.0, np.ones(len(pool), dtype=bool)
        for number in range(n_given):
            item = int(np.where(left, np.abs(pool.b - level), np.inf).argmin())
            left[item] = False
            x[person, item] = float(draws.unit() < p[person, item])
            level += (1.5 if x[person, item] else -1.5) / (number + 1) ** 0.7
    return x


@pytest.mark.parametrize("model", ["2PL", "3PL"])
def test_pretest_items_of_an_adaptive_test_are_recovered_with_their_population(model):
    pool, pretest = items(60, seed=13, guessing=model == "3PL"), items(12, seed=14, guessing=model == "3PL")
    rng = np.random.default_rng(15)
    theta = rng.normal(0.5, 1.2, 2500)
    seen = answers(theta, pretest, seed=16)
    seen[np.argsort(rng.random(seen.shape), axis=1) >= 6] = np.nan
    x = np.hstack([adaptive(theta, pool, 20, seed=17), seen])
    found = calibrate_pretest(x, pool, model)
    assert found.converged
    assert not found.refused
    np.testing.assert_array_equal(found.indices, np.arange(60, 72))
    (population,) = found.populations
    assert abs(population.mean - 0.5) < 4 * population.se_mean < 0.2
    assert abs(population.sd - 1.2) < 4 * population.se_sd < 0.2
    truth = Items(*(np.concatenate([getattr(pool, name), getattr(pretest, name)]) for name in "abcd"))
    z = z_scores(found, truth, "ab")
    # The priors of the 3PL draw towards where these items come from, so its errors may be the smaller ones.
    assert (0.75 if model == "2PL" else 0.4) < np.sqrt(np.mean(z**2)) < 1.3


def test_polytomous_and_dichotomous_items_are_recovered_in_one_run():
    rng = np.random.default_rng(18)
    theta = rng.normal(size=4000)
    truth = items(10, seed=19)
    x = np.hstack([answers(theta, truth, seed=20), np.empty((4000, 6))])
    a = rng.uniform(0.8, 1.8, 6)
    b = np.sort(rng.normal(0, 1, (6, 3)), axis=1) + np.array([-0.4, 0, 0.4])
    for item in range(3):
        at_least = expit(a[item] * (theta[:, None] - b[item]))
        x[:, 10 + item] = (rng.random(4000)[:, None] < at_least).sum(axis=1)
    for item in range(3, 6):
        steps = np.cumsum(a[item] * (theta[:, None] - b[item]), axis=1)
        mass = np.exp(np.hstack([np.zeros((4000, 1)), steps]))
        x[:, 10 + item] = (rng.random(4000)[:, None] > mass.cumsum(axis=1) / mass.sum(axis=1)[:, None]).sum(
            axis=1
        )
    found = calibrate(x, ["2PL"] * 10 + ["GRM"] * 3 + ["GPCM"] * 3)
    assert found.converged
    assert not found.refused
    z = [(found.estimates["a"] - np.append(truth.a, a)) / found.se["a"]]
    z += [((found.estimates["b"] - np.append(truth.b, np.full(6, np.nan))) / found.se["b"])[:10]]
    for k in range(3):
        z += [((found.estimates[f"b{k + 1}"][10:] - b[:, k]) / found.se[f"b{k + 1}"][10:])]
    assert 0.75 < np.sqrt(np.mean(np.concatenate(z) ** 2)) < 1.25
