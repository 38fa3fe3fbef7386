"""Completions of a test as integer programs over cells (HiGHS); the only importer of scipy's solver.

Every solution is checked in whole numbers before it is believed, so no answer hangs on a solver's tolerance.
"""

from typing import Literal

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp

from irt._cells import Cells, State
from irt.arrays import Bools, Floats, Ints


def covered(cells: Cells, state: State, wanted: Ints) -> Bools:
    """Which of the wanted cells occur in some completion of this state, (n_wanted,) of bool.

    Each program asks for a completion with an item of any cell still open. One found settles most of the
    others too, by exchanging one of its items; when there is none, that is the proof for all cells left.
    """
    is_covered = np.zeros(wanted.size, dtype=np.bool_)
    while not is_covered.all():
        counts = _completion(cells, state, wanted[~is_covered])
        if counts is None:
            break
        is_covered |= _near(cells, state, counts, wanted)
    return is_covered


def _near(cells: Cells, state: State, counts: Ints, wanted: Ints) -> Bools:
    """Which wanted cells this completion uses, or could by one exchange that keeps it legal, (n_wanted,)."""
    givers = np.flatnonzero(counts)
    rules = np.vstack((cells.in_quota, cells.in_group)).astype(np.intp)
    no_floor, one = np.zeros(cells.in_group.shape[0], np.intp), np.ones(cells.in_group.shape[0], np.intp)
    low, high = np.concatenate((state.minima, no_floor)), np.concatenate((state.maxima, one))
    after = (rules @ counts)[:, None, None] - rules[:, givers, None] + rules[:, None, wanted]
    is_legal = ((after >= low[:, None, None]) & (after <= high[:, None, None])).all(axis=0)
    near: Bools = is_legal.any(axis=0) | (counts[wanted] > 0)
    return near


def _completion(cells: Cells, state: State, wanted: Ints) -> Ints | None:
    """A completion (n_cells,) with at least one item of a wanted cell, or None when there is none."""
    touch = np.zeros((1, cells.n_cells))
    touch[0, wanted] = 1
    n_groups = cells.in_group.shape[0]
    rows = np.vstack((np.ones((1, cells.n_cells)), touch, cells.in_quota, cells.in_group))
    low = np.concatenate(([state.places, 1], state.minima, np.zeros(n_groups)))
    high = np.concatenate(([state.places, state.places], state.maxima, np.ones(n_groups)))
    counts = solve(
        np.zeros(cells.n_cells), LinearConstraint(rows, low, high), state.supply, np.ones(cells.n_cells)
    )
    if counts is None:
        return None
    sums = rows.astype(np.intp) @ counts
    if ((sums < low) | (sums > high)).any() or ((counts < 0) | (counts > state.supply)).any():
        raise AssertionError("the solver returned a completion that breaks a constraint")
    return counts


def shortfalls(cells: Cells) -> tuple[Ints, Ints, int]:
    """Counts per cell of the test that lacks fewest items, and how many each quota and the length lack."""
    n_cells, n_quotas, n_groups = cells.n_cells, cells.minima.size, cells.in_group.shape[0]
    lack = np.eye(n_quotas + 1)
    body = np.vstack((np.ones((1, n_cells)), cells.in_quota))
    matrix = np.vstack(
        (
            np.hstack((body, lack)),
            np.hstack((cells.in_quota, np.zeros((n_quotas, n_quotas + 1)))),
            np.hstack((cells.in_group, np.zeros((n_groups, n_quotas + 1)))),
        )
    )
    goal = np.concatenate(([cells.length], cells.minima))
    no_floor = np.full(n_quotas + n_groups, -np.inf)
    high = np.concatenate(([cells.length], np.full(n_quotas, np.inf), cells.maxima, np.ones(n_groups)))
    solved = solve(
        np.concatenate((np.zeros(n_cells), np.ones(n_quotas + 1))),
        LinearConstraint(matrix, np.concatenate((goal, no_floor)), high),
        np.concatenate((cells.size, goal)),
        np.ones(n_cells + n_quotas + 1),
    )
    if solved is None:
        raise AssertionError("an empty test always satisfies the relaxed program")
    return solved[:n_cells], solved[n_cells + 1 :], int(solved[n_cells])


def solve(cost: Floats, rows: LinearConstraint, upper: Floats | Ints, whole: Floats) -> Ints | None:
    """The optimum rounded to whole numbers, or None when the program is infeasible. Variables are >= 0."""
    outcome = milp(
        cost, constraints=rows, bounds=Bounds(0, upper), integrality=whole, options={"mip_rel_gap": 0.0}
    )
    if outcome.status == 2:
        return None
    if outcome.status != 0:
        raise AssertionError(f"the solver stopped without an answer: {outcome.message}")
    rounded: Ints = np.rint(outcome.x).astype(np.intp)
    return rounded


def solve_near(
    cost: Floats, rows: LinearConstraint, upper: Floats, gap: float, nodes: int
) -> Ints | Literal[False] | None:
    """Whole numbers within `gap` (in parts) of the least cost, or the best that so many nodes show.

    None when the program is infeasible, False when the nodes were too few to find any answer."""
    outcome = milp(
        cost, constraints=rows, bounds=Bounds(0, upper), integrality=np.ones(cost.size),
        options={"mip_rel_gap": gap, "node_limit": nodes},
    )  # fmt: skip
    if outcome.status == 2:
        return None
    if outcome.x is None:
        if outcome.status == 1:
            return False
        raise AssertionError(f"the solver stopped without an answer: {outcome.message}")
    rounded: Ints = np.rint(outcome.x).astype(np.intp)
    return rounded
