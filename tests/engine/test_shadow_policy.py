"""Live decisions by shadow tests: legal always, the same on replay, with or without a memo."""

import threading
from functools import partial

import numpy as np
import pytest

from irt.ability import Grid, LogLikTable, posterior
from irt.assembly import Constraints, Passage, TimeBudget, label_quotas, violations
from irt.decider import Decider, Ended, NextItem
from irt.draws import Draws
from irt.models import Items, prob
from irt.selection import InfoTable, Rule, information
from irt.shadow import Assembler, Memo, Policy, ShadowTest, posterior_path, refreshes

GRID = Grid()
N = 120


def bank(seed: int = 3) -> Items:
    rng = np.random.default_rng(seed)
    return Items(rng.lognormal(0.2, 0.3, N), rng.normal(size=N), rng.beta(20, 80, N), np.ones(N))


def blueprint(budget: float | None = None, seed: int = 3) -> Constraints:
    rng = np.random.default_rng(seed)
    tiers = label_quotas(rng.choice(list("abc"), N).tolist(), {"a": (4, 4), "b": (5, 5), "c": (3, 3)})
    areas = label_quotas(rng.choice(list("wxyz"), N).tolist(), dict.fromkeys("wxyz", (2, 4)))
    order = rng.permutation(N)
    passages = tuple(Passage(f"text {k}", 3, 4, order[4 * k : 4 * k + 4]) for k in range(5))
    enemies = tuple(order[20 + 2 * k : 22 + 2 * k] for k in range(6))
    time = None if budget is None else TimeBudget(budget, rng.lognormal(4.2, 0.4, N))
    return Constraints(N, 12, tiers + areas, enemies, passages, (1, 2), time)


ITEMS = bank()
TABLES = LogLikTable.of(ITEMS, GRID), InfoTable.of(ITEMS, GRID)


def make(constraints: Constraints, rule: Rule | None = None, refresh: float = 0.2) -> Decider:
    return Decider(*TABLES, constraints, rule or Rule(), "shadow", refresh=refresh)


def shadow_of(outcome: NextItem | Ended) -> ShadowTest:
    assert isinstance(outcome, NextItem)
    assert outcome.shadow is not None
    return outcome.shadow


def run(
    live: Decider, seed: int, mask: np.ndarray | None = None
) -> tuple[list[int], list[int], list[NextItem]]:
    """One simulated test: items, scores, decisions."""
    p_right = prob(np.random.default_rng(seed).normal(), ITEMS)[0]
    given: list[int] = []
    scores: list[int] = []
    decisions = []
    while isinstance(outcome := live.decide(given, scores, partial(Draws, seed), mask), NextItem):
        decisions.append(outcome)
        rng = Draws(seed + 1000, len(given))
        given.append(outcome.index)
        scores.append(int(rng.unit() < p_right[outcome.index]))
    assert outcome.reason == "length"
    return given, scores, decisions


@pytest.mark.parametrize("budget", [None, 800.0])
@pytest.mark.parametrize("rule", [Rule(), Rule("posterior_weighted", 4), Rule("kullback_leibler", 2)])
def test_no_test_breaks_its_blueprint(rule: Rule, budget: float | None) -> None:
    constraints = blueprint(budget)
    live = make(constraints, rule)
    for seed in range(15 if budget is None else 3):
        mask = np.random.default_rng(seed).random(N) > 0.4 if seed % 2 else None
        given, _, _ = run(live, seed, mask)
        assert violations(constraints, given) == ()


@pytest.mark.parametrize("budget", [None, 800.0])
def test_any_step_replays_alone_without_a_memo(budget: float | None) -> None:
    constraints = blueprint(budget)
    live = make(constraints, Rule(randomesque=3))
    run(live, 1)  # another session has filled the memo
    given, scores, decisions = run(live, 7)
    for step in (0, 1, 4, 8, 11):
        fresh = make(constraints, Rule(randomesque=3))
        assert fresh.decide(given[:step], scores[:step], partial(Draws, 7)) == decisions[step]


def test_the_shadow_test_is_kept_until_theta_has_moved() -> None:
    live = make(blueprint(), refresh=0.3)
    given, scores, decisions = run(live, 4)
    thetas = [float((posterior(TABLES[0], given[:k], scores[:k]) * GRID.nodes).sum()) for k in range(13)]
    anchor = 0
    for step, decision in enumerate(decisions):
        if abs(thetas[step] - thetas[anchor]) > 0.3:
            anchor = step
        assert decision.assembled_at == anchor
        assert decision.index in shadow_of(decision).items
        if step and anchor == decisions[step - 1].assembled_at:
            assert decision.shadow == decisions[step - 1].shadow
    assert 1 < len({decision.assembled_at for decision in decisions}) < 12


def test_refreshes_are_counted_from_the_last_one() -> None:
    assert refreshes([0.0, 0.15, 0.3, 0.45, 0.2, 0.55], 0.2) == [0, 2, 5]
    assert refreshes([0.0, 0.0, 0.1], 0.0) == [0, 2]


def test_a_passage_begun_is_gone_through_before_anything_else() -> None:
    constraints = blueprint()
    for seed in range(10):
        given, _, decisions = run(make(constraints, Rule(randomesque=5), refresh=0.0), seed)
        numbers = constraints.passage_of[given]
        for step in range(1, 12):
            opened = numbers[step - 1]
            rest = [
                i
                for i in shadow_of(decisions[step]).free
                if opened >= 0 and constraints.passage_of[i] == opened
            ]
            assert not rest or decisions[step].index in rest


def test_the_most_informative_free_item_is_given() -> None:
    constraints = Constraints(N, 12, blueprint().quotas)
    _, _, decisions = run(make(constraints, refresh=0.0), 2)
    values = TABLES[1].at(0.0)
    assert decisions[0].index == max(shadow_of(decisions[0]).free, key=lambda item: values[item])
    assert decisions[0].information == values[decisions[0].index]


def test_exposure_control_is_obeyed_where_the_blueprint_lets_it() -> None:
    mask = np.random.default_rng(11).random(N) > 0.3
    given, _, decisions = run(make(blueprint()), 5, mask)
    assert mask[given].all()
    assert all(shadow_of(decision).n_relaxed == 0 for decision in decisions)
    nothing = np.zeros(N, dtype=bool)
    given, _, decisions = run(make(blueprint()), 5, nothing)
    assert violations(blueprint(), given) == ()
    assert shadow_of(decisions[0]).n_relaxed == 12


def test_an_item_from_outside_brings_a_new_shadow_test() -> None:
    constraints = Constraints(N, 12, blueprint().quotas)
    live = make(constraints, refresh=9.0)
    first = live.decide([], [], partial(Draws, 1))
    stray = next(i for i in range(N) if i not in shadow_of(first).items)
    second = live.decide([stray], [1], partial(Draws, 1))
    assert isinstance(second, NextItem)
    assert (second.assembled_at, shadow_of(second).items[0]) == (1, stray)


def test_nothing_follows_a_complete_or_a_broken_test() -> None:
    constraints = blueprint()
    live = make(constraints)
    given, scores, _ = run(live, 3)
    assert isinstance(live.decide(given, scores, partial(Draws, 3)), Ended)
    text = constraints.passages[0].items.tolist()
    outside = int(np.flatnonzero(constraints.passage_of < 0)[0])
    for broken in (constraints.enemies[0].tolist(), [text[0], outside]):
        with pytest.raises(ValueError, match="no legal test"):
            live.decide(broken, [1, 1], partial(Draws, 3))


def test_the_path_of_posteriors_is_the_posterior_of_every_step_bit_for_bit() -> None:
    given, scores = [5, 9, 2, 77], [1.0, np.nan, 0.0, 1.0]
    path = posterior_path(TABLES[0], given, scores)
    for step in range(5):
        np.testing.assert_array_equal(path[step], posterior(TABLES[0], given[:step], scores[:step]))


def test_a_full_memo_forgets_the_least_used_and_answers_stay_the_same() -> None:
    constraints = Constraints(N, 12, blueprint().quotas)
    small = Policy(Assembler.of(constraints), memo=Memo(2))
    for seed in (1, 2, 1):
        given, scores, decisions = run(make(constraints), seed)
        path = posterior_path(TABLES[0], given, scores)
        thetas = (path * GRID.nodes).sum(axis=1)
        for n, decision in enumerate(decisions):
            alone = small.decide(
                given[:n],
                thetas[: n + 1],
                lambda step, path=path: information(TABLES[1], path[step], small.rule),
                Draws(seed, n),
            )
            assert alone is not None
            assert (alone.index, alone.shadow) == (decision.index, decision.shadow)
    assert len(small.memo) == 2
    with pytest.raises(ValueError, match="at least one"):
        Memo(0)


def test_threads_share_a_policy() -> None:
    constraints = Constraints(N, 12, blueprint().quotas)
    expected = [run(make(constraints), seed)[0] for seed in range(4)]
    live, found = make(constraints), {}
    workers = [
        threading.Thread(target=lambda s=seed: found.update({s: run(live, s)[0]})) for seed in range(4)
    ]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert [found[seed] for seed in range(4)] == expected


@pytest.mark.parametrize("thetas", [[0.0], [0.0, np.nan], [0.0, 0.0, 0.0]])
def test_a_theta_is_needed_for_each_step(thetas: list[float]) -> None:
    policy = make(Constraints(N, 12)).policy
    with pytest.raises(ValueError, match="theta"):
        policy.decide([1], thetas, lambda step: np.ones(N), Draws(1, 1))
