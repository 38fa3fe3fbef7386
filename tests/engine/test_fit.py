"""Fit statistics: published values, brute force, finite differences, and levels and power by Monte Carlo."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import chi2, kstest

from irt.ability import Grid
from irt.calibration import calibrate
from irt.fit._gradients import prob_gradients
from irt.fit.adaptive import Rule, adaptive_fit
from irt.fit.m2 import m2
from irt.fit.sum_scores import sum_scores, sum_scores_without_each
from irt.fit.sx2 import n_parameters, sx2
from irt.mixed import ItemSet, Mixed, log_prob
from irt.models import Items, info, prob
from irt.polytomous import Graded, PartialCredit

# Bock & Lieberman (1970): how many of 1,000 gave each pattern of the five items, 00000, 00001, .., 11111.
LSAT7 = [12, 19, 1, 7, 3, 19, 3, 17, 10, 5, 3, 7, 7, 23, 8, 28]
LSAT7 += [7, 39, 11, 34, 14, 51, 15, 90, 6, 25, 7, 35, 18, 136, 32, 308]
PATTERNS = np.array(list(product((0.0, 1.0), repeat=5)))
LSAT7_2PL = Items.from_lists(
    a=[0.9875, 1.0808, 1.7075, 0.7650, 0.7357], b=[-1.8793, -0.7475, -1.0572, -0.6353, -2.5208]
)
GRADED = Graded.from_lists([1.2, 0.8], [[-1.0, 0.2, 1.1], [-0.5, 0.9]])
PARTIAL = PartialCredit.from_lists([0.9, 1.4], [[0.4, -0.3], [-1.0, 0.1, 0.8]])
LOGISTIC = Items.from_lists([1.1, 1.6], [-0.4, 0.5], [0.0, 0.2], [1.0, 0.95])
MIXED = Mixed([GRADED, PARTIAL, LOGISTIC], [[0, 3], [1, 4], [5, 2]])
NODES = np.array([-1.7, 0.0, 0.6, 2.5])


def answers(rng: np.random.Generator, theta: np.ndarray, items: ItemSet) -> np.ndarray:
    """Complete answers of persons of these thetas."""
    cumulative = np.exp(log_prob(theta, items)).cumsum(axis=2)
    return (rng.random((theta.size, len(items), 1)) > cumulative[..., :-1]).sum(axis=2).astype(float)


def adaptive_answers(
    rng: np.random.Generator, truth: Items, used: Items, n_persons: int, length: int, grid: Grid
) -> np.ndarray:
    """Tests that give each person one of the four most informative items at the EAP, (n_persons, n_items)."""
    theta = rng.normal(grid.mean, grid.sd, n_persons)
    p_true, p, information = prob(theta, truth), prob(grid.nodes, used), info(grid.nodes, used)
    x, log_mass = np.full((n_persons, len(used)), np.nan), np.tile(grid.log_prior, (n_persons, 1))
    everyone = np.arange(n_persons)
    for _ in range(length):
        mass = np.exp(log_mass - log_mass.max(axis=1, keepdims=True))
        eap = mass @ grid.nodes / mass.sum(axis=1)
        nearest = np.rint((eap - grid.lower) / grid.spacing).astype(int)
        best = np.argpartition(np.where(np.isnan(x), -information[nearest], 1), 4, axis=1)[:, :4]
        item = best[everyone, rng.integers(0, 4, n_persons)]
        x[everyone, item] = rng.random(n_persons) < p_true[everyone, item]
        right = x[everyone, item][:, None] == 1
        log_mass += np.log(np.where(right, p[:, item].T, 1 - p[:, item].T))
    return x


def test_sum_scores_are_the_sum_over_all_patterns() -> None:
    p = np.exp(log_prob(NODES, MIXED))
    expected = np.zeros((NODES.size, int((MIXED.n_categories - 1).sum()) + 1))
    for pattern in product(*(range(m) for m in MIXED.n_categories)):
        expected[:, sum(pattern)] += p[:, np.arange(6), pattern].prod(axis=1)
    assert sum_scores(NODES, MIXED) == pytest.approx(expected, abs=1e-14)
    others = sum_scores_without_each(NODES, MIXED)
    for item in range(6):
        rest = sum_scores(NODES, MIXED.take(np.delete(np.arange(6), item)))
        assert others[item][:, : rest.shape[1]] == pytest.approx(rest, abs=1e-14)
        assert not others[item][:, rest.shape[1] :].any()


def test_lsat7_sx2_is_the_published_value() -> None:
    # R: itemfit(mirt(expand.table(LSAT7), 1, TOL = 1e-6), "S_X2")
    fit = sx2(PATTERNS, LSAT7_2PL, weights=LSAT7)
    assert fit.statistic == pytest.approx([4.751, 14.453, 1.273, 5.236, 0.941], abs=1.1e-3)
    assert fit.df.tolist() == [2] * 5
    assert fit.p == pytest.approx(chi2.sf([4.751, 14.453, 1.273, 5.236, 0.941], 2), abs=5e-4)


def test_lsat7_m2_is_the_published_value() -> None:
    # R: M2(mirt(expand.table(LSAT7), 1, TOL = 1e-6))
    fit = m2(PATTERNS, LSAT7_2PL, weights=LSAT7)
    assert fit.statistic == pytest.approx(11.938, abs=5e-4)
    assert fit.df == 5
    assert fit.rmsea == pytest.approx(np.sqrt((11.938 - 5) / (5 * 999)), abs=1e-5)
    assert fit.rmsea_lower < fit.rmsea < fit.rmsea_upper


def test_gradients_are_finite_differences() -> None:
    gradients = prob_gradients(NODES, MIXED)
    step = 1e-6

    def p_of(part: ItemSet) -> np.ndarray:
        return np.exp(log_prob(NODES, part))

    for item in range(6):
        part, places = next(pair for pair in MIXED.placed if item in pair[1])
        row = places.tolist().index(item)
        names = ["a", "b", "c", "d"] if isinstance(part, Items) else ["a", "b"]
        numeric = []
        for name in names:
            values = getattr(part, name)
            for column in range(1 if values.ndim == 1 else values.shape[1]):
                place = (row,) if values.ndim == 1 else (row, column)
                if not np.isfinite(values[place]) or values[place] in (0.0, 1.0):
                    continue
                shifted = []
                for sign in (1, -1):
                    moved = {other: getattr(part, other).copy() for other in names}
                    moved[name][place] += sign * step
                    shifted.append(p_of(type(part)(**moved))[:, row, : MIXED.n_categories[item]])
                numeric.append((shifted[0] - shifted[1]) / (2 * step))
        assert gradients[item].shape[0] == n_parameters(MIXED)[item]
        assert gradients[item] == pytest.approx(np.array(numeric), abs=1e-8)


def test_m2_has_the_covariance_of_the_margins_by_brute_force() -> None:
    grid = Grid(n_nodes=21)
    p, mass = np.exp(log_prob(grid.nodes, MIXED)), np.exp(grid.log_prior)
    patterns = np.array(list(product(*(range(m) for m in MIXED.n_categories))), dtype=float)
    chances = mass @ np.array([p[:, np.arange(6), row.astype(int)].prod(axis=1) for row in patterns]).T
    first, second = np.triu_indices(6, 1)
    margins = np.hstack([patterns, patterns[:, first] * patterns[:, second]])
    centred = margins - chances @ margins
    covariance = centred.T @ (chances[:, None] * centred)
    x = patterns[np.random.default_rng(0).choice(len(patterns), 300, p=chances)]
    observed = np.hstack([x, x[:, first] * x[:, second]]).mean(axis=0) - chances @ margins
    fit = m2(x, MIXED, grid, "nothing")
    assert fit.df == 21
    assert fit.statistic == pytest.approx(300 * observed @ np.linalg.solve(covariance, observed), rel=1e-9)


@pytest.mark.parametrize("kind", ["dichotomous", "polytomous"])
def test_sx2_and_m2_hold_their_level_and_see_misfit(kind: str) -> None:
    rng = np.random.default_rng(11)
    a, b = rng.lognormal(0.1, 0.2, 10), rng.normal(0, 0.7, 10)
    items: ItemSet = Items.from_lists(a, b)
    if kind == "polytomous":
        items = Graded(a, b[:, None] + [-0.8, 0.0, 0.9])
    sx2_p, m2_p = [], []
    for _ in range(100):
        x = answers(rng, rng.normal(size=600), items)
        sx2_p.append(sx2(x, items, n_estimated=[0] * 10).p)
        m2_p.append(m2(x, items, estimated="nothing").p)
    assert kstest(np.concatenate(sx2_p), "uniform").pvalue > 0.001
    assert kstest(m2_p, "uniform").pvalue > 0.001
    theta = rng.normal(size=3000)
    x = answers(rng, theta, items)
    x[:, 0] = answers(rng, -theta, items)[:, 0]
    assert sx2(x, items).p[0] < 1e-10
    x = answers(rng, theta, items)
    x[:, 1] = x[:, 0]
    assert m2(x, items).p < 1e-10


def test_all_hold_their_level_when_the_parameters_were_estimated_from_the_same_data() -> None:
    rng, m2_p, item_p, along_p = np.random.default_rng(13), [], [], []
    for _ in range(16):
        items = Items.from_lists(rng.lognormal(0.2, 0.3, 12), rng.normal(0, 0.8, 12))
        x = answers(rng, rng.normal(size=800), items)
        found = calibrate(x, "2PL").items
        m2_p.append(m2(x, found).p)
        item_p.append(sx2(x, found).p)
        along_p.append(adaptive_fit(x, found, estimated=True).p)
    for p in (np.array(m2_p), np.concatenate(item_p), np.concatenate(along_p)):
        known = p[np.isfinite(p)]
        assert known.size > 0.9 * p.size
        assert known.mean() == pytest.approx(0.5, abs=5 * np.sqrt(1 / 12 / known.size))
        assert (known < 0.05).mean() <= 0.05 + 4 * np.sqrt(0.0475 / known.size)


def test_m2_of_a_common_slope_has_a_df_for_each_slope_saved() -> None:
    items = Items.from_lists([1.0] * 5, [-2, -1, 0, 1, 2])
    x = answers(np.random.default_rng(2), np.zeros(200), items)
    assert m2(x, items).df == 15 - 10
    assert m2(x, items, estimated="equal_slopes").df == 15 - 6
    assert m2(x, items, estimated="nothing").df == 15


def test_collapsed_tables_keep_every_person_and_expect_enough() -> None:
    rng = np.random.default_rng(3)
    x = answers(rng, rng.normal(size=150), MIXED)
    fit = sx2(x, MIXED, min_expected=2.0)
    top = int((MIXED.n_categories - 1).sum())
    inner = int(((x.sum(axis=1) > 0) & (x.sum(axis=1) < top)).sum())
    for item, table in enumerate(fit.tables):
        assert np.nansum(table.observed) == pytest.approx(inner)
        assert np.nansum(table.expected) == pytest.approx(inner)
        assert table.lowest[0] == 1
        assert table.highest[-1] == top - 1
        assert (table.lowest[1:] == table.highest[:-1] + 1).all()
        several = np.isfinite(table.expected).sum(axis=1) > 1
        assert np.nanmin(table.expected[several]) >= 2.0
        cells = np.isfinite(table.expected).sum() - len(table.expected)
        assert fit.df[item] == max(cells - n_parameters(MIXED)[item], 0)


POOL_RNG = np.random.default_rng(17)
POOL = Items(POOL_RNG.lognormal(0.2, 0.3, 50).clip(0.5, 2.5), POOL_RNG.normal(size=50), np.full(50, 0.2), np.ones(50))
PEOPLE = Grid(mean=0.4, sd=1.1)


def test_adaptive_fit_holds_its_level_on_adaptive_data() -> None:
    rng, p = np.random.default_rng(23), []
    for _ in range(16):
        fit = adaptive_fit(adaptive_answers(rng, POOL, POOL, 600, 14, PEOPLE), POOL, PEOPLE)
        p.append(fit.p[np.isfinite(fit.p)])
        assert fit.is_flagged.sum() <= 2
    together = np.concatenate(p)
    # Items of one run share persons; twice the binomial error allows for that.
    for level in (0.01, 0.05, 0.2):
        error = np.sqrt(level * (1 - level) / together.size)
        assert (together < level).mean() == pytest.approx(level, abs=max(8 * error, 0.4 * level))


def test_adaptive_fit_names_the_items_that_drifted_and_no_others() -> None:
    rng = np.random.default_rng(29)
    b, a = POOL.b.copy(), POOL.a.copy()
    harder, flatter = np.argsort(-POOL.a)[[8, 12]]
    b[harder] += 0.5
    a[flatter] *= 0.4
    x = adaptive_answers(rng, Items(a, b, POOL.c, POOL.d), POOL, 3000, 20, PEOPLE)
    fit = adaptive_fit(x, POOL, PEOPLE)
    assert set(np.flatnonzero(fit.is_flagged)) == {harder, flatter}
    below = fit.observed[harder, :, 1] < fit.expected[harder, :, 1]
    assert below[np.isfinite(fit.bands[harder])].all()


def test_what_the_items_own_parameters_mend_is_no_misfit_when_they_were_estimated() -> None:
    rng = np.random.default_rng(31)
    items = Mixed([POOL.take(range(20)), GRADED])
    x = answers(rng, rng.normal(size=2000), items)
    moved = Mixed([Items(POOL.a[:20], POOL.b[:20] + np.tile([0.2, -0.2], 10), POOL.c[:20], POOL.d[:20]), GRADED])
    strict, lenient = adaptive_fit(x, moved), adaptive_fit(x, moved, estimated=True)
    assert (strict.p[:20] < 0.05).mean() > 0.2
    assert (lenient.p[lenient.df > 0] < 0.05).mean() < 0.15
    assert (lenient.df <= strict.df).all()


def test_the_rmsd_less_chance_is_the_departure_at_each_number_of_persons() -> None:
    # With 40 good items theta is nearly known, so the departure of item 0 is near that of its curves.
    rng = np.random.default_rng(37)
    items = Items.from_lists([2.0] * 40, np.linspace(-2, 2, 40))
    truth = Items(items.a, np.concatenate([[items.b[0] + 0.8], items.b[1:]]), items.c, items.d)
    grid = Grid()
    gap = (prob(grid.nodes, truth) - prob(grid.nodes, items))[:, 0]
    departure = np.sqrt(np.exp(grid.log_prior) @ gap**2)
    for n_persons in (300, 3000):
        found = [
            adaptive_fit(answers(rng, rng.normal(size=n_persons), truth), items, rule=Rule(n_bands=20)).rmsd_adjusted
            for _ in range(2400 // n_persons + 1)
        ]
        assert np.mean(found, axis=0)[0] == pytest.approx(departure, rel=0.3)
        assert np.mean(found, axis=0)[1:].mean() < 0.025


@settings(max_examples=15, deadline=None)
@given(st.permutations(range(6)))
def test_the_order_of_items_is_nothing(order: list[int]) -> None:
    x = answers(np.random.default_rng(43), np.random.default_rng(44).normal(size=300), MIXED)
    moved = MIXED.take(order)
    assert sx2(x[:, order], moved).statistic == pytest.approx(sx2(x, MIXED).statistic[order])
    assert m2(x[:, order], moved).statistic == pytest.approx(m2(x, MIXED).statistic, rel=1e-6)
    x[::3, 2] = np.nan
    assert adaptive_fit(x[:, order], moved).p == pytest.approx(adaptive_fit(x, MIXED).p[order], nan_ok=True)


def test_weights_are_repeated_rows() -> None:
    rng = np.random.default_rng(41)
    x = answers(rng, rng.normal(size=80), MIXED)
    counts = rng.integers(1, 4, 80)
    repeated = np.repeat(x, counts, axis=0)
    assert sx2(x, MIXED, weights=counts).statistic == pytest.approx(sx2(repeated, MIXED).statistic)
    assert m2(x, MIXED, weights=counts).statistic == pytest.approx(m2(repeated, MIXED).statistic)
    x[rng.random(x.shape) < 0.3] = np.nan
    weighted, plain = adaptive_fit(x, MIXED, weights=counts), adaptive_fit(np.repeat(x, counts, axis=0), MIXED)
    assert weighted.p == pytest.approx(plain.p, nan_ok=True)
    assert weighted.rmsd_adjusted == pytest.approx(plain.rmsd_adjusted)


def test_hostile_data_are_refused_or_flagged() -> None:
    holes = np.where(PATTERNS == 0, np.nan, 1.0)
    for statistic in (sx2, m2):
        with pytest.raises(ValueError, match="complete"):
            statistic(holes, LSAT7_2PL)
        with pytest.raises(ValueError, match="does not exist: 0"):
            statistic(PATTERNS * 2, LSAT7_2PL.take([0, 1, 2, 3, 4]))
        with pytest.raises(ValueError, match="whole numbers"):
            statistic(PATTERNS + np.inf, LSAT7_2PL)
        with pytest.raises(ValueError, match="3 items, the parameters are of 5"):
            statistic(PATTERNS[:, :3], LSAT7_2PL)
    one = sx2(PATTERNS[3:4], LSAT7_2PL)
    assert np.isnan(one.p).all()
    with pytest.raises(ValueError, match="all scored the same: 0, 1, 2, 3, 4"):
        m2(PATTERNS[3:4], LSAT7_2PL)
    few = m2(PATTERNS[3:4], LSAT7_2PL, estimated="nothing")
    assert np.isfinite(few.statistic)
    assert np.isnan([few.p, few.rmsea, few.rmsea_lower, few.rmsea_upper]).all()
    assert np.isnan(m2(PATTERNS[1:], LSAT7_2PL).p)
    same = sx2(PATTERNS[3:4], LSAT7_2PL, weights=[1_000_000])
    assert (np.isnan(same.p) | (same.p < 1e-12)).all()
    unseen = adaptive_fit(np.full((60, 5), np.nan), LSAT7_2PL)
    assert (unseen.n == 0).all()
    assert np.isnan(unseen.p).all()
    assert not unseen.is_flagged.any()
    certain = Items.from_lists([1.0] * 5, [-1, 0, 1, 0.5, -300])
    with pytest.raises(ValueError, match="certain under the model: 4"):
        m2(PATTERNS, certain, weights=LSAT7)
    assert adaptive_fit(PATTERNS, certain, weights=LSAT7).is_flagged[4]
    right = adaptive_fit(np.ones((1, 5)), LSAT7_2PL, weights=[1_000_000])
    assert right.is_flagged.all()
