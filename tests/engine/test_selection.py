"""Choices of the next item: best eligible, even draws, ties, and replay of a step alone."""

import hashlib

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from irt.ability import Grid, LogLikTable, posterior, posterior_moments
from irt.draws import Draws
from irt.models import Items, info, prob
from irt.selection import InfoTable, Rule, information, next_item

RNG = np.random.default_rng(5)
POOL = Items(RNG.lognormal(0.2, 0.3, 60), RNG.normal(size=60), RNG.beta(20, 80, 60), np.ones(60))
GRID = Grid()


@settings(derandomize=True, deadline=None)
@given(
    arrays(np.float64, 12, elements=st.sampled_from([0.0, 0.5, 1.0, 2.0])),
    arrays(np.bool_, 12).filter(lambda mask: bool(mask.any())),
    st.integers(1, 15),
    st.integers(0, 2**63),
)
def test_the_choice_is_one_of_the_k_best_with_ties_by_number(
    values: np.ndarray, eligible: np.ndarray, k: int, seed: int
) -> None:
    choice = next_item(values, eligible, Draws(seed, 3), Rule(randomesque=k))
    ranked = sorted(np.flatnonzero(eligible).tolist(), key=lambda item: (-values[item], item))
    assert list(choice.top) == ranked[:k]
    assert choice.index in choice.top
    assert choice.information == values[choice.index]
    assert choice.n_eligible == eligible.sum()


def test_a_step_replays_alone() -> None:
    values, eligible, rule = RNG.random(60), np.ones(60, dtype=bool), Rule(randomesque=10)
    live = [next_item(values, eligible, Draws(77, step), rule).index for step in range(20)]
    assert next_item(values, eligible, Draws(77, 13), rule).index == live[13]
    assert len(set(live)) > 3


def test_the_stream_of_a_step_never_changes() -> None:
    # The first five words, as `printf 1:2:0 | sha256sum` shows them, then `1:2:1`.
    rng = Draws(1, 2)
    shown = (hashlib.sha256(b"1:2:0").hexdigest() + hashlib.sha256(b"1:2:1").hexdigest())[: 5 * 16]
    assert "".join(f"{rng.word():016x}" for _ in range(5)) == shown
    # Steps of large seeds and small ones never share a stream.
    assert Draws(2**32, 0).word() != Draws(0, 1).word()


def test_randomesque_draws_evenly() -> None:
    values, eligible, rule = np.arange(10.0), np.ones(10, dtype=bool), Rule(randomesque=4)
    drawn = [next_item(values, eligible, Draws(seed, 0), rule).index for seed in range(4000)]
    counts = np.bincount(drawn, minlength=10)
    assert counts[:6].sum() == 0
    assert ((counts[6:] - 1000) ** 2 / 1000).sum() < 16.27  # chi-square, 3 df, p = .001


def test_taking_the_best_consumes_no_randomness() -> None:
    rng, untouched = Draws(4, 4), Draws(4, 4)
    next_item(np.arange(3.0), np.ones(3, dtype=bool), rng)
    assert rng.word() == untouched.word()


def test_draws_are_even() -> None:
    rng = Draws(5, 5)
    units = np.array([rng.unit() for _ in range(4000)])
    assert units.min() >= 0
    assert units.max() < 1
    assert abs(units.mean() - 0.5) < 4 * (1 / 12 / 4000) ** 0.5
    orders = np.bincount([int("".join(map(str, rng.order(3)))) for _ in range(6000)])
    counts = orders[orders > 0]
    assert counts.size == 6
    assert ((counts - 1000) ** 2 / 1000).sum() < 20.5  # chi-square, 5 df, p = .001


def test_information_is_fishers_at_the_eap() -> None:
    mass = posterior(LogLikTable.of(POOL, GRID), [0, 1, 2], [1, 0, 1])
    theta = posterior_moments(GRID, mass).theta
    values = information(InfoTable.of(POOL, GRID), mass, Rule("information"))
    nearest = round(theta / 0.05) * 0.05
    assert abs(nearest - theta) <= 0.025
    np.testing.assert_allclose(values, info(nearest, POOL)[0], rtol=1e-12)
    exact = info(theta, POOL)[0]
    assert abs(values - exact).max() < 0.03 * exact.max()
    assert abs(values - exact).mean() < 0.005 * exact.max()


def test_beyond_the_grid_the_table_ends() -> None:
    table = InfoTable.of(POOL, GRID)
    np.testing.assert_array_equal(table.at(-9), table.at_nodes[0])
    np.testing.assert_array_equal(table.at(9), table.at_nodes[-1])


def test_posterior_weighted_is_the_mean_over_the_posterior() -> None:
    mass = posterior(LogLikTable.of(POOL, GRID), [0, 1, 2], [1, 0, 1])
    expected = [float((mass * info(GRID.nodes, POOL.take([i]))[:, 0]).sum()) for i in range(60)]
    values = information(InfoTable.of(POOL, GRID), mass, Rule("posterior_weighted"))
    np.testing.assert_allclose(values, expected, rtol=1e-12)


def test_kullback_leibler_is_the_mean_divergence_over_the_posterior() -> None:
    mass = posterior(LogLikTable.of(POOL, GRID), [0, 1, 2], [1, 0, 1])
    at, nodes = prob(float(mass @ GRID.nodes), POOL)[0], prob(GRID.nodes, POOL)
    with np.errstate(divide="ignore"):
        divergence = at * np.log(at / nodes) + (1 - at) * np.log((1 - at) / (1 - nodes))
    values = information(InfoTable.of(POOL, GRID), mass, Rule("kullback_leibler"))
    np.testing.assert_allclose(values, mass @ divergence, rtol=1e-9)
    assert (values > 0).all()


def test_kullback_leibler_is_half_the_information_times_the_variance_when_theta_is_well_known() -> None:
    # K(t || t + e) = I(t) e^2 / 2 + O(e^3): Chang & Ying (1996), eq. 8.
    grid = Grid(-6, 6, 1201, 0.0, 0.02)
    values = information(InfoTable.of(POOL, grid), np.exp(grid.log_prior), Rule("kullback_leibler"))
    np.testing.assert_allclose(values, 0.5 * 0.02**2 * info(0.0, POOL)[0], rtol=0.02)


def test_a_table_without_items_has_no_kullback_leibler() -> None:
    table = InfoTable.of(POOL, GRID)
    bare = InfoTable(GRID, table.at_nodes, table.between)
    with pytest.raises(ValueError, match="needs a table with its items"):
        information(bare, np.exp(GRID.log_prior), Rule("kullback_leibler"))


def test_nothing_eligible_is_an_error_of_the_caller() -> None:
    with pytest.raises(ValueError, match="no eligible item"):
        next_item(np.ones(3), np.zeros(3, dtype=bool), Draws(1, 1))
