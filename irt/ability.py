"""Estimates of one candidate's theta from stored responses: posterior, EAP, MAP, MLE, WLE.

For any set of items of `mixed`. Holds no state: item parameters, indices and scores in, an Estimate out.
"""

import math
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy.optimize import brentq

from irt.arrays import Floats, Indices, Ints, Scores, answered
from irt.mixed import ItemSet, info, info_slope_term, log_prob, log_prob_slope

EDGE_MASS = 1e-3  # a posterior with more than this on an end node has been cut off by the grid
COARSE = 0.45  # a posterior whose sd is less than this part of the node spacing is too narrow for the grid
COARSE_SE = 0.6  # a narrow posterior has at most half a spacing left as its se; the rest need not be looked at
MAX_NODES = 100_000
_SCAN_STEP = 0.1
_WIDEST = 1000.0  # of bounds, which are scanned from end to end
_ROUNDING = 1e-9


class NotConvergedWarning(RuntimeWarning):
    """An estimate was returned that is no maximum: a bound, or a place where no item informs."""


@dataclass(frozen=True)
class Estimate:
    """Theta with its standard error.

    Look at `converged` before storing: when False, theta is a bound or lies where no item informs, or the grid fails.
    """

    theta: float
    se: float
    converged: bool


@dataclass(frozen=True)
class Grid:
    """Equally spaced nodes of theta with a normal prior; hashable, so tables may be cached by it.

    The rectangle rule is accurate to about 2 exp(-2 pi^2 (sd / spacing)^2), 5e-9 at sd = spacing.
    """

    lower: float = -6.0
    upper: float = 6.0
    n_nodes: int = 61
    mean: float = 0.0
    sd: float = 1.0

    def __post_init__(self) -> None:
        if not all(map(math.isfinite, (self.lower, self.upper, self.mean, self.sd))):
            raise ValueError("grid bounds and prior must be finite")
        if not (isinstance(self.n_nodes, int | np.integer) and 3 <= self.n_nodes <= MAX_NODES):
            raise ValueError(f"a grid needs a whole number of nodes, 3 .. {MAX_NODES}")
        if not self.lower < self.mean < self.upper:
            raise ValueError("a grid needs lower < mean < upper")
        if not self.sd >= self.spacing:
            raise ValueError("the prior sd must not be smaller than the node spacing")

    @property
    def spacing(self) -> float:
        """Distance between neighbouring nodes."""
        return (self.upper - self.lower) / (self.n_nodes - 1)

    @cached_property
    def nodes(self) -> Floats:
        """Theta at each node, (n_nodes,), read-only."""
        nodes: Floats = np.linspace(self.lower, self.upper, self.n_nodes)
        nodes.setflags(write=False)
        return nodes

    @cached_property
    def log_prior(self) -> Floats:
        """Log prior mass of each node, (n_nodes,), summing to one before the log, read-only."""
        log_density = -0.5 * ((self.nodes - self.mean) / self.sd) ** 2
        log_mass: Floats = log_density - math.log(float(np.exp(log_density).sum()))
        log_mass.setflags(write=False)
        return log_mass


@dataclass(frozen=True, eq=False)
class LogLikTable:
    """Log probability of each category of each item per node.

    Attributes
    ----------
    grid : Grid
    values : (n_items, max_categories, n_nodes), read-only
        -inf where an item has no such category.
    """

    grid: Grid
    values: Floats

    @classmethod
    def of(cls, items: ItemSet, grid: Grid) -> "LogLikTable":
        """The table of a pool, computed once per pool and shared by all its sessions."""
        values: Floats = np.ascontiguousarray(log_prob(grid.nodes, items).transpose(1, 2, 0))
        values.setflags(write=False)
        return cls(grid, values)

    @property
    def n_items(self) -> int:
        """Number of items in the table."""
        return int(self.values.shape[0])

    @cached_property
    def n_categories(self) -> Ints:
        """Number of categories of each item, (n_items,)."""
        counts: Ints = np.isfinite(self.values[:, :, 0]).sum(axis=1, dtype=np.intp)
        return counts


def posterior(table: LogLikTable, indices: Indices, scores: Scores) -> Floats:
    """Posterior mass of each node, (n_nodes,), summing to one.

    Parameters
    ----------
    table : LogLikTable
    indices : (n_administered,)
        Item numbers in the order of the steps.
    scores : (n_administered,)
        0 .. m - 1; None or nan where the item was not answered, which then says nothing about theta.

    Notes
    -----
    Log prior, then one table row per step are added strictly in step order, so a posterior rebuilt from
    stored responses equals one updated answer by answer, bit for bit (on the same kind of machine and build
    of numpy, whose exp may differ in the last bit between processors).
    """
    items, categories = answered(indices, scores, table.n_items, table.n_categories)
    terms = np.empty((items.size + 1, table.grid.n_nodes))
    terms[0] = table.grid.log_prior
    terms[1:] = table.values[items, categories]
    # Reducing the outer axis adds whole rows one after another; only an inner axis is summed pairwise.
    log_mass = np.add.reduce(terms, axis=0)
    return mass_of(log_mass)


def mass_of(log_mass: Floats) -> Floats:
    """The masses (.., n_nodes) whose logs these are up to a constant, each row summing to one."""
    mass: Floats = np.exp(log_mass - log_mass.max(axis=-1, keepdims=True))
    mass /= mass.sum(axis=-1, keepdims=True)
    return mass


def posterior_moments(grid: Grid, mass: Floats) -> Estimate:
    """Mean and sd of a posterior (n_nodes,).

    Not converged when the grid cuts it off (more than EDGE_MASS at an end) or is too coarse for it (its sd at
    the peak under COARSE spacings, where the mean may be off by a tenth of the sd): then take more nodes.
    """
    if mass.shape != (grid.n_nodes,):
        raise ValueError("one posterior mass is needed for each node")
    theta = float(mass @ grid.nodes)
    if not abs(float(mass.sum()) - 1.0) < _ROUNDING:
        raise ValueError("posterior masses must be numbers that sum to one")
    variance = float(mass @ (grid.nodes - theta) ** 2)
    se = math.sqrt(variance)
    is_cut_off = max(mass[0], mass[-1]) > EDGE_MASS
    return Estimate(theta, se, not (is_cut_off or (se < COARSE_SE * grid.spacing and is_narrow(mass))))


def is_narrow(mass: Floats) -> bool:
    """Whether a normal posterior that falls from its peak as this one does has an sd under COARSE spacings."""
    peak = min(max(int(np.argmax(mass)), 1), mass.size - 2)
    return bool(mass[peak - 1] * mass[peak + 1] < math.exp(-(COARSE**-2)) * mass[peak] ** 2)


def eap(table: LogLikTable, indices: Indices, scores: Scores) -> Estimate:
    """Expected a posteriori theta and posterior sd (Bock & Mislevy 1982); arguments as for `posterior`."""
    return posterior_moments(table.grid, posterior(table, indices, scores))


def map_(items: ItemSet, indices: Indices, scores: Scores, grid: Grid | None = None) -> Estimate:
    """Maximum a posteriori theta under the grid's prior, within its bounds; se from expected information."""
    grid = grid or Grid()
    lower, upper = _checked((grid.lower, grid.upper))
    given, x = _given(items, indices, scores)
    precision = grid.sd**-2

    def gradient(theta: Floats) -> Floats:
        return _score(theta, given, x) - (theta - grid.mean) * precision

    theta, is_interior = _highest_point(gradient, lower, upper)
    return _estimate(theta, _test_info(theta, given) + precision, is_interior, "MAP")


def mle(
    items: ItemSet, indices: Indices, scores: Scores, bounds: tuple[float, float] = (-6.0, 6.0)
) -> Estimate:
    """Maximum likelihood theta; a bound and `converged=False` when there is no maximum inside `bounds`.

    So it is for no answers (the middle), all top scores (the upper bound), all zero (the lower bound), and for
    3PL patterns whose likelihood keeps rising towards a bound. The se there is of the bound, and may be inf.
    """
    lower, upper = _checked(bounds)
    given, x = _given(items, indices, scores)
    is_top, is_bottom = bool((x == given.n_categories - 1).all()), not x.any()
    if is_top or is_bottom:
        theta = 0.5 * (lower + upper) if x.size == 0 else upper if is_top else lower
        return _estimate(theta, _test_info(theta, given), False, "MLE")
    theta, is_interior = _highest_point(lambda points: _score(points, given, x), lower, upper)
    return _estimate(theta, _test_info(theta, given), is_interior, "MLE")


def wle(
    items: ItemSet, indices: Indices, scores: Scores, bounds: tuple[float, float] = (-6.0, 6.0)
) -> Estimate:
    """Weighted likelihood theta, finite also where every score is the top or every score is zero.

    The root of l'(theta) + J / (2 I) (Warm 1989, Psychometrika 54, 427-450; for ordered categories Penfield &
    Bergeron 2005, Applied Psychological Measurement 29, 218-233); of several roots the one at which the weighted
    likelihood is highest.
    """
    lower, upper = _checked(bounds)
    given, x = _given(items, indices, scores)
    if x.size == 0:
        return _estimate(0.5 * (lower + upper), 0.0, False, "WLE")

    def gradient(theta: Floats) -> Floats:
        information = info(theta, given).sum(axis=1)
        bias = info_slope_term(theta, given).sum(axis=1)
        weight: Floats = np.divide(bias, 2 * information, out=np.zeros_like(bias), where=information > 0)
        weight += _score(theta, given, x)
        return weight

    theta, is_interior = _highest_point(gradient, lower, upper)
    return _estimate(theta, _test_info(theta, given), is_interior, "WLE")


def _checked(bounds: tuple[float, float]) -> tuple[float, float]:
    lower, upper = bounds
    if not 0 < upper - lower <= _WIDEST:
        raise ValueError(f"bounds must be finite, increasing and at most {_WIDEST:g} apart")
    return lower, upper


def _given(items: ItemSet, indices: Indices, scores: Scores) -> tuple[ItemSet, Ints]:
    """The answered items and their scores."""
    chosen, x = answered(indices, scores, len(items), items.n_categories)
    return items.take(chosen), x


def _score(theta: Floats, given: ItemSet, x: Ints) -> Floats:
    """Derivative of the log-likelihood at each theta, (n_theta,)."""
    slopes = log_prob_slope(theta, given)
    total: Floats = np.take_along_axis(slopes, x[None, :, None], axis=2).sum(axis=(1, 2))
    return total


def _test_info(theta: float, given: ItemSet) -> float:
    return float(info(theta, given).sum())


def _estimate(theta: float, information: float, converged: bool, method: str) -> Estimate:
    if not (converged and information > 0):
        where = "without information" if converged else "at a bound"
        warnings.warn(f"{method}: the estimate is {where}, no maximum", NotConvergedWarning, stacklevel=3)
        return Estimate(theta, information**-0.5 if information > 0 else math.inf, False)
    return Estimate(theta, information**-0.5, True)


def _highest_point(gradient: Callable[[Floats], Floats], lower: float, upper: float) -> tuple[float, bool]:
    """Where the function with this gradient is highest on [lower, upper], and whether that is a maximum inside.

    The gradient is first integrated over a scan of the whole interval, because 3PL likelihoods may have
    several maxima (Samejima 1973); then its sign change beside the highest scan point is closed in upon.
    """
    points = np.linspace(lower, upper, max(3, math.ceil((upper - lower) / _SCAN_STEP) + 1))
    slope = gradient(points)
    height = np.concatenate(([0.0], np.cumsum(slope[1:] + slope[:-1])))
    best = int(np.argmax(height))
    left = best if slope[best] > 0 else best - 1
    # A slope that rises on, but too little to be seen in the height, belongs to a plateau without a maximum.
    if left < 0 or left == points.size - 1 or slope[left + 1] > 0:
        return float(points[best]), False
    root = brentq(
        lambda theta: float(gradient(np.array([theta]))[0]), points[left], points[left + 1], xtol=1e-12
    )
    return float(root), True
