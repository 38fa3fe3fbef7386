"""A test of several models against its parts taken alone, in any order."""

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from irt import models, polytomous
from irt.mixed import ItemSet, Mixed, expected_score, info, info_slope_term, log_prob, log_prob_slope
from irt.models import Items
from irt.polytomous import Graded, PartialCredit

THETA = np.array([-40.0, -2.0, -0.3, 0.0, 1.1, 2.5, 40.0])
RIGHT_WRONG = Items.from_lists([1.2, 0.8, 2.0], [-0.5, 0.0, 1.0], [0.2, 0.0, 0.25], [1.0, 0.95, 1.0])
GRADED = Graded.from_lists([1.1, 1.6], [[-1.0, 0.0, 1.2], [0.4]])
PARTIAL = PartialCredit.from_lists([1.0, 0.7], [[0.5, -0.5], [-1.0, 0.0, 0.3, 0.2]])
PLACES = ([5, 0, 2], [1, 6], [4, 3])
TEST = Mixed([RIGHT_WRONG, GRADED, PARTIAL], PLACES)
FUNCTIONS = [log_prob, log_prob_slope, info, info_slope_term, expected_score]
EACH = pytest.mark.parametrize("function", FUNCTIONS)
Function = Callable[[np.ndarray, ItemSet], np.ndarray]


@EACH
def test_each_item_is_as_in_its_part(function: Function) -> None:
    whole = function(THETA, TEST)
    for part, places in zip((RIGHT_WRONG, GRADED, PARTIAL), PLACES, strict=True):
        alone = function(THETA, part)
        kept = whole[:, places] if whole.ndim == 2 else whole[:, places, : alone.shape[2]]
        np.testing.assert_array_equal(kept, alone)


def test_dichotomous_items_agree_with_their_own_functions() -> None:
    for function in (log_prob, log_prob_slope, info, info_slope_term):
        np.testing.assert_array_equal(
            function(THETA, RIGHT_WRONG), getattr(models, function.__name__)(THETA, RIGHT_WRONG)
        )
    np.testing.assert_array_equal(expected_score(THETA, RIGHT_WRONG), models.prob(THETA, RIGHT_WRONG))
    for function in FUNCTIONS:
        np.testing.assert_array_equal(
            function(THETA, GRADED), getattr(polytomous, function.__name__)(THETA, GRADED)
        )


def test_categories_are_those_of_the_items() -> None:
    assert len(TEST) == 7
    assert TEST.n_categories.tolist() == [2, 4, 2, 5, 3, 2, 2]
    logs = log_prob(THETA, TEST)
    assert logs.shape == (7, 7, 5)
    assert (np.isfinite(logs) == (np.arange(5) < TEST.n_categories[:, None])).all()
    np.testing.assert_allclose(np.exp(logs).sum(axis=2), 1, rtol=1e-13)
    assert (log_prob_slope(THETA, TEST)[np.isinf(logs)] == 0).all()


@pytest.mark.parametrize("items", [RIGHT_WRONG, GRADED, PARTIAL, TEST], ids=["4pl", "grm", "gpcm", "mixed"])
def test_info_is_what_the_slopes_say(items: ItemSet) -> None:
    p, slopes = np.exp(log_prob(THETA, items)), log_prob_slope(THETA, items)
    np.testing.assert_allclose(info(THETA, items), (p * slopes**2).sum(axis=2), rtol=1e-10)
    np.testing.assert_allclose((p * slopes).sum(axis=2), 0, atol=1e-13)
    np.testing.assert_allclose(expected_score(THETA, items), p @ np.arange(p.shape[2]), rtol=1e-12)


def test_without_places_the_parts_follow_one_another() -> None:
    test = Mixed([GRADED, RIGHT_WRONG])
    assert test.n_categories.tolist() == [4, 2, 2, 2, 2]
    np.testing.assert_array_equal(info(THETA, test)[:, 2:], info(THETA, RIGHT_WRONG))


@EACH
@settings(derandomize=True, deadline=None, max_examples=30)
@given(indices=st.lists(st.integers(0, 6), max_size=9))
def test_taking_items_takes_their_columns(function: Function, indices: list[int]) -> None:
    taken = TEST.take(indices)
    assert (type(taken), len(taken)) == (Mixed, len(indices))
    np.testing.assert_array_equal(taken.n_categories, TEST.n_categories[indices])
    np.testing.assert_array_equal(function(THETA, taken), function(THETA, TEST)[:, indices])


@settings(derandomize=True, deadline=None, max_examples=30)
@given(st.permutations(range(7)), st.permutations(range(7)))
def test_taking_twice_is_taking_once(first: list[int], second: list[int]) -> None:
    twice, once = TEST.take(first).take(second), TEST.take([first[i] for i in second])
    np.testing.assert_array_equal(log_prob(THETA, twice), log_prob(THETA, once))


def test_one_part_alone_is_the_part() -> None:
    for part in (RIGHT_WRONG, GRADED, PARTIAL):
        for function in FUNCTIONS:
            np.testing.assert_array_equal(function(THETA, Mixed([part])), function(THETA, part))


def test_a_test_does_not_change_with_what_made_it() -> None:
    parts, places = [RIGHT_WRONG], [np.array([2, 0, 1])]
    test = Mixed(parts, places)
    parts.append(RIGHT_WRONG)
    places[0][0] = 0
    assert len(test) == 3
    np.testing.assert_array_equal(info(THETA, test)[:, [2, 0, 1]], info(THETA, RIGHT_WRONG))
    with pytest.raises(ValueError, match="read-only"):
        test.n_categories[0] = 3


@pytest.mark.parametrize(
    ("parts", "places", "reason"),
    [
        ([], (), "at least one"),
        ([TEST], (), "made of"),
        ([GRADED, "items"], (), "made of"),
        ([GRADED], [[0, 0]], "each once"),
        ([GRADED], [[0, 2]], "each once"),
        ([GRADED], [[-1, 0]], "each once"),
        ([GRADED], [[0]], "one place"),
        ([GRADED], [[0, 1], [2]], "one place"),
        ([GRADED, PARTIAL], [[0, 1, 2], [3]], "one place"),
        ([GRADED], [[0.0, 1.0]], "integers"),
        ([GRADED], [[[0, 1]]], "one place"),
        ([GRADED], [0, 1], "one place"),
    ],
)
def test_what_is_no_test_is_refused(parts: list[object], places: object, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        Mixed(parts, places)  # type: ignore[arg-type]


@pytest.mark.parametrize("indices", [[7], [-8]])
def test_items_a_test_does_not_have_are_refused(indices: list[int]) -> None:
    with pytest.raises((ValueError, IndexError)):
        TEST.take(indices)


@EACH
@pytest.mark.parametrize("theta", [float("nan"), float("inf"), [[0.0]]])
def test_theta_must_be_finite(function: Function, theta: float) -> None:
    with pytest.raises(ValueError):
        function(theta, TEST)  # type: ignore[arg-type]


@pytest.mark.parametrize("indices", [[0.5], [True], [-1], [7]])
def test_taking_what_is_no_item_is_refused(indices: list[float]) -> None:
    for items in (TEST, RIGHT_WRONG, GRADED, PARTIAL):
        with pytest.raises(ValueError, match="item indices"):
            items.take(indices)
