"""Shadow tests against complete enumeration of every legal test of small pools."""

from itertools import combinations

import numpy as np
import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st

from irt.arrays import item_indices
from irt.assembly import (
    Assembly,
    Constraints,
    Feasible,
    Infeasible,
    Passage,
    Quota,
    Shortage,
    TimeBudget,
    feasibility,
    label_quotas,
    violations,
)
from irt.shadow import Assembler
from irt.shadow.dominance import undominated
from irt.shadow.program import program
from irt.shadow.rules import Rules
from irt.shadow.search import best
from irt.shadow.weights import STEPS, whole_weights


def is_legal_set(constraints: Constraints, test: set[int]) -> bool:
    """Whether these items, given passage by passage, are a legal test: the definition."""
    parts = [test & set(passage.items.tolist()) for passage in constraints.passages]
    used = [part for part in parts if part]
    least, most = constraints.n_passages or (0, len(parts))
    time = constraints.time
    return (
        all(q.minimum <= sum(bool(q.members[i]) for i in test) <= q.maximum for q in constraints.quotas)
        and all(len(test & set(group.tolist())) <= 1 for group in constraints.enemies)
        and all(
            not part or passage.minimum <= len(part) <= passage.maximum
            for part, passage in zip(parts, constraints.passages, strict=True)
        )
        and least <= len(used) <= most
        and (time is None or sum(round(1000 * time.expected[i]) for i in test) <= round(1000 * time.seconds))
    )


def legal_sets(constraints: Constraints) -> list[set[int]]:
    every = map(set, combinations(range(constraints.n_items), constraints.length))
    return [test for test in every if is_legal_set(constraints, test)]


def continues(constraints: Constraints, given_items: list[int], test: set[int]) -> bool:
    """Whether the test can be finished so that each passage is in a row."""
    if not set(given_items) <= test:
        return False
    of = constraints.passage_of
    last = of[given_items[-1]] if given_items else -1
    runs = [of[i] for at, i in enumerate(given_items) if at == 0 or of[given_items[at - 1]] != of[i]]
    begun = [number for number in runs if number >= 0]
    over = set(begun) - {last}
    return len(begun) == len(set(begun)) and not any(of[i] in over for i in test - set(given_items))


@st.composite
def pools(draw: st.DrawFn) -> Constraints:
    n_items, length = draw(st.integers(5, 10)), draw(st.integers(2, 5))
    quotas: list[Quota] = []
    for family in ("tier", "area"):
        labels = draw(st.lists(st.sampled_from("xyz"), min_size=n_items, max_size=n_items))
        bounds = {}
        for label in "xyz"[: draw(st.integers(0, 3))]:
            low = draw(st.integers(0, 2))
            bounds[label] = (low, draw(st.integers(low, length)))
        quotas += [
            Quota(family + q.name, q.minimum, q.maximum, q.members) for q in label_quotas(labels, bounds)
        ]
    group = st.lists(st.integers(0, n_items - 1), min_size=2, max_size=3, unique=True)
    enemies = tuple(np.array(g) for g in draw(st.lists(group, max_size=2)))
    order = draw(st.permutations(range(n_items)))
    passages = []
    for number in range(draw(st.integers(0, 2))):
        size = draw(st.integers(2, 4))
        items, order = order[:size], order[size:]
        if items:
            low = draw(st.integers(1, 3))
            passages.append(Passage(f"passage {number}", low, draw(st.integers(low, 4)), np.array(items)))
    least = draw(st.integers(0, 1))
    n_passages = draw(st.sampled_from([None, (least, 2)]))
    time = None
    if draw(st.booleans()):
        seconds = draw(st.lists(st.integers(10, 90), min_size=n_items, max_size=n_items))
        time = TimeBudget(draw(st.integers(20 * length, 70 * length)), np.array(seconds, dtype=float))
    return Constraints(n_items, length, tuple(quotas), enemies, tuple(passages), n_passages, time)


def best_by_trying(constraints: Constraints, values: np.ndarray, given_items: list[int]) -> float | None:
    tests = [test for test in legal_sets(constraints) if continues(constraints, given_items, test)]
    if not tests or len(given_items) == constraints.length:
        return None
    return max(float(sum(values[i] for i in test)) for test in tests)


@settings(derandomize=True, deadline=None, max_examples=400)
@given(pools(), st.integers(0, 2**32), st.data())
def test_the_shadow_test_is_the_best_of_all_legal_tests(
    constraints: Constraints, seed: int, data: st.DataObject
) -> None:
    values = np.random.default_rng(seed).random(constraints.n_items)
    tests = legal_sets(constraints)
    start: list[int] = []
    if tests and data.draw(st.booleans()):
        start = data.draw(st.permutations(sorted(data.draw(st.sampled_from(tests)))))
    elif data.draw(st.booleans()):
        start = data.draw(st.permutations(range(constraints.n_items)))
    start = start[: data.draw(st.integers(0, constraints.length))]
    expected = best_by_trying(constraints, values, start)
    found = Assembler.of(constraints, tolerance=0.0).assemble(values, start)
    event(f"legal test: {expected is not None}")
    assert (found is None) == (expected is None)
    if found is not None and expected is not None:
        assert is_legal_set(constraints, set(found.items))
        assert continues(constraints, start, set(found.items))
        assert found.items[: len(start)] == tuple(start)
        assert found.is_proved
        # Values count in whole steps of 1 / STEPS, divided for ties.
        assert abs(values[list(found.items)].sum() - expected) <= 2 * constraints.length / STEPS


@settings(derandomize=True, deadline=None, max_examples=200)
@given(pools(), st.integers(0, 2**32))
def test_leaving_out_dominated_items_changes_nothing(constraints: Constraints, seed: int) -> None:
    rng = np.random.default_rng(seed)
    rules, weights = (
        Rules.of(constraints),
        whole_weights(rng.integers(0, 4, constraints.n_items).astype(float)),
    )
    left = rules.remaining(item_indices([], constraints.n_items))
    assert left is not None
    every = best(program(rules, left, weights, left.free, True), 10_000)
    kept = undominated(rules, left, weights, True)
    few_program = program(rules, left, weights, kept, True)
    few = best(few_program, 10_000)
    event(f"left out: {int((left.free & ~kept).sum())}")
    assert (every is None) == (few is None)
    if every is not None and few is not None:
        full = program(rules, left, weights, left.free, True)
        assert int(full.gain[every.u].sum()) == int(few_program.gain[few.u].sum())


def crossed(n_items: int = 60, seed: int = 4) -> Constraints:
    """Tiers crossed with areas, enemies, passages of four, time."""
    rng = np.random.default_rng(seed)
    tiers = label_quotas(rng.choice(list("abc"), n_items).tolist(), {"a": (3, 3), "b": (4, 4), "c": (3, 3)})
    areas = label_quotas(rng.choice(list("xyz"), n_items).tolist(), dict.fromkeys("xyz", (2, 5)))
    order = rng.permutation(n_items)
    passages = tuple(Passage(f"text {k}", 3, 4, order[4 * k : 4 * k + 4]) for k in range(4))
    enemies = tuple(order[16 + 2 * k : 18 + 2 * k] for k in range(3))
    time = TimeBudget(650.0, rng.lognormal(4.2, 0.4, n_items))
    return Constraints(n_items, 10, tiers + areas, enemies, passages, (1, 2), time)


def test_exposure_control_yields_to_the_blueprint_and_only_as_far_as_it_must() -> None:
    tiers = label_quotas(["basic"] * 4 + ["raised"] * 4, {"basic": (2, 2), "raised": (2, 2)})
    assembler = Assembler.of(Constraints(8, 4, tiers))
    values = np.arange(8.0)
    kept_out = np.array([True] * 7 + [False])
    strict = assembler.assemble(values, [], kept_out)
    assert strict is not None
    assert (strict.items, strict.n_relaxed) == ((2, 3, 5, 6), 0)
    nearly_all_out = np.array([True, True, True, True, True, False, False, False])
    relaxed = assembler.assemble(values, [], nearly_all_out)
    assert relaxed is not None
    assert (relaxed.items, relaxed.n_relaxed) == ((2, 3, 4, 7), 1)


def test_what_was_given_stays_although_exposure_control_now_forbids_it() -> None:
    test = Assembler.of(Constraints(4, 2)).assemble(np.arange(4.0), [3], np.array([True, True, True, False]))
    assert test is not None
    assert (test.items, test.n_relaxed) == ((3, 2), 0)


def test_of_equal_items_the_lowest_numbers_are_taken() -> None:
    tiers = label_quotas(["basic", "raised"] * 5, {"basic": (2, 2), "raised": (1, 1)})
    test = Assembler.of(Constraints(10, 3, tiers)).assemble(np.ones(10), [])
    assert test is not None
    assert test.items == (0, 1, 2)
    nothing = Assembler.of(Constraints(10, 3, tiers)).assemble(np.zeros(10), [])
    assert nothing is not None
    assert nothing.items == (0, 1, 2)


def test_whole_weights_keep_the_order_and_are_all_different() -> None:
    values = np.random.default_rng(2).integers(0, 50, 3000) / 49
    weights = whole_weights(values)
    assert len(set(weights.tolist())) == 3000
    assert np.argsort(-weights).tolist() == np.lexsort((np.arange(3000), -values)).tolist()


@pytest.mark.parametrize("values", [[1.0, np.nan], [1.0, np.inf], [1.0, -1.0], [1.0], [[1.0, 1.0]], []])
def test_a_criterion_that_makes_no_sense_is_refused(values: list[float]) -> None:
    with pytest.raises(ValueError, match="criterion"):
        Assembler.of(Constraints(2, 1)).assemble(np.array(values), [])


def test_the_time_budget_holds_and_a_start_is_never_worsened() -> None:
    constraints = crossed()
    values = np.random.default_rng(5).random(60)
    exact = Assembler.of(constraints, node_limit=10_000, tolerance=0.0).assemble(values, [])
    hasty = Assembler.of(constraints, node_limit=1)
    first = hasty.assemble(values, [])
    assert exact is not None
    assert first is not None
    assert exact.is_proved
    for test in (exact, first, hasty.assemble(values, [], None, exact.items)):
        assert test is not None
        assert is_legal_set(constraints, set(test.items))
        assert values[list(test.items)].sum() <= values[list(exact.items)].sum() + 1e-4
    assert hasty.assemble(values, [], None, exact.items).items == exact.items  # type: ignore[union-attr]


@settings(derandomize=True, deadline=None, max_examples=300)
@given(pools())
def test_feasibility_is_exact_with_passages_and_time(constraints: Constraints) -> None:
    verdict = feasibility(constraints)
    if legal_sets(constraints):
        assert isinstance(verdict, Feasible)
        assert violations(constraints, verdict.example) == ()
    else:
        assert isinstance(verdict, Infeasible)
        assert verdict.reasons
        assert all(reason.missing > 0 for reason in verdict.reasons)


def test_passages_and_time_are_named_with_what_is_missing() -> None:
    texts = (Passage("text", 3, 4, np.arange(4)), Passage("other", 3, 3, np.arange(4, 6)))
    assert feasibility(Constraints(12, 6, (), (), texts, (2, 2))) == Infeasible(
        (Shortage("combination", ("passages",), 1),)
    )
    slow = TimeBudget(100.0, np.array([30.0] * 4 + [40.4] * 4))
    assert feasibility(Constraints(8, 4, time=slow)) == Infeasible(
        (Shortage("too_little_time", ("time",), 20),)
    )
    only = Quota("hard", 2, 4, np.arange(12) < 2)
    enemies = (np.array([0, 1]),)
    assert feasibility(Constraints(12, 6, (only,), enemies, texts[:1], (1, 1))) == Infeasible(
        (Shortage("combination", ("hard",), 1),)
    )


def test_violations_see_passages_torn_apart_and_overtime() -> None:
    text = Passage("text", 2, 3, np.array([0, 1, 2]))
    constraints = Constraints(6, 4, (), (), (text,), (1, 1), TimeBudget(40.0, np.full(6, 10.0)))
    assert violations(constraints, [0, 1, 4, 5]) == ()
    assert [v.name for v in violations(constraints, [0, 4, 1, 5])] == ["text in a row"]
    assert [v.name for v in violations(constraints, [0, 3, 4, 5])] == ["text"]
    tight = Constraints(6, 4, (), (), (text,), (1, 1), TimeBudget(39.9, np.full(6, 10.0)))
    assert [(v.name, v.count, v.maximum) for v in violations(tight, [0, 1, 4, 5])] == [("time", 40000, 39900)]
    assert [v.name for v in violations(constraints, [3, 4, 5])] == ["length", "passages"]


def test_a_pool_with_passages_is_not_delivered_without_shadow_tests() -> None:
    with pytest.raises(ValueError, match="shadow"):
        Assembly.of(crossed())


@pytest.mark.parametrize(
    "make",
    [
        lambda: Passage("p", 0, 2, np.array([0, 1])),
        lambda: Passage("p", 2, 1, np.array([0, 1])),
        lambda: Passage("p", 1, 1, np.array([], dtype=int)),
        lambda: TimeBudget(0.0, np.ones(3)),
        lambda: TimeBudget(np.nan, np.ones(3)),
        lambda: TimeBudget(9.0, np.array([1.0, np.nan])),
        lambda: TimeBudget(9.0, np.array([1.0, -1.0])),
        lambda: Constraints(3, 2, time=TimeBudget(9.0, np.ones(2))),
        lambda: Constraints(3, 2, passages=(Passage("p", 1, 1, np.array([3])),)),
        lambda: Constraints(
            3, 2, passages=(Passage("p", 1, 1, np.array([1])), Passage("q", 1, 1, np.array([1])))
        ),
        lambda: Constraints(3, 2, n_passages=(2, 1)),
        lambda: Assembler.of(Constraints(3, 2), node_limit=0),
        lambda: Assembler.of(Constraints(3, 2), tolerance=-0.1),
    ],
)
def test_what_makes_no_sense_is_refused(make: object) -> None:
    with pytest.raises(ValueError):
        make()  # type: ignore[operator]


def test_equal_items_that_exposure_control_all_shuts_out_still_make_a_test() -> None:
    # Gains differ by a few units in 3e8: the dual simplex alone ends without an answer.
    members = [
        [1, 1, 0, 1, 0, 1, 0, 0, 1, 1],
        [1, 0, 0, 0, 0, 0, 1, 0, 0, 0],
        [1, 0, 0, 0, 1, 0, 0, 0, 0, 0],
    ]
    quotas = tuple(
        Quota(f"q{k}", low, 4, np.array(row, dtype=bool))
        for k, (low, row) in enumerate(zip((2, 2, 1), members, strict=True))
    )
    passages = (Passage("one", 1, 1, np.array([2])), Passage("four", 1, 3, np.array([7, 5, 0, 6])))
    constraints = Constraints(10, 4, quotas, (), passages)
    for value in (0.0, 1 / 6, 1.0):
        found = Assembler.of(constraints).assemble(np.full(10, value), [], np.zeros(10, dtype=bool))
        assert found is not None
        assert is_legal_set(constraints, set(found.items))
        assert (found.n_relaxed, found.is_proved) == (4, True)


@settings(derandomize=True, deadline=None, max_examples=300)
@given(pools(), st.integers(0, 2**32), st.sampled_from(["even", "equal", "tied", "spread"]), st.data())
def test_as_few_closed_items_as_can_be_and_of_such_tests_the_best(
    constraints: Constraints, seed: int, kind: str, data: st.DataObject
) -> None:
    rng, n = np.random.default_rng(seed), constraints.n_items
    values = {
        "even": rng.random(n),
        "equal": np.full(n, 0.3),
        "tied": rng.integers(0, 3, n).astype(float),
        "spread": rng.random(n) * 10.0 ** rng.integers(-12, 12, n),
    }[kind]
    mask = rng.random(n) < rng.choice([0.0, 0.4, 0.9])
    tests = legal_sets(constraints)
    start: list[int] = []
    if tests:
        start = data.draw(st.permutations(sorted(data.draw(st.sampled_from(tests)))))
        start = start[: data.draw(st.integers(0, constraints.length - 1))]
    legal = [test for test in tests if continues(constraints, start, test)]
    found = Assembler.of(constraints, tolerance=0.0).assemble(values, start, mask)
    assert (found is None) == (not legal)
    if found is not None:
        closed = [int((~mask[list(test - set(start))]).sum()) for test in legal]
        event(f"closed items needed: {min(closed) > 0}")
        best_value = max(
            values[list(t)].sum()
            for t, n_closed in zip(legal, closed, strict=True)
            if n_closed == min(closed)
        )
        assert set(found.items) in legal
        assert found.n_relaxed == min(closed)
        short = best_value - values[list(found.items)].sum()
        assert short <= 2 * constraints.length / STEPS * values.max()
        assert Assembler.of(constraints, tolerance=0.0).assemble(values, start, mask) == found
