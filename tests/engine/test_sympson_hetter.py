"""Sympson and Hetter: chances drawn beforehand are their experiment, and the search for them ends near the target."""

import numpy as np
import pytest

from irt.ability import posterior
from irt.assembly import Constraints, label_quotas
from irt.draws import Draws
from irt.exposure import Control, Counters, SympsonHetter, available, exposure, uniforms
from irt.models import Items, prob
from irt.selection import information
from irt.simulate import Design, Normal, simulate, summary, sympson_hetter_chances, thetas_of
from irt.simulate.control import selection_rates
from irt.simulate.run import counted_tests

N, LENGTH = 60, 8
RNG = np.random.default_rng(8)
ITEMS = Items(RNG.lognormal(0.2, 0.3, N), RNG.normal(size=N), np.full(N, 0.2), np.ones(N))
FREE = Design(ITEMS, Constraints(N, LENGTH))
NONE = Counters.none(N)


def test_each_item_is_open_with_its_own_chance() -> None:
    control = SympsonHetter(0.2, tuple(np.linspace(0.1, 1.0, N).tolist()))
    masks = np.array([available(control, NONE, 0, Draws(1, person)) for person in range(3000)])
    error = np.sqrt(control.k * (1 - control.k) / 3000)
    assert (np.abs(masks.mean(axis=0) - control.k) <= 4 * error).all()
    one = available(control, NONE, 0, Draws(1, 7))
    assert one.tolist() == (uniforms(Draws(1, 7).word(), N) < control.k).tolist()


def test_those_with_the_best_chances_are_let_in_again() -> None:
    control = SympsonHetter(0.2, (*(1e-9 * np.arange(1, N)).tolist(), 1e-12))
    assert np.flatnonzero(available(control, NONE, 3, Draws(1, 1))).tolist() == [N - 4, N - 3, N - 2]


def as_published(chances: np.ndarray, theta: float, rng: np.random.Generator) -> tuple[list[int], set[int]]:
    """One test by the definition: the best item left is selected, and given or set aside by an experiment."""
    indices: list[int] = []
    selected: set[int] = set()
    scores: list[int] = []
    while len(indices) < LENGTH:
        values = information(FREE.info_table, posterior(FREE.log_lik, indices, scores), FREE.rule).copy()
        values[list(selected)] = -1.0
        best = int(np.argmax(values))
        selected.add(best)
        if rng.random() < chances[best]:
            indices.append(best)
            scores.append(int(rng.random() < prob(theta, ITEMS)[0, best]))
    return indices, selected


def test_chances_drawn_beforehand_give_the_rates_of_experiments_on_selection() -> None:
    rng, n = np.random.default_rng(3), 1500
    chances = rng.uniform(0.2, 1.0, N)
    thetas = thetas_of([Normal()], n, 5)
    tests = [as_published(chances, theta, rng) for theta in thetas]
    given_to = exposure(np.array([indices for indices, _ in tests]), N).rates
    selected = np.mean([[item in chosen for item in range(N)] for _, chosen in tests], axis=0)
    control = SympsonHetter(0.2, tuple(chances.tolist()))
    design = Design(ITEMS, FREE.constraints, exposure=control)
    simulation, counters = counted_tests(design, thetas, seed=1)
    error = np.sqrt(2 * given_to * (1 - given_to) / n) + 1e-3
    assert (np.abs(exposure(simulation.indices, N).rates - given_to) < 4 * error).all()
    # Fewer candidates tell of the selection of an item: those to whom it was open.
    error = np.sqrt(selected * (1 - selected) / n * (1 + 1 / chances)) + 3e-3
    assert (np.abs(selection_rates(counters) - selected) < 4 * error).all()


def test_many_at_once_get_the_tests_they_would_get_under_a_rule_that_needs_them_alone() -> None:
    control = SympsonHetter(0.2, tuple(np.linspace(0.2, 1.0, N).tolist()))
    thetas = thetas_of([Normal()], 30, 5)
    free = simulate(Design(ITEMS, FREE.constraints, exposure=control), thetas, 2)
    everything = label_quotas(["x"] * N, {"x": (LENGTH, LENGTH)})
    alone = simulate(Design(ITEMS, Constraints(N, LENGTH, everything), exposure=control), thetas, 2)
    assert (free.indices == alone.indices).all()


TIERS = label_quotas(["a", "b", "c"] * (N // 3), {"a": (2, 2), "b": (3, 3), "c": (3, 3)})


@pytest.mark.parametrize(
    ("constraints", "n", "tolerance"),
    [(FREE.constraints, 3000, 0.04), (Constraints(N, LENGTH, TIERS), 300, 0.1)],
)
def test_the_search_ends_near_the_target_and_holds_for_other_candidates(
    constraints: Constraints, n: int, tolerance: float
) -> None:
    design, r_max = Design(ITEMS, constraints, exposure=Control("restricted", 0.9)), 0.3
    told: list[tuple[int, float]] = []
    found = sympson_hetter_chances(
        design, thetas_of([Normal()], n, 5), 9, r_max, tolerance=tolerance,
        progress=lambda number, highest: told.append((number, highest)),
    )  # fmt: skip
    assert found.converged
    assert found.control.r_max == r_max
    assert found.highest[-1] <= r_max + tolerance < 0.9  # without control the highest rate is nearly one
    assert told == list(enumerate(found.highest, start=1))
    tuned = Design(ITEMS, constraints, exposure=found.control)
    assert found.highest[-1] == summary(tuned, found.simulation).exposure.highest
    others = simulate(tuned, thetas_of([Normal()], n, 6), seed=77)
    noise = 4 * np.sqrt(r_max * (1 - r_max) / n)
    assert exposure(others.indices, N).highest <= r_max + tolerance + noise
    assert others.n_violations.sum() == 0


def test_a_target_the_blueprint_forbids_is_not_called_reached() -> None:
    # Six items of whom everybody needs three: their rates are one half at least.
    quotas = label_quotas(["few"] * 6 + ["many"] * (N - 6), {"few": (3, 3), "many": (5, 5)})
    found = sympson_hetter_chances(
        Design(ITEMS, Constraints(N, LENGTH, quotas)), thetas_of([Normal()], 50, 5), 9, 0.3, most_rounds=3
    )
    assert not found.converged
    assert len(found.highest) == 3
    rates = exposure(found.simulation.indices, N).rates
    assert rates.max() == min(found.highest) >= 0.5


@pytest.mark.parametrize(
    "make",
    [
        lambda: SympsonHetter(0.0, (1.0,)),
        lambda: SympsonHetter(0.2, (0.0,)),
        lambda: SympsonHetter(0.2, (float("nan"),)),
        lambda: available(SympsonHetter(0.2, (0.5,)), NONE, 0, Draws(1, 1)),
        lambda: sympson_hetter_chances(FREE, np.zeros(5), 1, 0.99 * LENGTH / N),
        lambda: sympson_hetter_chances(FREE, np.zeros(5), 1, 0.5, tolerance=float("nan")),
        lambda: sympson_hetter_chances(FREE, np.zeros(5), 1, 0.5, most_rounds=0),
    ],
)
def test_what_makes_no_sense_is_refused(make) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(ValueError):
        make()
