"""The choice of the next item: a criterion over the pool, and one of the k best among the eligible.

Which items are eligible is `assembly`'s affair; the draws of a step are passed in.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import Literal, get_args

import numpy as np

from irt.ability import Grid, posterior_moments
from irt.arrays import Bools, Floats
from irt.draws import Draws
from irt.mixed import ItemSet, info, log_prob

POINTS_A_SPACING = 4  # .05 of theta on the usual grid: a few hundredths of the best information at most
Criterion = Literal["information", "posterior_weighted", "kullback_leibler"]


@dataclass(frozen=True)
class Rule:
    """How to choose.

    information: Fisher information at the table's point nearest to the EAP (Lord 1980).
    posterior_weighted: averaged over the posterior (van der Linden 1998, Psychometrika 63, 201-216).
    kullback_leibler: how well the item is expected to tell the EAP from the other thetas, averaged over the
    posterior (Chang & Ying 1996, Applied Psychological Measurement 20, 213-229).
    `randomesque` k draws evenly among the k best eligible items (Kingsbury & Zara 1989); 1 takes the best.
    """

    criterion: Criterion = "information"
    randomesque: int = 1

    def __post_init__(self) -> None:
        if self.criterion not in get_args(Criterion):
            raise ValueError(f"unknown criterion {self.criterion!r}")
        if type(self.randomesque) is not int or self.randomesque < 1:
            raise ValueError("randomesque must be a whole number of at least 1")


@dataclass(frozen=True)
class Choice:
    """The trace of one selection: the item, its criterion value, the number eligible, the k best in order."""

    index: int
    information: float
    n_eligible: int
    top: tuple[int, ...]


@dataclass(frozen=True, eq=False)
class InfoTable:
    """A pool with its information at the grid's nodes and between them.

    Attributes
    ----------
    at_nodes : (n_nodes, n_items), read-only
    between : (POINTS_A_SPACING * (n_nodes - 1) + 1, n_items), read-only
        At points POINTS_A_SPACING times as dense, the nodes among them.
    items : ItemSet, optional
        For the Kullback-Leibler criterion.
    """

    grid: Grid
    at_nodes: Floats
    between: Floats
    items: ItemSet | None = None

    @classmethod
    def of(cls, items: ItemSet, grid: Grid) -> "InfoTable":
        """The table of a pool, computed once per pool and shared by all its sessions."""
        points = np.linspace(grid.lower, grid.upper, POINTS_A_SPACING * (grid.n_nodes - 1) + 1)
        between = info(points, items)
        at_nodes: Floats = np.ascontiguousarray(between[::POINTS_A_SPACING])
        for values in (at_nodes, between):
            values.setflags(write=False)
        return cls(grid, at_nodes, between, items)

    @property
    def n_items(self) -> int:
        """Number of items in the table."""
        return int(self.between.shape[1])

    @cached_property
    def log_prob_at_nodes(self) -> Floats:
        """`log_prob_at` each node, (n_nodes, n_items * max_categories), read-only."""
        logs = log_prob(self.grid.nodes, self._items)
        logs[:, self._absent] = 0.0
        logs.setflags(write=False)
        return logs.reshape(self.grid.n_nodes, -1)

    def log_prob_at(self, theta: float) -> Floats:
        """Log probability of each category of each item, (n_items, max_categories); 0 where there is none."""
        logs: Floats = log_prob(theta, self._items)[0]
        logs[self._absent] = 0.0
        return logs

    @cached_property
    def _absent(self) -> Bools:
        """Which categories an item does not have, (n_items, max_categories)."""
        counts = self._items.n_categories
        absent: Bools = np.arange(counts.max(initial=2)) >= counts[:, None]
        return absent

    @property
    def _items(self) -> ItemSet:
        if self.items is None:
            raise ValueError("the Kullback-Leibler criterion needs a table with its items")
        return self.items

    def at(self, theta: float) -> Floats:
        """Information of every item at the point nearest to `theta`, (n_items,)."""
        place = round((theta - self.grid.lower) / self.grid.spacing * POINTS_A_SPACING)
        values: Floats = self.between[min(max(place, 0), self.between.shape[0] - 1)]
        return values


def information(table: InfoTable, mass: Floats, rule: Rule) -> Floats:
    """The rule's criterion for every item of the pool given a posterior (n_nodes,), (n_items,)."""
    if mass.shape != (table.grid.n_nodes,):
        raise ValueError("one posterior mass is needed for each node")
    if rule.criterion == "posterior_weighted":
        weighted: Floats = mass @ table.at_nodes
        return weighted
    if rule.criterion == "kullback_leibler":
        return kullback_leibler(table, mass)
    return table.at(posterior_moments(table.grid, mass).theta)


def kullback_leibler(table: InfoTable, mass: Floats) -> Floats:
    """Posterior-weighted Kullback-Leibler information of each item at the EAP, (n_items,), never negative.

    Sum over thetas of mass(theta) K(EAP || theta), with K = sum_x P_x(EAP) log(P_x(EAP) / P_x(theta)); since the
    weights sum to one, only the mean log probability over the posterior is needed.

    References
    ----------
    Chang & Ying (1996), Applied Psychological Measurement 20, 213-229.
    """
    at_eap = table.log_prob_at(posterior_moments(table.grid, mass).theta)
    mean_log = (mass @ table.log_prob_at_nodes).reshape(at_eap.shape)
    # A category that does not exist adds exp(0) (0 - 0).
    divergence: Floats = (np.exp(at_eap) * (at_eap - mean_log)).sum(axis=1)
    return np.maximum(divergence, 0.0)


def next_item(information: Floats, eligible: Bools, rng: Draws, rule: Rule | None = None) -> Choice:
    """The item to administer: the best eligible one, or an even draw among the `rule.randomesque` best.

    Parameters
    ----------
    information : (n_items,)
        Criterion values, finite and >= 0.
    eligible : (n_items,) of bool
        At least one must be true, else ValueError: the caller asks only while the test goes on.
    rng : Draws
        Consumed (one word) only when there is a draw to make.

    Notes
    -----
    Equal values are ordered by item number, so the choice never depends on the sorting algorithm.
    """
    k = (rule or Rule()).randomesque
    _check(information, eligible)
    n_eligible = int(np.count_nonzero(eligible))
    if n_eligible == 0:
        raise ValueError("no eligible item")
    masked = np.where(eligible, information, -1.0)
    if k == 1:
        best = int(np.argmax(masked))
        return Choice(best, float(information[best]), n_eligible, (best,))
    k = min(k, n_eligible)
    threshold = np.partition(masked, masked.size - k)[masked.size - k]
    candidates = np.flatnonzero(masked >= threshold)
    order = candidates[np.argsort(-masked[candidates], kind="stable")][:k]
    drawn = int(order[rng.below(k)])
    return Choice(drawn, float(information[drawn]), n_eligible, tuple(order.tolist()))


def _check(information: Floats, eligible: Bools) -> None:
    if information.ndim != 1 or eligible.shape != information.shape:
        raise ValueError("information and eligible must be vectors of the same length")
    if eligible.dtype != np.bool_:
        raise ValueError("eligible must be a boolean mask")
    # One comparison pair instead of isfinite: nan fails both.
    if information.size and not (information.min() >= 0 and information.max() < np.inf):
        raise ValueError("information must be finite and not negative")
