"""Same answers of two candidates: enumeration, honest pairs that are left in peace, and those who copied."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from irt.models import Items, prob
from irt.similarity import holm, match_chances, matching, same_wrong_share

N_WRONG = 3  # wrong answers to a task of four options
POPULAR = np.array([0.5, 0.3, 0.2])


def a_pool(n_items: int, seed: int) -> Items:
    rng = np.random.default_rng(seed)
    return Items(rng.lognormal(0.2, 0.3, n_items), rng.normal(size=n_items), np.full(n_items, 0.2), np.ones(n_items))


def answers(theta: float, items: Items, rng: np.random.Generator) -> np.ndarray:
    """The option chosen, 0 the right one."""
    right = rng.random(len(items)) < prob(theta, items)[0]
    return np.where(right, 0, 1 + rng.choice(N_WRONG, len(items), p=POPULAR))


@given(st.lists(st.floats(0, 1), min_size=1, max_size=6), st.integers(0, 63))
def test_the_tail_is_the_sum_over_all_outcomes(chances: list[float], mask: int) -> None:
    same = np.array([bool(mask >> n & 1) for n in range(len(chances))])
    found = matching(chances, same)
    tail = sum(
        float(np.prod([p if hit else 1 - p for p, hit in zip(chances, outcome, strict=True)]))
        for outcome in product((False, True), repeat=len(chances)) if sum(outcome) >= same.sum()
    )  # fmt: skip
    assert found.p == pytest.approx(min(1.0, tail), abs=1e-12)
    assert found.expected == pytest.approx(sum(chances))
    assert (found.n_common, found.n_same) == (len(chances), int(same.sum()))


def test_the_share_of_equal_wrong_answers() -> None:
    assert same_wrong_share([0, 0, 0]) == 0.5  # nobody was wrong yet: nobody is accused by it
    many = np.random.default_rng(3).multinomial(20_000, POPULAR)
    assert same_wrong_share(many) == pytest.approx(float((POPULAR**2).sum()), abs=0.01)
    assert same_wrong_share([5000, 0, 0]) == pytest.approx(1.0, abs=0.001)


def test_chances_of_a_match_are_those_of_two_who_work_alone() -> None:
    items, rng = a_pool(8, 1), np.random.default_rng(2)
    shares = np.full(8, float((POPULAR**2).sum()))
    seen = np.mean(
        [answers(0.4, items, rng) == answers(-1.0, items, rng) for _ in range(6_000)], axis=0
    )  # fmt: skip
    np.testing.assert_allclose(seen, match_chances(0.4, -1.0, items, shares), atol=4 * 0.5 / np.sqrt(6_000))


def test_honest_pairs_are_seldom_flagged_and_copied_answers_are() -> None:
    items, rng = a_pool(30, 4), np.random.default_rng(5)
    shares = np.full(30, float((POPULAR**2).sum()))
    honest, copied = [], []
    for _ in range(1500):
        theta = rng.normal(size=2)
        one, two = (answers(float(each), items, rng) for each in theta)
        chances = match_chances(float(theta[0]), float(theta[1]), items, shares)
        honest.append(matching(chances, one == two).p)
        looked = rng.random(30) < 0.6
        copied.append(matching(chances, np.where(looked, two, one) == two).p)
    assert np.mean(np.array(honest) < 0.01) <= 0.01 + 3 * np.sqrt(0.01 * 0.99 / 1500)
    assert np.mean(np.array(copied) < 0.01) > 0.5


def test_holm_holds_the_rate_of_any_false_alarm() -> None:
    assert holm([0.01, 0.2, 0.013, np.nan], 0.05).tolist() == [True, False, True, False]
    assert not holm([0.02, 0.03, 0.04], 0.05).any()  # .02 is above .05 / 3, and nothing is looked at behind it
    assert holm([], 0.05).size == 0
    rng = np.random.default_rng(6)
    alarms = np.mean([holm(rng.random(40), 0.1).any() for _ in range(2000)])
    assert alarms <= 0.1 + 3 * np.sqrt(0.1 * 0.9 / 2000)


@pytest.mark.parametrize("bad", [[-1], [0.5], [[1, 2]]])
def test_what_counts_nothing_is_refused(bad: list[float]) -> None:
    with pytest.raises(ValueError, match="whole numbers"):
        same_wrong_share(np.array(bad))


def test_shapes_that_do_not_agree_are_refused() -> None:
    items = a_pool(3, 1)
    with pytest.raises(ValueError, match="one share"):
        match_chances(0.0, 0.0, items, [0.5, 0.5])
    with pytest.raises(ValueError, match="same tasks"):
        matching([0.5, 0.5], np.array([True]))
    with pytest.raises(ValueError, match="in a row"):
        holm([[0.1]], 0.05)
