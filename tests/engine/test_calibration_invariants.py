"""What must not change a calibration: the order of things, how rows are cut, stored and sent about, the unit."""

from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from multiprocessing import get_context

import numpy as np
import pytest
from scipy.special import expit

from irt.calibration import Beta, Calibration, Priors, Settings, calibrate, calibrate_pretest
from irt.calibration import _rows as rows_module
from irt.calibration._problem import Problem
from irt.models import Items

EXACT = Settings(tolerance=1e-9)


def answers(n_persons: int = 300, n_items: int = 6, seed: int = 1, share_missing: float = 0.0) -> np.ndarray:
    rng = np.random.default_rng(seed)
    a, b = rng.uniform(0.8, 1.8, n_items), rng.normal(0, 0.8, n_items)
    x = (rng.random((n_persons, n_items)) < expit(a * (rng.normal(size=n_persons)[:, None] - b))).astype(
        float
    )
    x[rng.random(x.shape) < share_missing] = np.nan
    return x


def same(one: Calibration, other: Calibration, atol: float = 1e-6) -> None:
    """Fails unless both found the same items, errors, populations and likelihood."""
    assert one.converged
    assert other.converged
    assert one.refused == other.refused
    assert one.log_likelihood == pytest.approx(other.log_likelihood, abs=atol)
    for name in one.estimates:
        np.testing.assert_allclose(one.estimates[name], other.estimates[name], atol=atol)
        np.testing.assert_allclose(one.se[name], other.se[name], atol=atol)
    for mine, theirs in zip(one.populations, other.populations, strict=True):
        np.testing.assert_allclose(
            [mine.mean, mine.sd, mine.se_mean], [theirs.mean, theirs.sd, theirs.se_mean], atol=atol
        )


@pytest.mark.parametrize("share_missing", [0.0, 0.3, 0.8])
def test_order_of_persons_does_not_matter(share_missing):
    x = answers(n_persons=900, n_items=15, share_missing=share_missing)
    order = np.random.default_rng(2).permutation(len(x))
    same(calibrate(x, settings=EXACT), calibrate(x[order], settings=EXACT))


@pytest.mark.parametrize("model", ["Rasch", "1PL", "2PL", "3PL"])
def test_order_of_items_does_not_matter(model):
    x = answers(share_missing=0.1)
    order = np.array([3, 0, 5, 1, 4, 2])
    one, other = calibrate(x, model, settings=EXACT), calibrate(x[:, order], model, settings=EXACT)
    for name in one.estimates:
        np.testing.assert_allclose(one.estimates[name][order], other.estimates[name], atol=1e-6)


def test_a_row_twice_is_a_row_of_weight_two():
    x = answers()
    weights = np.random.default_rng(3).integers(0, 4, len(x))
    same(
        calibrate(np.repeat(x, weights, axis=0), settings=EXACT),
        calibrate(x, weights=weights.astype(float), settings=EXACT),
    )


def test_rows_without_answers_say_nothing():
    x = answers(share_missing=0.2)
    empty = np.full((50, x.shape[1]), np.nan)
    groups = np.repeat([0, 1], [150, 150])
    same(calibrate(x, settings=EXACT), calibrate(np.vstack([empty, x]), settings=EXACT))
    same(
        calibrate(x, groups=groups, settings=EXACT),
        calibrate(np.vstack([x, empty]), groups=np.append(groups, np.ones(50, dtype=int)), settings=EXACT),
    )


@pytest.mark.parametrize("share_missing", [0.0, 0.3, 0.8])
def test_blocks_of_bytes_are_the_matrix(share_missing):
    x = answers(n_persons=1200, n_items=15, share_missing=share_missing)
    coded = np.where(np.isnan(x), -1, x).astype(np.int8)
    blocks = (coded[start : start + 250] for start in range(0, len(x), 250))
    same(calibrate(x, settings=EXACT), calibrate(blocks, settings=EXACT))


def test_compressed_and_dense_rows_agree(monkeypatch):
    x = answers(n_persons=900, share_missing=0.5)
    dense = calibrate(x, settings=EXACT)
    monkeypatch.setattr(rows_module, "SPARSE_BELOW", 2.0)
    same(dense, calibrate(x, settings=EXACT))


def test_compressed_and_dense_rows_agree_beside_operational_items(monkeypatch):
    x = answers(n_persons=900, n_items=8, share_missing=0.4)
    known = Items.from_lists(a=[1.0] * 4, b=[-0.5, 0.0, 0.5, 1.0])
    dense = calibrate_pretest(x, known, groups=np.arange(900) % 2, settings=EXACT)
    monkeypatch.setattr(rows_module, "SPARSE_BELOW", 2.0)
    same(dense, calibrate_pretest(x, known, groups=np.arange(900) % 2, settings=EXACT))


def test_the_scale_of_the_items_moves_with_the_population_at_no_gain_or_loss():
    """Every EM step with parameter expansion ends at the maximum that plain EM steps find."""
    x = answers(n_persons=500, n_items=8)
    expanded = calibrate(x, settings=EXACT)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Problem, "_may_expand", False)
        plain = calibrate(x, settings=EXACT)
    assert expanded.n_iterations < plain.n_iterations
    same(expanded, plain)


def test_collapsed_rows_agree_with_rows_one_by_one(monkeypatch):
    x = answers(n_persons=600, n_items=5)
    collapsed = calibrate(x, settings=EXACT)
    monkeypatch.setattr("irt.calibration._calibrate.collapse", lambda block: block)
    same(collapsed, calibrate(x, settings=EXACT))


@pytest.mark.parametrize("share_missing", [0.0, 0.4])
def test_two_worker_processes_find_the_same_answer(share_missing):
    x = answers(n_persons=700, n_items=12, share_missing=share_missing)
    groups = np.arange(700) % 2
    alone = calibrate(x, groups=groups)
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as executor:
        spread = calibrate(x, groups=groups, settings=Settings(executor=executor, n_partitions=4))
    same(alone, spread, atol=1e-10)


def test_pretest_over_an_executor_finds_the_same_answer():
    x = answers(n_persons=500, n_items=8)
    known = Items.from_lists(a=[1.0] * 4, b=[-0.5, 0.0, 0.5, 1.0])
    with ThreadPoolExecutor(2) as executor:
        spread = calibrate_pretest(x, known, settings=Settings(executor=executor, n_partitions=3))
    same(calibrate_pretest(x, known), spread, atol=1e-10)


def test_pretest_items_follow_the_unit_of_the_operational_ones():
    """theta' = 10 + 2 theta: a' = a / 2, b' = 10 + 2 b, and the population with them."""
    x = answers(n_persons=800, n_items=9, seed=4)
    a, b = np.array([1.2, 0.9, 1.4, 1.0, 1.1]), np.array([-0.6, 0.3, 0.0, 0.9, -1.0])
    one = calibrate_pretest(x, Items.from_lists(a=a, b=b), settings=EXACT)
    nodes = 10 + 2 * np.linspace(-6, 6, 61)
    moved = Items.from_lists(a=a / 2, b=10 + 2 * b)
    other = calibrate_pretest(x, moved, settings=Settings(nodes=nodes, tolerance=1e-9))
    assert not one.refused
    assert not other.refused
    np.testing.assert_allclose(other.items.a, one.items.a / 2, atol=1e-6)
    np.testing.assert_allclose(other.items.b, 10 + 2 * one.items.b, atol=1e-5)
    assert other.populations[0].mean == pytest.approx(10 + 2 * one.populations[0].mean, abs=1e-6)
    assert other.populations[0].sd == pytest.approx(2 * one.populations[0].sd, abs=1e-6)
    assert other.log_likelihood == pytest.approx(one.log_likelihood, abs=1e-6)
    np.testing.assert_allclose(other.se["b"], 2 * one.se["b"], atol=1e-5)


def test_operational_columns_may_stand_anywhere():
    x = answers(n_persons=600, n_items=7)
    known = Items.from_lists(a=[1.2, 0.9, 1.1], b=[-0.6, 0.3, 0.1])
    columns = np.array([5, 0, 3])
    pretest = np.array([1, 2, 4, 6])
    one = calibrate_pretest(x[:, np.concatenate([columns, pretest])], known, settings=EXACT)
    other = calibrate_pretest(x, known, columns=columns, settings=EXACT)
    np.testing.assert_array_equal(other.indices, pretest)
    same(one, other)


def test_all_items_of_a_model_named_one_by_one_are_that_model():
    x = answers()
    same(calibrate(x, "2PL", settings=EXACT), calibrate(x, ["2PL"] * 6, settings=EXACT))


def test_mixed_models_keep_the_order_of_the_columns():
    x = answers(n_persons=900, n_items=6)
    x[:, 2] += (x[:, 2] == 1) & (np.random.default_rng(5).random(len(x)) < 0.5)
    models = ["2PL", "3PL", "GRM", "2PL", "GPCM", "1PL"]
    one = calibrate(x, models, settings=EXACT)
    order = np.array([4, 2, 0, 5, 3, 1])
    other = calibrate(x[:, order], [models[k] for k in order], settings=EXACT)
    assert one.models == tuple(models)
    np.testing.assert_array_equal(one.items.n_categories, [2, 2, 3, 2, 2, 2])
    assert one.log_likelihood == pytest.approx(other.log_likelihood, abs=1e-6)
    for name in one.estimates:
        np.testing.assert_allclose(one.estimates[name][order], other.estimates[name], atol=1e-5)
        np.testing.assert_allclose(one.se[name][order], other.se[name], atol=1e-5)


def test_a_gpcm_item_of_two_categories_is_a_2pl_item():
    x = answers()
    one = calibrate(x, "2PL", settings=EXACT)
    other = calibrate(x, ["2PL"] * 5 + ["GPCM"], settings=EXACT)
    np.testing.assert_allclose(other.estimates["a"], one.estimates["a"], atol=1e-5)
    np.testing.assert_allclose(other.se["a"], one.se["a"], atol=1e-5)
    assert other.estimates["b1"][5] == pytest.approx(one.estimates["b"][5], abs=1e-5)


def test_a_3pl_with_c_pressed_to_zero_is_a_2pl():
    x = answers(n_persons=800)
    pressed = Priors(guessing_slope=None, lower=Beta(2.0, 3000.0))
    one, other = calibrate(x, "2PL", settings=EXACT), calibrate(x, "3PL", priors=pressed, settings=EXACT)
    np.testing.assert_allclose(other.items.a, one.items.a, atol=4e-3)
    np.testing.assert_allclose(other.items.b, one.items.b, atol=4e-3)
