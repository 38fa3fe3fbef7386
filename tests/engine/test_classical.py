"""Classical statistics against published values, numpy on complete data, and simulated truth."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from irt.classical import classical
from irt.distractors import Option, distractors

LSAT6 = np.loadtxt(Path(__file__).parent / "data" / "lsat6.csv", delimiter=",", skiprows=1)
RNG = np.random.default_rng(20261122)
THETA = RNG.normal(size=2000)
X = (RNG.random((2000, 12)) < 1 / (1 + np.exp(RNG.normal(size=12) - 1.3 * THETA[:, None]))).astype(float)
SEEN = RNG.random(X.shape) < 0.7


def test_lsat6_is_what_r_prints() -> None:
    # R: ltm::descript(LSAT), as printed for Rizopoulos (2006), Journal of Statistical Software 17(5).
    table = classical(LSAT6[:, :5], LSAT6[:, 5])
    assert table.p == pytest.approx([0.924, 0.709, 0.553, 0.763, 0.870], abs=1e-12)
    assert table.item_total == pytest.approx([0.3620, 0.5668, 0.6184, 0.5344, 0.4354], abs=5e-4)
    assert table.item_rest == pytest.approx([0.1128, 0.1532, 0.1728, 0.1444, 0.1216], abs=5e-4)
    assert table.alpha_if_deleted == pytest.approx([0.2754, 0.2376, 0.2168, 0.2459, 0.2663], abs=5e-5)
    assert table.alpha.alpha == pytest.approx(0.2950, abs=5e-5)


def test_items_missing_by_design_are_left_out_of_their_statistics() -> None:
    x = np.where(SEEN, X, np.nan)
    table = classical(x)
    assert table.n == pytest.approx(SEEN.sum(axis=0))
    for item in range(12):
        others = np.delete(np.arange(12), item)
        rest = np.nanmean(x[:, others], axis=1)
        rows = SEEN[:, item] & ~np.isnan(rest)
        assert table.item_rest[item] == pytest.approx(np.corrcoef(x[rows, item], rest[rows])[0, 1])
    assert table.alpha.alpha == pytest.approx(classical(X).alpha.alpha, abs=0.03)


def test_alpha_of_spearman_brown_and_its_interval_covers_the_truth() -> None:
    # Parallel items with error variance 3 to true variance 1: alpha = k / (k + 3).
    n_items, truth, covered = 6, 6 / 9, 0
    rng = np.random.default_rng(1)
    for _ in range(400):
        score = rng.normal(size=(60, 1)) + np.sqrt(3) * rng.normal(size=(60, n_items))
        fine = np.rint(score * 1000) + 20_000  # whole numbers, the rounding is nothing
        alpha = classical(fine, confidence=0.9).alpha
        covered += alpha.lower <= truth <= alpha.upper
    assert covered / 400 == pytest.approx(0.9, abs=4 * np.sqrt(0.09 / 400))


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_weights_are_repeated_rows_and_order_is_nothing(seed: int) -> None:
    rng = np.random.default_rng(seed)
    x = np.where(rng.random((30, 5)) < 0.8, rng.integers(0, 3, (30, 5)).astype(float), np.nan)
    x[0] = [2, 1, 0, 2, 1]
    counts = rng.integers(1, 4, 30)
    weighted, repeated = classical(x, counts), classical(np.repeat(x, counts, axis=0)[::-1])
    for name in ("n", "p", "sd", "item_total", "item_rest", "alpha_if_deleted"):
        assert getattr(weighted, name) == pytest.approx(getattr(repeated, name), nan_ok=True)
    assert weighted.alpha.lower == pytest.approx(repeated.alpha.lower, nan_ok=True)


def test_an_all_right_column_is_flagged_and_not_correlated() -> None:
    x = X.copy()
    x[:, 3] = 1
    table = classical(x)
    assert table.is_constant.nonzero()[0].tolist() == [3]
    assert np.isnan(table.item_total[3])
    assert np.isnan(table.item_rest[3])
    assert np.isfinite(table.item_rest[:3]).all()


def test_one_person_one_item_and_a_million_equal_rows() -> None:
    assert np.isnan(classical([[1, 0, 1]]).alpha.alpha)
    assert np.isnan(classical([[1], [0]]).alpha.alpha)
    many = classical(np.ones((1, 3)), weights=[1_000_000])
    assert many.is_constant.all()
    assert np.isnan(many.alpha.alpha)


@pytest.mark.parametrize(
    ("x", "weights", "message"),
    [
        ([], None, "matrix"),
        ([[1, np.inf]], None, "whole numbers"),
        ([[1, 0.5]], None, "whole numbers"),
        ([[1, -1]], None, "whole numbers"),
        ([["a", "b"]], None, "numbers"),
        ([[1, np.nan], [0, np.nan]], None, "seen by nobody: 1"),
        ([[1, 0]], [-1], "negative"),
        ([[1, 0]], [0], "zero"),
        ([[1, 0]], [np.nan], "finite"),
        ([[1, 0]], [1e300], "sum to more than 1e"),
        ([[1, 0], [0, 1]], [6e14, 6e14], "sum to more than 1e"),
        ([[1, 0], [0, 1]], [1.5e308, 1.5e308], "sum to more than 1e"),
        ([[1, 0]], [1, 1], "one number for each row"),
    ],
)
def test_hostile_input_is_refused_by_name(x: object, weights: object, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        classical(x, weights)  # type: ignore[arg-type]


def options() -> tuple[np.ndarray, np.ndarray]:
    """Two items of four options: the first sound, the second keyed 0 where the able choose 2."""
    rng = np.random.default_rng(7)
    knows = rng.random((2000, 2)) < 1 / (1 + np.exp(-1.5 * THETA[:, None]))
    guess = rng.integers(1, 3, (2000, 2))
    return np.where(knows, [0, 2], np.where(guess == 2, [2, 0], guess)).astype(float), np.array([0, 0])


def test_a_wrong_key_and_a_dead_option_are_named() -> None:
    chosen, keys = options()
    table = distractors(chosen, keys, [4, 4], THETA)
    assert table.chosen_by_nobody == (Option(0, 3), Option(1, 3))
    assert table.better_than_key == (Option(1, 2),)


def test_shares_are_of_each_fifth_and_rise_with_ability_for_the_right_option() -> None:
    chosen, keys = options()
    chosen[::3, 1] = np.nan
    table = distractors(chosen, keys, [4, 3], THETA)
    assert table.n[1, :3].sum() == np.isfinite(chosen[:, 1]).sum()
    assert np.nansum(table.share, axis=2) == pytest.approx(1)
    assert (np.diff(table.share[0, :, 0]) > 0).all()
    assert (np.diff(table.share[1, :, 2]) > 0).all()
    assert np.isnan(table.share[1, :, 3]).all()
    fifth = np.argsort(np.argsort(THETA)) * 5 // 2000
    assert table.share[0, 4, 1] == pytest.approx((chosen[fifth == 4, 0] == 1).mean())


def test_equal_abilities_share_a_group() -> None:
    table = distractors([[0], [1], [0], [1]], [0], [2], theta=[1.0, 1.0, 1.0, 1.0])
    assert np.isfinite(table.share[0]).any(axis=1).sum() == 1
    assert np.isnan(table.correlation).all()
    assert table.better_than_key == ()


@pytest.mark.parametrize(
    ("chosen", "keys", "n_options", "message"),
    [
        ([[4.0]], [0], [4], "score that does not exist: 0"),
        ([[0.0]], [4], [4], "one of the item's options"),
        ([[0.0]], [0], [10**9], "1000 options at most"),
        ([[0.0]], [0, 1], [4], "one whole number for each item"),
        ([[0.0]], [0.5], [4], "one whole number for each item"),
    ],
)
def test_impossible_options_are_refused(chosen: object, keys: object, n_options: object, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        distractors(chosen, keys, n_options)  # type: ignore[arg-type]
