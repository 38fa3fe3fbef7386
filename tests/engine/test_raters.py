"""Agreement of two marks and severity of markers: against their definitions, and recovered from what was simulated."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from irt.raters import agreement, severity

MARKS = st.lists(st.tuples(st.integers(0, 6), st.integers(0, 6)), min_size=2, max_size=40)


@given(MARKS)
def test_kappa_is_one_less_the_mean_square_apart_over_that_of_strangers(pairs: list[tuple[int, int]]) -> None:
    """Cohen (1968): of quadratic weights, the observed mean square over that of every first with every second mark."""
    first, second = (np.array(column) for column in zip(*pairs, strict=True))
    found = agreement(first, second, 6)
    strangers = float(np.mean((first[:, None] - second[None, :]) ** 2))
    assert found.n == len(pairs)
    assert found.exact == pytest.approx(np.mean(first == second))
    assert found.adjacent == pytest.approx(np.mean(abs(first - second) <= 1))
    if strangers == 0:
        assert math.isnan(found.kappa)
    else:
        assert found.kappa == pytest.approx(1 - np.mean((first - second) ** 2) / strangers)


def test_kappa_of_a_table_reckoned_by_hand() -> None:
    table = np.array([[10, 3, 0], [2, 12, 1], [0, 4, 8]])
    first, second = np.repeat([(i, j) for i in range(3) for j in range(3)], table.ravel(), axis=0).T
    found = agreement(first, second, 2)
    # By hand: observed 10 of 40 one apart; expected by the margins 13, 15, 12 and 12, 19, 9.
    observed = 10 / 40
    margins = [(13, 12), (15, 19), (12, 9)]
    expected = sum(margins[i][0] * margins[j][1] * (i - j) ** 2 for i in range(3) for j in range(3)) / 40**2
    assert found.kappa == pytest.approx(1 - observed / expected)
    assert (found.counts == table).all()


def test_the_standard_error_is_that_of_samples() -> None:
    rng = np.random.default_rng(11)
    true = rng.integers(0, 7, 400)
    kappas = []
    errors = []
    for _ in range(400):
        ability = rng.choice(true, 120)
        first, second = (np.clip(ability + rng.integers(-1, 2, 120), 0, 6) for _ in range(2))
        found = agreement(first, second, 6)
        kappas.append(found.kappa)
        errors.append(found.se)
    assert np.mean(errors) == pytest.approx(np.std(kappas, ddof=1), rel=0.15)


def test_perfect_agreement_and_none() -> None:
    assert agreement([0, 3, 5], [0, 3, 5], 5).kappa == pytest.approx(1)
    assert math.isnan(agreement([4, 4], [4, 4], 5).kappa)
    assert agreement([], [], 5).n == 0


@pytest.mark.parametrize(("first", "second"), [([1], [1, 2]), ([6], [1]), ([-1], [1])])
def test_what_is_no_pair_of_marks_is_refused(first: list[int], second: list[int]) -> None:
    with pytest.raises(ValueError, match="mark"):
        agreement(first, second, 5)


def test_severity_is_recovered_whoever_marked_what_and_its_error_is_that_of_samples() -> None:
    rng = np.random.default_rng(5)
    effects = np.array([0.8, -0.5, 0.2, -0.5])
    work = np.repeat(np.arange(80), 2)
    rater = np.concatenate([rng.choice(4, 2, replace=False) for _ in range(80)])
    runs = []
    for _ in range(300):
        mark = rng.normal(5, 2, 80)[work] + effects[rater] + rng.normal(0, 0.6, 160)
        runs.append(severity(work, rater, mark, 4))
    found = np.array([each.effect for each in runs])
    errors = np.mean([each.se for each in runs], axis=0)
    assert np.abs(found.mean(axis=0) - effects).max() < 4 * found.std() / np.sqrt(300)
    assert np.abs(found.sum(axis=1)).max() < 1e-9
    assert (runs[0].n == np.bincount(rater, minlength=4)).all()
    assert errors == pytest.approx(found.std(axis=0, ddof=1), rel=0.15)


def test_who_shares_no_work_has_no_severity() -> None:
    found = severity([1, 1, 2], [0, 1, 2], [4.0, 6.0, 9.0], 4)
    assert found.effect[:2] == pytest.approx([-1, 1])
    assert np.isnan(found.effect[2:]).all()
    assert (found.n == [1, 1, 0, 0]).all()
    assert np.isnan(severity([], [], [], 2).effect).all()
