"""The lognormal model of response times: parameters of items, speed of persons, seconds to expect.

log T ~ N(beta - tau, 1 / alpha^2) with speed tau ~ N(0, sigma^2); logs are of seconds.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.special import ndtri

from irt.arrays import Floats, Indices, Ints, frozen_floats, item_indices

LEAST_ALPHA = 0.1  # below it a time says nothing, and the mean of the lognormal overflows
MOST_LOG = 20.0  # exp(20) seconds are fifteen years
MOST_SIGMA = 5.0


@dataclass(frozen=True, eq=False)
class TimeParameters:
    """Time parameters of n items and the spread of speed in their population.

    Parameters
    ----------
    alpha : (n_items,)
        Discrimination: the reciprocal of the sd of log seconds at a given speed, at least LEAST_ALPHA.
    beta : (n_items,)
        Time intensity: the mean of log seconds at speed 0.
    sigma : float
        Sd of speed; its mean is 0, which fixes the scale of beta.

    References
    ----------
    van der Linden (2006), Journal of Educational and Behavioral Statistics 31, 181-204.
    """

    alpha: Floats
    beta: Floats
    sigma: float

    def __post_init__(self) -> None:
        for name in ("alpha", "beta"):
            object.__setattr__(self, name, frozen_floats(getattr(self, name), name))
        if self.alpha.shape != self.beta.shape:
            raise ValueError("alpha and beta must have the same length")
        if not (self.alpha >= LEAST_ALPHA).all():
            raise ValueError(f"alpha must be at least {LEAST_ALPHA}")
        if not (np.abs(self.beta) <= MOST_LOG).all():
            raise ValueError(f"beta is the log of seconds and must lie within {MOST_LOG} of zero")
        if not 0 < self.sigma <= MOST_SIGMA:
            raise ValueError(f"sigma must be positive and at most {MOST_SIGMA}")

    def __len__(self) -> int:
        return self.alpha.size

    def take(self, indices: Sequence[int] | Ints) -> "TimeParameters":
        """The items of these indices, in this order."""
        chosen = item_indices(indices, len(self), may_repeat=True)
        return TimeParameters(self.alpha[chosen], self.beta[chosen], self.sigma)

    def speed_at(self, quantile: float) -> float:
        """The speed that this part of the population does not reach, e.g. .05 for the slowest twentieth."""
        return self.sigma * normal_quantile(quantile)


@dataclass(frozen=True, eq=False)
class Speed:
    """Posterior of speed of each person: mean `tau` and sd `se`, (n_persons,)."""

    tau: Floats
    se: Floats

    def at(self, quantile: float) -> Floats:
        """The speeds that are exceeded with the rest of the probability, e.g. .05 for a cautious one, (n_persons,)."""
        quantiles: Floats = self.tau + normal_quantile(quantile) * self.se
        return quantiles


def normal_quantile(quantile: float) -> float:
    """The standard normal quantile, refused outside 0 .. 1 exclusive."""
    if not 0 < quantile < 1:
        raise ValueError("a quantile must lie strictly between 0 and 1")
    return float(ndtri(quantile))


def log_seconds(seconds: npt.ArrayLike, n_items: int | None = None) -> Floats:
    """Logs of a (n_persons, n_items) matrix of seconds, nan where not timed.

    Raises
    ------
    ValueError
        For another shape, for text, and naming the items, for times that are zero, negative or infinite.
    """
    raw = np.asarray(seconds)
    if isinstance(seconds, np.ma.MaskedArray) or raw.dtype.kind not in "iuf":
        raise ValueError("seconds must be numbers, nan where there is no time, in an array without a mask")
    times = np.array(raw, dtype=np.float64)
    if times.ndim != 2 or (n_items is not None and times.shape[1] != n_items):
        raise ValueError("seconds must be a matrix (n_persons, n_items)")
    impossible = (times <= 0) | np.isinf(times)
    if impossible.any():
        named = ", ".join(map(str, np.flatnonzero(impossible.any(axis=0))[:10]))
        raise ValueError(f"{impossible.sum()} times are not positive and finite, of items {named}")
    logs: Floats = np.log(times, out=times)
    return logs


def speeds(parameters: TimeParameters, seconds: npt.ArrayLike) -> Speed:
    """Posterior mean and sd of each person's speed (EAP) from seconds (n_persons, n_items), nan = not timed.

    Normal prior and normal likelihood: the precision is 1 / sigma^2 + sum alpha^2 over the timed items, the
    mean the precision-weighted sum of beta - log t. A person without a time has the prior.
    """
    residual = log_seconds(seconds, len(parameters)) - parameters.beta
    tau, precision = posterior_speed(parameters, residual)
    return Speed(tau, precision**-0.5)


def speed_of(parameters: TimeParameters, indices: Indices, seconds: npt.ArrayLike) -> Speed:
    """The same for one person who answered these items in these seconds, arrays of one element."""
    given = item_indices(indices, len(parameters))
    if np.shape(seconds) != given.shape:
        raise ValueError("one time (or nan) is needed for each item index")
    return speeds(parameters.take(given), np.reshape(seconds, (1, given.size)))


def posterior_speed(parameters: TimeParameters, residual: Floats) -> tuple[Floats, Floats]:
    """Posterior mean and precision of speed, (n_persons,), from log t - beta, nan where not timed."""
    weight = parameters.alpha**2
    seen = ~np.isnan(residual)
    precision: Floats = parameters.sigma**-2 + seen @ weight
    tau: Floats = -(np.where(seen, residual, 0.0) @ weight) / precision
    return tau, precision


def expected_seconds(parameters: TimeParameters, tau: float = 0.0, sd: float = 0.0) -> Floats:
    """Mean seconds of each item for a person whose speed is N(tau, sd^2), (n_items,).

    exp(beta - tau + (sd^2 + 1 / alpha^2) / 2); tau and sd as from `speeds`, sd 0 for a speed taken as known,
    sigma for somebody drawn from the population.
    """
    check_speed(tau)
    if not 0 <= sd <= MOST_SIGMA:
        raise ValueError(f"the sd of a speed must lie in 0 .. {MOST_SIGMA}")
    mean: Floats = np.exp(parameters.beta - tau + 0.5 * (sd**2 + parameters.alpha**-2))
    return mean


def variance_seconds(parameters: TimeParameters, tau: float) -> Floats:
    """Variance of each item's seconds at this speed, (n_items,)."""
    check_speed(tau)
    variance: Floats = expected_seconds(parameters, tau) ** 2 * np.expm1(parameters.alpha**-2)
    return variance


def check_speed(tau: float) -> None:
    """Refuse a speed that is no number or that no person has."""
    if not (math.isfinite(tau) and abs(tau) <= MOST_LOG):
        raise ValueError(f"a speed must be a number within {MOST_LOG} of zero")
