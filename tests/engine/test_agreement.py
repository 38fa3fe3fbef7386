"""The second estimator and the report of agreement: what girth is given and refused, and what is made of its answer."""

import subprocess
import sys
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from benchmarks.responses import dichotomous, graded, partial_credit
from irt._girth import GirthEstimates, estimate
from irt.agreement import agreement, confirm
from irt.arrays import Floats
from irt.calibration import Calibration, Population, calibrate

N_PERSONS, N_ITEMS = 800, 8


def responses(model: str, seed: int = 1) -> Floats:
    rng = np.random.default_rng(seed)
    if model == "GRM":
        return graded(rng, N_PERSONS, N_ITEMS).x
    if model == "GPCM":
        return partial_credit(rng, N_PERSONS, N_ITEMS).x
    return dichotomous(rng, N_PERSONS, N_ITEMS, guessing=False).x


def made_up(**changes: Any) -> Calibration:
    """A calibration of three graded items, the last of two categories, in columns 4, 1 and 7 of some matrix."""
    estimates = {"a": [1.0, 1.5, 2.0], "b1": [-1.0, 0.0, 0.5], "b2": [0.5, 1.0, np.nan]}
    errors = {"a": [0.1, 0.1, 0.2], "b1": [0.1, 0.1, 0.1], "b2": [0.2, 0.2, np.nan]}
    whole = Calibration(
        items=None,
        indices=np.array([4, 1, 7]),
        models=("GRM",) * 3,
        estimates={name: np.array(values) for name, values in estimates.items()},
        se={name: np.array(values) for name, values in errors.items()},
        populations=(Population(0.0, 1.0),),
        refused=(),
        doubts=(),
        n_iterations=9,
        log_likelihood=-1000.0,
        last_change=1e-5,
        n_persons=500.0,
        n_nodes=61,
    )
    return replace(whole, **changes)


def second(**changes: Any) -> GirthEstimates:
    """The same parameters as `made_up`, from the second program."""
    first = made_up().estimates
    b = np.column_stack([first["b1"], first["b2"]])
    return replace(GirthEstimates("GRM", first["a"].copy(), b, np.zeros(3, dtype=bool), True, 5), **changes)


def test_the_engine_does_not_need_girth_until_it_is_asked_for() -> None:
    code = "import sys, irt.agreement, irt.calibration; sys.exit('girth' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@pytest.mark.parametrize("model", ["1PL", "2PL", "GRM", "GPCM"])
def test_girth_confirms_our_estimates_of_complete_data(model: str) -> None:
    x = responses(model)
    calibration = calibrate(x, model)
    found = confirm(x, calibration)
    assert found.converged
    assert found.is_confirmed
    assert found.beyond == found.unjudged == ()
    assert max(found.rmsd.values()) < 0.05
    assert found.correlation["b"] > 0.999
    np.testing.assert_array_equal(found.items, np.arange(N_ITEMS))
    assert np.isnan(found.correlation["a"]) == (model == "1PL")


def test_a_stop_before_the_end_is_not_convergence() -> None:
    x = responses("2PL")
    assert not estimate(x, "2PL", max_iterations=1).converged
    whole = estimate(x, "2PL")
    assert whole.converged
    # girth stops as soon as its rule is met, so one pass fewer is refused and as many passes suffice.
    assert not estimate(x, "2PL", max_iterations=whole.n_iterations - 1).converged
    again = estimate(x, "2PL", max_iterations=whole.n_iterations + 1)
    assert again.converged
    np.testing.assert_array_equal(again.a, whole.a)


def test_an_item_that_girth_leaves_at_a_bound_is_unjudged_not_confirmed() -> None:
    x = responses("2PL")
    x[:, 3] = np.random.default_rng(5).random(N_PERSONS) < 0.5  # measures nothing: a -> 0, girth stops at .2
    found = estimate(x, "2PL")
    assert found.held[3]
    assert found.held.sum() == 1


@pytest.mark.parametrize(
    ("x", "model", "message"),
    [
        ([[0, 1], [1, np.nan]], "2PL", "1 answers are missing.*adaptive"),
        ([[0, 1], [1, 0]], "3PL", "threepl_mml raises on numpy"),
        ([[0, 1], [1, 0]], "PCM", "pcm_mml frees them"),
        ([[0, 1], [1, 0]], "4PL", "girth can confirm 1PL, 2PL, GRM, GPCM, not '4PL'"),
        ([[0, 1], [1, 2]], "2PL", "0 or 1"),
        ([[0, 1], [2, 0]], "GRM", r"items \[0\] have a category that nobody chose"),
        ([[1, 1], [1, 0]], "2PL", r"items \[0\] have a category that nobody chose"),
        ([[0, 0.5], [1, 0]], "2PL", "whole numbers"),
        ([[0, -1], [1, 0]], "2PL", "categories 0, 1, 2"),
        ([[0, np.inf], [1, 0]], "2PL", "whole numbers"),
        ([[]], "2PL", "at least one person"),
        ([["a"]], "2PL", "numbers"),
        ([0, 1], "2PL", "persons x items"),
    ],
)
def test_what_girth_cannot_do_is_refused_by_name(x: Any, model: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        estimate(x, model)


def test_items_with_different_numbers_of_categories_keep_their_places() -> None:
    x = responses("GRM")
    x[:, 2] = x[:, 2] > 1
    found = estimate(x, "GRM")
    assert np.isnan(found.b[2, 1:]).all()
    assert np.isfinite(np.delete(found.b, 2, axis=0)).all()
    assert confirm(x, calibrate(x, "GRM")).is_confirmed


def test_equal_estimates_agree() -> None:
    found = agreement(made_up(), second())
    assert found.is_confirmed
    assert found.rmsd == {"a": 0.0, "b": 0.0}
    assert found.correlation == pytest.approx({"a": 1.0, "b": 1.0})
    assert np.isnan(found.z).sum() == 1  # the third item has no b2


def test_items_beyond_their_errors_are_named_the_worst_first() -> None:
    other = second()
    other.a[0] += 0.15  # 1.5 errors
    other.b[1, 1] -= 0.8  # 4 errors
    other.b[2, 0] += 0.05  # half an error
    found = agreement(made_up(), other)
    assert [(one.item, one.name) for one in found.beyond] == [(1, "b2"), (4, "a")]
    worst = found.beyond[0]
    assert (worst.first, worst.second, worst.error) == pytest.approx((1.0, 0.2, 0.2))
    assert worst.z == pytest.approx(-4.0)
    assert not found.is_confirmed
    assert found.rmsd["a"] == pytest.approx(0.15 / np.sqrt(3))
    assert found.rmsd["b"] == pytest.approx(np.sqrt((0.8**2 + 0.05**2) / 5))
    assert agreement(made_up(), other, limit=5.0).is_confirmed


def test_what_cannot_be_judged_is_not_confirmed() -> None:
    unknown = made_up()
    unknown.se["b1"][1] = np.nan
    assert agreement(unknown, second()).unjudged == (1,)
    assert agreement(made_up(), second(held=np.array([True, False, False]))).unjudged == (4,)
    for first, other in ((made_up(doubts=("iterations",)), second()), (made_up(), second(converged=False))):
        assert not agreement(first, other).is_confirmed
    lost = second()
    lost.a[0] = np.nan
    found = agreement(made_up(), replace(lost, converged=False, held=np.array([True, False, False])))
    assert found.unjudged == (4,)
    assert not found.is_confirmed


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"models": ("GRM", "GRM", "GPCM")}, "model GRM"),
        ({"populations": (Population(0.0, 1.0),) * 2}, "one population"),
        ({"populations": (Population(0.0, 1.3),)}, "N\\(0, 1\\)"),
    ],
)
def test_calibrations_of_another_kind_are_refused(changes: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        agreement(made_up(**changes), second())


def test_estimates_of_other_items_are_refused() -> None:
    fewer = second()
    with pytest.raises(ValueError, match="same items"):
        agreement(made_up(), replace(fewer, a=fewer.a[:2], b=fewer.b[:2], held=fewer.held[:2]))
    more_categories = second()
    more_categories.b[2, 1] = 1.0
    with pytest.raises(ValueError, match="same categories"):
        agreement(made_up(), more_categories)
    with pytest.raises(ValueError, match="limit"):
        agreement(made_up(), second(), limit=0.0)


def test_only_the_matrix_that_was_calibrated_can_confirm() -> None:
    with pytest.raises(ValueError, match="one model"):
        confirm(np.zeros((3, 8)), made_up(models=("GRM", "GRM", "2PL")))
    with pytest.raises(ValueError, match="matrix that was calibrated"):
        confirm(np.zeros((3, 7)), made_up())


def test_a_calibration_without_items_has_nothing_to_confirm() -> None:
    empty = made_up(items=None, indices=np.empty(0, dtype=np.intp), models=(), estimates={}, se={})
    with pytest.raises(ValueError, match="no items to confirm"):
        confirm(np.zeros((3, 2)), empty)
