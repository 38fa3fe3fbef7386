"""Times that are out of place: too fast, too slow, per response, per person and per item.

A flag is a question to a human; what follows from it is not decided here.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.special import chdtrc, ndtr

from irt.arrays import Bools, Floats, frozen_floats
from irt.response_times.model import TimeParameters, log_seconds, posterior_speed

_MOST_LOOKS = 8


@dataclass(frozen=True, eq=False)
class TimeFlags:
    """Residual times and what is out of place among them, at a false discovery rate controlled in each family.

    Attributes
    ----------
    z : (n_persons, n_items)
        How much longer the log time was than predicted from the person's other times that are in place, in sds;
        nan = not timed.
    too_fast, too_slow : (n_persons, n_items) of bool
        Two families, over all responses.
    person_chi2, person_p : (n_persons,)
        Misfit of a person's times to one constant speed; nan below two times.
    person_flag : (n_persons,) of bool
    item_shift, item_p : (n_items,)
        Mean z of the item with its two-sided p-value: below 0 the item has become faster, as when it is known.
    item_flag : (n_items,) of bool
    """

    z: Floats
    too_fast: Bools
    too_slow: Bools
    person_chi2: Floats
    person_p: Floats
    person_flag: Bools
    item_shift: Floats
    item_p: Floats
    item_flag: Bools


def flag_times(parameters: TimeParameters, seconds: npt.ArrayLike, rate: float = 0.05) -> TimeFlags:
    """Residuals of seconds (n_persons, n_items), and the flags at this false discovery rate.

    Notes
    -----
    z: given the other times of a person, speed is normal with mean tau' and precision P', so log t is
    N(beta - tau', 1 / alpha^2 + 1 / P') and z is standard normal exactly (van der Linden & Guo 2008,
    Psychometrika 73, 365-384, with the times alone as predictor).
    Times out of place would pull tau' with them: rapid guesses make honest times look slow, a known item all
    others. So times and items once flagged predict no others (of the items the most shifted first), and all are
    looked at again until the flags stay.
    A person of odd times throughout can still hide them: look at person_chi2 too, which is
    sum alpha^2 (log t - beta + tau)^2 at the speed that makes it smallest, chi-square on n - 1 whatever the speed
    (Sinharay 2018, Journal of Educational Measurement 55, 457-476).
    Parameters must be those of an earlier calibration: those fitted to the same data make item_shift vanish. The
    mean speed of a cohort enters it by the small part that the prior weighs.
    Families of p-values are cut by Benjamini & Hochberg (1995), Journal of the Royal Statistical Society B 57.
    """
    if not 0 < rate < 1:
        raise ValueError("a false discovery rate must lie strictly between 0 and 1")
    residual = log_seconds(seconds, len(parameters)) - parameters.beta
    look = _settled(parameters, residual, rate)
    chi2, p_person = _person_misfit(parameters, residual)
    return TimeFlags(
        look.z,
        look.too_fast,
        look.too_slow,
        chi2,
        p_person,
        discoveries(p_person, rate),
        look.item_shift,
        look.item_p,
        look.item_flag,
    )


def rapid_thresholds(mean_seconds: npt.ArrayLike, part: float = 0.10, most: float = 10.0) -> Floats:
    """Seconds below which an answer was no attempt: a part of the item's mean time, never above `most`.

    The normative threshold method at 10 % (Wise & Ma 2012, NCME); means as observed, or `expected_seconds`
    for a person drawn from the population.
    """
    means = frozen_floats(mean_seconds, "mean_seconds")
    if not (means > 0).all():
        raise ValueError("mean seconds must be positive")
    if not (0 < part < 1 and most > 0):
        raise ValueError("the part must lie strictly between 0 and 1, and the most be positive")
    thresholds: Floats = np.minimum(part * means, most)
    return thresholds


def rapid_guesses(seconds: npt.ArrayLike, thresholds: Floats) -> tuple[Bools, Floats]:
    """Responses faster than their item's threshold, (n_persons, n_items), and each person's effort (n_persons,).

    Effort is the part of the timed responses that are no rapid guesses, nan without any (Wise & Kong 2005,
    Applied Measurement in Education 18, 163-183).
    """
    limits = frozen_floats(thresholds, "thresholds")
    if (limits < 0).any():
        raise ValueError("thresholds must not be negative; 0 is none")
    logs = log_seconds(seconds, limits.size)
    with np.errstate(divide="ignore"):
        rapid: Bools = logs < np.log(limits)
    n_times = np.count_nonzero(~np.isnan(logs), axis=1)
    spoilt = np.full(n_times.shape, np.nan)
    np.divide(rapid.sum(axis=1), n_times, out=spoilt, where=n_times > 0)
    return rapid, 1.0 - spoilt


def discoveries(p: Floats, rate: float) -> Bools:
    """Which p-values (any shape, nan = no test) are discoveries at this rate (Benjamini & Hochberg 1995)."""
    given = ~np.isnan(p)
    ordered = np.sort(p[given])
    passing = np.flatnonzero(ordered <= rate * np.arange(1, ordered.size + 1) / max(ordered.size, 1))
    cut = float(ordered[passing[-1]]) if passing.size else -1.0
    found: Bools = given & (np.where(given, p, 2.0) <= cut)
    return found


@dataclass(frozen=True, eq=False)
class _Look:
    """Responses and items judged by z."""

    z: Floats
    too_fast: Bools
    too_slow: Bools
    item_shift: Floats
    item_p: Floats
    item_flag: Bools

    @classmethod
    def at(cls, z: Floats, rate: float) -> "_Look":
        n_times = np.count_nonzero(~np.isnan(z), axis=0)
        shift = np.full(n_times.shape, np.nan)
        np.divide(np.nansum(z, axis=0), n_times, out=shift, where=n_times > 0)
        p = 2 * ndtr(-np.abs(shift) * np.sqrt(n_times))
        return cls(z, discoveries(ndtr(z), rate), discoveries(ndtr(-z), rate), shift, p, discoveries(p, rate))

    def odd_items(self, already: Bools) -> Bools:
        """The items to trust no more: those of before still flagged, and of the others the most shifted ones.

        Never more than half, or nothing would be left to predict from.
        """
        odd: Bools = already & self.item_flag
        size = np.where(self.item_flag & ~odd, np.abs(self.item_shift), 0.0)
        worst = (size > 0) & (size >= 0.5 * size.max(initial=0.0))
        both: Bools = odd | worst
        return both if 2 * np.count_nonzero(both) <= both.size else odd


def _settled(parameters: TimeParameters, residual: Floats, rate: float) -> _Look:
    """The look at which the flags stay, what is flagged not used to predict others."""
    flagged = np.zeros(residual.shape, dtype=np.bool_)
    odd = np.zeros(residual.shape[1], dtype=np.bool_)
    for _ in range(_MOST_LOOKS):
        look = _Look.at(_predictive(parameters, residual, ~(flagged | odd)), rate)
        now, odd_now = look.too_fast | look.too_slow, look.odd_items(odd)
        if np.array_equal(now, flagged) and np.array_equal(odd_now, odd):
            break
        flagged, odd = now, odd_now
    return look


def _predictive(parameters: TimeParameters, residual: Floats, trusted: Bools) -> Floats:
    """z of each time given the person's other trusted times, its own term taken out of the posterior of speed."""
    weight = parameters.alpha**2
    tau, precision = posterior_speed(parameters, np.where(trusted, residual, np.nan))
    own = np.where(trusted, weight, 0.0)
    others = np.maximum(precision[:, None] - own, parameters.sigma**-2)
    tau_others = (precision[:, None] * tau[:, None] + own * residual) / others
    z: Floats = (residual + tau_others) / np.sqrt(1.0 / weight + 1.0 / others)
    return z


def _person_misfit(parameters: TimeParameters, residual: Floats) -> tuple[Floats, Floats]:
    """Chi-square of each person's times about one speed, and its p-value; nan below two times."""
    weight = np.where(np.isnan(residual), 0.0, parameters.alpha**2)
    known = np.nan_to_num(residual)
    n_times = np.count_nonzero(weight, axis=1)
    tested = n_times > 1
    chi2 = np.full(n_times.shape, np.nan)
    level = (weight * known).sum(axis=1)[tested] / weight.sum(axis=1)[tested]
    chi2[tested] = (weight[tested] * (known[tested] - level[:, None]) ** 2).sum(axis=1)
    p: Floats = np.asarray(chdtrc(np.maximum(n_times - 1, 1), chi2))
    return chi2, p
