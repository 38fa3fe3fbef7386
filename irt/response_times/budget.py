"""How long a form takes, and the linear budget under which every form fits a time limit for slow persons.

Choosing the items under that budget is the shadow test's affair.
"""

import math
from dataclasses import dataclass

from irt.assembly import TimeBudget
from irt.response_times.model import (
    MOST_SIGMA,
    TimeParameters,
    expected_seconds,
    normal_quantile,
    variance_seconds,
)


@dataclass(frozen=True)
class FormTime:
    """Mean and sd of the total seconds of a form, its distribution taken as lognormal (Fenton 1960)."""

    mean: float
    sd: float

    def quantile(self, part: float) -> float:
        """The seconds within which this part of such persons finish."""
        return self.mean * _quantile_ratio(self.sd / self.mean, normal_quantile(part))


def form_time(parameters: TimeParameters, tau: float = 0.0, sd: float = 0.0) -> FormTime:
    """Total time of a form of exactly these items for a person whose speed is N(tau, sd^2).

    At a given speed the items' times are independent, so the total's mean is exp(-tau) sum q and its variance
    exp(-2 tau) sum r, with q and r from alpha and beta alone: two forms are equally speeded for everybody when
    both sums agree (van der Linden 2011, Journal of Educational Measurement 48, 44-60). A speed that is
    itself uncertain adds its variance, because it moves all items together.
    """
    if len(parameters) == 0:
        raise ValueError("a form needs at least one item")
    if not 0 <= sd <= MOST_SIGMA:
        raise ValueError(f"the sd of a speed must lie in 0 .. {MOST_SIGMA}")
    mean = float(expected_seconds(parameters, tau).sum())
    variance = float(variance_seconds(parameters, tau).sum())
    spread = math.expm1(sd**2)
    total = math.exp(sd**2) * (math.exp(sd**2) * variance + spread * mean**2)
    return FormTime(mean * math.exp(0.5 * sd**2), math.sqrt(total))


def time_budget(
    parameters: TimeParameters, limit: float, length: int, tau: float, coverage: float = 0.95
) -> TimeBudget:
    """The budget under which persons of speed `tau` finish any chosen test within `limit` with this probability.

    Parameters
    ----------
    parameters : TimeParameters
        Of the pool (n_items,).
    limit : float
        Seconds; during a test those left.
    length : int
        Items the test has; during a test those left.
    tau : float
        A low speed: `parameters.speed_at(.05)` before the test, `speed.at(.05)` of the candidate during it (van der
        Linden 2009, Applied Psychological Measurement 33, 25-41).
    coverage : float
        At least .5.

    Raises
    ------
    ValueError
        When the limit leaves no budget at all for a test of such items.

    Notes
    -----
    The total's quantile is m + k sqrt(v), with m and v sums over items. The square root lies below its tangent at
    the variance v0 of a test of average items, so m + k (v / sqrt(v0) + sqrt(v0)) / 2 <= limit is linear in the
    items and suffices; it is exact for tests as variable as average ones. k is the lognormal's at v0 (a test much
    more variable than that has a k that is larger by second order in its coefficient of variation).
    One budget for all gives every candidate a test that is as little speeded (van der Linden 2011, ibid.;
    van der Linden, Scrams & Schnipke 1999, Applied Psychological Measurement 23, 195-210).
    """
    _check(parameters, limit, length, coverage)
    means = expected_seconds(parameters, tau)
    variances = variance_seconds(parameters, tau)
    typical_mean = length * float(means.mean())
    typical_sd = math.sqrt(length * float(variances.mean()))
    ratio = typical_sd / typical_mean
    k = (_quantile_ratio(ratio, normal_quantile(coverage)) - 1.0) / ratio
    k = max(k, 0.0)  # the median of a lognormal lies below its mean: no allowance is needed there
    budget = limit - 0.5 * k * typical_sd
    if budget <= 0:
        raise ValueError(f"a limit of {limit:g} seconds leaves no time for {length} items")
    return TimeBudget(budget, means + 0.5 * k * variances / typical_sd)


def _quantile_ratio(variation: float, z: float) -> float:
    """Quantile over mean of the lognormal with this coefficient of variation."""
    log_variance = math.log1p(variation**2)
    return math.exp(z * math.sqrt(log_variance) - 0.5 * log_variance)


def _check(parameters: TimeParameters, limit: float, length: int, coverage: float) -> None:
    if not (math.isfinite(limit) and limit > 0):
        raise ValueError("a time limit must be a positive number of seconds")
    if type(length) is not int or length < 1 or len(parameters) == 0:
        raise ValueError("a test needs at least one item, and its length is a whole number")
    if not 0.5 <= coverage < 1:
        raise ValueError("the coverage must lie in .5 .. 1")
