"""Eligibility and feasibility against complete enumeration of every legal test of small pools."""

from itertools import combinations

import numpy as np
import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st

from irt.assembly import (
    Assembly,
    Constraints,
    Feasible,
    Infeasible,
    Passage,
    Quota,
    Shortage,
    feasibility,
    label_quotas,
    violations,
)

Case = tuple[Constraints, list[int]]


def legal_tests(constraints: Constraints) -> list[set[int]]:
    """Every legal test, by trying all: the definition."""
    members = [set(np.flatnonzero(quota.members).tolist()) for quota in constraints.quotas]
    groups = [set(group.tolist()) for group in constraints.enemies]
    return [
        test
        for test in map(set, combinations(range(constraints.n_items), constraints.length))
        if all(
            quota.minimum <= len(test & of) <= quota.maximum
            for quota, of in zip(constraints.quotas, members, strict=True)
        )
        and all(len(test & group) <= 1 for group in groups)
    ]


@st.composite
def bounds(draw: st.DrawFn, length: int) -> tuple[int, int]:
    low = draw(st.integers(0, min(3, length)))
    return low, draw(st.integers(low, length))


@st.composite
def partition(draw: st.DrawFn, n_items: int, length: int, name: str) -> tuple[Quota, ...]:
    labels = draw(st.lists(st.sampled_from("xyz"), min_size=n_items, max_size=n_items))
    quotas = label_quotas(labels, {label: draw(bounds(length)) for label in "xyz"})
    return tuple(Quota(name + q.name, q.minimum, q.maximum, q.members) for q in quotas)


@st.composite
def loose_quota(draw: st.DrawFn, n_items: int, length: int, name: str) -> Quota:
    members = draw(st.lists(st.booleans(), min_size=n_items, max_size=n_items))
    return Quota(name, *draw(bounds(length)), np.array(members, dtype=bool))


@st.composite
def cases(draw: st.DrawFn, loose: int, enemies: int) -> Case:
    """A pool of two crossed partitions, further quotas, enemies, and any set of administered items."""
    n_items, length = draw(st.integers(4, 9)), draw(st.integers(1, 5))
    quotas = draw(partition(n_items, length, "tier ")) + draw(partition(n_items, length, "area "))
    quotas += tuple(
        draw(loose_quota(n_items, length, f"loose {i}")) for i in range(draw(st.integers(0, loose)))
    )
    group = st.lists(st.integers(0, n_items - 1), min_size=1, max_size=3, unique=True)
    groups = draw(st.lists(group, max_size=enemies))
    constraints = Constraints(n_items, length, quotas, tuple(np.array(g) for g in groups))
    tests = legal_tests(constraints)
    if tests and draw(st.booleans()):
        start = sorted(draw(st.sampled_from(tests)))
        administered = draw(st.permutations(start))[: draw(st.integers(0, length))]
    else:
        administered = draw(st.lists(st.integers(0, n_items - 1), max_size=4, unique=True))
    return constraints, administered


def check_eligible(case: Case) -> None:
    constraints, administered = case
    tests = [test for test in legal_tests(constraints) if test >= set(administered)]
    extendable = set().union(*tests) - set(administered) if tests else set()
    event(f"extendable: {bool(extendable)}")
    mask = Assembly.of(constraints).eligible(administered)
    assert set(np.flatnonzero(mask).tolist()) == extendable


@settings(derandomize=True, deadline=None, max_examples=500)
@given(cases(loose=0, enemies=0))
def test_eligible_is_exact_for_tiers_crossed_with_areas(case: Case) -> None:
    check_eligible(case)


@settings(derandomize=True, deadline=None, max_examples=500)
@given(cases(loose=0, enemies=4))
def test_eligible_is_exact_with_enemies(case: Case) -> None:
    check_eligible(case)


@settings(derandomize=True, deadline=None, max_examples=500)
@given(cases(loose=3, enemies=3))
def test_eligible_is_exact_for_quotas_that_overlap_in_any_way(case: Case) -> None:
    check_eligible(case)


@settings(derandomize=True, deadline=None, max_examples=300)
@given(cases(loose=1, enemies=2), st.integers(1, 6))
def test_meeting_minima_early_only_narrows_what_is_eligible(case: Case, met_by: int) -> None:
    constraints, administered = case
    assembly = Assembly.of(constraints)
    full, early = assembly.eligible(administered), assembly.eligible(administered, met_by)
    assert not (early & ~full).any()
    assert early.any() == full.any()


@settings(derandomize=True, deadline=None, max_examples=300)
@given(cases(loose=2, enemies=3))
def test_feasibility_is_exact_and_shows_a_legal_test_or_a_reason(case: Case) -> None:
    constraints, _ = case
    verdict = feasibility(constraints)
    if legal_tests(constraints):
        assert isinstance(verdict, Feasible)
        assert violations(constraints, verdict.example) == ()
    else:
        assert isinstance(verdict, Infeasible)
        assert verdict.reasons
        assert all(reason.missing > 0 for reason in verdict.reasons)


@settings(derandomize=True, deadline=None, max_examples=300)
@given(cases(loose=2, enemies=3))
def test_violations_are_none_exactly_for_legal_tests(case: Case) -> None:
    constraints, administered = case
    assert (set(administered) in legal_tests(constraints)) == (violations(constraints, administered) == ())


def test_more_quotas_than_the_table_holds_are_still_exact() -> None:
    labels = list("abcdefghijkl")
    crossed = [str(i % 11) for i in range(12)]
    quotas = label_quotas(labels, dict.fromkeys(labels, (0, 1)))
    quotas += label_quotas(crossed, dict.fromkeys(sorted(set(crossed)), (0, 1)))
    constraints = Constraints(12, 11, quotas)
    mask = Assembly.of(constraints).eligible([0])
    assert not mask[11]
    assert mask[1:11].all()


def test_without_quotas_everything_left_is_eligible() -> None:
    assembly = Assembly.of(Constraints(4, 3))
    assert assembly.eligible([2]).tolist() == [True, True, False, True]
    assert not assembly.eligible([0, 1, 2]).any()


def test_the_last_places_are_kept_for_the_tier_still_owed() -> None:
    tiers = ["basic"] * 5 + ["medium"] * 5 + ["raised"] * 5
    quotas = label_quotas(tiers, {"basic": (1, 5), "medium": (1, 5), "raised": (2, 5)})
    assembly = Assembly.of(Constraints(15, 5, quotas))
    assert not assembly.is_met([0, 1, 5])
    assert np.flatnonzero(assembly.eligible([0, 1, 5])).tolist() == [10, 11, 12, 13, 14]
    assert assembly.is_met([0, 1, 5, 10, 11])


def test_each_kind_of_shortage_is_named_with_what_is_missing() -> None:
    tiers = ["basic"] * 6 + ["raised"] * 2
    too_few = label_quotas(tiers, {"basic": (2, 5), "raised": (3, 5)})
    assert feasibility(Constraints(8, 5, too_few)) == Infeasible(
        (Shortage("too_few_members", ("raised",), 1),)
    )
    over = label_quotas(tiers, {"basic": (5, 5), "raised": (2, 2)})
    assert feasibility(Constraints(8, 5, over)) == Infeasible(
        (Shortage("minima_exceed_length", ("basic", "raised"), 2),)
    )
    under = label_quotas(tiers, {"basic": (0, 2), "raised": (0, 1)})
    assert feasibility(Constraints(8, 5, under)) == Infeasible(
        (Shortage("maxima_below_length", ("basic", "raised"), 2),)
    )
    assert feasibility(Constraints(3, 5)) == Infeasible((Shortage("too_few_items", (), 2),))


def test_enemies_can_make_a_quota_unreachable() -> None:
    raised = Quota("raised", 2, 4, np.array([True, True, False, False, False]))
    verdict = feasibility(Constraints(5, 3, (raised,), (np.array([0, 1]),)))
    assert verdict == Infeasible((Shortage("combination", ("raised",), 1),))


def test_the_memo_gives_what_a_fresh_assembly_gives() -> None:
    rng = np.random.default_rng(8)
    quotas = label_quotas(rng.choice(list("xyz"), 30).tolist(), dict.fromkeys("xyz", (3, 4)))
    constraints = Constraints(30, 10, quotas, (np.array([0, 7]), np.array([7, 9])))
    shared = Assembly.of(constraints)
    for _ in range(50):
        administered: list[int] = []
        while (mask := shared.eligible(administered)).any():
            assert (mask == Assembly.of(constraints).eligible(administered)).all()
            administered.append(int(rng.choice(np.flatnonzero(mask))))
        assert violations(constraints, administered) == ()


def test_minima_can_be_met_early_without_risk_to_the_full_test() -> None:
    tiers = ["basic"] * 10 + ["raised"] * 10
    assembly = Assembly.of(Constraints(20, 10, label_quotas(tiers, {"basic": (2, 10), "raised": (2, 10)})))
    assert assembly.eligible([0, 1]).sum() == 18
    assert np.flatnonzero(assembly.eligible([0, 1], met_by=4)).tolist() == list(range(10, 20))
    assert assembly.eligible([0, 1, 10, 11], met_by=4).sum() == 16  # met: free again
    late = assembly.eligible([0, 1, 2, 3], met_by=5)
    assert np.flatnonzero(late).tolist() == list(range(10, 20))  # too late for five, so by six
    exact = Assembly.of(Constraints(20, 10, label_quotas(tiers, {"basic": (5, 5), "raised": (5, 5)})))
    assert exact.eligible([0, 1], met_by=4).sum() == 18  # exact quotas are met at the end only


def test_an_answer_may_be_changed_without_spoiling_the_memo() -> None:
    assembly = Assembly.of(Constraints(4, 3))
    assembly.eligible([0])[:] = False
    assert assembly.eligible([0]).sum() == 3


@pytest.mark.parametrize("administered", [[0, 1], [0, 0, 1]])
def test_what_is_already_broken_or_doubled_is_not_extended(administered: list[int]) -> None:
    assembly = Assembly.of(Constraints(4, 3, (), (np.array([0, 1]),)))
    if len(set(administered)) < len(administered):
        with pytest.raises(ValueError, match="only once"):
            assembly.eligible(administered)
    else:
        assert not assembly.eligible(administered).any()


def test_a_test_is_met_only_with_its_passages_minima() -> None:
    passages = (Passage("one", 2, 3, np.array([0, 1, 2])), Passage("two", 2, 2, np.array([3, 4])))
    constraints = Constraints(8, 6, label_quotas(["a"] * 8, {"a": (1, 6)}), (), passages, (1, 2))
    assert not constraints.is_met([5, 6])  # no passage yet
    assert not constraints.is_met([5, 0])  # one begun
    assert constraints.is_met([5, 0, 2])
    assert not constraints.is_met([5, 0, 2, 3])
    assert constraints.is_met([0, 2, 3, 4])
