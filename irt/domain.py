"""Percent of marks: what a candidate would be expected to earn on a fixed reference form.

The raw percent of an adaptive test says nothing, everyone is near half; grades are read from these figures by
the regulation, never here.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from scipy.interpolate import CubicSpline

from irt.ability import Grid
from irt.arrays import Floats
from irt.mixed import ItemSet
from irt.mixed import expected_score as item_scores
from irt.models import Theta

CUTS = (50.0, 60.0, 75.0)
_REFINE = 20  # points per node spacing when a posterior is cut at a grade boundary
_LEAST_MASS = 1e-290


@dataclass(frozen=True)
class DomainScore:
    """Posterior of the percent of marks: mean, sd (both in percent), and P(percent >= cut) for each cut."""

    percent: float
    sd: float
    cuts: tuple[float, ...]
    at_least: tuple[float, ...]

    @property
    def bands(self) -> tuple[float, ...]:
        """Probability of each grade that the cuts part, the lowest first; one more than cuts, summing to one."""
        reached = (1.0, *sorted(self.at_least, reverse=True), 0.0)
        return tuple(lower - upper for lower, upper in pairwise(reached))


def expected_score(theta: Theta, items: ItemSet) -> Floats:
    """Expected part of the maximum score on these items, 0 .. 1, (n_theta,) (test characteristic curve).

    An item with m categories weighs as its maximum m - 1: marks are added as they are on paper.
    """
    if len(items) == 0:
        raise ValueError("a reference form needs at least one item")
    expected: Floats = item_scores(theta, items).sum(axis=1) / (items.n_categories - 1).sum()
    return expected


@dataclass(frozen=True, eq=False)
class DomainCurve:
    """A frozen reference form made ready for many candidates: its percent of marks at each theta of a grid.

    Attributes
    ----------
    on_nodes : (n_nodes,), read-only
    fine, on_fine : (_REFINE (n_nodes - 1) + 1,), read-only
        Theta at points _REFINE times as dense, and the percent there; both rise.
    """

    grid: Grid
    on_nodes: Floats
    fine: Floats
    on_fine: Floats

    @classmethod
    def of(cls, reference: ItemSet, grid: Grid) -> "DomainCurve":
        """The curve of a reference form of any items, computed once per form; they need not be in the pool."""
        fine: Floats = np.linspace(grid.lower, grid.upper, (grid.n_nodes - 1) * _REFINE + 1)
        on_nodes, on_fine = (100.0 * expected_score(points, reference) for points in (grid.nodes, fine))
        for values in (on_nodes, fine, on_fine):
            values.setflags(write=False)
        return cls(grid, on_nodes, fine, on_fine)

    def score(self, mass: Floats, cuts: Sequence[float] = CUTS) -> DomainScore:
        """The percent of marks given a posterior (n_nodes,) over the grid, as from `ability.posterior`.

        Parameters
        ----------
        mass : (n_nodes,)
        cuts : sequence of float
            In percent; P(percent >= cut) is given for each.

        Notes
        -----
        percent = 100 sum_k mass_k D(theta_k), and so for the sd. For the cuts the posterior is made continuous
        (a cubic spline through its log), because a sum over whole nodes would jump by a node's mass at a cut.

        References
        ----------
        Bock, Thissen & Zimowski (1997), Journal of Educational Measurement 34, 197-211.
        """
        _check(self.grid, mass, cuts)
        percent = float(mass @ self.on_nodes)
        variance = float(mass @ (self.on_nodes - percent) ** 2)
        below = _cumulative(self.grid, mass, self.fine)
        at_least = tuple(_upper_tail(cut, self.fine, self.on_fine, below) for cut in cuts)
        return DomainScore(percent, math.sqrt(variance), tuple(float(cut) for cut in cuts), at_least)


def domain_score(grid: Grid, mass: Floats, reference: ItemSet, cuts: Sequence[float] = CUTS) -> DomainScore:
    """The percent of marks of one candidate, `DomainCurve.of(reference, grid).score(mass, cuts)`."""
    return DomainCurve.of(reference, grid).score(mass, cuts)


def _cumulative(grid: Grid, mass: Floats, fine: Floats) -> Floats:
    """Posterior probability of being below each fine point, from 0 to 1."""
    spline = CubicSpline(grid.nodes, np.log(np.maximum(mass, _LEAST_MASS)))
    # Above the highest node by more than a factor e the spline could only be overshooting.
    density = np.exp(np.minimum(spline(fine), math.log(float(mass.max())) + 1.0))
    below: Floats = np.concatenate(([0.0], np.cumsum(0.5 * (density[1:] + density[:-1]))))
    below /= below[-1]
    return below


def _upper_tail(cut: float, fine: Floats, curve: Floats, below: Floats) -> float:
    """P(percent >= cut): the curve rises with theta, so it is the posterior above the theta of the cut."""
    if cut <= curve[0]:
        return 1.0
    if cut > curve[-1]:
        return 0.0
    theta_cut = np.interp(cut, curve, fine)
    return float(1.0 - np.interp(theta_cut, fine, below))


def _check(grid: Grid, mass: Floats, cuts: Sequence[float]) -> None:
    if mass.shape != (grid.n_nodes,) or not (np.isfinite(mass).all() and mass.min() >= 0):
        raise ValueError("one finite, non-negative posterior mass is needed for each node")
    if abs(float(mass.sum()) - 1.0) > 1e-9:
        raise ValueError("posterior masses must sum to one")
    if not all(0.0 <= cut <= 100.0 for cut in cuts):
        raise ValueError("cuts are percents between 0 and 100")
