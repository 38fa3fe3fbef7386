"""The EM algorithm of the lognormal response-time model: data with what is summed once, cycles, likelihood.

log t = beta - tau + e with e ~ N(0, v) and speed tau ~ N(slope z, s), z a centred covariate of persons.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
from scipy import sparse

from irt.arrays import Floats

NO_RESIDUAL = 1e-7  # part of an item's variance of log times
_NO_SPREAD = 1e-5  # part of the residual variance
_SPARSE_BELOW = 0.25  # density under which compressed rows are faster than zeros


@dataclass(frozen=True, eq=False)
class Fit:
    """beta (about the items' centres) and v = 1 / alpha^2, (n_items,); s = sigma^2 about slope z."""

    beta: Floats
    v: Floats
    s: float
    slope: float

    def vector(self) -> Floats:
        """All of it on scales of which differences may be compared."""
        return np.concatenate((self.beta, np.log(self.v), [np.log(self.s), self.slope]))


@dataclass(frozen=True, eq=False)
class Times:
    """Log times about each item's mean `centre`, zero where `seen` is zero; both dense or both sparse.

    `z` (n_persons,) has weighted mean zero; all zero without a covariate.
    """

    y: npt.NDArray[np.float64]
    seen: npt.NDArray[np.float64]
    weights: Floats
    centre: Floats
    z: Floats

    @classmethod
    def of(cls, logs: Floats, counts: Floats, covariate: Floats) -> "Times":
        """The times of persons who have any; ValueError where nobody has two."""
        is_seen = ~np.isnan(logs)
        used = is_seen.any(axis=1) & (counts > 0)
        logs, is_seen, weights, z = logs[used], is_seen[used], counts[used], covariate[used]
        if not (is_seen.sum(axis=1) > 1).any():
            raise ValueError("nobody has two times, so speed cannot be told from chance")
        z = z - (weights @ z) / weights.sum()
        filled = np.where(is_seen, logs, 0.0)
        seen = is_seen.astype(np.float64)
        centre = (filled.T @ weights) / (seen.T @ weights)
        filled -= seen * centre
        if is_seen.mean() < _SPARSE_BELOW:
            # A time exactly at its centre is stored as no entry, which is the zero it stands for.
            return cls(sparse.csr_array(filled), sparse.csr_array(seen), weights, centre, z)
        return cls(filled, seen, weights, centre, z)

    @cached_property
    def n_times(self) -> Floats:
        """Weighted number of times of each item."""
        return np.asarray(self.seen.T @ self.weights)

    @cached_property
    def sum_y(self) -> Floats:
        """Weighted sum of each item's log times."""
        return np.asarray(self.y.T @ self.weights)

    @cached_property
    def sum_yy(self) -> Floats:
        """Weighted sum of their squares."""
        if sparse.issparse(self.y):
            return np.asarray((self.y * self.y).T @ self.weights)
        return np.asarray(np.einsum("ij,ij,i->j", self.y, self.y, self.weights))

    @cached_property
    def sum_zz(self) -> float:
        """Weighted sum of squares of the covariate, zero without one."""
        total = float(self.weights @ self.z**2)
        return total if total > 1e-12 * self.weights.sum() else 0.0

    def gram(self, u: Floats) -> Floats:
        """Weighted sum over persons of u seen seen', (n_items, n_items)."""
        scale = self.weights * u
        if sparse.issparse(self.seen):
            return np.asarray((self.seen.T @ sparse.diags_array(scale) @ self.seen).toarray())
        return np.asarray(self.seen.T @ (self.seen * scale[:, None]))

    def speed(self, fit: Fit) -> tuple[Floats, Floats]:
        """Posterior mean and precision of each person's speed."""
        precision = 1.0 / fit.s + self.seen @ (1.0 / fit.v)
        expected = self.seen @ (fit.beta / fit.v) + fit.slope * self.z / fit.s
        return np.asarray((expected - self.y @ (1.0 / fit.v)) / precision), np.asarray(precision)


def climb(data: Times, tolerance: float, max_cycles: int) -> tuple[Fit, int, bool]:
    """The fit, the cycles it took, and whether it is a maximum inside the parameter space."""
    total = data.sum_yy / data.n_times
    fit = Fit(np.zeros(total.size), 0.5 * total, 0.5 * float(total.mean()), 0.0)
    for cycle in range(1, max_cycles + 1):
        last, fit = fit, _cycle(data, fit)
        if (fit.v < NO_RESIDUAL * total).any() or fit.s < _NO_SPREAD * fit.v.mean():
            return fit, cycle, False
        if np.abs(fit.vector() - last.vector()).max() < tolerance:
            return fit, cycle, True
    return fit, max_cycles, False


def _cycle(data: Times, fit: Fit) -> Fit:
    """One EM cycle, never lowering the likelihood."""
    tau, precision = data.speed(fit)
    first = data.weights * tau
    second = first * tau + data.weights / precision
    beta = (data.sum_y + data.seen.T @ first) / data.n_times
    square = data.sum_yy + 2 * (data.y.T @ first) + data.seen.T @ second
    n_persons = float(data.weights.sum())
    mean = float(first.sum()) / n_persons
    slope = float(first @ data.z) / data.sum_zz if data.sum_zz else 0.0
    tiny = np.finfo(np.float64).tiny
    v = np.maximum(square / data.n_times - beta**2, tiny)
    s = (float(second.sum()) - slope**2 * data.sum_zz) / n_persons - mean**2
    return Fit(beta - mean, v, max(s, tiny), slope)


def log_lik(data: Times, fit: Fit) -> float:
    """Marginal log-likelihood of the log times."""
    tau, precision = data.speed(fit)
    squares = data.sum_yy - 2 * fit.beta * data.sum_y + fit.beta**2 * data.n_times
    shift = fit.slope * data.weights * data.z
    squares = squares + 2 * (data.y.T @ shift) - 2 * fit.beta * (data.seen.T @ shift)
    squares = squares + data.seen.T @ (shift * fit.slope * data.z)
    log_det = data.n_times @ np.log(2 * np.pi * fit.v) + data.weights @ np.log(fit.s * precision)
    about = data.weights @ ((tau - fit.slope * data.z) ** 2 * precision)
    return -0.5 * float(log_det + squares @ (1.0 / fit.v) - about)
