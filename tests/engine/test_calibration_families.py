"""The logistic families and the Fisher scoring against finite differences and brute force."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from irt.calibration import Beta, Lognormal, Priors
from irt.calibration._family import improve
from irt.calibration._logistic import N_PARAMS, LogisticFamily
from irt.calibration._polytomous import GradedFamily, PartialCreditFamily
from irt.models import log_prob

NODES = np.linspace(-4, 4, 17)
PRIORS = Priors(slope=Lognormal(0.1, 0.4))


def case(model: str, seed: int, n_items: int = 4) -> tuple[LogisticFamily, np.ndarray, np.ndarray]:
    """A family, parameters and expected counts."""
    rng = np.random.default_rng(seed)
    family = LogisticFamily(model, n_items, PRIORS)
    p = rng.normal(0, 0.7, (n_items, family.n_params))
    if family.n_params > 1:
        p[:, 0] = 0.5 if family.tied else rng.uniform(0.4, 2, n_items)
    p[:, 2:] -= 1.5
    return family, p, rng.uniform(0, 50, (n_items, 2, NODES.size))


@pytest.mark.parametrize("model", N_PARAMS)
def test_gradient_is_the_derivative_of_the_objective(model):
    family, p, r = case(model, 1)
    gradient, _ = family.gradient_and_information(p, r, NODES)
    for k in range(family.n_params):
        step = np.zeros(family.n_params)
        step[k] = 1e-6
        difference = family.objective(p + step, r, NODES) - family.objective(p - step, r, NODES)
        np.testing.assert_allclose(gradient[:, k], difference / 2e-6, rtol=1e-5, atol=1e-4)


@pytest.mark.parametrize("model", N_PARAMS)
def test_information_is_the_expected_square_of_the_score(model):
    """Without priors: the sum over nodes and categories of n P (dlog P)(dlog P)', by differences of log_prob."""
    family, p, r = case(model, 2)
    family = LogisticFamily(model, family.n_items, Priors(None, None, None, None))
    _, information = family.gradient_and_information(p, r, NODES)
    slopes = np.empty((family.n_items, 2, family.n_params, NODES.size))
    for k in range(family.n_params):
        step = np.zeros(family.n_params)
        step[k] = 1e-6
        slopes[:, :, k] = (family.log_prob(p + step, NODES) - family.log_prob(p - step, NODES)) / 2e-6
    weight = r.sum(axis=1)[:, None] * np.exp(family.log_prob(p, NODES))
    expected = np.einsum("jcq,jckq,jclq->jkl", weight, slopes, slopes)
    np.testing.assert_allclose(information, expected, rtol=1e-5, atol=1e-6)
    assert (np.linalg.eigvalsh(information) > 0).all()


@pytest.mark.parametrize("model", N_PARAMS)
def test_reported_items_have_the_probabilities_of_the_family(model):
    family, p, _ = case(model, 3)
    if family.n_params == 4:
        p[:, 2:] = -2.0
    items = family.to_items(p)
    np.testing.assert_allclose(
        family.log_prob(p, NODES), log_prob(NODES, items).transpose(1, 2, 0), rtol=1e-10, atol=1e-12
    )


@pytest.mark.parametrize("model", N_PARAMS)
def test_jacobian_is_the_derivative_of_the_report(model):
    family, p, _ = case(model, 4)
    for k in range(family.n_params):
        step = np.zeros(family.n_params)
        step[k] = 1e-6
        difference = (family.report(p + step) - family.report(p - step)) / 2e-6
        np.testing.assert_allclose(family.jacobian(p)[:, :, k], difference, rtol=1e-6, atol=1e-8)


@pytest.mark.parametrize("model", [*N_PARAMS, "GRM", "GPCM", "PCM"])
def test_rescaled_items_have_the_same_probabilities_on_the_other_scale(model):
    mean, sd = 0.4, 1.0 if model in ("Rasch", "PCM") else 1.7
    if model in N_PARAMS:
        family, p, _ = case(model, 5)
    else:
        categories = np.array([3, 4, 2])
        family = (
            GradedFamily(categories)
            if model == "GRM"
            else PartialCreditFamily(categories, PRIORS, model == "GPCM")
        )
        p = family.start(np.where(family.exists, np.arange(1.0, 5.0) * 10, 0.0))
    moved = family.log_prob(family.rescaled(p, mean, sd), (NODES - mean) / sd)
    np.testing.assert_allclose(moved, family.log_prob(p, NODES), rtol=1e-10, atol=1e-12)


@settings(max_examples=40, deadline=None)
@given(st.sampled_from(sorted(N_PARAMS)), st.integers(0, 10**6))
def test_improving_never_lowers_the_objective(model, seed):
    family, p, r = case(model, seed)
    before = family.objective(p, r, NODES)
    after = family.objective(improve(family, p, r, NODES), r, NODES)
    if family.tied:
        assert after.sum() >= before.sum() - 1e-11 * abs(before.sum())
    else:
        assert (after >= before - 1e-11 * np.abs(before)).all()


@pytest.mark.parametrize("model", N_PARAMS)
def test_improving_ends_where_the_gradient_vanishes(model):
    family, truth, r = case(model, 6)
    r = r.sum(axis=1, keepdims=True) * np.exp(family.log_prob(truth, NODES))
    p = improve(family, family.start(r.sum(axis=2)), r, NODES, n_steps=200)
    gradient, _ = family.gradient_and_information(p, r, NODES)
    if family.tied:
        gradient[:, 0] = gradient[:, 0].sum()
        assert np.ptp(p[:, 0]) == 0
    np.testing.assert_allclose(gradient, 0, atol=1e-3)


def test_a_tied_step_is_the_step_of_the_model_with_one_slope():
    """Against the scoring step solved with the slope as one unknown in a matrix of all parameters."""
    family, p, r = case("1PL", 7)
    gradient, information = family.gradient_and_information(p, r, NODES)
    n = family.n_items
    whole, right = np.zeros((n + 1, n + 1)), np.append(gradient[:, 0].sum(), gradient[:, 1])
    whole[0, 0] = information[:, 0, 0].sum()
    whole[0, 1:] = whole[1:, 0] = information[:, 0, 1]
    whole[np.arange(1, n + 1), np.arange(1, n + 1)] = information[:, 1, 1]
    step = np.linalg.solve(whole, right)
    moved = improve(family, p, r, NODES) - p
    ratio = moved[0, 0] / step[0]
    assert 0 < ratio <= 1 + 1e-6
    np.testing.assert_allclose(moved[:, 0], ratio * step[0], rtol=1e-6)
    np.testing.assert_allclose(moved[:, 1], ratio * step[1:], rtol=1e-6)


def test_priors_that_would_not_hold_are_refused():
    with pytest.raises(ValueError, match="Beta"):
        Beta(1.0, 5.0)
    with pytest.raises(ValueError, match="lognormal"):
        Lognormal(0.0, 0.0)
