"""Mantel-Haenszel differential item functioning, for right or wrong and for ordered categories."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.stats import chi2 as chi2_distribution

from irt._responses import Matrix, Weights
from irt.arrays import Bools, Floats
from irt.dif.matching import Match, Sample

DELTA_PER_LOGIT = 2.35  # Holland & Thayer: ETS delta points in one logit


@dataclass(frozen=True, eq=False)
class MantelHaenszel:
    """DIF of each item; all arrays (n_items,).

    Attributes
    ----------
    chi2, p_value
        Of no difference between persons alike, 1 df.
    log_odds, se
        Log of the common (for ordered categories: cumulative) odds ratio, above 0 where the reference group
        does better, and its standard error.
    smd
        Standardised mean difference in score points, focal less reference, persons alike and weighted as in
        the focal group (Dorans & Kulick 1986).
    category
        "A" negligible, "B" moderate, "C" large, "" where `status` is not "".
    status
        "" or why there is no estimate: "no_overlap" (no stratum has both groups and both some answers),
        "odds_unbounded" (in each stratum one group alone did better; chi2 stands, odds do not).
    anchors : (n_items,) of bool
        The items persons were matched on.
    converged
        False: purification did not settle.
    """

    chi2: Floats
    p_value: Floats
    log_odds: Floats
    se: Floats
    smd: Floats
    category: tuple[str, ...]
    status: tuple[str, ...]
    anchors: Bools
    converged: bool

    @property
    def delta(self) -> Floats:
        """MH D-DIF on the ETS delta scale: -2.35 log odds ratio; negative is against the focal group."""
        return -DELTA_PER_LOGIT * self.log_odds

    @property
    def delta_se(self) -> Floats:
        """Standard error of `delta`."""
        return DELTA_PER_LOGIT * self.se


def mantel_haenszel(
    x: Matrix,
    focal: npt.ArrayLike,
    match: Match = None,
    *,
    anchors: npt.ArrayLike | None = None,
    weights: Weights = None,
    continuity: bool = True,
    purify_at: float | None = None,
) -> MantelHaenszel:
    """DIF of each item between the focal and the reference group, among persons in the same stratum.

    Parameters
    ----------
    x : (n_persons, n_items)
        0 .. m - 1; nan where not seen (then `match` must be given).
    focal : (n_persons,) of bool
    match : (n_persons,) of int, or function of the anchors giving it, optional
        Strata, as from `theta_strata`. Without it persons are matched on their sum score over the anchors and
        the studied item.
    anchors : (n_items,) of bool, optional
        Items of the matching score; all without it.
    weights : (n_persons,), optional
        How many persons each row stands for.
    continuity : bool
        Whether the distance of a dichotomous item is taken half a person shorter.
    purify_at : float, optional
        A level: items significant at it leave the matching score, until the same ones are significant.

    References
    ----------
    Mantel & Haenszel (1959), J. National Cancer Institute 22, 719-748; Mantel (1963), J. American Statistical
    Association 58, 690-700; Holland & Thayer (1988), in Wainer & Braun, Test validity, 129-145.
    """
    sample = Sample.of(x, focal, match, weights)
    start = sample.anchors(anchors)
    if purify_at is None:
        return _examined(sample, start, continuity, True)
    pure, converged = sample.purified(
        start, purify_at, lambda mask: _examined(sample, mask, continuity, True).p_value
    )
    return _examined(sample, pure, continuity, converged)


def category_of(delta: float, delta_se: float, p_value: float) -> str:
    """The ETS category of an item.

    "A": |delta| < 1 or not significantly different from 0; "C": |delta| >= 1.5 and significantly above 1 (5 %,
    one-sided); else "B". Zieky (1993), in Holland & Wainer, Differential item functioning, 337-347; for
    ordered categories Penfield (2007), Applied Measurement in Education 20, 335-355.
    """
    size = abs(delta)
    if not (size >= 1.0 and p_value < 0.05):
        return "A"
    return "C" if size >= 1.5 and size - 1.0 > 1.645 * delta_se else "B"


def _examined(sample: Sample, anchors: Bools, continuity: bool, converged: bool) -> MantelHaenszel:
    matched = sample.matched_on(anchors)
    if not (matched == np.rint(matched)).all():
        raise ValueError("match must give whole numbers: the stratum of each person")
    # Given strata may be any whole numbers; sum scores are few, and stay scores so that an item can be added.
    level = matched if sample.match is None else np.unique(matched, return_inverse=True)[1].astype(np.float64)
    n_strata = int(level.max() + sample.responses.max_scores.max()) + 1
    rows, status = [], []
    for item in range(sample.responses.n_items):
        strata = sample.matched_for(item, level, anchors).astype(np.intp)
        found, why = _item_dif(sample.table(item, strata, n_strata), continuity)
        rows.append(found)
        status.append(why)
    chi2, log_odds, se, smd = np.array(rows).T
    p_value = chi2_distribution.sf(chi2, 1)
    categories = tuple(
        "" if why else category_of(DELTA_PER_LOGIT * size, DELTA_PER_LOGIT * error, p)
        for why, size, error, p in zip(status, log_odds, se, p_value, strict=True)
    )
    return MantelHaenszel(chi2, p_value, log_odds, se, smd, categories, tuple(status), anchors, converged)


def _item_dif(table: Floats, continuity: bool) -> tuple[tuple[float, float, float, float], str]:
    """chi2, log odds, its se and the standardised mean difference of one item, and its status."""
    sizes = table.sum(axis=2)
    both = table[(sizes > 0).all(axis=1)]
    if both.size == 0:
        return (np.nan, np.nan, np.nan, np.nan), "no_overlap"
    score = np.arange(table.shape[2], dtype=np.float64)
    groups = both.sum(axis=2)
    means = both @ score / groups
    smd = float(groups[:, 1] @ (means[:, 1] - means[:, 0]) / groups[:, 1].sum())
    distance, variance = _mantel(both, score)
    if variance <= 0:
        return (np.nan, np.nan, np.nan, smd), "no_overlap"
    if continuity and score.size == 2:
        distance = max(abs(distance) - 0.5, 0.0)
    chi2 = float(distance**2 / variance)
    log_odds, se = (_common_odds if score.size == 2 else _cumulative_odds)(both)
    return (chi2, log_odds, se, smd), "" if np.isfinite(log_odds) else "odds_unbounded"


def _mantel(table: Floats, score: Floats) -> tuple[float, float]:
    """Reference score less expected, and its hypergeometric variance, summed over strata (Mantel 1963)."""
    reference, everyone = table[:, 0], table.sum(axis=1)
    n_reference, n = reference.sum(axis=1), everyone.sum(axis=1)
    total, squares = everyone @ score, everyone @ score**2
    spread = (n * squares - total**2) * n_reference * (n - n_reference)
    variance = np.divide(spread, n**2 * (n - 1), out=np.zeros_like(n), where=n > 1)
    return float((reference @ score - n_reference * total / n).sum()), float(variance.sum())


def _common_odds(table: Floats) -> tuple[float, float]:
    """Log of the Mantel-Haenszel odds ratio and its standard error.

    References
    ----------
    Robins, Breslow & Greenland (1986), Biometrics 42, 311-323: right for few large strata and for many small.
    """
    (b, a), (d, c) = table[:, 0].T, table[:, 1].T
    n = a + b + c + d
    ours, theirs, agree, differ = a * d / n, b * c / n, (a + d) / n, (b + c) / n
    r, s = ours.sum(), theirs.sum()
    if r <= 0 or s <= 0:
        return (np.inf if r > 0 else -np.inf if s > 0 else np.nan), np.nan
    variance = (
        (agree @ ours) / (2 * r**2)
        + (agree @ theirs + differ @ ours) / (2 * r * s)
        + (differ @ theirs) / (2 * s**2)
    )
    return float(np.log(r / s)), float(np.sqrt(variance))


def _cumulative_odds(table: Floats) -> tuple[float, float]:
    """Log of the Liu-Agresti cumulative common odds ratio and its standard error.

    Notes
    -----
    Over all pairs of a reference person with score y and a focal one with y', (y - y')+ counts the boundaries
    between categories that only the first has passed; the estimate is sum (y - y')+ / N over sum (y' - y)+ / N.
    With h = (y - y')+ - odds (y' - y)+, whose mean is zero, the variance of sum h in a stratum is estimated
    without bias by the squares of its row sums and of its column sums less that of its terms. So it is right
    for few large strata and for many small, as Liu & Agresti's own.

    References
    ----------
    Liu & Agresti (1996), Biometrics 52, 1223-1234; Penfield & Algina (2003), J. Educational Measurement 40, 353-370.
    """
    reference, focal = table[:, 0], table[:, 1]
    y = np.arange(table.shape[2], dtype=np.float64)
    above = np.maximum(y[:, None] - y, 0.0)
    n = table.sum(axis=(1, 2))
    r = float((np.einsum("ky,yz,kz->k", reference, above, focal) / n).sum())
    s = float((np.einsum("ky,yz,kz->k", reference, above.T, focal) / n).sum())
    if r <= 0 or s <= 0:
        return (np.inf if r > 0 else -np.inf if s > 0 else np.nan), np.nan
    h = above - (r / s) * above.T
    rows = (reference * (focal @ h.T) ** 2).sum(axis=1)
    columns = (focal * (reference @ h) ** 2).sum(axis=1)
    terms = np.einsum("ky,yz,kz->k", reference, h**2, focal)
    variance = float(((rows + columns - terms) / n**2).sum()) / r**2
    return float(np.log(r / s)), float(np.sqrt(variance))
