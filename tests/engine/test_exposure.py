"""Exposure control: each rule's defining property, rates under control in simulation, overlap by counting pairs."""

from itertools import combinations, pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from irt.assembly import Constraints, label_quotas, violations
from irt.draws import Draws
from irt.exposure import (
    Control,
    Counters,
    available,
    eligibility,
    exposure,
    overlap,
    progressive,
    progressive_weight,
    sympson_hetter,
    uniforms,
)
from irt.models import Items
from irt.simulate import Design, Normal, simulate, thetas_of

N_ITEMS, LENGTH = 120, 12


def pool(seed: int = 1) -> Items:
    rng = np.random.default_rng(seed)
    return Items(
        np.clip(rng.lognormal(0.2, 0.3, N_ITEMS), 0.5, 2.5),
        np.clip(rng.normal(size=N_ITEMS), -2.5, 2.5),
        np.clip(rng.beta(20, 80, N_ITEMS), 0.05, 0.35),
        np.ones(N_ITEMS),
    )


def counters(n: float, administered: list[float], eligible: list[float] | None = None) -> Counters:
    return Counters(np.array(n), np.array(administered), np.array(eligible or [n] * len(administered)))


def test_an_item_at_the_limit_rests_and_returns_when_its_rate_has_fallen() -> None:
    control = Control("restricted", 0.2)
    at_limit = counters(10, [2, 1, 0, 0, 0])
    assert available(control, at_limit, 3, Draws(1, 0)).tolist() == [False, True, True, True, True]
    later = at_limit.after(1, np.zeros(5), np.ones(5))
    assert available(control, later, 3, Draws(1, 0)).all()


def test_a_test_never_runs_out_of_items_the_least_exposed_return() -> None:
    busy = counters(10, [9, 5, 7, 5, 10])
    mask = available(Control("restricted", 0.1), busy, 3, Draws(1, 0))
    assert mask.tolist() == [False, True, True, True, False]


def test_eligibility_is_the_limit_over_the_rate_among_those_who_could_get_it() -> None:
    seen = counters(100, [50, 10, 0, 40], [80, 100, 100, 50])
    assert eligibility(seen, 0.25) == pytest.approx([0.25 * 80 / 50, 1.0, 1.0, 0.25 * 50 / 40])


def test_when_tests_may_be_infeasible_eligibility_makes_up_for_it() -> None:
    # 1 - 1/F + r E / (A F), by hand for F = .8, r = .25, E / A = 2.
    seen = counters(100, [40], [80])
    assert eligibility(seen, 0.25, feasible=0.8) == pytest.approx([1 - 1.25 + 0.25 * 2 * 1.25])


def test_eligibility_drawn_for_many_has_its_probability() -> None:
    seen = counters(1000, [500.0] * 40, [1000.0] * 40)
    masks = [available(Control("eligibility", 0.2), seen, 0, Draws(seed, 0)) for seed in range(500)]
    share = np.mean(masks)
    assert abs(share - 0.4) < 4 * np.sqrt(0.4 * 0.6 / (500 * 40))


def test_eligibility_settles_where_the_rate_is_the_limit() -> None:
    # An item everybody would get if eligible: given as often as eligible, so it must become eligible r_max of the time.
    seen, n_given = Counters.none(1), 0
    for candidate in range(4000):
        is_open = available(Control("eligibility", 0.3), seen, 0, Draws(5, candidate)).astype(float)
        seen = seen.after(1, is_open, is_open)
        n_given += int(is_open[0])
    assert n_given / 4000 == pytest.approx(0.3, abs=4 * np.sqrt(0.3 * 0.7 / 4000))


def test_theta_groups_are_counted_apart() -> None:
    groups = Counters(np.array([10.0, 20.0]), np.array([[5.0, 0], [2, 20]]), np.array([[10.0, 10], [20, 20]]))
    assert groups.rates.tolist() == [[0.5, 0.0], [0.1, 1.0]]
    assert eligibility(groups, 0.25).tolist() == [[0.5, 1.0], [1.0, 0.25]]
    with pytest.raises(ValueError, match="one theta group"):
        available(Control("restricted", 0.2), groups, 1, Draws(1, 0))


def test_fading_weighs_the_past_down() -> None:
    seen = counters(100, [50, 0]).after(1, np.array([0.0, 1.0]), np.ones(2), fading=0.5)
    assert (float(seen.n_candidates), seen.n_administered.tolist()) == (51.0, [25.0, 1.0])


@given(st.integers(0, 29), st.integers(30, 60), st.floats(0, 5))
def test_the_weight_of_information_rises_from_nothing_to_all(
    n: int, length: int, acceleration: float
) -> None:
    weights = [progressive_weight(step, length, acceleration) for step in range(length)]
    assert weights[0] == 0
    assert weights[-1] == pytest.approx(1)
    assert all(later > earlier for earlier, later in pairwise(weights))
    assert weights[n] == pytest.approx(sum(f**acceleration for f in range(1, n + 1))
                                       / sum(f**acceleration for f in range(1, length)))  # fmt: skip


def test_the_progressive_criterion_is_random_first_and_information_last() -> None:
    information, draws = np.array([0.5, 2.0, 1.0]), np.array([0.9, 0.1, 0.5])
    free = np.array([True, False, True])
    assert (
        progressive(information, free, 0.0, draws).tolist() == draws.tolist()
    )  # H = 1: the second is not free
    assert progressive(information, free, 1.0, draws).tolist() == information.tolist()
    assert progressive(information, free, 0.25, draws) == pytest.approx(0.75 * draws + 0.25 * information)


def test_uniforms_are_those_of_splitmix64() -> None:
    # First outputs of SplitMix64 seeded with 1234567, as published with the generator's reference code.
    published = [6457827717110365317, 3203168211198807973, 9817491932198370423]
    halves = [half for word in published for half in (word & 0xFFFFFFFF, word >> 32)]
    assert uniforms(1234567, 6).tolist() == [half * 2.0**-32 for half in halves]


@given(st.integers(0, 2**64 - 1), st.integers(0, 200))
def test_uniforms_of_a_word_stand_alone(word: int, n: int) -> None:
    rows = uniforms(np.array([word, 7], dtype=np.uint64), n)
    assert rows.shape == (2, n)
    assert rows[0].tolist() == uniforms(word, n + 3)[:n].tolist()
    assert ((rows >= 0) & (rows < 1)).all()


@given(st.lists(st.lists(st.integers(0, 9), min_size=4, max_size=4, unique=True), min_size=2, max_size=12))
def test_overlap_is_the_mean_over_all_pairs(tests: list[list[int]]) -> None:
    pairs = [len(set(one) & set(other)) / 4 for one, other in combinations(tests, 2)]
    assert exposure(np.array(tests), 10).overlap == pytest.approx(np.mean(pairs))


def test_overlap_agrees_with_the_published_formula_for_many() -> None:
    # Chen, Ankenmann & Spray (2003): S^2 n / L + L / n, the limit of the exact count for many candidates.
    rng = np.random.default_rng(3)
    tests = np.array([rng.permutation(N_ITEMS)[:LENGTH] for _ in range(3000)])
    found = exposure(tests, N_ITEMS)
    limit = found.rates.var() * N_ITEMS / LENGTH + LENGTH / N_ITEMS
    assert found.overlap == pytest.approx(limit, abs=1 / 3000)


def test_tests_of_several_lengths_share_in_proportion() -> None:
    found = exposure(np.array([[0, 1, 2], [0, 1, -1], [0, -1, -1]]), 4)
    assert found.overlap == pytest.approx(((2 + 1 + 1) / 3) / 2)
    assert found.rates == pytest.approx([1, 2 / 3, 1 / 3, 0])
    assert (found.highest, found.unused) == (1.0, 0.25)


def test_even_use_has_no_chi_square() -> None:
    assert exposure(np.array([[0, 1], [2, 3]]), 4).chi_square == 0
    assert exposure(np.array([[0, 1], [0, 1]]), 4).chi_square == pytest.approx(2.0)  # 4 (.5)^2 / .5


def test_one_candidate_shares_with_nobody() -> None:
    assert np.isnan(overlap(np.array([1, 1]), 1))


@pytest.mark.parametrize("method", ["restricted", "progressive_restricted"])
def test_no_item_goes_past_the_limit_by_more_than_a_batch(method: str) -> None:
    limit, batch, n = 0.25, 20, 800
    design = Design(pool(), Constraints(N_ITEMS, LENGTH), exposure=Control(method, limit), batch=batch)  # type: ignore[arg-type]
    tests = simulate(design, thetas_of([Normal()], n, 3), seed=4).indices
    assert exposure(tests, N_ITEMS).highest < limit + batch / n


def test_one_after_another_no_item_goes_past_the_limit_at_all() -> None:
    n = 300
    design = Design(pool(), Constraints(N_ITEMS, LENGTH), exposure=Control("restricted", 0.25), batch=1)
    tests = simulate(design, thetas_of([Normal()], n, 3), seed=4).indices
    for reached in range(1, n + 1):
        given_to = np.bincount(tests[:reached].ravel(), minlength=N_ITEMS)
        assert given_to.max() <= 0.25 * reached + 1


def test_progressive_tests_use_the_whole_pool_and_measure_less_well() -> None:
    thetas = thetas_of([Normal()], 1000, 9)
    plain = simulate(Design(pool(), Constraints(N_ITEMS, LENGTH)), thetas, seed=1)
    control = Control("progressive_restricted", 0.3)
    mixed = simulate(Design(pool(), Constraints(N_ITEMS, LENGTH), exposure=control), thetas, seed=1)
    assert exposure(mixed.indices, N_ITEMS).unused == 0
    assert exposure(plain.indices, N_ITEMS).unused > 0.3
    assert exposure(mixed.indices, N_ITEMS).overlap < exposure(plain.indices, N_ITEMS).overlap
    assert np.mean(plain.se) < np.mean(mixed.se) < 1.5 * np.mean(plain.se)


def test_the_blueprint_goes_before_exposure() -> None:
    # Only six raised items for everybody's three: their rate must be half, whatever the control wishes.
    labels = ["raised"] * 6 + ["basic"] * (N_ITEMS - 6)
    quotas = label_quotas(labels, {"raised": (3, 3), "basic": (LENGTH - 3, LENGTH - 3)})
    constraints = Constraints(N_ITEMS, LENGTH, quotas)
    design = Design(pool(), constraints, exposure=Control("restricted", 0.2), batch=5)
    simulation = simulate(design, thetas_of([Normal()], 60, 3), seed=4)
    assert all(violations(constraints, test) == () for test in simulation.indices)
    assert exposure(simulation.indices, N_ITEMS).rates[:6].mean() == pytest.approx(0.5)


def test_sympson_hetter_holds_what_is_selected_too_often() -> None:
    selected = np.array([0.8, 0.1, 0.4, 0.0, 0.9])
    assert sympson_hetter(selected, 0.2, 2) == pytest.approx([0.25, 1.0, 0.5, 1.0, 0.2 / 0.9])
    assert sympson_hetter(selected, 0.2, 4).tolist()[:4] == [1.0, 1.0, 1.0, 1.0]


@pytest.mark.parametrize(
    "make",
    [
        lambda: Control("sometimes", 0.2),  # type: ignore[arg-type]
        lambda: Control("restricted", 0.0),
        lambda: Control("restricted", float("nan")),
        lambda: Control("progressive_restricted", 0.2, acceleration=-1),
        lambda: counters(10, [11]),
        lambda: counters(10, [float("nan")]),
        lambda: counters(-1, [0]),
        lambda: Counters(np.zeros(2), np.zeros(3), np.zeros(3)),
        lambda: counters(1, [0]).after(1, np.zeros(1), np.zeros(1), fading=0),
        lambda: eligibility(counters(1, [0]), 0.2, feasible=0),
        lambda: available(Control("restricted", 0.2), counters(1, [0]), 2, Draws(1, 0)),
        lambda: progressive_weight(5, 5),
        lambda: sympson_hetter(np.array([1.2]), 0.2, 1),
        lambda: sympson_hetter(np.array([0.2]), 0.2, 2),
        lambda: exposure(np.empty((0, 3), dtype=int), 3),
        lambda: exposure(np.array([[0, 3]]), 3),
    ],
)
def test_what_makes_no_sense_is_refused(make) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(ValueError):
        make()
