"""Parallel forms: each is legal, no two share more than allowed, and they inform alike; small pools by enumeration."""

from itertools import combinations

import numpy as np
import pytest
from hypothesis import assume, event, given, settings
from hypothesis import strategies as st

from irt.assembly import Constraints, Passage, Quota, Shortage, TimeBudget, label_quotas, violations
from irt.models import Items, info
from irt.parallel import Forms, Impossible, parallel_forms
from irt.parallel.parity import Parity

CUTS = np.array([-0.5, 0.0, 0.8])
LETTERS = "xyz"


@st.composite
def problems(draw: st.DrawFn, n_most: int = 60) -> tuple[Constraints, np.ndarray]:
    """A pool with overlapping quotas, enemies that may cross them, perhaps passages and a time budget."""
    n = draw(st.integers(24, n_most))
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    length = draw(st.integers(4, 7))
    tiers, areas = rng.choice(list("bmr"), n).tolist(), rng.choice(list(LETTERS), n).tolist()
    quotas = label_quotas(tiers, dict.fromkeys("bmr", (1, length)))
    quotas += label_quotas(areas, dict.fromkeys(LETTERS, (1, 4)))
    order = rng.permutation(n)
    enemies = tuple(order[3 * k : 3 * k + 2] for k in range(draw(st.integers(0, 4))))
    passages, n_passages, time = (), None, None
    if draw(st.booleans()):
        free = order[-12:]
        passages = tuple(Passage(f"p{k}", 2, 3, free[4 * k : 4 * k + 4]) for k in range(3))
        n_passages = (0, 1)
    if draw(st.booleans()):
        expected = rng.uniform(20, 120, n)
        time = TimeBudget(float(np.sort(expected)[: 2 * n // 3].mean() * length), expected)
    a, b = rng.lognormal(0.2, 0.3, n), rng.normal(size=n)
    constraints = Constraints(n, length, quotas, enemies, passages, n_passages, time)
    return constraints, info(CUTS, Items.from_lists(a.tolist(), b.tolist()))


@given(problems(), st.integers(1, 4), st.integers(0, 3), st.integers(0, 2))
@settings(max_examples=25)
def test_every_form_is_legal_and_shares_no_more_than_allowed(
    problem: tuple[Constraints, np.ndarray], n_forms: int, least: int, more: int
) -> None:
    constraints, information = problem
    shared = (least, min(least + more, constraints.length))
    found = parallel_forms(constraints, information, n_forms, shared)
    event(type(found).__name__)
    assume(isinstance(found, Forms))
    assert isinstance(found, Forms)
    assert len(found.forms) == n_forms
    assert least <= len(found.common) <= shared[1]
    for form in found.forms:
        assert violations(constraints, form) == ()
    for one, other in combinations(found.forms, 2):
        assert set(one) & set(other) == set(found.common)
    reached = [information[:, form].sum(axis=1) for form in found.forms]
    np.testing.assert_allclose(found.information, reached)
    again = parallel_forms(constraints, information, n_forms, shared)
    assert isinstance(again, Forms)
    assert again.forms == found.forms


def small(rng: np.random.Generator) -> Constraints:
    n = 8
    tiers = rng.choice(["b", "r"], n).tolist()
    quotas = label_quotas(tiers, {"b": (1, 3), "r": (1, 3)})
    enemies = (rng.choice(n, 2, replace=False).astype(np.intp), rng.choice(n, 3, replace=False).astype(np.intp))
    return Constraints(n, 3, quotas, enemies)


@pytest.mark.parametrize("seed", range(25))
@pytest.mark.parametrize("n_forms", [2, 3])
def test_there_are_forms_exactly_where_enumeration_finds_some(seed: int, n_forms: int) -> None:
    constraints = small(np.random.default_rng(seed))
    legal = [set(test) for test in combinations(range(8), 3) if not violations(constraints, np.array(test))]
    for k in (0, 1):
        exists = any(
            len(shared := set.intersection(*forms)) == k
            and all(one & other == shared for one, other in combinations(forms, 2))
            for forms in map(list, combinations(legal, n_forms))
        )
        found = parallel_forms(constraints, np.ones((1, 8)), n_forms, (k, k))
        assert isinstance(found, Forms) == exists
        if isinstance(found, Impossible):
            assert found.is_proved


def pool(n: int, seed: int = 1) -> tuple[Constraints, np.ndarray]:
    """The pool of the benchmarks: three tiers, six areas, enemies."""
    rng = np.random.default_rng(seed)
    a, b = np.clip(rng.lognormal(0.2, 0.3, n), 0.5, 2.5), np.clip(rng.normal(size=n), -2.5, 2.5)
    tiers = [("b", "m", "r")[int(np.digitize(x, [-0.5, 0.5]))] for x in b]
    areas = [f"a{k}" for k in rng.integers(0, 6, n)]
    quotas = label_quotas(tiers, {"b": (10, 10), "m": (12, 12), "r": (8, 8)})
    quotas += label_quotas(areas, {f"a{k}": (3, 8) for k in range(6)})
    enemies = tuple(rng.choice(n, 2, replace=False).astype(np.intp) for _ in range(15))
    return Constraints(n, 30, quotas, enemies), info(CUTS, Items.from_lists(a.tolist(), b.tolist()))


@pytest.mark.parametrize("common", [(0, 0), (4, 6)])
def test_forms_inform_alike_at_the_cuts(common: tuple[int, int]) -> None:
    found = parallel_forms(*pool(300), 3, common)
    assert isinstance(found, Forms)
    assert found.disparity < 0.02
    assert found.n_swaps > 0


def test_common_items_are_as_few_as_are_needed() -> None:
    constraints, information = pool(120)
    enough = parallel_forms(constraints, information, 2, (0, 8))
    assert isinstance(enough, Forms)
    assert enough.common == ()
    assert isinstance(parallel_forms(constraints, information, 5, (0, 0)), Impossible)
    scarce = parallel_forms(constraints, information, 5, (0, 20))
    assert isinstance(scarce, Forms)
    assert len(scarce.common) > 0


def test_forms_out_of_a_rich_pool_are_the_most_informative() -> None:
    """Without quotas the best n × length items are used, so that the sum is known."""
    information = np.array([[5.0, 1.0, 4.0, 2.0, 3.0, 6.0, 0.5]])
    found = parallel_forms(Constraints(7, 2), information, 3, (0, 0))
    assert isinstance(found, Forms)
    assert sorted(np.concatenate(found.forms).tolist()) == [0, 1, 2, 3, 4, 5]
    assert found.information.ravel().tolist() == [7.0, 7.0, 7.0]
    assert found.disparity == 0


def test_exchanges_end_where_none_helps() -> None:
    constraints, information = pool(120)
    found = parallel_forms(constraints, information, 2)
    assert isinstance(found, Forms)
    own = [np.array(form) for form in found.forms]
    again, n_swaps = Parity(constraints, information, own, np.zeros(0, np.intp)).settled()
    assert n_swaps == 0
    assert [items.tolist() for items in again] == [sorted(form) for form in found.forms]


def test_what_the_pool_lacks_for_all_forms_is_said() -> None:
    members = np.array([True] * 3 + [False] * 9)
    constraints = Constraints(12, 3, (Quota("raised", 2, 3, members),))
    found = parallel_forms(constraints, np.ones((1, 12)), 3)
    assert found == Impossible(True, (Shortage("too_few_members", ("raised",), 3),))


@pytest.mark.parametrize(
    ("information", "n_forms", "common"),
    [(np.ones((1, 5)), 1, (0, 0)), (np.ones((1, 12)), 0, (0, 0)), (np.ones((1, 12)), 2, (2, 1)),
     (np.ones((1, 12)), 2, (0, 4)), (np.full((1, 12), np.nan), 2, (0, 0)), (np.zeros((1, 12)), 2, (0, 0))],
)  # fmt: skip
def test_nonsense_is_refused(information: np.ndarray, n_forms: int, common: tuple[int, int]) -> None:
    with pytest.raises(ValueError, match=r"form|information|some item"):
        parallel_forms(Constraints(12, 3), information, n_forms, common)
