"""`python -m benchmarks.simulation [--quick]`: simulated candidates a second, exposure held down, grades given.

Figures are medians over seeds, each with a pool of its own; times are CPU seconds of one thread. catsim simulates
fewer candidates from the same pool in the same run, by maximum information with its default estimator. The last
line is one JSON object."""

from __future__ import annotations

import argparse
import json
import statistics
import time
import warnings
from collections.abc import Callable
from typing import Any

from benchmarks.machine import machine  # sets the number of threads, so before numpy

# isort: split
import numpy as np

from benchmarks.responses import dichotomous_items
from irt.arrays import Floats
from irt.assembly import Constraints, label_quotas
from irt.exposure import Control
from irt.models import Items
from irt.selection import Rule
from irt.simulate import Design, Normal, Simulation, grade_accuracy, simulate, summary, thetas_of

N_ITEMS, LENGTH, REFERENCE = 500, 30, 60
CUTS = (50.0, 60.0, 75.0)
R_MAX = 0.20
LENGTHS = (20, 30, 40)
TIERS = {"basic": 10, "medium": 12, "raised": 8}
AREAS, ENEMY_PAIRS = 6, 15
AREA_BOUNDS = (3, 7)

Keyed = dict[str, float]


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.simulation", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="one seed, 2000 candidates instead of 5000")
    parser.add_argument("--seeds", type=int, default=3, help="pools; the figures are medians over them")
    options = parser.parse_args()
    seeds, crowd = (1, 2000) if options.quick else (options.seeds, 5000)
    print(json.dumps(run(seeds, crowd, 8 if options.quick else 25)))


def run(n_seeds: int, crowd: int, n_catsim: int) -> dict[str, Any]:
    """The figures of one run."""
    rows = []
    for seed in range(1, n_seeds + 1):
        began = time.perf_counter()
        rows.append(one_seed(seed, crowd, n_catsim))
        told = ", ".join(f"{name} {value:.4g}" for name, value in rows[-1].items())
        print(f"— seed {seed} of {n_seeds} in {time.perf_counter() - began:.0f} s: {told}", flush=True)
    figures: dict[str, Any] = {}
    for name in rows[0]:
        place, *path = name.split(".")
        target = figures
        for step in path:
            target, place = target.setdefault(place, {}), step
        target[place] = round(statistics.median(row[name] for row in rows), 4)
    figures["seeds"], figures["candidates"] = n_seeds, crowd
    figures["machine"] = machine("highspy", "catsim")
    return figures


def one_seed(seed: int, crowd: int, n_catsim: int) -> Keyed:
    """All figures on the pool of one seed."""
    rng = np.random.default_rng(seed)
    items, reference = dichotomous_items(rng, N_ITEMS, True), dichotomous_items(rng, REFERENCE, True)
    thetas = thetas_of([Normal()], crowd, seed)
    rates, plain = unconstrained(items, thetas, seed)
    return {
        **rates,
        **shadow(items, rng, thetas[: crowd // 5], seed),
        **{f"pr20.{name}": value for name, value in controlled(items, thetas, seed, plain).items()},
        **grades(items, reference, thetas, seed),
        "catsim_ratio": rates["candidates_per_s"] / catsim_per_s(items, thetas[:n_catsim]),
    }


def unconstrained(items: Items, thetas: Floats, seed: int) -> tuple[Keyed, Simulation]:
    """Candidates a second without constraints, by rule; and the tests of maximum information."""
    free = Constraints(N_ITEMS, LENGTH)
    per_s, plain = timed(Design(items, free), thetas, seed)
    return {
        "candidates_per_s": per_s,
        "randomesque5_candidates_per_s": timed(Design(items, free, Rule(randomesque=5)), thetas, seed)[0],
    }, plain


def shadow(items: Items, rng: np.random.Generator, thetas: Floats, seed: int) -> Keyed:
    """Candidates a second under shadow tests of tiers, overlapping areas and enemies, and constraints broken: none."""
    tier = np.array(list(TIERS))[np.digitize(items.b, np.quantile(items.b, [1 / 3, 2 / 3]))]
    area = rng.integers(0, AREAS, N_ITEMS).astype(str)
    quotas = label_quotas(tier.tolist(), {name: (n, n) for name, n in TIERS.items()})
    quotas += label_quotas(area.tolist(), {str(one): AREA_BOUNDS for one in range(AREAS)})
    enemies = tuple(rng.permutation(N_ITEMS)[: 2 * ENEMY_PAIRS].reshape(-1, 2))
    per_s, found = timed(
        Design(items, Constraints(N_ITEMS, LENGTH, quotas, enemies), method="shadow"), thetas, seed
    )
    return {"shadow_candidates_per_s": per_s, "shadow_violations": float(found.n_violations.sum())}


def controlled(items: Items, thetas: Floats, seed: int, plain: Simulation) -> Keyed:
    """Progressive-restricted at .20 against maximum information, for the same candidates."""
    free = Constraints(N_ITEMS, LENGTH)
    control = Control("progressive_restricted", R_MAX)
    design = Design(items, free, exposure=control, batch=max(1, thetas.size // 50))
    per_s, found = timed(design, thetas, seed)
    ours, best = summary(design, found), summary(Design(items, free), plain)
    return {
        "candidates_per_s": per_s,
        "max_exposure": ours.exposure.highest,
        "overlap": ours.exposure.overlap,
        "unused": ours.exposure.unused,
        "rmse": ours.precision.rmse,
        "rmse_ratio": ours.precision.rmse / best.precision.rmse,
    }


def grades(items: Items, reference: Items, thetas: Floats, seed: int) -> Keyed:
    """Exact grades, and pass or fail, of tests of several lengths by maximum information."""
    figures: Keyed = {}
    for length in LENGTHS:
        design = Design(items, Constraints(N_ITEMS, length))
        found = grade_accuracy(design, simulate(design, thetas, seed), reference, CUTS)
        figures[f"grades.{length}.exact"] = found.exact
        figures[f"grades.{length}.pass_fail"] = found.pass_fail
        figures[f"grades.{length}.percent_error"] = found.error
    return figures


def timed(design: Design, thetas: Floats, seed: int) -> tuple[float, Simulation]:
    """Candidates per CPU second, the pool's tables computed beforehand as they are once per pool; the tests."""
    simulate(design, thetas[:2], seed)
    found: list[Simulation] = []
    spent = cpu_s(lambda: found.append(simulate(design, thetas, seed)))
    return thetas.size / spent, found[0]


def catsim_per_s(items: Items, thetas: Floats) -> float:
    """catsim's candidates per CPU second: maximum information, its default estimator, 30 items."""
    from catsim.estimation import NumericalSearchEstimator
    from catsim.initialization import FixedPointInitializer
    from catsim.selection import MaxInfoSelector
    from catsim.simulation import Simulator
    from catsim.stopping import TestLengthStopper

    bank = np.column_stack((items.a, items.b, items.c, items.d))
    peer = Simulator(
        bank, thetas, FixedPointInitializer(0.0), MaxInfoSelector(), NumericalSearchEstimator(),
        TestLengthStopper(max_items=LENGTH),
    )  # fmt: skip
    with warnings.catch_warnings():
        warnings.simplefilter(
            "ignore"
        )  # all right and all wrong have no maximum likelihood, as it rightly says
        return float(thetas.size / cpu_s(peer.simulate))


def cpu_s(act: Callable[[], object]) -> float:
    """CPU seconds of this process while it acts."""
    began = time.process_time()
    act()
    return time.process_time() - began


if __name__ == "__main__":
    main()
