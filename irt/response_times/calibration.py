"""Marginal maximum likelihood calibration of the lognormal response-time model, times missing by design.

Which persons and items belong together, and whether rapid guesses are left out first, is the caller's choice.
"""

import math
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from irt._responses import Weights, person_values, row_counts
from irt.ability import NotConvergedWarning
from irt.arrays import Bools, Floats, Ints
from irt.response_times._em import NO_RESIDUAL, Fit, Times, climb, log_lik
from irt.response_times._information import mean_errors, spread_errors
from irt.response_times.model import LEAST_ALPHA, TimeParameters, log_seconds

LEAST_TIMES = 3
_MOST_ABILITY = 1e6

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
        Sd of speed in the whole population.
    slope, slope_se : float
        Of speed on ability; zero where none was given.
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
    slope: float
    slope_se: float
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
    weights: Weights = None,
    ability: Sequence[float] | Floats | None = None,
    tolerance: float = 1e-8,
    max_cycles: int = 2000,
) -> TimeCalibration:
    """alpha and beta of each item and sigma of the population, where the marginal likelihood is highest.

    Parameters
    ----------
    seconds : (n_persons, n_items)
        nan = not timed. That an item was not given may depend on anything but speed, given `ability`.
    weights : (n_persons,), optional
        How often each row was seen.
    ability : (n_persons,), optional
        EAP of theta from the responses. Needed for adaptive tests: they give hard items to the able, and where
        the able are faster or slower too, beta would take that over.
    tolerance : float
        Largest change in beta, log v, log sigma^2 and slope of a cycle that counts as none.

    Raises
    ------
    ValueError
        For times that are not positive, and where no item can be calibrated or nobody has two times.

    Notes
    -----
    EM with closed forms: given the parameters, speed is normal; given the speeds' moments, beta and v = 1 / alpha^2
    are means. Letting the mean of speed go free in the M-step and moving it into beta afterwards (parameter
    expansion; Liu, Rubin & Wu 1998, Biometrika 85, 755-770) takes away the slow direction of the sparse designs.
    With theta and speed bivariate normal, E[tau | responses] is a slope times the EAP of theta, which is then the
    prior mean of speed; alpha, beta and sigma still speak of the whole population, whose mean speed is 0.

    References
    ----------
    van der Linden (2006), Journal of Educational and Behavioral Statistics 31, 181-204, for the model; (2007),
    Psychometrika 72, 287-308, for speed and ability together.
    """
    logs = log_seconds(seconds)
    if type(max_cycles) is not int or max_cycles < 1 or not tolerance >= 0:
        raise ValueError("max_cycles must be a whole number of at least 1, tolerance must not be negative")
    counts = row_counts(weights, logs.shape[0])
    covariate = np.zeros(logs.shape[0]) if ability is None else person_values(ability, logs.shape[0], "ability")
    if (np.abs(covariate) > _MOST_ABILITY).any():
        raise ValueError(f"ability must lie within {_MOST_ABILITY:g} of zero: give theta, on its own scale")
    refused = _unusable(logs, counts)
    kept = _others(refused, logs.shape[1])
    if kept.size == 0:
        raise ValueError("no item can be calibrated: " + (_named(refused) or "there are none"))
    data = Times.of(logs[:, kept], counts, covariate)
    fit, n_cycles, converged = climb(data, tolerance, max_cycles)
    late = [Refusal(int(kept[place]), reason) for place, reason in _degenerate(data, fit)]
    if late and len(late) == kept.size:
        raise ValueError("no item can be calibrated: " + _named(late))
    if not converged:
        warnings.warn("response times: no maximum was reached", NotConvergedWarning, stacklevel=2)
    all_refused = tuple(sorted((*refused, *late), key=lambda refusal: refusal.item))
    columns = np.full((4, logs.shape[1]), np.nan)
    columns[:, kept], population = _estimates(data, fit)
    columns[:, [refusal.item for refusal in all_refused]] = np.nan
    alpha, beta, alpha_se, beta_se = columns
    ended = (log_lik(data, fit), all_refused, n_cycles, converged)
    return TimeCalibration(alpha, beta, alpha_se, beta_se, *population, *ended)


def _estimates(data: Times, fit: Fit) -> tuple[Floats, tuple[float, float, float, float]]:
    """alpha, beta and their errors, (4, n_items); sigma of the whole population, slope, and the errors of both."""
    precision = 1.0 / fit.v
    _, person = data.speed(fit)
    beta_se, slope_se = mean_errors(data, precision, person, fit.s)
    alpha_se, s_se = spread_errors(data, precision, person, fit.s)
    z_variance = data.sum_zz / float(data.weights.sum())
    sigma = math.sqrt(fit.s + fit.slope**2 * z_variance)
    sigma_se = math.hypot(s_se, 2 * fit.slope * z_variance * slope_se) / (2 * sigma)
    columns = np.array([np.sqrt(precision), fit.beta + data.centre, alpha_se, beta_se])
    return columns, (sigma, sigma_se, fit.slope, slope_se)


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


def _degenerate(data: Times, fit: Fit) -> list[tuple[int, Reason]]:
    """Places of items whose estimate is no item parameter, seen after the climb."""
    total = data.sum_yy / data.n_times
    exact = np.flatnonzero(fit.v < NO_RESIDUAL * total)
    noisy = np.flatnonzero(fit.v > LEAST_ALPHA**-2)
    places: list[tuple[int, Reason]] = [(int(place), "no_residual") for place in exact]
    return places + [(int(place), "too_noisy") for place in noisy]


def _others(refused: tuple[Refusal, ...], n_items: int) -> Ints:
    return np.setdiff1d(np.arange(n_items), [refusal.item for refusal in refused]).astype(np.intp)


def _named(refused: tuple[Refusal, ...] | list[Refusal]) -> str:
    return ", ".join(f"item {refusal.item} ({refusal.reason})" for refusal in refused[:10])
