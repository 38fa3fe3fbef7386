"""Ability estimates against published values, closed forms, quadrature and direct maximisation."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import quad
from scipy.optimize import minimize_scalar
from scipy.stats import norm

from irt.ability import (
    Estimate,
    Grid,
    LogLikTable,
    NotConvergedWarning,
    eap,
    map_,
    mle,
    posterior,
    posterior_moments,
    wle,
)
from irt.models import Items, info, log_prob

LSAT7 = Items.from_lists(
    a=[0.9875, 1.0808, 1.7075, 0.7650, 0.7357], b=[-1.8793, -0.7475, -1.0572, -0.6353, -2.5208]
)
RNG = np.random.default_rng(20130521)
POOL = Items(RNG.lognormal(0.2, 0.3, 40), RNG.normal(size=40), RNG.beta(20, 80, 40), np.ones(40))
TABLE = LogLikTable.of(POOL, Grid())
X = (RNG.random(40) < 0.6).astype(float)


def log_lik(theta: float, items: Items, x: np.ndarray) -> float:
    logs = log_prob(theta, items)[0]
    return float(np.where(x == 1, logs[:, 1], logs[:, 0]).sum())


def test_lsat7_eap_is_the_published_value() -> None:
    # R: mod <- mirt(expand.table(LSAT7), 1, TOL = 1e-6)
    #    fscores(mod, method = "EAP", response.pattern = c(0, 0, 0, 0, 0))  ->  F1 -1.8698, SE_F1 .6927
    estimate = eap(LogLikTable.of(LSAT7, Grid()), range(5), [0] * 5)
    assert estimate.theta == pytest.approx(-1.8698, abs=1e-4)
    assert estimate.se == pytest.approx(0.6927, abs=1e-4)
    assert estimate.converged


@pytest.mark.parametrize("n_answers", [0, 1, 5, 40])
@pytest.mark.parametrize(("mean", "sd"), [(0.0, 1.0), (0.5, 1.2), (-1.0, 0.4)])
def test_eap_is_the_integral(n_answers: int, mean: float, sd: float) -> None:
    items, x = POOL.take(range(n_answers)), X[:n_answers]

    def moment(power: int) -> float:
        def integrand(theta: float) -> float:
            return float(theta**power * np.exp(log_lik(theta, items, x)) * norm.pdf(theta, mean, sd))

        return float(quad(integrand, -9, 9, points=[mean], epsabs=1e-25, epsrel=1e-9, limit=500)[0])

    mass, first, second = moment(0), moment(1), moment(2)
    estimate = eap(LogLikTable.of(POOL, Grid(-8, 8, 81, mean, sd)), range(n_answers), x)
    assert estimate.theta == pytest.approx(first / mass, abs=2e-5)
    assert estimate.se == pytest.approx(np.sqrt(second / mass - (first / mass) ** 2), abs=2e-5)


def test_a_posterior_is_bit_for_bit_the_one_updated_answer_by_answer() -> None:
    order = RNG.permutation(40)
    log_mass = TABLE.grid.log_prior.copy()
    for item in order:
        log_mass = log_mass + TABLE.values[item, int(X[item])]
    mass = np.exp(log_mass - log_mass.max())
    assert (posterior(TABLE, order, X[order]) == mass / mass.sum()).all()


@settings(derandomize=True, deadline=None)
@given(st.permutations(range(40)), st.integers(0, 40))
def test_the_order_of_answers_does_not_matter(order: list[int], n_answers: int) -> None:
    chosen = order[:n_answers]
    np.testing.assert_allclose(
        posterior(TABLE, chosen, X[chosen]), posterior(TABLE, sorted(chosen), X[sorted(chosen)]), rtol=1e-10
    )


@pytest.mark.parametrize("blank", [None, float("nan")])
def test_an_item_not_answered_changes_nothing(blank: float | None) -> None:
    with_blank: list[float | None] = [1.0, blank, 0.0]
    assert (posterior(TABLE, [3, 7, 5], with_blank) == posterior(TABLE, [3, 5], [1, 0])).all()
    for estimator in (map_, mle, wle):
        assert estimator(POOL, [3, 7, 5], with_blank) == estimator(POOL, [3, 5], [1, 0])


def test_without_answers_the_posterior_is_the_prior() -> None:
    estimate = eap(LogLikTable.of(POOL, Grid(mean=0.5, sd=1.2, lower=-8, upper=8)), [], [])
    assert (estimate.theta, estimate.se) == (pytest.approx(0.5, abs=1e-6), pytest.approx(1.2, abs=1e-6))


def test_a_posterior_cut_off_by_the_grid_says_so() -> None:
    hard = Items.from_lists([2.0] * 30, [2.0] * 30)
    narrow = LogLikTable.of(hard, Grid(-1, 1, 41))
    assert not eap(narrow, range(30), [1] * 30).converged
    assert eap(LogLikTable.of(hard, Grid()), range(30), [1] * 30).converged


def test_map_maximises_the_posterior() -> None:
    grid = Grid(mean=0.3, sd=0.8)
    best = minimize_scalar(
        lambda theta: -log_lik(theta, POOL, X) - norm.logpdf(theta, 0.3, 0.8),
        bounds=(-4, 4),
        method="bounded",
    )
    estimate = map_(POOL, range(40), X, grid)
    assert estimate.theta == pytest.approx(best.x, abs=1e-4)
    assert estimate.se == pytest.approx((info(estimate.theta, POOL).sum() + 1 / 0.64) ** -0.5)
    assert estimate.converged


def test_map_is_finite_for_all_right() -> None:
    assert map_(LSAT7, range(5), [1] * 5).converged


def test_mle_maximises_the_likelihood() -> None:
    best = minimize_scalar(lambda theta: -log_lik(theta, POOL, X), bounds=(-4, 4), method="bounded")
    estimate = mle(POOL, range(40), X)
    assert estimate.theta == pytest.approx(best.x, abs=1e-4)
    assert estimate.se == pytest.approx(info(estimate.theta, POOL).sum() ** -0.5)


@pytest.mark.parametrize(("guess", "is_upper"), [(0.05, True), (0.3, False)])
def test_mle_takes_the_higher_of_two_maxima(guess: float, is_upper: bool) -> None:
    # Samejima (1973): hard items answered right after an easier one failed give a 3PL likelihood two maxima.
    items = Items.from_lists([2.0, 1.0, 3.0, 3.0], [-2.0, -1.0, 2.0, 2.0], [0.0, 0.0, guess, guess])
    points = np.linspace(-6, 6, 12_001)
    logs = log_prob(points, items)
    heights = logs[:, 0, 1] + logs[:, 1, 0] + logs[:, 2, 1] + logs[:, 3, 1]
    inner = (heights[1:-1] > heights[:-2]) & (heights[1:-1] > heights[2:])
    assert inner.sum() == 2
    estimate = mle(items, range(4), [1, 0, 1, 1])
    assert estimate.theta == pytest.approx(points[np.argmax(heights)], abs=1e-3)
    assert (estimate.theta > 0) == is_upper


def test_a_plateau_has_no_maximum_and_says_so() -> None:
    # Steep items far apart, the easy one right and the hard one wrong: between them no theta is likelier.
    items = Items.from_lists([80.0, 80.0], [-3.0, 3.0])
    with pytest.warns(NotConvergedWarning):
        estimate = mle(items, [0, 1], [1, 0])
    assert -3 < estimate.theta < 3
    assert not estimate.converged
    assert map_(items, [0, 1], [1, 0]).theta == pytest.approx(0, abs=1e-9)


@pytest.mark.parametrize(("n_right", "n_items"), [(1, 4), (3, 10), (9, 10)])
def test_equal_rasch_items_have_closed_forms(n_right: int, n_items: int) -> None:
    items = Items.from_lists([1.0] * n_items, [0.7] * n_items)
    x = [1] * n_right + [0] * (n_items - n_right)
    n_wrong = n_items - n_right
    assert mle(items, range(n_items), x).theta == pytest.approx(0.7 + np.log(n_right / n_wrong), abs=1e-10)
    weighted = 0.7 + np.log((n_right + 0.5) / (n_wrong + 0.5))
    assert wle(items, range(n_items), x).theta == pytest.approx(weighted, abs=1e-10)


@pytest.mark.parametrize("score", [0, 1])
def test_wle_is_finite_for_all_right_or_all_wrong(score: int) -> None:
    items = Items.from_lists([1.0] * 8, [0.0] * 8)
    expected = np.log((8 * score + 0.5) / (8 * (1 - score) + 0.5))
    estimate = wle(items, range(8), [score] * 8)
    assert estimate.theta == pytest.approx(expected, abs=1e-10)
    assert estimate.converged


def test_wle_of_the_2pl_maximises_likelihood_times_root_information() -> None:
    # R: catR::thetaEst(it, x, method = "WL") maximises the same function for the 2PL (Warm 1989).
    x = np.array([1, 1, 0, 1, 1])
    best = minimize_scalar(
        lambda theta: -log_lik(theta, LSAT7, x) - 0.5 * np.log(info(theta, LSAT7).sum()),
        bounds=(-5, 5),
        method="bounded",
    )
    assert wle(LSAT7, range(5), x).theta == pytest.approx(best.x, abs=1e-4)


def test_wle_is_less_biased_than_mle_and_eap() -> None:
    # Warm's own claim, by complete enumeration of the number right on 20 equal items at theta = 1.5.
    items = Items.from_lists([1.0] * 20, [0.0] * 20)
    p = 1 / (1 + np.exp(-1.5))
    bias = {"wle": -1.5, "mle": -1.5, "eap": -1.5}
    table = LogLikTable.of(items, Grid())
    for right in range(21):
        weight = float(np.exp(_log_binomial(20, right)) * p**right * (1 - p) ** (20 - right))
        x = [1] * right + [0] * (20 - right)
        bias["wle"] += weight * wle(items, range(20), x).theta
        bias["eap"] += weight * eap(table, range(20), x).theta
        if 0 < right < 20:
            bias["mle"] += weight * mle(items, range(20), x).theta
        else:
            bias["mle"] += weight * (6.0 if right else -6.0)
    assert abs(bias["wle"]) < 0.02 < min(abs(bias["mle"]), abs(bias["eap"]))


def _log_binomial(n: int, k: int) -> float:
    return float(np.log(np.arange(n - k + 1, n + 1)).sum() - np.log(np.arange(1, k + 1)).sum())


@pytest.mark.parametrize(("x", "theta"), [([1] * 5, 4.0), ([0] * 5, -3.0), ([None] * 5, 0.5), ([], 0.5)])
def test_mle_without_a_maximum_is_a_bound_and_says_so(x: list[float | None], theta: float) -> None:
    with pytest.warns(NotConvergedWarning):
        estimate = mle(LSAT7, range(len(x)), x, bounds=(-3.0, 4.0))
    assert (estimate.theta, estimate.converged) == (theta, False)


def test_mle_that_only_guessing_explains_is_a_bound() -> None:
    items = Items.from_lists([1.5, 1.5], [-1.0, 2.0], [0.3, 0.3])
    with pytest.warns(NotConvergedWarning):
        estimate = mle(items, [0, 1], [0, 1])
    assert (estimate.theta, estimate.converged) == (-6.0, False)


def test_wle_without_answers_says_nothing() -> None:
    with pytest.warns(NotConvergedWarning):
        estimate = wle(LSAT7, [], [])
    assert (estimate.se, estimate.converged) == (float("inf"), False)


@pytest.mark.parametrize("centre", [0.0, 0.03, 0.1, -0.17])
def test_a_grid_too_coarse_for_a_posterior_says_so(centre: float) -> None:
    # Spacing .2: at sd .04 the sums over nodes say nothing; at sd .12 Poisson's formula leaves 1.2 % in the sd.
    grid = Grid()

    def normal(sd: float) -> Estimate:
        mass = np.exp(-0.5 * ((grid.nodes - centre) / sd) ** 2)
        return posterior_moments(grid, mass / mass.sum())

    assert not normal(0.04).converged
    fine = normal(0.12)
    assert fine.converged
    assert (fine.theta, fine.se) == (pytest.approx(centre, abs=1e-3), pytest.approx(0.12, rel=0.0125))


def test_more_nodes_carry_a_narrower_posterior() -> None:
    long = Items.from_lists([2.5] * 200, np.linspace(-1, 1, 200).tolist())
    x = [int(b < 0.05) for b in long.b]
    assert not eap(LogLikTable.of(long, Grid()), range(200), x).converged
    fine, finest = (eap(LogLikTable.of(long, Grid(n_nodes=n)), range(200), x) for n in (241, 961))
    assert fine.converged
    assert fine.theta == pytest.approx(finest.theta, abs=1e-6)
    assert fine.se == pytest.approx(finest.se, rel=1e-5)


@pytest.mark.parametrize("mass", [np.full(61, np.nan), np.zeros(61), np.ones(61), np.full(61, -1 / 61)])
def test_what_is_no_posterior_has_no_mean(mass: np.ndarray) -> None:
    with pytest.raises(ValueError, match="sum to one"):
        posterior_moments(Grid(), mass)


def test_a_maximum_without_information_is_flagged() -> None:
    """Between two steps the likelihood is flat, so its highest point is anywhere, and has no error."""
    steps = Items.from_lists([1e6, 1e6], [0.0, 0.5])
    for estimate in (mle, wle):
        with pytest.warns(NotConvergedWarning, match="without information"):
            found = estimate(steps, [0, 1], [1, 0])
        assert not found.converged
        assert found.se == np.inf


@pytest.mark.parametrize("bounds", [(-1e6, 1e6), (-1e12, 1e12), (0.0, np.inf), (-np.inf, np.nan)])
def test_bounds_that_could_not_be_searched_are_refused(bounds: tuple[float, float]) -> None:
    items = Items.from_lists([1.0, 1.0], [-1.0, 1.0])
    for estimate in (mle, wle):
        with pytest.raises(ValueError, match="bounds"):
            estimate(items, [0, 1], [1, 0], bounds)
    if np.isfinite(bounds).all():
        with pytest.raises(ValueError, match="bounds"):
            map_(items, [0, 1], [1, 0], Grid(*bounds, sd=bounds[1]))


@pytest.mark.parametrize("n_nodes", [2, 61.5, 10**9])
def test_a_grid_has_a_whole_number_of_nodes_that_fits_into_memory(n_nodes: float) -> None:
    with pytest.raises(ValueError, match="whole number of nodes"):
        Grid(n_nodes=n_nodes)  # type: ignore[arg-type]


def test_masked_scores_are_refused() -> None:
    table = LogLikTable.of(Items.from_lists([1.0, 1.0], [-1.0, 1.0]), Grid())
    with pytest.raises(ValueError, match="put nan where it is masked"):
        posterior(table, [0, 1], np.ma.masked_equal([1.0, 0.0], 0.0))
