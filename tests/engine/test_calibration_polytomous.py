"""The graded and partial credit families of calibration: derivatives, starts, ragged categories, recovery."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.responses import graded, partial_credit
from irt import polytomous
from irt.arrays import Floats
from irt.calibration import Refused, Settings, calibrate
from irt.calibration._family import improve
from irt.calibration._ordered import Ordered
from irt.calibration._polytomous import GradedFamily, PartialCreditFamily
from irt.calibration._priors import Lognormal, Priors

CATEGORIES = np.array([5, 2, 3, 4, 5])
NODES = np.linspace(-6.0, 6.0, 31)
FAMILIES = [
    GradedFamily(CATEGORIES),
    GradedFamily(CATEGORIES, Priors(slope=Lognormal())),
    PartialCreditFamily(CATEGORIES),
    PartialCreditFamily(CATEGORIES, Priors(slope=Lognormal(0.1, 0.3))),
    PartialCreditFamily(CATEGORIES, free_slope=False),
]
IDS = ["graded", "graded with a prior", "gpcm", "gpcm with a prior", "pcm"]


def somewhere(family: Ordered, seed: int = 1) -> tuple[Floats, Floats]:
    """Parameters with a > 0 near the start of random counts, and random expected counts."""
    rng = np.random.default_rng(seed)
    p = family.start(rng.integers(1, 100, family.exists.shape) * family.exists.astype(float))
    p = np.where(family.used, p + 0.3 * rng.standard_normal(p.shape), p)
    p[:, 0] = np.abs(p[:, 0])
    return p, rng.random((*family.exists.shape, NODES.size)) * family.exists[..., None]


def differences(function: Any, p: Floats, used: Any) -> Floats:
    """Central differences of `function` of p by each column of p, in the last axis; zero where not used."""
    columns = []
    for column in range(p.shape[1]):
        h = np.zeros_like(p)
        h[:, column] = 1e-5 * used[:, column]
        columns.append((function(p + h) - function(p - h)) / 2e-5)
    return np.stack(columns, axis=-1)


@pytest.mark.parametrize("family", FAMILIES, ids=IDS)
def test_gradient_is_that_of_the_objective(family: Ordered) -> None:
    p, r = somewhere(family)
    gradient, _ = family.gradient_and_information(p, r, NODES)
    expected = differences(lambda q: family.objective(q, r, NODES), p, family.used)
    np.testing.assert_allclose(gradient, expected, atol=1e-6)


@pytest.mark.parametrize("family", FAMILIES, ids=IDS)
def test_information_is_the_expected_product_of_scores(family: Ordered) -> None:
    p, r = somewhere(family)
    _, information = family.gradient_and_information(p, r, NODES)
    scores = differences(
        lambda q: np.where(family.exists[..., None], family.log_prob(q, NODES), 0.0).reshape(len(q), -1),
        p,
        family.used,
    ).reshape(*family.exists.shape, NODES.size, -1)
    n_p = r.sum(axis=1, keepdims=True) * np.exp(family.log_prob(p, NODES))
    by_hand = np.einsum("ikq,ikqm,ikqn->imn", n_p, scores, scores)
    prior = family.slope_prior
    if prior is not None:
        by_hand[:, 0, 0] += 1 / (prior.sd * p[:, 0]) ** 2
    by_hand += np.eye(family.n_params) * ~family.used[:, :, None]
    np.testing.assert_allclose(information, by_hand, atol=1e-6)
    assert np.linalg.eigvalsh(information).min() > 0


@pytest.mark.parametrize("family", FAMILIES, ids=IDS)
def test_jacobian_is_that_of_the_report(family: Ordered) -> None:
    p, _ = somewhere(family)
    expected = differences(family.report, p, family.used)
    np.testing.assert_allclose(family.jacobian(p), np.nan_to_num(expected), atol=1e-6)


@pytest.mark.parametrize("family", FAMILIES, ids=IDS)
def test_probabilities_are_those_of_the_reported_items(family: Any) -> None:
    p, _ = somewhere(family)
    items = family.to_items(p)
    assert (items.n_categories == CATEGORIES).all()
    expected = polytomous.log_prob(NODES, items).transpose(1, 2, 0)
    np.testing.assert_allclose(family.log_prob(p, NODES), expected, atol=1e-9)


@pytest.mark.parametrize("family", FAMILIES, ids=IDS)
def test_taking_items_takes_their_rows(family: Ordered) -> None:
    p, r = somewhere(family)
    rows = np.array([1, 2])
    taken = family.take(rows)
    assert taken.n_params == family.n_params
    np.testing.assert_array_equal(taken.log_prob(p[rows], NODES), family.log_prob(p, NODES)[rows])
    for part, whole in zip(
        taken.gradient_and_information(p[rows], r[rows], NODES),
        family.gradient_and_information(p, r, NODES),
        strict=True,
    ):
        np.testing.assert_allclose(part, whole[rows], rtol=1e-12)


def test_two_categories_are_the_two_parameter_logistic() -> None:
    p = np.array([[1.3, -0.4], [0.7, 1.1]])
    categories = np.array([2, 2])
    logistic = 1 / (1 + np.exp(-(p[:, :1] * NODES + p[:, 1:])))
    for family in (GradedFamily(categories), PartialCreditFamily(categories)):
        np.testing.assert_allclose(np.exp(family.log_prob(p, NODES))[:, 1], logistic, rtol=1e-12)
        np.testing.assert_allclose(family.report(p), [[1.3, 0.4 / 1.3], [0.7, -1.1 / 0.7]])


@given(st.lists(st.floats(-300, 300), min_size=5, max_size=5))
@settings(max_examples=200, deadline=None)
def test_thresholds_stay_ordered_and_nothing_overflows_anywhere(values: list[float]) -> None:
    p = np.array([values])
    for family in (GradedFamily(np.array([5])), PartialCreditFamily(np.array([5]))):
        log_prob = family.log_prob(p, NODES)
        np.testing.assert_allclose(np.exp(log_prob).sum(axis=1), 1.0, rtol=1e-9)
        gradient, information = family.gradient_and_information(p, np.ones((1, 5, NODES.size)), NODES)
        assert np.isfinite(gradient).all()
        assert np.isfinite(information).all()
    graded = GradedFamily(np.array([5]))._intercepts(p)
    assert (np.diff(graded) <= 0).all()


@pytest.mark.parametrize(
    "family", [GradedFamily(CATEGORIES), PartialCreditFamily(CATEGORIES)], ids=["grm", "gpcm"]
)
def test_a_start_is_finite_whatever_was_answered(family: Ordered) -> None:
    nobody = np.zeros(family.exists.shape)
    all_highest = nobody.copy()
    all_highest[np.arange(5), CATEGORIES - 1] = 1e6
    for counts in (nobody, all_highest):
        p = family.start(counts)
        assert np.isfinite(p).all()
        assert np.isfinite(family.log_prob(p, NODES)[family.exists]).all()


@pytest.mark.parametrize("family", [FAMILIES[0], FAMILIES[2], FAMILIES[4]], ids=["grm", "gpcm", "pcm"])
def test_a_start_has_the_marginal_proportions(family: Ordered) -> None:
    counts = np.random.default_rng(2).integers(50, 500, family.exists.shape) * family.exists.astype(float)
    density = np.exp(-0.5 * NODES**2) / np.exp(-0.5 * NODES**2).sum()
    marginal = np.exp(family.log_prob(family.start(counts), NODES)) @ density
    expected = counts / counts.sum(axis=1, keepdims=True)
    np.testing.assert_allclose(marginal, expected, atol=0.02)  # the graded start's factor is approximate


@pytest.mark.parametrize("family", FAMILIES, ids=IDS)
def test_rescaled_parameters_say_the_same_of_the_rescaled_theta(family: Ordered) -> None:
    p, _ = somewhere(family)
    sd = 1.4 if family.used[0, 0] else 1.0
    q = family.rescaled(p, 0.3, sd)
    np.testing.assert_allclose(family.log_prob(q, (NODES - 0.3) / sd), family.log_prob(p, NODES), atol=1e-9)
    np.testing.assert_array_equal(q[~family.used], p[~family.used])


@pytest.mark.parametrize("family", FAMILIES, ids=IDS)
def test_scoring_reaches_the_parameters_whose_expectations_are_the_counts(family: Ordered) -> None:
    truth, _ = somewhere(family, seed=4)
    density = 1000 * np.exp(-0.5 * NODES**2)
    r = density * np.exp(family.log_prob(truth, NODES))
    p = improve(family, family.start(r.sum(axis=2)), r, NODES, n_steps=40)
    if family.slope_prior is None:
        np.testing.assert_allclose(p[family.used], truth[family.used], atol=1e-5)
    gradient, _ = family.gradient_and_information(p, r, NODES)
    assert np.abs(gradient).max() < 1e-3


def test_backward_and_runaway_items_are_named() -> None:
    for family in (GradedFamily(np.array([3, 3, 3])), PartialCreditFamily(np.array([3, 3, 3]))):
        p = np.array([[1.0, 1.0, 0.5], [-0.5, 1.0, 0.5], [0.01, 5.0, 0.5]])
        assert family.refusals(p) == {1: "negative_slope", 2: "runaway"}
        assert family.refusals(np.full((3, 3), np.nan)) == dict.fromkeys(range(3), "runaway")


@pytest.mark.parametrize("categories", [[1, 3], [2.5], [[2, 3]]])
def test_impossible_categories_are_refused(categories: Any) -> None:
    with pytest.raises(ValueError, match="number of categories"):
        GradedFamily(np.array(categories))


@pytest.mark.parametrize(("model", "draw"), [("GRM", graded), ("GPCM", partial_credit)])
def test_parameters_are_recovered_within_their_standard_errors(model: str, draw: Any) -> None:
    truth = draw(np.random.default_rng(8), 1500, 12)
    found = calibrate(truth.x, model)
    assert found.converged
    assert not found.refused
    values = np.column_stack(list(found.estimates.values()))
    errors = np.column_stack(list(found.se.values()))
    z = (values - np.column_stack((truth.a, truth.b))) / errors
    assert 0.75 < np.sqrt(np.mean(z**2)) < 1.25
    assert np.abs(z).max() < 4.5


def test_merged_categories_keep_the_other_thresholds_of_a_graded_item() -> None:
    truth = graded(np.random.default_rng(9), 2000, 10)
    whole = calibrate(truth.x, "GRM", settings=Settings(standard_errors=False))
    x = truth.x.copy()
    x[:, 0] = np.minimum(x[:, 0], 3)  # the two highest categories are one: P(x >= k) is as it was for k < 4
    merged = calibrate(x, "GRM", settings=Settings(standard_errors=False))
    assert np.isnan(merged.estimates["b4"][0])
    assert (merged.items.n_categories == [4] + [5] * 9).all()
    for name in ("a", "b1", "b2", "b3"):
        np.testing.assert_allclose(merged.estimates[name], whole.estimates[name], atol=0.1)


def test_the_partial_credit_model_finds_the_spread_of_the_population() -> None:
    rng = np.random.default_rng(10)
    b = 0.7 * rng.standard_normal((12, 4))
    items = polytomous.PartialCredit(np.ones(12), b)
    p = np.exp(polytomous.log_prob(1.5 * rng.standard_normal(2000), items))
    x = (rng.random((2000, 12, 1)) > p.cumsum(axis=2)[..., :-1]).sum(axis=2)
    found = calibrate(x, "PCM")
    (population,) = found.populations
    assert abs(population.sd - 1.5) < 4 * population.se_sd < 0.3
    assert (found.estimates["a"] == 1.0).all()
    z = np.column_stack([(found.estimates[f"b{k}"] - b[:, k - 1]) / found.se[f"b{k}"] for k in range(1, 5)])
    assert 0.75 < np.sqrt(np.mean(z**2)) < 1.25


@pytest.mark.parametrize("model", ["GRM", "GPCM", "PCM"])
def test_an_empty_category_is_named_and_the_other_items_calibrated(model: str) -> None:
    x = graded(np.random.default_rng(11), 600, 6).x
    x[x[:, 2] == 2, 2] = 3
    found = calibrate(x, model, settings=Settings(standard_errors=False))
    assert found.refused == (Refused(2, "empty_category"),)
    np.testing.assert_array_equal(found.indices, [0, 1, 3, 4, 5])
