"""Marginal maximum likelihood calibration of the lognormal response-time model, times missing by design.

Which persons and items belong together, and whether rapid guesses are left out first, is the caller's choice.
"""

import warnings
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np
import numpy.typing as npt
from scipy import sparse

from irt.ability import NotConvergedWarning
from irt.arrays import Bools, Floats, Ints
from irt.response_times._information import beta_errors, spread_errors
from irt.response_times.model import LEAST_ALPHA, TimeParameters, log_seconds

LEAST_TIMES = 3
_SPARSE_BELOW = 0.25  # density under which compressed rows are faster than zeros
_NO_RESIDUAL = 1e-7  # part of an item's variance of log times
_NO_SPREAD = 1e-5  # part of the residual variance

Reason = Literal["not_timed", "too_few_times", "constant_times", "no_residual", "too_noisy"]


@dataclass(frozen=True)
class Refusal:
    """An item that has no estimates, and why.

    not_timed, too_few_times (below LEAST_TIMES), constant_times: as the data are. no_residual: its times follow
    speed exactly, so alpha is infinite. too_noisy: alpha is below LEAST_ALPHA.
    """

    item: int
    reason: Reason


@dataclass(frozen=True, eq=False)
class TimeCalibration:
    """Estimates with standard errors.

    Attributes
    ----------
    alpha, beta, alpha_se, beta_se : (n_items,)
        nan for the items of `refused`.
    sigma, sigma_se : float
    log_lik : float
        Of the log seconds.
    refused : tuple of Refusal
    n_cycles : int
    converged : bool
        False: look before storing.
    """

    alpha: Floats
    beta: Floats
    alpha_se: Floats
    beta_se: Floats
    sigma: float
    sigma_se: float
    log_lik: float
    refused: tuple[Refusal, ...]
    n_cycles: int
    converged: bool

    def parameters(self) -> TimeParameters:
        """The parameters of all items; ValueError naming the refused ones if there are any."""
        if self.refused:
            raise ValueError("no time parameters for " + _named(self.refused))
        return TimeParameters(self.alpha, self.beta, self.sigma)


def calibrate_times(
    seconds: npt.ArrayLike,
    weights: npt.ArrayLike | None = None,
    tolerance: float = 1e-8,
    max_cycles: int = 2000,
) -> TimeCalibration:
    """alpha and beta of each item and sigma of the population, where the marginal likelihood is highest.

    Parameters
    ----------
    seconds : (n_persons, n_items)
        nan = not timed. That an item was not given may depend on anything but speed.
    weights : (n_persons,), optional
        How often each row was seen.
    tolerance : float
        Largest change in beta, log v and log sigma^2 of a cycle that counts as none.

    Raises
    ------
    ValueError
        For times that are not positive, and where no item can be calibrated or nobody has two times.

    Notes
    -----
    EM with closed forms: given the parameters, speed is normal; given the speeds' moments, beta and v = 1 / alpha^2
    are means. Letting the mean of speed go free in the M-step and moving it into beta afterwards (parameter
    expansion; Liu, Rubin & Wu 1998, Biometrika 85, 755-770) takes away the slow direction of the sparse designs.

    References
    ----------
    van der Linden (2006), Journal of Educational and Behavioral Statistics 31, 181-204, for the model.
    """
    logs = log_seconds(seconds)
    counts = _counts(weights, logs.shape[0])
    refused = _unusable(logs, counts)
    kept = _others(refused, logs.shape[1])
    if kept.size == 0:
        raise ValueError("no item can be calibrated: " + (_named(refused) or "there are none"))
    data = _Times.of(logs[:, kept], counts)
    fit, n_cycles, converged = _climb(data, tolerance, max_cycles)
    late = [Refusal(int(kept[place]), reason) for place, reason in _degenerate(data, fit)]
    if late and len(late) == kept.size:
        raise ValueError("no item can be calibrated: " + _named(late))
    converged = converged and not any(refusal.reason == "no_residual" for refusal in late)
    if not converged:
        warnings.warn("response times: no maximum was reached", NotConvergedWarning, stacklevel=2)
    all_refused = tuple(sorted((*refused, *late), key=lambda refusal: refusal.item))
    columns = np.full((4, logs.shape[1]), np.nan)
    columns[:, kept], sigma_se = _estimates(data, fit)
    columns[:, [refusal.item for refusal in all_refused]] = np.nan
    sigma, log_lik = float(np.sqrt(fit.s)), _log_lik(data, fit)
    alpha, beta, alpha_se, beta_se = columns
    return TimeCalibration(
        alpha, beta, alpha_se, beta_se, sigma, sigma_se, log_lik, all_refused, n_cycles, converged
    )


@dataclass(frozen=True, eq=False)
class _Fit:
    """beta (about the items' centres), v = 1 / alpha^2, s = sigma^2."""

    beta: Floats
    v: Floats
    s: float

    def vector(self) -> Floats:
        return np.concatenate((self.beta, np.log(self.v), [np.log(self.s)]))


@dataclass(frozen=True, eq=False)
class _Times:
    """Log times about each item's mean `centre`, zero where `seen` is zero; both dense or both sparse."""

    y: npt.NDArray[np.float64]
    seen: npt.NDArray[np.float64]
    weights: Floats
    centre: Floats

    @classmethod
    def of(cls, logs: Floats, counts: Floats) -> "_Times":
        is_seen = ~np.isnan(logs)
        used = is_seen.any(axis=1) & (counts > 0)
        logs, is_seen, weights = logs[used], is_seen[used], counts[used]
        if not (is_seen.sum(axis=1) > 1).any():
            raise ValueError("nobody has two times, so speed cannot be told from chance")
        filled = np.where(is_seen, logs, 0.0)
        seen = is_seen.astype(np.float64)
        centre = (filled.T @ weights) / (seen.T @ weights)
        filled -= seen * centre
        if is_seen.mean() < _SPARSE_BELOW:
            # A time exactly at its centre is stored as no entry, which is the zero it stands for.
            return cls(sparse.csr_array(filled), sparse.csr_array(seen), weights, centre)
        return cls(filled, seen, weights, centre)

    @cached_property
    def n_times(self) -> Floats:
        return np.asarray(self.seen.T @ self.weights)

    @cached_property
    def sum_y(self) -> Floats:
        return np.asarray(self.y.T @ self.weights)

    @cached_property
    def sum_yy(self) -> Floats:
        if sparse.issparse(self.y):
            return np.asarray((self.y * self.y).T @ self.weights)
        return np.asarray(np.einsum("ij,ij,i->j", self.y, self.y, self.weights))

    def gram(self, u: Floats) -> Floats:
        """Weighted sum over persons of u seen seen', (n_items, n_items)."""
        scale = self.weights * u
        if sparse.issparse(self.seen):
            return np.asarray((self.seen.T @ sparse.diags_array(scale) @ self.seen).toarray())
        return np.asarray(self.seen.T @ (self.seen * scale[:, None]))

    def speed(self, fit: _Fit) -> tuple[Floats, Floats]:
        """Posterior mean and precision of each person's speed."""
        precision = 1.0 / fit.s + self.seen @ (1.0 / fit.v)
        tau = (self.seen @ (fit.beta / fit.v) - self.y @ (1.0 / fit.v)) / precision
        return np.asarray(tau), np.asarray(precision)


def _climb(data: _Times, tolerance: float, max_cycles: int) -> tuple[_Fit, int, bool]:
    """The fit, the cycles it took, and whether it is a maximum inside the parameter space."""
    total = data.sum_yy / data.n_times
    fit = _Fit(np.zeros(total.size), 0.5 * total, 0.5 * float(total.mean()))
    for cycle in range(1, max_cycles + 1):
        last, fit = fit, _cycle(data, fit)
        if (fit.v < _NO_RESIDUAL * total).any() or fit.s < _NO_SPREAD * fit.v.mean():
            return fit, cycle, False
        if np.abs(fit.vector() - last.vector()).max() < tolerance:
            return fit, cycle, True
    return fit, max_cycles, False


def _cycle(data: _Times, fit: _Fit) -> _Fit:
    """One EM cycle, never lowering the likelihood."""
    tau, precision = data.speed(fit)
    first = data.weights * tau
    second = first * tau + data.weights / precision
    beta = (data.sum_y + data.seen.T @ first) / data.n_times
    square = data.sum_yy + 2 * (data.y.T @ first) + data.seen.T @ second
    n_persons = float(data.weights.sum())
    mean = float(first.sum()) / n_persons
    tiny = np.finfo(np.float64).tiny
    v = np.maximum(square / data.n_times - beta**2, tiny)
    return _Fit(beta - mean, v, max(float(second.sum()) / n_persons - mean**2, tiny))


def _log_lik(data: _Times, fit: _Fit) -> float:
    tau, precision = data.speed(fit)
    squares = data.sum_yy - 2 * fit.beta * data.sum_y + fit.beta**2 * data.n_times
    log_det = data.n_times @ np.log(2 * np.pi * fit.v) + data.weights @ np.log(fit.s * precision)
    return -0.5 * float(log_det + squares @ (1.0 / fit.v) - data.weights @ (tau**2 * precision))


def _estimates(data: _Times, fit: _Fit) -> tuple[Floats, float]:
    """alpha, beta and their standard errors, (4, n_items), and the standard error of sigma."""
    precision = 1.0 / fit.v
    _, person = data.speed(fit)
    beta_se = beta_errors(precision, data.n_times, data.gram, person)
    alpha_se, sigma_se = spread_errors(precision, data.gram, person, float(np.sqrt(fit.s)), data.weights)
    return np.array([np.sqrt(precision), fit.beta + data.centre, alpha_se, beta_se]), sigma_se


def _counts(weights: npt.ArrayLike | None, n_persons: int) -> Floats:
    counts = np.ones(n_persons) if weights is None else np.asarray(weights, dtype=np.float64)
    if counts.shape != (n_persons,) or not (np.isfinite(counts).all() and (counts >= 0).all()):
        raise ValueError("weights must be finite, not negative and one for each person")
    return counts


def _unusable(logs: Floats, counts: Floats) -> tuple[Refusal, ...]:
    """Items whose times cannot give an estimate, seen from the data alone."""
    seen: Bools = ~np.isnan(logs) & (counts > 0)[:, None]
    n_times = seen.T @ counts
    least = np.min(logs, axis=0, where=seen, initial=np.inf)
    most = np.max(logs, axis=0, where=seen, initial=-np.inf)
    refused: list[Refusal] = []
    for item in range(logs.shape[1]):
        if n_times[item] == 0:
            refused.append(Refusal(item, "not_timed"))
        elif n_times[item] < LEAST_TIMES:
            refused.append(Refusal(item, "too_few_times"))
        elif most[item] - least[item] < 1e-9:
            refused.append(Refusal(item, "constant_times"))
    return tuple(refused)


def _degenerate(data: _Times, fit: _Fit) -> list[tuple[int, Reason]]:
    """Places of items whose estimate is no item parameter, seen after the climb."""
    total = data.sum_yy / data.n_times
    exact = np.flatnonzero(fit.v < _NO_RESIDUAL * total)
    noisy = np.flatnonzero(fit.v > LEAST_ALPHA**-2)
    places: list[tuple[int, Reason]] = [(int(place), "no_residual") for place in exact]
    return places + [(int(place), "too_noisy") for place in noisy]


def _others(refused: tuple[Refusal, ...], n_items: int) -> Ints:
    return np.setdiff1d(np.arange(n_items), [refusal.item for refusal in refused]).astype(np.intp)


def _named(refused: tuple[Refusal, ...] | list[Refusal]) -> str:
    return ", ".join(f"item {refusal.item} ({refusal.reason})" for refusal in refused[:10])
