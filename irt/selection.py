"""The choice of the next item: a criterion over the pool, and one of the k best among the eligible.

Which items are eligible is `assembly`'s affair; the draws of a step are passed in.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from irt.ability import Grid, posterior_moments
from irt.arrays import Bools, Floats
from irt.draws import Draws
from irt.models import Items, info

POINTS_A_SPACING = 4  # .05 of theta on the usual grid: a few hundredths of the best information at most
Criterion = Literal["information", "posterior_weighted"]


@dataclass(frozen=True)
class Rule:
    """How to choose: Fisher information at the table's point nearest to the EAP, or averaged over the posterior.

    The latter is van der Linden (1998, Psychometrika 63, 201-216).
    `randomesque` k draws evenly among the k best eligible items (Kingsbury & Zara 1989); 1 takes the best.
    """

    criterion: Criterion = "information"
    randomesque: int = 1

    def __post_init__(self) -> None:
        if self.criterion not in ("information", "posterior_weighted"):
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
    """

    grid: Grid
    at_nodes: Floats
    between: Floats

    @classmethod
    def of(cls, items: Items, grid: Grid) -> "InfoTable":
        """The table of a pool, computed once per pool and shared by all its sessions."""
        points = np.linspace(grid.lower, grid.upper, POINTS_A_SPACING * (grid.n_nodes - 1) + 1)
        between = info(points, items)
        at_nodes: Floats = np.ascontiguousarray(between[::POINTS_A_SPACING])
        for values in (at_nodes, between):
            values.setflags(write=False)
        return cls(grid, at_nodes, between)

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
    return table.at(posterior_moments(table.grid, mass).theta)


def next_item(
    information: Floats, eligible: Bools, rng: Draws, rule: Rule | None = None
) -> Choice:
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
