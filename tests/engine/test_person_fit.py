"""lz, lz* and CUSUM against written-out sums, their distribution under the model, and the cheats they must find."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import expit, logit
from scipy.stats import norm

from irt.mixed import ItemSet, Mixed, expected_score, info, info_slope_term, log_prob, log_prob_slope
from irt.models import Items, prob
from irt.person_fit import Cusum, cusum, cusum_flags, cusum_limits, person_fit
from irt.polytomous import Graded, PartialCredit

POINTS = np.linspace(-6, 6, 121)


def some_items(n_items: int, seed: int, guessing: bool = True) -> Items:
    rng = np.random.default_rng(seed)
    c = np.clip(rng.beta(20, 80, n_items), 0.05, 0.35) * guessing
    return Items(rng.lognormal(0.2, 0.3, n_items), rng.normal(size=n_items), c, np.ones(n_items))


def some_ordered(n_items: int, seed: int) -> tuple[Graded, PartialCredit]:
    rng = np.random.default_rng(seed)
    thresholds = np.cumsum(rng.uniform(0.5, 1.1, (n_items, 4)), axis=1) - 2 + rng.normal(0, 0.7, (n_items, 1))
    thresholds[::3, 3:] = np.nan
    a = rng.lognormal(0.1, 0.3, n_items)
    return Graded(a, thresholds), PartialCredit(a, rng.normal(0, 0.7, (n_items, 3)))


def a_mixed_test(seed: int) -> Mixed:
    return Mixed((some_items(25, seed), *some_ordered(10, seed)))


def answers(theta: np.ndarray, items: ItemSet, rng: np.random.Generator) -> np.ndarray:
    cumulative = np.exp(log_prob(theta, items)).cumsum(axis=2)
    drawn = (rng.random((*cumulative.shape[:2], 1)) > cumulative).sum(axis=2)
    return np.minimum(drawn, items.n_categories - 1).astype(float)


def estimates(items: ItemSet, x: np.ndarray, method: str) -> np.ndarray:
    """Roots of the estimating equation, the sign change from + to - at the highest point; nan at the bounds."""
    slopes = log_prob_slope(POINTS, items)
    gradient = np.zeros((x.shape[0], POINTS.size))
    for item in range(len(items)):
        seen = ~np.isnan(x[:, item])
        gradient[seen] += slopes[:, item, x[seen, item].astype(int)].T
    if method == "wle":
        assert not np.isnan(x).any()
        gradient += (info_slope_term(POINTS, items).sum(axis=1)) / (2 * info(POINTS, items).sum(axis=1))
    elif method == "map":
        gradient -= POINTS
    height = np.cumsum(gradient, axis=1)
    theta = np.full(x.shape[0], np.nan)
    for person, (slope, best) in enumerate(zip(gradient, height.argmax(axis=1), strict=True)):
        near = [k for k in (best - 1, best) if 0 <= k < POINTS.size - 1 and slope[k] > 0 >= slope[k + 1]]
        if near:
            k = near[0]
            theta[person] = POINTS[k] + (POINTS[k + 1] - POINTS[k]) * slope[k] / (slope[k] - slope[k + 1])
    return theta


# --- the formulas -----------------------------------------------------------------------------------------------


def test_for_right_and_wrong_it_is_the_formula_of_snijders() -> None:
    """Weights w = logit P and r = P' / (P Q), with r0 of each estimator, as in Magis, Raiche & Beland (2012)."""
    items, rng = some_items(20, 1), np.random.default_rng(1)
    x = answers(rng.normal(size=50), items, rng)
    for method in ("mle", "wle", "map"):
        theta = estimates(items, x, method)
        ours = person_fit(theta, items, x, method)
        for person in np.flatnonzero(~np.isnan(theta)):
            p = prob(theta[person], items)[0]
            slope = (prob(theta[person] + 1e-6, items)[0] - prob(theta[person] - 1e-6, items)[0]) / 2e-6
            w, r = logit(p), slope / (p * (1 - p))
            r0 = {"mle": 0.0, "map": -theta[person]}.get(method)
            if r0 is None:
                r0 = info_slope_term(theta[person], items).sum() / (2 * info(theta[person], items).sum())
            c = (slope * w).sum() / (slope * r).sum()
            total = ((x[person] - p) * w).sum()
            assert ours.lz[person] == pytest.approx(total / np.sqrt((p * (1 - p) * w**2).sum()))
            star = (total + c * r0) / np.sqrt((p * (1 - p) * (w - c * r) ** 2).sum())
            assert ours.lz_star[person] == pytest.approx(star, rel=1e-5)


def test_for_ordered_items_it_is_the_sum_over_categories() -> None:
    items, rng = a_mixed_test(2), np.random.default_rng(2)
    x = answers(rng.normal(size=10), items, rng)
    theta = estimates(items, x, "map")
    ours = person_fit(theta, items, x, "map")
    for person in range(10):
        logs, slopes = log_prob(theta[person], items)[0], log_prob_slope(theta[person], items)[0]
        excess = variance = cross = total = 0.0
        rows = [
            [(np.exp(lp), lp, s) for lp, s in zip(*row, strict=True) if lp > -np.inf]
            for row in zip(logs, slopes, strict=True)
        ]
        for row, score in zip(rows, x[person].astype(int), strict=True):
            mean = sum(p * lp for p, lp, _ in row)
            excess += row[score][1] - mean
            variance += sum(p * (lp - mean) ** 2 for p, lp, _ in row)
            cross += sum(p * lp * s for p, lp, s in row)
            total += sum(p * s**2 for p, _, s in row)
        assert ours.lz[person] == pytest.approx(excess / np.sqrt(variance))
        # Var(log P - c s) = Var(log P) - Cov^2 / I, because c is the slope of the regression on s.
        star = (excess - cross / total * theta[person]) / np.sqrt(variance - cross**2 / total)
        assert ours.lz_star[person] == pytest.approx(star, rel=1e-6)


def test_items_not_seen_are_as_items_not_there() -> None:
    items, rng = a_mixed_test(3), np.random.default_rng(3)
    x = answers(rng.normal(size=20), items, rng)
    kept = np.arange(len(items)) % 3 > 0
    theta = estimates(items.take(np.flatnonzero(kept)), x[:, kept], "map")
    whole = person_fit(theta, items, np.where(kept, x, np.nan), "map")
    alone = person_fit(theta, items.take(np.flatnonzero(kept)), x[:, kept], "map")
    np.testing.assert_allclose(whole.lz, alone.lz)
    np.testing.assert_allclose(whole.lz_star, alone.lz_star)
    assert (whole.n_answers == kept.sum()).all()


def test_the_prior_goes_with_theta() -> None:
    items, rng = some_items(30, 4), np.random.default_rng(4)
    x = answers(rng.normal(size=30), items, rng)
    theta = estimates(items, x, "map")
    moved = Items(items.a / 2, 2 * items.b + 1, items.c, items.d)
    np.testing.assert_allclose(
        person_fit(2 * theta + 1, moved, x, "map", prior=(1.0, 2.0)).lz_star,
        person_fit(theta, items, x, "map").lz_star,
    )


# --- under the model --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("method", ["mle", "wle", "map"])
@pytest.mark.parametrize("kind", ["2PL", "3PL", "mixed"])
def test_under_the_model_lz_star_is_nearly_standard_normal(method: str, kind: str) -> None:
    rng = np.random.default_rng(5)
    items = a_mixed_test(6) if kind == "mixed" else some_items(60, 6, guessing=kind == "3PL")
    x = answers(np.clip(rng.normal(size=1500), -2, 2), items, rng)
    fit = person_fit(estimates(items, x, method), items, x, method)
    star, lz = fit.lz_star[~np.isnan(fit.lz_star)], fit.lz[~np.isnan(fit.lz)]
    assert star.size > 1450
    assert abs(star.mean()) < 0.2  # positive of order 1 / sqrt(n_items)
    assert star.std() == pytest.approx(1, abs=0.08)
    assert 0.03 < np.mean(star < norm.ppf(0.05)) < 0.08
    assert abs(star.std() - 1) < abs(lz.std() - 1) + 0.01  # the correction corrects
    assert star.std() > lz.std()


def test_lz_star_finds_copied_answers_and_guessing() -> None:
    rng = np.random.default_rng(7)
    items = some_items(60, 8)
    theta = rng.normal(-1, 0.5, 400)
    honest = answers(theta, items, rng)
    copied, guessed = honest.copy(), honest.copy()
    hardest, easiest = np.argsort(items.b)[-15:], np.argsort(items.b)[:20]
    copied[:, hardest] = 1
    guessed[:, easiest] = rng.random((400, 20)) < 0.25
    found = {}
    for name, x in (("honest", honest), ("copied", copied), ("guessed", guessed)):
        found[name] = np.nanmean(person_fit(estimates(items, x, "wle"), items, x, "wle").p < 0.05)
    assert found["honest"] < 0.08
    assert found["copied"] > 0.8
    assert found["guessed"] > 0.5


# --- what has no answer -----------------------------------------------------------------------------------------


def test_where_theta_is_no_estimate_there_is_no_lz_star() -> None:
    items = some_items(20, 9, guessing=False)
    x = np.vstack(
        (np.ones(20), np.tile([0.0, 1.0], 10), np.tile([0.0, 1.0], 10), np.full(20, np.nan), np.ones(20))
    )
    root = estimates(items, x[1:2], "mle")[0]
    fit = person_fit([6.0, root, root + 0.5, 0.0, np.nan], items, x, "mle")
    assert np.isfinite(fit.lz_star).tolist() == [False, True, False, False, False]
    assert np.isnan(fit.p[[0, 2, 3, 4]]).all()
    assert fit.n_answers.tolist() == [20, 20, 20, 0, 20]


def test_everybody_right_on_equal_items_is_no_evidence() -> None:
    """Rasch items of one difficulty: l is a function of theta alone, so nothing is left to be out of place."""
    items = Items.from_lists([1.0] * 10, [0.0] * 10)
    x = np.array([[1.0] * 6 + [0.0] * 4])
    assert np.isnan(person_fit(logit([0.6]), items, x, "mle").lz_star[0])


@pytest.mark.parametrize(
    ("theta", "x"),
    [([0.0], [[0.0, 1.0]]), ([0.0, 1.0], [[0.0, 1.0, 1.0]]), ([0.0], [[0.0, 2.0, 1.0]]), ([0.0], [[0.5, 0.0, 1.0]]),
     ([0.0], [[-1.0, 0.0, 1.0]]), ([np.inf], [[0.0, 0.0, 1.0]]), ([0.0], [0.0, 0.0, 1.0])],
)  # fmt: skip
def test_hostile_answers_are_refused(theta: list[float], x: list[list[float]]) -> None:
    with pytest.raises(ValueError):
        person_fit(theta, some_items(3, 1), x, "mle")


@settings(max_examples=80, deadline=None)
@given(
    st.lists(st.one_of(st.floats(-80, 80), st.just(np.nan)), min_size=1, max_size=5),
    st.randoms(use_true_random=False),
    st.sampled_from(["mle", "wle", "map"]),
)
def test_any_theta_gives_a_number_or_none(theta: list[float], random: object, method: str) -> None:
    items = a_mixed_test(1)
    x = [
        [random.choice([np.nan, *range(m)]) if random.random() < 0.9 else np.nan for m in items.n_categories]
        for _ in theta
    ]
    fit = person_fit(theta, items, x, method)
    assert not np.isinf(fit.lz).any()
    assert not np.isinf(fit.lz_star).any()
    assert np.isnan(fit.lz[np.isnan(theta)]).all()


def test_other_estimates_and_priors_are_refused() -> None:
    for method, prior in (("eap", (0.0, 1.0)), ("map", (0.0, 0.0)), ("map", (np.nan, 1.0))):
        with pytest.raises(ValueError):
            person_fit([0.0], some_items(3, 1), [[0.0, 1.0, 1.0]], method, prior)


# --- CUSUM ------------------------------------------------------------------------------------------------------


def test_cusum_is_the_recursion_by_hand() -> None:
    items = Items.from_lists([1.0, 1.0, 1.0], [0.0, 0.0, 0.0])
    sums = cusum([0.0], items, [[2, 0, 1, -1]], [[1.0, 1.0, 0.0, np.nan]])
    np.testing.assert_allclose(sums.above, [[1 / 6, 1 / 3, 1 / 6, 1 / 6]])
    np.testing.assert_allclose(sums.below, [[0, 0, -1 / 6, -1 / 6]])
    assert (sums.highest[0], sums.lowest[0]) == (pytest.approx(1 / 3), pytest.approx(-1 / 6))


def test_interim_thetas_are_those_of_their_steps() -> None:
    items, rng = a_mixed_test(10), np.random.default_rng(10)
    path, order = rng.normal(size=(1, 5)), np.array([[3, 40, 30, 1, 26]])
    x = np.array([[1.0, 2.0, 0.0, 0.0, 3.0]])
    most = items.n_categories[order[0]] - 1
    expected = [expected_score(path[0, step], items)[0, order[0, step]] for step in range(5)]
    above = down = 0.0
    sums = cusum(path, items, order, x)
    for step, residual in enumerate((x[0] - expected) / most / 5):
        above, down = max(0.0, above + residual), min(0.0, down + residual)
        assert (sums.above[0, step], sums.below[0, step]) == (pytest.approx(above), pytest.approx(down))


def adaptive(
    theta: np.ndarray, pool: Items, rng: np.random.Generator, knows_after: int = 99
) -> tuple[np.ndarray, ...]:
    """Tests of 30 by nearest difficulty to a running estimate; from `knows_after` on every answer is right."""
    order, x = np.empty((theta.size, 30), dtype=int), np.empty((theta.size, 30))
    now = np.zeros(theta.size)
    for step in range(30):
        away = np.abs(pool.b - now[:, None])
        np.put_along_axis(away, order[:, :step], np.inf, axis=1)
        order[:, step] = away.argmin(axis=1)
        p = expit(theta - pool.b[order[:, step]])
        x[:, step] = 1.0 if step >= knows_after else rng.random(theta.size) < p
        given = pool.b[order[:, : step + 1]]
        for _ in range(8):  # MAP under N(0, 1), by Newton
            chance = expit(now[:, None] - given)
            now += ((x[:, : step + 1] - chance).sum(axis=1) - now) / ((chance * (1 - chance)).sum(axis=1) + 1)
    return order, x, now


def test_limits_from_simulation_hold_and_knowledge_of_the_end_is_found() -> None:
    rng = np.random.default_rng(11)
    pool = Items.from_lists([1.0] * 200, rng.normal(0, 1.3, 200).tolist())

    def sums(n_persons: int, knows_after: int = 99) -> Cusum:
        order, x, final = adaptive(rng.normal(size=n_persons), pool, rng, knows_after)
        return cusum(final, pool, order, x)

    limits = cusum_limits(sums(1500), rate=0.05)
    assert limits[0] < 0 < limits[1]
    assert np.mean(cusum_flags(sums(1500), limits)) == pytest.approx(0.05, abs=0.025)
    assert np.mean(cusum_flags(sums(200, knows_after=20), limits)) > 0.5


def test_on_adaptive_tests_lz_star_is_not_normal() -> None:
    """Why CUSUM: the reason given in the docstring, seen."""
    rng = np.random.default_rng(12)
    pool = Items.from_lists([1.0] * 200, rng.normal(0, 1.3, 200).tolist())
    order, x, final = adaptive(rng.normal(size=600), pool, rng)
    answered = np.full((600, 200), np.nan)
    np.put_along_axis(answered, order, x, axis=1)
    star = person_fit(final, pool, answered, "map").lz_star
    assert abs(np.nanstd(star) - 1) > 0.15 or abs(np.nanmean(star)) > 0.15


@pytest.mark.parametrize(
    ("theta", "indices", "scores"),
    [([0.0], [[0, 1]], [[1.0]]), ([0.0], [[0, 9]], [[1.0, 1.0]]), ([0.0], [[0, 0]], [[1.0, 1.0]]),
     ([0.0], [[0.5, 1.0]], [[1.0, 1.0]]), ([np.nan], [[0, 1]], [[1.0, 1.0]]), ([0.0], [[0, 1]], [[1.0, 2.0]]),
     ([0.0, 1.0], [[0, 1]], [[1.0, 1.0]]), ([0.0], [[-2, 1]], [[1.0, 1.0]]),
     ([0.0], [[0, 1]], np.ma.masked_equal([[1.0, 0.0]], 0))],
)  # fmt: skip
def test_hostile_tests_are_refused(theta: object, indices: object, scores: object) -> None:
    with pytest.raises(ValueError):
        cusum(theta, some_items(3, 1), indices, scores)


def test_empty_tests_have_no_sums_and_too_few_candidates_no_limits() -> None:
    nobody = cusum(np.empty(0), some_items(3, 1), np.empty((0, 4), dtype=int), np.empty((0, 4)))
    assert nobody.highest.shape == (0,)
    nothing = cusum([0.0], some_items(3, 1), [[-1, -1]], [[np.nan, np.nan]])
    assert (nothing.highest[0], nothing.lowest[0]) == (0.0, 0.0)
    with pytest.raises(ValueError, match="40 simulated"):
        cusum_limits(nothing)
    with pytest.raises(ValueError):
        cusum_limits(nothing, 0.0)
    for limits in ((np.nan, 1.0), (1.0, -1.0)):
        with pytest.raises(ValueError, match="the lower one and the upper one"):
            cusum_flags(nothing, limits)
