"""Drift of anchors: what was moved is found, what was not is left, and effects are those of direct sums."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from irt.arrays import Floats
from irt.drift import DriftLimits, drift
from irt.linking import Link, ThetaWeights, link_robustly, parameters, robust_z, with_parameters
from irt.mixed import Mixed, expected_score
from irt.models import Items
from irt.polytomous import Graded, PartialCredit

LINE = Link(1.2, -0.3)
SPREAD = np.array([-0.2, 0.2])


def bank(n: int = 24, seed: int = 1) -> Mixed:
    rng = np.random.default_rng(seed)
    half = n // 2
    plain = Items(rng.uniform(0.8, 1.8, half), rng.normal(size=half), np.full(half, 0.2), np.ones(half))
    graded = Graded(rng.uniform(0.8, 1.8, half), np.sort(rng.normal(size=(half, 2)), axis=1) + SPREAD)
    return Mixed([plain, graded], [np.arange(0, n, 2), np.arange(1, n, 2)])


def calibrated_again(old: Mixed, seed: int = 2, noise: float = 0.03, **moves: dict[int, float]) -> Mixed:
    """The items on the new scale, with calibration noise, and with slopes and difficulties moved as told."""
    rng = np.random.default_rng(seed)
    table = parameters(old)
    table[:, 0] *= np.exp(rng.normal(0, noise, len(old)))
    table[:, 1:-2] += rng.normal(0, noise, table[:, 1:-2].shape)
    for item, factor in moves.get("slopes", {}).items():
        table[item, 0] *= factor
    for item, shift in moves.get("difficulties", {}).items():
        table[item, 1:-2] += shift
    return LINE.inverse().items(with_parameters(old, table))  # type: ignore[return-value]


def errors_of(items: Mixed, se: float) -> Floats:
    table = parameters(items)
    errors = np.where(np.isnan(table), np.nan, se)
    errors[:, -2:] = np.nan
    return errors


def test_moved_anchors_are_flagged_for_what_they_did() -> None:
    old = bank()
    new = calibrated_again(old, slopes={4: 1.9}, difficulties={7: 0.7, 10: -0.6})
    found = drift(new, old, link_robustly(new, old, limit=4).link, limits=DriftLimits(robust_z=4))
    assert "slope_moved" in found.flags[4]
    assert {"difficulty_moved", "off_the_line", "form_moved"} <= set(found.flags[7])
    # Item 10 has one mark of 36, so the whole form hardly feels it.
    assert {"difficulty_moved", "off_the_line"} <= set(found.flags[10])
    assert "curve_moved" in found.flags[7]
    assert "form_moved" not in found.flags[10]
    assert np.flatnonzero(found.moved).tolist() == [4, 7, 10]
    # Item 7 became harder and 10 easier: signs of every measure agree.
    assert found.distance[7] < 0 < found.distance[10]
    assert found.curve_shift[7] < 0 < found.curve_shift[10]
    assert found.form_percent_peak[7] < found.form_percent_mean[7] < 0 < found.form_percent_mean[10]


def test_effects_are_those_of_direct_sums() -> None:
    old, new = bank(6), calibrated_again(bank(6), difficulties={1: 0.5})
    weights = ThetaWeights.uniform(-2, 2, 9)
    found = drift(new, old, LINE, weights=weights, form_marks=40)
    moved = LINE.items(new)
    marks = np.array([1, 2, 1, 2, 1, 2])
    for at, theta in enumerate(weights.theta):
        away = expected_score(theta, moved)[0] - expected_score(theta, old)[0]
        assert found.form_percent[at] == pytest.approx(100 * away.sum() / 40)
    away = expected_score(weights.theta, moved) - expected_score(weights.theta, old)
    np.testing.assert_allclose(found.curve_distance, np.sqrt(((away / marks) ** 2).mean(axis=0)))
    np.testing.assert_allclose(found.curve_shift, (away / marks).mean(axis=0))
    np.testing.assert_allclose(found.form_percent_mean, 2.5 * away.mean(axis=0))
    np.testing.assert_allclose(np.abs(found.form_percent_peak), 2.5 * np.abs(away).max(axis=0))
    np.testing.assert_allclose(found.theta, weights.theta)


def test_robust_z_and_distance_are_their_definitions() -> None:
    rng = np.random.default_rng(3)
    old = Items.from_lists(rng.uniform(0.8, 2, 12), rng.normal(size=12))
    new = Items.from_lists(rng.uniform(0.8, 2, 12), rng.normal(size=12))
    found = drift(new, old, LINE)
    away = old.b - 1.2 * new.b
    np.testing.assert_allclose(found.difficulty_z, robust_z(away))
    np.testing.assert_allclose(found.slope_z, robust_z(np.log(new.a) - np.log(old.a)))
    foot = (new.b + 1.2 * (old.b + 0.3)) / (1 + 1.2**2)  # the nearest point of the line
    nearest = np.hypot(foot - new.b, 1.2 * foot - 0.3 - old.b)
    np.testing.assert_allclose(np.abs(found.distance), nearest)


@given(slope=st.floats(0.3, 3), intercept=st.floats(-3, 3))
@settings(max_examples=25, deadline=None)
def test_nothing_moved_whatever_the_line(slope: float, intercept: float) -> None:
    old, line = bank(), Link(slope, intercept)
    found = drift(line.inverse().items(old), old, line, errors=(errors_of(old, 0.1), errors_of(old, 0.1)))
    assert not found.moved.any()
    assert np.abs(found.form_percent).max() < 1e-9
    assert np.abs(found.difficulty_z).max() == 0


def test_wald_flags_few_unmoved_and_most_moved_anchors() -> None:
    old = bank(200)
    shifts = dict.fromkeys(range(0, 200, 10), 0.35)
    new = calibrated_again(old, noise=0.05, difficulties=shifts)
    errors = errors_of(old, 0.05)
    errors[:, 0] *= parameters(old)[:, 0]
    errors_new = LINE.inverse().item_covariance(old, errors)
    found = drift(new, old, LINE, errors=(errors_new, np.zeros_like(errors)))
    assert found.wald is not None
    flagged = np.array(["parameters_differ" in codes for codes in found.flags])
    moved = np.isin(np.arange(200), list(shifts))
    assert flagged[moved].mean() > 0.9
    assert flagged[~moved].mean() < 0.05


ITEMS = Items.from_lists([1.0, 1.2], [0.0, 0.5])


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: drift(ITEMS, ITEMS[:1], LINE), "cannot be compared"),
        (lambda: drift(ITEMS[:0], ITEMS[:0], LINE), "needs anchors"),
        (lambda: drift(ITEMS, PartialCredit.from_lists([1, 1], [[0, 1]] * 2), LINE), "same models"),
        (lambda: drift(ITEMS, ITEMS, LINE, form_marks=0), "positive marks"),
        (lambda: drift(ITEMS, ITEMS, LINE, form_marks=np.nan), "positive marks"),
        (lambda: DriftLimits(distance=0), "must be positive"),
        (lambda: DriftLimits(p_value=1), "below 1"),
        (lambda: DriftLimits(robust_z=np.nan), "must be positive"),
        (lambda: DriftLimits(distance=np.nan), "must be positive"),
    ],
)
def test_refusals_name_what_is_wrong(call, words: str) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(ValueError, match=words):
        call()
