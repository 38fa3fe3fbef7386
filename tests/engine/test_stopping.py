"""Criteria of stopping against quadrature and closed forms, and decisions as right as they say, by simulation."""

import math
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import quad
from scipy.stats import norm

from irt.ability import Grid, LogLikTable, posterior, posterior_moments
from irt.domain import domain_score, expected_score
from irt.draws import Draws
from irt.models import Items, log_prob, prob
from irt.selection import InfoTable, Rule, information, next_item
from irt.stopping import (
    AllOf,
    Classified,
    LikelihoodRatio,
    Precision,
    Progress,
    StoppingRule,
    TimeLeft,
    stop,
    theta_cuts,
    upper_tails,
)

GRID = Grid()
PRIOR = np.exp(GRID.log_prior)


def a_pool(n_items: int, seed: int) -> Items:
    rng = np.random.default_rng(seed)
    return Items(
        np.clip(rng.lognormal(0.2, 0.3, n_items), 0.5, 2.5),
        np.clip(rng.normal(size=n_items), -2.5, 2.5),
        np.clip(rng.beta(20, 80, n_items), 0.05, 0.35),
        np.ones(n_items),
    )


POOL, REFERENCE = a_pool(300, 1), a_pool(60, 2)
TABLE = LogLikTable.of(POOL, GRID)


def progress(n_administered: int = 20, se: float = 0.4, is_met: bool = True, **more: object) -> Progress:
    return Progress(
        n_administered, se, is_met, **{"grid": GRID, "mass": PRIOR, "seconds_left": 600.0, **more}
    )


def normal_mass(mean: float, sd: float) -> np.ndarray:
    mass = norm.pdf(GRID.nodes, mean, sd)
    return mass / mass.sum()


# --- the posterior and the cuts ---------------------------------------------------------------------------------


@pytest.mark.parametrize("cut", [-2.3, -0.11, 0.0, 0.37, 1.9])
def test_the_tail_of_a_normal_posterior_is_the_normal_tail(cut: float) -> None:
    for mean, sd in ((0.0, 1.0), (0.33, 0.3), (0.5, 0.2)):
        assert upper_tails(GRID, normal_mass(mean, sd), [cut])[0] == pytest.approx(
            norm.sf(cut, mean, sd), abs=3e-4
        )


@pytest.mark.parametrize("n_answers", [3, 20, 60])
def test_the_tail_of_a_real_posterior_is_that_of_quadrature(n_answers: int) -> None:
    rng = np.random.default_rng(n_answers)
    x = (rng.random(n_answers) < prob(0.3, POOL)[0, :n_answers]).astype(int)
    given = POOL.take(range(n_answers))

    def density(theta: float) -> float:
        logs = log_prob(theta, given)[0]
        return float(np.exp(np.where(x == 1, logs[:, 1], logs[:, 0]).sum() + norm.logpdf(theta) + 20))

    mass = posterior(TABLE, range(n_answers), x)
    peak = float(GRID.nodes[mass.argmax()])
    total, above = (quad(density, low, 6, points=[peak], epsabs=0, limit=200)[0] for low in (-6, peak + 0.13))
    assert upper_tails(GRID, mass, [peak + 0.13])[0] == pytest.approx(above / total, abs=3e-4)


def test_outside_the_grid_all_or_nothing_is_above() -> None:
    assert upper_tails(GRID, PRIOR, [-math.inf, -7.0, 7.0, math.inf]) == (1.0, 1.0, 0.0, 0.0)


def test_percents_become_the_thetas_at_which_they_are_expected() -> None:
    cuts = theta_cuts(REFERENCE, [50.0, 60.0, 75.0])
    np.testing.assert_allclose(100 * expected_score(list(cuts), REFERENCE), [50, 60, 75])
    assert theta_cuts(REFERENCE, [0.0, 100.0]) == (-math.inf, math.inf)
    mass = posterior(TABLE, range(10), [1, 0] * 5)
    scored = domain_score(GRID, mass, REFERENCE, cuts=[50.0, 60.0, 75.0])
    np.testing.assert_allclose(upper_tails(GRID, mass, cuts), scored.at_least, atol=1e-3)
    with pytest.raises(ValueError):
        theta_cuts(REFERENCE, [101.0])


# --- each criterion ---------------------------------------------------------------------------------------------


def test_every_cut_must_be_decided() -> None:
    rule = Classified((-1.0, 0.0, 1.0), certainty=0.9)
    z = norm.ppf(0.9)
    near, clear = progress(mass=normal_mass(0.3, 0.3)), progress(mass=normal_mass(0.5, 0.49 / z))
    assert rule.sides(near) == ("above", None, "below")
    assert rule.judge(near) is None
    assert rule.sides(clear) == ("above", "above", "below")
    assert rule.judge(clear) == "classified"
    assert Classified((0.0,), 0.9).judge(progress(mass=normal_mass(0.5, 0.51 / z))) is None


def test_with_a_normal_likelihood_the_ratio_is_in_closed_form() -> None:
    """For a likelihood N(m, s) with m beyond the indifference region, log GLR = (m - (cut - delta))^2 / (2 s^2)."""
    delta, s, limit = 0.2, 0.4, math.log(0.95 / 0.05)
    edge = -delta + s * math.sqrt(2 * limit)  # the mean at which the ratio meets Wald's limit for a cut at 0
    for mean, side in (
        (edge + 0.02, "above"),
        (edge - 0.02, None),
        (-edge + 0.02, None),
        (-edge - 0.02, "below"),
    ):
        log_mass = norm.logpdf(GRID.nodes, mean, s) + GRID.log_prior
        mass = np.exp(log_mass - log_mass.max())
        assert LikelihoodRatio((0.0,), delta).sides(progress(mass=mass / mass.sum())) == (side,)


def test_unequal_error_rates_move_the_limits_apart() -> None:
    log_mass = norm.logpdf(GRID.nodes, 0.8, 0.4) + GRID.log_prior
    mass = np.exp(log_mass - log_mass.max())
    here = progress(mass=mass / mass.sum())
    # log GLR = 1.0^2 / (2 0.4^2) = 3.125, between log(.95 / .05) = 2.94 and log(.95 / .005) = 5.25
    assert LikelihoodRatio((0.0,), 0.2, alpha=0.05, beta=0.05).judge(here) == "likelihood_ratio"
    assert LikelihoodRatio((0.0,), 0.2, alpha=0.005, beta=0.05).judge(here) is None
    assert LikelihoodRatio((0.0,), 0.2, alpha=0.05, beta=0.005).judge(here) == "likelihood_ratio"


@settings(max_examples=80, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 299), st.integers(0, 1)), max_size=80, unique_by=lambda pair: pair[0]),
    st.lists(st.floats(-7, 7), min_size=1, max_size=4),
)
def test_any_answers_give_falling_tails_and_sides_that_agree(
    steps: list[tuple[int, int]], cuts: list[float]
) -> None:
    mass = posterior(TABLE, [item for item, _ in steps], [score for _, score in steps])
    tails = upper_tails(GRID, mass, sorted(cuts))
    assert all(0 <= low <= high <= 1 for high, low in pairwise(tails))
    here = progress(mass=mass)
    strict, loose = Classified(tuple(cuts), 0.99).sides(here), Classified(tuple(cuts), 0.6).sides(here)
    assert all(a in (None, b) for a, b in zip(strict, loose, strict=True))
    assert set(LikelihoodRatio(tuple(cuts)).sides(here)) <= {"above", "below", None}


def test_all_or_any_of_several_criteria() -> None:
    both = AllOf((Precision(0.3), TimeLeft(60.0)))
    assert both.judge(progress(se=0.2, seconds_left=30.0)) == "precision"
    assert both.judge(progress(se=0.2, seconds_left=90.0)) is None
    either = StoppingRule(5, 30, se=0.3, criteria=(TimeLeft(60.0), Classified((5.0,))))
    assert either.judge(progress(se=0.2, seconds_left=30.0)) == "precision"
    assert either.judge(progress(se=0.4, seconds_left=30.0)) == "time"
    assert either.judge(progress(se=0.4, seconds_left=90.0)) == "classified"


@pytest.mark.parametrize(
    ("n_administered", "is_met", "reason"),
    [(4, True, None), (5, False, None), (5, True, "time"), (30, False, "length")],
)
def test_nothing_but_the_length_stops_before_the_minima(
    n_administered: int, is_met: bool, reason: str | None
) -> None:
    rule = StoppingRule(
        5, 30, se=1.0, criteria=(Classified((0.0,)), LikelihoodRatio((0.0,)), TimeLeft(600.0))
    )
    assert StoppingRule(5, 30, criteria=rule.criteria).judge(progress(n_administered, 0.5, is_met)) == reason
    if not is_met or n_administered < 5:
        assert (
            rule.judge(progress(n_administered, 0.01, is_met, mass=normal_mass(3, 0.2), seconds_left=0.0))
            == reason
        )


def test_a_rule_that_needs_more_than_it_is_told_says_so() -> None:
    with pytest.raises(ValueError, match="posterior"):
        stop(StoppingRule(1, 30, criteria=(Classified((0.0,)),)), 10, 0.5, True)
    with pytest.raises(ValueError, match="seconds left"):
        stop(StoppingRule(1, 30, criteria=(TimeLeft(10.0),)), 10, 0.5, True)
    with pytest.raises(ValueError, match="each node"):
        Classified((0.0,)).judge(progress(mass=PRIOR[1:]))
    with pytest.raises(ValueError, match="each node"):
        Classified((0.0,)).judge(progress(mass=np.full(GRID.n_nodes, np.nan)))
    with pytest.raises(ValueError, match="each node"):
        Classified((0.0,)).judge(progress(mass=np.zeros(GRID.n_nodes)))
    assert stop(StoppingRule(1, 30, se=0.5), 10, 0.5, True) == "precision"


@pytest.mark.parametrize(
    "make",
    [
        lambda: Classified(()),
        lambda: Classified((math.nan,)),
        lambda: Classified((0.0,), 0.5),
        lambda: Classified((0.0,), 1.0),
        lambda: LikelihoodRatio((0.0,), 0.0),
        lambda: LikelihoodRatio((0.0,), alpha=0.5),
        lambda: LikelihoodRatio((0.0,), beta=0.0),
        lambda: Precision(math.inf),
        lambda: TimeLeft(-1.0),
        lambda: TimeLeft(math.nan),
        lambda: AllOf(()),
        lambda: StoppingRule(3, 2),
        lambda: StoppingRule(1, 3, math.nan),
    ],
)
def test_impossible_rules_are_refused(make: object) -> None:
    with pytest.raises(ValueError):
        make()


# --- whole tests ------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Taken:
    theta: float
    length: int
    reason: str
    progress: Progress


def take_tests(rule: StoppingRule, thetas: np.ndarray, seed: int) -> list[Taken]:
    """Maximum-information tests without quotas."""
    table, selection = InfoTable.of(POOL, GRID), Rule()
    taken = []
    for person, theta in enumerate(thetas):
        p, draws, indices, scores = prob(theta, POOL)[0], Draws(seed, person), [], []
        while True:
            mass = posterior(TABLE, indices, scores)
            here = Progress(len(indices), posterior_moments(GRID, mass).se, True, GRID, mass)
            if (reason := rule.judge(here)) is not None:
                taken.append(Taken(float(theta), len(indices), reason, here))
                break
            open_items = ~np.isin(np.arange(len(POOL)), indices)
            chosen = next_item(information(table, mass, selection), open_items, draws, selection).index
            indices.append(chosen)
            scores.append(int(draws.unit() < p[chosen]))
    return taken


THETAS = np.random.default_rng(3).normal(size=250)


def test_pass_and_fail_are_decided_in_half_a_test_and_rightly() -> None:
    """Of 30 items, twelve of them owed to the tiers, .90 needs 16.7 on average (ENGINE.md)."""
    cut = theta_cuts(REFERENCE, [50.0])
    rule = Classified(cut, 0.90)
    taken = take_tests(StoppingRule(12, 30, criteria=(rule,)), THETAS, seed=5)
    assert 14 < np.mean([one.length for one in taken]) < 20
    decided = [one for one in taken if one.reason == "classified"]
    assert len(decided) > 0.6 * len(taken)
    right = np.mean([(one.theta >= cut[0]) == (rule.sides(one.progress) == ("above",)) for one in decided])
    # Bayes: at least .90 over the prior, whatever the stopping; three errors of a share below that is a fault.
    assert right > 0.90 - 3 * math.sqrt(0.09 / len(decided))


def test_more_cuts_take_longer_and_far_candidates_are_soon_done() -> None:
    one, three = theta_cuts(REFERENCE, [60.0]), theta_cuts(REFERENCE, [50.0, 60.0, 75.0])
    lengths = {
        cuts: [
            t.length for t in take_tests(StoppingRule(5, 30, criteria=(Classified(cuts),)), THETAS[:80], 6)
        ]
        for cuts in (one, three)
    }
    assert np.mean(lengths[one]) < np.mean(lengths[three])
    assert all(a <= b for a, b in zip(lengths[one], lengths[three], strict=True))
    far = take_tests(StoppingRule(5, 30, criteria=(Classified(one),)), np.full(40, one[0] - 2.5), 7)
    assert np.mean([t.length for t in far]) < 8


def test_the_likelihood_ratio_keeps_its_error_rate_at_the_edge_of_indifference() -> None:
    rule = LikelihoodRatio((0.0,), indifference=0.3, alpha=0.05, beta=0.05)
    for theta, wrong in ((0.3, "below"), (-0.3, "above")):
        taken = take_tests(StoppingRule(5, 60, criteria=(rule,)), np.full(100, theta), seed=8)
        errors = sum(rule.sides(one.progress) == (wrong,) for one in taken)
        assert errors <= 15  # nominal 5 of 100; Wald's limits are approximate
        assert np.mean([one.reason == "likelihood_ratio" for one in taken]) > 0.5
