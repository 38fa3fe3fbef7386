"""Percent of marks on a reference form against quadrature, closed forms and simulated candidates."""

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.optimize import brentq
from scipy.stats import norm

from irt.ability import Grid, LogLikTable, posterior
from irt.domain import DomainCurve, domain_score, expected_score
from irt.mixed import ItemSet, Mixed
from irt.mixed import log_prob as log_probs
from irt.models import Items, log_prob, prob
from irt.polytomous import Graded, PartialCredit

RNG = np.random.default_rng(60)
GRID = Grid()
REFERENCE = Items(RNG.lognormal(0.2, 0.3, 60), RNG.normal(size=60), RNG.beta(20, 80, 60), np.ones(60))
POOL = Items(RNG.lognormal(0.2, 0.3, 200), RNG.normal(size=200), RNG.beta(20, 80, 200), np.ones(200))
PRIOR = np.exp(GRID.log_prior)


def test_expected_score_is_the_mean_probability() -> None:
    np.testing.assert_allclose(
        expected_score([0.0, 1.0], REFERENCE), prob([0.0, 1.0], REFERENCE).mean(axis=1)
    )


def test_under_a_symmetric_prior_a_symmetric_form_gives_half() -> None:
    score = domain_score(GRID, PRIOR, Items.from_lists([1.0], [0.0]), cuts=[50])
    assert score.percent == pytest.approx(50)
    assert score.at_least == (pytest.approx(0.5, abs=1e-6),)


@pytest.mark.parametrize("cut", [30.0, 50.0, 60.0, 75.0, 90.0])
def test_prior_probabilities_are_those_of_the_normal(cut: float) -> None:
    theta_cut = brentq(lambda theta: float(expected_score(theta, REFERENCE)[0]) * 100 - cut, -6, 6)
    score = domain_score(GRID, PRIOR, REFERENCE, cuts=[cut])
    assert score.at_least[0] == pytest.approx(norm.sf(theta_cut), abs=2e-5)


@pytest.mark.parametrize("n_answers", [1, 10, 40, 120])
def test_a_posterior_gives_what_quadrature_gives(n_answers: int) -> None:
    x = (RNG.random(200) < prob(0.4, POOL)[0]).astype(int)[:n_answers]
    items = POOL.take(range(n_answers))

    def log_posterior(theta: float) -> float:
        logs = log_prob(theta, items)[0]
        return float(np.where(x == 1, logs[:, 1], logs[:, 0]).sum()) + norm.logpdf(theta)

    peak = max(map(log_posterior, np.linspace(-3, 3, 601)))

    def integral(lower: float, power: int) -> float:
        def integrand(theta: float) -> float:
            return float(
                np.exp(log_posterior(theta) - peak) * (100 * expected_score(theta, REFERENCE)[0]) ** power
            )

        return quad(integrand, lower, 6, points=[max(lower, 0.4)], epsrel=1e-9, limit=500)[0]

    total = integral(-6, 0)
    score = domain_score(GRID, posterior(LogLikTable.of(POOL, GRID), range(n_answers), x), REFERENCE)
    mean = integral(-6, 1) / total
    assert score.percent == pytest.approx(mean, abs=1e-3)
    assert score.sd == pytest.approx(np.sqrt(integral(-6, 2) / total - mean**2), abs=1e-2)
    for cut, at_least in zip(score.cuts, score.at_least, strict=True):
        theta_cut = brentq(
            lambda theta, cut=cut: float(expected_score(theta, REFERENCE)[0]) * 100 - cut, -6, 6
        )
        assert at_least == pytest.approx(integral(theta_cut, 0) / total, abs=1e-3)


def test_cuts_outside_the_form_are_certain() -> None:
    form = Items.from_lists([1.0], [0.0], [0.2], [0.9])
    assert domain_score(GRID, PRIOR, form, cuts=[0, 10, 95, 100]).at_least == (1.0, 1.0, 0.0, 0.0)


def test_probabilities_fall_with_the_cut() -> None:
    score = domain_score(GRID, PRIOR, REFERENCE, cuts=np.linspace(0, 100, 201).tolist())
    assert (np.diff(score.at_least) <= 1e-15).all()
    assert all(0 <= p <= 1 for p in score.at_least)


GRADED = Graded.from_lists([1.2, 0.8], [[-1.5, 0.0, 1.0], [-0.4, 0.9]])
PARTIAL = PartialCredit.from_lists([1.0, 0.6], [[0.5, -0.5], [-1.2, 0.8, 0.1, 1.0]])
MIXED = Mixed([REFERENCE[:4], GRADED, PARTIAL], [[0, 2, 4, 6], [1, 3], [5, 7]])
SETS = pytest.mark.parametrize("form", [GRADED, PARTIAL, MIXED], ids=["graded", "partial", "mixed"])


@SETS
def test_a_curve_made_once_scores_as_one_made_for_the_candidate(form: ItemSet) -> None:
    curve = DomainCurve.of(form, GRID)
    assert curve.score(PRIOR) == domain_score(GRID, PRIOR, form)
    with pytest.raises(ValueError, match="read-only"):
        curve.on_nodes[0] = 0.0


@SETS
def test_expected_score_is_marks_over_the_most_there_are(form: ItemSet) -> None:
    theta = np.linspace(-4, 4, 9)
    p = np.exp(log_probs(theta, form))
    marks = sum(k * p[:, :, k].sum(axis=1) for k in range(p.shape[2]))
    np.testing.assert_allclose(expected_score(theta, form), marks / (form.n_categories - 1).sum(), rtol=1e-12)


@SETS
def test_more_theta_is_more_marks_from_none_to_all(form: ItemSet) -> None:
    curve = expected_score(np.linspace(-30, 30, 301), form)
    assert (np.diff(curve) >= -1e-15).all()
    assert curve[-1] == pytest.approx(1, abs=1e-6)
    # At the bottom only what guessing earns is left.
    guessed = REFERENCE.c[:4].sum() / (MIXED.n_categories - 1).sum() if form is MIXED else 0
    assert curve[0] == pytest.approx(guessed, abs=1e-6)


def test_an_item_of_several_marks_weighs_as_its_marks() -> None:
    # A partial credit item with binomial steps is four Rasch items, so the form's curve stays as it was.
    apart = Items.from_lists([1.0] * 4 + [1.3], [0.0] * 4 + [0.8])
    steps = -np.diff(np.log([1, 4, 6, 4, 1]))
    together = Mixed([PartialCredit.from_lists([1.0], [steps]), Items.from_lists([1.3], [0.8])])
    theta = np.linspace(-4, 4, 41)
    np.testing.assert_allclose(expected_score(theta, together), expected_score(theta, apart), rtol=1e-12)
    one, other = (domain_score(GRID, PRIOR, form) for form in (together, apart))
    assert one.percent == pytest.approx(other.percent)
    assert one.at_least == pytest.approx(other.at_least)


@SETS
def test_prior_probabilities_on_any_form_are_those_of_the_normal(form: ItemSet) -> None:
    score = domain_score(GRID, PRIOR, form, cuts=[40.0, 55.0, 70.0])
    for cut, at_least in zip(score.cuts, score.at_least, strict=True):
        theta_cut = brentq(lambda theta, cut=cut: float(expected_score(theta, form)[0]) * 100 - cut, -6, 6)
        assert at_least == pytest.approx(norm.sf(theta_cut), abs=2e-5)
    dense = np.linspace(-6, 6, 24_001)
    weight = norm.pdf(dense) / norm.pdf(dense).sum()
    percent = 100 * expected_score(dense, form)
    assert score.percent == pytest.approx(weight @ percent, abs=1e-6)
    assert score.sd == pytest.approx(np.sqrt(weight @ (percent - weight @ percent) ** 2), abs=1e-5)


def test_the_cuts_part_the_probability_of_the_grades() -> None:
    score = domain_score(GRID, PRIOR, REFERENCE, cuts=[75.0, 50.0, 60.0])
    assert sum(score.bands) == pytest.approx(1, abs=1e-15)
    most, fair, least = score.at_least[0], score.at_least[2], score.at_least[1]
    assert score.bands == pytest.approx((1 - least, least - fair, fair - most, most))
    assert domain_score(GRID, PRIOR, REFERENCE, cuts=[]).bands == (1.0,)


def test_a_posterior_of_polytomous_answers_calibrates_the_grades() -> None:
    # Candidates drawn from the prior: a grade given with probability p is true with frequency p (Dawid 1982).
    rng = np.random.default_rng(3)
    thetas = rng.normal(size=1500)
    p = np.exp(log_probs(thetas, MIXED))
    x = (rng.random((1500, 8, 1)) > p.cumsum(axis=2)).sum(axis=2)
    x = np.minimum(x, MIXED.n_categories - 1)
    table, curve = LogLikTable.of(MIXED, GRID), DomainCurve.of(REFERENCE, GRID)
    claims = np.array([curve.score(posterior(table, range(8), row), [60.0]).at_least[0] for row in x])
    is_true = 100 * expected_score(thetas, REFERENCE) >= 60
    error = np.sqrt((claims * (1 - claims)).sum())
    assert abs((is_true - claims).sum()) < 3 * error
    for low, high in ((0.0, 0.3), (0.3, 0.7), (0.7, 1.0)):
        among = (claims >= low) & (claims <= high)
        spread = np.sqrt((claims[among] * (1 - claims[among])).sum())
        assert among.sum() > 100
        assert abs((is_true[among] - claims[among]).sum()) < 3 * spread
