"""Hostile matrices: a named refusal or a flagged result, never a crash, a hang or a silent number."""

from concurrent.futures import Executor, Future

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.special import expit

from irt._responses import Responses
from irt.calibration import (
    Beta,
    NotConvergedWarning,
    Priors,
    Refused,
    Settings,
    calibrate,
    calibrate_pretest,
)
from irt.models import Items

KNOWN = Items.from_lists(a=[1.0, 1.3, 0.8, 1.1], b=[-1.0, 0.0, 0.4, 1.0])


def answers(n_persons: int = 400, n_items: int = 6, seed: int = 1) -> np.ndarray:
    rng = np.random.default_rng(seed)
    b = np.linspace(-1, 1, n_items)
    return (rng.random((n_persons, n_items)) < expit(1.2 * (rng.normal(size=n_persons)[:, None] - b))).astype(
        float
    )


def kept_as_if_alone(x: np.ndarray, model: str, bad: int, reason: str) -> None:
    """Fails unless item `bad` is refused for this reason and the others are calibrated as without it."""
    found = calibrate(x, model)
    assert found.refused == (Refused(bad, reason),)
    assert found.converged
    assert bad not in found.indices
    assert len(found.items) == x.shape[1] - 1
    alone = calibrate(np.delete(x, bad, axis=1), model)
    np.testing.assert_allclose(found.items.a, alone.items.a, atol=2e-3)
    np.testing.assert_allclose(found.items.b, alone.items.b, atol=2e-3)


@pytest.mark.parametrize("model", ["Rasch", "1PL", "2PL", "3PL"])
@pytest.mark.parametrize(
    ("column", "reason"), [(1.0, "one_category"), (0.0, "one_category"), (np.nan, "unseen")]
)
def test_columns_without_news_are_refused_and_the_others_calibrated(model, column, reason):
    x = answers()
    x[:, 2] = column
    kept_as_if_alone(x, model, 2, reason)


def test_an_item_with_fewer_answers_than_parameters_is_refused():
    x = answers()
    x[2:, 3] = np.nan
    x[:2, 3] = [0, 1]
    assert Refused(3, "too_few") in calibrate(x, ["2PL"] * 3 + ["3PL"] + ["2PL"] * 2).refused


def test_an_item_scored_with_the_wrong_key_is_named():
    x = answers(n_persons=1500)
    x[:, 4] = 1 - x[:, 4]
    kept_as_if_alone(x, "2PL", 4, "negative_slope")


def test_an_item_that_splits_persons_perfectly_runs_away_and_is_named():
    x = answers(n_persons=3000, n_items=9)
    x[:, 0] = x[:, 1:].sum(axis=1) >= 4
    found = calibrate(x, "2PL")
    assert Refused(0, "runaway") in found.refused
    assert found.converged


def test_a_category_that_nobody_gave_is_refused():
    x = answers()
    x[:, 1] *= 2
    found = calibrate(x, ["2PL", "GPCM", *["2PL"] * 4])
    assert found.refused == (Refused(1, "empty_category"),)


def test_items_that_the_answers_cannot_tell_apart_are_named():
    """Two items give three free proportions for four parameters of the 2PL."""
    x = answers(n_items=2)
    with pytest.warns(NotConvergedWarning):
        found = calibrate(x, "2PL")
    assert not found.converged
    assert found.items is None or not np.isfinite(found.se["a"]).any()


@pytest.mark.parametrize(
    "x", [np.ones((50, 4)), np.zeros((50, 4)), np.full((50, 4), np.nan), answers()[:1], answers()[:0]]
)
def test_nothing_to_learn_is_a_flagged_result_with_every_item_named(x):
    with pytest.warns(NotConvergedWarning):
        found = calibrate(x, "2PL")
    assert not found.converged
    assert found.items is None
    assert [refused.index for refused in found.refused] == list(range(x.shape[1]))


@pytest.mark.parametrize("bad", [np.inf, -np.inf, 0.5, -1.0, 2.0, 1e300])
def test_what_is_no_answer_is_an_error(bad):
    x = answers()
    x[3, 3] = bad
    with pytest.raises(ValueError, match="answers"):
        calibrate(x, "2PL")


@pytest.mark.parametrize(
    "call",
    [
        lambda x: calibrate(x[0]),
        lambda x: calibrate(x.astype(str)),
        lambda x: calibrate(x, "5PL"),
        lambda x: calibrate(x, ["2PL"]),
        lambda x: calibrate(x, weights=[1.0]),
        lambda x: calibrate(x, weights=np.full(len(x), -1.0)),
        lambda x: calibrate(x, weights=np.full(len(x), np.nan)),
        lambda x: calibrate(x, groups=np.full(len(x), 1)),
        lambda x: calibrate(x, groups=np.full(len(x), -1)),
        lambda x: calibrate(x, groups=np.zeros(3, dtype=int)),
        lambda x: calibrate(x[:, :0]),
        lambda x: calibrate([]),
        lambda x: calibrate([x, x[:, :3]]),
        lambda x: calibrate_pretest(x, KNOWN, columns=[0, 0, 1, 2]),
        lambda x: calibrate_pretest(x, KNOWN, columns=[0, 1]),
        lambda x: calibrate_pretest(x[:, :3], KNOWN),
        lambda x: calibrate_pretest(x * 2, KNOWN),
        lambda x: calibrate(x, weights=np.full(len(x), 1e300)),
        lambda x: calibrate(x, None),
        lambda x: calibrate(x, settings=Settings(nodes=np.linspace(0, 6, 61))),
        lambda x: calibrate(x, groups=np.arange(len(x)) * 10**12),
        lambda x: Settings(tolerance=0.0),
        lambda x: Settings(tolerance=np.inf),
        lambda x: Settings(n_partitions=1.5),
        lambda x: Settings(executor=2),
        lambda x: Priors(lower=Beta(np.inf, 5.0)),
        lambda x: Settings(nodes=np.array([0.0, 1.0, 5.0])),
        lambda x: Settings(nodes=np.array([0.0, np.nan, 5.0])),
    ],
)
def test_shapes_and_ranges_that_do_not_fit_are_errors(call):
    with pytest.raises(ValueError):
        call(answers())


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda x: calibrate(x.tolist()), "make a list of rows an array"),
        (lambda x: calibrate(None), "persons x items"),
        (lambda x: calibrate(x.astype(object)), "numbers, nan where"),
        (lambda x: calibrate(np.ma.masked_less(x, 0.5)), "put nan where it is masked"),
        (lambda x: Responses.of(np.ma.masked_less(x, 0.5)), "put nan where it is masked"),
        (lambda x: calibrate(x, groups=np.arange(400) % 3, weights=np.arange(400) % 3 != 1), "weights must be numbers"),
        (lambda x: calibrate(x, groups=np.arange(400) % 3, weights=(np.arange(400) % 3 != 1) * 1.0), "group 1 has no"),
        (lambda x: calibrate_pretest(x[:, :4], KNOWN), "nothing to calibrate"),
        (lambda x: calibrate_pretest(x, KNOWN, columns=[0, 0, 1, 2]), "a column of x of its own"),
        (lambda x: calibrate_pretest(x, KNOWN, columns=[0.0, 1.0, 2.0, 3.0]), "a column of x of its own"),
        (lambda x: calibrate_pretest(x, KNOWN, ["2PL"] * 6), "2 models are needed"),
        (lambda x: calibrate_pretest(x, KNOWN.take([])), "at least one operational item"),
        (lambda x: calibrate_pretest(x, [1.0, 2.0]), "Items, Graded, PartialCredit or Mixed"),
        (lambda x: calibrate_pretest(np.where(np.arange(6) < 4, np.nan, x), KNOWN), "nobody answered an operational"),
        (lambda x: calibrate_pretest(np.where(np.arange(6) < 5, x, 2 * x), KNOWN), "column 5 has answers beyond"),
        (lambda x: calibrate_pretest(x, Items(1e3 * KNOWN.a, KNOWN.b, KNOWN.c, KNOWN.d)), "item 0 is too steep"),
    ],
)
def test_what_contradicts_itself_is_refused_by_a_sentence_that_says_what_to_do(call, message):
    with pytest.raises(ValueError, match=message):
        call(answers())


@pytest.mark.parametrize("dtype", [np.uint8, np.uint64, np.int8, np.bool_, np.float32])
def test_any_type_of_number_says_the_same(dtype):
    x = answers()
    np.testing.assert_array_equal(calibrate(x.astype(dtype)).items.b, calibrate(x).items.b)


@pytest.mark.parametrize("model", ["2PL", "1PL", "GRM", "GPCM"])
def test_one_item_alone_cannot_be_calibrated(model):
    with pytest.warns(NotConvergedWarning, match="no_items"):
        found = calibrate(answers(n_items=1), model)
    assert found.refused == (Refused(0, "not_identified"),)


def test_the_spread_of_the_population_cannot_be_told_from_one_item():
    with pytest.warns(NotConvergedWarning, match="errors"):
        assert calibrate(answers(n_items=1), "Rasch").doubts == ("errors",)


def test_two_groups_without_a_common_item_have_no_common_scale():
    x = np.full((400, 8), np.nan)
    x[:200, :4], x[200:, 4:] = answers()[:200, :4], answers()[200:, :4]
    with pytest.warns(NotConvergedWarning, match="errors"):
        found = calibrate(x, groups=np.repeat([0, 1], 200))
    assert found.refused == tuple(Refused(item, "not_identified") for item in range(4, 8))
    assert np.isnan(found.populations[1].se_mean)


def test_a_slope_that_vanishes_is_not_above_zero():
    """Two persons who contradict each other in everything are likeliest where theta plays no part."""
    with pytest.warns(NotConvergedWarning):
        found = calibrate(np.array([[0.0, 1, 0], [1, 0, 1]]), "1PL")
    assert {refused.reason for refused in found.refused} == {"negative_slope"}


class LosesWorkers(Executor):
    """Does what it is given until `n_left` is used up, then fails at once; what comes later waits for ever."""

    def __init__(self, n_left: int) -> None:
        self.n_left = n_left
        self.waiting: list[Future] = []

    def submit(self, work, /, *args, **kwargs):
        future: Future = Future()
        self.n_left -= 1
        if self.n_left >= 0:
            future.set_result(work(*args, **kwargs))
        elif self.n_left == -1:
            future.set_exception(OSError("worker lost"))
        else:
            self.waiting.append(future)
        return future


@pytest.mark.parametrize("n_left", [0, 1, 10])
def test_a_failure_of_the_executor_is_raised_and_leaves_no_work_behind(n_left):
    executor = LosesWorkers(n_left)
    with pytest.raises(OSError, match="worker lost"):
        calibrate(answers(), settings=Settings(executor=executor, n_partitions=4))
    assert all(future.cancelled() for future in executor.waiting)


def test_a_million_equal_rows_are_a_few_patterns():
    x = np.zeros((1_000_000, 5), dtype=np.int8)
    x[:, :3] = 1
    with pytest.warns(NotConvergedWarning):
        found = calibrate(x, "2PL")
    assert {refused.reason for refused in found.refused} == {"one_category"}
    some = answers(n_items=5).astype(np.int8)
    mixed = calibrate(np.tile(some, (2500, 1)), "Rasch")
    once = calibrate(some, "Rasch")
    np.testing.assert_allclose(mixed.items.b, once.items.b, atol=1e-3)
    np.testing.assert_allclose(mixed.se["b"] * 50, once.se["b"], rtol=1e-2)


def test_a_population_beyond_the_nodes_is_flagged():
    rng = np.random.default_rng(3)
    far = Items.from_lists(a=[1.0] * 20, b=np.linspace(4, 8, 20).tolist())
    theta = rng.normal(6, 1, 500)
    x = (rng.random((500, 21)) < expit(theta[:, None] - np.append(far.b, 6.0))).astype(float)
    with pytest.warns(NotConvergedWarning):
        found = calibrate_pretest(x, far)
    assert not found.converged


def test_a_population_narrower_than_the_nodes_can_show_is_flagged():
    """Coins instead of persons: answers at the rate of theta = 0 that have nothing in common."""
    known = Items.from_lists(a=[1.5] * 12, b=[0.0] * 12)
    x = (np.random.default_rng(4).random((2000, 13)) < 0.5).astype(float)
    with pytest.warns(NotConvergedWarning):
        assert not calibrate_pretest(x, known).converged


def test_a_pretest_item_nobody_saw_is_refused_beside_one_that_was_seen():
    x = answers()
    x[:, 4] = np.nan
    found = calibrate_pretest(x, KNOWN)
    assert found.refused == (Refused(4, "unseen"),)
    assert found.indices.tolist() == [5]
    assert found.converged


def test_all_pretest_items_refused_is_flagged():
    x = answers()
    x[:, 4:] = 1.0
    with pytest.warns(NotConvergedWarning):
        found = calibrate_pretest(x, KNOWN)
    assert [refused.reason for refused in found.refused] == ["one_category"] * 2


@settings(max_examples=60, deadline=None)
@given(
    arrays(
        np.float64,
        st.tuples(st.integers(1, 25), st.integers(1, 5)),
        elements=st.sampled_from([0.0, 1.0, np.nan]),
    ),
    st.sampled_from(["Rasch", "1PL", "2PL", "3PL", "4PL"]),
)
@pytest.mark.filterwarnings("ignore::irt.calibration.NotConvergedWarning")
def test_any_small_matrix_gives_finite_items_or_names_them(x, model):
    found = calibrate(x, model, settings=Settings(max_iterations=60))
    named = {refused.index for refused in found.refused}
    assert named | set(found.indices.tolist()) == set(range(x.shape[1]))
    assert not named & set(found.indices.tolist())
    for values in found.estimates.values():
        assert np.isfinite(values).all()
