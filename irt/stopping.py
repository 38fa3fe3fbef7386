"""When a test has said enough: length, precision, decided cuts, time.

Quotas come first: no criterion stops a test before its minima are met. A section whose time is over is ended by
the server, whatever is said here.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal, Protocol

import numpy as np
from scipy.interpolate import CubicSpline
from scipy.optimize import brentq

from irt.ability import Grid
from irt.arrays import Floats
from irt.domain import expected_score
from irt.mixed import ItemSet

StopReason = Literal["length", "precision", "classified", "likelihood_ratio", "time"]
Side = Literal["above", "below"]

_REFINE = 20  # points per node spacing between which the posterior is taken as linear
_LEAST_MASS = 1e-290
_FAR = 20.0  # thetas beyond which no reference form tells candidates apart


@dataclass(frozen=True, eq=False)
class Progress:
    """How far a test has come.

    Attributes
    ----------
    n_administered : int
    se : float
        Of theta, as reported.
    is_met : bool
        Whether every quota has its minimum.
    grid, mass
        The posterior, as from `ability.posterior`; needed by the criteria that decide cuts.
    seconds_left : float, optional
        Needed by the criterion of time.
    """

    n_administered: int
    se: float
    is_met: bool
    grid: Grid | None = None
    mass: Floats | None = None
    seconds_left: float | None = None

    def __post_init__(self) -> None:
        if self.n_administered < 0 or math.isnan(self.se):
            raise ValueError("a number of items and a standard error are needed")

    def posterior(self) -> tuple[Grid, Floats]:
        """Grid and mass, which the criterion that asks cannot do without."""
        if self.grid is None or self.mass is None:
            raise ValueError("this stopping rule decides cuts and needs the posterior")
        is_mass = self.mass.shape == (self.grid.n_nodes,) and bool((self.mass >= 0).all())
        if not (is_mass and abs(float(self.mass.sum()) - 1.0) < 1e-9):
            raise ValueError("one posterior mass is needed for each node, together one")
        return self.grid, self.mass


class Criterion(Protocol):
    """One reason to stop."""

    def judge(self, progress: Progress) -> StopReason | None:
        """The reason, if it is given by now."""


@dataclass(frozen=True)
class Precision:
    """Stop once the standard error is at most `se`."""

    se: float

    def __post_init__(self) -> None:
        if not (math.isfinite(self.se) and self.se > 0):
            raise ValueError("the standard error to stop at must be positive")

    def judge(self, progress: Progress) -> StopReason | None:
        """`precision`, or None."""
        return "precision" if progress.se <= self.se else None


@dataclass(frozen=True)
class Classified:
    """Stop once the candidate is above or below each cut on theta with posterior probability `certainty`.

    Cuts in percent of marks on a reference form become cuts on theta by `theta_cuts`. Candidates so classified
    are on the right side of a cut at least `certainty` of the time, over the prior, however often one has looked
    (Kingsbury & Weiss 1983, in Weiss, New Horizons in Testing, for decisions on one cut).
    """

    cuts: tuple[float, ...]
    certainty: float = 0.90

    def __post_init__(self) -> None:
        object.__setattr__(self, "cuts", _checked_cuts(self.cuts))
        if not 0.5 < self.certainty < 1:
            raise ValueError("the certainty must lie strictly between .5 and 1")

    def sides(self, progress: Progress) -> tuple[Side | None, ...]:
        """On which side of each cut the candidate is by now, None while it is open."""
        grid, mass = progress.posterior()
        reached = upper_tails(grid, mass, self.cuts)
        return tuple(_side(p - self.certainty, 1.0 - p - self.certainty) for p in reached)

    def judge(self, progress: Progress) -> StopReason | None:
        """`classified` when no cut is open, or None."""
        return None if None in self.sides(progress) else "classified"


@dataclass(frozen=True)
class LikelihoodRatio:
    """Stop once a generalized likelihood ratio test has placed the candidate above or below each cut on theta.

    The highest likelihood above cut + indifference over the highest below cut - indifference is held against
    Wald's limits log((1 - beta) / alpha), with alpha the rate of false passes and beta that of false fails. The
    rates are nominal: unlike those of `Classified` they say nothing of how candidates are spread.

    References
    ----------
    Bartroff, Finkelman & Lai (2008), Psychometrika 73, 473-486; Thompson (2009), Proceedings of the GMAC Conference
    on Computerized Adaptive Testing.
    """

    cuts: tuple[float, ...]
    indifference: float = 0.2
    alpha: float = 0.05
    beta: float = 0.05

    def __post_init__(self) -> None:
        object.__setattr__(self, "cuts", _checked_cuts(self.cuts))
        if not (math.isfinite(self.indifference) and self.indifference > 0):
            raise ValueError("the half-width of the indifference region must be positive")
        if not (0 < self.alpha < 0.5 and 0 < self.beta < 0.5):
            raise ValueError("error rates must lie strictly between 0 and .5")

    def sides(self, progress: Progress) -> tuple[Side | None, ...]:
        """On which side of each cut the candidate is by now, None while it is open."""
        grid, mass = progress.posterior()
        # The prior goes out again, and its constant with every ratio.
        log_lik = _between(grid) @ (_log(mass) - grid.log_prior)
        return tuple(self._side(_fine(grid), log_lik, cut) for cut in self.cuts)

    def judge(self, progress: Progress) -> StopReason | None:
        """`likelihood_ratio` when no cut is open, or None."""
        return None if None in self.sides(progress) else "likelihood_ratio"

    def _side(self, points: Floats, log_lik: Floats, cut: float) -> Side | None:
        above = np.max(log_lik, where=points >= cut + self.indifference, initial=-np.inf)
        below = np.max(log_lik, where=points <= cut - self.indifference, initial=-np.inf)
        ratio = float(above - below)
        passed, failed = math.log((1 - self.beta) / self.alpha), math.log((1 - self.alpha) / self.beta)
        return _side(ratio - passed, -ratio - failed)


@dataclass(frozen=True)
class TimeLeft:
    """Stop once at most `seconds` are left, such as a slow candidate needs for one more item."""

    seconds: float

    def __post_init__(self) -> None:
        if not (math.isfinite(self.seconds) and self.seconds >= 0):
            raise ValueError("the time to stop at must be a number of seconds, not negative")

    def judge(self, progress: Progress) -> StopReason | None:
        """`time`, or None."""
        if progress.seconds_left is None or math.isnan(progress.seconds_left):
            raise ValueError("this stopping rule looks at the time and needs the seconds left")
        return "time" if progress.seconds_left <= self.seconds else None


@dataclass(frozen=True)
class AllOf:
    """Stop once every one of these criteria would; the reason is that of the first."""

    criteria: tuple[Criterion, ...]

    def __post_init__(self) -> None:
        object.__setattr__(self, "criteria", tuple(self.criteria))
        if not self.criteria:
            raise ValueError("at least one criterion is needed")

    def judge(self, progress: Progress) -> StopReason | None:
        """The first criterion's reason when all agree, or None."""
        reasons = [criterion.judge(progress) for criterion in self.criteria]
        return None if None in reasons else reasons[0]


@dataclass(frozen=True)
class StoppingRule:
    """Stop at `maximum` items; from `minimum` on, minima met, as soon as `se` or any criterion is satisfied."""

    minimum: int
    maximum: int
    se: float | None = None
    criteria: tuple[Criterion, ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "criteria", tuple(self.criteria))
        if not 1 <= self.minimum <= self.maximum:
            raise ValueError("lengths must satisfy 1 <= minimum <= maximum")
        if self.se is not None:
            Precision(self.se)

    def judge(self, progress: Progress) -> StopReason | None:
        """Why the test is over, or None while it goes on: length, then precision, then the criteria in order."""
        if progress.n_administered >= self.maximum:
            return "length"
        if not progress.is_met or progress.n_administered < self.minimum:
            return None
        precision = () if self.se is None else (Precision(self.se),)
        reasons = (criterion.judge(progress) for criterion in (*precision, *self.criteria))
        return next((reason for reason in reasons if reason is not None), None)


def stop(rule: StoppingRule, n_administered: int, se: float, is_met: bool) -> StopReason | None:
    """`rule.judge` for rules of length and precision; criteria that need more raise ValueError when asked."""
    return rule.judge(Progress(n_administered, se, is_met))


def theta_cuts(reference: ItemSet, percents: Sequence[float]) -> tuple[float, ...]:
    """The theta at which each percent of marks on the reference form is reached.

    The form's curve rises, so percent >= cut and theta >= its cut are the same event. Infinite where everybody
    (-inf) or nobody (inf) reaches the percent.
    """
    if not all(0.0 <= percent <= 100.0 for percent in percents):
        raise ValueError("cuts are percents between 0 and 100")

    def theta_cut(percent: float) -> float:
        least, most = 100.0 * expected_score([-_FAR, _FAR], reference)
        if not least < percent < most:
            return -math.inf if percent <= least else math.inf
        return float(
            brentq(lambda theta: 100.0 * float(expected_score(theta, reference)[0]) - percent, -_FAR, _FAR)
        )

    return tuple(map(theta_cut, percents))


def upper_tails(grid: Grid, mass: Floats, cuts: Sequence[float]) -> tuple[float, ...]:
    """P(theta >= cut) for each cut under a posterior (n_nodes,), made continuous by a cubic spline through its logs."""
    logs = _between(grid) @ _log(mass)
    # Above the highest node by more than a factor e the spline could only be overshooting.
    density = np.exp(np.minimum(logs, math.log(float(mass.max())) + 1.0))
    below = np.concatenate(([0.0], np.cumsum(density[1:] + density[:-1])))
    # Outside the grid interp holds its ends, where everybody or nobody is below.
    return tuple((1.0 - np.interp(cuts, _fine(grid), below) / below[-1]).tolist())


@lru_cache(maxsize=16)
def _fine(grid: Grid) -> Floats:
    """Points between which everything is linear, (n_points,), read-only."""
    points: Floats = np.linspace(grid.lower, grid.upper, (grid.n_nodes - 1) * _REFINE + 1)
    points.setflags(write=False)
    return points


@lru_cache(maxsize=16)
def _between(grid: Grid) -> Floats:
    """Cubic splines from values at the nodes to values at the fine points, (n_points, n_nodes), read-only."""
    matrix: Floats = CubicSpline(grid.nodes, np.eye(grid.n_nodes))(_fine(grid))
    matrix.setflags(write=False)
    return matrix


def _log(mass: Floats) -> Floats:
    logs: Floats = np.log(np.maximum(mass, _LEAST_MASS))
    return logs


def _side(excess_above: float, excess_below: float) -> Side | None:
    if excess_above >= 0:
        return "above"
    return "below" if excess_below >= 0 else None


def _checked_cuts(cuts: Sequence[float]) -> tuple[float, ...]:
    checked = tuple(float(cut) for cut in cuts)
    if not checked or any(map(math.isnan, checked)):
        raise ValueError("at least one cut is needed, and none may be nan")
    return checked
