"""Whether a person's answers go together under the model: lz and lz* for fixed forms, CUSUM for adaptive tests.

A flag is a question to a human; what follows from it is not decided here.
"""

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt
from scipy.special import ndtr

from irt.arrays import Bools, Floats, Ints, item_indices, score_matrix
from irt.mixed import ItemSet, expected_score, info, info_slope_term, log_prob, log_prob_slope

Method = Literal["mle", "wle", "map"]

_OFF = 0.02  # steps to the root, in standard errors, that no estimate rounded to two places comes to
_LEAST_VARIANCE = 1e-8
_CELLS_A_CHUNK = 2_000_000


@dataclass(frozen=True, eq=False)
class PersonFit:
    """Standardised log-likelihoods, low where answers are unlikely for such a person.

    Attributes
    ----------
    lz : (n_persons,)
        As if theta were known: its variance is below 1, so it flags too few.
    lz_star : (n_persons,)
        Corrected for theta being estimated; near N(0, 1). nan where it is not defined: no answers, or a theta that
        is not the estimate of the stated method, such as a bound after all right.
    p : (n_persons,)
        Lower tail of lz_star: small for misfit.
    n_answers : (n_persons,)
    """

    lz: Floats
    lz_star: Floats
    p: Floats
    n_answers: Ints


@dataclass(frozen=True, eq=False)
class Cusum:
    """Cumulative sums of residuals in the order of the test.

    Attributes
    ----------
    above, below : (n_persons, length)
        C+ and C- after each step; constant where nothing was scored.
    highest, lowest : (n_persons,)
        Extremes of either: a run of answers better, or worse, than expected.
    """

    above: Floats
    below: Floats
    highest: Floats
    lowest: Floats


def person_fit(
    theta: npt.ArrayLike,
    items: ItemSet,
    x: npt.ArrayLike,
    method: Method,
    prior: tuple[float, float] = (0.0, 1.0),
) -> PersonFit:
    """lz and lz* of each person, for any mixture of dichotomous and ordered items.

    Parameters
    ----------
    theta : (n_persons,)
        Estimates by `method` from these very answers. nan: no estimate, and no statistics.
    items : ItemSet
    x : (n_persons, n_items)
        Categories 0 .. m - 1, nan = not seen.
    method : mle, wle or map
        lz* exists for estimators that are the root of r0 + sum of scores, so not for the EAP: give the MAP.
    prior : (mean, sd)
        Normal prior of the MAP.

    Raises
    ------
    ValueError
        For shapes that do not agree and for categories an item does not have.

    Notes
    -----
    With l the log-likelihood, s_i the score function of item i and c = sum Cov(log P_i, s_i) / sum I_i,
    lz* = (l - E l + c r0) / sqrt(sum Var(log P_i - c s_i)); r0 is 0 for MLE, J / (2 I) for WLE, (mean - theta) / sd^2
    for MAP. Its approach to the normal is slower in the tails than in the middle.
    Do not read it as normal after an adaptive test: items chosen to fit the person leave little variance, and
    lz and lz* are known to be far from N(0, 1) there (van Krimpen-Stoop & Meijer 1999, Applied Psychological
    Measurement 23, 327-345). Use `cusum` for those.

    References
    ----------
    Drasgow, Levine & Williams (1985), British Journal of Mathematical and Statistical Psychology 38, 67-86, for lz;
    Snijders (2001), Psychometrika 66, 331-342; Sinharay (2016), Psychometrika 81, 992-1013, for ordered items.
    """
    points, answers = _checked(theta, items, x)
    if method not in ("mle", "wle", "map"):
        raise ValueError("lz* is defined for the estimates mle, wle and map")
    if not (math.isfinite(prior[0]) and 0 < prior[1] < math.inf):
        raise ValueError("a prior needs a mean and a positive sd")
    rows = max(1, _CELLS_A_CHUNK // max(1, answers.shape[1] * int(np.max(items.n_categories, initial=2))))
    both = np.full((2, points.size), np.nan)
    known = np.flatnonzero(np.isfinite(points))
    for start in range(0, known.size, rows):
        part = known[start : start + rows]
        both[:, part] = _fit(points[part], items, answers[part], method, prior)
    n_answers = np.count_nonzero(~np.isnan(answers), axis=1)
    return PersonFit(both[0], both[1], ndtr(both[1]), n_answers)


def cusum(theta: npt.ArrayLike, items: ItemSet, indices: npt.ArrayLike, scores: npt.ArrayLike) -> Cusum:
    """CUSUM of each person's residuals, part of the maximum score, over the length of the test.

    Parameters
    ----------
    theta : (n_persons,) or (n_persons, length)
        The final estimate, or the one before each step.
    items : ItemSet
        The pool.
    indices : (n_persons, length)
        Items in step order, -1 after the end.
    scores : (n_persons, length)
        0 .. m - 1, nan = not scored.

    Notes
    -----
    T = (x - E x) / (m - 1) / number of answers; C+ = max(0, C+ + T), C- = min(0, C- + T). Neither has a known
    distribution: compare with `cusum_limits` from candidates simulated under the same pool and rules.

    References
    ----------
    van Krimpen-Stoop & Meijer (2000), in van der Linden & Glas, Computerized Adaptive Testing, 201-219; (2002),
    Applied Psychological Measurement 26, 164-180, for ordered items.
    """
    order, answers = np.asarray(indices), score_matrix(scores).astype(np.float64)
    thetas = np.asarray(theta, dtype=np.float64)
    _check_order(order, answers, thetas, len(items))
    residual = np.zeros(answers.shape)
    for person, (places, given) in enumerate(zip(order, answers, strict=True)):
        scored = np.flatnonzero((places >= 0) & ~np.isnan(given))
        if scored.size:
            residual[person, scored] = _residuals(thetas[person], items, places, given, scored)
    above, below = np.zeros(answers.shape), np.zeros(answers.shape)
    up, down = np.zeros(answers.shape[0]), np.zeros(answers.shape[0])
    for step in range(answers.shape[1]):
        above[:, step] = up = np.maximum(0.0, up + residual[:, step])
        below[:, step] = down = np.minimum(0.0, down + residual[:, step])
    return Cusum(above, below, above.max(axis=1, initial=0.0), below.min(axis=1, initial=0.0))


def cusum_limits(under_model: Cusum, rate: float = 0.05) -> tuple[float, float]:
    """Lower and upper limit that together this part of candidates simulated under the model exceed."""
    if not 0 < rate < 1:
        raise ValueError("a rate of false alarms must lie strictly between 0 and 1")
    if under_model.highest.size < 2 / rate:
        raise ValueError(
            f"limits at a rate of {rate:g} need at least {math.ceil(2 / rate)} simulated candidates"
        )
    lower = float(np.quantile(under_model.lowest, rate / 2))
    return lower, float(np.quantile(under_model.highest, 1 - rate / 2))


def cusum_flags(sums: Cusum, limits: tuple[float, float]) -> Bools:
    """Who exceeds either limit, (n_persons,) of bool."""
    if not limits[0] <= limits[1]:  # nan is not
        raise ValueError("limits are the lower one and the upper one, as of cusum_limits")
    flagged: Bools = (sums.lowest < limits[0]) | (sums.highest > limits[1])
    return flagged


def _fit(
    points: Floats, items: ItemSet, answers: Floats, method: Method, prior: tuple[float, float]
) -> tuple[Floats, Floats]:
    """lz and lz* of persons who all have a theta, each (n_persons,)."""
    seen = ~np.isnan(answers)
    logs, slopes = log_prob(points, items), log_prob_slope(points, items)
    p = np.exp(logs)
    logs = np.where(np.isneginf(logs), 0.0, logs)  # of absent categories, whose weight p is zero
    mean = (p * logs).sum(axis=2)
    covariance = ((p * slopes * logs).sum(axis=2) * seen).sum(axis=1)
    each = (info(points, items) * seen, info_slope_term(points, items) * seen)
    information, warm = each[0].sum(axis=1), each[1].sum(axis=1)
    category = np.where(seen, answers, 0.0).astype(np.intp)[..., None]
    taken = np.take_along_axis(logs, category, axis=2)[..., 0] - mean
    excess = (taken * seen).sum(axis=1)
    score = (np.take_along_axis(slopes, category, axis=2)[..., 0] * seen).sum(axis=1)
    c = _ratio(covariance, information)
    plain = ((p * (logs - mean[..., None]) ** 2).sum(axis=2) * seen).sum(axis=1)
    free = logs - mean[..., None] - c[:, None, None] * slopes
    corrected = ((p * free**2).sum(axis=2) * seen).sum(axis=1)
    r0, precision = _estimating(points, information, warm, method, prior)
    off = np.abs(score + r0) / np.sqrt(np.maximum(precision, np.finfo(np.float64).tiny))
    lz_star = _ratio(excess + c * r0, np.sqrt(corrected), _LEAST_VARIANCE)
    return _ratio(excess, np.sqrt(plain), _LEAST_VARIANCE), np.where(off <= _OFF, lz_star, np.nan)


def _estimating(
    points: Floats, information: Floats, warm: Floats, method: Method, prior: tuple[float, float]
) -> tuple[Floats, Floats]:
    """r0 of the estimating equation r0 + sum of scores = 0, and its precision, each (n_persons,)."""
    if method == "mle":
        return np.zeros_like(points), information
    if method == "wle":
        return np.nan_to_num(_ratio(warm, 2 * information)), information
    return (prior[0] - points) / prior[1] ** 2, information + prior[1] ** -2


def _ratio(over: Floats, under: Floats, least: float = 0.0) -> Floats:
    """over / under, and nan where `under` is not above `least`."""
    quotient: Floats = np.divide(over, under, out=np.full(over.shape, np.nan), where=under > least)
    return quotient


def _residuals(theta: Floats, items: ItemSet, places: Ints, given: Floats, scored: Ints) -> Floats:
    """The residuals of one person's scored steps, each as part of the maximum, over their number."""
    administered = items.take(item_indices(places[scored], len(items)))
    most = administered.n_categories - 1
    x = given[scored]
    if not ((x >= 0) & (x <= most) & (x == np.floor(x))).all():
        raise ValueError("a score is not among its item's categories")
    if theta.ndim == 0:
        expected = expected_score(float(theta), administered)[0]
    else:
        expected = np.diagonal(expected_score(theta[scored], administered))
    residual: Floats = (x - expected) / most / scored.size
    return residual


def _checked(theta: npt.ArrayLike, items: ItemSet, x: npt.ArrayLike) -> tuple[Floats, Floats]:
    points = np.array(theta, dtype=np.float64)
    answers: Floats = score_matrix(x).astype(np.float64)
    if answers.shape[1] != len(items) or points.shape != answers.shape[:1]:
        raise ValueError("theta (n_persons,) and x (n_persons, n_items) must speak of the same test")
    seen = ~np.isnan(answers)
    if not ((answers >= 0) & (answers < items.n_categories) | ~seen).all():
        raise ValueError("an answer is not among its item's categories")
    if np.isinf(points).any():
        raise ValueError("theta must be finite, or nan where there is no estimate")
    points[~seen.any(axis=1)] = np.nan
    return points, answers


def _check_order(order: npt.NDArray[np.integer], answers: Floats, thetas: Floats, n_items: int) -> None:
    if order.ndim != 2 or order.shape != answers.shape or (order.size and order.dtype.kind not in "iu"):
        raise ValueError("indices and scores must be (n_persons, length), indices whole numbers")
    if order.size and not -1 <= order.min() <= order.max() < n_items:
        raise ValueError(f"item indices must lie in 0 .. {n_items - 1}, or be -1 after the end")
    if thetas.shape not in (answers.shape, answers.shape[:1]) or not np.isfinite(thetas).all():
        raise ValueError("theta must be finite, one for each person or for each step")
