"""Reliability and classification against closed forms, enumeration and simulated truth."""

import numpy as np
import pytest
from scipy.stats import norm

from irt._posteriors import Posteriors
from irt._responses import Responses
from irt.ability import Grid
from irt.classification import (
    classification,
    grade_chances,
    grade_chances_normal,
    posterior_classification,
    sum_score_classification,
)
from irt.mixed import Mixed, log_prob
from irt.models import Items, prob
from irt.polytomous import Graded
from irt.reliability import curves, empirical_reliability, marginal_reliability

RNG = np.random.default_rng(67)
LOGISTIC = Items(RNG.lognormal(0.2, 0.3, 20), RNG.normal(0, 0.8, 20), np.full(20, 0.15), np.ones(20))
GRADED = Graded.from_lists([1.2, 0.9, 1.5], [[-1.0, 0.2, 1.1], [-0.5, 0.9], [-1.5, -0.2, 0.6]])
FORM = Mixed([LOGISTIC, GRADED])
PEOPLE = Grid(mean=0.3, sd=1.2)
CUTS = [-0.5, 0.4, 1.3]


def answers(theta: np.ndarray) -> np.ndarray:
    cumulative = np.exp(log_prob(theta, FORM)).cumsum(axis=2)[..., :-1]
    return (RNG.random((theta.size, len(FORM), 1)) > cumulative).sum(axis=2).astype(float)


THETA = RNG.normal(0.3, 1.2, 6000)
X = answers(THETA)
X[RNG.random(X.shape) < 0.3] = np.nan
POSTERIORS = Posteriors.of(FORM, PEOPLE)
EAP, SE = POSTERIORS.moments(Responses.of(X))


def test_curves_of_one_logistic_item_are_birnbaums() -> None:
    item = Items.from_lists([1.6], [0.5])
    at = curves([0.5, 2.0], item, Grid(sd=1.5))
    p = 1 / (1 + np.exp(-1.6 * 1.5))
    assert at.test_info == pytest.approx([1.6**2 / 4, 1.6**2 * p * (1 - p)])
    assert at.se == pytest.approx(at.test_info**-0.5)
    assert at.expected_score == pytest.approx([0.5, p])
    assert at.reliability[0] == pytest.approx(0.64 / (0.64 + 1 / 2.25))
    assert at.posterior_se**2 == pytest.approx(1.5**2 * (1 - at.reliability))


def test_the_se_is_infinite_where_nothing_is_measured() -> None:
    at = curves([300.0], Items.from_lists([2.5], [-300.0]))
    assert np.isinf(at.se[0])
    assert at.reliability[0] == 0
    assert np.isfinite(at.posterior_se[0])


def test_marginal_reliability_of_constant_information_is_spearman_browns() -> None:
    # Many equal items spread evenly have the same information everywhere: n a per unit of theta, so rho = I / (I + 1).
    spread = np.linspace(-9, 9, 361)
    items = Items.from_lists([1.0] * 361, spread)
    information = 361 / 18
    found = marginal_reliability(items)
    assert found.eap == pytest.approx(information / (information + 1), abs=2e-3)
    assert found.ml == pytest.approx(1 - 1 / information, abs=2e-3)


def test_empirical_reliability_is_the_squared_correlation_with_the_truth() -> None:
    truth = np.corrcoef(EAP, THETA)[0, 1] ** 2
    error = 4 * 2 * np.sqrt(truth) * (1 - truth) / np.sqrt(THETA.size)
    assert empirical_reliability(EAP, SE, "eap") == pytest.approx(truth, abs=error)
    # Errors of maximum likelihood are added to theta: the reliability is var(theta) / var(estimates).
    noisy = THETA + 0.6 * RNG.normal(size=THETA.size)
    assert empirical_reliability(noisy, np.full(6000, 0.6), "ml") == pytest.approx(1.44 / 1.8, abs=0.02)


def test_a_complete_forms_marginal_reliability_foretells_the_empirical_one() -> None:
    theta, se = POSTERIORS.moments(Responses.of(answers(THETA)))
    assert marginal_reliability(FORM, PEOPLE).eap == pytest.approx(empirical_reliability(theta, se, "eap"), abs=0.03)


def test_accuracy_from_posteriors_is_the_part_given_the_true_grade() -> None:
    found = posterior_classification(X, FORM, CUTS, PEOPLE)
    true, given = np.searchsorted(CUTS, THETA), np.searchsorted(CUTS, EAP)

    def error(p: float, n: float) -> float:
        return 4 * np.sqrt(p * (1 - p) / n)

    assert found.accuracy == pytest.approx((true == given).mean(), abs=error(0.7, 6000))
    for grade in range(4):
        right = (true == given)[given == grade].mean()
        assert found.accuracy_by_grade[grade] == pytest.approx(right, abs=error(right, (given == grade).sum()))
    for cut in range(3):
        assert found.passed_in_error[cut] == pytest.approx(
            ((true <= cut) & (given > cut)).mean(), abs=error(0.05, 6000)
        )
        assert found.failed_in_error[cut] == pytest.approx(
            ((true > cut) & (given <= cut)).mean(), abs=error(0.05, 6000)
        )
    assert found.table.sum() == pytest.approx(1)
    assert found.accuracy_by_cut == pytest.approx(1 - found.passed_in_error - found.failed_in_error)


def test_grade_chances_are_those_of_the_density() -> None:
    grid = Grid()
    density = norm.pdf(grid.nodes, [[-0.7], [0.33], [1.9]], [[0.25], [0.3], [0.5]])
    found = grade_chances(grid, density / density.sum(axis=1, keepdims=True), CUTS)
    assert found == pytest.approx(grade_chances_normal([-0.7, 0.33, 1.9], [0.25, 0.3, 0.5], CUTS), abs=1e-3)
    assert found.sum(axis=1) == pytest.approx(1)
    cut_off = grade_chances(grid, np.eye(61)[[0, 60]], [-9.0, 0.1, 9.0])
    assert cut_off == pytest.approx(np.array([[0, 1, 0, 0], [0, 0, 1, 0]]), abs=1e-6)


def test_consistency_is_the_agreement_of_two_draws_and_kappa_is_beyond_chance() -> None:
    chances = np.array([[0.5, 0.5], [1.0, 0.0]])
    found = classification(chances, [0, 0], weights=[1, 3])
    assert found.consistency == pytest.approx(0.25 * 0.5 + 0.75)
    shares = np.array([0.125 + 0.75, 0.125])
    assert found.kappa == pytest.approx((found.consistency - shares @ shares) / (1 - shares @ shares))
    assert found.accuracy == pytest.approx(0.875)
    assert np.isnan(found.accuracy_by_grade[1])
    assert np.isnan(classification([[1.0, 0.0]], [0]).kappa)


def test_consistency_is_nearly_the_agreement_of_two_sittings_and_not_above_it() -> None:
    rng = np.random.default_rng(68)
    theta = rng.normal(size=8000)
    items = Items.from_lists(rng.lognormal(0.1, 0.25, 30), rng.normal(size=30))
    first, second = ((rng.random((8000, 30)) < prob(theta, items)).astype(float) for _ in range(2))
    found = posterior_classification(first, items, CUTS)
    eaps = (Posteriors.of(items, None).moments(Responses.of(x))[0] for x in (first, second))
    agree = np.equal(*(np.searchsorted(CUTS, eap) for eap in eaps)).mean()
    assert agree - 0.03 < found.consistency < agree + 0.01  # its standard error is .005


def test_lees_indices_are_what_two_simulated_sittings_show() -> None:
    cuts = [9.0, 14.0, 19.0]
    found = sum_score_classification(FORM, cuts, PEOPLE)
    first, second = (np.searchsorted(cuts, answers(THETA).sum(axis=1), side="right") for _ in range(2))
    true_score = curves(THETA, FORM).expected_score
    true = np.searchsorted(cuts, true_score, side="right")
    error = 4 * np.sqrt(0.25 / 6000)
    assert found.accuracy == pytest.approx((true == first).mean(), abs=error)
    assert found.consistency == pytest.approx((first == second).mean(), abs=error)
    assert found.consistency_by_grade[3] == pytest.approx((second == 3)[first == 3].mean(), abs=2 * error)
    assert found.table == pytest.approx(
        np.array([[((true == row) & (first == column)).mean() for column in range(4)] for row in range(4)]), abs=error
    )


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: grade_chances_normal([0.0], [0.0], CUTS), "se must be positive"),
        (lambda: grade_chances_normal([np.nan], [1.0], CUTS), "theta must be finite"),
        (lambda: grade_chances_normal([0.0], [1.0], [1.0, 1.0]), "increasing"),
        (lambda: grade_chances_normal([0.0], [1.0], []), "at least one"),
        (lambda: grade_chances(Grid(), np.ones((2, 61)), CUTS), "sum to one"),
        (lambda: grade_chances(Grid(), np.full((1, 61), np.nan), CUTS), "sum to one"),
        (lambda: classification([[0.5, 0.6]], [0]), "sum to one"),
        (lambda: classification([[np.nan, 1.0]], [0]), "probabilities"),
        (lambda: classification([[0.5, 0.5]], [2]), "0 .. 1"),
        (lambda: classification([[0.5, 0.5]], [0], [0]), "weights"),
        (lambda: classification(np.empty((0, 2)), []), "persons by grades"),
        (lambda: empirical_reliability([0.0, 1.0], [1.0, -1.0], "eap"), "se must be positive"),
        (lambda: empirical_reliability([], [], "eap"), "at least one person"),
        (lambda: empirical_reliability([0.0], [1.0], "wle"), "unknown method"),
        (lambda: curves([np.inf], FORM), "finite"),
        (lambda: posterior_classification([[np.inf] * 23], FORM, CUTS), "whole numbers"),
    ],
)
def test_hostile_input_is_refused_by_name(call: object, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        call()  # type: ignore[operator]


def test_one_person_or_equal_ones_have_no_reliability() -> None:
    assert np.isnan(empirical_reliability([0.3], [0.5], "eap"))
    assert np.isnan(empirical_reliability([0.3, 0.3], [0.5, 0.5], "ml", weights=[500_000, 500_000]))
    for theta, se in (([0.0, 1e300], [1.0, 1.0]), ([0.0, 1.0], [1e200, 1.0])):
        with pytest.raises(ValueError, match="persons without an estimate"):
            empirical_reliability(theta, se, "ml")
    found = posterior_classification(np.ones((1, 23)), FORM, CUTS, weights=[1_000_000])
    assert found.table.sum() == pytest.approx(1)
