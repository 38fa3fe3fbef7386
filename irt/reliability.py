"""How precisely a test measures: information curves, marginal and empirical reliability.

How surely it grades is told by `classification`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from irt._responses import Weights, person_values, row_counts
from irt.ability import Grid
from irt.arrays import Floats, theta_points
from irt.mixed import ItemSet, expected_score, info
from irt.models import Theta

Method = Literal["eap", "ml"]
_MOST = 1e100  # whose square is still a number


@dataclass(frozen=True, eq=False)
class Curves:
    """What a form does at each theta, (n_theta,) where nothing else is said.

    Attributes
    ----------
    theta : where
    item_info : (n_theta, n_items)
        Fisher information of each item.
    test_info : their sum
    se : standard error of maximum likelihood, infinite where there is no information
    posterior_se : of an estimate that uses the population
    expected_score : expected sum score (test characteristic curve)
    reliability : part of the population's variance that the answers explain at this theta, 0 .. 1
    """

    theta: Floats
    item_info: Floats
    test_info: Floats
    se: Floats
    posterior_se: Floats
    expected_score: Floats
    reliability: Floats


@dataclass(frozen=True)
class Marginal:
    """Marginal reliability of a fixed form, of EAP scores and of maximum likelihood (below 0 if it hardly measures)."""

    eap: float
    ml: float


def curves(theta: Theta, items: ItemSet, grid: Grid | None = None) -> Curves:
    """Information, standard errors and expected score of a form, for a plot; the population's sd is the grid's.

    References
    ----------
    Lord (1980), ch. 5 and 6; Raju, Price, Oshima & Nering (2007), Applied Psychological Measurement 31, on conditional
    reliability.
    """
    if len(items) == 0:
        raise ValueError("a form needs at least one item")
    points = theta_points(theta)
    item_info = info(points, items)
    test_info = item_info.sum(axis=1)
    with np.errstate(divide="ignore"):
        se = test_info**-0.5
    precision = (grid or Grid()).sd ** -2.0
    return Curves(
        theta=points,
        item_info=item_info,
        test_info=test_info,
        se=se,
        posterior_se=(test_info + precision) ** -0.5,
        expected_score=expected_score(points, items).sum(axis=1),
        reliability=test_info / (test_info + precision),
    )


def marginal_reliability(items: ItemSet, grid: Grid | None = None) -> Marginal:
    """(var(theta) - mean error variance) / var(theta) of a fixed form over the grid's population.

    The error variance is 1 / I for maximum likelihood and 1 / (I + 1 / var(theta)) for EAP, both approximate.

    References
    ----------
    Green, Bock, Humphreys, Linn & Reckase (1984), Journal of Educational Measurement 21, 347-360.
    """
    population = grid or Grid()
    form = curves(population.nodes, items, population)
    mass = np.exp(population.log_prior)
    return Marginal(
        eap=float(1 - mass @ form.posterior_se**2 / population.sd**2),
        ml=float(1 - mass @ form.se**2 / population.sd**2),
    )


def empirical_reliability(
    theta: Sequence[float] | Floats, se: Sequence[float] | Floats, method: Method, weights: Weights = None
) -> float:
    """Reliability of the scores of these persons, also where each had items of their own.

    Parameters
    ----------
    theta, se : (n_persons,)
        Estimates and their standard errors; se > 0.
    method
        "eap": var / (var + mean se^2), since shrunken estimates vary less than theta does.
        "ml" (MLE, WLE): 1 - mean se^2 / var, since they vary more; below 0 if se were all there is.

    Returns
    -------
    float
        nan where the estimates of fewer than two persons are given or all are equal.

    References
    ----------
    Green et al. (1984) for "ml"; Bechger, Maris, Verstralen & Beguin (2003), Applied Psychological Measurement 27,
    319-334, for "eap".
    """
    if method not in ("eap", "ml"):
        raise ValueError(f"unknown method {method!r}")
    n_persons = np.size(theta)
    if n_persons == 0:
        raise ValueError("theta of at least one person is needed")
    estimates, errors = person_values(theta, n_persons, "theta"), person_values(se, n_persons, "se")
    if not (errors > 0).all():
        raise ValueError("se must be positive")
    if max(np.abs(estimates).max(), errors.max()) > _MOST:
        raise ValueError(f"theta and se must lie within {_MOST:g} of zero: leave out persons without an estimate")
    counts = row_counts(weights, n_persons)
    n = counts.sum()
    if n <= 1 or np.ptp(estimates[counts > 0]) == 0:
        return float("nan")
    variance = float(counts @ (estimates - counts @ estimates / n) ** 2) / (n - 1)
    error = float(counts @ errors**2) / n
    return float(variance / (variance + error) if method == "eap" else 1 - error / variance)
