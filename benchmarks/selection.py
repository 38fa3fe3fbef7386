"""`python -m benchmarks.selection`: milliseconds a decision, beside PyPI `mirt` and `catsim` in the same run.

A next item out of 10,000 without constraints; a shadow test assembled anew at every step (three tiers crossed
with six areas, 15 enemy pairs, passages of four; 500 and 2,000 items); live decisions as delivery
has them, with refreshing and a memo; and 10,000 simulated tests, counting what they break. mirt has the three tiers
only, and gets theta, as catsim does: ours computes it from the answers. Each figure in milliseconds by the wall's
clock, `cpu_…` by the process's; ratios are of medians of CPU. The last line is one JSON object."""

from __future__ import annotations

import argparse
import json
import os
import statistics
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from typing import Any

from benchmarks.machine import machine  # sets the number of threads, so before numpy

# isort: split
import numpy as np

from irt.ability import Grid, LogLikTable, posterior
from irt.assembly import Constraints, Passage, TimeBudget, label_quotas, violations
from irt.decider import Decider, NextItem
from irt.draws import Draws
from irt.models import Items, prob
from irt.selection import InfoTable, Rule, information, next_item

LENGTH = 30
TIERS = {"basic": (10, 10), "medium": (12, 12), "raised": (8, 8)}
AREA = (3, 7)
GRID = Grid()
Taken = tuple[float, float]  # milliseconds: wall, CPU of all threads of the process


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.selection", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a tenth of the work, 200 simulated tests")
    parser.add_argument("--tests", type=int, default=None, help="simulated tests (10000, quick 200)")
    options = parser.parse_args()
    part = 0.1 if options.quick else 1.0
    figures: dict[str, Any] = {}
    figures |= unconstrained(int(2000 * part))
    for n_items, n_passages in ((500, 12), (2000, 50)):
        figures[f"shadow_{n_items}"] = fresh(n_items, n_passages, max(2, int(20 * part)))
    figures["shadow_500_time"] = fresh(500, 12, max(1, int(4 * part)), budget_s=1950.0)
    figures["live_500"] = live(max(20, int(300 * part)), max(1, int(3 * part)))
    figures |= many(options.tests or (200 if options.quick else 10_000))
    figures["machine"] = machine("highspy", "mirt", "catsim")
    print(json.dumps(figures))


def bank(n_items: int, seed: int) -> Items:
    """3PL items as in the figures the field is measured by."""
    rng = np.random.default_rng(seed)
    a = np.clip(rng.lognormal(0.2, 0.3, n_items), 0.5, 2.5)
    b = np.clip(rng.normal(size=n_items), -2.5, 2.5)
    return Items(a, b, np.clip(rng.beta(20, 80, n_items), 0.05, 0.35), np.ones(n_items))


def blueprint(n_items: int, n_passages: int, seed: int, budget_s: float | None = None) -> Constraints:
    """Exact tiers crossed with areas, enemy pairs, passages of which two or three are used, three or four items each.

    In rows: the length, 3 tiers, 6 areas, 15 pairs, two for each passage and one for their number: 50 and 126.
    """
    rng = np.random.default_rng(seed)
    tiers = label_quotas(rng.choice(list(TIERS), n_items).tolist(), TIERS)
    areas = label_quotas(rng.choice(list("ABCDEF"), n_items).tolist(), dict.fromkeys("ABCDEF", AREA))
    order = rng.permutation(n_items)
    passages = tuple(Passage(f"passage {k}", 3, 4, order[4 * k : 4 * k + 4]) for k in range(n_passages))
    pairs = tuple(order[4 * n_passages + 2 * k :][:2] for k in range(15))
    budget = None if budget_s is None else TimeBudget(budget_s, rng.lognormal(4.2, 0.4, n_items))
    counted = (2, 3) if n_passages else None
    return Constraints(n_items, LENGTH, tiers + areas, pairs, passages, counted, budget)


def unconstrained(n_decisions: int) -> dict[str, Any]:
    """The next item out of 10,000, from stored responses to the item; and catsim's, theta given."""
    from catsim.item_bank import ItemBank
    from catsim.selection import MaxInfoSelector

    say("10,000 items without constraints")
    items = bank(10_000, 1)
    likelihood, table, rule = LogLikTable.of(items, GRID), InfoTable.of(items, GRID), Rule()
    rng, times = np.random.default_rng(1), []
    for step in range(n_decisions):
        given = rng.choice(10_000, step % LENGTH, replace=False)
        scores = rng.integers(0, 2, given.size)

        def decide(given: Any = given, scores: Any = scores, step: int = step) -> None:
            eligible = np.ones(10_000, dtype=np.bool_)
            eligible[given] = False
            mass = posterior(likelihood, given, scores)
            next_item(information(table, mass, rule), eligible, Draws(1, step), rule)

        times.append(timed(decide))
    theirs, ask = [], MaxInfoSelector().select
    catsim_bank = ItemBank(np.column_stack((items.a, items.b, items.c, items.d)))
    for step in range(max(10, n_decisions // 20)):
        given, theta = rng.choice(10_000, step % LENGTH, replace=False).tolist(), float(rng.normal())
        theirs.append(
            timed(lambda g=given, t=theta: ask(item_bank=catsim_bank, administered_items=g, est_theta=t))
        )
    ratio = median(theirs) / median(times)
    say(f"{spread(times)}; catsim takes {ratio:.0f} times as long at the median")
    return {
        "next_10000": spread(times),
        "catsim_10000": spread(theirs),
        "catsim_ratio": round(ratio, 1),
    }


def fresh(n_items: int, n_passages: int, n_tests: int, budget_s: float | None = None) -> dict[str, Any]:
    """Decisions with a shadow test of their own at every step, the first of a session included, no memo."""
    times, n_broken = [], 0
    for seed in range(n_tests):
        items, constraints = bank(n_items, seed), blueprint(n_items, n_passages, seed, budget_s)
        # A memo of its own for each test, and theta always moves: every decision solves one shadow test.
        given, spent = one_test(decider(items, constraints, refresh=0.0), items, seed)
        times += spent
        n_broken += len(violations(constraints, given))
        say(f"a shadow test at every step, {n_items} items: test {seed + 1} of {n_tests}")
    found = {**spread(times), "decisions": len(times), "violations": n_broken}
    say(f"a shadow test at every step, {n_items} items, time {budget_s or 'free'}: {found}")
    return found


def live(n_tests: int, n_theirs: int) -> dict[str, Any]:
    """Decisions with refreshing, one memo for all sessions; and mirt's shadow decisions with tiers only."""
    items, constraints = bank(500, 1), blueprint(500, 12, 1)
    shared = decider(items, constraints)
    times = [t for seed in range(n_tests) for t in one_test(shared, items, seed)[1]]
    theirs = mirt_times(items, constraints, n_theirs)
    ratio = median(theirs) / median(times)
    found = {
        **spread(times),
        "mirt_cpu_p50_ms": round(median(theirs), 3),
        "mirt_ratio": round(ratio, 1),
    }
    say(f"live, 500 items: {found}")
    return found


def mirt_times(items: Items, constraints: Constraints, n_tests: int) -> list[Taken]:
    """Milliseconds of each of mirt's shadow decisions over whole tests; it has the tiers only."""
    from mirt.cat.content import ContentArea, ContentBlueprint
    from mirt.cat.shadow import ShadowTestSelection
    from mirt.models import ThreeParameterLogistic

    model = ThreeParameterLogistic(len(items))
    model.set_parameters(discrimination=items.a, difficulty=items.b, guessing=items.c)
    model._is_fitted = True
    say(f"mirt's shadow tests with tiers only: {n_tests}")
    areas = [
        ContentArea(q.name, set(np.flatnonzero(q.members).tolist()), q.minimum, q.maximum)
        for q in constraints.quotas
        if q.name in TIERS
    ]
    rng, times = np.random.default_rng(1), []
    for _ in range(n_tests):
        selection = ShadowTestSelection(LENGTH, blueprint=ContentBlueprint(areas))
        given: list[int] = []
        for step in range(LENGTH):
            theta, left = float(rng.normal() / (1 + step / 5)), set(range(len(items))) - set(given)
            begin, cpu = time.perf_counter(), time.process_time()
            chosen = selection.select_item(model, theta, left, given, [1] * step)
            times.append(((time.perf_counter() - begin) * 1e3, (time.process_time() - cpu) * 1e3))
            given.append(chosen)
    return times


def decider(items: Items, constraints: Constraints, rule: Rule | None = None, **options: Any) -> Decider:
    """What decides by shadow tests, made ready before a clock runs."""
    tables = LogLikTable.of(items, GRID), InfoTable.of(items, GRID)
    ready = Decider(*tables, constraints, rule or Rule(), "shadow", **options)
    _ = ready.stops, ready.policy
    return ready


def one_test(ready: Decider, items: Items, seed: int, mask: Any = None) -> tuple[list[int], list[Taken]]:
    """The items of a simulated test, under this mask, and what each decision took; ValueError if no test is legal."""
    rng = np.random.default_rng(seed)
    p_right = prob(float(rng.normal()), items)[0]
    given: list[int] = []
    scores: list[int] = []
    times = []
    for _ in range(LENGTH):
        begin, cpu = time.perf_counter(), time.process_time()
        outcome = ready.decide(given, scores, partial(Draws, seed), mask)
        times.append(((time.perf_counter() - begin) * 1e3, (time.process_time() - cpu) * 1e3))
        if not isinstance(outcome, NextItem):
            raise AssertionError("a test ended before its length")
        given.append(outcome.index)
        scores.append(int(rng.random() < p_right[outcome.index]))
    return given, times


def many(n_tests: int) -> dict[str, Any]:
    """Simulated tests, and how many constraints they break; with exposure masks, draws and time budgets too."""
    say(f"{n_tests} simulated tests")
    chunk = max(1, min(250, n_tests // 8))
    jobs = [(seed, min(chunk, n_tests - done)) for seed, done in enumerate(range(0, n_tests, chunk))]
    n_broken = n_done = 0
    begin = time.perf_counter()
    with ProcessPoolExecutor(os.cpu_count()) as pool:
        for (_, n), broken in zip(jobs, pool.map(broken_in, jobs), strict=True):
            n_broken, n_done = n_broken + broken, n_done + n
            say(
                f"{n_done} tests, {n_broken} violations, {n_done / (time.perf_counter() - begin):.0f} tests/s"
            )
    return {"tests": n_done, "violations": n_broken}


def broken_in(job: tuple[int, int]) -> int:
    """Constraints broken by some tests out of one pool; every 40th test has a binding time budget."""
    seed, n_tests = job
    items = bank(500, seed)
    rule = Rule(randomesque=1 + seed % 3)
    free, timed_ = blueprint(500, 12, seed), blueprint(500, 12, seed, 2000.0)
    deciders = [decider(items, c, rule) for c in (free, timed_)]
    broken = 0
    for number in range(n_tests):
        is_timed = int(number % 40 == 39)
        mask = np.random.default_rng((seed, number)).random(500) > 0.3 if number % 4 == 3 else None
        given, _ = one_test(deciders[is_timed], items, seed * 1000 + number, mask)
        broken += len(violations((free, timed_)[is_timed], given))
    return broken


def timed(work: Callable[[], object]) -> Taken:
    """What it takes."""
    begin, cpu = time.perf_counter(), time.process_time()
    work()
    return (time.perf_counter() - begin) * 1e3, (time.process_time() - cpu) * 1e3


def spread(times: list[Taken]) -> dict[str, float]:
    """Median, high percentiles and longest in milliseconds, by the wall's clock and by the process's own."""
    found = {}
    for at, name in ((0.5, "p50"), (0.95, "p95"), (0.99, "p99"), (1.0, "max")):
        wall, cpu = np.quantile(times, at, axis=0)
        found |= {f"{name}_ms": round(float(wall), 4), f"cpu_{name}_ms": round(float(cpu), 4)}
    return found


def median(times: list[Taken]) -> float:
    """The median by the process's own clock, for ratios: on a busy machine the wall's favours what is short."""
    return statistics.median(cpu for _, cpu in times)


def say(text: str) -> None:
    """Progress."""
    print(text, flush=True)


if __name__ == "__main__":
    main()
