"""Completions of a test as integer programs over cells (HiGHS); the only importer of scipy's solver.

Every solution is checked in whole numbers before it is believed, so no answer hangs on a solver's tolerance.
"""

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp

from irt._cells import Cells, State
from irt.arrays import Bools, Floats, Ints


def covered(cells: Cells, state: State, wanted: Ints) -> Bools:
    """Which of the wanted cells occur in some completion of this state, (n_wanted,) of bool.

    Each program asks for a completion that touches as many of the cells still open as it can; when none can
    be touched, that is the proof for all of them at once.
    """
    is_covered = np.zeros(wanted.size, dtype=np.bool_)
    while not is_covered.all():
        counts = _completion(cells, state, wanted[~is_covered])
        if counts is None or not counts[wanted[~is_covered]].any():
            break
        is_covered |= counts[wanted] > 0
    return is_covered


def _completion(cells: Cells, state: State, wanted: Ints) -> Ints | None:
    """A completion (n_cells,) that touches as many wanted cells as possible, or None when there is none."""
    n_cells, n_wanted = cells.n_cells, wanted.size
    touch = np.zeros((n_wanted, n_cells))
    touch[np.arange(n_wanted), wanted] = 1
    pad = np.zeros((1 + state.minima.size + cells.in_group.shape[0], n_wanted))
    matrix = np.vstack(
        (
            np.hstack((np.vstack((np.ones((1, n_cells)), cells.in_quota, cells.in_group)), pad)),
            np.hstack((touch, -np.eye(n_wanted))),
        )
    )
    free = np.full(cells.in_group.shape[0], -np.inf)
    low = np.concatenate(([state.places], state.minima, free, np.zeros(n_wanted)))
    high = np.concatenate(([state.places], state.maxima, np.ones(free.size), np.full(n_wanted, np.inf)))
    solved = _solve(
        np.concatenate((np.zeros(n_cells), -np.ones(n_wanted))),
        LinearConstraint(matrix, low, high),
        np.concatenate((state.supply, np.ones(n_wanted))),
        np.concatenate((np.ones(n_cells), np.zeros(n_wanted))),
    )
    if solved is None:
        return None
    counts = solved[:n_cells]
    of_quota, of_group = cells.in_quota @ counts, cells.in_group @ counts
    if (
        counts.sum() != state.places
        or ((counts < 0) | (counts > state.supply)).any()
        or ((of_quota < state.minima) | (of_quota > state.maxima)).any()
        or (of_group > 1).any()
    ):
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
    solved = _solve(
        np.concatenate((np.zeros(n_cells), np.ones(n_quotas + 1))),
        LinearConstraint(matrix, np.concatenate((goal, no_floor)), high),
        np.concatenate((cells.size, goal)),
        np.ones(n_cells + n_quotas + 1),
    )
    if solved is None:
        raise AssertionError("an empty test always satisfies the relaxed program")
    return solved[:n_cells], solved[n_cells + 1 :], int(solved[n_cells])


def _solve(cost: Floats, rows: LinearConstraint, upper: Floats, whole: Floats) -> Ints | None:
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
