"""Scores of ordered categories and of mixed tests against dense grids, closed forms and full enumeration."""

from itertools import combinations_with_replacement
from math import factorial, prod

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import minimize_scalar
from scipy.special import binom

from irt.ability import Grid, LogLikTable, NotConvergedWarning, eap, map_, mle, posterior, wle
from irt.mixed import ItemSet, Mixed, info, log_prob
from irt.models import Items
from irt.polytomous import Graded, PartialCredit

RNG = np.random.default_rng(1997)
DENSE = np.linspace(-7, 7, 28_001)
DICHOTOMOUS = Items(
    RNG.lognormal(0.2, 0.3, 6), RNG.normal(size=6), np.array([0.2, 0, 0.15, 0, 0.25, 0.1]), np.ones(6)
)
GRADED = Graded.from_lists([1.2, 0.8, 1.9], [[-1.5, 0.0, 1.0], [-0.4, 0.9], [-2.0, -1.0, 0.3, 1.4]])
PARTIAL = PartialCredit.from_lists([1.0, 1.4, 0.6], [[0.5, -0.5], [-1.2, 0.8, 0.1, 1.0], [0.2]])
MIXED = Mixed([DICHOTOMOUS, GRADED, PARTIAL], [[0, 3, 5, 8, 9, 11], [1, 6, 10], [2, 4, 7]])
SETS = pytest.mark.parametrize("items", [GRADED, PARTIAL, MIXED], ids=["graded", "partial", "mixed"])


def dense_probabilities(items: ItemSet) -> list[np.ndarray]:
    """P of each category (n_points, m) of each item on DENSE, written out naively from the definitions."""
    if isinstance(items, Mixed):
        found: dict[int, np.ndarray] = {}
        for part, places in zip(items.parts, items.places, strict=True):
            found.update(zip(np.asarray(places).tolist(), dense_probabilities(part), strict=True))
        return [found[place] for place in sorted(found)]
    if isinstance(items, Items):
        right = [
            c + (d - c) / (1 + np.exp(-a * (DENSE - b)))
            for a, b, c, d in zip(items.a, items.b, items.c, items.d, strict=True)
        ]
        return [np.column_stack((1 - p, p)) for p in right]
    rows = []
    for a, row in zip(items.a, items.b, strict=True):
        b = row[np.isfinite(row)]
        if isinstance(items, Graded):
            reached = 1 / (1 + np.exp(-a * (DENSE[:, None] - b)))
            ends = np.ones((DENSE.size, 1))
            rows.append(-np.diff(np.hstack((ends, reached, 0 * ends)), axis=1))
        else:
            terms = np.exp(
                np.hstack((np.zeros((DENSE.size, 1)), np.cumsum(a * (DENSE[:, None] - b), axis=1)))
            )
            rows.append(terms / terms.sum(axis=1, keepdims=True))
    return rows


@pytest.mark.parametrize("seed", range(4))
@SETS
def test_every_estimate_is_that_of_a_dense_grid(items: ItemSet, seed: int) -> None:
    p = dense_probabilities(items)
    x = drawn_scores(items, seed)
    log_lik = np.sum([np.log(one[:, k]) for one, k in zip(p, x, strict=True)], axis=0)
    log_posterior = log_lik - 0.5 * ((DENSE - 0.2) / 0.9) ** 2
    mass = np.exp(log_posterior - log_posterior.max())
    mass /= mass.sum()
    mean = mass @ DENSE
    grid = Grid(-7, 7, 141, 0.2, 0.9)
    chosen = range(len(items))
    estimate = eap(LogLikTable.of(items, grid), chosen, x)
    assert estimate.theta == pytest.approx(mean, abs=1e-7)
    assert estimate.se == pytest.approx(np.sqrt(mass @ (DENSE - mean) ** 2), abs=1e-7)
    assert map_(items, chosen, x, grid).theta == pytest.approx(DENSE[np.argmax(mass)], abs=3e-4)
    assert mle(items, chosen, x).theta == pytest.approx(DENSE[np.argmax(log_lik)], abs=3e-4)
    first = [np.gradient(one, DENSE, axis=0) for one in p]
    second = [np.gradient(one, DENSE, axis=0) for one in first]
    information = np.sum([(d**2 / one).sum(axis=1) for one, d in zip(p, first, strict=True)], axis=0)
    bias = np.sum([(d * e / one).sum(axis=1) for one, d, e in zip(p, first, second, strict=True)], axis=0)
    weighted = np.gradient(log_lik, DENSE) + bias / (2 * information)
    height = np.cumsum(weighted)
    inner = np.abs(DENSE) < 6
    warm = wle(items, chosen, x)
    assert warm.theta == pytest.approx(DENSE[inner][np.argmax(height[inner])], abs=1e-3)
    assert warm.se == pytest.approx(np.interp(warm.theta, DENSE, information) ** -0.5, rel=1e-5)


@pytest.mark.parametrize(("score", "n_steps"), [(1, 4), (3, 10), (5, 6)])
def test_binomial_partial_credit_has_the_closed_forms_of_rasch(score: int, n_steps: int) -> None:
    # One item whose score is the number right on n Rasch items of difficulty .7.
    steps = 0.7 - np.diff(np.log(binom(n_steps, np.arange(n_steps + 1))))
    item = PartialCredit.from_lists([1.0], [steps])
    n_left = n_steps - score
    assert mle(item, [0], [score]).theta == pytest.approx(0.7 + np.log(score / n_left), abs=1e-9)
    weighted = 0.7 + np.log((score + 0.5) / (n_left + 0.5))
    assert wle(item, [0], [score]).theta == pytest.approx(weighted, abs=1e-9)
    rasch = LogLikTable.of(Items.from_lists([1.0] * n_steps, [0.7] * n_steps), Grid())
    answers = [1] * score + [0] * n_left
    np.testing.assert_allclose(
        posterior(LogLikTable.of(item, Grid()), [0], [score]),
        posterior(rasch, range(n_steps), answers),
        rtol=1e-11,
    )


@pytest.mark.parametrize("score", [0, 6])
def test_wle_is_finite_for_all_top_or_all_zero(score: int) -> None:
    steps = -np.diff(np.log(binom(6, np.arange(7))))
    estimate = wle(PartialCredit.from_lists([1.0], [steps]), [0], [score])
    assert estimate.theta == pytest.approx(np.log((score + 0.5) / (6.5 - score)), abs=1e-9)
    assert estimate.converged


@pytest.mark.parametrize("items", [GRADED, PARTIAL], ids=["graded", "partial"])
@pytest.mark.parametrize("x", [[1, 2, 0], [0, 0, 1], [2, 1, 1]])
def test_wle_maximises_likelihood_times_root_information(items: ItemSet, x: list[int]) -> None:
    # In both models Warm's J is the slope of the information, so his weight is its root (Jeffreys).
    def height(theta: float) -> float:
        logs = log_prob(theta, items)[0]
        return float(sum(logs[item, k] for item, k in enumerate(x)) + 0.5 * np.log(info(theta, items).sum()))

    best = minimize_scalar(lambda theta: -height(theta), bounds=(-5, 5), method="bounded")
    assert wle(items, range(3), x).theta == pytest.approx(best.x, abs=1e-4)


@pytest.mark.parametrize("kind", [Graded, PartialCredit])
def test_wle_is_less_biased_than_mle_and_eap(kind: type[Graded]) -> None:
    # All answers to 8 equal items with 3 categories at theta = 1.2, each weighed by its probability.
    items = kind.from_lists([1.2] * 8, [[-0.6, 0.6]] * 8)
    p = np.exp(log_prob(1.2, items))[0, 0]
    table = LogLikTable.of(items, Grid())
    bias = {"wle": -1.2, "mle": -1.2, "eap": -1.2}
    for x in combinations_with_replacement(range(3), 8):
        ways = factorial(8) / prod(factorial(x.count(k)) for k in range(3))
        weight = float(ways * np.prod(p[list(x)]))
        bias["wle"] += weight * wle(items, range(8), x).theta
        bias["eap"] += weight * eap(table, range(8), x).theta
        is_end = set(x) in ({0}, {2})
        bias["mle"] += weight * ((6.0 if x[0] else -6.0) if is_end else mle(items, range(8), x).theta)
    assert abs(bias["wle"]) < 0.03 < min(abs(bias["mle"]), abs(bias["eap"]))


@pytest.mark.parametrize("seed", range(3))
@SETS
def test_the_standard_errors_are_those_of_the_information(items: ItemSet, seed: int) -> None:
    x, chosen = drawn_scores(items, seed), range(len(items))
    for estimate, prior in (
        (mle(items, chosen, x), 0.0),
        (wle(items, chosen, x), 0.0),
        (map_(items, chosen, x), 1.0),
    ):
        assert estimate.se == pytest.approx((info(estimate.theta, items).sum() + prior) ** -0.5)


@settings(derandomize=True, deadline=None, max_examples=25)
@given(st.permutations(range(12)), st.integers(0, 12), st.integers(0, 5))
def test_the_order_of_answers_and_of_items_does_not_matter(
    order: list[int], n_answers: int, seed: int
) -> None:
    x = drawn_scores(MIXED, seed)
    table, chosen = LogLikTable.of(MIXED, Grid()), order[:n_answers]
    mass = posterior(table, chosen, x[chosen])
    np.testing.assert_allclose(mass, posterior(table, sorted(chosen), x[sorted(chosen)]), rtol=1e-10)
    shuffled = LogLikTable.of(MIXED.take(order), Grid())
    np.testing.assert_allclose(mass, posterior(shuffled, range(n_answers), x[chosen]), rtol=1e-10)
    if n_answers:
        one, other = map_(MIXED, chosen, x[chosen]), map_(MIXED.take(order), range(n_answers), x[chosen])
        assert one.theta == pytest.approx(other.theta, abs=1e-9)


@settings(derandomize=True, deadline=None, max_examples=40)
@given(st.integers(0, 11), st.integers(0, 5))
def test_a_better_answer_never_lowers_theta(item: int, seed: int) -> None:
    x = drawn_scores(MIXED, seed)
    table = LogLikTable.of(MIXED, Grid())
    thetas = []
    for score in range(MIXED.n_categories[item]):
        x[item] = score
        thetas.append(eap(table, range(12), x).theta)
    assert (np.diff(thetas) > 0).all()


@settings(derandomize=True, deadline=None, max_examples=25)
@given(st.lists(st.floats(-3, 3), min_size=1, max_size=6), st.lists(st.booleans(), min_size=6, max_size=6))
def test_two_categories_score_as_the_2pl(b: list[float], right: list[bool]) -> None:
    x, slopes = [int(one) for one in right[: len(b)]], [0.7, 1.0, 1.3, 0.9, 2.0, 1.1][: len(b)]
    items = Items.from_lists(slopes, b)
    for kind in (Graded, PartialCredit):
        same = kind.from_lists(slopes, [[one] for one in b])
        expected, found = (wle(one, range(len(b)), x) for one in (items, same))
        assert found.theta == pytest.approx(expected.theta, abs=1e-9)
        assert found.se == pytest.approx(expected.se, rel=1e-9)


def test_the_table_keeps_absent_categories_out() -> None:
    table = LogLikTable.of(MIXED, Grid())
    assert table.values.shape == (12, 5, 61)
    np.testing.assert_array_equal(table.n_categories, MIXED.n_categories)
    np.testing.assert_array_equal(table.values, log_prob(Grid().nodes, MIXED).transpose(1, 2, 0))


@pytest.mark.parametrize("blank", [None, float("nan")])
def test_an_item_not_answered_changes_nothing(blank: float | None) -> None:
    with_blank: list[float | None] = [3.0, blank, 0.0]
    table = LogLikTable.of(MIXED, Grid())
    assert (posterior(table, [1, 7, 5], with_blank) == posterior(table, [1, 5], [3, 0])).all()
    for estimator in (map_, mle, wle):
        assert estimator(MIXED, [1, 7, 5], with_blank) == estimator(MIXED, [1, 5], [3, 0])


@pytest.mark.parametrize(
    ("item", "score", "reason"),
    [
        (0, 2, "item 0 has the scores 0 .. 1"),
        (1, 4, "item 1 has the scores 0 .. 3"),
        (7, 2.0, "item 7 has the scores 0 .. 1"),
        (10, 5, "item 10 has the scores 0 .. 4"),
        (10, -1, "given -1"),
        (10, 0.5, "given 0.5"),
        (10, float("inf"), "given inf"),
    ],
)
def test_a_score_an_item_does_not_have_is_refused_by_name(item: int, score: float, reason: str) -> None:
    table = LogLikTable.of(MIXED, Grid())
    for refuse in (
        lambda: posterior(table, [3, item], [1, score]),
        lambda: eap(table, [3, item], [None, score]),
        lambda: mle(MIXED, [3, item], [1, score]),
        lambda: map_(MIXED, [3, item], [1, score]),
        lambda: wle(MIXED, [3, item], [1, score]),
    ):
        with pytest.raises(ValueError, match=reason):
            refuse()


@pytest.mark.parametrize("is_top", [True, False])
@SETS
def test_mle_of_all_top_or_all_zero_is_a_bound(items: ItemSet, is_top: bool) -> None:
    x = items.n_categories - 1 if is_top else np.zeros(len(items))
    with pytest.warns(NotConvergedWarning):
        estimate = mle(items, range(len(items)), x, bounds=(-3.0, 4.0))
    assert (estimate.theta, estimate.converged) == (4.0 if is_top else -3.0, False)
    for finite in (map_(items, range(len(items)), x), wle(items, range(len(items)), x)):
        assert finite.converged


def test_ones_everywhere_are_not_the_top_of_polytomous_items() -> None:
    assert mle(GRADED, range(3), [1, 1, 1]).converged


def drawn_scores(items: ItemSet, seed: int) -> np.ndarray:
    """Scores that are neither all top nor all zero."""
    rng = np.random.default_rng(seed)
    x: np.ndarray = rng.integers(0, items.n_categories)
    x[:2] = 0, items.n_categories[1] - 1
    return x
