"""Whole simulated tests: no blueprint broken, theta and percent recovered within Monte-Carlo error."""


import numpy as np
import pytest

from irt.ability import eap, posterior
from irt.assembly import Constraints, Feasible, feasibility, label_quotas, violations
from irt.domain import domain_score, expected_score
from irt.draws import Draws
from irt.models import Items
from irt.selection import Rule, information, next_item
from irt.simulate import Design, Simulation, person_seed, simulate, simulate_cat
from irt.stopping import StoppingRule

LENGTH = 20
EXACT = {"basic": (7, 7), "medium": (8, 8), "raised": (5, 5)}
MINIMA = {"basic": (5, LENGTH), "medium": (5, LENGTH), "raised": (4, LENGTH)}


def items_like_a_bank(n_items: int, seed: int) -> Items:
    rng = np.random.default_rng(seed)
    return Items(
        np.clip(rng.lognormal(0.2, 0.3, n_items), 0.5, 2.5),
        np.clip(rng.normal(size=n_items), -2.5, 2.5),
        np.clip(rng.beta(20, 80, n_items), 0.05, 0.35),
        np.ones(n_items),
    )


def design(
    tiers: dict[str, tuple[int, int]], seed: int = 1, n_items: int = 150, areas: tuple[int, int] = (4, 6)
) -> Design:
    """Tiers follow difficulty, areas overlap them, and fifteen pairs of items are enemies."""
    rng = np.random.default_rng(seed)
    items = items_like_a_bank(n_items, seed)
    tier = np.array(["basic", "medium", "raised"])[np.digitize(items.b, [-0.4, 0.6])]
    area = rng.choice(list("pqrs"), n_items)
    quotas = label_quotas(tier.tolist(), tiers) + label_quotas(area.tolist(), dict.fromkeys("pqrs", areas))
    enemies = tuple(rng.choice(n_items, (15, 2), replace=False))
    return Design(items, Constraints(n_items, LENGTH, quotas, enemies), Rule(randomesque=5))


@pytest.fixture(scope="module")
def thetas() -> np.ndarray:
    return np.random.default_rng(77).normal(size=600)


@pytest.fixture(scope="module")
def exact(thetas: np.ndarray) -> Simulation:
    return simulate(design(EXACT), thetas, seed=11)


@pytest.fixture(scope="module")
def minima(thetas: np.ndarray) -> Simulation:
    return simulate(design(MINIMA), thetas, seed=12)


@pytest.mark.parametrize("tiers", [EXACT, MINIMA])
def test_the_pool_is_feasible(tiers: dict[str, tuple[int, int]]) -> None:
    assert isinstance(feasibility(design(tiers).constraints), Feasible)


@pytest.mark.parametrize(("kind", "tiers"), [("exact", EXACT), ("minima", MINIMA)])
def test_no_candidate_of_any_ability_gets_an_illegal_test(
    kind: str, tiers: dict[str, tuple[int, int]], request: pytest.FixtureRequest
) -> None:
    simulation: Simulation = request.getfixturevalue(kind)
    constraints = design(tiers).constraints
    assert simulation.n_violations.sum() == 0
    assert all(violations(constraints, test) == () for test in simulation.indices)


@pytest.mark.parametrize("kind", ["exact", "minima"])
def test_theta_is_recovered_with_the_precision_it_claims(kind: str, request: pytest.FixtureRequest) -> None:
    # With thetas drawn from the prior, (theta - EAP) / se has mean 0 and variance 1, adaptive or not.
    simulation: Simulation = request.getfixturevalue(kind)
    z = (simulation.theta_true - simulation.theta) / simulation.se
    n = z.size
    assert abs(z.mean()) < 4 / np.sqrt(n)
    assert abs((z**2).mean() - 1) < 4 * np.sqrt(((z**2).var()) / n)


def test_percent_and_its_probabilities_are_calibrated(exact: Simulation) -> None:
    reference = items_like_a_bank(60, seed=60)
    adaptive = design(EXACT)
    true = 100 * expected_score(exact.theta_true, reference)
    scores = [
        domain_score(adaptive.grid, posterior(adaptive.log_lik, indices, x), reference)
        for indices, x in zip(exact.indices, exact.scores, strict=True)
    ]
    z = (true - np.array([score.percent for score in scores])) / np.array([score.sd for score in scores])
    assert abs(z.mean()) < 4 / np.sqrt(z.size)
    assert abs((z**2).mean() - 1) < 4 * np.sqrt((z**2).var() / z.size)
    for k, cut in enumerate(scores[0].cuts):
        p = np.array([score.at_least[k] for score in scores])
        assert abs((true >= cut).mean() - p.mean()) < 4 * np.sqrt((p * (1 - p)).sum()) / p.size


def test_adaptive_beats_random_from_the_same_blueprint(thetas: np.ndarray, exact: Simulation) -> None:
    drawn = simulate(design_at_random(), thetas[:300], seed=5)
    assert np.mean(exact.se**2) < 0.8 * np.mean(drawn.se**2)


def design_at_random() -> Design:
    base = design(EXACT)
    return Design(base.items, base.constraints, Rule(randomesque=150))


def test_any_person_and_any_step_replays_alone(thetas: np.ndarray, exact: Simulation) -> None:
    adaptive = design(EXACT)
    run = simulate_cat(adaptive, thetas[41], person_seed(11, 41))
    assert run.indices.tolist() == exact.indices[41].tolist()
    assert run.estimate == eap(adaptive.log_lik, run.indices, run.scores)
    step = 9
    mass = posterior(adaptive.log_lik, run.indices[:step], run.scores[:step])
    again = next_item(
        information(adaptive.info_table, mass, adaptive.rule),
        adaptive.assembly.eligible(run.indices[:step]),
        Draws(person_seed(11, 41), step),
        adaptive.rule,
    )
    assert again.index == run.indices[step]


def test_a_test_that_may_stop_early_still_meets_every_minimum(thetas: np.ndarray) -> None:
    base = design({"basic": (3, 20), "medium": (3, 20), "raised": (3, 20)}, areas=(1, 20))
    early = Design(base.items, base.constraints, Rule(), StoppingRule(8, LENGTH, se=0.6))
    simulation = simulate(early, thetas[:200], seed=3)
    lengths = (simulation.indices >= 0).sum(axis=1)
    assert 9 <= lengths.min() < LENGTH
    assert simulation.n_violations.sum() == 0
    for test, n in zip(simulation.indices, lengths, strict=True):
        assert early.assembly.is_met(test[:n])
    assert np.isnan(simulation.scores).sum() == (LENGTH - lengths).sum()
