"""M2: does the model as a whole reproduce the means and the pairs of items? For complete data."""

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np
from scipy.linalg import LinAlgError, cho_factor, cho_solve, null_space
from scipy.special import chndtrinc
from scipy.stats import chi2

from irt._responses import Matrix, Responses, Weights, refuse
from irt.ability import Grid
from irt.arrays import Floats, Ints
from irt.fit._gradients import expected_score_gradients
from irt.mixed import ItemSet, log_prob

MAX_ITEMS = 100  # 5,050 margins, whose covariance matrix takes 200 MB
LEAST_PERSONS = 50
_LEAST_VARIANCE = 1e-9
Estimated = Literal["items", "equal_slopes", "nothing"]


@dataclass(frozen=True)
class M2:
    """The statistic with its degrees of freedom, p value and RMSEA with its interval of 90 %.

    p and the RMSEA are nan where no degree of freedom is left, and below LEAST_PERSONS, where chi-square is no guide.
    """

    statistic: float
    df: int
    p: float
    rmsea: float
    rmsea_lower: float
    rmsea_upper: float


@dataclass(frozen=True, eq=False)
class _Moments:
    """Conditional mean and variance of each item at the nodes (n_nodes, n_items), and who pairs with whom."""

    mass: Floats
    mean: Floats
    variance: Floats
    first: Ints
    second: Ints

    @property
    def margins(self) -> Floats:
        """E[x_i | theta], then E[x_i x_j | theta] for i < j, (n_nodes, n_margins)."""
        return np.hstack([self.mean, self.mean[:, self.first] * self.mean[:, self.second]])


def m2(
    x: Matrix,
    items: ItemSet,
    grid: Grid | None = None,
    estimated: Estimated = "items",
    *,
    weights: Weights = None,
) -> M2:
    """M2 of the model; with more than two categories M2*, of the mean scores and mean products of scores.

    Parameters
    ----------
    x : (n_persons, n_items)
        Scores, complete; at most MAX_ITEMS items.
    items, grid
        The parameters, and the nodes with the population they were calibrated to.
    estimated
        What was estimated from these same data: all parameters the items have, all with one slope in common (1PL;
        also the Rasch model with a free variance), or nothing.

    References
    ----------
    Maydeu-Olivares & Joe (2006), Psychometrika 71, 713-732; Cai & Hansen (2013), British Journal of Mathematical and
    Statistical Psychology 66, 245-276, for M2*; Browne & Cudeck (1992) for the interval.
    """
    if estimated not in ("items", "equal_slopes", "nothing"):
        raise ValueError(f"unknown estimated {estimated!r}")
    data = Responses.of(x, weights, items.n_categories)
    if not data.is_complete:
        raise ValueError("M2 needs complete data")
    if not 3 <= data.n_items <= MAX_ITEMS:
        raise ValueError(f"M2 needs 3 to {MAX_ITEMS} items")
    if estimated != "nothing":
        refuse("whose parameters these data cannot give, for all scored the same", np.ptp(_counted(data), axis=0) == 0)
    moments = _moments(items, grid or Grid())
    spread = moments.mass @ (moments.variance + (moments.mean - moments.mass @ moments.mean) ** 2)
    refuse("whose answer is certain under the model", spread < _LEAST_VARIANCE)
    residual = _observed(data, moments) - moments.mass @ moments.margins
    unaffected = null_space(_jacobian(items, grid or Grid(), moments, estimated).T)
    df = unaffected.shape[1]
    if df == 0:
        return M2(0.0, 0, math.nan, math.nan, math.nan, math.nan)
    # Only what no parameter can mend: e' K (K' Xi K)^-1 K' e equals the quadratic form of the paper.
    part = unaffected.T @ residual
    covariance = unaffected.T @ _covariance(moments) @ unaffected
    try:
        statistic = data.n_persons * float(part @ cho_solve(cho_factor(covariance), part))
    except LinAlgError:
        raise ValueError("the model makes some margins functions of others, so M2 does not exist") from None
    if data.n_persons < LEAST_PERSONS:
        return M2(statistic, df, math.nan, math.nan, math.nan, math.nan)
    return M2(statistic, df, float(chi2.sf(statistic, df)), *_rmsea(statistic, df, data.n_persons))


def _counted(data: Responses) -> Floats:
    """The scores of the rows that stand for somebody."""
    return data.x[data.weights > 0]


def _rmsea(statistic: float, df: int, n_persons: float) -> tuple[float, float, float]:
    """The root mean square error of approximation and the ends of its 90 % interval."""
    # Of the noncentral chi-square whose quantile at .95 (.05) the statistic is; zero if even the central lies beyond.
    low, high = (
        float(chndtrinc(statistic, df, tail)) if chi2.cdf(statistic, df) > tail else 0.0 for tail in (0.95, 0.05)
    )
    room = df * max(n_persons - 1, 1)
    return math.sqrt(max(statistic - df, 0.0) / room), math.sqrt(low / room), math.sqrt(high / room)


def _moments(items: ItemSet, grid: Grid) -> _Moments:
    p = np.exp(log_prob(grid.nodes, items))
    k = np.arange(p.shape[2], dtype=np.float64)
    mean = p @ k
    variance = (p * (k - mean[..., None]) ** 2).sum(axis=2)
    first, second = np.triu_indices(len(items), 1)
    return _Moments(np.exp(grid.log_prior), mean, variance, first, second)


def _observed(data: Responses, moments: _Moments) -> Floats:
    products = data.x.T @ (data.weights[:, None] * data.x)
    sums = np.concatenate([data.weights @ data.x, products[moments.first, moments.second]])
    observed: Floats = sums / data.n_persons
    return observed


def _jacobian(items: ItemSet, grid: Grid, moments: _Moments, estimated: Estimated) -> Floats:
    """Derivatives of the expected margins with respect to what was estimated, (n_margins, n_params)."""
    if estimated == "nothing":
        return np.zeros((moments.margins.shape[1], 1))
    n_items = len(items)
    columns, is_slope = [], []
    for item, gradients in enumerate(expected_score_gradients(grid.nodes, items)):
        partner = np.where(moments.first == item, moments.second, moments.first)
        with_item = (moments.first == item) | (moments.second == item)
        weighted = gradients * moments.mass
        column = np.zeros((gradients.shape[0], n_items + partner.size))
        column[:, item] = weighted.sum(axis=1)
        column[:, n_items:][:, with_item] = weighted @ moments.mean[:, partner[with_item]]
        columns.append(column)
        is_slope += [True] + [False] * (gradients.shape[0] - 1)
    jacobian = np.vstack(columns)
    if estimated == "equal_slopes":
        slopes = np.array(is_slope)
        jacobian = np.vstack([jacobian[slopes].sum(axis=0), jacobian[~slopes]])
    return jacobian.T


def _covariance(moments: _Moments) -> Floats:
    """Covariance matrix of one person's margins under the model, (n_margins, n_margins).

    That of the conditional expectations, and the mean of the conditional covariances, which vanish but for margins
    with an item in common: Var(x_i) m_j m_k for x_i x_j and x_i x_k, and Var(x_i) Var(x_j) more for a pair with itself.
    """
    mass, mean, variance = moments.mass, moments.mean, moments.variance
    n_items = mean.shape[1]
    centred = moments.margins - mass @ moments.margins
    covariance: Floats = centred.T @ (mass[:, None] * centred)
    for item in range(n_items):
        pairs = np.flatnonzero((moments.first == item) | (moments.second == item))
        partner = np.where(moments.first == item, moments.second, moments.first)[pairs]
        others = np.hstack([np.ones((mass.size, 1)), mean[:, partner]])
        places = np.concatenate([[item], n_items + pairs])
        covariance[np.ix_(places, places)] += others.T @ ((mass * variance[:, item])[:, None] * others)
    pairs = np.arange(n_items, n_items + moments.first.size)
    covariance[pairs, pairs] += mass @ (variance[:, moments.first] * variance[:, moments.second])
    return covariance
