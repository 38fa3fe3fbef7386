"""Many candidates at once: each to the last bit as alone, whoever else is in the batch and wherever it stands."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.interpolate import CubicSpline

from irt._refined import below
from irt.ability import Grid, LogLikTable, posterior, posterior_moments
from irt.domain import DomainCurve
from irt.many import moments, posteriors
from irt.models import Items

RNG = np.random.default_rng(7)
POOL = Items(RNG.lognormal(0.2, 0.3, 80), RNG.normal(size=80), RNG.beta(20, 80, 80), np.ones(80))
GRID = Grid()
TABLE = LogLikTable.of(POOL, GRID)
CURVE = DomainCurve.of(POOL.take(range(40)), GRID)
CUTS = (50.0, 59.5, 75.0)


def some_tests(n: int, seed: int, length: int = 30) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    indices = np.array([rng.permutation(80)[:length] for _ in range(n)], dtype=np.int64).reshape(n, length)
    scores = (rng.random((n, length)) < rng.random((n, 1))).astype(np.int64)
    left_out = rng.random((n, length)) < 0.1
    return indices, np.where(left_out, -1, scores)


@settings(max_examples=40, deadline=None)
@given(n=st.integers(1, 70), seed=st.integers(0, 2**32 - 1), data=st.data())
def test_a_candidate_of_a_batch_has_the_figures_of_one_alone_to_the_bit(
    n: int, seed: int, data: st.DataObject
) -> None:
    indices, scores = some_tests(n, seed)
    mass = posteriors(TABLE, indices, scores)
    found = moments(GRID, mass)
    cuts = np.tile(CUTS, (n, 1)) + np.arange(n)[:, None] / 7
    percents = CURVE.scores(mass, cuts)
    for row in data.draw(st.lists(st.integers(0, n - 1), max_size=4)):
        alone = posterior(TABLE, indices[row], [None if x < 0 else int(x) for x in scores[row]])
        assert (mass[row] == alone).all()
        one = posterior_moments(GRID, alone)
        assert (found.theta[row], found.se[row], found.converged[row]) == (one.theta, one.se, one.converged)
        score = CURVE.score(alone, [float(cut) for cut in cuts[row]])
        assert (percents.percent[row], percents.sd[row]) == (score.percent, score.sd)
        assert tuple(percents.at_least[row]) == score.at_least


def test_more_than_are_refined_at_once_are_the_same() -> None:
    mass = posteriors(TABLE, *some_tests(600, 3))
    cuts = np.tile(CUTS, (600, 1))
    whole = CURVE.scores(mass, cuts).at_least
    for row in (0, 255, 256, 511, 512, 599):
        assert tuple(whole[row]) == CURVE.score(mass[row], CUTS).at_least


def test_nobody_is_scored_as_nobody() -> None:
    none = np.empty((0, 5), dtype=np.int64)
    mass = posteriors(TABLE, none, none)
    assert moments(GRID, mass).theta.shape == (0,)
    assert CURVE.scores(mass, np.empty((0, 3))).at_least.shape == (0, 3)


def test_steps_that_say_nothing_leave_the_prior() -> None:
    mass = posteriors(TABLE, np.array([[3, -1]]), np.array([[-1, 1]]))
    assert (mass[0] == posterior(TABLE, [], [])).all()


@pytest.mark.parametrize(("indices", "scores", "said"), [
    ([[80]], [[1]], "not in the table"), ([[1]], [[2]], "not in the table"), ([[1, 2]], [[1]], "one score"),
    ([1], [1], "one score"), ([[1.0]], [[1]], "whole numbers"),
])  # fmt: skip
def test_what_is_no_answer_is_refused(indices: list[list[int]], scores: list[list[int]], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        posteriors(TABLE, np.array(indices), np.array(scores))
    with pytest.raises(ValueError, match="each node"):
        moments(GRID, np.ones((1, 3)))


@pytest.mark.parametrize("n_nodes", [3, 4, 5, 61])
def test_between_the_nodes_it_is_the_not_a_knot_spline_of_the_log(n_nodes: int) -> None:
    grid = Grid(-2.0, 2.0, n_nodes, 0.0, 2.0)
    mass = RNG.random((4, n_nodes)) + 0.2
    mass /= mass.sum(axis=1, keepdims=True)
    fine = np.linspace(-2, 2, (n_nodes - 1) * 20 + 1)
    for row, column in zip(mass, below(grid, mass, 20).T, strict=True):
        density = np.exp(np.minimum(CubicSpline(grid.nodes, np.log(row))(fine), np.log(row.max()) + 1))
        whole = np.concatenate(([0.0], np.cumsum(0.5 * (density[1:] + density[:-1]))))
        np.testing.assert_allclose(column, whole / whole[-1], atol=1e-12)


def test_an_end_that_the_grid_cuts_off_and_a_peak_too_narrow_are_not_converged() -> None:
    wide, narrow = np.full(GRID.n_nodes, 1 / GRID.n_nodes), np.zeros(GRID.n_nodes)
    narrow[30] = 1.0
    found = moments(GRID, np.array([wide, narrow, posterior(TABLE, [1, 2], [1, 0])]))
    assert found.converged.tolist() == [False, False, True]
