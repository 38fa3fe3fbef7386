"""Times out of place: residuals under the model, false alarms as rare as asked, guesses and known items found."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import false_discovery_control, kstest

from irt.response_times import flag_times, rapid_guesses, rapid_thresholds, speed_of
from irt.response_times.flags import discoveries
from tests.factories.response_times import SIGMA, a_bank, some, times


def test_residuals_are_standard_normal_under_the_model() -> None:
    rng = np.random.default_rng(16)
    bank = a_bank(25)
    flags = flag_times(bank, some(times(bank, rng.normal(0, SIGMA, 2000), rng), 15, rng))
    z = flags.z[~np.isnan(flags.z)]
    assert z.size == 2000 * 15
    assert abs(z.mean()) < 0.05
    assert z.std() == pytest.approx(1, abs=0.03)
    assert kstest(flags.person_p, "uniform").pvalue > 1e-3
    # One residual of each person: independent, so the test is exact.
    assert kstest([row[~np.isnan(row)][0] for row in flags.z], "norm").pvalue > 1e-3


def test_a_residual_is_the_prediction_from_the_other_times() -> None:
    rng = np.random.default_rng(17)
    bank = a_bank(6)
    seconds = times(bank, np.array([0.3]), rng)
    others = speed_of(bank, [0, 1, 3, 4, 5], seconds[0, [0, 1, 3, 4, 5]])
    sd = np.hypot(1 / bank.alpha[2], others.se[0])
    expected = (np.log(seconds[0, 2]) - bank.beta[2] + others.tau[0]) / sd
    assert flag_times(bank, seconds).z[0, 2] == pytest.approx(expected)


def test_false_alarms_are_as_rare_as_asked_and_guesses_are_found() -> None:
    rng = np.random.default_rng(18)
    bank = a_bank(30)
    any_alarm, false_share, found = 0, [], []
    for _ in range(60):
        seconds = times(bank, rng.normal(0, SIGMA, 100), rng)
        flags = flag_times(bank, seconds, rate=0.1)
        any_alarm += bool(flags.too_fast.any())
        guessed = rng.random(seconds.shape) < 0.03
        mixed = flag_times(bank, np.where(guessed, rng.uniform(0.5, 3, seconds.shape), seconds), rate=0.1)
        false_share.append((mixed.too_fast & ~guessed).sum() / max(mixed.too_fast.sum(), 1))
        found.append((mixed.too_fast & guessed).sum() / guessed.sum())
    assert any_alarm <= 60 * 0.1 + 3 * np.sqrt(60 * 0.1 * 0.9)
    assert np.mean(false_share) < 0.12
    assert np.mean(found) > 0.9


def test_honest_times_beside_guesses_do_not_look_slow() -> None:
    rng = np.random.default_rng(22)
    bank = a_bank(30)
    with_alarm = 0
    for _ in range(40):
        seconds = times(bank, rng.normal(0, SIGMA, 100), rng)
        seconds[:20, :8] = rng.uniform(
            0.5, 3, (20, 8)
        )  # a fifth of the persons guess on a quarter of the test
        flags = flag_times(bank, seconds, rate=0.1)
        assert flags.too_fast[:20, :8].mean() > 0.9
        with_alarm += bool(flags.too_slow.any())
    assert with_alarm <= 40 * 0.1 + 3 * np.sqrt(40 * 0.1 * 0.9)


def test_a_known_item_does_not_make_the_others_look_slow() -> None:
    """With many persons the least pull on their speeds would flag every other item."""
    rng = np.random.default_rng(23)
    bank = a_bank(30)
    seconds = times(bank, rng.normal(0, SIGMA, 5000), rng)
    seconds[:, [4, 20]] *= (0.8, 0.5)
    flags = flag_times(bank, seconds, rate=0.05)
    assert {4, 20} <= set(np.flatnonzero(flags.item_flag))
    assert flags.item_flag.sum() <= 4
    assert (flags.item_shift[[4, 20]] < -0.3).all()


def test_when_every_item_has_moved_flags_are_still_given() -> None:
    rng = np.random.default_rng(24)
    bank = a_bank(10)
    seconds = times(bank, rng.normal(0, SIGMA, 1000), rng) * rng.uniform(0.3, 3, 10)
    flags = flag_times(bank, seconds)
    assert flags.item_flag.mean() > 0.7
    assert np.isfinite(flags.item_shift).all()


def test_a_person_of_two_speeds_and_a_known_item_are_flagged() -> None:
    rng = np.random.default_rng(19)
    bank = a_bank(30)
    seconds = times(bank, rng.normal(0, SIGMA, 400), rng)
    seconds[:10, :15] *= 0.2  # ten persons knew half of the items
    seconds[:, 20] *= 0.6  # everybody is faster on one item
    flags = flag_times(bank, seconds, rate=0.05)
    assert flags.person_flag[:10].all()
    assert flags.person_flag[10:].mean() < 0.02
    assert flags.item_flag[20]
    assert flags.item_shift[20] < -0.3


@settings(max_examples=60, deadline=None)
@given(st.lists(st.floats(0, 1), min_size=1, max_size=60), st.sampled_from([0.01, 0.05, 0.2]))
def test_discoveries_are_those_of_benjamini_and_hochberg(p: list[float], rate: float) -> None:
    adjusted = false_discovery_control(p)
    clear = np.abs(adjusted - rate) > 1e-12
    np.testing.assert_array_equal(discoveries(np.array(p), rate)[clear], (adjusted <= rate)[clear])
    assert not discoveries(np.append(p, np.nan), rate)[-1]


def test_flags_of_nothing_and_of_single_times_are_none() -> None:
    bank = a_bank(3)
    flags = flag_times(bank, np.full((2, 3), np.nan))
    assert not (flags.too_fast | flags.too_slow).any()
    assert not flags.person_flag.any()
    assert not flags.item_flag.any()
    single = flag_times(bank, [[np.nan, 0.5, np.nan]])
    assert np.isnan(single.person_p).all()
    assert single.z[0, 1] < -3
    assert flag_times(bank, np.empty((0, 3))).z.shape == (0, 3)
    with pytest.raises(ValueError):
        flag_times(bank, [[1.0, 2.0, 3.0]], rate=0.0)


def test_rapid_guesses_are_below_a_tenth_of_the_mean_and_never_above_ten_seconds() -> None:
    thresholds = rapid_thresholds([40.0, 200.0, 30.0])
    np.testing.assert_allclose(thresholds, [4.0, 10.0, 3.0])
    rapid, effort = rapid_guesses([[3.9, 9.0, np.nan], [4.1, 11.0, 3.5], [np.nan] * 3], thresholds)
    assert rapid.tolist() == [[True, True, False], [False, False, False], [False] * 3]
    np.testing.assert_array_equal(effort, [0.0, 1.0, np.nan])
    for means in ([0.0], [np.nan], [-3.0]):
        with pytest.raises(ValueError):
            rapid_thresholds(means)
    with pytest.raises(ValueError, match="must not be negative"):
        rapid_guesses([[3.9]], np.array([-1.0]))
