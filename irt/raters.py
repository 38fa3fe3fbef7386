"""How people who mark the same work agree, and how severe each is. Arrays in, figures out."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from irt.arrays import Floats, Ints


@dataclass(frozen=True)
class Agreement:
    """Two marks of each of n works: the share equal, that at most one point apart, quadratic weighted kappa.

    `se` is the large-sample standard error of kappa; both are nan where the marks do not vary."""

    n: int
    exact: float
    adjacent: float
    kappa: float
    se: float
    counts: Ints


@dataclass(frozen=True)
class Severity:
    """How far each rater's marks lie above those of the others on the same works, with its standard error.

    They are zero on average; nan for a rater whose marks hang together with nobody's."""

    effect: Floats
    se: Floats
    n: Ints


def agreement(first: ArrayLike, second: ArrayLike, maximum: int) -> Agreement:
    """How two marks of each work agree, both whole numbers from 0 to `maximum`.

    Parameters
    ----------
    first, second : (n,) marks of the same works
    maximum : the most points there are

    References
    ----------
    Cohen (1968), Psychological Bulletin 70, 213-220; the standard error is that of Fleiss, Cohen and Everitt (1969),
    Psychological Bulletin 72, 323-327, formula 9.
    """
    one, other = np.asarray(first, dtype=np.int64), np.asarray(second, dtype=np.int64)
    if one.shape != other.shape or one.ndim != 1:
        raise ValueError("two marks of each work")
    if one.size and not (min(one.min(), other.min()) >= 0 and max(one.max(), other.max()) <= maximum):
        raise ValueError("marks from 0 to the maximum")
    n = int(one.size)
    counts = np.zeros((maximum + 1, maximum + 1), dtype=np.int64)
    np.add.at(counts, (one, other), 1)
    if not n:
        return Agreement(0, math.nan, math.nan, math.nan, math.nan, counts)
    apart = np.abs(one - other)
    kappa, se = _kappa(counts / n, n)
    return Agreement(n, float(np.mean(apart == 0)), float(np.mean(apart <= 1)), kappa, se, counts)


def _kappa(p: Floats, n: int) -> tuple[float, float]:
    """Quadratic weighted kappa of a table of shares, and its standard error."""
    k = len(p) - 1
    at = np.arange(k + 1)
    weight = 1.0 - ((at[:, None] - at[None, :]) / max(k, 1)) ** 2
    rows, columns = p.sum(axis=1), p.sum(axis=0)
    observed, chance = float((weight * p).sum()), float(rows @ weight @ columns)
    if 1.0 - chance < 1e-12:
        return math.nan, math.nan
    mean = (weight @ columns)[:, None] + (rows @ weight)[None, :]
    spread = float((p * (weight * (1.0 - chance) - mean * (1.0 - observed)) ** 2).sum())
    variance = (spread - (observed * chance - 2.0 * chance + observed) ** 2) / (n * (1.0 - chance) ** 4)
    return (observed - chance) / (1.0 - chance), math.sqrt(max(variance, 0.0))


def severity(work: ArrayLike, rater: ArrayLike, mark: ArrayLike, n_raters: int) -> Severity:
    """The effect of each rater in mark = work + rater + error, by least squares; effects sum to zero.

    Parameters
    ----------
    work, rater, mark : (n,) which work, who marked it (0 .. n_raters - 1), and the mark
    """
    works, raters, marks = (
        np.asarray(work),
        np.asarray(rater, dtype=np.int64),
        np.asarray(mark, dtype=np.float64),
    )
    _names, place = np.unique(works, return_inverse=True)
    n_works = int(place.max()) + 1 if place.size else 0
    given = np.zeros((n_works, n_raters))
    np.add.at(given, (place, raters), 1.0)
    several = given.sum(axis=1) > 1
    kept = several[place] if place.size else np.zeros(0, dtype=bool)
    place, raters, marks = place[kept], raters[kept], marks[kept]
    n = np.bincount(raters, minlength=n_raters)
    effect, se = np.full(n_raters, np.nan), np.full(n_raters, np.nan)
    if not marks.size:
        return Severity(effect, se, n)
    per_work = np.maximum(given.sum(axis=1), 1.0)
    total = np.bincount(place, weights=marks, minlength=n_works)
    centred = marks - (total / per_work)[place]
    used = given[several]
    normal = np.diag(used.sum(axis=0)) - used.T @ (used / used.sum(axis=1)[:, None])
    sums = np.bincount(raters, weights=centred, minlength=n_raters)
    inverse = np.linalg.pinv(normal, hermitian=True)
    solved = inverse @ sums
    residual = float((centred**2).sum() - solved @ sums)
    seen = np.diag(normal) > 1e-9
    freedom = marks.size - int(several.sum()) - int(np.linalg.matrix_rank(normal, hermitian=True))
    effect[seen] = solved[seen] - solved[seen].mean()
    if freedom > 0:
        se[seen] = np.sqrt(np.maximum(np.diag(inverse)[seen] * max(residual, 0.0) / freedom, 0.0))
    return Severity(effect, se, n)
