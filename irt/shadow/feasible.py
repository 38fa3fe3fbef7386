"""Whether a pool with passages or a time budget holds a legal test, item by item, and what is missing if not."""

from dataclasses import dataclass

import numpy as np
from scipy.optimize import LinearConstraint

from irt._constraints import Constraints
from irt._program import solve
from irt.arrays import Floats, Ints
from irt.shadow.rules import Rules


@dataclass(frozen=True, eq=False)
class Nearest:
    """The test that lacks fewest items and of those the quickest.

    Attributes
    ----------
    items : tuple of int
        Passages together; a legal test when nothing is lacking.
    of_length, of_passages : int
    of_quotas : (n_quotas,)
        Places that stay unfilled.
    overtime : int
        Milliseconds beyond the budget; looked at only when no place stays unfilled.
    """

    items: tuple[int, ...]
    of_length: int
    of_quotas: Ints
    of_passages: int
    overtime: int


def nearest(constraints: Constraints) -> Nearest:
    """The nearest to a legal test that the pool holds.

    Two integer programs: fewest places unfilled; then, if none is, the least time of a legal test.
    """
    rules = Rules.of(constraints)
    n_items, n_rules, n_passages = constraints.n_items, rules.low.size, len(constraints.passages)
    lacking = np.concatenate((np.zeros(n_items + n_passages), np.ones(n_rules + 1)))
    solved = _solved(rules, lacking, np.concatenate((rules.low, [_least_passages(constraints)])))
    lacks = solved[n_items + n_passages :]
    overtime, time = 0, constraints.time
    if time is not None and not lacks.any():
        cost = np.concatenate((time.expected, np.zeros(n_passages + n_rules + 1)))
        solved = _solved(rules, cost, np.zeros(n_rules + 1))
        overtime = max(int(time.of_item[solved[:n_items] == 1].sum()) - time.limit, 0)
    items = np.flatnonzero(solved[:n_items])
    order = items[np.lexsort((items, constraints.passage_of[items]))]
    n_quotas = len(constraints.quotas)
    return Nearest(tuple(order.tolist()), int(lacks[0]), lacks[1 : 1 + n_quotas], int(lacks[-1]), overtime)


def _least_passages(constraints: Constraints) -> int:
    return constraints.n_passages[0] if constraints.n_passages else 0


def _solved(rules: Rules, cost: Floats, lack_limits: Ints | Floats) -> Ints:
    """The cheapest 0/1 items and passages, with as many places unfilled in each rule as the limits allow."""
    constraints = rules.constraints
    n_items, n_rules, n_passages = constraints.n_items, rules.low.size, len(constraints.passages)
    lacks = np.eye(n_rules, n_rules + 1)
    counted = np.hstack((rules.members, np.zeros((n_rules, n_passages))))
    of_passage = (constraints.passage_of == np.arange(n_passages)[:, None]).astype(np.float64)
    no_lack = np.zeros((n_passages, n_rules + 1))
    minima = np.diag([float(p.minimum) for p in constraints.passages]).reshape(n_passages, n_passages)
    maxima = np.diag([float(p.maximum) for p in constraints.passages]).reshape(n_passages, n_passages)
    used = np.zeros((2, cost.size))
    used[:, n_items : n_items + n_passages], used[0, -1] = 1, 1
    rows = np.vstack(
        (
            np.hstack((counted, lacks)),
            np.hstack((counted, np.zeros((n_rules, n_rules + 1)))),
            np.hstack((of_passage, -minima, no_lack)),
            np.hstack((of_passage, -maxima, no_lack)),
            used,
        )
    )
    none, nothing, no_limit = np.full(n_rules, -np.inf), np.zeros(n_passages), np.full(n_passages, np.inf)
    most = constraints.n_passages[1] if constraints.n_passages else n_passages
    low = np.concatenate((rules.low, none, nothing, -no_limit, [_least_passages(constraints), -np.inf]))
    high = np.concatenate((np.full(n_rules, np.inf), rules.high, no_limit, nothing, [np.inf, most]))
    upper = np.concatenate((np.ones(n_items + n_passages), lack_limits.astype(np.float64)))
    solved = solve(cost, LinearConstraint(rows, low, high), upper, np.ones(cost.size))
    if solved is None:
        raise AssertionError("an empty test always satisfies the relaxed program")
    return solved
