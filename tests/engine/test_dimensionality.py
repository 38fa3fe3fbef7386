"""Dimensionality: tetrachorics against their integral, and one and two dimensions told apart."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import multivariate_normal

from irt._tetrachoric import both_below, tetrachoric
from irt.dimensionality import detect, eigenvalues, residual_check
from irt.mixed import log_prob
from irt.models import Items, prob
from irt.polytomous import Graded

RNG = np.random.default_rng(61)
ITEMS = Items(RNG.lognormal(0.2, 0.3, 16), RNG.normal(0, 0.8, 16), np.zeros(16), np.ones(16))
HALVES = [0] * 8 + [1] * 8


def answers(rng: np.random.Generator, n_persons: int, correlation: float) -> np.ndarray:
    """Answers of persons whose two thetas, one for each half of the items, have this correlation."""
    theta = rng.multivariate_normal([0, 0], [[1, correlation], [correlation, 1]], n_persons, method="cholesky")
    p = np.hstack([prob(theta[:, 0], ITEMS[:8]), prob(theta[:, 1], ITEMS[8:])])
    return (rng.random(p.shape) < p).astype(float)


ONE = answers(RNG, 1200, 0.9999999)
TWO = answers(RNG, 1200, 0.5)


@settings(max_examples=40, deadline=None)
@given(st.floats(-2.5, 2.5), st.floats(-2.5, 2.5), st.floats(-0.99, 0.99))
def test_the_normal_integral_and_its_inverse(h: float, k: float, correlation: float) -> None:
    found = both_below(np.array([h]), np.array([k]), np.array([correlation]))[0]
    truth = multivariate_normal.cdf([h, k], cov=[[1, correlation], [correlation, 1]], abseps=1e-12, releps=1e-12)
    assert found == pytest.approx(truth, abs=2e-6)
    if abs(correlation) < 0.9 and abs(h) < 1.5 and abs(k) < 1.5:
        p_first, p_second = (multivariate_normal.cdf([value], cov=[[1.0]]) for value in (h, k))
        back = tetrachoric(np.array([p_first]), np.array([p_second]), np.array([found]))
        assert back[0] == pytest.approx(correlation, abs=1e-6)


def test_at_the_medians_the_tetrachoric_is_sheppards_sine() -> None:
    # Sheppard (1899): P(both) = 1/4 + asin(r) / (2 pi).
    both = np.array([0.05, 0.25, 0.3, 0.45])
    half = np.full(4, 0.5)
    assert tetrachoric(half, half, both) == pytest.approx(np.sin(2 * np.pi * (both - 0.25)), abs=1e-9)


def test_one_dimension_and_two_are_told_apart() -> None:
    one, two = (eigenvalues(x, np.random.default_rng(1), n_replications=20) for x in (ONE, TWO))
    assert (one.n_factors, two.n_factors) == (1, 2)
    assert one.ratio > 5 > 3.5 > two.ratio
    assert one.values.sum() == pytest.approx(16)
    assert one.least_joint == 1200
    sound, broken = (residual_check(x, ITEMS, np.random.default_rng(2), n_replications=39) for x in (ONE, TWO))
    assert sound.p > 0.05
    assert broken.p == 1 / 40
    assert len({*np.sign(broken.loadings[:8])}) == len({*np.sign(broken.loadings[8:])}) == 1
    assert broken.loadings[0] * broken.loadings[8] < 0


def test_the_residual_check_holds_its_level_with_answers_missing_by_design() -> None:
    rng = np.random.default_rng(3)
    p = []
    for _ in range(60):
        x = answers(rng, 200, 0.9999999)
        x[rng.random(x.shape) < 0.3] = np.nan
        p.append(residual_check(x, ITEMS, rng, n_replications=19).p)
    assert (np.array(p) <= 0.2).mean() == pytest.approx(0.2, abs=4 * np.sqrt(0.16 / 60))


def test_detect_is_nothing_in_one_dimension_and_signed_by_the_partition_in_two() -> None:
    assert detect(ONE, ITEMS, HALVES).detect == pytest.approx(0, abs=0.15)
    whole = detect(TWO, ITEMS, HALVES)
    assert whole.detect > 0.5
    assert whole.assi > 0.8
    assert whole.ratio > 0.9
    wrong = detect(TWO, ITEMS, [0, 1] * 8)
    assert abs(wrong.detect) < 0.3
    # One cluster makes every sign positive: the mean covariance is what the two kinds of pairs leave over.
    assert detect(TWO, ITEMS, [0] * 16).detect == pytest.approx(-detect(TWO, ITEMS, range(16)).detect)


def test_polytomous_items_by_pearson() -> None:
    items = Graded(ITEMS.a, ITEMS.b[:, None] + [-0.7, 0.0, 0.8])
    cumulative = np.exp(log_prob(RNG.normal(size=600), items)).cumsum(axis=2)[..., :-1]
    x = (RNG.random((600, 16, 1)) > cumulative).sum(axis=2).astype(float)
    found = eigenvalues(x, RNG, "pearson", n_replications=10)
    assert found.values == pytest.approx(np.linalg.eigvalsh(np.corrcoef(x.T))[::-1])
    assert found.n_factors == 1
    with pytest.raises(ValueError, match="more than two categories"):
        eigenvalues(x, RNG)


def test_sparse_data_are_refused_with_their_number_and_left_to_detect() -> None:
    x = TWO.copy()
    x[: 600, :2] = np.nan
    x[600:, 2:4] = np.nan
    for call in (lambda: eigenvalues(x, RNG), lambda: residual_check(x, ITEMS, RNG)):
        with pytest.raises(ValueError, match="4 of 120 pairs"):
            call()
    found = detect(x, ITEMS, HALVES)
    assert (found.n_pairs, found.n_unknown) == (116, 4)
    assert found.detect > 0.4


def test_hostile_data_are_refused_or_flagged() -> None:
    right = TWO.copy()
    right[:, 5] = 1
    with pytest.raises(ValueError, match="everybody scored the same: 5"):
        eigenvalues(right, RNG)
    with pytest.raises(ValueError, match="120 of 120 pairs"):
        eigenvalues(TWO[:1], RNG)
    with pytest.raises(ValueError, match="three items"):
        eigenvalues(TWO[:, :2], RNG)
    with pytest.raises(ValueError, match="n_replications"):
        residual_check(TWO, ITEMS, RNG, n_replications=0)
    with pytest.raises(ValueError, match="correlation"):
        eigenvalues(TWO, RNG, "spearman")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="clusters"):
        detect(TWO, ITEMS, [0.5] * 16)  # type: ignore[list-item]
    assert np.isnan(detect(TWO[:1], ITEMS, HALVES).detect)
    with pytest.raises(ValueError, match="everybody scored the same: 5"):
        residual_check(right, ITEMS, RNG)
