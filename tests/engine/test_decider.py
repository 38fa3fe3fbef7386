"""What comes next, and why: the decisions of its parts put together, by either method, the same on replay."""

from dataclasses import replace

import numpy as np
import pytest

from irt.ability import Grid, LogLikTable, eap, posterior
from irt.arrays import Bools
from irt.assembly import Assembly, Constraints, label_quotas, violations
from irt.decider import Decider, Ended, NextItem
from irt.draws import Draws
from irt.exposure import Control, Counters, available, progressive, progressive_weight, uniforms
from irt.models import Items
from irt.selection import InfoTable, Rule, information, next_item
from irt.shadow import Assembler, Policy, posterior_path
from irt.stopping import Classified, StoppingRule, TimeLeft

GRID, N, LENGTH = Grid(), 60, 9
RNG = np.random.default_rng(4)
ITEMS = Items(RNG.lognormal(0.2, 0.3, N), RNG.normal(size=N), np.full(N, 0.2), np.ones(N))
TABLES = LogLikTable.of(ITEMS, GRID), InfoTable.of(ITEMS, GRID)
TIERS = label_quotas(["a", "b", "c"] * (N // 3), {"a": (2, 4), "b": (3, 3), "c": (2, 4)})
CONSTRAINTS = Constraints(N, LENGTH, TIERS, (np.array([0, 7]),))
RULE = Rule(randomesque=3)
PROGRESSIVE = Control("progressive_restricted", 0.3)


def decider(method: str = "eligible", exposure: Control | None = None) -> Decider:
    return Decider(*TABLES, CONSTRAINTS, RULE, method, exposure)  # type: ignore[arg-type]


def draws(n_given: int) -> Draws:
    return Draws(77, 1000 + n_given)


def sat(one: Decider, mask: Bools | None = None) -> tuple[list[int], list[int | None], list[NextItem]]:
    """A whole test with some answers right, some wrong, one missing."""
    indices: list[int] = []
    scores: list[int | None] = []
    trace: list[NextItem] = []
    while isinstance(outcome := one.decide(indices, scores, draws, mask), NextItem):
        trace.append(outcome)
        indices.append(outcome.index)
        scores.append(None if len(indices) == 4 else (outcome.index * 7 + len(indices)) % 2)
    assert outcome == Ended("length", eap(TABLES[0], indices, scores))
    return indices, scores, trace


def test_without_shadow_tests_the_rule_chooses_among_the_eligible() -> None:
    indices, scores, trace = sat(decider())
    for n, outcome in enumerate(trace):
        mass = posterior(TABLES[0], indices[:n], scores[:n])
        eligible = Assembly.of(CONSTRAINTS).eligible(indices[:n])
        choice = next_item(information(TABLES[1], mass, RULE), eligible, draws(n), RULE)
        assert (outcome.index, outcome.information) == (choice.index, choice.information)
        assert (outcome.n_eligible, outcome.top) == (choice.n_eligible, choice.top)
        assert outcome.estimate == eap(TABLES[0], indices[:n], scores[:n])
        assert (outcome.is_mask_dropped, outcome.shadow, outcome.assembled_at) == (False, None, None)


@pytest.mark.parametrize("refresh", [0.0, 0.5])
def test_with_shadow_tests_their_policy_chooses(refresh: float) -> None:
    indices, scores, trace = sat(replace(decider("shadow"), refresh=refresh))
    policy = Policy(Assembler.of(CONSTRAINTS), RULE, refresh)
    path = posterior_path(TABLES[0], indices, scores)
    thetas = (path * GRID.nodes).sum(axis=1)
    for n, outcome in enumerate(trace):
        decision = policy.decide(
            indices[:n], thetas[: n + 1], lambda step: information(TABLES[1], path[step], RULE), draws(n)
        )
        assert decision is not None
        assert (outcome.index, outcome.information) == (decision.index, decision.information)
        assert (outcome.n_eligible, outcome.top) == (decision.n_eligible, decision.top)
        assert (outcome.shadow, outcome.assembled_at) == (decision.shadow, decision.assembled_at)


@pytest.mark.parametrize("method", ["eligible", "shadow"])
def test_every_step_replays_alone(method: str) -> None:
    counters = Counters(np.array(10), np.arange(N) % 5, np.full(N, 10))
    mask = decider(method, PROGRESSIVE).open_items(counters, Draws(5, 5))
    assert mask is not None
    assert mask.tolist() == available(PROGRESSIVE, counters, LENGTH, Draws(5, 5)).tolist()
    indices, scores, trace = sat(decider(method, PROGRESSIVE), mask)
    assert violations(CONSTRAINTS, indices) == ()
    for n, outcome in enumerate(trace):
        again = decider(method, PROGRESSIVE).decide(indices[:n], scores[:n], draws, mask)
        assert again == outcome


def test_the_progressive_criterion_takes_the_first_word_and_the_rule_the_next() -> None:
    indices, scores, trace = sat(decider(exposure=PROGRESSIVE))
    n = 5
    mass = posterior(TABLES[0], indices[:n], scores[:n])
    eligible = Assembly.of(CONSTRAINTS).eligible(indices[:n])
    rng = draws(n)
    values = progressive(
        information(TABLES[1], mass, RULE), eligible, progressive_weight(n, LENGTH), uniforms(rng.word(), N)
    )
    assert trace[n].index == next_item(values, eligible, rng, RULE).index


@pytest.mark.parametrize("method", ["eligible", "shadow"])
def test_a_mask_that_breaks_the_blueprint_is_dropped_and_it_says_so(method: str) -> None:
    closed = TIERS[1].members  # three of these are needed
    indices, _, trace = sat(decider(method), ~closed)
    assert violations(CONSTRAINTS, indices) == ()
    assert [outcome.is_mask_dropped for outcome in trace] == closed[indices].tolist()
    assert closed[indices].sum() == 3
    assert all(outcome.is_mask_dropped for outcome in sat(decider(method), np.zeros(N, dtype=bool))[2])


@pytest.mark.parametrize("method", ["eligible", "shadow"])
def test_a_broken_test_goes_no_further(method: str) -> None:
    with pytest.raises(ValueError, match="no legal test"):
        decider(method).decide([0, 7], [1, 1], draws)


def test_where_any_item_may_follow_any_other_the_methods_are_one() -> None:
    free = Constraints(N, LENGTH)
    plain, shadow = (Decider(*TABLES, free, RULE, method) for method in ("eligible", "shadow"))
    assert sat(plain) == sat(shadow)


@pytest.mark.parametrize("method", ["eligible", "shadow"])
def test_stopping_waits_for_the_minima_and_gives_its_reason(method: str) -> None:
    cut = StoppingRule(1, LENGTH, criteria=(Classified((9.0,)),))  # decided before the first answer
    early = replace(decider(method), stopping=cut)
    indices: list[int] = []
    while isinstance(outcome := early.decide(indices, [1] * len(indices), draws), NextItem):
        assert not indices or not CONSTRAINTS.is_met(indices)
        indices.append(outcome.index)
    assert (outcome.reason, CONSTRAINTS.is_met(indices)) == ("classified", True)
    assert len(indices) == 7  # no test has its minima sooner
    timed = replace(decider(method), stopping=StoppingRule(1, LENGTH, criteria=(TimeLeft(30),)))
    assert timed.decide(indices, [1] * 7, draws, seconds_left=20) == Ended("time", outcome.estimate)


@pytest.mark.parametrize("method", ["eligible", "shadow"])
def test_a_rule_of_the_full_length_is_no_rule(method: str) -> None:
    labels = np.random.default_rng(0).choice(list("wxyz"), N).tolist()
    areas = label_quotas(labels, dict.fromkeys("wxyz", (2, 4)))
    crossed = replace(decider(method), constraints=Constraints(N, LENGTH, TIERS + areas))
    assert sat(replace(crossed, stopping=StoppingRule(LENGTH, LENGTH))) == sat(crossed)


@pytest.mark.parametrize("method", ["eligible", "shadow"])
def test_a_fixed_length_below_that_of_the_blueprint_still_meets_the_minima(method: str) -> None:
    assert not CONSTRAINTS.is_met(sat(decider(method))[0][:7])
    indices, _, _ = sat(replace(decider(method), stopping=StoppingRule(7, 7)))
    assert (len(indices), CONSTRAINTS.is_met(indices)) == (7, True)


@pytest.mark.parametrize(
    "make",
    [
        lambda: Decider(TABLES[0], InfoTable.of(ITEMS, Grid(n_nodes=121)), CONSTRAINTS),
        lambda: Decider(*TABLES, Constraints(N + 1, LENGTH)),
        lambda: Decider(*TABLES, Constraints(N, N + 1)),
        lambda: Decider(*TABLES, CONSTRAINTS, stopping=StoppingRule(1, LENGTH + 1)),
        lambda: Decider(*TABLES, CONSTRAINTS, method="sometimes"),  # type: ignore[arg-type]
        lambda: Decider(*TABLES, Constraints(N, LENGTH, n_passages=(1, 1))),
        lambda: Decider(*TABLES, CONSTRAINTS, refresh=-0.1),
        lambda: Decider(*TABLES, CONSTRAINTS, refresh=np.nan),
        lambda: decider().decide([0], [2], draws),
        lambda: decider().decide([0], [1, 1], draws),
        lambda: decider("shadow").decide([0], [2], draws),
        lambda: decider().decide([], [], draws, np.ones(3, dtype=bool)),
        lambda: decider().decide([], [], draws, np.ones(1, dtype=bool)),
        lambda: decider().decide([], [], draws, np.ones(N)),  # type: ignore[arg-type]
    ],
)
def test_what_makes_no_sense_is_refused(make) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(ValueError):
        make()
