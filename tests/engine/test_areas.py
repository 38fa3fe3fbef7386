"""Strengths by content area against quadrature, and what is claimed of simulated candidates of adaptive tests."""

from functools import cache

import numpy as np
import numpy.typing as npt
import pytest
from scipy.stats import norm

from irt.ability import Grid, LogLikTable, posterior
from irt.areas import (
    AreaEvidence,
    area_evidence,
    difference_likelihood,
    mean_difference,
    offsets,
    strength,
)
from irt.domain import domain_score
from irt.models import Items, prob

RNG = np.random.default_rng(20)
GRID = Grid()
N_ITEMS, N_AREAS, LENGTH = 160, 4, 24
POOL = Items(RNG.lognormal(0.2, 0.25, N_ITEMS), RNG.normal(size=N_ITEMS), np.full(N_ITEMS, 0.15), np.ones(N_ITEMS))
AREA = np.arange(N_ITEMS) % N_AREAS
TABLE = LogLikTable.of(POOL, GRID)
INFO = np.stack([np.gradient(np.exp(TABLE.values[i, 1]), GRID.nodes) ** 2 for i in range(N_ITEMS)], axis=1)
REFERENCE = [POOL[np.flatnonzero(area == AREA)] for area in range(N_AREAS)]
SPREAD, MARGIN, LEVEL = 0.5, 10.0, 0.8


def adaptive(thetas: npt.NDArray[np.float64], rng: np.random.Generator) -> tuple[list[int], list[int]]:
    """A test of one candidate, theta by area: the areas in turn, of each the item that tells most just then."""
    indices: list[int] = []
    scores: list[int] = []
    for seq in range(LENGTH):
        mass = posterior(TABLE, indices, scores)
        at = int(np.argmax(mass))
        free = [i for i in range(N_ITEMS) if AREA[i] == seq % N_AREAS and i not in indices]
        item = max(free, key=lambda i: float(INFO[at, i]))
        indices.append(item)
        scores.append(int(rng.random() < prob([thetas[AREA[item]]], POOL[item : item + 1])[0, 0]))
    return indices, scores


@cache
def crowd(spread: float, shift: float = 0.0, n: int = 250) -> tuple[npt.NDArray[np.float64], list[list[AreaEvidence]]]:
    """True differences (n, areas) about `shift` in area 0, and the evidence of each candidate in each area."""
    rng = np.random.default_rng(7)
    differences = rng.normal(0.0, spread, (n, N_AREAS))
    differences[:, 0] += shift
    thetas = rng.normal(size=(n, 1)) + differences
    tests = [adaptive(each, rng) for each in thetas]
    return differences, [
        [area_evidence(TABLE, *test, AREA[test[0]] == area) for area in range(N_AREAS)] for test in tests
    ]


def likelihoods(evidence: list[list[AreaEvidence]], area: int) -> npt.NDArray[np.float64]:
    return np.stack([difference_likelihood(TABLE, each[area]) for each in evidence])


def test_the_figures_are_those_of_quadrature() -> None:
    indices, scores = [0, 4, 8, 1, 2, 3, 5, 6], [1, 1, 1, 0, 1, 0, 0, 1]
    found = strength(TABLE, area_evidence(TABLE, indices, scores, AREA[indices] == 0), REFERENCE[0], SPREAD, MARGIN)

    theta, difference = np.linspace(-6, 6, 1201), np.linspace(-3, 3, 1200)
    log = norm.logpdf(theta)[:, None] + norm.logpdf(difference, scale=SPREAD)[None]
    for item, score in zip(indices, scores, strict=True):
        there = theta[:, None] + difference[None] * (AREA[item] == 0)
        p = prob(there.ravel(), POOL[item : item + 1]).reshape(there.shape)
        log += np.log(p if score else 1 - p)
    mass = np.exp(log - log.max())
    mass /= mass.sum()
    assert found.p_ahead == pytest.approx(mass[:, difference > 0].sum(), abs=5e-3)
    assert found.reliability == pytest.approx(1 - _variance(mass.sum(axis=0), difference) / SPREAD**2, abs=5e-3)
    assert found.n_items == 3


def _variance(mass: npt.NDArray[np.float64], at: npt.NDArray[np.float64]) -> float:
    return float(mass @ at**2 - (mass @ at) ** 2)


def test_without_a_task_of_the_area_nothing_is_claimed() -> None:
    indices, scores = [1, 2, 3, 5], [1, 1, 0, 1]
    evidence = area_evidence(TABLE, indices, scores, AREA[indices] == 0)
    found = strength(TABLE, evidence, REFERENCE[0], SPREAD, MARGIN)
    assert found.n_items == 0
    assert found.reliability == pytest.approx(0.0, abs=1e-9)
    assert found.p_ahead == pytest.approx(0.5)
    near = strength(TABLE, evidence, REFERENCE[0], 0.05, MARGIN)
    whole = domain_score(GRID, posterior(TABLE, indices, scores), REFERENCE[0])
    assert near.percent == pytest.approx(whole.percent, abs=0.1), "without a spread the area is as the whole"


def test_a_task_left_out_is_as_if_it_had_not_been_given() -> None:
    with_gap = area_evidence(TABLE, [0, 4, 1, 2], [1, None, 0, 1], np.array([True, True, False, False]))
    without = area_evidence(TABLE, [0, 1, 2], [1, 0, 1], np.array([True, False, False]))
    np.testing.assert_array_equal(with_gap.rest, without.rest)
    np.testing.assert_array_equal(with_gap.likelihood, without.likelihood)
    assert with_gap.n_items == without.n_items == 1


def test_what_is_claimed_at_four_in_five_is_true_so_often() -> None:
    differences, evidence = crowd(SPREAD)
    right = claimed = 0
    for truth, each in zip(differences, evidence, strict=True):
        for area in range(N_AREAS):
            others = np.delete(truth, area).mean()
            found = strength(TABLE, each[area], REFERENCE[area], SPREAD, MARGIN)
            if max(found.p_ahead, 1 - found.p_ahead) >= LEVEL:
                claimed += 1
                right += (found.p_ahead > 0.5) == (truth[area] > others)
    assert claimed > 80
    assert right / claimed >= LEVEL - 3 * (LEVEL * (1 - LEVEL) / claimed) ** 0.5


def test_where_areas_differ_in_nothing_hardly_anything_is_claimed() -> None:
    _, evidence = crowd(0.0)
    found = [
        strength(TABLE, each[area], REFERENCE[area], SPREAD, MARGIN) for each in evidence for area in range(N_AREAS)
    ]
    assert np.mean([max(each.p_ahead, 1 - each.p_ahead) >= 0.9 for each in found]) < 0.04


def test_a_group_that_is_ahead_in_an_area_is_seen_to_be() -> None:
    _, evidence = crowd(0.3, shift=0.4)
    ahead, alike = (mean_difference(TABLE, likelihoods(evidence, area), 0.3) for area in (0, 1))
    assert ahead.mean == pytest.approx(0.4, abs=3 * ahead.se)
    assert ahead.se < 0.12
    assert alike.mean == pytest.approx(-0.4 / 3, abs=3 * alike.se), "the rest, one part of which is ahead, is above it"
    few = mean_difference(TABLE, likelihoods(evidence[:10], 0), 0.3)
    assert few.se == pytest.approx(ahead.se * 5, rel=0.4)


def test_a_group_that_is_ahead_beyond_all_measure_is_still_ahead() -> None:
    indices = [0, 4, 8, 1, 2, 3, 5, 6, 7]
    evidence = area_evidence(TABLE, indices, [1] * 3 + [0] * 6, AREA[indices] == 0)
    found = mean_difference(TABLE, np.stack([difference_likelihood(TABLE, evidence)] * 40), 0.5)
    assert found.mean / found.se > 3


def test_nobody_says_nothing() -> None:
    none = mean_difference(TABLE, np.empty((0, offsets(TABLE).size)), SPREAD)
    assert (none.n_persons, none.se) == (0, np.inf)


def test_what_does_not_fit_is_refused() -> None:
    evidence = area_evidence(TABLE, [0], [1], np.array([True]))
    with pytest.raises(ValueError, match="above zero"):
        strength(TABLE, evidence, REFERENCE[0], 0.0, MARGIN)
    with pytest.raises(ValueError, match="inside the area or outside"):
        area_evidence(TABLE, [0, 1], [1, 1], np.array([True]))
    with pytest.raises(ValueError, match="for each offset"):
        mean_difference(TABLE, np.ones((2, 3)), SPREAD)
