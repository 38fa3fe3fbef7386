"""Local dependence against brute force, closed facts and Monte Carlo on complete and adaptive data."""

from itertools import combinations

import numpy as np
import pytest

from irt._posteriors import Posteriors
from irt._responses import Responses
from irt.ability import Grid, LogLikTable, eap, posterior
from irt.dependence import LEAST_JOINT, conditional_covariances, pair_tests, q3
from irt.mixed import expected_score, log_prob
from irt.models import Items, info, prob
from irt.polytomous import Graded

RNG = np.random.default_rng(53)
ITEMS = Items(RNG.lognormal(0.2, 0.3, 15), RNG.normal(size=15), np.full(15, 0.2), np.ones(15))
PEOPLE = Grid(mean=0.3, sd=1.1)


def answers(rng: np.random.Generator, n_persons: int, items: Items = ITEMS) -> np.ndarray:
    p = prob(rng.normal(PEOPLE.mean, PEOPLE.sd, n_persons), items)
    return (rng.random(p.shape) < p).astype(float)


def adaptive(rng: np.random.Generator, n_persons: int, length: int, copied: bool = False) -> np.ndarray:
    """One of the three most informative items at the EAP each time; if `copied`, item 1 repeats a seen item 0."""
    nodes, information = prob(PEOPLE.nodes, ITEMS), info(PEOPLE.nodes, ITEMS)
    truth, everyone = prob(rng.normal(PEOPLE.mean, PEOPLE.sd, n_persons), ITEMS), np.arange(n_persons)
    x, log_mass = np.full((n_persons, 15), np.nan), np.tile(PEOPLE.log_prior, (n_persons, 1))
    for _ in range(length):
        mass = np.exp(log_mass - log_mass.max(axis=1, keepdims=True))
        theta = mass @ PEOPLE.nodes / mass.sum(axis=1)
        nearest = np.rint((theta - PEOPLE.lower) / PEOPLE.spacing).astype(int)
        best = np.argpartition(np.where(np.isnan(x), -information[nearest], 1), 3, axis=1)[:, :3]
        item = best[everyone, rng.integers(0, 3, n_persons)]
        score = (rng.random(n_persons) < truth[everyone, item]).astype(float)
        if copied:
            score = np.where((item == 1) & ~np.isnan(x[:, 0]), x[:, 0], score)
        x[everyone, item] = score
        log_mass += np.log(np.where(score[:, None] == 1, nodes[:, item].T, 1 - nodes[:, item].T))
    return x


def test_posteriors_of_many_are_those_of_each() -> None:
    x = answers(RNG, 40)
    x[RNG.random(x.shape) < 0.4] = np.nan
    tables = Posteriors.of(ITEMS, PEOPLE)
    data = Responses.of(x)
    mass, (theta, se) = tables.mass(data, slice(0, 40)), tables.moments(data)
    one_by_one = LogLikTable.of(ITEMS, PEOPLE)
    for person in range(40):
        estimate = eap(one_by_one, range(15), x[person])
        assert mass[person] == pytest.approx(posterior(one_by_one, range(15), x[person]), abs=1e-12)
        assert (theta[person], se[person]) == pytest.approx((estimate.theta, estimate.se), abs=1e-10)


def test_q3_is_the_correlation_of_residuals_over_those_who_saw_both() -> None:
    x = answers(RNG, 400)
    x[RNG.random(x.shape) < 0.3] = np.nan
    theta = RNG.normal(size=400)
    table = q3(x, ITEMS, theta=theta)
    residual = x - expected_score(theta, ITEMS)
    for i, j in combinations(range(15), 2):
        both = np.isfinite(residual[:, i] + residual[:, j])
        r = np.corrcoef(residual[both, i], residual[both, j])[0, 1]
        assert table.values[i, j] == table.values[j, i] == pytest.approx(r)
        assert table.n[i, j] == both.sum()
    assert table.adjusted[0, 1] == pytest.approx(table.values[0, 1] - table.mean)


def test_q3_of_a_sound_test_averages_what_yen_says_and_names_nothing() -> None:
    # Yen (1993), Journal of Educational Measurement 30, 187-213: about -1 / (n - 1).
    table = q3(answers(RNG, 3000), ITEMS, PEOPLE)
    assert table.mean == pytest.approx(-1 / 14, abs=0.025)
    assert table.named == ()
    assert (table.n_pairs, table.n_unknown) == (105, 0)


def test_a_pair_that_shares_more_than_theta_is_named() -> None:
    x = answers(RNG, 1500)
    same = RNG.random(1500) < 0.5
    x[same, 4] = x[same, 9]
    x[RNG.random(x.shape) < 0.3] = np.nan
    (pair,) = q3(x, ITEMS, PEOPLE).named
    assert (pair.first, pair.second) == (4, 9)
    assert pair.adjusted > 0.2
    test = pair_tests(x, ITEMS, [(4, 9), (3, 8)], PEOPLE)
    assert test.p[0] < 1e-8 < test.p[1]
    assert test.correlation[0] > 0.1


def test_sparse_pairs_have_no_value_and_are_counted() -> None:
    x = answers(RNG, 200)
    x[LEAST_JOINT - 1 :, 0] = np.nan
    x[:, 1] = np.nan
    table = q3(x, ITEMS, PEOPLE)
    assert np.isnan(table.values[0]).all()
    assert np.isnan(table.values[1]).all()
    assert table.n_unknown == 27
    assert np.isnan(pair_tests(x, ITEMS, [(0, 2), (1, 2)], PEOPLE).p).all()


def test_pair_tests_hold_their_level_on_adaptive_data_where_q3_is_led_astray() -> None:
    rng, z = np.random.default_rng(59), []
    pairs = list(combinations(range(15), 2))
    for _ in range(12):
        z.append(pair_tests(adaptive(rng, 500, 8), ITEMS, pairs, PEOPLE).z)
    together = np.concatenate(z)
    together = together[np.isfinite(together)]
    assert together.mean() == pytest.approx(0, abs=5 / np.sqrt(together.size))
    assert together.std() == pytest.approx(1, abs=0.1)
    assert (np.abs(together) > 1.96).mean() == pytest.approx(0.05, abs=0.03)
    x = adaptive(rng, 1500, 8, copied=True)
    assert pair_tests(x, ITEMS, [(0, 1)], PEOPLE).z[0] > 4


def test_conditional_covariances_are_the_posterior_means_of_the_products() -> None:
    items = Graded.from_lists([1.2, 0.8, 1.5], [[-1.0, 0.2, 1.1], [-0.5, 0.9], [0.3]])
    grid = Grid(n_nodes=31)
    x = RNG.integers(0, 2, (60, 3)).astype(float)
    x[RNG.random(x.shape) < 0.3] = np.nan
    weights = RNG.integers(1, 4, 60)
    found, n = conditional_covariances(Responses.of(x, weights), Posteriors.of(items, grid))
    logs, expected = log_prob(grid.nodes, items), expected_score(grid.nodes, items)
    total, count = 0.0, 0
    for row, weight in zip(x, weights, strict=True):
        if np.isnan(row[0]) or np.isnan(row[2]):
            continue
        given = np.flatnonzero(np.isfinite(row))
        mass = np.exp(grid.log_prior + logs[:, given, row[given].astype(int)].sum(axis=1))
        total += weight * (mass @ ((row[0] - expected[:, 0]) * (row[2] - expected[:, 2]))) / mass.sum()
        count += weight
    assert n[0, 2] == count
    assert found[0, 2] == pytest.approx(total / count)
    test = pair_tests(x, items, [(0, 2), (2, 0)], grid, weights=weights)
    assert test.z[0] == pytest.approx(test.z[1])


def test_weights_are_repeated_rows() -> None:
    x = answers(RNG, 90)
    weights = RNG.integers(1, 4, 90)
    weighted, repeated = q3(x, ITEMS, weights=weights), q3(np.repeat(x, weights, axis=0), ITEMS)
    assert weighted.values == pytest.approx(repeated.values, nan_ok=True)


def test_hostile_data_are_refused_or_flagged() -> None:
    for x in (np.ones((50, 15)), answers(RNG, 1), np.full((3, 15), np.nan)):
        table = q3(x, ITEMS, weights=[1_000_000] * len(x))
        assert table.named == ()
    with pytest.raises(ValueError, match="at least two items"):
        q3([[1.0]], ITEMS.take([0]))
    with pytest.raises(ValueError, match="theta must be finite"):
        q3(answers(RNG, 2), ITEMS, theta=[0.0, np.nan])
    with pytest.raises(ValueError, match="does not exist: 0"):
        q3(answers(RNG, 2) + 1, ITEMS)
    for pairs in ([], np.empty((0, 2), int), [(0, 0)], [(0, 15)], [(0.5, 1)], [0, 1]):
        with pytest.raises(ValueError, match="pairs"):
            pair_tests(answers(RNG, 2), ITEMS, pairs)  # type: ignore[arg-type]
