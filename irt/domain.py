"""Percent of marks: what a candidate would be expected to earn on a fixed reference form.

The raw percent of an adaptive test says nothing, everyone is near half; grades are read from these figures by
the regulation, never here.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from irt._refined import below
from irt.ability import Grid
from irt.arrays import Floats
from irt.mixed import ItemSet
from irt.mixed import expected_score as item_scores
from irt.models import Theta

CUTS = (50.0, 60.0, 75.0)
_REFINE = 20  # points per node spacing when a posterior is cut at a grade boundary
_AT_ONCE = 128  # candidates whose refined posteriors lie in the processor's cache together


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


@dataclass(frozen=True, eq=False)
class DomainScores:
    """`DomainScore` of many candidates: percent and sd (n_persons,), at_least (n_persons, n_cuts)."""

    percent: Floats
    sd: Floats
    at_least: Floats


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
    on_fine : (_REFINE (n_nodes - 1) + 1,), read-only
        The percent at points _REFINE times as dense; it rises.
    """

    grid: Grid
    on_nodes: Floats
    on_fine: Floats

    @classmethod
    def of(cls, reference: ItemSet, grid: Grid) -> "DomainCurve":
        """The curve of a reference form of any items, computed once per form; they need not be in the pool."""
        fine: Floats = np.linspace(grid.lower, grid.upper, (grid.n_nodes - 1) * _REFINE + 1)
        on_nodes, on_fine = (100.0 * expected_score(points, reference) for points in (grid.nodes, fine))
        for values in (on_nodes, on_fine):
            values.setflags(write=False)
        return cls(grid, on_nodes, on_fine)

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
        if not all(0.0 <= cut <= 100.0 for cut in cuts):
            raise ValueError("cuts are percents between 0 and 100")
        if mass.ndim != 1:
            raise ValueError("one posterior is scored")
        found = self.scores(mass[None], np.array([cuts], dtype=np.float64))
        at_least = tuple(float(each) for each in found.at_least[0])
        return DomainScore(float(found.percent[0]), float(found.sd[0]), tuple(map(float, cuts)), at_least)

    def scores(self, mass: Floats, cuts: Floats) -> "DomainScores":
        """The same of many candidates at once, each row to the last bit as `score` gives it.

        Parameters
        ----------
        mass : (n_persons, n_nodes)
        cuts : (n_persons, n_cuts)
            Each candidate's own, in percent of the reference form; one below 0 is reached surely, above 100 never.
        """
        _check(self.grid, mass)
        percent = np.vecdot(mass, self.on_nodes)
        sd = np.sqrt(np.vecdot(mass, (self.on_nodes - percent[:, None]) ** 2))
        at_least = np.empty(cuts.shape)
        for at in range(0, len(mass), _AT_ONCE):
            some = slice(at, at + _AT_ONCE)
            at_least[some] = _upper_tails(cuts[some], self.on_fine, below(self.grid, mass[some], _REFINE))
        return DomainScores(percent, sd, at_least)


def domain_score(grid: Grid, mass: Floats, reference: ItemSet, cuts: Sequence[float] = CUTS) -> DomainScore:
    """The percent of marks of one candidate, `DomainCurve.of(reference, grid).score(mass, cuts)`."""
    return DomainCurve.of(reference, grid).score(mass, cuts)


def _upper_tails(cuts: Floats, curve: Floats, below_: Floats) -> Floats:
    """P(percent >= cut): the curve rises with theta, so it is the posterior above the theta of the cut.

    Between two fine points curve and posterior are straight, so the part of the way is the same on both."""
    at = np.clip(np.searchsorted(curve, cuts, side="right") - 1, 0, curve.size - 2)
    step = curve[at + 1] - curve[at]
    part = np.divide(cuts - curve[at], step, out=np.ones_like(cuts), where=step > 0)
    person = np.arange(len(cuts))[:, None]
    left, right = below_[at, person], below_[at + 1, person]
    tails: Floats = 1.0 - (left + part * (right - left))
    tails[cuts <= curve[0]] = 1.0
    tails[cuts > curve[-1]] = 0.0
    return tails


def _check(grid: Grid, mass: Floats) -> None:
    is_shaped = mass.ndim == 2 and mass.shape[1] == grid.n_nodes
    if not (is_shaped and np.isfinite(mass).all() and mass.min(initial=0.0) >= 0):
        raise ValueError("one finite, non-negative posterior mass is needed for each node")
    if not (np.abs(mass.sum(axis=1) - 1.0) <= 1e-9).all():
        raise ValueError("posterior masses must sum to one")
