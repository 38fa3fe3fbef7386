"""Classical item statistics: difficulty, discrimination and coefficient alpha, with items missing by design.

What candidates chose instead of the key is told by `distractors`.
"""

import math
from dataclasses import dataclass

import numpy as np
from scipy.stats import f

from irt._responses import Matrix, Responses, Weights
from irt.arrays import Bools, Floats


@dataclass(frozen=True)
class Alpha:
    """Coefficient alpha with its interval and the standard error of measurement of the total score.

    All nan where two items were seen together by nobody or the total does not vary.
    """

    alpha: float
    lower: float
    upper: float
    sem: float


@dataclass(frozen=True, eq=False)
class Classical:
    """Classical statistics of each item, every field (n_items,) but `alpha`.

    Attributes
    ----------
    n : persons who saw the item
    mean, sd : of the score
    p : mean as a part of the maximum score, the p value of an item of one mark
    item_total : correlation with the part of the maximum earned on all items seen (point-biserial if 0/1)
    item_rest : the same without the item itself (corrected)
    alpha_if_deleted : alpha of the other items
    alpha : Alpha of the whole test
    is_constant : bool; everybody scored the same, so the correlations are nan
    """

    n: Floats
    mean: Floats
    sd: Floats
    p: Floats
    item_total: Floats
    item_rest: Floats
    alpha_if_deleted: Floats
    alpha: Alpha
    is_constant: Bools


def classical(x: Matrix, weights: Weights = None, confidence: float = 0.95) -> Classical:
    """Classical statistics of the items.

    Parameters
    ----------
    x : (n_persons, n_items)
        Scores 0, 1, .. with nan where an item was not seen.
    weights : (n_persons,), optional
        How many persons each row stands for.
    confidence : float
        Of the interval of alpha.

    Notes
    -----
    Totals are parts of the maximum on the items seen, which says little when an adaptive test gives everybody
    items near their level: correlate with theta there (`distractors.distractors` takes it).

    References
    ----------
    Lord & Novick (1968), ch. 15. Alpha: Cronbach (1951); its interval: Feldt (1965), Psychometrika 30, 357-370.
    """
    if not 0 < confidence < 1:
        raise ValueError("confidence must lie between 0 and 1")
    data = Responses.of(x, weights)
    n = data.weights @ data.seen
    mean = data.weights @ data.filled / n
    variance, total, rest = (np.empty(data.n_items) for _ in range(3))
    whole = total_score(data)
    for item in range(data.n_items):
        mass = data.weights * data.seen[:, item]
        variance[item] = mass @ np.where(data.seen[:, item], data.x[:, item] - mean[item], 0.0) ** 2 / n[item]
        total[item] = weighted_correlation(data.x[:, item], whole, mass)
        rest[item] = weighted_correlation(data.x[:, item], total_score(data, without=item), mass)
    covariance = _covariance(data)
    return Classical(
        n=n,
        mean=mean,
        sd=np.sqrt(variance),
        p=mean / data.max_scores,
        item_total=total,
        item_rest=rest,
        alpha_if_deleted=_alphas_without_one(covariance),
        alpha=_alpha(covariance, data, confidence),
        is_constant=variance <= 0,
    )


def total_score(data: Responses, without: int | None = None) -> Floats:
    """The part of the maximum each person earned on the items seen, nan where there is none, (n_persons,)."""
    earned, possible = data.earned, data.possible
    if without is not None:
        earned = earned - data.filled[:, without]
        possible = possible - data.seen[:, without] * data.max_scores[without]
    part: Floats = np.divide(earned, possible, out=np.full(earned.shape, np.nan), where=possible > 0)
    return part


def weighted_correlation(u: Floats, v: Floats, weights: Floats) -> float:
    """Pearson correlation over the persons of positive weight with both values; nan if one does not vary."""
    both = (weights > 0) & ~np.isnan(u) & ~np.isnan(v)
    u, v, mass = u[both], v[both], weights[both]
    if mass.size < 2 or np.ptp(u) == 0 or np.ptp(v) == 0:
        return math.nan
    u, v = u - np.average(u, weights=mass), v - np.average(v, weights=mass)
    r = float((mass * u) @ v) / math.sqrt(float(mass @ u**2) * float(mass @ v**2))
    return min(max(r, -1.0), 1.0)


def _covariance(data: Responses) -> Floats:
    """Covariance of each pair of items over those who saw both, nan where fewer than two did."""
    x, seen = data.filled, data.seen.astype(np.float64)
    weighted_seen = data.weights[:, None] * seen
    n = seen.T @ weighted_seen
    sums = x.T @ weighted_seen  # of the row's item over those who saw the column's as well
    products = x.T @ (data.weights[:, None] * x)
    n = np.where(n >= 2, n, np.nan)
    covariance: Floats = (products - sums * sums.T / n) / (n - 1)
    return covariance


def _alpha(covariance: Floats, data: Responses, confidence: float) -> Alpha:
    n_items, total = covariance.shape[0], float(covariance.sum())
    alpha = _coefficient(n_items, float(np.trace(covariance)), total)
    # The fewest persons any pair has: the interval is then rather too wide than too narrow.
    seen = data.seen.astype(np.float64)
    n = float((seen.T @ (data.weights[:, None] * seen)).min())
    if math.isnan(alpha) or n < 2:
        return Alpha(math.nan, math.nan, math.nan, math.nan)
    tail = (1 - confidence) / 2
    high, low = f.isf([tail, 1 - tail], n - 1, (n - 1) * (n_items - 1))
    sem = math.sqrt(max(total * (1 - alpha), 0.0))
    return Alpha(alpha, float(1 - (1 - alpha) * high), float(1 - (1 - alpha) * low), sem)


def _alphas_without_one(covariance: Floats) -> Floats:
    alphas = np.empty(covariance.shape[0])
    for item in range(alphas.size):
        others = np.delete(np.delete(covariance, item, axis=0), item, axis=1)
        alphas[item] = _coefficient(alphas.size - 1, float(np.trace(others)), float(others.sum()))
    return alphas


def _coefficient(n_items: int, trace: float, total: float) -> float:
    """Alpha from the sum of the variances and the variance of the sum; nan where it does not exist."""
    if n_items < 2 or not total > 0:
        return math.nan
    return n_items / (n_items - 1) * (1 - trace / total)
