"""Simulated tests out of items with ordered categories and of mixed pools, free and under constraints."""

import numpy as np
import pytest

from irt.ability import eap, posterior, posterior_moments
from irt.assembly import Constraints, TimeBudget, label_quotas, violations
from irt.decider import Decider, NextItem
from irt.domain import domain_score
from irt.draws import Draws
from irt.exposure import Control
from irt.mixed import ItemSet, Mixed, expected_score, info, log_prob
from irt.models import Items
from irt.polytomous import Graded, PartialCredit
from irt.selection import Rule, information, kullback_leibler
from irt.simulate import (
    Design,
    Normal,
    grade_accuracy,
    person_seed,
    simulate,
    simulate_cat,
    sympson_hetter_chances,
    thetas_of,
)
from irt.simulate.population import upper_tails

N, LENGTH = 60, 10
RNG = np.random.default_rng(12)


def ordered(n: int, kind: type[Graded] | type[PartialCredit]) -> Graded | PartialCredit:
    """Items of three to five categories."""
    b = np.sort(RNG.normal(RNG.normal(0, 0.8, (n, 1)), 0.8, (n, 4)), axis=1)
    b[: n // 2, 2:] = np.nan
    return kind(RNG.lognormal(0.1, 0.3, n), b)


POOL = Mixed(
    (
        Items(RNG.lognormal(0.2, 0.3, 20), RNG.normal(size=20), np.full(20, 0.2), np.ones(20)),
        ordered(20, Graded),
        ordered(20, PartialCredit),
    ),
    np.split(RNG.permutation(N), 3),
)
KINDS = np.empty(N, dtype=object)
for part, name in zip(POOL.places, ("right or wrong", "graded", "partial credit"), strict=True):
    KINDS[part] = name
QUOTAS = label_quotas(KINDS.tolist(), {"right or wrong": (4, 4), "graded": (2, 4), "partial credit": (2, 4)})
FREE, TIERS = Constraints(N, LENGTH), Constraints(N, LENGTH, QUOTAS, (np.array([3, 4]),))
BUDGET = Constraints(N, LENGTH, QUOTAS, time=TimeBudget(500.0, 20.0 + 10.0 * POOL.n_categories))
DESIGNS = {
    "free": Design(POOL, FREE, Rule(randomesque=3)),
    "weighted": Design(POOL, FREE, Rule("posterior_weighted")),
    "progressive": Design(POOL, FREE, exposure=Control("progressive_restricted", 0.5)),
    "graded alone": Design(ordered(40, Graded), Constraints(40, LENGTH)),
    "eligible": Design(POOL, TIERS),
    "shadow": Design(POOL, TIERS, Rule("kullback_leibler"), method="shadow"),
    "budget": Design(POOL, BUDGET, method="shadow"),
}
THETAS = thetas_of([Normal()], 250, 3)


@pytest.mark.parametrize("items", [POOL, *POOL.parts], ids=lambda items: type(items).__name__)
def test_a_score_is_drawn_with_the_probabilities_of_the_model(items: ItemSet) -> None:
    tails = upper_tails([-1.0, 0.7], items)
    p = np.exp(log_prob([-1.0, 0.7], items))
    ends = np.concatenate((np.ones((*tails.shape[:2], 1)), tails, np.zeros((*tails.shape[:2], 1))), axis=2)
    assert -np.diff(ends, axis=2) == pytest.approx(p, abs=1e-14)
    luck = (np.arange(1000) + 0.5) / 1000
    scores = (luck[:, None, None] < tails[1]).sum(axis=2)
    assert scores.mean(axis=0) == pytest.approx(expected_score(0.7, items)[0], abs=0.004)
    assert (scores.max(axis=0) < items.n_categories).all()


@pytest.mark.parametrize("name", DESIGNS)
def test_theta_is_recovered_with_the_precision_it_claims_and_no_test_is_illegal(name: str) -> None:
    design = DESIGNS[name]
    thetas = THETAS[:60] if name == "budget" else THETAS
    simulation = simulate(design, thetas, 6)
    z = (simulation.theta_true - simulation.theta) / simulation.se
    assert abs(z.mean()) < 4 / np.sqrt(z.size)
    assert abs((z**2).mean() - 1) < 4 * np.sqrt((z**2).var() / z.size)
    assert simulation.n_violations.sum() == 0
    assert all(violations(design.constraints, test) == () for test in simulation.indices)
    assert simulation.scores.max() == design.items.n_categories.max() - 1
    assert (simulation.scores < design.items.n_categories[simulation.indices]).all()


@pytest.mark.parametrize("name", ["free", "weighted", "graded alone", "eligible", "shadow"])
def test_one_alone_gets_the_test_it_gets_among_many_and_its_eap(name: str) -> None:
    design = DESIGNS[name]
    together = simulate(design, THETAS[:20], 6)
    for person in range(20):
        run = simulate_cat(design, THETAS[person], person_seed(6, person))
        assert run.indices.tolist() == together.indices[person].tolist()
        assert run.scores.tolist() == together.scores[person].tolist()
        assert run.estimate == eap(design.log_lik, run.indices, run.scores)
        assert run.estimate.theta == together.theta[person]


def test_the_information_is_that_of_the_mixed_pool() -> None:
    table, grid = DESIGNS["free"].info_table, DESIGNS["free"].grid
    assert (table.at_nodes == info(grid.nodes, POOL)).all()
    indices, scores = [0, 1, 2], [1, 0, 1]
    mass = posterior(DESIGNS["free"].log_lik, indices, scores)
    theta = posterior_moments(grid, mass).theta
    at = information(table, mass, Rule())
    assert at == pytest.approx(info(theta, POOL)[0], rel=0.05, abs=0.01)
    assert (table.at_nodes[:, POOL.places[1]] == info(grid.nodes, POOL.parts[1])).all()


def test_kullback_leibler_sums_over_all_categories_there_are() -> None:
    design = DESIGNS["free"]
    mass = posterior(design.log_lik, [0, 5, 9], [1, 1, 0])
    theta = posterior_moments(design.grid, mass).theta
    found = kullback_leibler(design.info_table, mass)
    logs, at_eap = log_prob(design.grid.nodes, POOL), log_prob(theta, POOL)[0]
    for item in range(N):
        of = slice(0, int(POOL.n_categories[item]))
        k = [
            np.sum(np.exp(at_eap[item, of]) * (at_eap[item, of] - logs[node, item, of]))
            for node in range(design.grid.n_nodes)
        ]
        assert found[item] == pytest.approx(mass @ np.array(k), rel=1e-9, abs=1e-13)


def test_grades_on_a_mixed_reference_form_are_those_of_the_percents_one_by_one() -> None:
    design, reference = DESIGNS["eligible"], POOL.take(np.arange(0, N, 2))
    simulation = simulate(design, THETAS[:60], 6)
    found = grade_accuracy(design, simulation, reference, (50, 60, 75))
    percent = [
        domain_score(design.grid, posterior(design.log_lik, indices, x), reference).percent
        for indices, x in zip(simulation.indices, simulation.scores, strict=True)
    ]
    assert found.percent == pytest.approx(percent)
    assert found.exact > 0.5
    assert found.pass_fail > 0.7


def test_the_exposure_of_a_mixed_pool_can_be_tuned() -> None:
    found = sympson_hetter_chances(DESIGNS["free"], thetas_of([Normal()], 1000, 4), 2, 0.4, tolerance=0.06)
    assert found.converged


def test_live_decisions_take_every_category() -> None:
    design = DESIGNS["shadow"]
    decider = Decider(design.log_lik, design.info_table, TIERS, design.rule, "shadow")
    top = design.items.n_categories - 1
    indices: list[int] = []
    while isinstance(outcome := decider.decide(indices, top[indices], lambda n: Draws(3, n)), NextItem):
        indices.append(outcome.index)
    assert violations(TIERS, indices) == ()
    with pytest.raises(ValueError, match="scores 0"):
        decider.decide(indices[:1], [top[indices[0]] + 1], lambda n: Draws(3, n))
