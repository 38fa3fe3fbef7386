"""What a simulation says of a pool and its rules: precision, lengths, exposure, and the grades given."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from irt.arrays import Bools, Floats, Ints
from irt.domain import expected_score
from irt.exposure import Exposure, exposure
from irt.many import posteriors
from irt.mixed import ItemSet
from irt.simulate.design import Design, Simulation

_AT_ONCE = 20_000  # candidates whose posteriors are held at the same time


@dataclass(frozen=True)
class Precision:
    """How well theta was found for n candidates with theta in [low, high).

    bias = mean(EAP - theta), rmse = sqrt(mean square of the same), se = mean posterior sd, length = mean number
    of items; bias_error, rmse_error: their Monte-Carlo standard errors. nan where nobody, or too few, were.
    """

    low: float
    high: float
    n: int
    bias: float
    bias_error: float
    rmse: float
    rmse_error: float
    se: float
    length: float


@dataclass(frozen=True, eq=False)
class Summary:
    """The whole population in one row, its exposure, and how many tests broke a constraint or left the grid."""

    precision: Precision
    exposure: Exposure
    shortest: int
    longest: int
    n_violating: int
    n_violations: int
    n_not_converged: int


@dataclass(frozen=True, eq=False)
class GradeAccuracy:
    """Grades given from E[percent | answers] beside those of the true percent on a reference form.

    Attributes
    ----------
    cuts : increasing, in percent; grade g is reached from cuts[g - 1] on, and a pass from `pass_cut` on.
    percent_true, percent : (n_persons,)
    counts : (n_grades, n_grades)
        Candidates of each true grade (rows) by the grade given (columns), the lowest first.
    """

    cuts: tuple[float, ...]
    pass_cut: float
    percent_true: Floats
    percent: Floats
    counts: Ints

    @property
    def is_exact(self) -> Bools:
        """Whether each candidate got the true grade."""
        same: Bools = _grades(self.percent, self.cuts) == _grades(self.percent_true, self.cuts)
        return same

    @property
    def is_pass_right(self) -> Bools:
        """Whether each candidate passed or failed as the true percent says."""
        same: Bools = (self.percent >= self.pass_cut) == (self.percent_true >= self.pass_cut)
        return same

    @property
    def exact(self) -> float:
        """Part of the candidates with the true grade."""
        return float(self.is_exact.mean())

    @property
    def pass_fail(self) -> float:
        """Part of the candidates for whom pass or fail is right."""
        return float(self.is_pass_right.mean())

    @property
    def error(self) -> float:
        """Root mean square of percent - true percent, in points."""
        return float(np.sqrt(((self.percent - self.percent_true) ** 2).mean()))


def summary(design: Design, simulation: Simulation) -> Summary:
    """The whole simulation in figures."""
    everybody = np.ones(simulation.theta.size, dtype=np.bool_)
    lengths, broken = simulation.lengths, simulation.n_violations
    return Summary(
        _precision(simulation, everybody, -np.inf, np.inf),
        exposure(simulation.indices, len(design.items)),
        int(lengths.min()),
        int(lengths.max()),
        int((broken > 0).sum()),
        int(broken.sum()),
        int((~simulation.converged).sum()),
    )


def precision_by_theta(simulation: Simulation, edges: Sequence[float]) -> tuple[Precision, ...]:
    """Precision for true theta in [edges[i], edges[i + 1]), one row each; outside the edges nobody counts."""
    if len(edges) < 2 or not (np.diff(np.asarray(edges, dtype=np.float64)) > 0).all():
        raise ValueError("at least two increasing edges are needed")
    theta = simulation.theta_true
    return tuple(
        _precision(simulation, (theta >= low) & (theta < high), float(low), float(high))
        for low, high in pairwise(edges)
    )


def exposure_by_theta(simulation: Simulation, n_items: int, edges: Sequence[float]) -> Floats:
    """Exposure rate of each item among candidates of similar theta, (n_edges - 1, n_items); nan where nobody is."""
    group = np.digitize(simulation.theta_true, np.asarray(edges, dtype=np.float64)) - 1
    rates = np.full((len(edges) - 1, n_items), np.nan)
    for row in range(len(edges) - 1):
        tests = simulation.indices[group == row]
        if tests.size:
            rates[row] = np.bincount(tests[tests >= 0], minlength=n_items) / tests.shape[0]
    return rates


def grade_accuracy(
    design: Design, simulation: Simulation, reference: ItemSet, cuts: Sequence[float],
    pass_cut: float | None = None,
) -> GradeAccuracy:  # fmt: skip
    """Grades by E[percent | answers] on the reference form (see `irt.domain`) against the true percent's.

    `cuts` in percent, increasing; without `pass_cut` the lowest of them is a pass.
    """
    limits = tuple(float(cut) for cut in cuts)
    if not limits or not all(low < high for low, high in pairwise(limits)):
        raise ValueError("at least one cut is needed, and they must increase")
    if not (limits[0] >= 0 and limits[-1] <= 100):
        raise ValueError("cuts are percents between 0 and 100")
    on_nodes = 100.0 * expected_score(design.grid.nodes, reference)
    x = np.where(simulation.indices < 0, -1, simulation.scores).astype(np.intp)
    given = [
        posteriors(design.log_lik, simulation.indices[at : at + _AT_ONCE], x[at : at + _AT_ONCE]) @ on_nodes
        for at in range(0, simulation.theta.size, _AT_ONCE)
    ]
    percent = np.concatenate(given)
    percent_true = 100.0 * expected_score(simulation.theta_true, reference)
    counts = np.zeros((len(limits) + 1, len(limits) + 1), dtype=np.intp)
    np.add.at(counts, (_grades(percent_true, limits), _grades(percent, limits)), 1)
    least = limits[0] if pass_cut is None else float(pass_cut)
    return GradeAccuracy(limits, least, percent_true, percent, counts)


def _grades(percent: Floats, cuts: tuple[float, ...]) -> Ints:
    return np.searchsorted(np.asarray(cuts), percent, side="right")


def _precision(simulation: Simulation, who: Bools, low: float, high: float) -> Precision:
    n = int(who.sum())
    if n == 0:
        return Precision(low, high, 0, *[np.nan] * 6)
    error = simulation.theta[who] - simulation.theta_true[who]
    square = error**2
    rmse = float(np.sqrt(square.mean()))
    # The delta method: the square root of a mean has the mean's error divided by twice itself.
    rmse_error = float(square.std(ddof=1) / np.sqrt(n) / (2 * rmse)) if n > 1 and rmse > 0 else np.nan
    return Precision(
        low, high, n, float(error.mean()),
        float(error.std(ddof=1) / np.sqrt(n)) if n > 1 else np.nan,
        rmse, rmse_error, float(simulation.se[who].mean()), float(simulation.lengths[who].mean()),
    )  # fmt: skip
